//! `PublishJointUse`: a controller publishes the next version of a scheme of joint use (共同利用).
//!
//! Rejections, in order: `UnknownParty`, `PartySuspended`, `PartyRoleMissing`,
//! `JointUseVersionNotNext`, `BadJointUse`, `UnknownNotice`, `NoticeNotCurrent`,
//! `JointUseNoticeNotNewer`.
//!
//! A version never changes: a new user needs a new version under a newer notice, and gains nothing
//! that was collected under an earlier one (APPI article 27, paragraphs 5 and 6).

use ledger_types::limits::JOINT_USERS_MAX;
use ledger_types::operation::PublishJointUse;
use ledger_types::{PartyId, PartyRoles, Rejection};

use super::party;
use crate::event::{ConsentEvent, Event};
use crate::execution::Execution;
use crate::fault::Stop;
use crate::record::JointUse;
use crate::state::Books;

pub(crate) fn publish_joint_use(
    execution: &mut Execution<'_>,
    publish: &PublishJointUse,
) -> Result<(), Stop> {
    let PublishJointUse { scheme, version, .. } = *publish;
    let controller = party::acting(execution, PartyRoles::CONTROLLER)?.party;
    let books = &*execution.books;
    let before = version.checked_sub(1).ok_or(Rejection::JointUseVersionNotNext)?;
    let last = books.joint_use(controller, scheme, before);
    if books.joint_use(controller, scheme, version).is_some() || (before > 0 && last.is_none()) {
        return Err(Rejection::JointUseVersionNotNext.into());
    }
    if !are_usable(books, publish) {
        return Err(Rejection::BadJointUse.into());
    }
    let notice = books.notice(controller, publish.notice).ok_or(Rejection::UnknownNotice)?;
    if notice.version != publish.notice_version {
        return Err(Rejection::NoticeNotCurrent { current: notice.version }.into());
    }
    if last.is_some_and(|last| adds_under_old_notice(last, publish)) {
        return Err(Rejection::JointUseNoticeNotNewer.into());
    }
    let record = JointUse {
        users: publish.users.clone(),
        items_hash: publish.items_hash,
        purpose_hash: publish.purpose_hash,
        responsible: publish.responsible,
        notice: publish.notice,
        notice_version: publish.notice_version,
        published: execution.height,
    };
    execution.books.put_joint_use(controller, scheme, version, record);
    let published = ConsentEvent::JointUsePublished { controller, scheme, version };
    execution.emit(Event::Consent(published));
    Ok(())
}

/// Whether there are 1 to 64 registered users in order, and a registered party answers for them.
fn are_usable(books: &Books, publish: &PublishJointUse) -> bool {
    let users = &publish.users;
    (1..=JOINT_USERS_MAX).contains(&users.len())
        && are_in_order(users)
        && users.iter().chain([&publish.responsible]).all(|user| books.party(*user).is_some())
}

/// Whether parties stand in ascending order, each once.
pub(super) fn are_in_order(parties: &[PartyId]) -> bool {
    parties.iter().zip(parties.iter().skip(1)).all(|(one, next)| one < next)
}

fn adds_under_old_notice(last: &JointUse, publish: &PublishJointUse) -> bool {
    let adds = publish.users.iter().any(|user| !last.users.contains(user));
    let newer = publish.notice != last.notice || publish.notice_version > last.notice_version;
    adds && !newer
}
