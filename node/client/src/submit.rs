//! Submission: one at a time with the receipt, or many in one body.

use std::time::{Duration, Instant};

use bytes::{BufMut, Bytes, BytesMut};
use ledger_types::{Inadmissible, Nonce, Receipt};
use node_api::body::{BulkAnswer, Submitted};
use node_api::path::{self, Path};
use node_api::query::Wait;
use node_api::{BULK_BYTES_MAX, BULK_TRANSACTIONS_MAX, WAIT_MS_MAX};

use super::{Client, ClientError, PAUSE_MAX, PAUSE_MIN, Request, Signed};

/// How long a node is let look for the receipt of what may have used its own nonce.
const RECEIPT_WAIT_MS: u32 = 1_500;

impl Client {
    /// Hands a transaction in and does not wait for its receipt.
    ///
    /// # Errors
    /// [`ClientError`]: the node refuses it, or does not answer in time.
    pub async fn submit(&self, signed: &Signed) -> Result<Submitted, ClientError> {
        self.post(&path::submit(), signed.bytes.clone(), self.deadline()).await
    }

    /// Hands a transaction in and waits for its receipt until the client's timeout.
    ///
    /// While the node is not reachable the same bytes are sent again, which is safe: the ledger
    /// commits an identity at most once and answers its first receipt again.
    ///
    /// # Errors
    /// [`ClientError::OutcomeUnknown`] where time is up, or where anything is refused after bytes
    /// may have arrived: what is said then is not about those. Every other error means that these
    /// bytes went nowhere by this call.
    pub async fn submit_and_wait(&self, signed: &Signed) -> Result<Receipt, ClientError> {
        let deadline = self.deadline();
        let unknown = ClientError::OutcomeUnknown { transaction: signed.id };
        let (mut sent, mut pause) = (false, PAUSE_MIN);
        loop {
            let wait = Wait { wait_ms: Some(wait_ms(deadline)) };
            let path = path::submit().with(&wait);
            let error = match self.post_once::<Submitted>(&path, &signed.bytes, deadline).await {
                Ok(Submitted { receipt: Some(receipt), .. }) => {
                    return receipt.receipt().map_err(ClientError::answer);
                }
                Ok(Submitted { receipt: None, .. }) => {
                    sent = true;
                    None
                }
                Err(error) => Some(error),
            };
            if let Some(error) = error {
                // A node may use the nonce a moment before it tells the receipt.
                let wait = Wait { wait_ms: Some(wait_ms(deadline).min(RECEIPT_WAIT_MS)) };
                if is_used_nonce(&error)
                    && let Ok(receipt) = self.receipt(&signed.id, wait).await
                {
                    return Ok(receipt);
                }
                sent |= error.may_have_arrived();
                if !error.may_pass() {
                    return Err(if sent { unknown } else { error });
                }
                let asked = pause.max(error.retry_after().unwrap_or_default());
                if Instant::now() + asked >= deadline {
                    return Err(if sent { unknown } else { error });
                }
                tokio::time::sleep(asked).await;
                pause = (pause * 2).min(PAUSE_MAX);
            } else if Instant::now() >= deadline {
                return Err(unknown);
            }
        }
    }

    /// Hands many transactions in with one request; see [`bulk_chunks`] for how many fit.
    ///
    /// # Errors
    /// [`ClientError`]: the node refuses the whole, or does not answer in time.
    pub async fn submit_bulk(&self, signed: &[Signed]) -> Result<BulkAnswer, ClientError> {
        self.submit_bulk_body(bulk_body(signed)).await
    }

    /// The same with a body made before by [`bulk_body`].
    ///
    /// # Errors
    /// As [`Client::submit_bulk`].
    pub async fn submit_bulk_body(&self, body: Bytes) -> Result<BulkAnswer, ClientError> {
        self.post(&path::submit_bulk(), body, self.deadline()).await
    }

    async fn post<T: serde::de::DeserializeOwned>(
        &self,
        path: &Path,
        body: Bytes,
        deadline: Instant,
    ) -> Result<T, ClientError> {
        let request = Request { path, reader: None, accept: None, body: Some(body) };
        let answer = self.ask(&request, deadline).await?;
        serde_json::from_slice(&answer).map_err(ClientError::answer)
    }

    async fn post_once<T: serde::de::DeserializeOwned>(
        &self,
        path: &Path,
        body: &Bytes,
        deadline: Instant,
    ) -> Result<T, ClientError> {
        let body = Some(body.clone());
        let request = Request { path, reader: None, accept: None, body };
        let left = deadline.saturating_duration_since(Instant::now());
        let answer = self.ask_once(&request, left).await?;
        serde_json::from_slice(&answer).map_err(ClientError::answer)
    }
}

/// How long to let the node wait: a little less than we do, so that its answer still arrives.
fn wait_ms(deadline: Instant) -> u32 {
    let left = deadline.saturating_duration_since(Instant::now());
    let ours = left.saturating_sub(Duration::from_millis(200).min(left / 2));
    u32::try_from(ours.as_millis()).unwrap_or(u32::MAX).min(WAIT_MS_MAX)
}

/// Whether the node says that the nonce is used, be it by this very transaction.
fn is_used_nonce(error: &ClientError) -> bool {
    let used = Inadmissible::NonceUsed { nonce: Nonce::new(0) }.code();
    error.code().is_some_and(|code| code == used || code == Inadmissible::NonceRepeated.code())
}

/// The body of a bulk submission: each transaction with its length before it, little endian.
#[must_use]
pub fn bulk_body(signed: &[Signed]) -> Bytes {
    let length = signed.iter().map(|one| 4 + one.bytes.len()).sum();
    let mut body = BytesMut::with_capacity(length);
    for one in signed {
        body.put_u32_le(u32::try_from(one.bytes.len()).expect("a transaction has at most 64 KiB"));
        body.put_slice(&one.bytes);
    }
    body.freeze()
}

/// Cuts transactions into runs that each fit one bulk submission.
pub fn bulk_chunks(signed: &[Signed]) -> impl Iterator<Item = &[Signed]> {
    let mut rest = signed;
    std::iter::from_fn(move || {
        let mut bytes = 0;
        let fit = rest
            .iter()
            .take(BULK_TRANSACTIONS_MAX)
            .take_while(|one| {
                bytes += 4 + one.bytes.len();
                bytes <= BULK_BYTES_MAX
            })
            .count();
        let (chunk, after) = rest.split_at(fit);
        rest = after;
        (!chunk.is_empty()).then_some(chunk)
    })
}
