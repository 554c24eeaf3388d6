//! `ProposeRecovery`, `ExecuteRecovery` and `VetoRecovery`: a data subject that lost its key.
//!
//! Rejections, in order:
//! - propose: `UnknownParty`, `PartySuspended`, `PartyRoleMissing`, `UnknownSubject`,
//!   `BadSubjectKey`, `RecoveryExists`;
//! - execute: `UnknownParty`, `PartySuspended`, `PartyRoleMissing`, `UnknownRecovery`,
//!   `NotRecoveryProposer`, `RecoveryDelayed`;
//! - veto: `NotASubject`, `UnknownRecovery`.
//!
//! The account stays, and so do its consents and the nonces it used; the key takes over from the
//! next block on, because admission looks at the parent's state.

use ledger_types::limits::RECOVERY_DELAY_MS;
use ledger_types::operation::{ExecuteRecovery, ProposeRecovery};
use ledger_types::{PartyRoles, Rejection};

use super::{after, party};
use crate::event::{ConsentEvent, Event};
use crate::execution::Execution;
use crate::fault::{Stop, must};
use crate::record::{Authority, Recovery, Subject};

pub(crate) fn propose_recovery(
    execution: &mut Execution<'_>,
    propose: &ProposeRecovery,
) -> Result<(), Stop> {
    let ProposeRecovery { subject, key, evidence } = *propose;
    let proposer = party::acting(execution, PartyRoles::COUNTER)?.party;
    let books = &mut *execution.books;
    if books.subject(&subject).is_none() {
        return Err(Rejection::UnknownSubject.into());
    }
    if !key.is_registrable() {
        return Err(Rejection::BadSubjectKey.into());
    }
    if books.recovery(&subject).is_some() {
        return Err(Rejection::RecoveryExists.into());
    }
    let executable_from = after(execution.time, RECOVERY_DELAY_MS);
    let proposed = execution.height;
    books.put_recovery(&subject, Recovery { key, proposer, evidence, executable_from, proposed });
    let event = ConsentEvent::RecoveryProposed { subject, proposer, executable_from };
    execution.emit(Event::Consent(event));
    Ok(())
}

pub(crate) fn execute_recovery(
    execution: &mut Execution<'_>,
    execute: &ExecuteRecovery,
) -> Result<(), Stop> {
    let subject = execute.subject;
    let proposer = party::acting(execution, PartyRoles::COUNTER)?.party;
    let books = &mut *execution.books;
    let recovery = books.recovery(&subject).ok_or(Rejection::UnknownRecovery)?;
    if recovery.proposer != proposer {
        return Err(Rejection::NotRecoveryProposer.into());
    }
    if execution.time < recovery.executable_from {
        return Err(Rejection::RecoveryDelayed { until: recovery.executable_from }.into());
    }
    let mut authority = Authority::of_one_key(recovery.key);
    authority.window = must(books.subject(&subject), "a subject is gone")?.authority.window;
    books.put_subject(&subject, Subject { authority });
    books.remove_recovery(&subject);
    execution.emit(Event::Consent(ConsentEvent::RecoveryExecuted { subject, proposer }));
    Ok(())
}

pub(crate) fn veto_recovery(execution: &mut Execution<'_>) -> Result<(), Stop> {
    let subject = execution.sender.subject()?;
    let recovery = execution.books.recovery(&subject).ok_or(Rejection::UnknownRecovery)?;
    let proposer = recovery.proposer;
    execution.books.remove_recovery(&subject);
    execution.emit(Event::Consent(ConsentEvent::RecoveryVetoed { subject, proposer }));
    Ok(())
}
