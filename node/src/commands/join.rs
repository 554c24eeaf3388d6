//! `join`: a home takes the founding document and where the others are.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use kyojo_cli::{Failure, Format, Given, Problem, Reply, finish};
use ledger_types::card::NodeCard;
use ledger_types::{Genesis, Hash};
use serde_json::json;

use super::config::failure;
use crate::config::edit::Edit;
use crate::config::{ConfigError, FILE_NAME, Home, Role, card, parse};

/// Take the founding document and the other companies' cards into a home
#[derive(Debug, Args)]
#[command(
    after_help = "The document is copied into the home, its hash is pinned in config.toml, and the \
peers are written there; comments stay as they are. It may be repeated, with further cards.

Example:
  kyojo-node join --home /var/lib/kyojo --genesis genesis.json company-b.json company-c.json"
)]
pub struct Join {
    /// The home directory
    #[arg(long, env = "KYOJO_NODE_HOME", value_name = "DIR")]
    home: PathBuf,
    /// The founding document that all members agreed on
    #[arg(long, value_name = "FILE")]
    genesis: PathBuf,
    /// The cards of the other nodes; this node's own may be among them
    #[arg(value_name = "CARD")]
    cards: Vec<PathBuf>,
    /// The hash that the members told each other; compared where it is given
    #[arg(long, value_name = "HASH")]
    hash: Option<Hash>,
    /// Take a document whose network's time is not real
    #[arg(long)]
    lab: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// What a home's configuration is to say.
struct Joined {
    genesis: Genesis,
    role: Role,
    consensus: Vec<String>,
    gossip: Vec<String>,
    /// Validators of whom there is no card.
    unknown: Vec<String>,
}

impl Join {
    /// Runs the command.
    pub(super) fn run(&self) -> ExitCode {
        finish(&self.done(), Format::of(self.json))
    }

    fn done(&self) -> Result<Reply, Failure> {
        let joined = self.join()?;
        let Joined { genesis, role, consensus, unknown, .. } = &joined;
        let hash = genesis.hash();
        let place = role.place().map(|place| format!(" {place}")).unwrap_or_default();
        let text = format!(
            "network      {} ({})\ngenesis hash {hash}\nrole         {}{place}\npeers        {}",
            genesis.name,
            genesis.network(),
            role.name(),
            consensus.len(),
        );
        let data = json!({
            "genesis_hash": hash, "role": role.name(), "validator": role.place(),
            "peers": consensus.len(), "unknown": unknown,
        });
        let mut reply = Reply::new(data, text)
            .next("compare the genesis hash with every other member")
            .next(format!("kyojo-node start --home {}", self.home.display()));
        // An observer needs one that lets it in; a validator dials all.
        if !unknown.is_empty() && role.place().is_some() {
            let unknown = unknown.join(", ");
            let text = format!("no card of {unknown}: this node cannot dial them");
            reply.warnings.push(Problem::new("no_card", text));
        }
        Ok(reply)
    }

    fn join(&self) -> Result<Joined, Failure> {
        let home = Home::load(&self.home).map_err(failure)?;
        let genesis = self.document().map_err(failure)?;
        let hash = genesis.hash();
        if let Some(told) = self.hash.filter(|told| *told != hash) {
            return Err(Failure::config(format!(
                "{}: its hash is {hash}, the one that was told is {told}: have the founders send it \
                 again",
                self.genesis.display()
            )));
        }
        if let Some(pinned) = home.config.node.genesis_hash.filter(|pinned| *pinned != hash) {
            return Err(Failure::config(format!(
                "{}: this home is of the network {pinned}, the document is of {hash}; a node of \
                 another network needs a home of its own (kyojo-node init)",
                home.path.join(FILE_NAME).display()
            )));
        }
        // Before anything is written: a home that took a document keeps to it.
        let mut asked = home.clone();
        asked.config.node.lab |= self.lab;
        asked.admits(&genesis, &self.genesis).map_err(failure)?;
        let joined = self.joined(&home, genesis)?;
        self.write(&home, &joined).map_err(failure)?;
        // The last word is that of whoever starts from it.
        Home::load(&self.home).and_then(|home| home.genesis()).map_err(failure)?;
        Ok(joined)
    }

    fn document(&self) -> Result<Genesis, ConfigError> {
        let file = self.genesis.clone();
        let text = Given::Genesis.text(&file)?;
        serde_json::from_str(&text)
            .map_err(|error| ConfigError::Genesis { file, reason: error.to_string() })
    }

    fn joined(&self, home: &Home, genesis: Genesis) -> Result<Joined, Failure> {
        let network_key = home.network_key().map_err(failure)?;
        let key = home.consensus_key().map_err(failure)?;
        let role = Role::of(&genesis, key.as_ref(), &network_key);
        match role {
            Role::Mute { place, lacks } => return Err(Failure::config(lacks.told(place))),
            Role::Observer if key.is_some() => {
                return Err(Failure::config(format!(
                    "{}: this node has a key to vote with, and the document does not name it: have \
                     the founders add its card ({} in its home) with kyojo-genesis collect",
                    self.genesis.display(),
                    super::init::CARD_FILE
                )));
            }
            Role::Observer | Role::Validator { .. } => {}
        }
        let own = network_key.public_key();
        let read = |file: &PathBuf| card::read(file).map_err(failure);
        let cards = self.cards.iter().map(read).collect::<Result<Vec<_>, _>>()?;
        let others: Vec<&NodeCard> = cards.iter().filter(|card| card.network_key != own).collect();
        let is_listed = |peer: String| lists(&home.config.consensus.peers, &peer);
        let unknown = genesis.validators.iter().enumerate().filter(|(_, entry)| {
            let peer = node_consensus::peer_id(&entry.network_key);
            let has_card = others.iter().any(|card| card.network_key == entry.network_key);
            entry.network_key != own && !has_card && !is_listed(peer)
        });
        let unknown = unknown.map(|(place, _)| format!("validator {place}")).collect();
        let addresses = |kept: Vec<String>, of: &dyn Fn(&NodeCard) -> String| {
            let new: Vec<String> = others.iter().map(|card| of(card)).collect();
            let is_replaced = |old: &String| new.iter().any(|new| peer_part(new) == peer_part(old));
            let kept = kept.into_iter().filter(|old| !is_replaced(old)).collect();
            [kept, new].concat()
        };
        let there = |peers: &[crate::config::PeerAddress]| -> Vec<String> {
            peers.iter().map(ToString::to_string).collect()
        };
        let consensus =
            addresses(there(&home.config.consensus.peers), &|card| card.consensus.clone());
        let gossip = addresses(there(&home.config.gossip.peers), &|card| card.gossip.clone());
        Ok(Joined { genesis, role, consensus, gossip, unknown })
    }

    /// The document first: a configuration never pins what is not there.
    fn write(&self, home: &Home, joined: &Joined) -> Result<(), ConfigError> {
        let Joined { genesis, consensus, gossip, .. } = joined;
        let put = |file: PathBuf, text: &str| {
            // A name that leads elsewhere is followed, not replaced.
            let at = std::fs::canonicalize(&file).unwrap_or_else(|_| file.clone());
            let written = kyojo_disk::replace(&at, text.as_bytes());
            written.map_err(|source| ConfigError::Write { file, source })
        };
        let mut document = serde_json::to_string_pretty(genesis).unwrap_or_default();
        document.push('\n');
        put(home.genesis_path(), &document)?;
        let file = self.home.join(FILE_NAME);
        let text = Given::Settings.text(&file)?;
        let edited = Edit::of(&text).and_then(|mut edit| {
            edit.set("node", "genesis_hash", genesis.hash().to_string())?;
            if self.lab {
                edit.set("node", "lab", true)?;
            }
            edit.list("consensus", "peers", consensus)?;
            edit.list("gossip", "peers", gossip)?;
            Some(edit.text())
        });
        // What was read as a configuration has these sections.
        let edited = edited.unwrap_or_default();
        parse(&edited, &file)?;
        put(file, &edited)
    }
}

/// Whether an address of these is that peer's.
fn lists(peers: &[crate::config::PeerAddress], peer: &str) -> bool {
    peers.iter().any(|address| address.peer().to_string() == peer)
}

fn peer_part(address: &str) -> Option<&str> {
    address.rsplit_once("/p2p/").map(|(_, peer)| peer)
}
