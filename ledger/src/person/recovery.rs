//! `ProposeRecovery`, `ExecuteRecovery` and `VetoRecovery`: a data subject that lost its key.
//!
//! The account stays, and so do its consents and the nonces it used; the key takes over from the
//! next block on, because admission looks at the parent's state. Any counter may execute what one
//! proposed. A proposal that nobody executed in time lapses: from that instant on it is as if it
//! had never been.
//!
//! Where the counter says that the key was stolen, the key is frozen until then: whoever holds it
//! can neither veto nor agree to anything, only narrow and end. A veto is then for another
//! organisation's counter, which looks at the person anew.

use ledger_types::event::{RecoveryExecuted, RecoveryProposed, RecoveryVetoed};
use ledger_types::limits::{RECOVERY_DELAY_MS, RECOVERY_LAPSE_MS};
use ledger_types::operation::{ExecuteRecovery, KeyLoss, ProposeRecovery, VetoRecovery};
use ledger_types::record::{Authority, Recovery};
use ledger_types::{AccountId, PartyId, PartyRoles, Rejection, Timestamp, refuse_if};

use crate::acting;
use crate::deadline::after;
use crate::execution::{Execute, Execution, Sender};
use crate::fault::{Stop, must};
use crate::person::counter;
use crate::state::{Books, State};

impl Execute for ProposeRecovery {
    fn execute(&self, execution: &mut Execution<'_>) -> Result<(), Stop> {
        let ProposeRecovery { subject, key, evidence, loss } = *self;
        let proposer = acting::acting(execution, PartyRoles::COUNTER)?.party;
        let now = execution.time;
        let books = &mut *execution.books;
        refuse_if(books.subject(&subject).is_none(), Rejection::UnknownSubject)?;
        refuse_if(!key.is_registrable(), Rejection::BadSubjectKey)?;
        refuse_if(pending(books, &subject, now).is_some(), Rejection::RecoveryExists)?;
        counter::count(execution, proposer)?;
        let executable_from = after(now, RECOVERY_DELAY_MS);
        let lapses = after(executable_from, RECOVERY_LAPSE_MS);
        let proposed = execution.height;
        let record = Recovery { key, proposer, evidence, loss, executable_from, lapses, proposed };
        execution.books.put_recovery(&subject, record);
        let subject = subject.into();
        execution.emit(RecoveryProposed { subject, proposer, loss, executable_from, lapses });
        Ok(())
    }
}

impl Execute for ExecuteRecovery {
    fn execute(&self, execution: &mut Execution<'_>) -> Result<(), Stop> {
        let subject = self.subject;
        let counter = acting::acting(execution, PartyRoles::COUNTER)?.party;
        let now = execution.time;
        let books = &mut *execution.books;
        let recovery = pending(books, &subject, now).ok_or(Rejection::UnknownRecovery)?;
        let proposer = recovery.proposer;
        if now < recovery.executable_from {
            return Err(Rejection::RecoveryDelayed { until: recovery.executable_from }.into());
        }
        // A recovery is proposed of a subject that is there, and subjects are never removed.
        let mut record = must(books.subject(&subject), "a subject is gone")?.clone();
        let Authority { window, used, .. } = record.authority;
        record.authority = Authority { window, used, ..Authority::of_one_key(recovery.key) };
        books.put_subject(&subject, record);
        books.remove_recovery(&subject);
        execution.emit(RecoveryExecuted { subject: subject.into(), proposer, counter });
        Ok(())
    }
}

impl Execute for VetoRecovery {
    fn execute(&self, execution: &mut Execution<'_>) -> Result<(), Stop> {
        let (subject, counter) = vetoer(execution, self.on_behalf_of)?;
        let recovery = pending(execution.books, &subject, execution.time);
        let recovery = recovery.ok_or(Rejection::UnknownRecovery)?;
        let proposer = recovery.proposer;
        if recovery.loss == KeyLoss::Stolen {
            let counter = counter.ok_or(Rejection::KeyFrozen)?;
            let is_one = acting::are_one_organisation(execution.books, counter, proposer);
            refuse_if(is_one, Rejection::SameCounter)?;
        }
        execution.books.remove_recovery(&subject);
        execution.emit(RecoveryVetoed { subject: subject.into(), proposer, counter });
        Ok(())
    }
}

/// Whose recovery is vetoed, and the counter that does it for them.
fn vetoer(
    execution: &Execution<'_>,
    on_behalf_of: Option<AccountId>,
) -> Result<(AccountId, Option<PartyId>), Stop> {
    let subject = acting::subject_or_counter(execution, on_behalf_of)?;
    let counter = match execution.sender {
        Sender::Party(counter) => Some(counter),
        Sender::Subject(_) | Sender::Account(_) => None,
    };
    Ok((subject, counter))
}

/// The proposal for a subject that has not lapsed.
fn pending<'b>(books: &'b Books, subject: &AccountId, now: Timestamp) -> Option<&'b Recovery> {
    books.recovery(subject).filter(|recovery| recovery.is_pending(now))
}

impl State {
    /// The recovery that is proposed for a subject and has not lapsed at the tip's time.
    #[must_use]
    pub fn pending_recovery(&self, subject: &AccountId) -> Option<&Recovery> {
        pending(&self.books, subject, self.time())
    }
}
