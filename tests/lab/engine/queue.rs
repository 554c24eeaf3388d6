//! Transactions that were signed beforehand, offered at a rate and counted.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use ledger_types::TransactionId;
use node_client::Signed;

use super::{End, Engine, Meter, Pace, Source};

/// How long a request may take, repetitions included.
const REQUEST_WITHIN: Duration = Duration::from_secs(30);

/// What came of it.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    /// Transactions whose committed receipt was seen, in order of sight.
    pub acknowledged: Vec<TransactionId>,
    /// Rejections seen, by code.
    pub rejected: BTreeMap<u16, u64>,
    /// Transactions that a node refused at its door, by code.
    pub refused: BTreeMap<u16, u64>,
    /// From handing a transaction to the network to seeing its receipt, sorted.
    pub finality: Vec<Duration>,
    /// Every receipt, in order of sight.
    pub seen: Vec<Seen>,
    /// From the first hand-over to the last receipt within the time.
    pub elapsed: Duration,
}

/// A receipt that was seen.
#[derive(Clone, Copy, Debug)]
pub struct Seen {
    /// When.
    pub at: Instant,
    /// How long after its transaction was handed over.
    pub took: Duration,
    /// Whether it says that the transaction is committed.
    pub is_committed: bool,
}

/// See the module.
#[derive(Debug)]
pub struct Queue {
    load: std::vec::IntoIter<Signed>,
    meter: Meter,
    tally: Tally,
}

impl Queue {
    /// Offers `load` at so many a second; without a rate, as fast as it is committed.
    #[must_use]
    pub fn new(load: Vec<Signed>, rate: Option<u64>) -> Self {
        Self { load: load.into_iter(), meter: Meter::new(rate), tally: Tally::default() }
    }
}

impl Source for Queue {
    fn take(&mut self, most: usize) -> Vec<Signed> {
        let bundle: Vec<Signed> = self.load.by_ref().take(most.min(self.meter.due())).collect();
        self.meter.gave(bundle.len());
        bundle
    }

    fn ended(&mut self, id: &TransactionId, end: End, after: Duration) {
        match end {
            End::Committed => self.tally.acknowledged.push(*id),
            End::Rejected(code) => *self.tally.rejected.entry(code.get()).or_default() += 1,
            End::Refused(code) => {
                *self.tally.refused.entry(code).or_default() += 1;
                return;
            }
        }
        self.tally.finality.push(after);
        let is_committed = end == End::Committed;
        self.tally.seen.push(Seen { at: Instant::now(), took: after, is_committed });
    }

    fn is_done(&self) -> bool {
        self.load.len() == 0
    }
}

/// Offers `load` to the nodes at `urls` for at most `duration`; what is under way then stays
/// uncounted.
///
/// # Errors
/// A node cannot be reached, or answers what the API does not define.
pub async fn drive(
    urls: &[String],
    load: Vec<Signed>,
    rate: Option<u64>,
    duration: Duration,
    pace: Pace,
) -> anyhow::Result<Tally> {
    let engine = Engine::connect(urls, REQUEST_WITHIN, pace).await?;
    let mut queue = Queue::new(load, rate);
    let started = Instant::now();
    if let Ok(ended) = tokio::time::timeout(duration, engine.run(&mut queue)).await {
        ended?;
    }
    let mut tally = queue.tally;
    tally.elapsed = started.elapsed();
    tally.finality.sort_unstable();
    Ok(tally)
}

#[cfg(test)]
mod tests {
    use ledger_types::rejection::RejectionCode;
    use ledger_types::{AccountId, Hash, SigningKey};

    use super::*;
    use crate::load::{Payer, transfer};

    #[test]
    fn every_end_is_counted_once_and_in_its_own_column() {
        let (account, key) = (AccountId::new([1; 20]), SigningKey::from_seed(&[1; 32]));
        let payer = Payer { account, key };
        let made = |nonce| transfer(&Hash::ZERO, &payer, nonce, AccountId::new([2; 20]), 1);
        let mut queue = Queue::new((0..4).map(made).collect(), None);
        let ids: Vec<TransactionId> = queue.take(3).iter().map(|signed| signed.id).collect();
        assert!(!queue.is_done());
        queue.ended(&ids[0], End::Committed, Duration::from_millis(5));
        queue.ended(&ids[1], End::Rejected(RejectionCode::new(2001)), Duration::from_millis(3));
        queue.ended(&ids[2], End::Refused(6001), Duration::from_millis(1));
        assert_eq!(queue.take(3).len(), 1);
        assert!(queue.is_done());
        let tally = queue.tally;
        assert_eq!(tally.acknowledged, ids[..1]);
        assert_eq!(tally.rejected, BTreeMap::from([(2001, 1)]));
        assert_eq!(tally.refused, BTreeMap::from([(6001, 1)]));
        assert_eq!(tally.finality, [5, 3].map(Duration::from_millis), "receipts alone are final");
        let seen: Vec<_> = tally.seen.iter().map(|seen| (seen.took, seen.is_committed)).collect();
        assert_eq!(seen, [(tally.finality[0], true), (tally.finality[1], false)]);
    }
}
