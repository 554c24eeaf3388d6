//! Use under a consent: it is in force, the process is among its terms, the purpose in its breadth.

use ledger_types::consent::{Breadth, PurposeProof};
use ledger_types::limits::{TERMS_PATH_MAX, VOCABULARY_PATH_MAX};
use ledger_types::merkle::verify_fixed_path;
use ledger_types::operation::ConsentBasis;
use ledger_types::{Rejection, Timestamp};

use super::Permit;
use crate::consent::in_force;
use crate::event::Duties;
use crate::record::{BasisKind, Consent};
use crate::state::Books;

pub(super) fn decide(
    books: &Books,
    asked: &ConsentBasis,
    now: Timestamp,
) -> Result<Permit, Rejection> {
    let consent = books.consent(&asked.consent).ok_or(Rejection::UnknownConsent)?;
    let ends = in_force::until(books, consent, now)?;
    check_terms(consent, asked)?;
    check_purpose(consent, asked)?;
    Ok(Permit {
        kind: BasisKind::Consent,
        consent: Some(asked.consent),
        ends: Some(ends),
        duties: Duties::RECORD_HALVES,
    })
}

fn check_terms(consent: &Consent, asked: &ConsentBasis) -> Result<(), Rejection> {
    let ConsentBasis { leaf, leaf_index, path, .. } = asked;
    let index = u64::from(*leaf_index);
    let within = path.len() <= TERMS_PATH_MAX
        && verify_fixed_path(leaf.hash(), index, path, &consent.terms_root);
    if within { Ok(()) } else { Err(Rejection::NotInTerms) }
}

/// A specific consent needs no proof and takes none; a broad one's purpose lies under its concept
/// in the vocabulary that was frozen with it, meets none of its exclusions, and is sensitive only
/// where the process is.
fn check_purpose(consent: &Consent, asked: &ConsentBasis) -> Result<(), Rejection> {
    let covered = match (&consent.breadth, &asked.purpose) {
        (Breadth::Specific, None) => true,
        (Breadth::Broad { .. }, Some(proof)) => {
            is_covered(consent, proof) && (asked.leaf.sensitive || !proof.node.sensitive)
        }
        (Breadth::Specific, Some(_)) | (Breadth::Broad { .. }, None) => false,
    };
    if covered { Ok(()) } else { Err(Rejection::PurposeNotCovered) }
}

fn is_covered(consent: &Consent, proof: &PurposeProof) -> bool {
    let PurposeProof { node, path } = proof;
    let Breadth::Broad { purposes, excludes, .. } = &consent.breadth else { return false };
    let Some(frozen) = &consent.frozen else { return false };
    let interval = node.interval();
    path.len() <= VOCABULARY_PATH_MAX
        && node.verify(frozen.nodes, path, &frozen.root)
        && interval.is_within(*purposes)
        && !excludes.iter().any(|excluded| interval.meets(*excluded))
}
