//! Accounts and histories: signed reads by the holder, its custodian and, by record, auditors.

use std::sync::Arc;

use axum::Json;
use axum::extract::State as Shared;
use ledger_types::AccountId;
use node_api::ApiCode;
use node_api::body::{AccountBody, HistoryPage};
use node_api::path;
use node_api::query::{ByRead, Log};

use super::Api;
use super::extract::{self, Params, Segments};
use super::failure::{Answer, Failure};
use super::logs::shown;
use super::reader::{SignedParts, ask};
use crate::query::{Cursor as _, books};
use crate::rights::{Extent, Matter, Named};

/// An account, a data subject or a party.
#[utoipa::path(
    get, path = path::ACCOUNT, tag = "accounts",
    params(("address" = String, Path, description = "The account's address."), ByRead),
    responses(
        (status = 200, description = "Balance, authority and nonces.", body = AccountBody),
        (status = "4XX", description = "Not signed, not entitled, or not there."),
    ),
)]
pub(super) async fn account(
    Shared(api): Shared<Arc<Api>>,
    Segments(address): Segments<String>,
    Params(asked): Params<ByRead>,
    signed: SignedParts,
) -> Answer<Json<AccountBody>> {
    let named = Named { read: asked.read, ..Named::default() };
    let state = api.query.state();
    let signer = signed.signer(&state)?;
    let account = extract::account(&address, state.address_prefix())?;
    let is_own = signer.account == account;
    ask(&state, &signer.naming(named), &Matter::Account(account))?;
    let body = if is_own { books::own_account } else { books::account };
    body(&state, &account).map(Json).ok_or_else(|| not_found(&address))
}

/// An account's history.
///
/// What happened, as the ledger said it, newest first. A transaction that was rejected changed
/// nothing and is seen by its sender alone. A merchant sees who pays it as a pseudonym of its own.
/// It reaches as far back as the node stores blocks. An auditor names its committed
/// `read_access_log`, at most 10 minutes old, by a view of the account, its bank or its zone; that
/// read is an entry of the history of each account that it covers.
#[utoipa::path(
    get, path = path::HISTORY, tag = "accounts",
    params(("address" = String, Path, description = "The account's address."), Log),
    responses(
        (status = 200, description = "A page of what happened.", body = HistoryPage),
        (status = "4XX", description = "Not signed, not entitled, or not there."),
        (status = 501, description = "The node keeps no index."),
    ),
)]
pub(super) async fn history(
    Shared(api): Shared<Arc<Api>>,
    Segments(address): Segments<String>,
    Params(page): Params<Log>,
    signed: SignedParts,
) -> Answer<Json<HistoryPage>> {
    let named = Named { read: page.read, ..Named::default() };
    let (account, extent) = api.entitled_by(named, &address, &signed, Matter::History)?;
    if books::account(&api.query.state(), &account).is_none() {
        return Err(not_found(&address));
    }
    let shown = shown(extent);
    let (cursor, limit) = extract::page(page.cursor.as_deref(), page.limit)?;
    let history = api.indexed(move |query| query.history(&account, shown, cursor, limit)).await?;
    let next = history.next.map(|cursor| cursor.text());
    Ok(Json(HistoryPage { entries: history.entries, next }))
}

pub(super) fn not_found(address: &str) -> Failure {
    Failure::new(ApiCode::AccountNotFound, format!("{address} is not there"))
}

impl Api {
    /// The account at an address, and how much of this is shown of it if it exists.
    pub(super) fn entitled_to(
        &self,
        address: &str,
        signed: &SignedParts,
        matter: fn(AccountId) -> Matter<'static>,
    ) -> Answer<(AccountId, Extent)> {
        self.entitled_by(Named::default(), address, signed, matter)
    }

    /// The same by rights that the reader names.
    pub(super) fn entitled_by(
        &self,
        named: Named,
        address: &str,
        signed: &SignedParts,
        matter: fn(AccountId) -> Matter<'static>,
    ) -> Answer<(AccountId, Extent)> {
        let state = self.query.state();
        let reader = signed.signer(&state)?.naming(named);
        let account = extract::account(address, state.address_prefix())?;
        let extent = ask(&state, &reader, &matter(account))?;
        Ok((account, extent))
    }
}
