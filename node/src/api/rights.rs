//! Who may read what of the consent layer.
//!
//! What concerns someone is read by those whom it concerns. A subject's log is its own: anybody else
//! reads it only once the ledger has recorded that read, so that the subject sees it there (design
//! rule 12). An auditor names the view by which it reads, which must be in force now.

use ledger::State;
use ledger_types::operation::{AuditScope, ReadRight};
use ledger_types::record::{AuditView, Consent};
use ledger_types::{AccountId, ConsentId, Hash, PartyId, PartyRoles};
use node_api::ApiCode;

use super::failure::{Answer, Failure};
use crate::query::{Reader, Shown};

/// How long a recorded read may be used, in milliseconds of block time: long enough to page through
/// a log, short enough that one record is not a standing permission.
pub(super) const READ_VALID_MS: u64 = 10 * 60 * 1000;

fn refused(detail: &str) -> Failure {
    Failure::new(ApiCode::NotEntitled, detail)
}

/// Whether a guardian's authority over a subject is in force.
fn is_guardian(state: &State, reader: &Reader, subject: &AccountId) -> bool {
    let delegation = state.delegation(subject, &reader.account);
    delegation.is_some_and(|delegation| delegation.is_in_force(state.time()))
}

/// Whether the reader is the subject or acts for it.
pub(super) fn is_subjects(state: &State, reader: &Reader, subject: &AccountId) -> bool {
    reader.account == *subject || is_guardian(state, reader, subject)
}

/// The reader's own audit view, in force now.
fn view<'s>(state: &'s State, reader: &Reader, view: &Hash) -> Answer<&'s AuditView> {
    let own = |record: &&AuditView| reader.party == Some(record.auditor);
    let record = state.audit_view(view).filter(own);
    let record = record.filter(|record| record.is_in_force(state.time()));
    record.ok_or_else(|| {
        let detail = "the audit view is not the reader's, or it is not in force";
        Failure::new(ApiCode::ViewRefused, detail)
    })
}

/// What an audit view is held against.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct About {
    /// The subject that it is about, where there is one.
    pub(super) subject: Option<AccountId>,
    /// The controller or party that it is about, where there is one.
    pub(super) party: Option<PartyId>,
}

/// Checks that an audit view covers something; such a read is logged, by height and reader only.
pub(super) fn by_view(state: &State, reader: &Reader, id: &Hash, about: About) -> Answer<()> {
    let covers = match view(state, reader, id)?.scope {
        AuditScope::All => true,
        AuditScope::Subject { subject } => about.subject == Some(subject),
        AuditScope::Controller { controller } => about.party == Some(controller),
    };
    if !covers {
        let detail = "the audit view is about something else";
        return Err(Failure::new(ApiCode::ViewRefused, detail));
    }
    logged(state, reader);
    Ok(())
}

fn logged(state: &State, reader: &Reader) {
    let address = reader.account.to_address(state.address_prefix());
    tracing::info!(height = state.height().get(), reader = address, "audit read");
}

/// How much of a subject's log the reader may see.
pub(super) fn log_of_subject(
    state: &State,
    reader: &Reader,
    subject: &AccountId,
    read: Option<&Hash>,
) -> Answer<Shown> {
    if is_subjects(state, reader, subject) {
        return Ok(Shown::All);
    }
    let not_a_party = || refused("a log is its subject's, its guardian's, and by record a party's");
    let party = reader.party.ok_or_else(not_a_party)?;
    let record = read.and_then(|read| state.log_read(read));
    let record = record.filter(|record| record.reader == party && record.subject == *subject);
    let record = record.ok_or_else(|| {
        let detail = "commit read_access_log about this subject, by a consent to the reader or by \
            its audit view, and name it with read=";
        Failure::new(ApiCode::ReadNotRecorded, detail)
    })?;
    let valid_until = record.at.checked_add_millis(READ_VALID_MS);
    if valid_until.is_some_and(|until| until < state.time()) {
        let detail = "a recorded read may be used for 10 minutes of block time: commit another";
        return Err(Failure::new(ApiCode::ReadTooOld, detail));
    }
    match record.right {
        ReadRight::Consent { .. } => Ok(Shown::Of(party)),
        ReadRight::View { view: id, .. } => {
            let scope = view(state, reader, &id)?.scope;
            logged(state, reader);
            Ok(match scope {
                AuditScope::Controller { controller } => Shown::Of(controller),
                AuditScope::All | AuditScope::Subject { .. } => Shown::All,
            })
        }
    }
}

/// How much of a consent's log the reader may see: whoever may not see the consent sees nothing.
pub(super) fn log_of_consent(
    state: &State,
    reader: &Reader,
    consent: &ConsentId,
    read: Option<&Hash>,
) -> Answer<Shown> {
    let hidden = || refused("a consent's log is its subject's, and by record its controller's");
    let record = state.consent(consent).ok_or_else(hidden)?;
    // Without a recorded read, only those who may record one learn that they need it.
    let takes_part = is_subjects(state, reader, &record.subject)
        || reader.party == Some(record.controller)
        || read.is_some();
    if !takes_part {
        return Err(hidden());
    }
    match log_of_subject(state, reader, &record.subject, read)? {
        Shown::Of(controller) if controller != record.controller => Err(hidden()),
        shown @ (Shown::All | Shown::Of(_) | Shown::WithoutPeople) => Ok(shown),
    }
}

/// The record of a consent that the reader may read: by taking part in it, by an access under it, or
/// by an audit view.
pub(super) fn consent<'s>(
    state: &'s State,
    reader: &Reader,
    id: &ConsentId,
    access: Option<&Hash>,
    view: Option<&Hash>,
) -> Answer<&'s Consent> {
    // Whether a consent exists is nobody else's matter either.
    let hidden = || refused("a consent is read by those who take part in it");
    let record = state.consent(id).ok_or_else(hidden)?;
    if reader.party == Some(record.controller) || is_subjects(state, reader, &record.subject) {
        return Ok(record);
    }
    if let Some(view) = view {
        let about = About { subject: Some(record.subject), party: Some(record.controller) };
        return by_view(state, reader, view, about).map(|()| record);
    }
    let used = access.and_then(|access| state.access(access));
    let used = used.filter(|used| used.consent == Some(*id));
    let users = used.map(|used| [Some(used.requester), used.holder_half.map(|half| half.holder)]);
    let is_user =
        reader.party.is_some() && users.is_some_and(|users| users.contains(&reader.party));
    if is_user { Ok(record) } else { Err(hidden()) }
}

/// Checks that the reader may read an access.
pub(super) fn access(state: &State, reader: &Reader, id: &Hash, view: Option<&Hash>) -> Answer<()> {
    let hidden = || refused("an access is read by those who take part in it, and by data holders");
    let party = reader.party.and_then(|party| state.party(party));
    let holds = party.is_some_and(|party| party.roles.intersects(PartyRoles::DATA_HOLDER));
    let Some(record) = state.access(id) else {
        let none = || Failure::new(ApiCode::AccessNotFound, "no such access was permitted yet");
        return Err(if holds { none() } else { hidden() });
    };
    let consent = record.consent.and_then(|consent| state.consent(&consent));
    let controller = consent.map(|consent| consent.controller);
    if let Some(view) = view {
        return by_view(state, reader, view, About { subject: record.subject, party: controller });
    }
    let is_own = record.subject.is_some_and(|subject| is_subjects(state, reader, &subject));
    let takes_part = reader.party.is_some_and(|party| {
        let holder = record.holder_half.map(|half| half.holder);
        record.requester == party || holder == Some(party) || controller == Some(party)
    });
    if is_own || takes_part || holds { Ok(()) } else { Err(hidden()) }
}

/// Checks that the reader may read what concerns a party.
pub(super) fn of_party(
    state: &State,
    reader: &Reader,
    party: PartyId,
    view: Option<&Hash>,
) -> Answer<()> {
    if reader.party == Some(party) {
        return Ok(());
    }
    if let Some(view) = view {
        return by_view(state, reader, view, About { subject: None, party: Some(party) });
    }
    if !reader.is_auditor {
        return Err(refused("what a party owes and did is read by itself and by auditors"));
    }
    logged(state, reader);
    Ok(())
}

/// Checks that the reader may read a subject's request.
pub(super) fn request(
    state: &State,
    reader: &Reader,
    id: &Hash,
    view: Option<&Hash>,
) -> Answer<()> {
    let hidden = || refused("a request is read by who asked and who was asked");
    let record = state.subject_request(id).ok_or_else(hidden)?;
    if is_subjects(state, reader, &record.subject) || reader.party == Some(record.controller) {
        return Ok(());
    }
    let view = view.ok_or_else(hidden)?;
    let about = About { subject: Some(record.subject), party: Some(record.controller) };
    by_view(state, reader, view, about)
}

/// Checks that the reader may read a broken glass: who broke it, and whoever audits.
pub(super) fn glass(state: &State, reader: &Reader, id: &Hash) -> Answer<()> {
    let hidden = || refused("a broken glass is read by who broke it and by auditors");
    let record = state.glass(id).ok_or_else(hidden)?;
    let party = reader.party.and_then(|party| state.party(party));
    if reader.party == Some(record.opener) {
        return Ok(());
    }
    let audits = party.is_some_and(|party| party.roles.intersects(PartyRoles::AUDITOR));
    if !audits && !reader.is_auditor {
        return Err(hidden());
    }
    logged(state, reader);
    Ok(())
}

/// Checks that the reader may read an audit view: who reads by it, who gave it, whom it is about.
pub(super) fn audit_view(state: &State, reader: &Reader, id: &Hash) -> Answer<()> {
    let hidden = || refused("an audit view is read by those who take part in it");
    let record = state.audit_view(id).ok_or_else(hidden)?;
    let is_about = match record.scope {
        AuditScope::Subject { subject } => is_subjects(state, reader, &subject),
        AuditScope::Controller { controller } => reader.party == Some(controller),
        AuditScope::All => false,
    };
    let takes_part = reader.party == Some(record.auditor) || reader.account == record.given_by;
    if is_about || takes_part || reader.is_auditor { Ok(()) } else { Err(hidden()) }
}
