//! The built `kyojo` command, run as people and scripts run it.

mod errors;
mod help;
mod node;
mod payments;
mod replay;
mod run;
mod wallets;
