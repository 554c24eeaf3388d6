//! `PublishNotice`: a controller publishes the next version of one of its notices.
//!
//! No consent is touched: one that was given under a version before the last material one is due
//! for renewal from this operation on, because access compares the two numbers.

use ledger_types::consent::{Materiality, NoticeContent};
use ledger_types::event::NoticePublished;
use ledger_types::limits::{NOTICE_LANGUAGES_MAX, NOTICE_MEDIA_MAX};
use ledger_types::operation::PublishNotice;
use ledger_types::record::Notice;
use ledger_types::{PartyRoles, Rejection};

use crate::acting;
use crate::execution::{Execute, Execution};
use crate::fault::Stop;

impl Execute for PublishNotice {
    fn execute(&self, execution: &mut Execution<'_>) -> Result<(), Stop> {
        let PublishNotice { notice, version, materiality, contents, media_hashes } = self;
        let controller = acting::acting(execution, PartyRoles::CONTROLLER)?.party;
        let before = execution.books.notice(controller, *notice);
        let current = before.map_or(0, |before| before.version);
        if current.checked_add(1) != Some(*version) {
            return Err(Rejection::NoticeVersionNotNext { current }.into());
        }
        if !are_in_order(contents) || media_hashes.len() > NOTICE_MEDIA_MAX {
            return Err(Rejection::BadNoticeContents.into());
        }
        let last_material_version = match (before, materiality) {
            (Some(before), Materiality::Editorial | Materiality::Minor) => {
                before.last_material_version
            }
            (None, _) | (_, Materiality::Material) => *version,
        };
        let record = Notice {
            version: *version,
            materiality: *materiality,
            last_material_version,
            contents: contents.clone(),
            media_hashes: media_hashes.clone(),
            published: execution.height,
        };
        execution.books.put_notice(controller, *notice, record);
        execution.emit(NoticePublished { controller, notice: *notice, version: *version });
        Ok(())
    }
}

/// Whether there are 1 to 16 texts in well-formed languages, in ascending order, each once.
fn are_in_order(contents: &[NoticeContent]) -> bool {
    let ascending = contents
        .iter()
        .zip(contents.iter().skip(1))
        .all(|(one, next)| one.language < next.language);
    (1..=NOTICE_LANGUAGES_MAX).contains(&contents.len())
        && ascending
        && contents.iter().all(|content| content.language.is_well_formed())
}
