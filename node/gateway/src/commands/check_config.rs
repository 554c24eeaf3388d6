//! `check-config`: everything that can be known before anybody is asked.

use kyojo_cli::{Failure, Problem, Reply};
use serde_json::json;

use crate::config::{Config, read_seed, read_text};

/// Runs the command.
pub(super) fn run(config: &Config) -> Result<Reply, Failure> {
    let mut halves = Vec::new();
    if let Some(holder) = &config.holder {
        read_seed(&config.path(&holder.party.key_file)).map_err(Failure::config)?;
        if let Some(file) = &holder.upstream.credential_file {
            read_text(&config.path(file)).map_err(Failure::config)?;
        }
        halves.push("holder");
    }
    if let Some(recipient) = &config.recipient {
        read_seed(&config.path(&recipient.party.key_file)).map_err(Failure::config)?;
        halves.push("recipient");
    }
    let key = config.path(&config.store.key_file);
    let mut warnings = Vec::new();
    if key.exists() {
        read_seed(&key).map_err(Failure::config)?;
    } else {
        let text = "the store's key is not there yet; `start` makes it";
        warnings.push(Problem::new("store-key-not-there", text));
    }
    let text = format!("configuration is right: {}", halves.join(" and "));
    Ok(Reply { warnings, ..Reply::new(json!({ "halves": halves }), text) })
}
