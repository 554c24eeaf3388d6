//! Bundles: samples, every refusal, tampering, and the second verifier on all of them.
#![allow(clippy::unwrap_used, reason = "in a test a failed unwrap is a failed test")]

mod decisions;
mod python;
mod recipients;
mod refusals;
mod samples;
mod tamper;
mod tree;
mod world;
