//! Who is connected and how far they are, for readiness and metrics.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use ledger_types::Height;
use libp2p::{Multiaddr, PeerId};

/// What the gossip knows of the nodes it is connected to. Shared with whoever asks.
#[derive(Debug, Default)]
pub struct Peers {
    known: Mutex<Known>,
}

#[derive(Debug, Default)]
struct Known {
    /// Connected peers, with what they said last.
    connected: BTreeMap<PeerId, Option<Said>>,
    listening: Option<Multiaddr>,
}

/// A sign of life.
#[derive(Clone, Copy, Debug)]
struct Said {
    height: Height,
    at: Instant,
}

/// A peer answers while its last sign of life is no older: it is asked every second.
const ANSWERS_WITHIN: Duration = Duration::from_secs(5);

impl Peers {
    /// How many are connected.
    #[must_use]
    pub fn connected(&self) -> usize {
        self.lock().connected.len()
    }

    /// Who is connected.
    #[must_use]
    pub fn ids(&self) -> Vec<PeerId> {
        self.lock().connected.keys().copied().collect()
    }

    /// The height that at least half of the connected peers say they have reached.
    ///
    /// A peer that lies moves it no further than some honest peer's height, as long as fewer than
    /// half lie. `None` while nobody said anything.
    #[must_use]
    pub fn height(&self) -> Option<Height> {
        let mut heights: Vec<Height> =
            self.lock().connected.values().flatten().map(|said| said.height).collect();
        heights.sort_unstable();
        heights.get(heights.len().checked_sub(1)? / 2).copied()
    }

    /// Who answered of late: connected alone, a peer may have stopped or be cut off.
    #[must_use]
    pub fn answering(&self) -> Vec<PeerId> {
        self.answering_at(Instant::now())
    }

    fn answering_at(&self, now: Instant) -> Vec<PeerId> {
        let known = self.lock();
        let answers = |said: &Said| now.saturating_duration_since(said.at) <= ANSWERS_WITHIN;
        let answering =
            known.connected.iter().filter(|(_, said)| said.as_ref().is_some_and(answers));
        answering.map(|(peer, _)| *peer).collect()
    }

    /// Where this node listens, with the port that it got.
    #[must_use]
    pub fn listening(&self) -> Option<Multiaddr> {
        self.lock().listening.clone()
    }

    pub(super) fn set_listening(&self, address: Multiaddr) {
        self.lock().listening.get_or_insert(address);
    }

    pub(super) fn set_connected(&self, peer: PeerId) {
        self.lock().connected.entry(peer).or_insert(None);
    }

    pub(super) fn set_disconnected(&self, peer: &PeerId) {
        self.lock().connected.remove(peer);
    }

    pub(super) fn set_height(&self, peer: &PeerId, height: Height) {
        if let Some(known) = self.lock().connected.get_mut(peer) {
            *known = Some(Said { height, at: Instant::now() });
        }
    }

    fn lock(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_peer_that_said_nothing_for_a_while_is_connected_and_does_not_answer() {
        let peers = Peers::default();
        let ids = [PeerId::random(), PeerId::random()];
        ids.iter().for_each(|peer| peers.set_connected(*peer));
        assert_eq!(peers.answering(), [], "nobody said anything yet");
        peers.set_height(&ids[0], Height::new(3));
        assert_eq!(peers.answering(), [ids[0]]);
        let later = Instant::now() + ANSWERS_WITHIN + Duration::from_millis(1);
        assert_eq!((peers.answering_at(later), peers.connected()), (vec![], 2));
    }

    #[test]
    fn one_liar_among_three_does_not_move_the_height_past_the_honest() {
        let peers = Peers::default();
        assert_eq!(peers.height(), None);
        let ids = [PeerId::random(), PeerId::random(), PeerId::random()];
        ids.iter().for_each(|peer| peers.set_connected(*peer));
        assert_eq!((peers.connected(), peers.height()), (3, None));
        for (peer, height) in ids.iter().zip([7, u64::MAX, 9]) {
            peers.set_height(peer, Height::new(height));
        }
        assert_eq!(peers.height(), Some(Height::new(9)));
        ids.iter().for_each(|peer| peers.set_disconnected(peer));
        assert_eq!((peers.connected(), peers.height()), (0, None));
    }
}
