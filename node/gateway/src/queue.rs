//! Both halves of every disclosure on their way to the ledger, until they have met there.
//!
//! A half is on disk before its answer leaves ([`Queue::enqueue`]); from then on it is sent until a
//! block holds it, across restarts of the gateway and of nodes. The bytes are signed once and sent
//! again as they are, so a half is recorded at most once; only where the ledger can never take them
//! any more (their nonce went to another transaction, or their time is over) are they signed anew.
//! What is on the ledger alone for too long is warned about and listed as unmatched. Where the ledger
//! says that a holder's half is overdue, the recipient names the holder there, in the same way: from
//! then on the half is owed by the holder that the access named.

use std::sync::Arc;
use std::time::Duration;

use consent_records::commitment::Opening;
use futures::StreamExt as _;
use ledger_types::access::{Half, Pairing};
use ledger_types::{Hash, Inadmissible, Receipt, Rejection};
use node_api::body::AccessBody;
use node_api::query::Right;
use node_client::ClientError;
use tokio::sync::{Notify, watch};

use crate::disclosure::{Asker, Description, commitment};
use crate::metrics::Metrics;
use crate::nodes::Nodes;
use crate::signer::{Signer, SignerError, is_nonce_lost, rejection};
use crate::store::{Errand, HalfRecord, HalfState, Naming, Sealed, Store, StoreError};

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
            if let (Some((_, transaction)), Ok(signer)) =
                (record.on_its_way(), queue.signer(record.half))
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
        holder_salt: Hash,
    ) -> Result<(), QueueError> {
        let signer = self.signer(half)?;
        let operation = HalfRecord::operation(half, &disclosure, holder_salt);
        let signed = signer.sign(vec![operation]).await?;
        signer.hold(signed.nonce).await;
        let state = HalfState::Queued { transaction: Sealed::of(&signed) };
        let queued = self.nodes.clock().machine_now();
        let record =
            HalfRecord { half, disclosure, asker, holder_salt, queued, state, naming: None };
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
        let waiting = waiting.filter(|half| half.on_its_way().is_some());
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

    /// Sends what is on its way of one half; whether the ledger has spoken on it.
    async fn send(&self, mut record: HalfRecord) -> Result<bool, StoreError> {
        let (Some((errand, transaction)), Ok(signer)) =
            (record.on_its_way(), self.signer(record.half))
        else {
            return Ok(true);
        };
        let (access, nonce) = (record.access(), transaction.nonce);
        match signer.send(&transaction.signed()).await {
            Ok(receipt) => {
                match errand {
                    Errand::Record => record.state = self.recorded(&record, signer, &receipt).await,
                    Errand::Name => record.naming = Some(self.named(&access, &receipt)),
                }
                self.store.update(&record)?;
                signer.release(nonce).await;
                Ok(true)
            }
            Err(error) if is_lost(&error) => self.sign_anew(record).await,
            Err(error) => {
                tracing::warn!(%access, %error, "a half waits for a node");
                Ok(false)
            }
        }
    }

    /// What the ledger said of a half.
    async fn recorded(&self, record: &HalfRecord, signer: &Signer, receipt: &Receipt) -> HalfState {
        self.metrics.recorded.add();
        let height = receipt.height;
        let Some(code) = rejection(receipt) else { return HalfState::Recorded { height } };
        // An access of which both halves are there has left the ledger's state after some days.
        let was_there = [Rejection::HalfRecorded, Rejection::UnknownAccess]
            .iter()
            .any(|refused| refused.code() == code);
        if was_there && self.is_ours(record, signer).await {
            return HalfState::Recorded { height };
        }
        tracing::error!(access = %record.access(), code = code.get(), "the ledger refuses a half");
        self.metrics.halves_refused.add();
        HalfState::Refused { code: code.get() }
    }

    /// What the ledger said of the naming of a holder. That it was named before was by this party,
    /// as nobody else can, in bytes that were signed before.
    fn named(&self, access: &Hash, receipt: &Receipt) -> Naming {
        let height = receipt.height;
        match rejection(receipt) {
            Some(code) if code != Rejection::HolderNamed.code() => {
                tracing::warn!(%access, code = code.get(), "a holder is not named");
                Naming::Refused { code: code.get() }
            }
            Some(_) | None => {
                tracing::warn!(%access, "the holder whose half is missing was named");
                self.metrics.named.add();
                Naming::Named { height }
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

    /// Signs again what can never be in a block any more.
    async fn sign_anew(&self, mut record: HalfRecord) -> Result<bool, StoreError> {
        let (Some((errand, transaction)), Ok(signer)) =
            (record.on_its_way(), self.signer(record.half))
        else {
            return Ok(true);
        };
        // The one before may be in a block after all; then its receipt comes at the next sending.
        let known = self.nodes.receipt(&transaction.id).await;
        let Ok(None) = known else { return Ok(false) };
        let lost = transaction.nonce;
        if self.put_on_its_way(&mut record, errand, signer).await? {
            signer.release(lost).await;
            tracing::warn!(access = %record.access(), "a half was signed anew");
        }
        Ok(false)
    }

    /// Signs an errand of a half and writes it down; whether it could be signed now.
    async fn put_on_its_way(
        &self,
        record: &mut HalfRecord,
        errand: Errand,
        signer: &Signer,
    ) -> Result<bool, StoreError> {
        let Ok(signed) = signer.sign(vec![record.errand(errand)]).await else { return Ok(false) };
        signer.hold(signed.nonce).await;
        record.queue(errand, Sealed::of(&signed));
        self.store.update(record)?;
        Ok(true)
    }

    /// Asks the ledger which recorded halves have met their counterparts; where a holder's is
    /// overdue, it is named.
    async fn match_all(&self) -> Result<(), StoreError> {
        let mut lone = 0;
        for mut record in self.store.open_halves()? {
            let (HalfState::Recorded { height }, Ok(signer)) =
                (&record.state, self.signer(record.half))
            else {
                continue;
            };
            let (access, height) = (record.access(), *height);
            let found = match self.access(&access, signer).await {
                Ok(found) => Some(found),
                Err(error) => {
                    tracing::debug!(%access, %error, "the ledger does not say how a half stands");
                    if !matches!(error, ClientError::Problem(_)) {
                        // No node answers: asking about the others would only keep sending waiting.
                        return Ok(());
                    }
                    None
                }
            };
            match found.as_ref().map(|body| body.pairing) {
                Some(Pairing::Matched) => record.state = HalfState::Matched { height },
                Some(Pairing::Mismatched) => {
                    tracing::error!(%access, "the halves of a record differ");
                    self.metrics.mismatched.add();
                    record.state = HalfState::Mismatched { height };
                }
                Some(Pairing::Waiting) | None => lone += u64::from(self.is_late(&record)),
            }
            if !matches!(record.state, HalfState::Recorded { .. }) {
                self.store.update(&record)?;
            } else if found.is_some_and(|body| is_to_be_named(&record, &body))
                && self.put_on_its_way(&mut record, Errand::Name, signer).await?
            {
                self.wake.notify_one();
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

/// Whether the ledger says that the other half is overdue and that the requester still answers for
/// it, although it is the holder's: then the holder is named, once.
fn is_to_be_named(record: &HalfRecord, body: &AccessBody) -> bool {
    record.half == Half::Recipient
        && record.naming.is_none()
        && body.overdue.is_some()
        && body.holder_half.is_none()
        && body.named.is_none()
}

/// Whether the same bytes can never be committed any more.
fn is_lost(error: &ClientError) -> bool {
    let expired = Inadmissible::Expired {
        valid_until: ledger_types::Timestamp::from_millis(0),
        now: ledger_types::Timestamp::from_millis(0),
    };
    is_nonce_lost(error) || error.code() == Some(expired.code())
}
