//! `terms add`: takes in what parties and people handed over, also while a gateway runs.

use std::path::PathBuf;

use clap::Subcommand;
use kyojo_cli::{Failure, Given, Reply};
use serde_json::json;

use super::{store_key, vault};
use crate::config::Config;
use crate::keep::Keep;

const FORM: &str = "\
The file is JSON. For a recipient, the opened processes of a consent's terms:
  {\"version\": 1, \"consent\": \"…64 digits…\", \"processes\": [ … ]}
For a holder, the key by which its data API knows the consent's person:
  {\"version\": 1, \"consent\": \"…64 digits…\", \"person\": \"…\"}
A file may hold both; \"broad\": true says that the consent is broad. What is there of the
consent already is replaced.";

/// What parties and people handed over
#[derive(Debug, Subcommand)]
pub(super) enum Terms {
    /// Take in a file, check it and keep it sealed
    #[command(after_help = FORM)]
    Add {
        /// The file; it can be deleted afterwards
        file: PathBuf,
    },
}

impl Terms {
    /// Runs the command.
    pub(super) fn run(&self, config: &Config) -> Result<Reply, Failure> {
        let Self::Add { file } = self;
        let text = Given::Document.text(file).map_err(Failure::config)?;
        let handed = Keep::read(text.as_bytes())
            .map_err(|error| Failure::config(format!("{}: {error}", file.display())))?;
        let keep = Keep::new(&vault(config), &store_key(config)?);
        keep.add(&handed).map_err(Failure::other)?;
        let (processes, person) = (handed.processes.len(), handed.person.is_some());
        let consent = handed.consent.get();
        let text = format!("kept for consent {consent}: {processes} processes, person {person}");
        let data = json!({ "consent": consent, "processes": processes, "person": person });
        Ok(Reply::new(data, text))
    }
}
