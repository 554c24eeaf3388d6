//! `Suspend` and `Resume`: a data subject sets a consent aside and takes it up again.

use ledger_types::event::{Resumed, Suspended};
use ledger_types::operation::{Resume, Suspend};
use ledger_types::{ConsentStatus, Rejection, refuse_if};

use crate::acting;
use crate::execution::{Execute, Execution};
use crate::fault::Stop;

impl Execute for Suspend {
    fn execute(&self, execution: &mut Execution<'_>) -> Result<(), Stop> {
        let consent = self.consent;
        let mut record = acting::own_ongoing(execution, &consent)?.clone();
        refuse_if(record.status == ConsentStatus::Suspended, Rejection::ConsentSuspended)?;
        let (subject, controller) = (record.subject, record.controller);
        record.status = ConsentStatus::Suspended;
        execution.books.put_consent(&consent, record);
        execution.emit(Suspended { consent, subject: subject.into(), controller });
        Ok(())
    }
}

impl Execute for Resume {
    fn execute(&self, execution: &mut Execution<'_>) -> Result<(), Stop> {
        acting::check_key(execution)?;
        let consent = self.consent;
        let mut record = acting::own_ongoing(execution, &consent)?.clone();
        refuse_if(record.status != ConsentStatus::Suspended, Rejection::ConsentNotSuspended)?;
        let (subject, controller) = (record.subject, record.controller);
        record.status = ConsentStatus::Given;
        execution.books.put_consent(&consent, record);
        execution.emit(Resumed { consent, subject: subject.into(), controller });
        Ok(())
    }
}
