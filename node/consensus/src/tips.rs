//! Holds back what peers say of their tips while it says only what is being decided here too.
//!
//! Statuses are told at once or soon (rule 16), so a peer that decided a moment earlier always seems ahead,
//! and the engine would fetch from it the block that it is about to decide itself. A status that is
//! at most one height past the one under way is held back until the height's time to be proposed
//! has passed; then this node does lag, and the engine hears of it. A newer status of the same peer
//! takes the older one's place, and one that is no longer ahead is soon passed on.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use arc_malachitebft_app_channel::app::engine::network::Status;
use arc_malachitebft_app_channel::app::types::PeerId;
use ledger_types::Height;

use crate::context::Kyojo;
use crate::roll::Roll;
use crate::situation::Situation;

/// How long after a height was committed here the engine's own fetching may not know of it yet: it
/// is told by another way.
const SETTLED_WITHIN: Duration = Duration::from_millis(50);

/// The height under way and since when, told by the driver to whoever sifts what peers say.
#[derive(Clone, Debug)]
pub(crate) struct UnderWay(Arc<Mutex<(Height, Instant)>>);

impl UnderWay {
    /// `height` begins now.
    pub(crate) fn new(height: Height) -> Self {
        Self(Arc::new(Mutex::new((height, Instant::now()))))
    }

    /// Another height begins now, or the same one in earnest.
    pub(crate) fn begin(&self, height: Height) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = (height, Instant::now());
    }

    /// The height under way.
    pub(crate) fn height(&self) -> Height {
        self.get().0
    }

    fn get(&self) -> (Height, Instant) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// When a peer's tip is news.
#[derive(Clone, Debug)]
pub(crate) struct Patience {
    /// What this node decides.
    pub(crate) under_way: UnderWay,
    /// How long a height may take to be proposed; nothing where this node decides nothing.
    pub(crate) propose: Duration,
    /// Where peers are, while that is asked.
    pub(crate) roll: Roll,
    /// Where it is told who is connected.
    pub(crate) situation: Situation,
}

impl Patience {
    /// How long a tip is no news yet; `None` where it is.
    fn holds(&self, tip: Height, now: Instant) -> Option<Duration> {
        let (height, since) = self.under_way.get();
        let patience = if tip == height || height.next() == Some(tip) {
            self.propose
        } else if tip.next() == Some(height) {
            self.propose.min(SETTLED_WITHIN)
        } else {
            Duration::ZERO
        };
        let left = patience.saturating_sub(now.saturating_duration_since(since));
        (!left.is_zero()).then_some(left)
    }
}

/// What was held back, the last of each peer.
#[derive(Debug)]
pub(crate) struct Tips {
    patience: Patience,
    held: BTreeMap<PeerId, Status<Kyojo>>,
}

impl Tips {
    /// Nothing is held back.
    pub(crate) const fn new(patience: Patience) -> Self {
        Self { patience, held: BTreeMap::new() }
    }

    /// A peer's status: given back where it is news, else held back.
    pub(crate) fn sift(
        &mut self,
        peer: PeerId,
        status: Status<Kyojo>,
        now: Instant,
    ) -> Option<Status<Kyojo>> {
        self.held.remove(&peer);
        if self.patience.holds(status.tip_height.0, now).is_none() {
            return Some(status);
        }
        self.held.insert(peer, status);
        None
    }

    /// Forgets what a peer said that is gone.
    pub(crate) fn forget(&mut self, peer: &PeerId) {
        self.held.remove(peer);
    }

    /// What has become news, or is no longer ahead.
    pub(crate) fn release(&mut self, now: Instant) -> Vec<(PeerId, Status<Kyojo>)> {
        let patience = &self.patience;
        let due = |status: &Status<Kyojo>| patience.holds(status.tip_height.0, now).is_none();
        self.held.extract_if(.., |_, status| due(status)).collect()
    }

    /// How long until something held back may be news; `None` where nothing is held back.
    pub(crate) fn wait(&self, now: Instant) -> Option<Duration> {
        let wait = |status: &Status<Kyojo>| {
            self.patience.holds(status.tip_height.0, now).unwrap_or_default()
        };
        self.held.values().map(wait).min()
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use arc_malachitebft_app_channel::app::engine::network::Status;
    use arc_malachitebft_app_channel::app::types::PeerId;
    use ledger_types::{Height, SigningKey};

    use super::{Patience, SETTLED_WITHIN, Tips, UnderWay};
    use crate::context::{BlockHeight, Kyojo};
    use crate::engine::peer_id;
    use crate::roll::Roll;
    use crate::situation::Situation;

    const PROPOSE: Duration = Duration::from_millis(500);

    fn peer(number: u8) -> PeerId {
        let key = SigningKey::from_seed(&[number; 32]).public_key();
        peer_id(&key).parse().expect("a peer id")
    }

    fn tip(height: u64) -> Status<Kyojo> {
        Status::new(BlockHeight(Height::new(height)), BlockHeight(Height::new(1)))
    }

    fn deciding(height: u64) -> (Tips, UnderWay, Instant) {
        let under_way = UnderWay::new(Height::new(height));
        let roll = Roll::default();
        let situation = Situation::default();
        let under_way_now = under_way.clone();
        let tips =
            Tips::new(Patience { under_way: under_way_now, propose: PROPOSE, roll, situation });
        (tips, under_way, Instant::now())
    }

    #[test]
    fn a_peer_that_decided_a_moment_earlier_is_no_news_until_the_proposal_is_late() {
        let (mut tips, _, now) = deciding(7);
        assert_eq!(tips.sift(peer(1), tip(5), now), Some(tip(5)), "it is not ahead");
        assert_eq!(tips.sift(peer(1), tip(7), now), None);
        assert_eq!(tips.sift(peer(2), tip(8), now), None);
        assert!(tips.release(now).is_empty());
        assert!(tips.wait(now).is_some_and(|wait| wait <= PROPOSE));
        let late = now + PROPOSE + Duration::from_millis(1);
        let mut released = tips.release(late);
        released.sort_by_key(|(_, status)| status.tip_height);
        assert_eq!(released, [(peer(1), tip(7)), (peer(2), tip(8))]);
        assert_eq!((tips.release(late), tips.wait(late)), (vec![], None), "each is told once");
    }

    #[test]
    fn whoever_is_two_heights_ahead_is_news_at_once() {
        let (mut tips, _, now) = deciding(7);
        assert_eq!(tips.sift(peer(1), tip(7), now), None);
        assert_eq!(tips.sift(peer(1), tip(9), now), Some(tip(9)));
        assert_eq!(tips.wait(now), None, "the newer one took the older one's place");
    }

    #[test]
    fn what_is_decided_here_meanwhile_is_passed_on_and_fetches_nothing() {
        let (mut tips, under_way, now) = deciding(7);
        assert_eq!(tips.sift(peer(1), tip(7), now), None);
        under_way.begin(Height::new(8));
        let now = Instant::now();
        assert!(tips.release(now).is_empty(), "not before the engine's fetching knows it");
        assert_eq!(tips.release(now + SETTLED_WITHIN), [(peer(1), tip(7))]);
    }

    #[test]
    fn a_peer_that_is_gone_says_nothing_later() {
        let (mut tips, _, now) = deciding(7);
        assert_eq!(tips.sift(peer(1), tip(7), now), None);
        tips.forget(&peer(1));
        assert!(tips.release(now + 2 * PROPOSE).is_empty());
    }

    #[test]
    fn a_node_that_decides_nothing_waits_for_nothing() {
        let under_way = UnderWay::new(Height::new(7));
        let roll = Roll::default();
        let (propose, situation) = (Duration::ZERO, Situation::default());
        let mut tips = Tips::new(Patience { under_way, propose, roll, situation });
        assert_eq!(tips.sift(peer(1), tip(7), Instant::now()), Some(tip(7)));
    }
}
