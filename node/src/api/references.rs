//! What a bank used a core banking reference for: told to the bank alone.

use std::sync::Arc;

use axum::Json;
use axum::extract::State as Shared;
use ledger_types::{BankId, Hash};
use node_api::ApiCode;
use node_api::body::HistoryEntry;
use node_api::path;

use super::Api;
use super::extract::Segments;
use super::failure::{Answer, Failure};
use super::reader::SignedParts;
use crate::rights::{Matter, Named};

/// What a bank used a core banking reference for: for whom, how much, when, and in which transaction.
///
/// The reference is the commitment that the bank's operation carried.
#[utoipa::path(
    get, path = path::REFERENCE, tag = "accounts",
    params(
        ("bank" = u16, Path, description = "The bank's code."),
        ("reference" = String, Path, description = "64 hexadecimal digits."),
    ),
    responses(
        (status = 200, description = "The event, as the bank's history has it.", body = HistoryEntry),
        (status = 404, description = "The bank did not use it (6213)."),
        (status = "4XX", description = "Not signed, or not by this bank (6107)."),
        (status = 501, description = "The node keeps no index."),
    ),
)]
pub(super) async fn reference(
    Shared(api): Shared<Arc<Api>>,
    Segments((bank, reference)): Segments<(BankId, Hash)>,
    signed: SignedParts,
) -> Answer<Json<HistoryEntry>> {
    {
        let state = api.query.state();
        signed.ask(&state, Named::default(), &Matter::Reference(bank))?;
    }
    let found = api.indexed(move |query| query.reference(bank, &reference)).await?;
    found.map(Json).ok_or_else(|| Failure::new(ApiCode::ReferenceNotFound, "no issue used it"))
}
