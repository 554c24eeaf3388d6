//! The data holder of an access: committed to when it is asked for, and opened where it must be.
//!
//! In the clear it would show which clinic somebody goes to, and when.

use crate::facts::{List, event, operation};
use crate::hash::{Hash, TAG_HOLDER};
use crate::id::{ConsentId, PartyId};
use crate::json::Whose;

/// The commitment by which an access names its data holder; the salt is fresh each time.
#[must_use]
pub fn holder_commitment(holder: PartyId, salt: &Hash) -> Hash {
    Hash::of(&[TAG_HOLDER, salt.as_bytes(), &holder.get().to_be_bytes()])
}

operation! {
    /// By the requester of an access that kept its half: whose half is missing. From then on the
    /// other half is owed by the holder that is named, and no longer by the requester.
    pub struct NameHolder {
        /// The access.
        access: Hash,
        /// The data holder that the access named.
        party: PartyId,
        /// What opens the access's commitment to it.
        salt: Hash,
    }

    refused [
        UnknownParty, PartySuspended, UnknownAccess, NotAccessRequester, UnknownParty,
        PartyRoleMissing, NotAccessHolder, HalfRecorded, HalfMissing, HolderNamed,
    ]
    samples [Self { access: hash(0x3b), party: PARTY, salt: hash(0x72) }]
}

event! {
    /// A data holder was named as the one whose half of an access's record is missing.
    pub struct HolderNamed {
        /// The access.
        access: Hash,
        /// The data holder.
        holder: PartyId,
        /// Who requested the access.
        requester: PartyId,
        /// Whether the half was found overdue before.
        overdue: bool,
        /// The consent that the access rests on, where there is one.
        consent: Option<ConsentId>,
        /// The subject of that consent.
        subject: Option<Whose>,
        /// The controller of that consent.
        controller: Option<PartyId>,
    }

    enters [holder, requester, consent, subject, controller, List::Access(*access)]
}
