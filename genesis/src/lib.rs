//! Genesis documents: made, read, checked and hashed, and whole local networks for development.
//!
//! A document is JSON for people and one value of [`ledger_types::Genesis`] for machines; its hash
//! is the network's identity. Everything random here comes from a seed, so that the same request
//! gives the same bytes.

pub mod accounts_file;
pub mod actors;
pub mod card;
pub mod check;
pub mod directory;
pub mod document;
pub mod finding;
pub mod keys;
pub mod lab;
pub mod localnet;
pub mod node_config;
pub mod peer_id;
pub mod scenario;
