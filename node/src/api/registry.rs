//! The public registries: law, vocabularies, schemes and requests for renewal. No personal data.

use std::sync::Arc;

use axum::Json;
use axum::extract::State as Shared;
use ledger_types::{Hash, LegalBasisId, PartyId, Regime, VocabularyId};
use node_api::ApiCode;
use node_api::body::{
    EmergencyBody, JointUseBody, LegalBasisBody, OptOutBody, ReconsentBody, ReconsentPage,
    RegimeBody, TermsBody, VocabularyBody,
};
use node_api::path;
use node_api::query::Reconsents;

use super::Api;
use super::extract::{self, Params, Segments};
use super::failure::{Answer, Failure};
use super::published::published;
use crate::query::{Cursor as _, HashCursor, records};

fn none() -> Failure {
    Failure::new(ApiCode::NotInRegistry, "nothing was published under these numbers")
}

published! { "registry";
    /// A legal basis in its current version.
    LEGAL_BASIS legal_basis("id" = u32, "Its number.")
    -> LegalBasisBody "The current version.", or "Not there (6210)." none,
    |state, id: LegalBasisId| records::legal_basis(state, id);

    /// A regime's deadlines in their current version.
    REGIME regime("regime" = String, "`private`, `public_body` or `hospital_or_university`.")
    -> RegimeBody "What holds now; version 0 is the ledger's own numbers.",
    or "No such regime (6001)." none,
    |state, regime: Regime| Some(records::regime(state, regime));

    /// A version of a vocabulary.
    VOCABULARY vocabulary("id" = u32, "Its number."; "version" = u32, "The version.")
    -> VocabularyBody "A version, which never changes.", or "Not there (6210)." none,
    |state, (id, version): (VocabularyId, u32)| records::vocabulary(state, id, version);

    /// A version of a scheme of joint use.
    JOINT_USE joint_use(
        "party" = u32, "Whose scheme."; "scheme" = u32, "The scheme."; "version" = u32, "The version."
    )
    -> JointUseBody "A version, which never changes.", or "Not there (6210)." none,
    |state, (party, scheme, version): (PartyId, u32, u32)|
        records::joint_use(state, party, scheme, version);

    /// A scheme that people may object to.
    OPT_OUT opt_out("party" = u32, "Whose scheme."; "scheme" = u32, "The scheme.")
    -> OptOutBody "What was notified.", or "Not there (6210)." none,
    |state, (party, scheme): (PartyId, u32)| records::opt_out(state, party, scheme);

    /// What a controller pays for data.
    TERMS terms("party" = u32, "Whose terms."; "terms" = u32, "The terms.")
    -> TermsBody "What is paid, by whom.", or "Not there (6210)." none,
    |state, (party, terms): (PartyId, u32)| records::terms(state, party, terms);

    /// A controller's request to renew.
    RECONSENT reconsent("request" = String, "The request: 64 hexadecimal digits.")
    -> ReconsentBody "The request.", or "Not there (6210)." none,
    |state, request: Hash| records::reconsent(state, &request);

    /// An area's emergency.
    EMERGENCY emergency("area" = u32, "The area's number.")
    -> EmergencyBody "Who endorses it and until when it is in force, if it is.",
    or "Not a number (6001)." none,
    |state, area: u32| Some(records::emergency(state, area));
}

/// The requests to renew a notice's consents that may still be answered, newest first.
#[utoipa::path(
    get, path = path::RECONSENTS, tag = "registry", params(Reconsents),
    responses(
        (status = 200, description = "Those that are open.", body = ReconsentPage),
        (status = "4XX", description = "Not what the query may say."),
        (status = 501, description = "The node keeps no index."),
    ),
)]
pub(super) async fn reconsents(
    Shared(api): Shared<Arc<Api>>,
    Params(asked): Params<Reconsents>,
) -> Answer<Json<ReconsentPage>> {
    let Reconsents { party, notice, cursor, limit } = asked;
    let (seen, limit) = extract::page::<HashCursor>(cursor.as_deref(), limit)?;
    let found = api.indexed(move |query| query.open_reconsents(party, notice)).await?;
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
