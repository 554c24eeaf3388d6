//! The cards of nodes, which `kyojo-node init` writes: read, and held against their own addresses.

use std::path::{Path, PathBuf};

use kyojo_cli::given::Fault;
use kyojo_cli::{Exit, Failure, Given, GivenError};
use ledger_types::MemberId;
use ledger_types::card::{NodeCard, ValidatorKeys};
use ledger_types::genesis::GenesisValidator;

use crate::document::DocumentError;
use crate::peer_id::peer_id;

/// A validator's card.
#[derive(Clone, Debug)]
pub struct ValidatorCard {
    card: NodeCard,
    keys: ValidatorKeys,
}

/// Why a file is no validator's card.
#[derive(Debug, thiserror::Error)]
pub enum CardError {
    /// The file cannot be read.
    #[error(transparent)]
    File(#[from] DocumentError),
    /// It is not a card.
    #[error("{place}: no node's card: {reason}; `kyojo-node id --home DIR --card` writes it")]
    Form {
        /// The file, with the line where there is one.
        place: String,
        /// What the reader met.
        reason: Fault,
    },
    /// It is the card of an observer.
    #[error("{}: the card of an observer, which does not belong into genesis", path.display())]
    Observer {
        /// The file.
        path: PathBuf,
    },
    /// An address is not that of the card's network key.
    #[error("{}: {address} does not end in /p2p/{peer}, the id of its network key", path.display())]
    Address {
        /// The file.
        path: PathBuf,
        /// The address.
        address: String,
        /// The id that it must have.
        peer: String,
    },
}

impl From<GivenError> for CardError {
    fn from(error: GivenError) -> Self {
        let place = error.place();
        match error.fault {
            Fault::Io(source) => Self::File(DocumentError::io(&error.file, source)),
            reason @ (Fault::TooLarge { .. } | Fault::NoText { .. } | Fault::Form { .. }) => {
                Self::Form { place, reason }
            }
        }
    }
}

impl From<CardError> for Failure {
    fn from(error: CardError) -> Self {
        match error {
            CardError::File(error) => error.into(),
            other => Self::new(Exit::Config, "not_a_card", other.to_string()),
        }
    }
}

/// Reads a validator's card.
///
/// # Errors
/// [`CardError`] names the file and what is wrong.
pub fn read(path: &Path) -> Result<ValidatorCard, CardError> {
    let card: NodeCard = Given::Card.json(path)?;
    let peer = peer_id(&card.network_key);
    for address in [&card.consensus, &card.gossip] {
        if !address.ends_with(&format!("/p2p/{peer}")) {
            let (path, address) = (path.to_owned(), address.clone());
            return Err(CardError::Address { path, address, peer });
        }
    }
    match card.validator {
        Some(keys) => Ok(ValidatorCard { card, keys }),
        None => Err(CardError::Observer { path: path.to_owned() }),
    }
}

impl ValidatorCard {
    /// The name of the member that runs it.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.card.name
    }

    /// Its entry in a document.
    #[must_use]
    pub const fn validator(&self, member: MemberId, power: u64) -> GenesisValidator {
        let ValidatorKeys { key, log_key, cosignature_key } = self.keys;
        let network_key = self.card.network_key;
        GenesisValidator { member, key, power, network_key, log_key, cosignature_key }
    }
}

#[cfg(test)]
mod tests {
    use ledger_types::card::CARD_BYTES_MAX;

    use super::*;

    #[test]
    fn a_card_may_be_given_that_may_be_written() {
        assert_eq!(Given::Card.bytes_max(), CARD_BYTES_MAX as u64);
    }

    #[test]
    fn a_card_that_is_none_is_named_with_its_line() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("card.json");
        std::fs::write(&file, "\u{feff}{\r\n]").unwrap();
        let refused = read(&file).unwrap_err().to_string();
        assert!(
            refused.starts_with(&format!("{}:2:1: no node's card", file.display())),
            "{refused}"
        );
    }
}
