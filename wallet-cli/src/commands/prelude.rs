//! What most commands work with.

pub(super) use std::path::PathBuf;

pub(super) use clap::{Args, Subcommand, ValueEnum};
pub(super) use consent_records::commitment::{dated_id, random_id};
pub(super) use ledger_types::{ConsentId, Hash, Operation, PartyId};
pub(super) use serde_json::json;

pub(super) use crate::acting::act::Act;
pub(super) use crate::acting::people::{ConsentName, People, beginning};
pub(super) use crate::acting::transact::{Plan, Sender, Session};
pub(super) use crate::app::App;
pub(super) use crate::consents::Evidence;
pub(super) use crate::failure::{Exit, Failure};
pub(super) use crate::output::{Problem, Reply, fields, word};
pub(super) use crate::reading::read_hash;
pub(super) use crate::{amount, calendar, reading, settings};
