//! Use under a consent: it is in force, the process is among its terms, the purpose in its breadth.

use ledger_types::access::Duties;
use ledger_types::operation::ConsentBasis;
use ledger_types::record::BasisKind;
use ledger_types::{Rejection, Timestamp};

use super::request_access::Permit;
use crate::consent::in_force::until;
use crate::denial::rejection;
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
