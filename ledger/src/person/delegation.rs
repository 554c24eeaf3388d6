//! `Delegate` and `EndDelegation`: a guardian's authority over a data subject's consents.
//!
//! Rejections, in order:
//! - delegate: who gives it (`NotASubject` by anyone but the subject itself or a party; for a
//!   counter `PartySuspended`, `PartyRoleMissing`), `BadSubjectKey`, `BadDelegation`,
//!   `DelegationExists`; for a counter then `CounterNotRegistered`, `CounterLimitReached`,
//!   `TooSoonForAnother`;
//! - end: `NotASubject` (by anyone but the subject, the guardian or a party), `PartySuspended`,
//!   `PartyRoleMissing`, `UnknownDelegation`.
//!
//! Authority ends at its instant by block time, without a transaction. What the guardian gave
//! keeps the instant in mind: from then on it is due for renewal by the subject.

use ledger_types::event::{DelegationEnded, DelegationGiven};
use ledger_types::operation::{Delegate, EndDelegation, GuardianPowers};
use ledger_types::record::{Authority, Delegation, Subject};
use ledger_types::{AccountId, PartyRoles, PublicKey, Rejection, Timestamp, refuse_if};

use crate::acting;
use crate::execution::{Execute, Execution, Sender};
use crate::fault::Stop;
use crate::person::counter;

impl Execute for Delegate {
    fn execute(&self, execution: &mut Execution<'_>) -> Result<(), Stop> {
        acting::check_key(execution)?;
        let Delegate { subject, subject_key, guardian, powers, from, until, evidence } = *self;
        check_sender(execution, &[subject])?;
        check_key(execution, &subject, subject_key)?;
        refuse_if(!is_usable(self, execution.time), Rejection::BadDelegation)?;
        let before = execution.books.delegation(&subject, &guardian);
        if before.is_some_and(|before| before.goes_on(execution.time)) {
            return Err(Rejection::DelegationExists.into());
        }
        let counter = match execution.sender {
            Sender::Party(_) => Some(counter::serve(execution, &subject)?),
            Sender::Subject(_) | Sender::Account(_) => None,
        };
        if counter.is_some() {
            counter::check_delay(execution, from)?;
        }
        let books = &mut *execution.books;
        if let Some(key) = subject_key
            && books.subject(&subject).is_none()
        {
            books.put_subject(&subject, Subject::new(Authority::of_one_key(key)));
        }
        let given = execution.height;
        let record = Delegation { powers, from, until, evidence, counter, given, ended: None };
        books.put_delegation(&subject, &guardian, record);
        let event =
            DelegationGiven { subject: subject.into(), guardian: guardian.into(), from, until };
        execution.emit(event);
        Ok(())
    }
}

impl Execute for EndDelegation {
    fn execute(&self, execution: &mut Execution<'_>) -> Result<(), Stop> {
        let EndDelegation { subject, guardian } = *self;
        check_sender(execution, &[subject, guardian])?;
        let record = execution.books.delegation(&subject, &guardian);
        let record = record.filter(|record| record.goes_on(execution.time));
        let mut record = record.ok_or(Rejection::UnknownDelegation)?.clone();
        record.ended = Some(execution.height);
        execution.books.put_delegation(&subject, &guardian, record);
        execution.emit(DelegationEnded { subject: subject.into(), guardian: guardian.into() });
        Ok(())
    }
}

/// One of these sends, and may act, or a counter.
fn check_sender(execution: &Execution<'_>, subjects: &[AccountId]) -> Result<(), Stop> {
    match execution.sender {
        Sender::Subject(sender) if subjects.contains(&sender) => Ok(()),
        Sender::Party(sender) if subjects.contains(&AccountId::of_party(sender)) => {
            Ok(acting::check_active(acting::sending(execution)?)?)
        }
        Sender::Party(_) => acting::acting(execution, PartyRoles::COUNTER).map(|_| ()),
        Sender::Subject(_) | Sender::Account(_) => Err(Rejection::NotASubject.into()),
    }
}

/// A key is given by a counter alone, derives the account, and may be registered.
fn check_key(
    execution: &Execution<'_>,
    subject: &AccountId,
    key: Option<PublicKey>,
) -> Result<(), Rejection> {
    let Some(key) = key else { return Ok(()) };
    let by_counter = matches!(execution.sender, Sender::Party(_));
    let derives = AccountId::of_subject(&key) == *subject;
    refuse_if(!(by_counter && derives && key.is_registrable()), Rejection::BadSubjectKey)
}

fn is_usable(delegate: &Delegate, now: Timestamp) -> bool {
    let powers = GuardianPowers::from_bits(delegate.powers.bits());
    delegate.subject != delegate.guardian
        && powers.is_some_and(|powers| powers.intersects(GuardianPowers::ALL))
        && now < delegate.until
        && delegate.from < delegate.until
}
