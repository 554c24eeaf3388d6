//! Shops: payments that are remembered, to those whose they are, and terminals.

use std::sync::Arc;

use axum::Json;
use axum::extract::State as Shared;
use ledger_types::{Hash, ZoneId};
use node_api::ApiCode;
use node_api::body::{PaymentBody, TerminalKeyBody, TerminalsBody};
use node_api::path;
use node_api::query::ByRead;

use super::Api;
use super::extract::{self, Params, Segments};
use super::failure::{Answer, Failure};
use super::network::no_zone;
use super::reader::{SignedParts, ask};
use crate::query::shops::{self, Payer};
use crate::rights::{Extent, Matter, Named, OneMerchant, OnePayment};

/// A payment at a shop, for as long as it can be refunded.
///
/// In answer to a signed request: to its payer and to its shop, and to whoever may read their
/// accounts; the shop is not told who paid.
#[utoipa::path(
    get, path = path::PAYMENT, tag = "zones",
    params(("id" = String, Path, description = "Its number, 64 hexadecimal digits."), ByRead),
    security(("reader" = [])),
    responses(
        (status = 200, description = "The payment.", body = PaymentBody),
        (status = "4XX", description = "Not there, or not any more (6226); not signed, or not entitled."),
    ),
)]
pub(super) async fn payment(
    Shared(api): Shared<Arc<Api>>,
    Segments(id): Segments<Hash>,
    Params(asked): Params<ByRead>,
    signed: SignedParts,
) -> Answer<Json<PaymentBody>> {
    let state = api.query.state();
    let named = Named { read: asked.read, ..Named::default() };
    let reader = signed.signer(&state)?.naming(named);
    let found = state.payment(&id);
    let parties = found.map(|one| OnePayment { payer: one.payer, merchant: one.merchant });
    let extent = ask(&state, &reader, &Matter::Payment(parties))?;
    let none = || Failure::new(ApiCode::PaymentNotFound, format!("no payment {id} is remembered"));
    let payer = if extent == Extent::All { Payer::Told } else { Payer::LeftOut };
    Ok(Json(shops::payment(&state, id, found.ok_or_else(none)?, payer)))
}

/// The terminals of a shop: to the shop, and to whoever may read its account.
#[utoipa::path(
    get, path = path::TERMINALS, tag = "zones",
    params(
        ("zone" = u16, Path, description = "The zone's number."),
        ("address" = String, Path, description = "The shop's address."),
        ByRead,
    ),
    security(("reader" = [])),
    responses(
        (status = 200, description = "In order of number.", body = TerminalsBody),
        (status = "4XX", description = "The zone is not there (6205); not signed, or not entitled; no shop of the zone (6224)."),
    ),
)]
pub(super) async fn terminals(
    Shared(api): Shared<Arc<Api>>,
    Segments((zone, address)): Segments<(ZoneId, String)>,
    Params(asked): Params<ByRead>,
    signed: SignedParts,
) -> Answer<Json<TerminalsBody>> {
    let state = api.query.state();
    if state.zone(zone).is_none() {
        return Err(no_zone(zone));
    }
    let named = Named { read: asked.read, ..Named::default() };
    let reader = signed.signer(&state)?.naming(named);
    let account = extract::account(&address, state.address_prefix())?;
    ask(&state, &reader, &Matter::Terminals(OneMerchant { zone, account }))?;
    if state.merchant(zone, &account).is_none() {
        return Err(no_merchant(zone, &address));
    }
    Ok(Json(shops::terminals(&state, zone, &account)))
}

pub(super) fn no_merchant(zone: ZoneId, address: &str) -> Failure {
    let said = format!("{address} is no merchant of zone {zone}");
    Failure::new(ApiCode::MerchantNotFound, said)
}

/// The key of a shop's terminal, by which whoever is asked to pay knows who asks.
#[utoipa::path(
    get, path = path::TERMINAL, tag = "zones",
    params(
        ("zone" = u16, Path, description = "The zone's number."),
        ("address" = String, Path, description = "The shop's address."),
        ("terminal" = u16, Path, description = "The terminal's number."),
    ),
    responses(
        (status = 200, description = "Its key, and whether it may ask to be paid.", body = TerminalKeyBody),
        (status = 404, description = "The zone is not there (6205), or the shop has no such terminal (6227)."),
    ),
)]
pub(super) async fn terminal(
    Shared(api): Shared<Arc<Api>>,
    Segments((zone, address, terminal)): Segments<(ZoneId, String, u16)>,
) -> Answer<Json<TerminalKeyBody>> {
    let state = api.query.state();
    if state.zone(zone).is_none() {
        return Err(no_zone(zone));
    }
    let account = extract::account(&address, state.address_prefix())?;
    let none = || {
        let said = format!("{address} has no terminal {terminal} in zone {zone}");
        Failure::new(ApiCode::TerminalNotFound, said)
    };
    shops::terminal(&state, zone, &account, terminal).map(Json).ok_or_else(none)
}
