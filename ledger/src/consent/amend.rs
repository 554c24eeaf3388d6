//! `Amend`: a data subject narrows a consent, alone and at once.
//!
//! Each change is proved against the root that the changes before leave. A process that is taken
//! out leaves a hash that is no leaf's; a change of recipients keeps the process as sensitive as it
//! was, or less.

use ledger_types::consent::{LeafChange, TermsLeaf, tombstone};
use ledger_types::event::Amended;
use ledger_types::limits::{LEAF_CHANGES_MAX, TERMS_PATH_MAX};
use ledger_types::merkle::fixed_root;
use ledger_types::operation::Amend;
use ledger_types::record::Consent;
use ledger_types::{Hash, Rejection, Timestamp, refuse_if};

use crate::acting;
use crate::execution::{Execute, Execution};
use crate::fault::Stop;

impl Execute for Amend {
    fn execute(&self, execution: &mut Execution<'_>) -> Result<(), Stop> {
        let consent = self.consent;
        let mut record = acting::own_ongoing(execution, &consent)?.clone();
        let nothing = self.changes.is_empty() && self.expires.is_none() && self.use_limit.is_none();
        refuse_if(nothing || self.changes.len() > LEAF_CHANGES_MAX, Rejection::BadAmendment)?;
        for change in &self.changes {
            record.terms_root = changed_root(&record.terms_root, change)?;
        }
        narrow_bounds(&mut record, self, execution.time)?;
        count_change(&mut record)?;
        let (subject, controller, revision) = (record.subject, record.controller, record.revision);
        execution.books.put_consent(&consent, record);
        execution.emit(Amended { consent, subject: subject.into(), controller, revision });
        Ok(())
    }
}

/// Counts a change of a consent: `ConsentChangesExhausted` where it changed 2^32 − 1 times. Ending
/// it counts nothing, so that stays possible.
pub(super) fn count_change(record: &mut Consent) -> Result<(), Rejection> {
    let next = record.revision.checked_add(1).ok_or(Rejection::ConsentChangesExhausted)?;
    record.revision = next;
    Ok(())
}

/// The root after a change, where the leaf stands under `root` as it says.
fn changed_root(root: &Hash, change: &LeafChange) -> Result<Hash, Rejection> {
    let (index, path) = (u64::from(change.index), &change.path);
    if path.len() > TERMS_PATH_MAX || fixed_root(change.leaf.hash(), index, path) != Some(*root) {
        return Err(Rejection::NotInTerms);
    }
    let widens = |leaf: &TermsLeaf| leaf.sensitive && !change.leaf.sensitive;
    refuse_if(change.replacement.as_ref().is_some_and(widens), Rejection::AmendmentNotNarrower)?;
    let after = change.replacement.as_ref().map_or_else(tombstone, TermsLeaf::hash);
    fixed_root(after, index, path).ok_or(Rejection::NotInTerms)
}

fn narrow_bounds(record: &mut Consent, amend: &Amend, now: Timestamp) -> Result<(), Rejection> {
    if let Some(expires) = amend.expires {
        refuse_if(expires >= record.expires, Rejection::AmendmentNotNarrower)?;
        refuse_if(expires <= now || expires <= record.valid_from, Rejection::BadConsentPeriod)?;
        record.expires = expires;
    }
    if let Some(limit) = amend.use_limit {
        if record.use_limit.is_some_and(|before| limit >= before) {
            return Err(Rejection::AmendmentNotNarrower);
        }
        refuse_if(limit == 0, Rejection::ZeroUseLimit)?;
        record.use_limit = Some(limit);
    }
    Ok(())
}
