//! Permitted accesses: from the state, and after that from the index and the log, with what proves them.

use std::sync::Arc;

use axum::Json;
use axum::extract::State as Shared;
use axum::response::Response;
use ledger_types::Hash;
use ledger_types::operation::AccessBasis;
use node_api::ApiCode;
use node_api::body::AccessBody;
use node_api::path;
use node_api::query::Right;
use node_api::text::schema::BundleDocument;

use super::Api;
use super::audit::no_checkpoint;
use super::extract::{Params, Segments};
use super::failure::{Answer, Failure, gone};
use super::reader::{SignedParts, ask_of};
use crate::query::{FoundAccess, Query, QueryError, Step, records};
use crate::rights::{Accesses, Matter, Named};

/// A permitted access.
///
/// Read by its requester, its subject, the consent's controller, the holder that recorded its half,
/// and, so that it can check what it is shown, any data holder that names it. Once both halves came
/// and match, the ledger's state lets it go after some days (`ended`); it is then read by the same,
/// from this node's index and log.
#[utoipa::path(
    get, path = path::ACCESS, tag = "consent",
    params(("id" = String, Path, description = "The access: 64 hexadecimal digits."), Right),
    responses(
        (status = 200, description = "What was permitted, and the halves of its record.",
            body = AccessBody),
        (status = "4XX", description = "Not signed, not entitled (6107, 6110), or, for a data holder, not there \
                (6211)."),
        (status = 501, description = "It is not in the state, and the node keeps no index."),
    ),
)]
pub(super) async fn access(
    Shared(api): Shared<Arc<Api>>,
    Segments(id): Segments<Hash>,
    Params(asked): Params<Right>,
    signed: SignedParts,
) -> Answer<Json<AccessBody>> {
    let found = api.entitled_to_access(id, &asked, &signed, Matter::Access).await?;
    let told = if api.query.is_indexed() {
        api.indexed(move |query| told(query, &id)).await?
    } else {
        (Vec::new(), None)
    };
    let (steps, basis) = told;
    Ok(Json(records::access(&api.query.state(), (&id, &found), &steps, basis)))
}

/// The bundle of what happened to an access: that the receipts of the transactions which asked for
/// it, recorded its halves and named its holder are in the log.
///
/// Which operation of a transaction it was, the access says (`steps`); those whom an operation
/// concerns read it with its transaction, whose hash the receipt names.
#[utoipa::path(
    get, path = path::ACCESS_BUNDLE, tag = "audit log",
    params(("id" = String, Path, description = "The access: 64 hexadecimal digits."), Right),
    responses(
        (status = 200, description = "A bundle with one claim for each transaction.",
            body = BundleDocument),
        (status = "4XX", description = "Not signed, not entitled (6107, 6110), or, for a data holder, not there \
                (6211)."),
        (status = 501, description = "The node keeps no index."),
        (status = 503, description = "No checkpoint covers it yet (7004)."),
    ),
)]
pub(super) async fn bundle(
    Shared(api): Shared<Arc<Api>>,
    Segments(id): Segments<Hash>,
    Params(asked): Params<Right>,
    signed: SignedParts,
) -> Answer<Response> {
    api.entitled_to_access(id, &asked, &signed, Matter::AccessBundle).await?;
    let steps = api.indexed(move |query| query.access_steps(&id)).await?;
    let receipts = steps.iter().filter_map(Step::receipt);
    let placed = receipts.map(|(entry, receipt)| Some((entry?, receipt)));
    let mut receipts: Vec<_> = placed.collect::<Option<_>>().ok_or_else(no_checkpoint)?;
    // One transaction may have done two of these things.
    receipts.dedup();
    api.receipts_bundle(&receipts).await
}

/// What happened to an access, and what was asked for.
fn told(query: &Query, id: &Hash) -> Result<(Vec<Step>, Option<AccessBasis>), QueryError> {
    let steps = query.access_steps(id)?;
    let asked = query.asked_for(id, &steps)?;
    Ok((steps, asked))
}

/// The accesses that a request names, each as it was found; those that are nowhere are left out.
pub(super) struct Found(Vec<(Hash, FoundAccess)>);

impl Found {
    /// One of them.
    pub(super) fn get(&self, id: &Hash) -> Option<&FoundAccess> {
        self.0.iter().find(|(access, _)| access == id).map(|(_, found)| found)
    }

    /// Their records, for a decision on who may read.
    pub(super) fn records(&self) -> Accesses {
        self.0.iter().map(|(id, found)| (*id, found.record.clone())).collect()
    }
}

impl Api {
    /// Looks up accesses that a signer names.
    pub(super) async fn accesses(&self, named: impl IntoIterator<Item = Hash>) -> Answer<Found> {
        let mut all = Vec::new();
        for id in named {
            let in_state = self.query.access_in_state(&id);
            let found = match in_state {
                Some(found) => Some(found),
                None => self.ended(id).await?,
            };
            all.extend(found.map(|found| (id, found)));
        }
        Ok(Found(all))
    }

    /// An access that the state does not have: it ended, or it is nowhere. Where the index lies
    /// behind, neither can be said.
    async fn ended(&self, id: Hash) -> Answer<Option<FoundAccess>> {
        let tip = self.query.state().height();
        let found = self.indexed(move |query| query.ended_access(&id)).await?;
        if found.is_none() && !self.query.has_indexed(tip) {
            return Err(Failure::new(ApiCode::NotReady, "the index is behind the last block"));
        }
        Ok(found)
    }

    /// An access, once the signer was found to be entitled to it.
    async fn entitled_to_access(
        &self,
        id: Hash,
        right: &Right,
        signed: &SignedParts,
        matter: impl FnOnce(Hash) -> Matter<'static>,
    ) -> Answer<FoundAccess> {
        let reader = signed.signer(&self.query.state())?.naming(Named::from(right));
        let found = self.accesses([id]).await?;
        ask_of(&self.query.state(), &found.records(), &reader, &matter(id))?;
        found.get(&id).cloned().ok_or_else(gone)
    }
}
