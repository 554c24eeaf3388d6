//! Use under a consent: it is in force, the process is among its terms, the purpose in its breadth.

use ledger_types::operation::ConsentBasis;
use ledger_types::{Rejection, Timestamp};

use super::Permit;
use crate::consent::in_force::{rejection, until};
use crate::event::Duties;
use crate::record::BasisKind;
use crate::state::Books;

pub(super) fn decide(
    books: &Books,
    asked: &ConsentBasis,
    now: Timestamp,
) -> Result<Permit, Rejection> {
    let consent = books.consent(&asked.consent).ok_or(Rejection::UnknownConsent)?;
    let ends = until(books, consent, now).map_err(rejection)?;
    let ConsentBasis { leaf, leaf_index, path, purpose, .. } = asked;
    consent.covers(leaf, *leaf_index, path, purpose.as_ref()).map_err(rejection)?;
    Ok(Permit {
        kind: BasisKind::Consent,
        consent: Some(asked.consent),
        ends: Some(ends),
        duties: Duties::RECORD_HALVES,
    })
}
