//! The log's formats: the pinned vector, round trips, and that no bytes make a parser panic.

mod cosigning;
mod fixture;
mod golden;
mod names;
mod policies;
mod proofs;
mod tiles;
mod totality;
