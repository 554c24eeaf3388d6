//! When to dial which configured peer: at once, then with doubling pauses until it answers.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use libp2p::{Multiaddr, PeerId};

/// The pause after the first failure.
const PAUSE_MIN: Duration = Duration::from_millis(250);
/// The longest pause.
const PAUSE_MAX: Duration = Duration::from_secs(8);

#[derive(Debug)]
struct Target {
    address: Multiaddr,
    pause: Duration,
    at: Instant,
}

/// The configured peers.
#[derive(Debug)]
pub(super) struct Dialer {
    targets: BTreeMap<PeerId, Target>,
}

impl Dialer {
    pub(super) fn new(addresses: BTreeMap<PeerId, Multiaddr>, now: Instant) -> Self {
        let target = |address| Target { address, pause: PAUSE_MIN, at: now };
        Self { targets: addresses.into_iter().map(|(p, address)| (p, target(address))).collect() }
    }

    /// Peers whose turn to be dialled has come, of those that `is_wanted`; each counts as tried.
    pub(super) fn due(
        &mut self,
        now: Instant,
        is_wanted: impl Fn(&PeerId) -> bool,
    ) -> Vec<(PeerId, Multiaddr)> {
        let due = self.targets.iter_mut().filter(|(peer, t)| t.at <= now && is_wanted(peer));
        due.map(|(peer, target)| {
            target.at = now.checked_add(target.pause).unwrap_or(now);
            target.pause = (target.pause * 2).min(PAUSE_MAX);
            (*peer, target.address.clone())
        })
        .collect()
    }

    /// Notes that a peer is connected: should it go, it is dialled soon.
    pub(super) fn connected(&mut self, peer: &PeerId) {
        if let Some(target) = self.targets.get_mut(peer) {
            target.pause = PAUSE_MIN;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_a_bound_and_begin_anew_after_a_connection() {
        let (peer, start) = (PeerId::random(), Instant::now());
        let mut dialer = Dialer::new(BTreeMap::from([(peer, Multiaddr::empty())]), start);
        let mut tried = Vec::new();
        for tenth in 0..400 {
            let now = start + Duration::from_millis(100 * tenth);
            if !dialer.due(now, |_| true).is_empty() {
                tried.push(tenth);
            }
        }
        assert_eq!(tried, [0, 3, 8, 18, 38, 78, 158, 238, 318, 398]);
        dialer.connected(&peer);
        let later = start + Duration::from_secs(100);
        assert_eq!(dialer.due(later, |_| false).len(), 0);
        assert_eq!(dialer.due(later, |_| true).len(), 1);
        assert_eq!(dialer.due(later + PAUSE_MIN, |_| true).len(), 1);
    }
}
