//! Submission: one transaction as JSON or octets, or many as octets.
//!
//! The identity of a transaction makes submitting it again safe: one that a block holds already
//! answers its first receipt. So `Idempotency-Key` is accepted and changes nothing.

use std::net::{Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::{ConnectInfo, State as Shared};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use axum::{Extension, Json};
use bytes::{Buf as _, Bytes};
use ledger_types::limits::TRANSACTION_BYTES_MAX;
use ledger_types::{Enveloped, Receipt, Transaction, TransactionId};
use node_api::body::{BulkAnswer, ReceiptBody, RefusedBody, Submitted, TransactionBody};
use node_api::path;
use node_api::query::Wait;
use node_api::text::schema::Octets;
use node_api::{ApiCode, BULK_BYTES_MAX, BULK_TRANSACTIONS_MAX, JSON_BYTES_MAX, Problem};

use super::Api;
use super::extract::{self, Media, Params};
use super::failure::{Answer, Failure, maybe_committed, refused};
use crate::mempool::{Source, SubmitError};
use crate::query::QueryError;

/// Submit a transaction.
///
/// As JSON, or as its canonical (borsh) bytes. With `wait_ms` the answer waits for the receipt.
/// One that a block holds already answers its first receipt; `Idempotency-Key` is therefore
/// accepted and changes nothing.
#[utoipa::path(
    post, path = path::SUBMIT, tag = "transactions", params(Wait),
    request_body(content(
        (TransactionBody = "application/json"),
        (Octets = "application/octet-stream"),
    )),
    responses(
        (status = 200, description = "A block holds it.", body = Submitted),
        (status = 202, description = "It waits for a block.", body = Submitted),
        (status = "4XX", description = "The transaction or the request is refused."),
        (status = "5XX", description = "The node cannot take it now."),
    ),
)]
pub(super) async fn submit(
    Shared(api): Shared<Arc<Api>>,
    Params(Wait { wait_ms }): Params<Wait>,
    headers: HeaderMap,
    body: Body,
) -> Answer<Response> {
    let wait = extract::wait(wait_ms)?;
    let transaction = match extract::media(&headers)? {
        Media::Octets => {
            let bytes = extract::body(&headers, body, TRANSACTION_BYTES_MAX).await?;
            Enveloped::decode(&bytes).map_err(|error| Problem::inadmissible(&error))?
        }
        Media::Json => {
            let bytes = extract::body(&headers, body, JSON_BYTES_MAX).await?;
            let made = Enveloped::from(from_json(&api, &bytes)?);
            // JSON has other limits than the bytes: what it says is read as everyone will read it.
            Enveloped::decode(made.bytes()).map_err(|error| Problem::inadmissible(&error))?
        }
    };
    let id = transaction.id(&api.query.genesis());
    let receipt = api.submit_one(id, transaction, wait).await?;
    let status = if receipt.is_some() { StatusCode::OK } else { StatusCode::ACCEPTED };
    let receipt = receipt.as_ref().map(ReceiptBody::of);
    Ok((status, Json(Submitted { transaction: id, receipt })).into_response())
}

fn from_json(api: &Api, bytes: &[u8]) -> Answer<Transaction> {
    let body: TransactionBody = serde_json::from_slice(bytes).map_err(|error| {
        let is_json = error.is_data();
        let code = if is_json { ApiCode::UnprocessableBody } else { ApiCode::MalformedRequest };
        Failure::new(code, error.to_string())
    })?;
    let prefix = api.query.state().address_prefix().clone();
    body.transaction(&prefix)
        .map_err(|error| Failure::new(ApiCode::UnprocessableBody, error.to_string()))
}

impl Api {
    async fn submit_one(
        &self,
        id: TransactionId,
        transaction: Enveloped,
        wait: Option<Duration>,
    ) -> Answer<Option<Receipt>> {
        // The wait begins before the submission, so that no block comes in between.
        let waiting = wait.map(|_| self.query.feed().wait(id));
        match self.mempool.submit_decoded(transaction).await {
            Ok(_) => {}
            Err(error) => {
                let told = self.told([&error]).await;
                let known = self.committed_before(&error, told)?;
                return known.map(Some).ok_or_else(|| refused(&error).into());
            }
        }
        if let Some(receipt) = self.known(&id)? {
            return Ok(Some(receipt));
        }
        let (Some(mut waiting), Some(wait)) = (waiting, wait) else { return Ok(None) };
        Ok(tokio::time::timeout(wait, waiting.receipt()).await.unwrap_or(None))
    }

    /// Waits until the receipts of the state's last block are told, where one of these refusals may
    /// be about a transaction of it; whether they are.
    ///
    /// The state has a block a moment before its receipts are told. Without this, whoever hands in
    /// again in between would hear of the own nonce as of another's.
    async fn told<'a>(&self, errors: impl IntoIterator<Item = &'a SubmitError>) -> bool {
        if errors.into_iter().all(|error| maybe_committed(error).is_none()) {
            return true;
        }
        let applied = self.query.state().height();
        self.query.feed().reaches(applied).await
    }

    /// The receipt of what is refused because a block holds this very transaction.
    fn committed_before(&self, error: &SubmitError, told: bool) -> Answer<Option<Receipt>> {
        let Some(id) = maybe_committed(error) else { return Ok(None) };
        let known = self.known(&id)?;
        if known.is_none() && !told {
            let detail = "the block that may hold it is still being read";
            return Err(Failure::new(ApiCode::Busy, detail));
        }
        Ok(known)
    }

    /// The receipt of a transaction as far as this node knows: without an index, of late.
    pub(super) fn known(&self, id: &TransactionId) -> Answer<Option<Receipt>> {
        match self.query.receipt(id) {
            Ok(receipt) => Ok(receipt),
            Err(QueryError::NoIndex) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }
}

/// Submit many transactions.
///
/// The body repeats: length (u32, little endian), then the canonical (borsh) bytes of that length.
/// At most 8 MiB and 16,384 transactions. Each is judged for itself; a body that is not framed so
/// is refused whole.
#[utoipa::path(
    post, path = path::SUBMIT_BULK, tag = "transactions",
    request_body(content = Octets, content_type = "application/octet-stream"),
    responses(
        (status = 200, description = "Each was judged.", body = BulkAnswer),
        (status = "4XX", description = "The whole is refused; none was taken."),
        (status = "5XX", description = "The node cannot take it now; none was taken."),
    ),
)]
pub(super) async fn bulk(
    Shared(api): Shared<Arc<Api>>,
    peer: Option<Extension<ConnectInfo<SocketAddr>>>,
    headers: HeaderMap,
    body: Body,
) -> Answer<Json<BulkAnswer>> {
    if extract::media(&headers)? != Media::Octets {
        let detail = "many transactions come as application/octet-stream";
        return Err(Failure::new(ApiCode::UnsupportedMediaType, detail));
    }
    let busy = || Failure::new(ApiCode::Busy, "too many bulk submissions at once");
    // A body may come slowly: what it holds meanwhile is its peer's share alone.
    let peer = peer.map_or(Ipv6Addr::UNSPECIFIED.into(), |Extension(peer)| peer.0.ip());
    let _share = api.bulk_of_peer.take(peer).ok_or_else(busy)?;
    let _permit = api.bulk.try_acquire().map_err(|_| busy())?;
    let bundle = frames(extract::body(&headers, body, BULK_BYTES_MAX).await?)?;
    api.measured.bulk(bundle.len());
    let mut answer = BulkAnswer::default();
    let verdicts = api.mempool.submit(bundle, Source::Client).await;
    let told = api.told(verdicts.iter().filter_map(|verdict| verdict.as_ref().err())).await;
    for (verdict, index) in verdicts.iter().zip(0_u32..) {
        let Err(error) = verdict else {
            answer.accepted += 1;
            continue;
        };
        let problem = match api.committed_before(error, told) {
            Ok(Some(_)) => {
                answer.accepted += 1;
                continue;
            }
            Ok(None) => refused(error),
            Err(Failure(problem)) => *problem,
        };
        let Problem { code, name, detail, .. } = problem;
        answer.refused.push(RefusedBody { index, code, name, detail });
    }
    Ok(Json(answer))
}

/// The transactions' bytes: parts of the body, not copies of it.
fn frames(mut body: Bytes) -> Answer<Vec<Bytes>> {
    let malformed = |detail: &str| Failure::new(ApiCode::MalformedRequest, detail);
    let mut bundle = Vec::new();
    while body.has_remaining() {
        if bundle.len() == BULK_TRANSACTIONS_MAX {
            let detail = format!("a body may hold {BULK_TRANSACTIONS_MAX} transactions");
            return Err(Failure::new(ApiCode::BodyTooLarge, detail));
        }
        let length = body.try_get_u32_le().map_err(|_| malformed("a length is cut short"))?;
        let length = usize::try_from(length).unwrap_or(usize::MAX);
        if length > body.remaining() {
            return Err(malformed("a transaction is cut short"));
        }
        bundle.push(body.split_to(length));
    }
    Ok(bundle)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_are_cut_exactly() {
        let body = [&[1, 0, 0, 0, 7][..], &[0, 0, 0, 0], &[2, 0, 0, 0, 8, 9]].concat();
        let cut = frames(Bytes::from(body)).unwrap();
        let expected: [&[u8]; 3] = [&[7], &[], &[8, 9]];
        assert_eq!(cut, expected);
        assert_eq!(frames(Bytes::new()).unwrap().len(), 0);
    }

    #[test]
    fn frames_that_do_not_end_with_the_body_are_refused() {
        for body in [&[1, 0, 0][..], &[1, 0, 0, 0], &[255, 255, 255, 255, 1], &[0, 0, 0, 0, 1]] {
            let Failure(problem) = frames(Bytes::copy_from_slice(body)).unwrap_err();
            assert_eq!(problem.code, 6001, "{body:?}");
        }
        let many = vec![0; 4 * (BULK_TRANSACTIONS_MAX + 1)];
        let Failure(problem) = frames(Bytes::from(many)).unwrap_err();
        assert_eq!(problem.code, 6004);
    }
}
