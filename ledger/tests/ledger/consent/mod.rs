//! The consent layer: what each operation does, what it refuses, and the twelve invariants.

mod deadlines;
mod flows;
mod history;
mod recipients;
mod refusals;
mod refusals_of_registries;
mod refusals_of_use;
pub(crate) mod world;
