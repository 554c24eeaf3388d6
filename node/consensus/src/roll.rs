//! Asks where the others are before a validator goes on: its disk may be an old copy.
//!
//! A validator whose log and chain fit each other seems to remember its votes, but a home that was
//! restored from a backup fits as well, and what was signed since is forgotten. So nothing begins
//! until peers have said how far they are. Those that are two heights past the tip here, and worth
//! more than a third of the power, are not all faulty: the network has gone on without this memory,
//! and the validator follows. Where those that are not so far make a quorum with it, it goes on.
//!
//! Two heights, because a power cut of a whole network may leave some a height behind others, and
//! they must not wait for each other. Whatever is decided was voted on by a quorum, so that those
//! who are two behind are never so many that the network needs them. Nearer than that heights tell
//! nothing: a copy of the log's file is then known by its place ([`crate::standing::Place`]).

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use arc_malachitebft_app_channel::app::types::PeerId;
use ledger_types::{Height, ValidatorAddress, ValidatorSet};
use tokio::sync::Notify;

/// Where peers said that they are; clones share it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Roll(Arc<Heard>);

#[derive(Debug, Default)]
struct Heard {
    is_open: AtomicBool,
    tips: Mutex<BTreeMap<PeerId, Height>>,
    changed: Notify,
}

/// What the roll says of this node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Too few have answered.
    Open,
    /// It is where the network is.
    Current,
    /// The network has gone on: what is on disk here is old.
    Old,
}

impl Roll {
    /// Begins to ask.
    pub(crate) fn open(&self) {
        self.0.is_open.store(true, Ordering::Release);
    }

    /// Ends it.
    pub(crate) fn close(&self) {
        self.0.is_open.store(false, Ordering::Release);
    }

    /// Whether answers are waited for.
    pub(crate) fn is_open(&self) -> bool {
        self.0.is_open.load(Ordering::Acquire)
    }

    /// A peer said how far it is.
    pub(crate) fn note(&self, peer: PeerId, tip: Height) {
        if self.is_open() {
            self.tips().insert(peer, tip);
            self.0.changed.notify_one();
        }
    }

    /// A peer is gone.
    pub(crate) fn forget(&self, peer: &PeerId) {
        self.tips().remove(peer);
    }

    /// Waits for a further answer; for ever where none is waited for.
    pub(crate) async fn answered(&self) {
        if !self.is_open() {
            core::future::pending::<()>().await;
        }
        self.0.changed.notified().await;
    }

    /// What the answers say of a node with this voter, whose next height is `next`.
    pub(crate) fn judge(
        &self,
        seats: &BTreeMap<PeerId, ValidatorAddress>,
        set: &ValidatorSet,
        own: &ValidatorAddress,
        next: Height,
    ) -> Verdict {
        let power = |address| set.get(address).map_or(0, |member| member.power);
        let (mut beyond, mut near) = (0_u64, power(own));
        for (peer, tip) in self.tips().iter() {
            let power = seats.get(peer).map_or(0, power);
            let side = if *tip > next { &mut beyond } else { &mut near };
            *side = side.saturating_add(power);
        }
        if u128::from(beyond) * 3 > u128::from(set.total_power()) {
            Verdict::Old
        } else if set.is_quorum(near) {
            Verdict::Current
        } else {
            Verdict::Open
        }
    }

    fn tips(&self) -> std::sync::MutexGuard<'_, BTreeMap<PeerId, Height>> {
        self.0.tips.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use ledger_types::{Height, SigningKey, Validator, ValidatorAddress, ValidatorSet};

    use super::{Roll, Verdict};
    use crate::engine::peer_id;

    #[test]
    fn an_old_backup_is_known_by_a_third_and_a_current_node_by_a_quorum() {
        let key = |number: u8| SigningKey::from_seed(&[number; 32]).public_key();
        let peer = |number| peer_id(&key(number)).parse().expect("a peer id");
        let validators = (1..=4).map(|number| Validator { key: key(number), power: 10 }).collect();
        let set = ValidatorSet::new(validators).expect("a sound set");
        let address = |number| ValidatorAddress::of(&key(number));
        let seats: BTreeMap<_, _> = (2..=4).map(|number| (peer(number), address(number))).collect();
        let judged = |tips: &[(u8, u64)]| {
            let roll = Roll::default();
            roll.open();
            for (number, tip) in tips {
                roll.note(peer(*number), Height::new(*tip));
            }
            roll.judge(&seats, &set, &address(1), Height::new(7))
        };
        for (tips, expected) in [
            (&[][..], Verdict::Open),
            (&[(2, 6)], Verdict::Open),
            (&[(2, 6), (3, 6)], Verdict::Current),
            // After a power cut some are a height ahead.
            (&[(2, 7), (3, 7)], Verdict::Current),
            (&[(2, 2), (3, 7)], Verdict::Current),
            // One alone may lie, in either direction.
            (&[(2, 900)], Verdict::Open),
            (&[(2, 900), (3, 6), (4, 6)], Verdict::Current),
            (&[(2, 6), (3, 8), (4, 8)], Verdict::Old),
            (&[(2, 800), (3, 900)], Verdict::Old),
            (&[(9, 900), (8, 900)], Verdict::Open),
        ] {
            assert_eq!(judged(tips), expected, "{tips:?}");
        }
    }
}
