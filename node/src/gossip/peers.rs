//! Who is connected and how far they are, for readiness and metrics.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use ledger_types::{Hash, Height};
use libp2p::{Multiaddr, PeerId};

use super::processes::Processes;

/// What the gossip knows of the nodes it is connected to. Shared with whoever asks.
#[derive(Debug, Default)]
pub struct Peers {
    known: Mutex<Known>,
}

#[derive(Debug, Default)]
struct Known {
    /// Connected peers, with what they said last.
    connected: BTreeMap<PeerId, Option<Said>>,
    /// Peers whose last status was another network's, and which.
    foreign: BTreeMap<PeerId, Hash>,
    /// The processes that spoke under each identity.
    processes: BTreeMap<PeerId, Processes>,
    /// Peers that say that another node speaks under this one's identity, and when they last did.
    twins: BTreeMap<PeerId, Instant>,
    listening: Option<Multiaddr>,
}

/// A connected peer, as it is known now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Peer {
    /// The height of its tip, once it has said it.
    pub height: Option<Height>,
    /// Whether it said something of late.
    pub answers: bool,
    /// Whether it says that it votes.
    pub votes: bool,
}

/// A sign of life.
#[derive(Clone, Copy, Debug)]
struct Said {
    height: Height,
    votes: bool,
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

    /// Every connected peer of this network: connected alone, one may have stopped or be cut off.
    #[must_use]
    pub fn all(&self) -> BTreeMap<PeerId, Peer> {
        self.all_at(Instant::now())
    }

    fn all_at(&self, now: Instant) -> BTreeMap<PeerId, Peer> {
        let known = self.lock();
        let ours = known.connected.iter().filter(|(peer, _)| !known.foreign.contains_key(*peer));
        let answers = |said: &Said| now.saturating_duration_since(said.at) <= ANSWERS_WITHIN;
        ours.map(|(peer, said)| {
            let height = said.map(|said| said.height);
            let votes = said.is_some_and(|said| said.votes);
            (*peer, Peer { height, answers: said.as_ref().is_some_and(answers), votes })
        })
        .collect()
    }

    /// Peers of another network, and the hash of their genesis document.
    #[must_use]
    pub fn foreign(&self) -> BTreeMap<PeerId, Hash> {
        self.lock().foreign.clone()
    }

    /// Identities under which two nodes speak.
    #[must_use]
    pub fn doubled(&self) -> Vec<PeerId> {
        let (known, now) = (self.lock(), Instant::now());
        let doubled = known.processes.iter().filter(|(_, processes)| processes.are_two(now));
        doubled.map(|(peer, _)| *peer).collect()
    }

    /// Peers that say of late that another node speaks under this one's identity.
    #[must_use]
    pub fn twins(&self) -> Vec<PeerId> {
        let (known, now) = (self.lock(), Instant::now());
        let is_fresh = |at: &Instant| now.saturating_duration_since(*at) <= ANSWERS_WITHIN;
        known.twins.iter().filter(|(_, at)| is_fresh(at)).map(|(peer, _)| *peer).collect()
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

    /// A peer said how far it is, and nothing else.
    pub(super) fn set_height(&self, peer: &PeerId, height: Height) {
        let mut known = self.lock();
        if known.foreign.contains_key(peer) {
            return;
        }
        if let Some(known) = known.connected.get_mut(peer) {
            let votes = known.is_some_and(|said| said.votes);
            *known = Some(Said { height, votes, at: Instant::now() });
        }
    }

    /// A peer of this network said how far it is and whether it votes.
    pub(super) fn set_status(&self, peer: &PeerId, height: Height, votes: bool) {
        let mut known = self.lock();
        known.foreign.remove(peer);
        if let Some(known) = known.connected.get_mut(peer) {
            *known = Some(Said { height, votes, at: Instant::now() });
        }
    }

    /// A peer's genesis is another one; says whether that is news.
    pub(super) fn set_foreign(&self, peer: PeerId, genesis: Hash) -> bool {
        let mut known = self.lock();
        if let Some(said) = known.connected.get_mut(&peer) {
            *said = None;
        }
        known.foreign.insert(peer, genesis) != Some(genesis)
    }

    /// A peer's process said something; says whether two nodes speak under its identity.
    pub(super) fn hear(&self, peer: PeerId, process: u64) -> bool {
        let now = Instant::now();
        let mut known = self.lock();
        let processes = known.processes.entry(peer).or_default();
        let before = processes.are_two(now);
        processes.hear(process, now);
        let are_two = processes.are_two(now);
        if are_two && !before {
            tracing::warn!(%peer, "two nodes speak under one network key");
        }
        are_two
    }

    /// A peer says that another node speaks under this one's identity.
    pub(super) fn set_twin(&self, peer: PeerId) {
        self.lock().twins.insert(peer, Instant::now());
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
        let answering = |at| -> Vec<PeerId> {
            let all = peers.all_at(at).into_iter().filter(|(_, peer)| peer.answers);
            all.map(|(id, _)| id).collect()
        };
        assert_eq!(answering(Instant::now()), [], "nobody said anything yet");
        peers.set_height(&ids[0], Height::new(3));
        assert_eq!(answering(Instant::now()), [ids[0]]);
        let later = Instant::now() + ANSWERS_WITHIN + Duration::from_millis(1);
        assert_eq!((answering(later), peers.connected()), (vec![], 2));
    }

    #[test]
    fn a_peer_votes_while_it_says_so_and_one_of_another_network_is_none_of_ours() {
        let (peers, id) = (Peers::default(), PeerId::random());
        let votes = || peers.all().get(&id).map(|peer| peer.votes);
        peers.set_connected(id);
        peers.set_height(&id, Height::new(3));
        assert_eq!(votes(), Some(false), "it did not say that it does");
        peers.set_status(&id, Height::new(3), true);
        peers.set_height(&id, Height::new(4));
        assert_eq!(votes(), Some(true), "a height alone takes nothing back");
        peers.set_status(&id, Height::new(4), false);
        assert_eq!(votes(), Some(false));
        let other = Hash::of(&[b"other"]);
        assert!(peers.set_foreign(id, other) && !peers.set_foreign(id, other), "news once");
        peers.set_height(&id, Height::new(900));
        assert_eq!((votes(), peers.height()), (None, None));
        assert_eq!(peers.foreign(), [(id, other)].into());
        peers.set_status(&id, Height::new(5), true);
        assert_eq!(
            (votes(), peers.foreign()),
            (Some(true), [].into()),
            "its document was replaced"
        );
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
