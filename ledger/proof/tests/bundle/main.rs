//! Bundles: samples, every refusal, tampering, and the second verifier on all of them.

mod python;
mod refusals;
mod samples;
mod tamper;
mod tree;
mod world;
