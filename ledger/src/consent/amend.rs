//! `Amend`: a data subject narrows a consent, alone and at once.
//!
//! Rejections, in order: `NotASubject`, `UnknownConsent`, `NotConsentSubject`, `ConsentEnded`,
//! `ConsentExpired`, `BadAmendment`, `NotInTerms`, `AmendmentNotNarrower`, `BadConsentPeriod`,
//! `ZeroUseLimit`.
//!
//! Each change is proved against the root that the changes before leave. A process that is taken
//! out leaves a hash that is no leaf's; a change of recipients keeps the process as sensitive as it
//! was, or less.

use ledger_types::consent::{LeafChange, TermsLeaf, tombstone};
use ledger_types::limits::{LEAF_CHANGES_MAX, TERMS_PATH_MAX};
use ledger_types::merkle::fixed_root;
use ledger_types::operation::Amend;
use ledger_types::{Hash, Rejection, Timestamp};

use super::party;
use crate::event::{ConsentEvent, Event};
use crate::execution::Execution;
use crate::fault::{Stop, must};
use crate::record::Consent;

pub(crate) fn amend(execution: &mut Execution<'_>, amend: &Amend) -> Result<(), Stop> {
    let consent = amend.consent;
    let mut record = party::own_ongoing(execution, &consent)?.clone();
    let nothing = amend.changes.is_empty() && amend.expires.is_none() && amend.use_limit.is_none();
    if nothing || amend.changes.len() > LEAF_CHANGES_MAX {
        return Err(Rejection::BadAmendment.into());
    }
    for change in &amend.changes {
        record.terms_root = changed_root(&record.terms_root, change)?;
    }
    narrow_bounds(&mut record, amend, execution.time)?;
    record.revision = must(record.revision.checked_add(1), "a consent has too many revisions")?;
    let (subject, controller, revision) = (record.subject, record.controller, record.revision);
    execution.books.put_consent(&consent, record);
    let event = ConsentEvent::Amended { consent, subject, controller, revision };
    execution.emit(Event::Consent(event));
    Ok(())
}

/// The root after a change, where the leaf stands under `root` as it says.
fn changed_root(root: &Hash, change: &LeafChange) -> Result<Hash, Rejection> {
    let (index, path) = (u64::from(change.index), &change.path);
    if path.len() > TERMS_PATH_MAX || fixed_root(change.leaf.hash(), index, path) != Some(*root) {
        return Err(Rejection::NotInTerms);
    }
    let widens = |leaf: &TermsLeaf| leaf.sensitive && !change.leaf.sensitive;
    if change.replacement.as_ref().is_some_and(widens) {
        return Err(Rejection::AmendmentNotNarrower);
    }
    let after = change.replacement.as_ref().map_or_else(tombstone, TermsLeaf::hash);
    fixed_root(after, index, path).ok_or(Rejection::NotInTerms)
}

fn narrow_bounds(record: &mut Consent, amend: &Amend, now: Timestamp) -> Result<(), Rejection> {
    if let Some(expires) = amend.expires {
        if expires >= record.expires {
            return Err(Rejection::AmendmentNotNarrower);
        }
        if expires <= now || expires <= record.valid_from {
            return Err(Rejection::BadConsentPeriod);
        }
        record.expires = expires;
    }
    if let Some(limit) = amend.use_limit {
        if record.use_limit.is_some_and(|before| limit >= before) {
            return Err(Rejection::AmendmentNotNarrower);
        }
        if limit == 0 {
            return Err(Rejection::ZeroUseLimit);
        }
        record.use_limit = Some(limit);
    }
    Ok(())
}
