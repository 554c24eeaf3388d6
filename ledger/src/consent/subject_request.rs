//! `SubjectRequest` and `AnswerSubjectRequest`: what a person asks of a controller, and its answer.
//!
//! Rejections, in order:
//! - request: who asks (`NotASubject`; for a counter `PartySuspended`, `PartyRoleMissing`),
//!   `SubjectRequestExists`, `UnknownParty`, `PartyRoleMissing`;
//! - answer: `UnknownParty`, `UnknownSubjectRequest`, `NotRequestController`,
//!   `SubjectRequestAnswered`, `UnknownLegalBasis`. A suspended controller still answers, and a late
//!   answer is better than none.

use ledger_types::Rejection;
use ledger_types::operation::{AnswerSubjectRequest, RequestOutcome, SubjectRequest};

use super::{after, due, party};
use crate::event::{ConsentEvent, Event};
use crate::execution::Execution;
use crate::fault::Stop;
use crate::record::{self, Duty, RequestAnswer};

pub(crate) fn subject_request(
    execution: &mut Execution<'_>,
    ask: &SubjectRequest,
) -> Result<(), Stop> {
    let SubjectRequest { request, controller, kind, commitment, on_behalf_of } = *ask;
    let subject = party::subject_or_counter(execution, on_behalf_of)?;
    let books = &mut *execution.books;
    if books.subject_request(&request).is_some() {
        return Err(Rejection::SubjectRequestExists.into());
    }
    let regime = party::controller(books, controller)?.regime;
    let deadline = after(execution.time, party::rules(books, regime).request_within_ms);
    let record = record::SubjectRequest {
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
    due::set(books, deadline, Duty::Answer(request));
    let event = ConsentEvent::SubjectRequested { request, subject, controller, kind, deadline };
    execution.emit(Event::Consent(event));
    Ok(())
}

pub(crate) fn answer_subject_request(
    execution: &mut Execution<'_>,
    answer: &AnswerSubjectRequest,
) -> Result<(), Stop> {
    let AnswerSubjectRequest { request, outcome, commitment } = *answer;
    let controller = execution.sender.party()?;
    let books = &mut *execution.books;
    let record = books.subject_request(&request).ok_or(Rejection::UnknownSubjectRequest)?;
    if record.controller != controller {
        return Err(Rejection::NotRequestController.into());
    }
    if record.answer.is_some() {
        return Err(Rejection::SubjectRequestAnswered.into());
    }
    if let RequestOutcome::Refused { basis } = outcome
        && books.legal_basis(basis).is_none()
    {
        return Err(Rejection::UnknownLegalBasis.into());
    }
    let mut record = record.clone();
    let subject = record.subject;
    record.answer = Some(RequestAnswer { outcome, commitment, answered: execution.height });
    due::settle(books, record.deadline, Duty::Answer(request));
    books.put_subject_request(&request, record);
    let event = ConsentEvent::SubjectRequestAnswered { request, subject, controller, outcome };
    execution.emit(Event::Consent(event));
    Ok(())
}
