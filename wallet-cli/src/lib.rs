//! Wallet of a Kyojo ledger: an encrypted keystore and the `kyojo` command.
//!
//! [`keystore`] keeps keys; [`client`] is the typed client of a node, a crate of its own that other
//! programs use too. The wallet knows no consensus, no virtual machine and no database.

pub mod actors;
pub mod amount;
pub mod args;
pub mod commitment;
pub mod failure;
pub mod help;
pub mod i18n;
pub mod keystore;
pub mod output;
pub mod settings;

mod app;
mod calendar;
mod commands;
mod consents;
mod directory;
mod refusal;
mod regions;
mod run;
mod told;
mod vault;

pub use node_client as client;
pub use run::run;
