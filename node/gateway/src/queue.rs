//! Both halves of every disclosure on their way to the ledger, until they have met there.
//!
//! A half is on disk before its answer leaves ([`Queue::enqueue`]); from then on it is sent until a
//! block holds it, across restarts of the gateway and of nodes. The bytes are signed once and sent
//! again as they are, so a half is recorded at most once; only where the ledger can never take them
//! any more (their nonce went to another transaction, or their time is over) are they signed anew.
//! What is on the ledger alone for too long is warned about and listed as unmatched.

use std::sync::Arc;
use std::time::Duration;

use consent_records::commitment::Opening;
use futures::StreamExt as _;
use ledger_types::access::{Half, Pairing};
use ledger_types::{Hash, Inadmissible, Rejection};
use node_api::body::AccessBody;
use node_api::query::Right;
use node_client::ClientError;
use tokio::sync::{Notify, watch};

use crate::disclosure::{Asker, Description, commitment};
use crate::metrics::Metrics;
use crate::nodes::Nodes;
use crate::signer::{Signer, SignerError, is_nonce_lost, rejection};
use crate::store::{HalfRecord, HalfState, Sealed, Store, StoreError};

/// How many halves are sent at once.
const SENT_AT_ONCE: usize = 16;
/// How long to wait before what could not be sent is sent again.
const AGAIN: Duration = Duration::from_millis(500);

/// The parties whose halves these are; the same where one party is both.
#[derive(Clone, Debug, Default)]
pub struct Parties {
    /// Who keeps holders' halves.
    pub holder: Option<Arc<Signer>>,
    /// Who keeps recipients' halves.
    pub recipient: Option<Arc<Signer>>,
}

/// How patient the queue is.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// How old a lone half may be before it is warned about.
    pub unmatched_after: Duration,
    /// How often the ledger is asked whether halves have met.
    pub match_every: Duration,
}

/// Why a half was not queued: nothing may be given out.
#[derive(Debug, thiserror::Error)]
pub enum QueueError {
    /// It could not be signed.
    #[error(transparent)]
    Signer(#[from] SignerError),
    /// It could not be written.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The gateway does not act for such a half.
    #[error("no party is configured for that half")]
    NoParty,
    /// The process ends.
    #[error("the gateway is stopping")]
    Stopping,
}

/// See the module.
#[derive(Debug)]
pub struct Queue {
    store: Store,
    nodes: Nodes,
    parties: Parties,
    patience: Patience,
    metrics: Arc<Metrics>,
    wake: Notify,
}

impl Queue {
    /// A queue over what the store holds; nonces that queued halves have are held.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn open(
        store: Store,
        nodes: Nodes,
        parties: Parties,
        patience: Patience,
        metrics: Arc<Metrics>,
    ) -> Result<Arc<Self>, StoreError> {
        let queue = Self { store, nodes, parties, patience, metrics, wake: Notify::new() };
        for record in queue.store.open_halves()? {
            if let (HalfState::Queued { transaction }, Ok(signer)) =
                (&record.state, queue.signer(record.half))
            {
                signer.hold(transaction.nonce).await;
            }
        }
        Ok(Arc::new(queue))
    }

    fn signer(&self, half: Half) -> Result<&Arc<Signer>, QueueError> {
        let signer = match half {
            Half::Holder => &self.parties.holder,
            Half::Recipient => &self.parties.recipient,
        };
        signer.as_ref().ok_or(QueueError::NoParty)
    }

    /// Signs a half and writes it down; when this returns it will be on the ledger some day,
    /// whatever happens to this process.
    ///
    /// # Errors
    /// [`QueueError`]: what was to be recorded must not be given out.
    pub async fn enqueue(
        &self,
        half: Half,
        disclosure: Opening<Description>,
        asker: Option<Opening<Asker>>,
    ) -> Result<(), QueueError> {
        let signer = self.signer(half)?;
        let signed = signer.sign(vec![HalfRecord::operation(half, &disclosure)]).await?;
        signer.hold(signed.nonce).await;
        let state = HalfState::Queued { transaction: Sealed::of(&signed) };
        let queued = self.nodes.clock().machine_now();
        let record = HalfRecord { half, disclosure, asker, queued, state };
        let store = self.store.clone();
        let queued = tokio::task::spawn_blocking(move || store.queue(&record)).await;
        match queued {
            Ok(Ok(())) => {}
            Ok(Err(error)) => {
                signer.release(signed.nonce).await;
                return Err(error.into());
            }
            Err(_) => return Err(QueueError::Stopping),
        }
        self.metrics.queued.add();
        self.wake.notify_one();
        Ok(())
    }

    /// Sends and matches until told to stop.
    ///
    /// # Errors
    /// [`StoreError`]: the gateway must stop, for it can promise nothing any more.
    pub async fn run(&self, mut shutdown: watch::Receiver<bool>) -> Result<(), StoreError> {
        let mut matching = tokio::time::interval(self.patience.match_every);
        loop {
            let all_sent = self.send_all().await?;
            let is_time_to_match = tokio::select! {
                () = self.wake.notified() => false,
                _ = matching.tick() => true,
                () = tokio::time::sleep(AGAIN), if !all_sent => false,
                _ = shutdown.wait_for(|stop| *stop) => return Ok(()),
            };
            if is_time_to_match {
                self.match_all().await?;
            }
        }
    }

    /// Sends everything that waits; whether nothing is left waiting.
    async fn send_all(&self) -> Result<bool, StoreError> {
        let waiting = self.store.open_halves()?.into_iter();
        let waiting = waiting.filter(|half| matches!(half.state, HalfState::Queued { .. }));
        let sent: Vec<Result<bool, StoreError>> = futures::stream::iter(waiting)
            .map(|record| self.send(record))
            .buffer_unordered(SENT_AT_ONCE)
            .collect()
            .await;
        let mut all = true;
        for one in sent {
            all &= one?;
        }
        Ok(all)
    }

    /// Sends one half; whether the ledger has spoken on it.
    async fn send(&self, mut record: HalfRecord) -> Result<bool, StoreError> {
        let (HalfState::Queued { transaction }, Ok(signer)) =
            (&record.state, self.signer(record.half))
        else {
            return Ok(true);
        };
        let (access, nonce) = (record.access(), transaction.nonce);
        match signer.send(&transaction.signed()).await {
            Ok(receipt) => {
                let was_there = rejection(&receipt) == Some(Rejection::HalfRecorded.code());
                record.state = match rejection(&receipt) {
                    None => HalfState::Recorded { height: receipt.height },
                    Some(_) if was_there && self.is_ours(&record, signer).await => {
                        HalfState::Recorded { height: receipt.height }
                    }
                    Some(code) => {
                        tracing::error!(%access, code = code.get(), "the ledger refuses a half");
                        self.metrics.halves_refused.add();
                        HalfState::Refused { code: code.get() }
                    }
                };
                self.store.update(&record)?;
                signer.release(nonce).await;
                self.metrics.recorded.add();
                Ok(true)
            }
            Err(error) if is_lost(&error) => self.sign_anew(record).await,
            Err(error) => {
                tracing::warn!(%access, %error, "a half waits for a node");
                Ok(false)
            }
        }
    }

    /// Whether the half that the ledger has of the access is this very one, recorded by bytes that
    /// were signed before.
    async fn is_ours(&self, record: &HalfRecord, signer: &Signer) -> bool {
        let found = self.access(&record.access(), signer).await;
        let ours = Some(commitment(&record.disclosure));
        found.is_ok_and(|body| match record.half {
            Half::Holder => body.holder_half.map(|half| half.disclosure) == ours,
            Half::Recipient => body.recipient_half == ours,
        })
    }

    /// The ledger's record of an access.
    async fn access(&self, access: &Hash, signer: &Signer) -> Result<AccessBody, ClientError> {
        let (right, reader) = (&Right::default(), signer.reader());
        self.nodes.read(|client| async move { client.access(access, right, reader).await }).await
    }

    /// Signs a half again whose transaction can never be in a block any more.
    async fn sign_anew(&self, mut record: HalfRecord) -> Result<bool, StoreError> {
        let (HalfState::Queued { transaction }, Ok(signer)) =
            (&record.state, self.signer(record.half))
        else {
            return Ok(true);
        };
        // The one before may be in a block after all; then its receipt comes at the next sending.
        let known = self.nodes.receipt(&transaction.id).await;
        let Ok(None) = known else { return Ok(false) };
        let lost = transaction.nonce;
        let operation = HalfRecord::operation(record.half, &record.disclosure);
        let Ok(signed) = signer.sign(vec![operation]).await else { return Ok(false) };
        signer.hold(signed.nonce).await;
        record.state = HalfState::Queued { transaction: Sealed::of(&signed) };
        self.store.update(&record)?;
        signer.release(lost).await;
        tracing::warn!(access = %record.access(), "a half was signed anew");
        Ok(false)
    }

    /// Asks the ledger which recorded halves have met their counterparts.
    async fn match_all(&self) -> Result<(), StoreError> {
        let mut lone = 0;
        for mut record in self.store.open_halves()? {
            let (HalfState::Recorded { height }, Ok(signer)) =
                (&record.state, self.signer(record.half))
            else {
                continue;
            };
            let (access, height) = (record.access(), *height);
            let found = self.access(&access, signer).await;
            match found.map(|body| body.pairing) {
                Ok(Pairing::Matched) => record.state = HalfState::Matched { height },
                Ok(Pairing::Mismatched) => {
                    tracing::error!(%access, "the halves of a record differ");
                    self.metrics.mismatched.add();
                    record.state = HalfState::Mismatched { height };
                }
                Ok(Pairing::Waiting) => lone += u64::from(self.is_late(&record)),
                Err(error) => {
                    tracing::debug!(%access, %error, "the ledger does not say how a half stands");
                    if !matches!(error, ClientError::Problem(_)) {
                        // No node answers: asking about the others would only keep sending waiting.
                        return Ok(());
                    }
                    lone += u64::from(self.is_late(&record));
                }
            }
            if !record.state.is_open() {
                self.store.update(&record)?;
            }
        }
        if lone > 0 {
            tracing::warn!(count = lone, "halves without their counterpart; see `unmatched`");
        }
        self.metrics.unmatched.set(lone);
        Ok(())
    }

    fn is_late(&self, record: &HalfRecord) -> bool {
        let now = self.nodes.clock().machine_now();
        let age = now.as_millis().saturating_sub(record.queued.as_millis());
        u128::from(age) >= self.patience.unmatched_after.as_millis()
    }
}

/// Whether the same bytes can never be committed any more.
fn is_lost(error: &ClientError) -> bool {
    let expired = Inadmissible::Expired {
        valid_until: ledger_types::Timestamp::from_millis(0),
        now: ledger_types::Timestamp::from_millis(0),
    };
    is_nonce_lost(error) || error.code() == Some(expired.code())
}
