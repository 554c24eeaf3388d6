//! `SubjectRequest` and `AnswerSubjectRequest`: what a person asks of a controller, and its answer.
//!
//! Rejections, in order:
//! - request: who asks (`NotASubject`; for a counter `PartySuspended`, `PartyRoleMissing`),
//!   `SubjectRequestExists`, `DayRefused`, `UnknownParty`, `PartyRoleMissing`;
//! - answer: `UnknownParty`, `UnknownSubjectRequest`, `NotRequestController`,
//!   `SubjectRequestAnswered`, `UnknownLegalBasis`. A suspended controller still answers, and a
//!   late answer is better than none.

use ledger_types::event::{SubjectRequestAnswered, SubjectRequested};
use ledger_types::operation::{AnswerSubjectRequest, RequestOutcome, SubjectRequest};
use ledger_types::record::{AskedRequest, Duty, Owed, RequestAnswer};
use ledger_types::{Rejection, refuse_if};

use crate::acting;
use crate::deadline::after;
use crate::execution::{Execute, Execution};
use crate::expiry;
use crate::fault::Stop;
use crate::oversight::due;
use crate::person::counter;

impl Execute for SubjectRequest {
    fn execute(&self, execution: &mut Execution<'_>) -> Result<(), Stop> {
        acting::check_key(execution)?;
        let SubjectRequest { request, controller, kind, commitment, on_behalf_of } = *self;
        let subject = acting::subject_or_counter(execution, on_behalf_of)?;
        let books = &mut *execution.books;
        refuse_if(books.subject_request(&request).is_some(), Rejection::SubjectRequestExists)?;
        refuse_if(!expiry::is_of_now(&request, execution.time), Rejection::DayRefused)?;
        let regime = acting::controller(books, controller)?.regime;
        let deadline = after(execution.time, acting::rules(books, regime).request_within_ms);
        if on_behalf_of.is_some() {
            counter::serve(execution, &subject)?;
        }
        let books = &mut *execution.books;
        let record = AskedRequest {
            subject,
            controller,
            kind,
            commitment,
            asked: execution.height,
            deadline,
            answer: None,
            overdue: None,
        };
        books.put_subject_request(&request, record);
        due::set(books, Owed { debtor: controller, deadline, duty: Duty::Answer(request) });
        let by = on_behalf_of.map(|_| execution.sender.signing().into());
        let subject = subject.into();
        execution.emit(SubjectRequested { request, subject, controller, kind, deadline, by });
        Ok(())
    }
}

impl Execute for AnswerSubjectRequest {
    fn execute(&self, execution: &mut Execution<'_>) -> Result<(), Stop> {
        let AnswerSubjectRequest { request, outcome, commitment } = *self;
        let controller = execution.sender.party()?;
        let books = &mut *execution.books;
        let record = books.subject_request(&request).ok_or(Rejection::UnknownSubjectRequest)?;
        refuse_if(record.controller != controller, Rejection::NotRequestController)?;
        refuse_if(record.answer.is_some(), Rejection::SubjectRequestAnswered)?;
        if let RequestOutcome::Refused { basis } = outcome
            && books.legal_basis(basis).is_none()
        {
            return Err(Rejection::UnknownLegalBasis.into());
        }
        let mut record = record.clone();
        let subject = record.subject;
        record.answer = Some(RequestAnswer { outcome, commitment, answered: execution.height });
        let (debtor, deadline, duty) = (controller, record.deadline, Duty::Answer(request));
        due::settle(books, Owed { debtor, deadline, duty });
        books.put_subject_request(&request, record);
        let event =
            SubjectRequestAnswered { request, subject: subject.into(), controller, outcome };
        execution.emit(event);
        Ok(())
    }
}
