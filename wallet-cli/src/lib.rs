//! Wallet of a Kyojo ledger: a typed client, an encrypted keystore, and the `kyojo` command.
//!
//! The library is for programs that talk to a node: [`client`] signs, submits and follows, and
//! [`keystore`] keeps keys. It knows no consensus, no virtual machine and no database.

pub mod actors;
pub mod amount;
pub mod args;
pub mod client;
pub mod commitment;
pub mod failure;
pub mod help;
pub mod i18n;
pub mod keystore;
pub mod output;
pub mod replay;
pub mod settings;

mod app;
mod commands;
mod refusal;
mod vault;

pub use app::run;
