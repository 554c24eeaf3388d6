//! What is on its way to the validators: gathered for a moment, sent once to each, bounded.
//!
//! The first transaction after a pause goes at once; while more keep coming they are gathered for
//! [`GATHER`]. A validator that is slow gets what piled up for it in fewer, larger bundles; what
//! does not fit into its line is not kept here, but taken from the pool again when it has caught up.

use std::collections::{BTreeMap, VecDeque};
use std::time::{Duration, Instant};

use bytes::{BufMut, Bytes, BytesMut};
use libp2p::PeerId;

use super::message::{Acceptance, BundleWriter, REQUEST_BYTES_MAX};

/// How long transactions are gathered for one bundle.
pub(super) const GATHER: Duration = Duration::from_millis(15);
/// How many bundles may be under way to one validator.
pub(super) const IN_FLIGHT_MAX: usize = 4;
/// The most bytes that wait for one validator.
pub(super) const LINE_BYTES_MAX: usize = 8 * 1024 * 1024;
/// How long a validator that was busy is left alone.
const BUSY_PAUSE: Duration = Duration::from_millis(50);
/// The byte of a bundle before its transactions.
const KIND_BYTES: usize = 1;

/// What waits for one connected validator.
#[derive(Debug, Default)]
struct Line {
    waiting: VecDeque<Bytes>,
    waiting_bytes: usize,
    in_flight: usize,
    paused_until: Option<Instant>,
    /// It lacks something that is no longer here.
    is_behind: bool,
}

impl Line {
    fn push(&mut self, bundle: Bytes) {
        if self.waiting_bytes + bundle.len() > LINE_BYTES_MAX {
            self.is_behind = true;
            return;
        }
        self.waiting_bytes += bundle.len();
        self.waiting.push_back(bundle);
    }

    fn next(&mut self, now: Instant) -> Option<Bytes> {
        if self.in_flight >= IN_FLIGHT_MAX || self.paused_until.is_some_and(|at| now < at) {
            return None;
        }
        self.paused_until = None;
        let first = self.pop()?;
        let fits = |next: &Bytes, length: usize| next.len() + length <= REQUEST_BYTES_MAX;
        if !self.waiting.front().is_some_and(|next| fits(next, first.len())) {
            return Some(first);
        }
        let mut joined = BytesMut::from(&first[..]);
        while self.waiting.front().is_some_and(|next| fits(next, joined.len())) {
            if let Some(next) = self.pop() {
                joined.put_slice(next.get(KIND_BYTES..).unwrap_or_default());
            }
        }
        Some(joined.freeze())
    }

    fn pop(&mut self) -> Option<Bytes> {
        let bundle = self.waiting.pop_front()?;
        self.waiting_bytes -= bundle.len();
        Some(bundle)
    }

    fn is_idle(&self) -> bool {
        self.waiting.is_empty() && self.in_flight == 0
    }
}

/// See the module.
#[derive(Debug, Default)]
pub(super) struct Outbox {
    gathered: BundleWriter,
    gathering_until: Option<Instant>,
    lines: BTreeMap<PeerId, Line>,
}

impl Outbox {
    /// Opens a line to a validator; it lacks everything that this node holds.
    pub(super) fn connect(&mut self, validator: PeerId) {
        self.lines.entry(validator).or_default().is_behind = true;
    }

    /// Closes a line with all that waits in it.
    pub(super) fn disconnect(&mut self, validator: &PeerId) {
        self.lines.remove(validator);
    }

    /// Adds a transaction.
    pub(super) fn add(&mut self, transaction: &[u8]) {
        if let Some(full) = self.gathered.add(transaction) {
            self.spread(&full);
        }
    }

    /// When [`Outbox::seal`] is due; `None` where nothing was gathered.
    pub(super) fn due(&self, now: Instant) -> Option<Instant> {
        (!self.gathered.is_empty())
            .then(|| self.gathering_until.map_or(now, |until| until.max(now)))
    }

    /// Puts what was gathered into every line.
    pub(super) fn seal(&mut self, now: Instant) {
        if let Some(bundle) = self.gathered.finish() {
            self.spread(&bundle);
            self.gathering_until = now.checked_add(GATHER);
        }
    }

    fn spread(&mut self, bundle: &Bytes) {
        for line in self.lines.values_mut() {
            line.push(bundle.clone());
        }
    }

    /// The validators with a line.
    pub(super) fn validators(&self) -> Vec<PeerId> {
        self.lines.keys().copied().collect()
    }

    /// The next bundle for a validator, where it may be sent one; it is under way then.
    pub(super) fn next(&mut self, validator: &PeerId, now: Instant) -> Option<Bytes> {
        let line = self.lines.get_mut(validator)?;
        let bundle = line.next(now)?;
        line.in_flight += 1;
        Some(bundle)
    }

    /// Notes what became of a bundle that was under way.
    pub(super) fn answered(
        &mut self,
        validator: &PeerId,
        bundle: Bytes,
        acceptance: Acceptance,
        now: Instant,
    ) {
        let Some(line) = self.lines.get_mut(validator) else { return };
        line.in_flight = line.in_flight.saturating_sub(1);
        match acceptance {
            Acceptance::Taken | Acceptance::Doubled => {}
            Acceptance::Busy => {
                line.waiting_bytes += bundle.len();
                line.waiting.push_front(bundle);
                line.paused_until = now.checked_add(BUSY_PAUSE);
            }
        }
    }

    /// Notes that nobody knows what became of the bundles under way.
    pub(super) fn lost(&mut self, validator: &PeerId) {
        if let Some(line) = self.lines.get_mut(validator) {
            line.in_flight = 0;
            line.is_behind = true;
        }
    }

    /// Notes that something never came here: every validator lacks it.
    pub(super) fn missed(&mut self) {
        self.lines.values_mut().for_each(|line| line.is_behind = true);
    }

    /// Validators that lack something and have nothing under way; they count as served now.
    pub(super) fn take_behind(&mut self) -> Vec<PeerId> {
        let behind = self.lines.iter_mut().filter(|(_, line)| line.is_behind && line.is_idle());
        behind
            .map(|(validator, line)| {
                line.is_behind = false;
                *validator
            })
            .collect()
    }

    /// Puts bundles into one validator's line.
    pub(super) fn resend(&mut self, validator: &PeerId, bundles: &[Bytes]) {
        if let Some(line) = self.lines.get_mut(validator) {
            bundles.iter().for_each(|bundle| line.push(bundle.clone()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gossip::message::Request;

    fn transactions(bundle: Bytes) -> Vec<Bytes> {
        let Ok(Request::Bundle { transactions }) = Request::parse(bundle) else {
            panic!("it is a bundle")
        };
        transactions
    }

    #[test]
    fn the_first_goes_at_once_and_the_next_are_gathered() {
        let (mut outbox, peer, now) = (Outbox::default(), PeerId::random(), Instant::now());
        outbox.connect(peer);
        assert_eq!(outbox.due(now), None);
        outbox.add(b"one");
        assert_eq!(outbox.due(now), Some(now));
        outbox.seal(now);
        outbox.add(b"two");
        outbox.add(b"three");
        assert_eq!(outbox.due(now), Some(now + GATHER));
        let first = outbox.next(&peer, now).expect("one waits");
        assert_eq!(transactions(first), [&b"one"[..]]);
        assert_eq!(outbox.next(&peer, now), None);
        outbox.seal(now + GATHER);
        let second = outbox.next(&peer, now).expect("one waits");
        assert_eq!(transactions(second), [&b"two"[..], &b"three"[..]]);
    }

    #[test]
    fn what_piled_up_goes_together_and_in_order() {
        let (mut outbox, peer, now) = (Outbox::default(), PeerId::random(), Instant::now());
        outbox.connect(peer);
        for number in 0_u8..200 {
            outbox.add(&vec![number; 5_000]);
            outbox.seal(now);
        }
        let mut received = Vec::new();
        let mut bundles = 0;
        while let Some(bundle) = outbox.next(&peer, now) {
            assert!(bundle.len() <= REQUEST_BYTES_MAX);
            received.extend(transactions(bundle).iter().map(|t| t[0]));
            bundles += 1;
        }
        assert_eq!(received, (0..200).collect::<Vec<u8>>());
        assert_eq!(bundles, 2);
    }

    #[test]
    fn so_many_are_under_way_and_what_was_lost_is_taken_from_the_pool_again() {
        let (mut outbox, peer, now) = (Outbox::default(), PeerId::random(), Instant::now());
        outbox.connect(peer);
        assert_eq!(outbox.take_behind(), [peer]);
        for _ in 0..=IN_FLIGHT_MAX {
            outbox.resend(&peer, &[Bytes::from(vec![1; REQUEST_BYTES_MAX])]);
        }
        let sent = std::iter::from_fn(|| outbox.next(&peer, now)).count();
        assert_eq!(sent, IN_FLIGHT_MAX);
        assert_eq!(outbox.take_behind(), []);
        outbox.lost(&peer);
        assert!(outbox.next(&peer, now).is_some());
        outbox.answered(&peer, Bytes::new(), Acceptance::Taken, now);
        assert_eq!(outbox.take_behind(), [peer]);
    }

    #[test]
    fn a_line_is_bounded_and_what_overflowed_is_asked_for_again() {
        let (mut outbox, peer, now) = (Outbox::default(), PeerId::random(), Instant::now());
        outbox.connect(peer);
        assert_eq!(outbox.take_behind(), [peer]);
        for _ in 0..300 {
            outbox.add(&[7; 60_000]);
            outbox.seal(now);
        }
        let line = &outbox.lines[&peer];
        assert!(line.waiting_bytes <= LINE_BYTES_MAX && line.is_behind);
        assert_eq!(outbox.take_behind(), []);
        while let Some(bundle) = outbox.next(&peer, now) {
            outbox.answered(&peer, bundle, Acceptance::Taken, now);
        }
        assert_eq!(outbox.take_behind(), [peer]);
        assert_eq!(outbox.take_behind(), []);
    }
}
