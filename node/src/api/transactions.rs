//! Transactions and receipts: standing and receipt for everyone, content for whom it concerns.

use std::sync::Arc;

use axum::Json;
use axum::extract::State as Shared;
use ledger_types::{Receipt, Transaction, TransactionId};
use node_api::ApiCode;
use node_api::body::{
    OperationBody, ReceiptBody, TransactionBody, TransactionState, TransactionStatus,
};
use node_api::path;
use node_api::query::{ByRead, Wait};

use super::Api;
use super::extract::{self, Params, Segments};
use super::failure::{Answer, Failure};
use super::reader::{SignedParts, ask};
use crate::query::QueryError;
use crate::rights::{Concerned, Extent, Matter, Named};

fn unknown() -> Failure {
    let detail = "no block holds it, as far as this node knows";
    Failure::new(ApiCode::UnknownTransaction, detail)
}

/// A transaction's receipt.
///
/// With `wait_ms` the answer waits for a block to hold it. Public: it names nobody.
#[utoipa::path(
    get, path = path::RECEIPT, tag = "transactions",
    params(("id" = String, Path, description = "The transaction: 64 hexadecimal digits."), Wait),
    responses(
        (status = 200, description = "What became of it.", body = ReceiptBody),
        (status = "4XX", description = "404 with code 6201 while no block holds it."),
    ),
)]
pub(super) async fn receipt(
    Shared(api): Shared<Arc<Api>>,
    Segments(id): Segments<TransactionId>,
    Params(Wait { wait_ms }): Params<Wait>,
) -> Answer<Json<ReceiptBody>> {
    let wait = extract::wait(wait_ms)?;
    let waiting = wait.map(|_| api.query.feed().wait(id));
    let mut found = api.known(&id)?;
    if let (None, Some(mut waiting), Some(wait)) = (&found, waiting, wait) {
        found = tokio::time::timeout(wait, waiting.receipt()).await.unwrap_or(None);
        if found.is_none() {
            found = api.known(&id)?;
        }
    }
    if found.is_none() {
        // Whoever is told "none" may do it again, so that is said of what is known alone: not of
        // blocks that are not indexed yet, and not where there is no index.
        api.query.caught_up().await;
        if !api.query.is_caught_up() {
            return Err(Failure::new(ApiCode::NotReady, "the index is behind the last block"));
        }
        found = api.query.receipt(&id)?;
    }
    found.as_ref().map(|receipt| Json(ReceiptBody::of(receipt))).ok_or_else(unknown)
}

/// A transaction.
///
/// Standing and receipt are public. The content comes in answer to a signed request by the sender,
/// its custodian, or an auditor that has recorded the read. Once it is committed, those whose
/// histories tell all that one of its operations did, and their custodians, are shown this operation
/// and nothing beside it; a merchant that is paid inside a zone, and who is paid one of many
/// dividends, see the payment in their histories instead.
#[utoipa::path(
    get, path = path::TRANSACTION, tag = "transactions",
    params(("id" = String, Path, description = "The transaction: 64 hexadecimal digits."), ByRead),
    security((), ("reader" = [])),
    responses(
        (status = 200, description = "Where it stands.", body = TransactionStatus),
        (status = "4XX", description = "Unknown, or signed by someone without a right to it."),
    ),
)]
pub(super) async fn transaction(
    Shared(api): Shared<Arc<Api>>,
    Segments(id): Segments<TransactionId>,
    Params(asked): Params<ByRead>,
    signed: SignedParts,
) -> Answer<Json<TransactionStatus>> {
    let named = Named { read: asked.read, ..Named::default() };
    if signed.is_signed() {
        api.query.caught_up().await;
    }
    let (receipt, content) = api.locate(&id)?;
    let (content, operations) = shown(&api, (&signed, named), receipt.as_ref(), content.as_ref())?;
    let state = match &receipt {
        None => TransactionState::Pending,
        Some(receipt) if receipt.is_committed() => TransactionState::Committed,
        Some(_) => TransactionState::Rejected,
    };
    let receipt = receipt.as_ref().map(ReceiptBody::of);
    Ok(Json(TransactionStatus { transaction: id, state, receipt, content, operations }))
}

impl Api {
    fn locate(&self, id: &TransactionId) -> Answer<(Option<Receipt>, Option<Transaction>)> {
        match self.query.transaction(id) {
            Ok(Some((receipt, content))) => return Ok((Some(receipt), content)),
            Ok(None) => {}
            Err(QueryError::NoIndex) => {
                if let Some(receipt) = self.known(id)? {
                    return Ok((Some(receipt), None));
                }
            }
            Err(error) => return Err(error.into()),
        }
        if let Some(waiting) = self.mempool.get(id) {
            return Ok((None, Some(waiting.into_transaction())));
        }
        // It may have gone from the mempool into a block meanwhile.
        self.known(id)?.map(|receipt| (Some(receipt), None)).ok_or_else(unknown)
    }
}

/// All of a transaction, or some of its operations.
type Shown = (Option<TransactionBody>, Option<Vec<OperationBody>>);

/// The content, where it is stored, as far as it is shown.
fn shown(
    api: &Api,
    (signed, named): (&SignedParts, Named),
    receipt: Option<&Receipt>,
    content: Option<&Transaction>,
) -> Answer<Shown> {
    let asked = content.filter(|_| signed.is_signed());
    let told = asked.map(|content| api.query.told_of(content, receipt)).transpose()?;
    let concerned = asked.zip(told.as_deref());
    let concerned =
        concerned.map(|(content, told)| Concerned { sender: content.unsigned.account, told });
    let state = api.query.state();
    let reader = signed.reader(&state, named)?;
    let prefix = state.address_prefix();
    match ask(&state, &reader, &Matter::Transaction(concerned))? {
        Extent::All => Ok((content.map(|it| TransactionBody::of(it, prefix)), None)),
        Extent::Operations(places) => {
            let is_shown = |body: &OperationBody| places >> body.operation & 1 == 1;
            let all = content.into_iter().flat_map(|it| OperationBody::each_of(it, prefix));
            Ok((None, Some(all.filter(is_shown).collect())))
        }
        Extent::AsTo(_)
        | Extent::WithoutPeople
        | Extent::WithPseudonyms
        | Extent::WithoutContent => Ok((None, None)),
    }
}
