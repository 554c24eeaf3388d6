//! Who acts for a party, a counter, a subject or a guardian.

use ledger_types::consent::RegimeRules;
use ledger_types::operation::GuardianPowers;
use ledger_types::{AccountId, PartyId, PartyRoles, Regime, Rejection, Timestamp};

use super::in_force::rejection;
use crate::execution::{Execution, Sender};
use crate::fault::{Stop, must};
use crate::record::{Consent, Delegation, Party};
use crate::state::Books;

/// The sending party, suspended or not.
///
/// Rejections, in order: `UnknownParty`.
pub(super) fn sending<'e>(execution: &'e Execution<'_>) -> Result<&'e Party, Stop> {
    let party = execution.sender.party()?;
    Ok(must(execution.books.party(party), "the sender is gone")?)
}

/// The sending party, which may act and has one of the roles.
///
/// Rejections, in order: `UnknownParty`, `PartySuspended`, `PartyRoleMissing`.
pub(super) fn acting<'e>(
    execution: &'e Execution<'_>,
    roles: PartyRoles,
) -> Result<&'e Party, Stop> {
    let party = sending(execution)?;
    check_active(party)?;
    if !party.roles.intersects(roles) {
        return Err(Rejection::PartyRoleMissing.into());
    }
    Ok(party)
}

/// As [`acting`], but suspended parties too: for what they still must do.
pub(super) fn owing<'e>(
    execution: &'e Execution<'_>,
    roles: PartyRoles,
) -> Result<&'e Party, Stop> {
    let party = sending(execution)?;
    if !party.roles.intersects(roles) {
        return Err(Rejection::PartyRoleMissing.into());
    }
    Ok(party)
}

/// Rejects with `PartySuspended` where it is.
pub(super) fn check_active(party: &Party) -> Result<(), Rejection> {
    party.check_active().map_err(rejection)
}

/// A controller that somebody names.
///
/// Rejections, in order: `UnknownParty`, `PartyRoleMissing`.
pub(super) fn controller(books: &Books, party: PartyId) -> Result<&Party, Rejection> {
    let party = books.party(party).ok_or(Rejection::UnknownParty)?;
    if !party.roles.intersects(PartyRoles::CONTROLLER) {
        return Err(Rejection::PartyRoleMissing);
    }
    Ok(party)
}

/// The deadlines of a regime: its current version's, or the initial ones.
pub(super) fn rules(books: &Books, regime: Regime) -> RegimeRules {
    books.regime(regime).map_or(RegimeRules::INITIAL, |version| version.rules)
}

/// The deadlines of a party's regime; the initial ones where there is no such party.
pub(super) fn rules_of(books: &Books, party: PartyId) -> RegimeRules {
    books.party(party).map_or(RegimeRules::INITIAL, |record| rules(books, record.regime))
}

/// The authority of a guardian over a subject with one of the powers, in force now.
///
/// Rejections: `DelegationMissing`.
pub(super) fn delegation<'b>(
    books: &'b Books,
    subject: &AccountId,
    guardian: &AccountId,
    powers: GuardianPowers,
    now: Timestamp,
) -> Result<&'b Delegation, Rejection> {
    books
        .delegation(subject, guardian)
        .filter(|delegation| delegation.is_in_force(now) && delegation.powers.intersects(powers))
        .ok_or(Rejection::DelegationMissing)
}

/// The data subject that sends, or for whom a counter sends.
///
/// Rejections, in order: `PartySuspended`, `PartyRoleMissing`, `NotASubject`.
pub(super) fn subject_or_counter(
    execution: &Execution<'_>,
    on_behalf_of: Option<AccountId>,
) -> Result<AccountId, Stop> {
    match (execution.sender, on_behalf_of) {
        (Sender::Party(_), Some(subject)) => {
            acting(execution, PartyRoles::COUNTER)?;
            Ok(subject)
        }
        (sender, None) => Ok(sender.subject()?),
        _ => Err(Rejection::NotASubject.into()),
    }
}

/// A consent that the sending subject gave and that goes on.
///
/// Rejections, in order: `NotASubject`, `UnknownConsent`, `NotConsentSubject`, `ConsentEnded`,
/// `ConsentExpired`.
pub(super) fn own_ongoing<'e>(
    execution: &'e Execution<'_>,
    consent: &ledger_types::ConsentId,
) -> Result<&'e Consent, Rejection> {
    let subject = execution.sender.subject()?;
    let record = execution.books.consent(consent).ok_or(Rejection::UnknownConsent)?;
    if record.subject != subject {
        return Err(Rejection::NotConsentSubject);
    }
    record.check_ongoing(execution.time).map_err(rejection)?;
    Ok(record)
}
