//! Development keys of a local network: the `actors.json` that laying one out writes.

use std::path::Path;

use kyojo_cli::{Given, GivenError};
use ledger_types::{AccountId, AddressPrefix, Hash, PartyId};
use serde::Deserialize;
use zeroize::Zeroizing;

use crate::keystore::Attachment;

/// The content of the file, as far as wallets use it.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Actors {
    /// The network on which they act.
    pub(crate) genesis_hash: Hash,
    /// The prefix of its addresses.
    pub(crate) address_prefix: AddressPrefix,
    /// Everyone, each name once.
    pub(crate) actors: Vec<Actor>,
}

/// Someone who acts, with its secret. Development only.
#[derive(Clone, Deserialize)]
pub(crate) struct Actor {
    /// A short name.
    pub(crate) name: String,
    /// What it does, such as `bank` or `citizen`.
    pub(crate) role: String,
    /// Its account's address.
    pub(crate) address: String,
    /// Its account.
    pub(crate) account: AccountId,
    /// Its number among the consent parties.
    #[serde(default)]
    pub(crate) party: Option<PartyId>,
    #[serde(deserialize_with = "secret_text")]
    seed: Zeroizing<String>,
}

fn secret_text<'de, D>(deserializer: D) -> Result<Zeroizing<String>, D::Error>
where
    D: serde::Deserializer<'de>,
{
    String::deserialize(deserializer).map(Zeroizing::new)
}

impl core::fmt::Debug for Actor {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Actor({}, {})", self.name, self.role)
    }
}

impl Actor {
    /// The seed of its key, or `None` where the file does not hold 64 hexadecimal digits.
    #[must_use]
    pub(crate) fn seed(&self) -> Option<Zeroizing<[u8; 32]>> {
        read_seed(&self.seed)
    }
}

impl Actors {
    /// Reads the file.
    ///
    /// # Errors
    /// [`ActorsError`] where it cannot be read or is not such a file; never repeats its content.
    pub(crate) fn read(path: &Path) -> Result<Self, ActorsError> {
        let text = Zeroizing::new(Given::Actors.text(path)?);
        serde_json::from_str(&text).map_err(|error| ActorsError::Content { line: error.line() })
    }

    /// The actor of this name.
    #[must_use]
    pub(crate) fn find(&self, name: &str) -> Option<&Actor> {
        self.actors.iter().find(|actor| actor.name == name)
    }

    /// The account of one of them as a wallet attaches to it.
    #[must_use]
    pub(crate) fn attachment(&self, actor: &Actor) -> Attachment {
        Attachment {
            account: actor.account,
            address: actor.address.clone(),
            genesis_hash: self.genesis_hash,
            address_prefix: self.address_prefix.clone(),
            party: actor.party,
        }
    }
}

/// Reads a seed of 64 hexadecimal digits; surrounding white space is no part of it.
#[must_use]
pub(crate) fn read_seed(text: &str) -> Option<Zeroizing<[u8; 32]>> {
    let mut seed = Zeroizing::new([0; 32]);
    hex::decode_to_slice(text.trim(), seed.as_mut()).ok()?;
    Some(seed)
}

/// Why there are no actors.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ActorsError {
    /// The file cannot be read.
    #[error(transparent)]
    File(#[from] GivenError),
    /// It is not an actors file.
    #[error("line {line} is not what an actors file holds")]
    Content {
        /// The line.
        line: usize,
    },
}
