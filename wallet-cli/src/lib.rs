//! Wallet of a Kyojo ledger: an encrypted keystore and the `kyojo` command.
//!
//! `commands` has one file a verb. What they share lies beside it: `acting` (as whom and how the
//! ledger is acted on), `agreement` (what a consent is made of), `proof` (what files prove). The
//! wallet knows no consensus, no virtual machine and no database.

mod acting;
mod actors;
mod agreement;
mod amount;
mod app;
mod bounds;
mod calendar;
mod commands;
mod commitment;
mod consents;
mod core_reference;
mod danger;
mod directory;
mod failure;
mod global;
mod help;
mod i18n;
mod keystore;
mod machine;
mod named;
mod opening;
mod outbox;
mod output;
mod picture;
mod proof;
mod reading;
mod refusal;
mod regions;
mod report;
mod run;
mod settings;
mod sheet;
mod told;

use node_client as client;
pub use run::run;
