//! `Grant`: a data subject consents to terms under the current version of a controller's notice.
//!
//! Rejections, in order: `NotASubject`, `ConsentExists`, `UnknownParty`, `PartyRoleMissing`,
//! `UnknownNotice`, `NoticeNotCurrent`, `NoticeTextMismatch`, `BadConsentPeriod`, `ZeroUseLimit`.

use ledger_types::operation::Grant;
use ledger_types::{AccountId, ConsentStatus, PartyRoles, Rejection};

use crate::event::Event;
use crate::execution::Execution;
use crate::fault::Stop;
use crate::record::Consent;

pub(crate) fn grant(execution: &mut Execution<'_>, grant: &Grant) -> Result<(), Stop> {
    let subject = execution.sender.subject()?;
    if execution.books.consent(&grant.consent).is_some() {
        return Err(Rejection::ConsentExists.into());
    }
    check_notice(execution, grant)?;
    if grant.valid_from >= grant.expires || grant.expires <= execution.time {
        return Err(Rejection::BadConsentPeriod.into());
    }
    if grant.use_limit == Some(0) {
        return Err(Rejection::ZeroUseLimit.into());
    }
    let record = given(execution, subject, grant);
    execution.books.put_consent(&grant.consent, record);
    let (consent, controller) = (grant.consent, grant.controller);
    execution.emit(Event::ConsentGranted { consent, subject, controller });
    Ok(())
}

/// The notice is the controller's, in its current version, and was presented as it was published.
fn check_notice(execution: &Execution<'_>, grant: &Grant) -> Result<(), Rejection> {
    let party = execution.books.party(grant.controller).ok_or(Rejection::UnknownParty)?;
    if !party.roles.intersects(PartyRoles::CONTROLLER) {
        return Err(Rejection::PartyRoleMissing);
    }
    let notice = execution.books.notice(grant.controller, grant.notice);
    let notice = notice.ok_or(Rejection::UnknownNotice)?;
    if notice.version != grant.notice_version {
        return Err(Rejection::NoticeNotCurrent { current: notice.version });
    }
    let presented = notice.contents.iter().any(|content| {
        content.language == grant.language && content.content_hash == grant.notice_hash
    });
    if presented { Ok(()) } else { Err(Rejection::NoticeTextMismatch) }
}

fn given(execution: &Execution<'_>, subject: AccountId, grant: &Grant) -> Consent {
    Consent {
        subject,
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
        status: ConsentStatus::Given,
        given: execution.height,
        ended: None,
    }
}
