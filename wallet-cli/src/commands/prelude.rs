//! What most commands work with.

pub(super) use clap::{Args, Subcommand, ValueEnum};
pub(super) use ledger_types::{ConsentId, Operation, PartyId};
pub(super) use serde_json::json;

pub(super) use crate::acting::act::Act;
pub(super) use crate::acting::people::People;
pub(super) use crate::acting::transact::{Plan, Session};
pub(super) use crate::app::App;
pub(super) use crate::consents::Evidence;
pub(super) use crate::failure::{Exit, Failure};
pub(super) use crate::output::{Reply, fields, table};
pub(super) use crate::reading::read_hash;
pub(super) use crate::{amount, calendar, reading};
