//! Logs of consents, subjects and parties, and what parties owe.

use std::sync::Arc;

use axum::Json;
use axum::extract::State as Shared;
use ledger_types::oversight::Duty;
use ledger_types::{ConsentId, Hash, PartyId, PartyRoles};
use node_api::body::{DutyPage, LogPage};
use node_api::path;
use node_api::query::{Log, OfParty};

use super::Api;
use super::consents::no_party;
use super::extract::{self, Params, Segments};
use super::failure::Answer;
use super::reader::SignedParts;
use crate::query::{Cursor as _, DutyCursor, LogOf, Shown, records};
use crate::rights::{Extent, Matter, Named};
use crate::store::Owed;

/// A consent's log.
///
/// Its subject reads it freely, and so does a guardian. Its controller and auditors name their own
/// committed `read_access_log` about the subject, at most 10 minutes old. A page may hold fewer
/// entries than its limit, or none, and still have a next one.
#[utoipa::path(
    get, path = path::CONSENT_LOG, tag = "consent",
    params(("id" = String, Path, description = "The consent: 64 hexadecimal digits."), Log),
    responses(
        (status = 200, description = "A page, newest first.", body = LogPage),
        (status = "4XX", description = "Not signed, not entitled (6107), the read is not recorded (6108) or too \
                old (6109), the view is not in force (6110)."),
        (status = 501, description = "The node keeps no index."),
    ),
)]
pub(super) async fn consent(
    Shared(api): Shared<Arc<Api>>,
    Segments(id): Segments<ConsentId>,
    Params(asked): Params<Log>,
    signed: SignedParts,
) -> Answer<Json<LogPage>> {
    let named = Named { read: asked.read, ..Named::default() };
    let extent = signed.ask(&api.query.state(), named, &Matter::ConsentLog(id))?;
    api.page_of_log(LogOf::Consent(id), extent, asked.cursor, asked.limit).await
}

/// A data subject's log: what became of its consents, who was permitted what, who read this log.
///
/// The subject reads it freely, and so does a guardian. A controller that it consented to and
/// auditors name their own committed `read_access_log` about it, at most 10 minutes old; that read
/// is an entry of this log. A controller sees what concerns it. A page may hold fewer entries than
/// its limit, or none, and still have a next one.
#[utoipa::path(
    get, path = path::SUBJECT_LOG, tag = "consent",
    params(("address" = String, Path, description = "The subject's address."), Log),
    responses(
        (status = 200, description = "A page, newest first.", body = LogPage),
        (status = "4XX", description = "Not signed, not entitled (6107), the read is not recorded (6108) or too \
                old (6109), the view is not in force (6110)."),
        (status = 501, description = "The node keeps no index."),
    ),
)]
pub(super) async fn subject(
    Shared(api): Shared<Arc<Api>>,
    Segments(address): Segments<String>,
    Params(asked): Params<Log>,
    signed: SignedParts,
) -> Answer<Json<LogPage>> {
    let named = Named { read: asked.read, ..Named::default() };
    let (subject, extent) = api.entitled_by(named, &address, &signed, Matter::SubjectLog)?;
    api.page_of_log(LogOf::Subject(subject), extent, asked.cursor, asked.limit).await
}

/// What concerned a party as controller, requester, holder or auditor.
///
/// An auditor is not told which subjects it was about: whose log is read must be recorded first, and
/// this counts without it.
#[utoipa::path(
    get, path = path::PARTY_LOG, tag = "consent",
    params(("party" = u32, Path, description = "Its number."), OfParty),
    responses(
        (status = 200, description = "A page, newest first.", body = LogPage),
        (status = "4XX",
            description = "Not signed, not entitled (6107), or the view does not allow it (6110)."),
        (status = 501, description = "The node keeps no index."),
    ),
)]
pub(super) async fn party(
    Shared(api): Shared<Arc<Api>>,
    Segments(party): Segments<PartyId>,
    Params(asked): Params<OfParty>,
    signed: SignedParts,
) -> Answer<Json<LogPage>> {
    let extent = api.of_party(party, asked.view, &signed, Matter::PartyLog(party))?;
    api.page_of_log(LogOf::Party(party), extent, asked.cursor, asked.limit).await
}

/// What a party owes and waits for: acknowledgements, answers, halves, reviews that it may do.
///
/// The earliest deadline comes first; what is overdue stays until it is done, and halves that
/// differ stay for good. A page may hold fewer than its limit, or none, and still have a next one.
#[utoipa::path(
    get, path = path::DUTIES, tag = "consent",
    params(("party" = u32, Path, description = "Its number."), OfParty),
    responses(
        (status = 200, description = "A page, by deadline.", body = DutyPage),
        (status = "4XX",
            description = "Not signed, not entitled (6107), or the view does not allow it (6110)."),
        (status = 501, description = "The node keeps no index."),
    ),
)]
pub(super) async fn duties(
    Shared(api): Shared<Arc<Api>>,
    Segments(party): Segments<PartyId>,
    Params(asked): Params<OfParty>,
    signed: SignedParts,
) -> Answer<Json<DutyPage>> {
    api.of_party(party, asked.view, &signed, Matter::Duties(party))?;
    let (cursor, limit) = extract::page::<DutyCursor>(asked.cursor.as_deref(), asked.limit)?;
    let audits = {
        let state = api.query.state();
        state.party(party).is_some_and(|party| party.roles.intersects(PartyRoles::AUDITOR))
    };
    let most = limit.saturating_add(1);
    let mut found = api.indexed(move |query| query.duties(party, audits, cursor, most)).await?;
    let more = found.len() > limit;
    found.truncate(limit);
    let next = found.last().filter(|_| more).map(|last| DutyCursor(*last).text());
    let state = api.query.state();
    let is_of_party = |owed: &&Owed| match owed.duty {
        Duty::Review(glass) => {
            let is_opener = state.glass(&glass).is_some_and(|glass| glass.opener == party);
            is_opener || records::may_review(&state, party, &glass)
        }
        Duty::Acknowledge(_)
        | Duty::Answer(_)
        | Duty::Match(_)
        | Duty::MatchHour { .. }
        | Duty::Notify(_) => true,
    };
    let duties = found.iter().filter(is_of_party);
    let duties = duties.filter_map(|owed| records::duty(&state, owed)).collect();
    Ok(Json(DutyPage { duties, next }))
}

impl Api {
    /// How much of this is shown of a party, which exists.
    fn of_party(
        &self,
        party: PartyId,
        view: Option<Hash>,
        signed: &SignedParts,
        matter: Matter<'_>,
    ) -> Answer<Extent> {
        let state = self.query.state();
        let extent = signed.ask(&state, Named { view, ..Named::default() }, &matter)?;
        state.party(party).map(|_| extent).ok_or_else(|| no_party(party))
    }

    async fn page_of_log(
        &self,
        of: LogOf,
        extent: Extent,
        cursor: Option<String>,
        limit: Option<u16>,
    ) -> Answer<Json<LogPage>> {
        let (cursor, limit) = extract::page(cursor.as_deref(), limit)?;
        let shown = shown(extent);
        let log = self.indexed(move |query| query.log(of, shown, cursor, limit)).await?;
        Ok(Json(LogPage { entries: log.entries, next: log.next.map(|cursor| cursor.text()) }))
    }
}

/// How much of a log or history a page shows.
pub(super) const fn shown(extent: Extent) -> Shown {
    match extent {
        Extent::All | Extent::WithPseudonyms => Shown::All,
        Extent::AsTo(controller) => Shown::Of(controller),
        Extent::WithoutPeople | Extent::Operations(_) | Extent::WithoutContent => {
            Shown::WithoutPeople
        }
    }
}
