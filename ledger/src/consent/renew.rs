//! `Renew`: a data subject agrees again, to the same terms, under the notice's current version.
//!
//! Rejections, in order: `NotASubject`, `UnknownConsent`, `NotConsentSubject`, `ConsentEnded`,
//! `ConsentExpired`, the notice (`UnknownParty`, `PartyRoleMissing`, `PartySuspended`,
//! `UnknownNotice`, `NoticeNotCurrent`, `NoticeTextMismatch`), `PresentationNotFresh`,
//! `ConsentChangesExhausted`.

use ledger_types::consent::Language;
use ledger_types::event::Renewed;
use ledger_types::operation::Renew;
use ledger_types::record::{Consent, Guardian};
use ledger_types::{ConsentId, Hash, Rejection};

use super::amend::count_change;
use super::notice_shown::Shown;
use crate::acting;
use crate::execution::{Execute, Execution};
use crate::fault::Stop;

impl Execute for Renew {
    fn execute(&self, execution: &mut Execution<'_>) -> Result<(), Stop> {
        acting::check_key(execution)?;
        let record = acting::own_ongoing(execution, &self.consent)?.clone();
        let renewal = Renewal {
            version: self.notice_version,
            language: self.language,
            text: self.notice_hash,
            presentation: self.presentation_commitment,
            guardian: None,
        };
        renewal.write(execution, &self.consent, record)
    }
}

/// What a renewal says, whoever gives it.
pub(super) struct Renewal {
    pub(super) version: u32,
    pub(super) language: Language,
    pub(super) text: Hash,
    pub(super) presentation: Hash,
    /// Who gives it for the subject; none where the subject does, whose own it then is.
    pub(super) guardian: Option<Guardian>,
}

impl Renewal {
    /// Checks the notice and renews a consent that goes on.
    pub(super) fn write(
        &self,
        execution: &mut Execution<'_>,
        consent: &ConsentId,
        mut record: Consent,
    ) -> Result<(), Stop> {
        let (controller, notice) = (record.controller, record.notice);
        let Self { version, language, text, .. } = *self;
        Shown { controller, notice, version, language, text }.check(execution.books)?;
        if self.presentation == record.presentation_commitment {
            return Err(Rejection::PresentationNotFresh.into());
        }
        record.notice_version = version;
        record.language = language;
        record.presentation_commitment = self.presentation;
        record.guardian = self.guardian;
        count_change(&mut record)?;
        let renewals = record.renewals.checked_add(1);
        record.renewals = renewals.ok_or(Rejection::ConsentChangesExhausted)?;
        let (subject, consent) = (record.subject, *consent);
        execution.books.put_consent(&consent, record);
        execution.emit(Renewed { consent, subject: subject.into(), controller, version });
        Ok(())
    }
}
