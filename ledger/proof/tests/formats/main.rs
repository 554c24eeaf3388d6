//! The log's formats: the pinned vector, round trips, and that no bytes make a parser panic.
#![allow(clippy::unwrap_used, reason = "in a test a failed unwrap is a failed test")]

mod cosigning;
mod fixture;
mod golden;
mod names;
mod policies;
mod proofs;
mod tiles;
mod totality;
