//! Consent: parties and notices are public; consents are read by those who take part in them.

use std::sync::Arc;

use axum::Json;
use axum::extract::State as Shared;
use ledger::record::Consent;
use ledger_types::{AccountId, ConsentId, NoticeId, PartyId};
use node_api::ApiCode;
use node_api::body::{ConsentBody, ConsentPage, NoticeBody, PartyBody, PartyPage};
use node_api::path;
use node_api::query::{Consents, Page, Right};

use super::Api;
use super::extract::{self, Params, Segments};
use super::failure::{Answer, Failure, gone};
use super::published::published;
use super::reader::{SignedParts, ask_of};
use crate::query::{ConsentCursor, Cursor as _, books};
use crate::rights::{Extent, Matter, Named};

/// How many of a subject's consents one page may look at.
const LOOKED_AT_MAX: usize = 1000;

/// The consent parties.
#[utoipa::path(
    get, path = path::PARTIES, tag = "consent",
    params(Page),
    responses((status = 200, description = "A page, in order of account.", body = PartyPage)),
)]
pub(super) async fn parties(
    Shared(api): Shared<Arc<Api>>,
    Params(page): Params<Page>,
) -> Answer<Json<PartyPage>> {
    let state = api.query.state();
    let all = state.parties().map(|party| (AccountId::of_party(party.party), party.party));
    let (found, next) = extract::page_by_account(all, &page)?;
    let parties = found.into_iter().filter_map(|(_, party)| books::party(&state, party)).collect();
    Ok(Json(PartyPage { parties, next }))
}

published! { "consent";
    /// A consent party.
    PARTY party("party" = u32, "Its number.")
    -> PartyBody "Roles and keys.", or "Not there (6206)." || no_party(party),
    |state, party: PartyId| books::party(state, party);

    /// A notice in its current version.
    NOTICE notice("party" = u32, "The controller's number."; "notice" = u32, "The notice's number.")
    -> NoticeBody "Version and texts.", or "Not there (6207)." no_notice,
    |state, (party, notice): (PartyId, NoticeId)| books::notice(state, party, notice);
}

pub(super) fn no_party(party: PartyId) -> Failure {
    Failure::new(ApiCode::PartyNotFound, format!("party {party} is not there"))
}

fn no_notice() -> Failure {
    Failure::new(ApiCode::NoticeNotFound, "the party published no such notice")
}

/// A subject's consents.
///
/// The subject and a guardian see all of them, a controller those that were given to it. A page may hold fewer
/// than its limit, or none, and still have a next one.
#[utoipa::path(
    get, path = path::CONSENTS, tag = "consent", params(Consents),
    responses(
        (status = 200, description = "A page, in order of identity.", body = ConsentPage),
        (status = "4XX", description = "Not signed, or not entitled."),
        (status = 501, description = "The node keeps no index."),
    ),
)]
pub(super) async fn consents(
    Shared(api): Shared<Arc<Api>>,
    Params(asked): Params<Consents>,
    signed: SignedParts,
) -> Answer<Json<ConsentPage>> {
    let (subject, extent) = api.entitled_to(asked.subject.as_str(), &signed, Matter::Consents)?;
    let (after, limit) = extract::page(asked.cursor.as_deref(), asked.limit)?;
    let after = after.map(|ConsentCursor(id)| id);
    let looked = api.indexed(move |query| query.consents(&subject, after, LOOKED_AT_MAX)).await?;
    Ok(Json(page(&api, extent, &looked, limit)))
}

/// The consents among these that are shown, at most `limit`.
fn page(api: &Api, extent: Extent, looked: &[ConsentId], limit: usize) -> ConsentPage {
    let is_shown = |record: &Consent| match extent {
        Extent::All => true,
        Extent::AsTo(controller) => record.controller == controller,
        Extent::WithoutPeople
        | Extent::WithPseudonyms
        | Extent::Operations(_)
        | Extent::WithoutContent => false,
    };
    let state = api.query.state();
    let mut consents = Vec::new();
    let mut last = None;
    for id in looked {
        if consents.len() == limit {
            break;
        }
        last = Some(*id);
        if let Some(record) = state.consent(id)
            && is_shown(record)
        {
            consents.push(books::consent(&state, *id, record));
        }
    }
    let all_seen = last == looked.last().copied();
    let more = !all_seen || looked.len() == LOOKED_AT_MAX;
    let next = last.filter(|_| more).map(|id| ConsentCursor(id).text());
    ConsentPage { consents, next }
}

/// A consent.
///
/// Read by its subject and a guardian, by its controller, by who requested or disclosed on an access
/// under it and names that, and by auditors that name their view.
#[utoipa::path(
    get, path = path::CONSENT, tag = "consent",
    params(("id" = String, Path, description = "The consent: 64 hexadecimal digits."), Right),
    responses(
        (status = 200, description = "Where it stands.", body = ConsentBody),
        (status = "4XX",
            description = "Not signed, not entitled (6107), or the view does not allow it (6110)."),
    ),
)]
pub(super) async fn consent(
    Shared(api): Shared<Arc<Api>>,
    Segments(id): Segments<ConsentId>,
    Params(asked): Params<Right>,
    signed: SignedParts,
) -> Answer<Json<ConsentBody>> {
    let reader = signed.signer(&api.query.state())?.naming(Named::from(&asked));
    let found = api.accesses(asked.access).await?;
    let state = api.query.state();
    ask_of(&state, &found.records(), &reader, &Matter::Consent(id))?;
    let record = state.consent(&id).ok_or_else(gone)?;
    Ok(Json(books::consent(&state, id, record)))
}
