//! `id`: who a node is to the others.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use kyojo_cli::{Failure, Format, Reply, finish};
use ledger_types::card::NodeCard;
use serde_json::json;

use super::config::failure;
use crate::config::Home;

/// Show who a node is to the others: its keys, peer id and addresses
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  kyojo-node id --home /var/lib/kyojo
  kyojo-node id --home /var/lib/kyojo --card > card.json")]
pub struct Id {
    /// The home directory
    #[arg(long, env = "KYOJO_NODE_HOME", value_name = "DIR")]
    home: PathBuf,
    /// Print the card that the others are given, and nothing else
    #[arg(long, conflicts_with = "json")]
    card: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl Id {
    /// Runs the command.
    pub(super) fn run(&self) -> ExitCode {
        finish(&self.shown(), Format::of(self.json))
    }

    fn shown(&self) -> Result<Reply, Failure> {
        let card = Home::load(&self.home).and_then(|home| home.card()).map_err(failure)?;
        let peer = node_consensus::peer_id(&card.network_key);
        let text = if self.card { card_text(&card) } else { lines(&card, &peer) };
        Ok(Reply::new(json!({ "peer_id": peer, "card": card }), text.trim_end()))
    }
}

/// A card as its file has it.
pub(super) fn card_text(card: &NodeCard) -> String {
    // A card holds no map with keys other than text.
    serde_json::to_string_pretty(card).unwrap_or_default() + "\n"
}

fn lines(card: &NodeCard, peer: &str) -> String {
    let mut lines = vec![("name", card.name.clone()), ("peer id", peer.to_owned())];
    lines.push(("network key", card.network_key.to_string()));
    if let Some(keys) = card.validator {
        lines.push(("consensus key", keys.key.to_string()));
        lines.push(("log key", keys.log_key.to_string()));
        lines.push(("cosignature key", keys.cosignature_key.to_string()));
    }
    lines.push(("consensus", card.consensus.clone()));
    lines.push(("gossip", card.gossip.clone()));
    let lines = lines.into_iter().map(|(name, value)| format!("{name:<16} {value}"));
    lines.collect::<Vec<_>>().join("\n")
}
