//! The wire format: its bytes are pinned, and decoding is total and canonical.
#![allow(clippy::unwrap_used, reason = "in a test a failed unwrap is a failed test")]

mod events;
mod golden;
mod json;
mod random;
mod sample;
mod signed;
mod totality;
