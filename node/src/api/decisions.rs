//! Decisions on use: what the ledger would say now, and what it permitted.

use std::sync::Arc;

use axum::Json;
use axum::extract::State as Shared;
use ledger_types::Hash;
use ledger_types::access::{Duties, RequestAccess};
use node_api::body::{AccessBody, CheckBody, Decision};
use node_api::path;
use node_api::query::{Check, Right};
use node_api::{ApiCode, JsonError};

use super::Api;
use super::extract::{Params, Segments};
use super::failure::{Answer, Failure, gone};
use super::reader::{SignedParts, ask};
use crate::query::records;
use crate::rights::{Matter, Named};

/// What a request for access would be decided now.
///
/// A pure function of the state after the last block, at its time. The requester is the party that
/// signs; of an access that is named, the party that it was permitted to, and whoever may read the
/// access may ask. Nothing is recorded and no use is counted: a disclosure needs the transaction.
#[utoipa::path(
    get, path = path::CHECK, tag = "consent", params(Check),
    responses(
        (status = 200, description = "Permit, or deny with the rule.", body = CheckBody),
        (status = "4XX",
            description = "Not signed, not by a consent party, or another basis's fields."),
    ),
)]
pub(super) async fn check(
    Shared(api): Shared<Arc<Api>>,
    Params(asked): Params<Check>,
    signed: SignedParts,
) -> Answer<Json<CheckBody>> {
    let malformed = |error: JsonError| Failure::new(ApiCode::MalformedRequest, error.to_string());
    let basis = asked.access_basis().map_err(malformed)?;
    let state = api.query.state();
    let signer = signed.signer(&state)?;
    let requester = signer.party;
    let matter = asked.access.map_or(Matter::Preview, Matter::Access);
    ask(&state, &signer.naming(Named::default()), &matter)?;
    let decided = if let Some(access) = &asked.access {
        state.still_permits(access, &basis)
    } else {
        let requester = requester.ok_or_else(gone)?;
        // No access has this identity: it would have to hash to nothing but zeros.
        let request = RequestAccess { access: Hash::ZERO, basis, holder: Hash::ZERO };
        state.decide_access_with_duties(requester, &request)
    };
    let denial = decided.as_ref().err().copied();
    let duties = decided.map_or_else(|_| Duties::default(), |(_, duties)| duties);
    Ok(Json(CheckBody {
        decision: decision(decided.ok().map(|(_, duties)| duties)),
        code: denial.map(|rejection| rejection.code()),
        name: denial.map(|rejection| rejection.code().name().to_owned()),
        detail: denial.map(|rejection| rejection.to_string()),
        height: state.height(),
        time: state.time().into(),
        duties,
        valid_until: decided.ok().map(|(until, _)| until.into()),
    }))
}

/// A permitted access.
///
/// Read by its requester, its subject, the consent's controller, the holder that recorded its half,
/// and, so that it can check what it is shown, any data holder that names it.
#[utoipa::path(
    get, path = path::ACCESS, tag = "consent",
    params(("id" = String, Path, description = "The access: 64 hexadecimal digits."), Right),
    responses(
        (status = 200, description = "What was permitted, and the halves of its record.",
            body = AccessBody),
        (status = "4XX", description = "Not signed, not entitled (6107, 6110), or, for a data holder, not there \
                (6211)."),
    ),
)]
pub(super) async fn access(
    Shared(api): Shared<Arc<Api>>,
    Segments(id): Segments<Hash>,
    Params(asked): Params<Right>,
    signed: SignedParts,
) -> Answer<Json<AccessBody>> {
    signed.ask(&api.query.state(), Named::from(&asked), &Matter::Access(id))?;
    let basis = if api.query.is_indexed() {
        api.indexed(move |query| query.asked_for(&id)).await?
    } else {
        None
    };
    let body = records::access(&api.query.state(), &id, basis.as_ref());
    body.map(Json).ok_or_else(gone)
}

/// A permit is one with duties where it owes more than the record that every disclosure leaves.
const fn decision(permit: Option<Duties>) -> Decision {
    match permit {
        None => Decision::Deny,
        Some(duties) if duties.bits() & !Duties::RECORD_HALVES.bits() == 0 => Decision::Permit,
        Some(_) => Decision::PermitWithDuty,
    }
}
