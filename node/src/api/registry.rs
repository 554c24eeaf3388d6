//! The public registries: law, vocabularies, schemes and requests for renewal. No personal data.

use std::sync::Arc;

use axum::Json;
use axum::extract::State as Shared;
use ledger_types::{Hash, LegalBasisId, PartyId, Regime, VocabularyId};
use node_api::body::{
    EmergencyBody, JointUseBody, LegalBasisBody, OptOutBody, ReconsentBody, ReconsentPage,
    RegimeBody, TermsBody, VocabularyBody,
};
use node_api::path;
use node_api::query::Reconsents;
use node_api::{ApiCode, Problem};

use super::Api;
use super::extract::{self, Params, Segments};
use super::failure::{Answer, Failure};
use crate::query::{Cursor as _, HashCursor, records};

fn none() -> Failure {
    Failure::new(ApiCode::NotInRegistry, "nothing was published under these numbers")
}

/// A legal basis in its current version.
#[utoipa::path(
    get, path = path::LEGAL_BASIS, tag = "registry",
    params(("id" = u32, Path, description = "Its number.")),
    responses(
        (status = 200, description = "The current version.", body = LegalBasisBody),
        (status = "4XX", body = Problem, content_type = "application/problem+json",
            description = "Not there (6210)."),
    ),
)]
pub(super) async fn legal_basis(
    Shared(api): Shared<Arc<Api>>,
    Segments(id): Segments<String>,
) -> Answer<Json<LegalBasisBody>> {
    let basis = LegalBasisId::new(extract::number(&id)?);
    records::legal_basis(&api.query.state(), basis).map(Json).ok_or_else(none)
}

/// A regime's deadlines in their current version.
#[utoipa::path(
    get, path = path::REGIME, tag = "registry",
    params(("regime" = String, Path,
        description = "`private`, `public_body` or `hospital_or_university`.")),
    responses(
        (status = 200, description = "What holds now; version 0 is the ledger's own numbers.",
            body = RegimeBody),
        (status = "4XX", body = Problem, content_type = "application/problem+json",
            description = "No such regime (6001)."),
    ),
)]
pub(super) async fn regime(
    Shared(api): Shared<Arc<Api>>,
    Segments(regime): Segments<Regime>,
) -> Answer<Json<RegimeBody>> {
    Ok(Json(records::regime(&api.query.state(), regime)))
}

/// A version of a vocabulary.
#[utoipa::path(
    get, path = path::VOCABULARY, tag = "registry",
    params(("id" = u32, Path, description = "Its number."),
        ("version" = u32, Path, description = "The version.")),
    responses(
        (status = 200, description = "A version, which never changes.", body = VocabularyBody),
        (status = "4XX", body = Problem, content_type = "application/problem+json",
            description = "Not there (6210)."),
    ),
)]
pub(super) async fn vocabulary(
    Shared(api): Shared<Arc<Api>>,
    Segments((id, version)): Segments<(String, String)>,
) -> Answer<Json<VocabularyBody>> {
    let vocabulary = VocabularyId::new(extract::number(&id)?);
    let version = extract::number(&version)?;
    records::vocabulary(&api.query.state(), vocabulary, version).map(Json).ok_or_else(none)
}

/// A version of a scheme of joint use.
#[utoipa::path(
    get, path = path::JOINT_USE, tag = "registry",
    params(("party" = u32, Path, description = "Whose scheme."),
        ("scheme" = u32, Path, description = "The scheme."),
        ("version" = u32, Path, description = "The version.")),
    responses(
        (status = 200, description = "A version, which never changes.", body = JointUseBody),
        (status = "4XX", body = Problem, content_type = "application/problem+json",
            description = "Not there (6210)."),
    ),
)]
pub(super) async fn joint_use(
    Shared(api): Shared<Arc<Api>>,
    Segments((party, scheme, version)): Segments<(String, String, String)>,
) -> Answer<Json<JointUseBody>> {
    let party = PartyId::new(extract::number(&party)?);
    let (scheme, version) = (extract::number(&scheme)?, extract::number(&version)?);
    records::joint_use(&api.query.state(), party, scheme, version).map(Json).ok_or_else(none)
}

/// A scheme that people may object to.
#[utoipa::path(
    get, path = path::OPT_OUT, tag = "registry",
    params(("party" = u32, Path, description = "Whose scheme."),
        ("scheme" = u32, Path, description = "The scheme.")),
    responses(
        (status = 200, description = "What was notified.", body = OptOutBody),
        (status = "4XX", body = Problem, content_type = "application/problem+json",
            description = "Not there (6210)."),
    ),
)]
pub(super) async fn opt_out(
    Shared(api): Shared<Arc<Api>>,
    Segments((party, scheme)): Segments<(String, String)>,
) -> Answer<Json<OptOutBody>> {
    let party = PartyId::new(extract::number(&party)?);
    let scheme = extract::number(&scheme)?;
    records::opt_out(&api.query.state(), party, scheme).map(Json).ok_or_else(none)
}

/// What a controller pays for data.
#[utoipa::path(
    get, path = path::TERMS, tag = "registry",
    params(("party" = u32, Path, description = "Whose terms."),
        ("terms" = u32, Path, description = "The terms.")),
    responses(
        (status = 200, description = "What is paid, by whom.", body = TermsBody),
        (status = "4XX", body = Problem, content_type = "application/problem+json",
            description = "Not there (6210)."),
    ),
)]
pub(super) async fn terms(
    Shared(api): Shared<Arc<Api>>,
    Segments((party, terms)): Segments<(String, String)>,
) -> Answer<Json<TermsBody>> {
    let party = PartyId::new(extract::number(&party)?);
    let terms = extract::number(&terms)?;
    records::terms(&api.query.state(), party, terms).map(Json).ok_or_else(none)
}

/// A controller's request to renew.
#[utoipa::path(
    get, path = path::RECONSENT, tag = "registry",
    params(("request" = String, Path, description = "The request: 64 hexadecimal digits.")),
    responses(
        (status = 200, description = "The request.", body = ReconsentBody),
        (status = "4XX", body = Problem, content_type = "application/problem+json",
            description = "Not there (6210)."),
    ),
)]
pub(super) async fn reconsent(
    Shared(api): Shared<Arc<Api>>,
    Segments(request): Segments<String>,
) -> Answer<Json<ReconsentBody>> {
    let request: Hash = extract::parse(&request)?;
    records::reconsent(&api.query.state(), &request).map(Json).ok_or_else(none)
}

/// The requests to renew a notice's consents that may still be answered, newest first.
#[utoipa::path(
    get, path = path::RECONSENTS, tag = "registry", params(Reconsents),
    responses(
        (status = 200, description = "Those that are open.", body = ReconsentPage),
        (status = "4XX", body = Problem, content_type = "application/problem+json",
            description = "Not what the query may say."),
        (status = 501, body = Problem, content_type = "application/problem+json",
            description = "The node keeps no index."),
    ),
)]
pub(super) async fn reconsents(
    Shared(api): Shared<Arc<Api>>,
    Params(asked): Params<Reconsents>,
) -> Answer<Json<ReconsentPage>> {
    let Reconsents { party, notice, cursor, limit } = asked;
    let limit = extract::limit(limit)?;
    let seen: Option<HashCursor> = extract::cursor(cursor.as_deref())?;
    api.query.caught_up().await;
    let found = api.blocking(move |query| query.open_reconsents(party, notice)).await??;
    // A request whose place is gone was closed meanwhile: those after it are not known any more.
    let after = seen.map_or(0, |HashCursor(last)| {
        found.iter().position(|request| *request == last).map_or(found.len(), |place| place + 1)
    });
    let left = found.get(after..).unwrap_or_default();
    let (given, more) = left.split_at(limit.min(left.len()));
    let next = given.last().filter(|_| !more.is_empty()).map(|last| HashCursor(*last).text());
    let state = api.query.state();
    let requests = given.iter().filter_map(|request| records::reconsent(&state, request)).collect();
    Ok(Json(ReconsentPage { requests, next }))
}

/// An area's emergency.
#[utoipa::path(
    get, path = path::EMERGENCY, tag = "registry",
    params(("area" = u32, Path, description = "The area's number.")),
    responses(
        (status = 200, description = "Who endorses it and until when it is in force, if it is.",
            body = EmergencyBody),
        (status = "4XX", body = Problem, content_type = "application/problem+json",
            description = "Not a number (6001)."),
    ),
)]
pub(super) async fn emergency(
    Shared(api): Shared<Arc<Api>>,
    Segments(area): Segments<String>,
) -> Answer<Json<EmergencyBody>> {
    let area = extract::number(&area)?;
    Ok(Json(records::emergency(&api.query.state(), area)))
}
