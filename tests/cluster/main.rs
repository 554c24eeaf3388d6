//! Four real validator processes: what they promise, and what becomes of it when some die.

mod audit_log;
mod bench;
mod config;
mod consent;
mod consent_log;
mod faults;
mod founding;
mod gateway;
mod health;
mod hostile;
mod journey;
mod operating;
mod output;
mod payments;
mod peers;
mod program;
mod proofs;
mod scenario;
mod town;
mod zones;
