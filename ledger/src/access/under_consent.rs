//! Use under a consent: it is in force, the process is among its terms and for whoever asks, the
//! purpose is in its breadth, and a use is left.

use ledger_types::access::Duties;
use ledger_types::consent::Asked;
use ledger_types::operation::ConsentBasis;
use ledger_types::record::{BasisKind, Party};
use ledger_types::{Rejection, Timestamp};

use super::request_access::Permit;
use crate::consent::in_force::until;
use crate::denial::rejection;
use crate::state::Books;

/// `counted` uses of the consent are of the very access that is decided on.
pub(super) fn decide(
    books: &Books,
    requester: &Party,
    asked: &ConsentBasis,
    counted: u32,
    now: Timestamp,
) -> Result<Permit, Rejection> {
    let consent = books.consent(&asked.consent).ok_or(Rejection::UnknownConsent)?;
    let ends = until(books, consent, now).map_err(rejection)?;
    let ConsentBasis { leaf, leaf_index, path, purpose, .. } = asked;
    let process = Asked { leaf, index: *leaf_index, path, purpose: purpose.as_ref() };
    let circle = process.circle();
    let circle =
        circle.and_then(|(scheme, version)| books.joint_use(consent.controller, scheme, version));
    process.check(consent, requester, circle).map_err(rejection)?;
    consent.check_uses(counted).map_err(rejection)?;
    Ok(Permit {
        kind: BasisKind::Consent,
        consent: Some(asked.consent),
        ends: Some(ends),
        duties: Duties::RECORD_HALVES,
    })
}
