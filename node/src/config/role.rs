//! What this node is in its network, by its keys and genesis.
//!
//! A node whose network key is a validator's is that validator, whatever else it has: without that
//! validator's consensus key it is mute, which is told apart from an observer, because the network
//! counts on its votes. It never votes in another's name.

use ledger_types::genesis::GenesisValidator;
use ledger_types::{Genesis, SigningKey};

use super::{CONSENSUS_KEY_FILE, NETWORK_KEY_FILE};

/// What this node is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// The validator at this place in genesis.
    Validator {
        /// Its place.
        place: usize,
    },
    /// No validator: it follows.
    Observer,
    /// The validator at this place, which cannot vote.
    Mute {
        /// Its place.
        place: usize,
        /// What stands in the way.
        lacks: Lack,
    },
}

/// Why a validator of genesis cannot vote.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lack {
    /// It has no consensus key.
    NoKey,
    /// Its consensus key is no validator's.
    UnknownKey,
    /// Its consensus key is the one of the validator at this place.
    KeyOf(usize),
    /// Its network key is not the one that genesis names: others do not let it in.
    NetworkKey,
}

impl Role {
    /// That of a node with these keys.
    #[must_use]
    pub fn of(genesis: &Genesis, consensus: Option<&SigningKey>, network: &SigningKey) -> Self {
        let place =
            |is_own: &dyn Fn(&GenesisValidator) -> bool| genesis.validators.iter().position(is_own);
        let network = network.public_key();
        let seat = place(&|entry| entry.network_key == network);
        let voter = consensus.map(|key| {
            let key = key.public_key();
            place(&|entry| entry.key == key)
        });
        match (seat, voter) {
            (Some(seat), Some(Some(voter))) if seat == voter => Self::Validator { place: seat },
            (Some(place), Some(Some(voter))) => Self::Mute { place, lacks: Lack::KeyOf(voter) },
            (Some(place), Some(None)) => Self::Mute { place, lacks: Lack::UnknownKey },
            (Some(place), None) => Self::Mute { place, lacks: Lack::NoKey },
            (None, Some(Some(place))) => Self::Mute { place, lacks: Lack::NetworkKey },
            (None, Some(None) | None) => Self::Observer,
        }
    }

    /// Its place among the validators of genesis.
    #[must_use]
    pub const fn place(self) -> Option<usize> {
        match self {
            Self::Validator { place } | Self::Mute { place, .. } => Some(place),
            Self::Observer => None,
        }
    }

    /// In one word.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Validator { .. } => "validator",
            Self::Observer => "observer",
            Self::Mute { .. } => "mute validator",
        }
    }
}

impl Lack {
    /// What is wrong, and what to do.
    #[must_use]
    pub fn told(self, place: usize) -> String {
        let mend = "put the right file back from its backup, then start the node again";
        match self {
            Self::NoKey => format!(
                "{NETWORK_KEY_FILE} is validator {place}'s, and there is no {CONSENSUS_KEY_FILE}: \
                 this node does not vote; {mend}"
            ),
            Self::UnknownKey => format!(
                "{NETWORK_KEY_FILE} is validator {place}'s, and {CONSENSUS_KEY_FILE} is no \
                 validator's of genesis: this node does not vote; {mend}"
            ),
            Self::KeyOf(other) => format!(
                "{NETWORK_KEY_FILE} is validator {place}'s, and {CONSENSUS_KEY_FILE} is validator \
                 {other}'s: this node does not vote in another's name; {mend}"
            ),
            Self::NetworkKey => format!(
                "{CONSENSUS_KEY_FILE} is validator {place}'s, and {NETWORK_KEY_FILE} is not: the \
                 others do not let this node in, and it does not vote; {mend}"
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mempool::testing::world;

    #[test]
    fn a_validator_of_genesis_that_lacks_its_key_is_mute_and_never_votes_in_anothers_name() {
        let mut genesis = world(1).genesis;
        let key = |number: u8| SigningKey::from_seed(&[number; 32]);
        let template = genesis.validators[0].clone();
        genesis.validators = (0..4)
            .map(|place| {
                let (consensus, network) = (key(10 + place), key(20 + place));
                let (key, network_key) = (consensus.public_key(), network.public_key());
                GenesisValidator { key, network_key, ..template.clone() }
            })
            .collect();
        let role = |consensus: Option<u8>, network: u8| {
            Role::of(&genesis, consensus.map(key).as_ref(), &key(network))
        };
        let mute = |place, lacks| Role::Mute { place, lacks };
        assert_eq!(role(Some(12), 22), Role::Validator { place: 2 });
        assert_eq!(role(None, 22), mute(2, Lack::NoKey));
        assert_eq!(role(Some(99), 22), mute(2, Lack::UnknownKey));
        assert_eq!(role(Some(11), 22), mute(2, Lack::KeyOf(1)));
        assert_eq!(role(Some(12), 99), mute(2, Lack::NetworkKey));
        assert_eq!(role(None, 99), Role::Observer);
        assert_eq!(role(Some(98), 99), Role::Observer);
        for lack in [Lack::NoKey, Lack::UnknownKey, Lack::KeyOf(1), Lack::NetworkKey] {
            let told = lack.told(2);
            assert!(told.contains("validator 2") && told.contains("vote"), "{told}");
        }
    }
}
