//! The built `kyojo` command, run as people and scripts run it.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod bank;
mod bulk;
mod consents;
mod errors;
mod files;
mod first;
mod help;
mod names;
mod node;
mod payments;
mod programmes;
mod refunds;
mod reports;
mod run;
mod shop;
mod tills;
mod verify;
mod vouchers;
mod wallets;
