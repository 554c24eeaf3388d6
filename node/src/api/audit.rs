//! The audit log in C2SP's formats: public, for it holds hashes and outcomes alone.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::State as Shared;
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use ledger_proof::checkpoint::SignedCheckpoint;
use ledger_proof::tile::{Tile, TileKind, TileReader};
use ledger_proof::tlog_proof::TlogProof;
use ledger_types::{Entry, Height, TransactionId};
use node_api::path;
use node_api::text::schema::Octets;
use node_api::{ApiCode, OCTET_STREAM};

use super::Api;
use super::extract::Segments;
use super::failure::{Answer, Failure};
use crate::audit_log::INTERVAL_MS;

/// How long a proof may wait for a checkpoint that covers its entry: blocks come at least every
/// second, and each interval has one that is cosigned.
const COVERED_AFTER: Duration = Duration::from_millis(2_500 + 2 * INTERVAL_MS);

/// The latest checkpoint that a quorum of validators has cosigned.
#[utoipa::path(
    get, path = path::CHECKPOINT, tag = "audit log",
    responses(
        (status = 200, description = "A signed note (C2SP tlog-checkpoint): the log's signature, \
            then cosignatures.", body = String, content_type = "text/plain"),
        (status = 503, description = "There is none yet (7004)."),
    ),
)]
pub(super) async fn checkpoint(Shared(api): Shared<Arc<Api>>) -> Answer<Response> {
    let latest = api.audit_log.checkpoint().borrow().clone();
    latest.map(|latest| text(latest.to_string())).ok_or_else(no_checkpoint)
}

/// The latest checkpoint that a witness outside the network has cosigned as well.
///
/// Witnesses take their time, so it may be older than the latest one. Which witnesses are asked is
/// this node's matter; whom to count is the verifier's, by a policy of its own.
#[utoipa::path(
    get, path = path::WITNESSED, tag = "audit log",
    responses(
        (status = 200, description = "A signed note (C2SP tlog-checkpoint): the log's signature, \
            the validators' cosignatures, then the witnesses'.", body = String,
            content_type = "text/plain"),
        (status = 503, description = "There is none yet (7004)."),
    ),
)]
pub(super) async fn witnessed(Shared(api): Shared<Arc<Api>>) -> Answer<Response> {
    let latest = api.audit_log.witnessed().borrow().clone();
    let none = || Failure::new(ApiCode::NotReady, "no witness outside has cosigned a checkpoint");
    latest.map(|latest| text(latest.to_string())).ok_or_else(none)
}

/// Hashes or entries of the log.
///
/// `0` to `7` and an index for hashes, `entries` and an index for entries, as C2SP tlog-tiles says;
/// partial tiles end in `.p/` and their width.
#[utoipa::path(
    get, path = path::TILE, tag = "audit log",
    params(("tile" = String, Path, description = "Such as `0/x001/067` or `entries/000.p/9`.")),
    responses(
        (status = 200, description = "32 bytes a hash; or entries, each after its length in two \
            bytes, big-endian.", body = Octets, content_type = "application/octet-stream"),
        (status = "4XX",
            description = "No tile of this log (6209), or entries that were pruned (6212)."),
    ),
)]
pub(super) async fn tile(
    Shared(api): Shared<Arc<Api>>,
    Segments(path): Segments<String>,
) -> Answer<Response> {
    let none = || Failure::new(ApiCode::NotInAuditLog, "the log has no such tile");
    let tile = Tile::parse(&format!("tile/{path}")).map_err(|_| none())?;
    let log = Arc::clone(api.audit_log.log());
    let bytes = api.blocking(move |_| log.tile(tile)).await?.map_err(|error| failed(&error))?;
    let bytes = bytes.ok_or_else(|| if is_pruned(&api, tile) { pruned() } else { none() })?;
    Ok(([(header::CONTENT_TYPE, OCTET_STREAM)], bytes).into_response())
}

/// Which signatures make a checkpoint hold.
#[utoipa::path(
    get, path = path::POLICY, tag = "audit log",
    responses((status = 200, description = "A policy file (C2SP tlog-policy). Compare it with \
        one that you have by another way.", body = String, content_type = "text/plain")),
)]
pub(super) async fn policy(Shared(api): Shared<Arc<Api>>) -> Response {
    text(api.audit_log.policy().to_string())
}

/// The proof that an entry is in the log.
#[utoipa::path(
    get, path = path::LOG_PROOF, tag = "audit log",
    params(("index" = u64, Path, description = "The entry's place in the log, from 0.")),
    responses(
        (status = 200, description = "A proof (C2SP tlog-proof) under the latest checkpoint.",
            body = String, content_type = "text/plain"),
        (status = "4XX", description = "No entry of this log (6209)."),
        (status = 503, description = "No checkpoint covers it yet (7004)."),
    ),
)]
pub(super) async fn proof(
    Shared(api): Shared<Arc<Api>>,
    Segments(index): Segments<u64>,
) -> Answer<Response> {
    api.proof_of(index).await.map(|proof| text(proof.to_string()))
}

/// The proof that a transaction's receipt is in the log.
#[utoipa::path(
    get, path = path::RECEIPT_PROOF, tag = "audit log",
    params(("id" = String, Path, description = "The transaction.")),
    responses(
        (status = 200, description = "A proof (C2SP tlog-proof) whose extra data are the entry's \
            bytes.", body = String, content_type = "text/plain"),
        (status = "4XX", description = "Not committed (6201)."),
        (status = 503, description = "No checkpoint covers it yet (7004)."),
    ),
)]
pub(super) async fn receipt_proof(
    Shared(api): Shared<Arc<Api>>,
    Segments(id): Segments<TransactionId>,
) -> Answer<Response> {
    api.proof_of_receipt(&id).await.map(|proof| text(proof.to_string()))
}

impl Api {
    /// The proof of a transaction's receipt, whose bytes are its extra data.
    pub(super) async fn proof_of_receipt(&self, id: &TransactionId) -> Answer<TlogProof> {
        let unknown = || Failure::new(ApiCode::UnknownTransaction, "no block holds it");
        let receipt = self.known(id)?.ok_or_else(unknown)?;
        let log = Arc::clone(self.audit_log.log());
        let before = receipt.height.get().saturating_sub(1);
        let size = self.blocking(move |_| log.size_after(Height::new(before))).await?;
        let size = size.map_err(|error| failed(&error))?.ok_or_else(no_checkpoint)?;
        let index = size.saturating_add(u64::from(receipt.index));
        let mut proof = self.proof_of(index).await?;
        // Not out of the log: it may have been pruned, and the receipt is the entry.
        proof.extra = Some(Entry::Receipt(receipt).encode());
        Ok(proof)
    }

    /// The bytes of an entry that a checkpoint covers.
    pub(super) async fn log_entry(&self, index: u64) -> Answer<Vec<u8>> {
        let log = Arc::clone(self.audit_log.log());
        let entry = self.blocking(move |_| log.entry(index)).await?;
        entry.map_err(|error| failed(&error))?.ok_or_else(no_checkpoint)
    }

    /// The proof of an entry, once a checkpoint covers it.
    async fn proof_of(&self, index: u64) -> Answer<TlogProof> {
        let checkpoint = self.covering(index.saturating_add(1)).await?;
        self.proof_under(index, &checkpoint).await
    }

    /// The proof of an entry under a checkpoint that covers it.
    pub(super) async fn proof_under(
        &self,
        index: u64,
        checkpoint: &SignedCheckpoint,
    ) -> Answer<TlogProof> {
        let log = Arc::clone(self.audit_log.log());
        let size = checkpoint.checkpoint().size;
        let read = move |_: &_| TileReader::new(log.as_ref(), size).inclusion(index);
        let path = self.blocking(read).await?;
        let path = path.map_err(|error| {
            tracing::error!(%error, index, "the audit log cannot be read");
            Failure::new(ApiCode::InternalFault, "the audit log cannot be read")
        })?;
        Ok(TlogProof { extra: None, index, path, checkpoint: checkpoint.clone() })
    }

    /// The latest checkpoint, once it covers so many entries.
    pub(super) async fn covering(&self, size: u64) -> Answer<Arc<SignedCheckpoint>> {
        if size > self.audit_log.log().head().borrow().size {
            return Err(Failure::new(ApiCode::NotInAuditLog, "the log has no such entry"));
        }
        let mut latest = self.audit_log.checkpoint();
        let covers = |latest: &Option<Arc<SignedCheckpoint>>| {
            latest.as_ref().is_some_and(|latest| latest.checkpoint().size >= size)
        };
        match tokio::time::timeout(COVERED_AFTER, latest.wait_for(covers)).await {
            Ok(Ok(latest)) => latest.clone().ok_or_else(no_checkpoint),
            _ => Err(no_checkpoint()),
        }
    }
}

fn is_pruned(api: &Api, tile: Tile) -> bool {
    tile.kind == TileKind::Entries && tile.index < api.audit_log.log().pruned().bundles()
}

fn pruned() -> Failure {
    Failure::new(ApiCode::EntriesPruned, "ask another member, or prove without the entries")
}

pub(super) fn no_checkpoint() -> Failure {
    Failure::new(ApiCode::NotReady, "no checkpoint with a quorum covers it yet")
}

fn failed(error: &crate::store::StoreError) -> Failure {
    tracing::error!(%error, "the audit log cannot be read");
    Failure::new(ApiCode::InternalFault, "the audit log cannot be read")
}

fn text(text: String) -> Response {
    ([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], text).into_response()
}
