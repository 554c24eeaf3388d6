//! `RequestAccess`: whether a use is allowed, decided by every node from the state alone.
//!
//! Committed means permitted: the consent's uses count one more, and the event says until when the
//! decision may be relied on, the earlier of the consent's expiry and block time + Δ. Rejected
//! means denied, by the first of: `UnknownParty`, `PartyRoleMissing`, `UnknownConsent`,
//! `ConsentEnded`, `ConsentExpired`, `ConsentNotYetValid`, `ConsentRenewalDue`,
//! `ConsentUsesExhausted`, `NotInTerms`.
//!
//! A withdrawal earlier in the same block denies already.

use ledger_types::genesis::Parameters;
use ledger_types::limits::TERMS_PATH_MAX;
use ledger_types::merkle::verify_fixed_path;
use ledger_types::operation::RequestAccess;
use ledger_types::{PartyId, PartyRoles, Rejection, Timestamp};

use crate::event::Event;
use crate::execution::Execution;
use crate::fault::{Stop, must};
use crate::record::{Consent, Party};
use crate::state::{Books, State};

/// Roles that use data; auditing alone or breaking glass alone is no use under a consent.
const USERS: PartyRoles = PartyRoles::CONTROLLER
    .with(PartyRoles::JOINT_USER)
    .with(PartyRoles::RECIPIENT)
    .with(PartyRoles::PROCESSOR)
    .with(PartyRoles::DATA_HOLDER);

pub(crate) fn request_access(
    execution: &mut Execution<'_>,
    request: &RequestAccess,
) -> Result<(), Stop> {
    let requester = execution.sender.party()?;
    let party = must(execution.books.party(requester), "the sender is gone")?;
    let consent = decide(execution.books, party, request, execution.time)?;
    let mut record = consent.clone();
    record.uses = record.uses.checked_add(1).ok_or(Rejection::ConsentUsesExhausted)?;
    let subject = record.subject;
    let valid_until = relied_on_until(execution.parameters, execution.time, record.expires);
    execution.books.put_consent(&request.consent, record);
    let consent = request.consent;
    execution.emit(Event::AccessPermitted { consent, subject, requester, valid_until });
    Ok(())
}

impl State {
    /// What [`RequestAccess`] by `requester` would be decided after the tip, at the tip's time: until
    /// when a permit could be relied on. Nothing is recorded and no use is counted.
    ///
    /// # Errors
    /// The [`Rejection`] that would deny it.
    pub fn decide_access(
        &self,
        requester: PartyId,
        request: &RequestAccess,
    ) -> Result<Timestamp, Rejection> {
        let party = self.party(requester).ok_or(Rejection::UnknownParty)?;
        let consent = decide(&self.books, party, request, self.time())?;
        Ok(relied_on_until(self.parameters(), self.time(), consent.expires))
    }
}

/// The consent that permits the request, or why none does.
fn decide<'b>(
    books: &'b Books,
    requester: &Party,
    request: &RequestAccess,
    now: Timestamp,
) -> Result<&'b Consent, Rejection> {
    if !requester.roles.intersects(USERS) {
        return Err(Rejection::PartyRoleMissing);
    }
    let consent = books.consent(&request.consent).ok_or(Rejection::UnknownConsent)?;
    check_in_force(books, consent, now)?;
    check_terms(consent, request)?;
    Ok(consent)
}

/// The consent has begun, has not ended, needs no renewal, and has a use left.
fn check_in_force(books: &Books, consent: &Consent, now: Timestamp) -> Result<(), Rejection> {
    if let Some(ended) = consent.ended {
        return Err(Rejection::ConsentEnded { ended });
    }
    if consent.expires <= now {
        return Err(Rejection::ConsentExpired { expired: consent.expires });
    }
    if now < consent.valid_from {
        return Err(Rejection::ConsentNotYetValid { begins: consent.valid_from });
    }
    let notice = books.notice(consent.controller, consent.notice);
    let notice = notice.ok_or(Rejection::UnknownNotice)?;
    if consent.notice_version < notice.last_material_version {
        return Err(Rejection::ConsentRenewalDue);
    }
    if consent.use_limit.is_some_and(|limit| consent.uses >= limit) {
        return Err(Rejection::ConsentUsesExhausted);
    }
    Ok(())
}

fn check_terms(consent: &Consent, request: &RequestAccess) -> Result<(), Rejection> {
    let RequestAccess { leaf, leaf_index, path, .. } = request;
    let index = u64::from(*leaf_index);
    let within = path.len() <= TERMS_PATH_MAX
        && verify_fixed_path(leaf.hash(), index, path, &consent.terms_root);
    if within { Ok(()) } else { Err(Rejection::NotInTerms) }
}

/// min(expiry, block time + Δ); the expiry alone past the end of time.
fn relied_on_until(parameters: &Parameters, now: Timestamp, expires: Timestamp) -> Timestamp {
    let delta = parameters.decision_validity_ms;
    now.checked_add_millis(delta).map_or(expires, |until| until.min(expires))
}
