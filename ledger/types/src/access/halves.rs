//! `RecordUse` and `RecordReceipt`: the two halves of the record of a disclosure.

use crate::facts::{List, event, operation};
use crate::hash::Hash;
use crate::id::{ConsentId, PartyId};
use crate::json::{Whose, names};

operation! {
    /// By a data holder: its half of the record of a disclosure (APPI article 29).
    pub struct RecordUse {
        /// The access that permitted it.
        access: Hash,
        /// Salted commitment to what was disclosed; both halves carry the same.
        disclosure: Hash,
        /// What opens the access's commitment to the sender: no other holder was named.
        salt: Hash,
    }

    refused [
        UnknownParty, PartySuspended, PartyRoleMissing, UnknownAccess, NotAccessHolder,
        HalfRecorded,
    ]
    samples [Self { access: hash(0x3b), disclosure: hash(0x70), salt: hash(0x72) }]
}

operation! {
    /// By the requester of an access: its half of the record of a disclosure (APPI article 30).
    pub struct RecordReceipt {
        /// The access.
        access: Hash,
        /// Salted commitment to what was received; both halves carry the same.
        disclosure: Hash,
    }

    refused [UnknownParty, PartySuspended, UnknownAccess, NotAccessRequester, HalfRecorded]
    samples [Self { access: hash(0x3b), disclosure: hash(0x70) }]
}

names! {
    /// Which half of a record somebody keeps.
    pub enum Half {
        /// Who disclosed.
        Holder = 0 as "holder",
        /// Who received.
        Recipient = 1 as "recipient",
    }
}

names! {
    /// How the two halves of a record stand to each other.
    pub enum Pairing {
        /// One is missing, or both.
        Waiting = 0 as "waiting",
        /// Both say the same.
        Matched = 1 as "matched",
        /// They differ.
        Mismatched = 2 as "mismatched",
    }
}

impl Pairing {
    pub(super) fn of<T: PartialEq>(one: Option<T>, other: Option<T>) -> Self {
        match (one, other) {
            (Some(one), Some(other)) if one == other => Self::Matched,
            (Some(_), Some(_)) => Self::Mismatched,
            (None, _) | (_, None) => Self::Waiting,
        }
    }
}

event! {
    /// Half of an access's record was kept. Halves that differ are an alarm.
    pub struct HalfRecorded {
        /// The access.
        access: Hash,
        /// Which half.
        half: Half,
        /// Who keeps it.
        party: PartyId,
        /// Who requested the access.
        requester: PartyId,
        /// How the halves stand to each other now.
        pairing: Pairing,
        /// The consent that the access rests on, where there is one.
        consent: Option<ConsentId>,
        /// The subject of that consent.
        subject: Option<Whose>,
        /// The controller of that consent.
        controller: Option<PartyId>,
    }

    enters [party, requester, consent, subject, controller, List::Access(*access)]
}
