//! Tests of the lottery's pure half: properties, refusals, pinned vectors, and a second program.
#![allow(clippy::unwrap_used, reason = "in a test a failed unwrap is a failed test")]

mod leaf;
mod letter;
mod lottery;
mod order;
mod sample;
mod sharing;
mod vectors;
