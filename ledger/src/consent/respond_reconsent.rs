//! `RespondReconsent`: a data subject, or a guardian who may respond, answers for many consents.
//!
//! Rejections, in order: `KeyFrozen`, `NotASubject`, `UnknownReconsent`, `ReconsentDeadlinePassed`,
//! `BadAnswers`, then for each answer in order: `UnknownConsent`, `PartySuspended` (by a suspended
//! guardian's party), `NotConsentSubject` (by somebody without authority), `ConsentNotInRequest`,
//! `ConsentEnded`, `ConsentExpired`, and where it accepts, the notice (`UnknownParty`,
//! `PartyRoleMissing`, `PartySuspended`, `UnknownNotice`, `NoticeNotCurrent`,
//! `NoticeTextMismatch`), `PresentationNotFresh` and `ConsentChangesExhausted`.
//!
//! After the deadline nothing is granted; withdrawing stays possible, as always.

use ledger_types::event::Deferred;
use ledger_types::limits::RECONSENT_ANSWERS_MAX;
use ledger_types::operation::{Answer, GuardianPowers, ReconsentAnswer, RespondReconsent};
use ledger_types::record::{Consent, Guardian, Reconsent};
use ledger_types::{ConsentStatus, Rejection, refuse_if};

use super::ending;
use super::renew::Renewal;
use crate::acting;
use crate::denial::rejection;
use crate::execution::{Execute, Execution, Sender};
use crate::fault::Stop;

impl Execute for RespondReconsent {
    fn execute(&self, execution: &mut Execution<'_>) -> Result<(), Stop> {
        acting::check_key(execution)?;
        if let Sender::Account(_) = execution.sender {
            return Err(Rejection::NotASubject.into());
        }
        let request = execution.books.reconsent(&self.request);
        let request = request.ok_or(Rejection::UnknownReconsent)?.clone();
        if request.deadline <= execution.time {
            return Err(Rejection::ReconsentDeadlinePassed { deadline: request.deadline }.into());
        }
        refuse_if(!are_usable(&self.answers), Rejection::BadAnswers)?;
        self.answers.iter().try_for_each(|answer| one(execution, &request, answer))
    }
}

/// Whether there are 1 to 64, in ascending order of consent, each once.
fn are_usable(answers: &[ReconsentAnswer]) -> bool {
    (1..=RECONSENT_ANSWERS_MAX).contains(&answers.len())
        && answers.iter().zip(answers.iter().skip(1)).all(|(one, next)| one.consent < next.consent)
}

fn one(
    execution: &mut Execution<'_>,
    request: &Reconsent,
    answer: &ReconsentAnswer,
) -> Result<(), Stop> {
    let consent = answer.consent;
    let record = execution.books.consent(&consent).ok_or(Rejection::UnknownConsent)?;
    let guardian = guardian(execution, record)?;
    if (record.controller, record.notice) != (request.controller, request.notice) {
        return Err(Rejection::ConsentNotInRequest.into());
    }
    record.check_ongoing(execution.time).map_err(rejection)?;
    let record = record.clone();
    let (subject, controller) = (record.subject, record.controller);
    match answer.answer {
        Answer::Accept { language, notice_hash: text, presentation_commitment: presentation } => {
            let version = request.version;
            let renewal = Renewal { version, language, text, presentation, guardian };
            renewal.write(execution, &consent, record)
        }
        Answer::Refuse => {
            let by = execution.sender.signing();
            ending::end_by(execution, consent, ConsentStatus::Refused, by)
        }
        Answer::Defer => {
            execution.emit(Deferred { consent, subject: subject.into(), controller });
            Ok(())
        }
    }
}

/// The guardian who answers; none where the subject does.
fn guardian(execution: &Execution<'_>, consent: &Consent) -> Result<Option<Guardian>, Stop> {
    if consent.subject == execution.sender.signing() {
        return Ok(None);
    }
    match acting::guardian(execution, &consent.subject, GuardianPowers::RESPOND) {
        Err(Stop::Rejected(Rejection::DelegationMissing)) => {
            Err(Rejection::NotConsentSubject.into())
        }
        found => found.map(Some),
    }
}
