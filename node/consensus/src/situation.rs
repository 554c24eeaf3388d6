//! How consensus stands here, for whoever asks whether the node is of use.
//!
//! Told by the runner as it happens, and read at any time. Only what this node saw itself is in it:
//! what it does, who is connected to its consensus port, and whose key was seen to sign two things
//! where one may be signed.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use arc_malachitebft_app_channel::app::types::PeerId;
use ledger_types::{Height, ValidatorAddress};

use crate::standing::Standing;

/// What this node does in consensus.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Stance {
    /// Consensus has not started.
    #[default]
    Starting,
    /// It fetches what others decide.
    Observing,
    /// It has a key, and asks where the others are before it signs anything.
    Asking,
    /// It has a key, no memory and no block: the network begins, or its disk is new and the network is
    /// not. It votes on the first height alone until it knows.
    Beginning,
    /// It has a key and has no memory of its votes: it follows until two heights were decided.
    Following {
        /// The first height that it saw being decided.
        live: Option<Height>,
    },
    /// It proposes and votes.
    Voting,
}

impl Stance {
    /// Whether its votes are counted on.
    #[must_use]
    pub const fn votes(self) -> bool {
        match self {
            Self::Beginning | Self::Voting => true,
            Self::Starting | Self::Observing | Self::Asking | Self::Following { .. } => false,
        }
    }

    /// That of a standing.
    pub(crate) const fn of(standing: Standing) -> Self {
        match standing {
            Standing::Voting => Self::Voting,
            Standing::Beginning => Self::Beginning,
            Standing::Following { live } => Self::Following { live },
        }
    }
}

/// How consensus stands; clones share it.
#[derive(Clone, Debug, Default)]
pub struct Situation(Arc<Mutex<Known>>);

#[derive(Debug, Default)]
struct Known {
    stance: Stance,
    /// Who votes behind which peer.
    seats: BTreeMap<PeerId, ValidatorAddress>,
    connected: BTreeSet<PeerId>,
    doubled: BTreeMap<ValidatorAddress, Height>,
}

impl Situation {
    /// What this node does now.
    #[must_use]
    pub fn stance(&self) -> Stance {
        self.known().stance
    }

    /// The validators that are connected to this node's consensus.
    #[must_use]
    pub fn connected(&self) -> BTreeSet<ValidatorAddress> {
        let known = self.known();
        known.connected.iter().filter_map(|peer| known.seats.get(peer)).copied().collect()
    }

    /// Validators that were seen to sign two things where one may be signed, and at which height
    /// last.
    #[must_use]
    pub fn doubled(&self) -> BTreeMap<ValidatorAddress, Height> {
        self.known().doubled.clone()
    }

    /// An engine starts: nobody is connected yet.
    pub(crate) fn start(&self, stance: Stance, seats: &BTreeMap<PeerId, ValidatorAddress>) {
        let mut known = self.known();
        known.stance = stance;
        known.seats.clone_from(seats);
        known.connected.clear();
    }

    /// Another stance from here on.
    pub(crate) fn set(&self, stance: Stance) {
        self.known().stance = stance;
    }

    /// A member has said who it is.
    pub(crate) fn connect(&self, peer: PeerId) {
        self.known().connected.insert(peer);
    }

    /// A member's last connection is closed.
    pub(crate) fn disconnect(&self, peer: &PeerId) {
        self.known().connected.remove(peer);
    }

    /// Validators signed two things where one may be signed.
    pub(crate) fn note_doubled(
        &self,
        validators: impl Iterator<Item = ValidatorAddress>,
        height: Height,
    ) {
        for validator in validators {
            tracing::warn!(
                %validator, %height,
                "a validator's key signed two things where one may be signed: two nodes have it, \
                 or somebody does who should not"
            );
            self.known().doubled.insert(validator, height);
        }
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        // Replaced field by field by code that cannot panic between.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use ledger_types::SigningKey;

    use super::*;
    use crate::engine::peer_id;

    #[test]
    fn validators_that_are_connected_are_told_and_an_engine_starts_with_none() {
        let key = |number: u8| SigningKey::from_seed(&[number; 32]).public_key();
        let peer = |number: u8| peer_id(&key(number)).parse().expect("a peer id");
        let address = |number: u8| ValidatorAddress::of(&key(number));
        let seats: BTreeMap<PeerId, _> =
            (1..=3).map(|number| (peer(number), address(number))).collect();
        let situation = Situation::default();
        assert_eq!(situation.stance(), Stance::Starting);
        situation.start(Stance::Voting, &seats);
        [1, 2, 9].into_iter().for_each(|number| situation.connect(peer(number)));
        assert_eq!(situation.connected(), [address(1), address(2)].into(), "9 is no validator");
        situation.disconnect(&peer(1));
        assert_eq!(situation.connected(), [address(2)].into());
        situation.start(Stance::of(Standing::Following { live: None }), &seats);
        assert_eq!(situation.stance(), Stance::Following { live: None });
        assert_eq!(situation.connected(), [].into());
    }
}
