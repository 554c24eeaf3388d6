//! The data holder of an access, named by a commitment that shows it to nobody else.
//!
//! Whoever asks keeps the salt with the access and gives it to the holder, which records its half
//! with it. Where that half does not come, the salt shows the ledger whose half is missing.

use ledger_types::access::holder_commitment;
use ledger_types::{Hash, PartyId};

use crate::commitment::random_id;

/// The commitment by which an access names a holder, and what opens it: fresh each time, so that
/// two accesses to one holder do not look alike.
#[must_use]
pub fn named(holder: PartyId) -> (Hash, Hash) {
    let salt = random_id();
    (holder_commitment(holder, &salt), salt)
}

/// Whether an access's commitment names this holder.
#[must_use]
pub fn is_named(commitment: &Hash, holder: PartyId, salt: &Hash) -> bool {
    holder_commitment(holder, salt) == *commitment
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_commitment_names_one_holder_under_its_own_salt() {
        let (clinic, other) = (PartyId::new(2), PartyId::new(3));
        let (commitment, salt) = named(clinic);
        assert!(is_named(&commitment, clinic, &salt));
        assert!(!is_named(&commitment, other, &salt));
        let (again, fresh) = named(clinic);
        assert!(commitment != again && !is_named(&commitment, clinic, &fresh));
    }
}
