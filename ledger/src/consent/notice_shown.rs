//! That a notice was presented as it was published, in its current version.

use ledger_types::consent::Language;
use ledger_types::{Hash, NoticeId, PartyId, Rejection};

use crate::acting;
use crate::state::Books;

/// What a subject says it was shown.
pub(super) struct Shown {
    pub(super) controller: PartyId,
    pub(super) notice: NoticeId,
    pub(super) version: u32,
    pub(super) language: Language,
    pub(super) text: Hash,
}

impl Shown {
    /// Rejections, in order: `UnknownParty`, `PartyRoleMissing`, `PartySuspended`,
    /// `UnknownNotice`, `NoticeNotCurrent`, `NoticeTextMismatch`.
    pub(super) fn check(&self, books: &Books) -> Result<(), Rejection> {
        acting::check_active(acting::controller(books, self.controller)?)?;
        let notice = books.notice(self.controller, self.notice).ok_or(Rejection::UnknownNotice)?;
        if notice.version != self.version {
            return Err(Rejection::NoticeNotCurrent { current: notice.version });
        }
        let presented = notice
            .contents
            .iter()
            .any(|content| content.language == self.language && content.content_hash == self.text);
        if presented { Ok(()) } else { Err(Rejection::NoticeTextMismatch) }
    }
}
