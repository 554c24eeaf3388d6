//! From the ledger's events to entries: what is said, and in whose logs.

use ledger::record::{Duty, Pairing};
use ledger::{ConsentEvent, Event, State};
use ledger_types::operation::{AuditScope, ReadRight};
use ledger_types::{AccountId, ConsentId, ConsentStatus, PartyId};
use node_api::body::LogKind;

use super::duty::number;
use super::{Draft, List, Part};

/// The entry of an event; none where it belongs to no log of consent.
pub(super) fn draft(state: &State, event: &Event) -> Option<Draft> {
    Some(match event {
        Event::PartyRegistered { party } => Draft::new(LogKind::PartyRegistered).party(*party),
        Event::NoticePublished { controller, notice, version } => {
            Draft::new(LogKind::NoticePublished)
                .party(*controller)
                .with(Part::Notice(*notice))
                .with(Part::Version(*version))
        }
        Event::ConsentGranted { consent, subject, controller } => {
            of_consent(LogKind::Given, *consent, *subject, *controller)
        }
        Event::ConsentWithdrawn { consent, subject, controller } => {
            of_consent(LogKind::Withdrawn, *consent, *subject, *controller).with(Part::By(*subject))
        }
        Event::AccessPermitted { access, basis, requester, duties, valid_until, .. } => {
            Draft::new(LogKind::AccessPermitted)
                .party(*requester)
                .of_access(state, access)
                .with(Part::Basis(*basis))
                .with(Part::Duties(duties.bits()))
                .with(Part::Until(*valid_until))
                .also([List::Access(*access)])
        }
        Event::Consent(event) => return about_consents(state, event),
        _ => return None,
    })
}

fn of_consent(kind: LogKind, consent: ConsentId, subject: AccountId, controller: PartyId) -> Draft {
    Draft::new(kind).consent(consent).subject(subject).party(controller)
}

/// Consents and what becomes of them.
fn about_consents(state: &State, event: &ConsentEvent) -> Option<Draft> {
    use ConsentEvent as Of;
    Some(match *event {
        Of::Amended { consent, subject, controller, revision } => {
            of_consent(LogKind::Amended, consent, subject, controller).with(Part::Version(revision))
        }
        Of::Widened { consent, subject, controller, revision } => {
            of_consent(LogKind::Widened, consent, subject, controller).with(Part::Version(revision))
        }
        Of::Renewed { consent, subject, controller, version } => {
            of_consent(LogKind::Renewed, consent, subject, controller).with(Part::Version(version))
        }
        Of::Suspended { consent, subject, controller } => {
            of_consent(LogKind::Suspended, consent, subject, controller)
        }
        Of::Resumed { consent, subject, controller } => {
            of_consent(LogKind::Resumed, consent, subject, controller)
        }
        Of::Deferred { consent, subject, controller } => {
            of_consent(LogKind::Deferred, consent, subject, controller)
        }
        Of::Ended { consent, subject, controller, status, by } => {
            let others = state.party_at(&by).map(|party| List::Party(party.party));
            of_consent(ended(status), consent, subject, controller)
                .with(Part::By(by))
                .also(others)
                .also(state.subject(&by).map(|_| List::Subject(by)))
        }
        Of::EndAcknowledged { consent, subject, controller } => {
            of_consent(LogKind::EndAcknowledged, consent, subject, controller)
        }
        Of::ShredAcknowledged { consent, subject, party } => {
            of_consent(LogKind::ShredAcknowledged, consent, subject, party)
                .controller_of(state, Some(consent))
        }
        _ => return about_people(state, event),
    })
}

const fn ended(status: ConsentStatus) -> LogKind {
    match status {
        ConsentStatus::Revoked => LogKind::Revoked,
        ConsentStatus::Invalidated => LogKind::Invalidated,
        ConsentStatus::Refused => LogKind::Refused,
        ConsentStatus::Withdrawn | ConsentStatus::Given | ConsentStatus::Suspended => {
            LogKind::Withdrawn
        }
    }
}

/// What people asked, and who acts for them.
fn about_people(state: &State, event: &ConsentEvent) -> Option<Draft> {
    use ConsentEvent as Of;
    Some(match *event {
        Of::ReconsentRequested { request, controller, notice, version, deadline } => {
            Draft::new(LogKind::ReconsentRequested)
                .party(controller)
                .with(Part::Request(request))
                .with(Part::Notice(notice))
                .with(Part::Version(version))
                .with(Part::Deadline(deadline))
                .also([List::Reconsents(controller, notice)])
        }
        Of::ContactRegistered { subject } => {
            Draft::new(LogKind::ContactRegistered).subject(subject)
        }
        Of::OptOutStopped { controller, scheme, .. } => {
            Draft::new(LogKind::OptOutStopped).party(controller).with(Part::Scheme(scheme))
        }
        Of::SubjectRequested { request, subject, controller, kind, deadline } => {
            Draft::new(LogKind::SubjectRequested)
                .subject(subject)
                .party(controller)
                .with(Part::Request(request))
                .with(Part::RequestKind(kind))
                .with(Part::Deadline(deadline))
        }
        Of::SubjectRequestAnswered { request, subject, controller, outcome } => {
            Draft::new(LogKind::SubjectRequestAnswered)
                .subject(subject)
                .party(controller)
                .with(Part::Request(request))
                .with(Part::Outcome(outcome))
        }
        Of::DelegationGiven { subject, guardian, until } => {
            of_guardian(LogKind::DelegationGiven, subject, guardian).with(Part::Until(until))
        }
        Of::DelegationEnded { subject, guardian } => {
            of_guardian(LogKind::DelegationEnded, subject, guardian)
        }
        Of::RecoveryProposed { subject, proposer, executable_from } => {
            Draft::new(LogKind::RecoveryProposed)
                .subject(subject)
                .party(proposer)
                .with(Part::Deadline(executable_from))
        }
        Of::RecoveryExecuted { subject, proposer } => {
            Draft::new(LogKind::RecoveryExecuted).subject(subject).party(proposer)
        }
        Of::RecoveryVetoed { subject, proposer } => {
            Draft::new(LogKind::RecoveryVetoed).subject(subject).party(proposer)
        }
        _ => return about_uses(state, event),
    })
}

fn of_guardian(kind: LogKind, subject: AccountId, guardian: AccountId) -> Draft {
    Draft::new(kind).subject(subject).with(Part::By(guardian)).also([List::Subject(guardian)])
}

/// Records of use, and oversight.
fn about_uses(state: &State, event: &ConsentEvent) -> Option<Draft> {
    use ConsentEvent as Of;
    Some(match *event {
        Of::HalfRecorded { access, half, party, requester, pairing } => {
            let draft = Draft::new(LogKind::HalfRecorded).party(party).of_access(state, &access);
            let draft = if party == requester { draft } else { draft.counterparty(requester) };
            draft.with(Part::Half(half)).with(Part::Pairing(pairing_number(pairing)))
        }
        Of::DisclosuresRecorded { holder, recipient, hour, half, pairing } => {
            Draft::new(LogKind::DisclosuresRecorded)
                .party(holder)
                .counterparty(recipient)
                .with(Part::Hour(hour))
                .with(Part::Half(half))
                .with(Part::Pairing(pairing_number(pairing)))
        }
        Of::GlassBroken { glass, opener, until } => Draft::new(LogKind::GlassBroken)
            .party(opener)
            .with(Part::Glass(glass))
            .with(Part::Until(until)),
        Of::GlassReviewed { glass, opener, reviewer, finding } => {
            Draft::new(LogKind::GlassReviewed)
                .party(opener)
                .counterparty(reviewer)
                .with(Part::Glass(glass))
                .with(Part::Finding(finding))
        }
        Of::SubjectNotified { glass, opener } => {
            Draft::new(LogKind::SubjectNotified).party(opener).with(Part::Glass(glass))
        }
        Of::AuditViewGranted { view, auditor, until } => {
            of_view(state, LogKind::ViewGranted, &view, auditor).with(Part::Until(until))
        }
        Of::AuditViewEnded { view, auditor } => of_view(state, LogKind::ViewEnded, &view, auditor),
        Of::AccessLogRead { read, subject, reader } => {
            let draft = Draft::new(LogKind::LogRead).subject(subject).party(reader);
            let draft = draft.with(Part::Read(read));
            let Some(right) = state.log_read(&read).map(|read| read.right) else {
                return Some(draft);
            };
            let (ReadRight::Consent { consent } | ReadRight::View { consent: Some(consent), .. }) =
                right
            else {
                return Some(draft.with(Part::Right(right)));
            };
            draft.with(Part::Right(right)).also([List::Consent(consent)])
        }
        Of::Overdue { duty, debtor, deadline } => overdue(state, &duty, debtor)
            .with(Part::Duty(number(&duty)))
            .with(Part::Deadline(deadline)),
        _ => return about_registries(event),
    })
}

/// An audit view, also in the log of whom it is about.
fn of_view(state: &State, kind: LogKind, view: &ledger_types::Hash, auditor: PartyId) -> Draft {
    let draft = Draft::new(kind).party(auditor).with(Part::View(*view));
    match state.audit_view(view).map(|view| view.scope) {
        Some(AuditScope::Subject { subject }) => draft.subject(subject),
        Some(AuditScope::Controller { controller }) => draft.counterparty(controller),
        Some(AuditScope::All) | None => draft,
    }
}

/// A deadline that passed, in the log of everyone whom it concerns.
fn overdue(state: &State, duty: &Duty, debtor: PartyId) -> Draft {
    let draft = Draft::new(LogKind::Overdue).party(debtor);
    match duty {
        Duty::Acknowledge(consent) => {
            let draft = draft.consent(*consent);
            let subject = state.consent(consent).map(|record| record.subject);
            subject.into_iter().fold(draft, Draft::subject)
        }
        Duty::Answer(request) => {
            let draft = draft.with(Part::Request(*request));
            let subject = state.subject_request(request).map(|record| record.subject);
            subject.into_iter().fold(draft, Draft::subject)
        }
        Duty::Match(access) => {
            let draft = draft.of_access(state, access);
            let holder = state.access(access).and_then(|record| record.holder_half);
            let holder = holder.map(|half| half.holder).filter(|holder| *holder != debtor);
            holder.into_iter().fold(draft, Draft::counterparty)
        }
        Duty::MatchHour { holder, recipient, hour } => {
            let other = if debtor == *holder { *recipient } else { *holder };
            draft.counterparty(other).with(Part::Hour(*hour))
        }
        Duty::Review(glass) | Duty::Notify(glass) => draft.with(Part::Glass(*glass)),
    }
}

/// What parties published and paid. What the registrar alone did belongs to no party's log.
fn about_registries(event: &ConsentEvent) -> Option<Draft> {
    use ConsentEvent as Of;
    Some(match *event {
        Of::PartyUpdated { party } => Draft::new(LogKind::PartyUpdated).party(party),
        Of::JointUsePublished { controller, scheme, version } => {
            Draft::new(LogKind::JointUsePublished)
                .party(controller)
                .with(Part::Scheme(scheme))
                .with(Part::Version(version))
        }
        Of::OptOutNotified { controller, scheme, .. } => {
            Draft::new(LogKind::OptOutNotified).party(controller).with(Part::Scheme(scheme))
        }
        Of::TermsPublished { controller, terms, .. } => {
            Draft::new(LogKind::TermsPublished).party(controller).with(Part::Scheme(terms))
        }
        Of::DividendPaid { controller, terms, .. } => {
            Draft::new(LogKind::DividendPaid).party(controller).with(Part::Scheme(terms))
        }
        _ => return None,
    })
}

const fn pairing_number(pairing: Pairing) -> u8 {
    match pairing {
        Pairing::Waiting => 0,
        Pairing::Matched => 1,
        Pairing::Mismatched => 2,
    }
}
