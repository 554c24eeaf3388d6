//! What a zone did in a month: its public report, and the fees of each merchant.

use std::sync::Arc;

use axum::Json;
use axum::extract::State as Shared;
use ledger::State;
use ledger_types::ZoneId;
use ledger_types::japan::JapanMonth;
use node_api::body::{MerchantFeesBody, ZoneReportBody};
use node_api::query::ByRead;
use node_api::{ApiCode, Month, path};

use super::Api;
use super::extract::{self, Params, Segments};
use super::failure::{Answer, Failure};
use super::network::no_zone;
use super::reader::{SignedParts, ask};
use super::shops::no_merchant;
use crate::rights::{Matter, Named, OneMerchant, ReportOf};

/// What a zone did in a month: payments, fees, who got them, how the regional fund spent them.
///
/// Totals alone. To everybody where the zone publishes its report and the month is over; otherwise in answer
/// to a signed request, to its operator and to its merchants.
#[utoipa::path(
    get, path = path::ZONE_REPORT, tag = "zones",
    params(
        ("zone" = u16, Path, description = "The zone's number."),
        ("month" = String, Path, description = "The month in Japan, such as `2026-11`: at most the one that runs."),
    ),
    security((), ("reader" = [])),
    responses(
        (status = 200, description = "The report.", body = ZoneReportBody),
        (status = "4XX", description = "The zone is not there (6205), it does not publish its report or the month runs (6101, 6228), or the month has not begun (6011)."),
        (status = 501, description = "The node keeps no index."),
    ),
)]
pub(super) async fn zone_report(
    Shared(api): Shared<Arc<Api>>,
    Segments((zone, month)): Segments<(ZoneId, Month)>,
    signed: SignedParts,
) -> Answer<Json<ZoneReportBody>> {
    {
        let state = api.query.state();
        if state.zone(zone).is_none() {
            return Err(no_zone(zone));
        }
        let reader = signed.reader(&state, Named::default())?;
        check_begun(&state, month)?;
        let is_over = month.get() < JapanMonth::of(state.time());
        ask(&state, &reader, &Matter::Report(ReportOf { zone, is_over }))?;
    }
    api.indexed(move |query| query.zone_report(zone, month)).await.map(Json)
}

/// What a merchant was charged in a month, by version of the schedule: what the zone's operator sends it an
/// invoice for.
///
/// In answer to a signed request: to the zone's operator, and to whoever may read the merchant's account.
#[utoipa::path(
    get, path = path::MERCHANT_FEES, tag = "zones",
    params(
        ("zone" = u16, Path, description = "The zone's number."),
        ("address" = String, Path, description = "The merchant's address."),
        ("month" = String, Path, description = "The month in Japan, such as `2026-11`: at most the one that runs."),
        ByRead,
    ),
    security(("reader" = [])),
    responses(
        (status = 200, description = "Its fees.", body = MerchantFeesBody),
        (status = "4XX", description = "The zone is not there (6205); not signed, or not entitled; no merchant of the zone (6224); the month has not begun (6011)."),
        (status = 501, description = "The node keeps no index."),
    ),
)]
pub(super) async fn merchant_fees(
    Shared(api): Shared<Arc<Api>>,
    Segments((zone, address, month)): Segments<(ZoneId, String, Month)>,
    Params(asked): Params<ByRead>,
    signed: SignedParts,
) -> Answer<Json<MerchantFeesBody>> {
    let account = {
        let state = api.query.state();
        if state.zone(zone).is_none() {
            return Err(no_zone(zone));
        }
        let named = Named { read: asked.read, ..Named::default() };
        let reader = signed.signer(&state)?.naming(named);
        let account = extract::account(&address, state.address_prefix())?;
        ask(&state, &reader, &Matter::MerchantFees(OneMerchant { zone, account }))?;
        if state.merchant(zone, &account).is_none() {
            return Err(no_merchant(zone, &address));
        }
        check_begun(&state, month)?;
        account
    };
    api.indexed(move |query| query.merchant_fees(zone, &account, month)).await.map(Json)
}

/// Of a month to come nothing can be said.
fn check_begun(state: &State, month: Month) -> Answer<()> {
    if month.get() <= JapanMonth::of(state.time()) {
        return Ok(());
    }
    Err(Failure::new(ApiCode::OutOfRange, format!("the month {month} has not begun")))
}
