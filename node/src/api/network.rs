//! The network in one look: status, validators, supply, zones and their merchants.

use std::sync::Arc;

use axum::Json;
use axum::extract::State as Shared;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use ledger_types::{BankId, ZoneId};
use node_api::ApiCode;
use node_api::body::{
    MerchantBody, MerchantPage, PayoutTermsBody, StatusBody, SupplyBody, ValidatorsBody, ZoneBody,
    ZonesBody,
};
use node_api::path;
use node_api::query::Page;

use super::Api;
use super::extract::{self, Params, Segments};
use super::failure::{Answer, Failure};
use super::published::published;
use super::reader::{SignedParts, ask};
use super::shops::no_merchant;
use crate::directory::Served;
use crate::query::books;
use crate::rights::{Matter, Named, OneMerchant};

/// The node and its network.
#[utoipa::path(
    get, path = path::STATUS, tag = "network",
    responses((status = 200, description = "How far the node is.", body = StatusBody)),
)]
pub(super) async fn status(Shared(api): Shared<Arc<Api>>) -> Json<StatusBody> {
    let outlook = (api.outlook)();
    let state = api.query.state();
    let node = outlook.body(state.validators(), &api.now(state.height()));
    let status = books::status(&state, api.mempool.len(), api.clock.lab());
    Json(StatusBody { node: Some(node), ..status })
}

/// The validators, in the order of their turns.
#[utoipa::path(
    get, path = path::VALIDATORS, tag = "network",
    responses((status = 200, description = "Keys, power, missed turns.", body = ValidatorsBody)),
)]
pub(super) async fn validators(Shared(api): Shared<Arc<Api>>) -> Json<ValidatorsBody> {
    let state = api.query.state();
    let next = state.height().next().unwrap_or(state.height());
    Json(ValidatorsBody::of(state.validators(), state.rotation(), next))
}

/// All money on the ledger, and whether it adds up.
///
/// As of the tip. Every sum is checked: balances against what banks owe, issued less redeemed,
/// zones against their sub-accounts, positions against zero.
#[utoipa::path(
    get, path = path::SUPPLY, tag = "network",
    responses((status = 200, description = "By bank, pair and zone.", body = SupplyBody)),
)]
pub(super) async fn supply(Shared(api): Shared<Arc<Api>>) -> Answer<Json<SupplyBody>> {
    Ok(Json(api.blocking(crate::query::Query::supply).await?))
}

/// The zones.
#[utoipa::path(
    get, path = path::ZONES, tag = "zones",
    responses((status = 200, description = "In order of number.", body = ZonesBody)),
)]
pub(super) async fn zones(Shared(api): Shared<Arc<Api>>) -> Json<ZonesBody> {
    let state = api.query.state();
    let zones = state.zones().filter_map(|(zone, _)| books::zone(&state, zone)).collect();
    Json(ZonesBody { zones })
}

/// Public names of banks, zones, parties and shops.
///
/// A file that a key of genesis signed (`directory_keys` of the status): verify it, for the node only
/// passes it on. With `If-None-Match`, 304 where it is still the same.
#[utoipa::path(
    get, path = path::DIRECTORY, tag = "network",
    responses(
        (status = 200, description = "A document of form `kyojo-directory/1`, with its `ETag`.",
            body = serde_json::Value, content_type = "application/json"),
        (status = 304, description = "It is the one of `If-None-Match`."),
        (status = "4XX", description = "This node serves none (6214)."),
    ),
)]
pub(super) async fn directory(
    Shared(api): Shared<Arc<Api>>,
    headers: HeaderMap,
) -> Answer<Response> {
    let directories = Arc::clone(&api.directories);
    let served = api.blocking(move |_| directories.current()).await?;
    let none = || Failure::new(ApiCode::NoDirectory, "this node serves no directory of names");
    let Served { bytes, etag, .. } = served.ok_or_else(none)?;
    let asked = headers.get(header::IF_NONE_MATCH).and_then(|asked| asked.to_str().ok());
    let is_known = asked.is_some_and(|asked| {
        asked.split(',').any(|one| matches!(one.trim(), "*") || one.trim() == etag)
    });
    let tag = [(header::ETAG, etag)];
    if is_known {
        return Ok((StatusCode::NOT_MODIFIED, tag).into_response());
    }
    Ok((tag, [(header::CONTENT_TYPE, "application/json")], bytes).into_response())
}

pub(super) fn no_zone(zone: ZoneId) -> Failure {
    Failure::new(ApiCode::ZoneNotFound, format!("zone {zone} is not there"))
}

published! { "zones";
    /// A zone.
    ZONE zone("zone" = u16, "Its number.")
    -> ZoneBody "The zone.", or "Not there (6205)." || no_zone(zone),
    |state, zone: ZoneId| books::zone(state, zone);
}

published! { "supply";
    /// What a bank says of the payouts of shops that it keeps.
    PAYOUT_TERMS payout_terms("bank" = u16, "Its four-digit code.")
    -> PayoutTermsBody "What it asks for, and when it sends none.", or "Not there (6229)."
    || Failure::new(ApiCode::BankNotFound, "there is no such bank"),
    |state, bank: BankId| books::payout_terms(state, bank);
}

/// A zone's merchants.
///
/// To everybody where the zone publishes them; otherwise in answer to a signed request, to its
/// operator and to its merchants.
#[utoipa::path(
    get, path = path::MERCHANTS, tag = "zones",
    params(("zone" = u16, Path, description = "Its number."), Page),
    security((), ("reader" = [])),
    responses(
        (status = 200, description = "A page, in order of account.", body = MerchantPage),
        (status = "4XX", description = "The zone is not there (6205), or does not publish them (6101, 6221)."),
    ),
)]
pub(super) async fn merchants(
    Shared(api): Shared<Arc<Api>>,
    Segments(zone): Segments<ZoneId>,
    Params(page): Params<Page>,
    signed: SignedParts,
) -> Answer<Json<MerchantPage>> {
    let state = api.query.state();
    if state.zone(zone).is_none() {
        return Err(no_zone(zone));
    }
    let reader = signed.reader(&state, Named::default())?;
    ask(&state, &reader, &Matter::Merchants(zone))?;
    let prefix = state.address_prefix();
    let (found, next) = extract::page_by_account(state.merchants(zone), &page)?;
    let merchants =
        found.into_iter().map(|(account, merchant)| books::merchant(&account, merchant, prefix));
    Ok(Json(MerchantPage { merchants: merchants.collect(), next }))
}

/// One merchant of a zone.
///
/// To everybody where the zone publishes its merchants; otherwise in answer to a signed request, to
/// its operator, to its merchants and to the account's holder.
#[utoipa::path(
    get, path = path::MERCHANT, tag = "zones",
    params(
        ("zone" = u16, Path, description = "The zone's number."),
        ("address" = String, Path, description = "The merchant's address."),
    ),
    security((), ("reader" = [])),
    responses(
        (status = 200, description = "The merchant.", body = MerchantBody),
        (status = "4XX", description = "The zone is not there (6205), it does not publish its merchants (6101, 6221), or this is none of them (6224)."),
    ),
)]
pub(super) async fn merchant(
    Shared(api): Shared<Arc<Api>>,
    Segments((zone, address)): Segments<(ZoneId, String)>,
    signed: SignedParts,
) -> Answer<Json<MerchantBody>> {
    let state = api.query.state();
    if state.zone(zone).is_none() {
        return Err(no_zone(zone));
    }
    let reader = signed.reader(&state, Named::default())?;
    let account = extract::account(&address, state.address_prefix())?;
    ask(&state, &reader, &Matter::Merchant(OneMerchant { zone, account }))?;
    let none = || no_merchant(zone, &address);
    let merchant = state.merchant(zone, &account).ok_or_else(none)?;
    Ok(Json(books::merchant(&account, merchant, state.address_prefix())))
}
