//! The node: it takes transactions in, agrees on blocks with its peers, applies and keeps them.
//!
//! One writer: `chain` alone changes the state, and only by the ledger's `apply`. Everything else
//! reads. A fault of this machine stops the node; it is never logged and passed over.

#![deny(clippy::wildcard_enum_match_arm, clippy::match_wildcard_for_single_variants)]

pub mod api;
pub mod audit_log;
pub mod chain;
pub mod commands;
pub mod config;
pub mod directory;
pub mod gossip;
pub mod inventory;
pub mod mempool;
pub mod outlook;
pub mod query;
pub mod rights;
pub mod store;
pub mod supervise;
pub mod telemetry;
