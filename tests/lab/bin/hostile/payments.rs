//! What goes on meanwhile: payments and withdrawals, each handed over at its instant and asked for
//! until its receipt is there.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use kyojo_tests::load::Signed;
use kyojo_tests::rest::Rest;
use ledger_types::TransactionId;
use tokio::task::JoinSet;

/// How long one may take in all.
const WITHIN: Duration = Duration::from_secs(60);
/// How long a request may take, so that a node that says nothing is asked again.
const REQUEST_WITHIN: Duration = Duration::from_secs(10);

/// One that was handed over.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Made {
    /// Which.
    pub(crate) id: TransactionId,
    /// When it was due.
    pub(crate) due: Instant,
    /// How long after that its receipt was read; none where it was not within a minute.
    pub(crate) took: Option<Duration>,
    /// Whether the receipt says that it is committed.
    pub(crate) is_committed: bool,
}

/// Transactions that are handed over one after another, at a pace that nothing holds up.
pub(crate) struct Stream {
    load: std::vec::IntoIter<Signed>,
    every: Duration,
    urls: Vec<String>,
}

impl Stream {
    /// So many a second, at the nodes in turn.
    pub(crate) fn new(load: Vec<Signed>, every: Duration, urls: Vec<String>) -> Self {
        Self { load: load.into_iter(), every, urls }
    }

    /// Hands over what is due between two instants, and waits for what became of it.
    pub(crate) async fn run(mut self, from: Instant, until: Instant) -> anyhow::Result<Vec<Made>> {
        let rest = Rest::new(REQUEST_WITHIN)?;
        let made = Arc::new(Mutex::new(Vec::new()));
        let mut asked = JoinSet::new();
        let mut due = from;
        let mut turn = 0;
        while due < until {
            let Some(signed) = self.load.next() else { break };
            tokio::time::sleep_until(due.into()).await;
            let url = self.urls[turn % self.urls.len()].clone();
            let (rest, made) = (rest.clone(), Arc::clone(&made));
            asked.spawn(async move {
                let one = settle(&rest, &url, &signed, due).await;
                made.lock().unwrap_or_else(PoisonError::into_inner).push(one);
            });
            while asked.try_join_next().is_some() {}
            due += self.every;
            turn += 1;
        }
        while asked.join_next().await.is_some() {}
        let mut made = made.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(std::mem::take(&mut *made))
    }
}

async fn settle(rest: &Rest, url: &str, signed: &Signed, due: Instant) -> Made {
    let answer = rest.settle(url, signed, WITHIN).await;
    let took = answer.as_ref().ok().map(|_| due.elapsed());
    let is_committed = answer.is_ok_and(|body| body["receipt"]["outcome"] == "committed");
    Made { id: signed.id, due, took, is_committed }
}
