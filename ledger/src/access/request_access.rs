//! `RequestAccess`: whether a use is allowed, decided by every node from the state alone.
//!
//! An access rests on exactly one legal basis, because it names one. Committed means permitted: the
//! access is recorded, a consent's uses count one more, and the event says until when the decision
//! may be relied on: the earlier of the basis's own end and block time + Δ. Rejected means denied,
//! by the first of: `UnknownParty`, `PartySuspended`, `AccessExists`, `DayRefused` (not asked of a
//! decision that is only read), then
//!
//! - consent: `PartyRoleMissing`, `ReviewOverdue`, `UnknownConsent`, `ConsentEnded`,
//!   `ConsentExpired`, `ConsentNotYetValid`, `ConsentSuspended`, `ConsentRenewalDue`,
//!   `EmergencyNotInForce`, `NotInTerms`, `NotTheRecipient`, `PurposeNotCovered`,
//!   `ConsentUsesExhausted`;
//! - opt-out: `PartyRoleMissing`, `ReviewOverdue`, `UnknownOptOut`, `PartySuspended` (the
//!   controller), `LegalBasisRefused`, `SensitiveRefused`, `OptOutWaiting`, `OptOutStopped`;
//! - joint use: `PartyRoleMissing`, `ReviewOverdue`, `UnknownJointUse`, `PartySuspended` (the
//!   controller), `NotAJointUser`;
//! - exemption: `PartyRoleMissing`, `ReviewOverdue`, `UnknownLegalBasis`, `LegalBasisNotCurrent`,
//!   `LegalBasisRefused`, `SensitiveRefused`, `EvidenceMissing`;
//! - broken glass: `UnknownGlass`, `NotGlassOpener`, `GlassReviewed` (as unjustified),
//!   `GlassClosed`. No review that is overdue stands in the way of saving a life.
//!
//! A withdrawal earlier in the same block denies already.

use ledger_types::access::Duties;
use ledger_types::event::AccessPermitted;
use ledger_types::operation::{AccessBasis, RequestAccess};
use ledger_types::record::{Access, BasisKind, Party};
use ledger_types::{AccountId, ConsentId, Hash, PartyId, Rejection, Timestamp, refuse_if};

use super::{bases, under_consent};
use crate::acting;
use crate::deadline::after;
use crate::denial::rejection;
use crate::execution::{Execute, Execution};
use crate::expiry;
use crate::fault::{Stop, must};
use crate::state::{Books, State};

/// What permits a use.
pub(super) struct Permit {
    pub(super) kind: BasisKind,
    pub(super) consent: Option<ConsentId>,
    /// When the basis itself ends, where it does.
    pub(super) ends: Option<Timestamp>,
    pub(super) duties: Duties,
}

impl Execute for RequestAccess {
    fn execute(&self, execution: &mut Execution<'_>) -> Result<(), Stop> {
        let sender = acting::sending(execution)?;
        let requester = sender.party;
        acting::check_active(sender)?;
        refuse_if(execution.books.access(&self.access).is_some(), Rejection::AccessExists)?;
        refuse_if(!expiry::is_of_now(&self.access, execution.time), Rejection::DayRefused)?;
        let permit = decide(execution.books, sender, &self.basis, 0, execution.time)?;
        let (subject, controller) = count_use(execution, permit.consent)?.unzip();
        let delta = execution.parameters.decision_validity_ms;
        let valid_until = relied_on_until(&permit, execution.time, delta);
        let Permit { kind: basis, consent, duties, .. } = permit;
        let access = self.access;
        let record = Access {
            requester,
            basis,
            consent,
            subject,
            holder: self.holder,
            named: None,
            at: execution.time,
            valid_until,
            holder_half: None,
            recipient_half: None,
            deadline: None,
            overdue: None,
        };
        execution.books.put_access(&access, record);
        execution.emit(AccessPermitted {
            access,
            basis,
            consent,
            subject: subject.map(Into::into),
            controller,
            requester,
            duties,
            valid_until,
        });
        Ok(())
    }
}

/// Counts a use of the consent; gives its subject and its controller.
fn count_use(
    execution: &mut Execution<'_>,
    consent: Option<ConsentId>,
) -> Result<Option<(AccountId, PartyId)>, Stop> {
    let Some(consent) = consent else { return Ok(None) };
    // It was decided on just now.
    let mut record = must(execution.books.consent(&consent), "a consent is gone")?.clone();
    // The decision denied already where this fails: no more are allowed than can be counted.
    record.uses = record.uses.checked_add(1).ok_or(Rejection::ConsentUsesExhausted)?;
    let whose = (record.subject, record.controller);
    execution.books.put_consent(&consent, record);
    Ok(Some(whose))
}

impl State {
    /// What [`RequestAccess`] by `requester` would be decided after the tip, at the tip's time:
    /// until when a permit could be relied on. Nothing is recorded and no use is counted.
    ///
    /// # Errors
    /// The [`Rejection`] that would deny it.
    pub fn decide_access(
        &self,
        requester: PartyId,
        request: &RequestAccess,
    ) -> Result<Timestamp, Rejection> {
        self.decide_access_with_duties(requester, request).map(|(until, _)| until)
    }

    /// As [`State::decide_access`], with what the permit would oblige to.
    ///
    /// # Errors
    /// The [`Rejection`] that would deny it.
    pub fn decide_access_with_duties(
        &self,
        requester: PartyId,
        request: &RequestAccess,
    ) -> Result<(Timestamp, Duties), Rejection> {
        refuse_if(self.access(&request.access).is_some(), Rejection::AccessExists)?;
        self.decision(requester, &request.basis, 0)
    }

    /// Whether a permitted access would be permitted still, its own use counted already, and until
    /// when that may be relied on, with what it obliges to. `basis` is what it was asked with.
    ///
    /// # Errors
    /// [`Rejection::UnknownAccess`] where none of that identity rests on such a basis,
    /// [`Rejection::HalfRecorded`] where both halves of its record are there, or the [`Rejection`]
    /// that would deny it now.
    pub fn still_permits(
        &self,
        access: &Hash,
        basis: &AccessBasis,
    ) -> Result<(Timestamp, Duties), Rejection> {
        let record = self.access(access).ok_or(Rejection::UnknownAccess)?;
        record.check_open(basis)?;
        self.decision(record.requester, basis, 1)
    }

    fn decision(
        &self,
        requester: PartyId,
        basis: &AccessBasis,
        counted: u32,
    ) -> Result<(Timestamp, Duties), Rejection> {
        let party = self.party(requester).ok_or(Rejection::UnknownParty)?;
        let permit = decide(&self.books, party, basis, counted, self.time())?;
        let delta = self.parameters().decision_validity_ms;
        Ok((relied_on_until(&permit, self.time(), delta), permit.duties))
    }
}

/// What permits a use, or why nothing does. `counted` uses of a consent are this very use.
fn decide(
    books: &Books,
    requester: &Party,
    basis: &AccessBasis,
    counted: u32,
    now: Timestamp,
) -> Result<Permit, Rejection> {
    acting::check_active(requester)?;
    if let AccessBasis::BreakGlass { glass } = basis {
        return bases::broken_glass(books, requester, glass, now);
    }
    requester.check_user().map_err(rejection)?;
    match basis {
        AccessBasis::Consent(asked) => under_consent::decide(books, requester, asked, counted, now),
        AccessBasis::BreakGlass { glass } => bases::broken_glass(books, requester, glass, now),
        AccessBasis::OptOut { controller, scheme, person, sensitive } => {
            let asked = bases::UnderOptOut {
                controller: *controller,
                scheme: *scheme,
                person: *person,
                sensitive: *sensitive,
            };
            asked.decide(books, now)
        }
        AccessBasis::JointUse { controller, scheme, version, .. } => {
            bases::joint_use(books, requester.party, *controller, *scheme, *version)
        }
        AccessBasis::Exemption { basis, version, evidence, sensitive, .. } => {
            let asked = bases::UnderExemption {
                basis: *basis,
                version: *version,
                has_evidence: evidence.is_some(),
                sensitive: *sensitive,
            };
            asked.decide(books, requester.regime)
        }
    }
}

/// min(the basis's end, block time + Δ).
fn relied_on_until(permit: &Permit, now: Timestamp, delta: u64) -> Timestamp {
    let until = after(now, delta);
    permit.ends.map_or(until, |ends| ends.min(until))
}
