//! Four real validator processes: what they promise, and what becomes of it when some die.

mod config;
mod consent;
mod faults;
mod journey;
mod payments;
mod peers;
mod town;
mod zones;
