//! An answer on its way out: it stops where the decision that it rests on has ended.
//!
//! The answer goes out in pieces. Before each one, if the ledger has a new block or the decision's
//! time is up, the ledger is asked again; where it denies, or no node answers in time, the
//! connection is broken off, so that the requester cannot take what it has for the whole.

use std::sync::Arc;

use axum::body::{Body, Bytes};
use futures::future::BoxFuture;
use ledger_types::{Height, Timestamp};
use network_clock::Clock;
use tokio::sync::watch;

use crate::code::Refusal;
use crate::metrics::Metrics;

/// Asks the ledger whether an access still stands, and until when that may be relied on.
pub type Recheck = Arc<dyn Fn() -> BoxFuture<'static, Result<Timestamp, Refusal>> + Send + Sync>;

/// How many bytes go out between two looks at the ledger's tip.
const PIECE_BYTES: usize = 64 * 1024;

struct Rest {
    bytes: Bytes,
    until: Timestamp,
    tip: watch::Receiver<Height>,
    recheck: Recheck,
    clock: Clock,
    metrics: Arc<Metrics>,
}

/// A body that was decided on until `until`.
pub fn body(
    bytes: Bytes,
    until: Timestamp,
    tip: watch::Receiver<Height>,
    recheck: Recheck,
    clock: Clock,
    metrics: Arc<Metrics>,
) -> Body {
    let rest = Rest { bytes, until, tip, recheck, clock, metrics };
    Body::from_stream(futures::stream::try_unfold(rest, Rest::piece))
}

impl Rest {
    async fn piece(mut self) -> Result<Option<(Bytes, Self)>, Refusal> {
        if self.bytes.is_empty() {
            return Ok(None);
        }
        let has_moved = self.tip.has_changed().unwrap_or(true);
        if has_moved || self.clock.now() >= self.until {
            self.tip.mark_unchanged();
            match (self.recheck)().await {
                Ok(until) => self.until = until,
                Err(refusal) => {
                    tracing::warn!(code = refusal.code, "an answer is cut off");
                    self.metrics.cut_off.add();
                    return Err(refusal);
                }
            }
        }
        let piece = self.bytes.split_to(self.bytes.len().min(PIECE_BYTES));
        Ok(Some((piece, self)))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

    use futures::{FutureExt as _, StreamExt as _};
    use network_clock::after;

    use super::*;
    use crate::code::Code;

    struct Ledger {
        tip: watch::Sender<Height>,
        ended: Arc<AtomicBool>,
        asked: Arc<AtomicU64>,
        recheck: Recheck,
    }

    fn ledger() -> Ledger {
        let (ended, asked) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(0)));
        let (over, count) = (Arc::clone(&ended), Arc::clone(&asked));
        let recheck: Recheck = Arc::new(move || {
            count.fetch_add(1, Ordering::Relaxed);
            let over = over.load(Ordering::Relaxed);
            async move {
                if over { Err(Refusal::new(Code::AccessExpired, "x")) } else { Ok(later()) }
            }
            .boxed()
        });
        Ledger { tip: watch::Sender::new(Height::new(1)), ended, asked, recheck }
    }

    fn later() -> Timestamp {
        after(Clock::real().now(), 60_000)
    }

    fn pieces(
        ledger: &Ledger,
        count: usize,
        until: Timestamp,
    ) -> (axum::body::BodyDataStream, Arc<Metrics>) {
        let metrics = Arc::new(Metrics::default());
        let bytes = Bytes::from(vec![b'x'; count * PIECE_BYTES]);
        let recheck = Arc::clone(&ledger.recheck);
        let body = body(
            bytes,
            until,
            ledger.tip.subscribe(),
            recheck,
            Clock::real(),
            Arc::clone(&metrics),
        );
        (body.into_data_stream(), metrics)
    }

    #[tokio::test]
    async fn an_answer_is_cut_off_at_the_first_block_after_the_decision_ended() {
        let ledger = ledger();
        let (mut stream, metrics) = pieces(&ledger, 4, later());
        assert!(stream.next().await.unwrap().is_ok());
        ledger.ended.store(true, Ordering::Relaxed);
        assert!(stream.next().await.unwrap().is_ok(), "no block has said so yet");
        ledger.tip.send_replace(Height::new(2));
        assert!(stream.next().await.unwrap().is_err());
        assert_eq!((metrics.cut_off.get(), ledger.asked.load(Ordering::Relaxed)), (1, 1));
    }

    #[tokio::test]
    async fn an_answer_whose_decision_stands_goes_out_whole() {
        let ledger = ledger();
        let (mut stream, metrics) = pieces(&ledger, 3, later());
        let mut length = 0;
        while let Some(piece) = stream.next().await {
            length += piece.unwrap().len();
            ledger.tip.send_modify(|height| *height = height.next().unwrap());
        }
        assert_eq!((length, metrics.cut_off.get()), (3 * PIECE_BYTES, 0));
        assert_eq!(ledger.asked.load(Ordering::Relaxed), 2, "once for each block in between");
    }

    #[tokio::test]
    async fn a_decision_whose_time_is_up_is_asked_for_again() {
        let ledger = ledger();
        ledger.ended.store(true, Ordering::Relaxed);
        let (mut stream, _) = pieces(&ledger, 2, Clock::real().now());
        assert!(stream.next().await.unwrap().is_err());
    }
}
