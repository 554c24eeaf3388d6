//! `PublishJointUse`: a controller publishes the next version of a scheme of joint use (共同利用).
//!
//! A version never changes: a new user needs a new version under a newer notice, and gains nothing
//! that was collected under an earlier one (APPI article 27, paragraphs 5 and 6).

use ledger_types::event::JointUsePublished;
use ledger_types::limits::JOINT_USERS_MAX;
use ledger_types::operation::PublishJointUse;
use ledger_types::record::JointUse;
use ledger_types::{PartyId, PartyRoles, Rejection, refuse_if};

use crate::acting;
use crate::execution::{Execute, Execution};
use crate::fault::Stop;
use crate::state::Books;

impl Execute for PublishJointUse {
    fn execute(&self, execution: &mut Execution<'_>) -> Result<(), Stop> {
        let PublishJointUse { scheme, version, .. } = *self;
        let controller = acting::acting(execution, PartyRoles::CONTROLLER)?.party;
        let books = &*execution.books;
        let before = version.checked_sub(1).ok_or(Rejection::JointUseVersionNotNext)?;
        let last = books.joint_use(controller, scheme, before);
        if books.joint_use(controller, scheme, version).is_some() || (before > 0 && last.is_none())
        {
            return Err(Rejection::JointUseVersionNotNext.into());
        }
        refuse_if(!are_usable(books, self), Rejection::BadJointUse)?;
        let notice = books.notice(controller, self.notice).ok_or(Rejection::UnknownNotice)?;
        if notice.version != self.notice_version {
            return Err(Rejection::NoticeNotCurrent { current: notice.version }.into());
        }
        if last.is_some_and(|last| adds_under_old_notice(last, self)) {
            return Err(Rejection::JointUseNoticeNotNewer.into());
        }
        let record = JointUse {
            users: self.users.clone(),
            items_hash: self.items_hash,
            purpose_hash: self.purpose_hash,
            responsible: self.responsible,
            notice: self.notice,
            notice_version: self.notice_version,
            published: execution.height,
        };
        execution.books.put_joint_use(controller, scheme, version, record);
        execution.emit(JointUsePublished { controller, scheme, version });
        Ok(())
    }
}

/// Whether there are 1 to 64 registered users in order, and a registered party answers for them.
fn are_usable(books: &Books, publish: &PublishJointUse) -> bool {
    let users = &publish.users;
    (1..=JOINT_USERS_MAX).contains(&users.len())
        && are_in_order(users)
        && users.iter().chain([&publish.responsible]).all(|user| books.party(*user).is_some())
}

/// Whether parties stand in ascending order, each once.
pub(crate) fn are_in_order(parties: &[PartyId]) -> bool {
    parties.iter().zip(parties.iter().skip(1)).all(|(one, next)| one < next)
}

fn adds_under_old_notice(last: &JointUse, publish: &PublishJointUse) -> bool {
    let adds = publish.users.iter().any(|user| !last.users.contains(user));
    let newer = publish.notice != last.notice || publish.notice_version > last.notice_version;
    adds && !newer
}
