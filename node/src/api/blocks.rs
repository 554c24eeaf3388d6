//! Blocks and their receipts: public, for a block names nobody.

use std::sync::Arc;

use axum::Json;
use axum::extract::State as Shared;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse as _, Response};
use ledger_types::{Height, Receipt, codec};
use node_api::body::{BlockBody, ReceiptBody};
use node_api::path;
use node_api::text::schema::Octets;
use node_api::{ApiCode, OCTET_STREAM};

use super::Api;
use super::extract::{self, Segments};
use super::failure::{Answer, Failure};
use crate::query::BlockHead;

/// A block.
#[utoipa::path(
    get, path = path::BLOCK, tag = "blocks",
    params(("height" = String, Path, description = "A height from 1, or `latest`.")),
    responses(
        (status = 200, description = "Its header and how it was decided.", body = BlockBody),
        (status = "4XX", description = "Not decided yet (6203), or not stored any more (6204)."),
    ),
)]
pub(super) async fn block(
    Shared(api): Shared<Arc<Api>>,
    Segments(height): Segments<String>,
) -> Answer<Json<BlockBody>> {
    let height = api.stored_height(&height)?;
    let found = api.blocking(move |query| query.block_head(height)).await??;
    let BlockHead { header, transactions, certificate } = found.ok_or_else(|| not_found(height))?;
    Ok(Json(BlockBody::of(&header, transactions, &certificate)))
}

/// A block's receipts.
///
/// In order. As octets (`Accept: application/octet-stream`): the canonical (borsh) bytes of the
/// list of receipts, the same that the audit log holds.
#[utoipa::path(
    get, path = path::BLOCK_RECEIPTS, tag = "blocks",
    params(("height" = String, Path, description = "A height from 1, or `latest`.")),
    responses(
        (status = 200, description = "What became of each transaction.", content(
            (Vec<ReceiptBody> = "application/json"),
            (Octets = "application/octet-stream"),
        )),
        (status = "4XX", description = "Not decided yet (6203), or not stored any more (6204)."),
        (status = 501, description = "The node keeps no index and the block is not recent."),
    ),
)]
pub(super) async fn receipts(
    Shared(api): Shared<Arc<Api>>,
    Segments(height): Segments<String>,
    headers: HeaderMap,
) -> Answer<Response> {
    let height = api.stored_height(&height)?;
    api.readable_block(height).await?;
    let found = api.blocking(move |query| query.receipts(height)).await??;
    let receipts: Arc<[Receipt]> = found.ok_or_else(|| not_found(height))?;
    if extract::accepts_octets(&headers) {
        let octets = codec::encode(&receipts.as_ref());
        return Ok(([(header::CONTENT_TYPE, OCTET_STREAM)], octets).into_response());
    }
    let bodies: Vec<ReceiptBody> = receipts.iter().map(ReceiptBody::of).collect();
    Ok(Json(bodies).into_response())
}

pub(super) fn not_found(height: Height) -> Failure {
    Failure::new(ApiCode::BlockNotFound, format!("block {height} is not decided yet"))
}

impl Api {
    /// A height whose block was decided and is stored.
    pub(super) fn stored_height(&self, text: &str) -> Answer<Height> {
        let tip = self.query.state().height();
        let height = extract::height(text, tip)?;
        if height == Height::GENESIS || height > tip {
            return Err(not_found(height));
        }
        let earliest = self.query.earliest();
        if height < earliest {
            let detail = format!("the earliest block here is {earliest}");
            return Err(Failure::new(ApiCode::BlockPruned, detail));
        }
        Ok(height)
    }

    /// Waits until the feed has taken a block that the state has.
    async fn readable_block(&self, height: Height) -> Answer<()> {
        let is_readable = self.query.feed().reaches(height).await;
        let still_read = || Failure::new(ApiCode::Busy, "the block is still being read");
        is_readable.then_some(()).ok_or_else(still_read)
    }
}
