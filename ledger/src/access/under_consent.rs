//! Use under a consent: it is in force, the process is among its terms, the purpose in its breadth.

use ledger_types::access::Duties;
use ledger_types::limits::TERMS_PATH_MAX;
use ledger_types::merkle::verify_fixed_path;
use ledger_types::operation::ConsentBasis;
use ledger_types::record::{BasisKind, Consent};
use ledger_types::{Rejection, Timestamp};

use super::request_access::Permit;
use crate::consent::in_force;
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

fn check_purpose(consent: &Consent, asked: &ConsentBasis) -> Result<(), Rejection> {
    let (frozen, purpose) = (consent.frozen.as_ref(), asked.purpose.as_ref());
    if consent.breadth.covers(frozen, purpose, asked.leaf.sensitive) {
        Ok(())
    } else {
        Err(Rejection::PurposeNotCovered)
    }
}
