//! `Withdraw` and `WithdrawFor`: a consent ends at once, by the subject or on proved identity.
//!
//! Rejections, in order:
//! - by the subject: `NotASubject`, `UnknownConsent`, `NotConsentSubject`, `ConsentEnded`;
//! - for the subject: `NotASubject` (by an account that holds money), `UnknownConsent`; by a
//!   guardian `PartySuspended`, `DelegationMissing`; by a party that is neither the controller nor
//!   a guardian `PartySuspended`, `PartyRoleMissing`; `ConsentEnded`.
//!
//! Nothing else stands in the way: a consent that has expired, has not begun, is suspended or due
//! for renewal may be withdrawn too, and its controller may end it for its subject while it is
//! suspended. A lost phone never traps a consent.

use ledger_types::event::ConsentWithdrawn;
use ledger_types::operation::{GuardianPowers, Withdraw, WithdrawFor};
use ledger_types::record::Consent;
use ledger_types::{AccountId, ConsentStatus, PartyRoles, Rejection, refuse_if};

use super::ending;
use crate::acting;
use crate::execution::{Execute, Execution, Sender};
use crate::fault::Stop;

impl Execute for Withdraw {
    fn execute(&self, execution: &mut Execution<'_>) -> Result<(), Stop> {
        let consent = self.consent;
        let subject = execution.sender.subject()?;
        let record = execution.books.consent(&consent).ok_or(Rejection::UnknownConsent)?;
        refuse_if(record.subject != subject, Rejection::NotConsentSubject)?;
        if let Some(ended) = record.ended {
            return Err(Rejection::ConsentEnded { ended }.into());
        }
        let record = record.clone();
        let controller = record.controller;
        ending::end(execution, &consent, record, ConsentStatus::Withdrawn);
        execution.emit(ConsentWithdrawn { consent, subject: subject.into(), controller });
        Ok(())
    }
}

impl Execute for WithdrawFor {
    fn execute(&self, execution: &mut Execution<'_>) -> Result<(), Stop> {
        let consent = self.consent;
        if let Sender::Account(_) = execution.sender {
            return Err(Rejection::NotASubject.into());
        }
        let record = execution.books.consent(&consent).ok_or(Rejection::UnknownConsent)?;
        let by = narrower(execution, record)?;
        ending::end_by(execution, consent, ConsentStatus::Withdrawn, by)
    }
}

/// The sending account, where it may end the consent for its subject.
fn narrower(execution: &Execution<'_>, consent: &Consent) -> Result<AccountId, Stop> {
    match execution.sender {
        Sender::Party(sender) if sender == consent.controller => Ok(AccountId::of_party(sender)),
        Sender::Party(sender) if !acting::is_guardian(execution, &consent.subject) => {
            acting::acting(execution, PartyRoles::COUNTER)?;
            Ok(AccountId::of_party(sender))
        }
        Sender::Party(_) | Sender::Subject(_) | Sender::Account(_) => {
            let powers = GuardianPowers::WITHDRAW;
            Ok(acting::guardian(execution, &consent.subject, powers)?.account)
        }
    }
}
