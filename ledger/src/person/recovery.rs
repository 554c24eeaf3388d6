//! `ProposeRecovery`, `ExecuteRecovery` and `VetoRecovery`: a data subject that lost its key.
//!
//! The account stays, and so do its consents and the nonces it used; the key takes over from the
//! next block on, because admission looks at the parent's state.

use ledger_types::event::{RecoveryExecuted, RecoveryProposed, RecoveryVetoed};
use ledger_types::limits::RECOVERY_DELAY_MS;
use ledger_types::operation::{ExecuteRecovery, ProposeRecovery, VetoRecovery};
use ledger_types::record::{Authority, Recovery, Subject};
use ledger_types::{PartyRoles, Rejection, refuse_if};

use crate::acting;
use crate::deadline::after;
use crate::execution::{Execute, Execution};
use crate::fault::{Stop, must};

impl Execute for ProposeRecovery {
    fn execute(&self, execution: &mut Execution<'_>) -> Result<(), Stop> {
        let ProposeRecovery { subject, key, evidence } = *self;
        let proposer = acting::acting(execution, PartyRoles::COUNTER)?.party;
        let books = &mut *execution.books;
        refuse_if(books.subject(&subject).is_none(), Rejection::UnknownSubject)?;
        refuse_if(!key.is_registrable(), Rejection::BadSubjectKey)?;
        refuse_if(books.recovery(&subject).is_some(), Rejection::RecoveryExists)?;
        let executable_from = after(execution.time, RECOVERY_DELAY_MS);
        let proposed = execution.height;
        books.put_recovery(
            &subject,
            Recovery { key, proposer, evidence, executable_from, proposed },
        );
        execution.emit(RecoveryProposed { subject: subject.into(), proposer, executable_from });
        Ok(())
    }
}

impl Execute for ExecuteRecovery {
    fn execute(&self, execution: &mut Execution<'_>) -> Result<(), Stop> {
        let subject = self.subject;
        let proposer = acting::acting(execution, PartyRoles::COUNTER)?.party;
        let books = &mut *execution.books;
        let recovery = books.recovery(&subject).ok_or(Rejection::UnknownRecovery)?;
        refuse_if(recovery.proposer != proposer, Rejection::NotRecoveryProposer)?;
        if execution.time < recovery.executable_from {
            return Err(Rejection::RecoveryDelayed { until: recovery.executable_from }.into());
        }
        let mut authority = Authority::of_one_key(recovery.key);
        let before = &must(books.subject(&subject), "a subject is gone")?.authority;
        (authority.window, authority.used) = (before.window, before.used);
        books.put_subject(&subject, Subject { authority });
        books.remove_recovery(&subject);
        execution.emit(RecoveryExecuted { subject: subject.into(), proposer });
        Ok(())
    }
}

impl Execute for VetoRecovery {
    fn execute(&self, execution: &mut Execution<'_>) -> Result<(), Stop> {
        let subject = execution.sender.subject()?;
        let recovery = execution.books.recovery(&subject).ok_or(Rejection::UnknownRecovery)?;
        let proposer = recovery.proposer;
        execution.books.remove_recovery(&subject);
        execution.emit(RecoveryVetoed { subject: subject.into(), proposer });
        Ok(())
    }
}
