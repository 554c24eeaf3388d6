//! Who acts: for a party, a counter, a subject, a guardian or a member.

use ledger_types::consent::{DATA_USERS, RegimeRules};
use ledger_types::genesis::MemberRole;
use ledger_types::operation::{GuardianPowers, KeyLoss};
use ledger_types::record::{Consent, Delegation, Guardian, Party};
use ledger_types::{AccountId, PartyId, PartyRoles, Regime, Rejection, Timestamp, refuse_if};

use crate::denial::rejection;
use crate::execution::{Execution, Sender};
use crate::fault::{Stop, must};
use crate::state::Books;

/// The sending party, suspended or not.
///
/// Rejections, in order: `UnknownParty`.
pub(crate) fn sending<'e>(execution: &'e Execution<'_>) -> Result<&'e Party, Stop> {
    let party = execution.sender.party()?;
    // The sender was found as a party when its nonce was used; parties are never removed.
    Ok(must(execution.books.party(party), "the sender is gone")?)
}

/// The sending party, which may act and has one of the roles.
///
/// Rejections, in order: `UnknownParty`, `PartySuspended`, `PartyRoleMissing`.
pub(crate) fn acting<'e>(
    execution: &'e Execution<'_>,
    roles: PartyRoles,
) -> Result<&'e Party, Stop> {
    let party = sending(execution)?;
    check_active(party)?;
    refuse_if(!party.roles.intersects(roles), Rejection::PartyRoleMissing)?;
    Ok(party)
}

/// The sending party, which may act or has a role that leaves duties behind: whoever decides about
/// data or has any still owes what it owes while it is suspended, a counter or an auditor does not.
///
/// Rejections, in order: `UnknownParty`, `PartySuspended`.
pub(crate) fn owing<'e>(execution: &'e Execution<'_>) -> Result<&'e Party, Stop> {
    const DEBTORS: PartyRoles = DATA_USERS.with(PartyRoles::EMERGENCY);
    let party = sending(execution)?;
    if !party.roles.intersects(DEBTORS) {
        check_active(party)?;
    }
    Ok(party)
}

/// Rejects with `PartySuspended` where it is.
pub(crate) fn check_active(party: &Party) -> Result<(), Rejection> {
    party.check_active().map_err(rejection)
}

/// A controller that somebody names.
///
/// Rejections, in order: `UnknownParty`, `PartyRoleMissing`.
pub(crate) fn controller(books: &Books, party: PartyId) -> Result<&Party, Rejection> {
    let party = books.party(party).ok_or(Rejection::UnknownParty)?;
    refuse_if(!party.roles.intersects(PartyRoles::CONTROLLER), Rejection::PartyRoleMissing)?;
    Ok(party)
}

/// Whether two parties are one organisation: where one is not there, only as the same number.
pub(crate) fn are_one_organisation(books: &Books, one: PartyId, other: PartyId) -> bool {
    match (books.party(one), books.party(other)) {
        (Some(one), Some(other)) => one.is_one_organisation_with(other),
        _ => one == other,
    }
}

/// Rejects with `KeyFrozen` where somebody else is said to hold the sender's keys. It is asked by
/// whatever binds the sender or moves its keys, and by nothing that narrows or ends.
pub(crate) fn check_key(execution: &Execution<'_>) -> Result<(), Rejection> {
    let (books, now) = (&*execution.books, execution.time);
    let loss = match execution.sender {
        Sender::Subject(subject) => {
            books.recovery(&subject).filter(|one| one.is_pending(now)).map(|one| one.loss)
        }
        Sender::Account(account) => {
            books.account_recovery(&account).filter(|one| one.is_pending(now)).map(|one| one.loss)
        }
        Sender::Party(_) => None,
    };
    refuse_if(loss == Some(KeyLoss::Stolen), Rejection::KeyFrozen)
}

/// The deadlines of a regime: its current version's, or the initial ones.
pub(crate) fn rules(books: &Books, regime: Regime) -> RegimeRules {
    books.regime(regime).map_or(RegimeRules::INITIAL, |version| version.rules)
}

/// The deadlines of a party's regime; the initial ones where there is no such party.
pub(crate) fn rules_of(books: &Books, party: PartyId) -> RegimeRules {
    books.party(party).map_or(RegimeRules::INITIAL, |record| rules(books, record.regime))
}

/// The authority of a guardian over a subject with one of the powers, in force now.
///
/// Rejections: `DelegationMissing`.
fn delegation<'b>(
    books: &'b Books,
    subject: &AccountId,
    guardian: &AccountId,
    powers: GuardianPowers,
    now: Timestamp,
) -> Result<&'b Delegation, Rejection> {
    books
        .delegation(subject, guardian)
        .filter(|delegation| delegation.may(powers, now))
        .ok_or(Rejection::DelegationMissing)
}

/// The sending guardian of a subject: its account, and until when it has authority. It is a data
/// subject or a party that may act, and each of its acts asks for the power anew.
///
/// Rejections, in order: `PartySuspended`, `DelegationMissing`.
pub(crate) fn guardian(
    execution: &Execution<'_>,
    subject: &AccountId,
    powers: GuardianPowers,
) -> Result<Guardian, Stop> {
    if let Sender::Party(_) = execution.sender {
        check_active(sending(execution)?)?;
    }
    let account = execution.sender.signing();
    let (books, now) = (&*execution.books, execution.time);
    let until = delegation(books, subject, &account, powers, now)?.until;
    Ok(Guardian { account, until })
}

/// Whether the sending account is the subject's guardian now, with whatever powers.
pub(crate) fn is_guardian(execution: &Execution<'_>, subject: &AccountId) -> bool {
    let delegation = execution.books.delegation(subject, &execution.sender.signing());
    delegation.is_some_and(|delegation| delegation.is_in_force(execution.time))
}

/// The data subject that sends, or for whom a counter sends.
///
/// Rejections, in order: `PartySuspended`, `PartyRoleMissing`, `NotASubject`.
pub(crate) fn subject_or_counter(
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
pub(crate) fn own_ongoing<'e>(
    execution: &'e Execution<'_>,
    consent: &ledger_types::ConsentId,
) -> Result<&'e Consent, Rejection> {
    let subject = execution.sender.subject()?;
    let record = execution.books.consent(consent).ok_or(Rejection::UnknownConsent)?;
    refuse_if(record.subject != subject, Rejection::NotConsentSubject)?;
    record.check_ongoing(execution.time).map_err(rejection)?;
    Ok(record)
}

/// The sending account, where a member with this role acts through it.
pub(crate) fn member_with(
    execution: &Execution<'_>,
    role: MemberRole,
) -> Result<AccountId, Rejection> {
    let account = execution.sender.account().map_err(|_| Rejection::MemberRoleMissing)?;
    let acts = execution.books.has_role(&account, role);
    acts.then_some(account).ok_or(Rejection::MemberRoleMissing)
}

/// The sending account, where a member with one of these roles acts through it.
pub(crate) fn member_with_any(
    execution: &Execution<'_>,
    roles: &[MemberRole],
) -> Result<AccountId, Rejection> {
    let found = roles.iter().find_map(|role| member_with(execution, *role).ok());
    found.ok_or(Rejection::MemberRoleMissing)
}

/// The sending account, where any member acts through it.
pub(crate) fn member(execution: &Execution<'_>) -> Result<AccountId, Rejection> {
    let account = execution.sender.account().map_err(|_| Rejection::MemberRoleMissing)?;
    let acts = execution.books.is_member(&account);
    acts.then_some(account).ok_or(Rejection::MemberRoleMissing)
}
