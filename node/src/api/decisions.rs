//! Decisions on use: what the ledger would say now.

use std::sync::Arc;

use axum::Json;
use axum::extract::State as Shared;
use ledger::State;
use ledger_types::access::{AccessBasis, Duties, RequestAccess};
use ledger_types::{Hash, Rejection, Timestamp};
use node_api::body::{CheckBody, Decision};
use node_api::path;
use node_api::query::Check;
use node_api::{ApiCode, JsonError};

use super::Api;
use super::accesses::Found;
use super::extract::Params;
use super::failure::{Answer, Failure, gone};
use super::reader::{SignedParts, ask_of};
use crate::rights::{Matter, Named};

/// What a request for access would be decided now.
///
/// A pure function of the state after the last block, at its time. The requester is the party that
/// signs; of an access that is named, the party that it was permitted to, and whoever may read the
/// access may ask; one of which both halves are recorded is used up (4082). Nothing is recorded and no use is counted: a disclosure needs the transaction.
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
    let signer = signed.signer(&api.query.state())?;
    let (requester, reader) = (signer.party, signer.naming(Named::default()));
    let found = api.accesses(asked.access).await?;
    let state = api.query.state();
    let matter = asked.access.map_or(Matter::Preview, Matter::Access);
    ask_of(&state, &found.records(), &reader, &matter)?;
    let decided = if let Some(access) = &asked.access {
        still_permits(&state, &found, access, &basis)
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

/// Whether an access that was permitted may still serve. One that left the state has both halves: it
/// says the same of that as the state said before.
fn still_permits(
    state: &State,
    found: &Found,
    access: &Hash,
    basis: &AccessBasis,
) -> Result<(Timestamp, Duties), Rejection> {
    if let Some(left) = found.get(access).filter(|found| found.ended) {
        left.record.check_open(basis)?;
    }
    state.still_permits(access, basis)
}

/// A permit is one with duties where it owes more than the record that every disclosure leaves.
const fn decision(permit: Option<Duties>) -> Decision {
    match permit {
        None => Decision::Deny,
        Some(duties) if duties.bits() & !Duties::RECORD_HALVES.bits() == 0 => Decision::Permit,
        Some(_) => Decision::PermitWithDuty,
    }
}
