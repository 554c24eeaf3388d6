//! `Widen`: a data subject agrees to new terms, under a newer notice that was presented anew.
//!
//! Rejections, in order: `NotASubject`, `UnknownConsent`, `NotConsentSubject`, `ConsentEnded`,
//! `ConsentExpired`, the notice (`UnknownParty`, `PartyRoleMissing`, `PartySuspended`,
//! `UnknownNotice`, `NoticeNotCurrent`, `NoticeTextMismatch`), `NoticeNotNewer`,
//! `PresentationNotFresh`, `BadConsentPeriod`, `ZeroUseLimit`, `ConsentChangesExhausted`.
//!
//! What a guardian gave becomes the subject's own: it was just agreed to in person.

use ledger_types::event::Widened;
use ledger_types::operation::Widen;
use ledger_types::record::Consent;
use ledger_types::{Rejection, refuse_if};

use super::amend::count_change;
use super::notice_shown::Shown;
use crate::acting;
use crate::execution::{Execute, Execution};
use crate::fault::Stop;

impl Execute for Widen {
    fn execute(&self, execution: &mut Execution<'_>) -> Result<(), Stop> {
        acting::check_key(execution)?;
        let consent = self.consent;
        let mut record = acting::own_ongoing(execution, &consent)?.clone();
        check(execution, &record, self)?;
        record.terms_root = self.terms_root;
        (record.notice, record.notice_version) = (self.notice, self.notice_version);
        (record.language, record.presentation_commitment) =
            (self.language, self.presentation_commitment);
        (record.expires, record.use_limit) = (self.expires, self.use_limit);
        record.guardian = None;
        count_change(&mut record)?;
        let (subject, controller, revision) = (record.subject, record.controller, record.revision);
        execution.books.put_consent(&consent, record);
        execution.emit(Widened { consent, subject: subject.into(), controller, revision });
        Ok(())
    }
}

fn check(execution: &Execution<'_>, record: &Consent, widen: &Widen) -> Result<(), Rejection> {
    let shown = Shown {
        controller: record.controller,
        notice: widen.notice,
        version: widen.notice_version,
        language: widen.language,
        text: widen.notice_hash,
    };
    shown.check(execution.books)?;
    if widen.notice == record.notice && widen.notice_version <= record.notice_version {
        return Err(Rejection::NoticeNotNewer);
    }
    if widen.presentation_commitment == record.presentation_commitment {
        return Err(Rejection::PresentationNotFresh);
    }
    if widen.expires <= execution.time || widen.expires <= record.valid_from {
        return Err(Rejection::BadConsentPeriod);
    }
    refuse_if(widen.use_limit == Some(0), Rejection::ZeroUseLimit)
}
