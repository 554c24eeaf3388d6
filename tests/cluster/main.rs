//! Four real validator processes: what they promise, and what becomes of it when some die.

mod consent;
mod faults;
mod payments;
mod peers;
mod town;
mod zones;
