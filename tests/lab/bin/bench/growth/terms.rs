//! The terms of every consent: so many leaves, of which the first is for the pharmacy.

use ledger_types::consent::{Recipient, TermsLeaf};
use ledger_types::{ConsentId, Hash};

use super::city::PHARMACY;

/// How many leaves the terms of a consent have, as the wallet makes them.
const TERMS_LEAVES: u8 = 8;

/// The leaf that accesses rest on.
pub(super) fn leaf(consent: &ConsentId) -> TermsLeaf {
    let commitment = Hash::of(&[b"process", consent.get().as_bytes()]);
    TermsLeaf { sensitive: false, recipient: Recipient::Party(PHARMACY), commitment }
}

/// The hashes of all leaves.
pub(super) fn leaves(consent: &ConsentId) -> Vec<Hash> {
    let fill = |place: u8| Hash::of(&[b"leaf", &[place], consent.get().as_bytes()]);
    let mut leaves: Vec<Hash> = (0..TERMS_LEAVES).map(fill).collect();
    leaves[0] = leaf(consent).hash();
    leaves
}
