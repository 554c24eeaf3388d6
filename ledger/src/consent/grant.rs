//! `Grant`: a data subject consents to terms under the current version of a controller's notice.
//!
//! Rejections, in order: who gives (`NotASubject`; for a guardian `DelegationMissing`; for a
//! counter `PartySuspended`, `PartyRoleMissing`), `ConsentExists`, the notice (`UnknownParty`,
//! `PartyRoleMissing`, `PartySuspended`, `UnknownNotice`, `NoticeNotCurrent`,
//! `NoticeTextMismatch`), `BadConsentPeriod`, `ZeroUseLimit`, `BadBreadth`, `UnknownVocabulary`,
//! `UnknownTerms`.

use ledger_types::consent::{Breadth, FrozenVocabulary, Interval};
use ledger_types::event::ConsentGranted;
use ledger_types::limits::EXCLUDES_MAX;
use ledger_types::operation::{Grant, GuardianPowers};
use ledger_types::record::{Consent, Entered, Guardian};
use ledger_types::{AccountId, ConsentStatus, PartyId, PartyRoles, Rejection, refuse_if};

use super::notice_shown::Shown;
use crate::acting;
use crate::execution::{Execute, Execution, Sender};
use crate::fault::Stop;
use crate::person::counter;
use crate::state::Books;

impl Execute for Grant {
    fn execute(&self, execution: &mut Execution<'_>) -> Result<(), Stop> {
        acting::check_key(execution)?;
        let giver = giver(execution, self.on_behalf_of)?;
        refuse_if(execution.books.consent(&self.consent).is_some(), Rejection::ConsentExists)?;
        let shown = Shown {
            controller: self.controller,
            notice: self.notice,
            version: self.notice_version,
            language: self.language,
            text: self.notice_hash,
        };
        shown.check(execution.books)?;
        if self.valid_from >= self.expires || self.expires <= execution.time {
            return Err(Rejection::BadConsentPeriod.into());
        }
        refuse_if(self.use_limit == Some(0), Rejection::ZeroUseLimit)?;
        let frozen = frozen(execution.books, &self.breadth)?;
        let terms = |terms| execution.books.terms(self.controller, terms);
        if self.compensation.is_some_and(|number| terms(number).is_none()) {
            return Err(Rejection::UnknownTerms.into());
        }
        let subject = giver.subject;
        if giver.counter.is_some() {
            counter::serve(execution, &subject)?;
            counter::check_delay(execution, self.valid_from)?;
        }
        let record = given(execution, &giver, frozen, self);
        execution.books.put_consent(&self.consent, record);
        if let Some(counter) = giver.counter {
            execution.books.put_entered(&self.consent, Entered { counter });
        }
        let (consent, controller) = (self.consent, self.controller);
        let by = self.on_behalf_of.map(|_| execution.sender.signing().into());
        execution.emit(ConsentGranted { consent, subject: subject.into(), controller, by });
        Ok(())
    }
}

/// Whose consent it is, and the guardian who gives it.
struct Giver {
    subject: AccountId,
    guardian: Option<Guardian>,
    counter: Option<PartyId>,
}

fn giver(execution: &Execution<'_>, on_behalf_of: Option<AccountId>) -> Result<Giver, Stop> {
    match (execution.sender, on_behalf_of) {
        (Sender::Subject(subject), None) => Ok(Giver { subject, guardian: None, counter: None }),
        (Sender::Party(_), Some(subject)) if !acting::is_guardian(execution, &subject) => {
            let counter = Some(acting::acting(execution, PartyRoles::COUNTER)?.party);
            Ok(Giver { subject, guardian: None, counter })
        }
        (Sender::Subject(_) | Sender::Party(_), Some(subject)) => {
            let guardian = acting::guardian(execution, &subject, GuardianPowers::GRANT)?;
            Ok(Giver { subject, guardian: Some(guardian), counter: None })
        }
        (Sender::Party(_), None) | (Sender::Account(_), _) => Err(Rejection::NotASubject.into()),
    }
}

/// The vocabulary of a broad consent, as it is now.
fn frozen(books: &Books, breadth: &Breadth) -> Result<Option<FrozenVocabulary>, Rejection> {
    let Breadth::Broad { vocabulary, version, purposes, excludes } = breadth else {
        return Ok(None);
    };
    let ordered = |interval: &Interval| interval.enter <= interval.exit;
    let within = excludes.iter().all(|one| ordered(one) && one.is_within(*purposes));
    if !ordered(purposes) || !within || excludes.len() > EXCLUDES_MAX {
        return Err(Rejection::BadBreadth);
    }
    let record = books.vocabulary(*vocabulary, *version).ok_or(Rejection::UnknownVocabulary)?;
    refuse_if(purposes.exit >= record.nodes, Rejection::BadBreadth)?;
    Ok(Some(FrozenVocabulary { root: record.root, nodes: record.nodes }))
}

fn given(
    execution: &Execution<'_>,
    giver: &Giver,
    frozen: Option<FrozenVocabulary>,
    grant: &Grant,
) -> Consent {
    Consent {
        subject: giver.subject,
        controller: grant.controller,
        terms_root: grant.terms_root,
        notice: grant.notice,
        notice_version: grant.notice_version,
        language: grant.language,
        presentation_commitment: grant.presentation_commitment,
        valid_from: grant.valid_from,
        expires: grant.expires,
        use_limit: grant.use_limit,
        uses: 0,
        breadth: grant.breadth.clone(),
        frozen,
        compensation: grant.compensation,
        profile: grant.profile,
        guardian: giver.guardian,
        revision: 0,
        renewals: 0,
        status: ConsentStatus::Given,
        given: execution.height,
        ended: None,
    }
}
