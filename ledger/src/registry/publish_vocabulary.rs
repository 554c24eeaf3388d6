//! `PublishVocabulary`: the registrar freezes the next version of a vocabulary.
//!
//! A version never changes, so a broad consent always means what it meant when it was given.

use ledger_types::event::VocabularyPublished;
use ledger_types::genesis::MemberRole;
use ledger_types::operation::PublishVocabulary;
use ledger_types::record::Vocabulary;
use ledger_types::{Rejection, refuse_if};

use crate::acting::member_with;
use crate::execution::{Execute, Execution};
use crate::fault::Stop;

impl Execute for PublishVocabulary {
    fn execute(&self, execution: &mut Execution<'_>) -> Result<(), Stop> {
        let PublishVocabulary { vocabulary, version, root, nodes, content_hash } = *self;
        member_with(execution, MemberRole::Registrar)?;
        let published = |version| execution.books.vocabulary(vocabulary, version).is_some();
        let before = version.checked_sub(1).ok_or(Rejection::VocabularyVersionNotNext)?;
        if published(version) || (before > 0 && !published(before)) {
            return Err(Rejection::VocabularyVersionNotNext.into());
        }
        refuse_if(nodes == 0, Rejection::EmptyVocabulary)?;
        let record = Vocabulary { root, nodes, content_hash, published: execution.height };
        execution.books.put_vocabulary(vocabulary, version, record);
        execution.emit(VocabularyPublished { vocabulary, version });
        Ok(())
    }
}
