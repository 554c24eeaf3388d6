//! `RecordDisclosures`: an hour's disclosures between two parties as one root, by each of them.

use borsh::{BorshDeserialize, BorshSerialize};

use super::{Half, Pairing};
use crate::facts::{event, operation};
use crate::hash::Hash;
use crate::height::Height;
use crate::id::PartyId;
use crate::time::Timestamp;

operation! {
    /// By a data holder or a recipient: all disclosures of one hour between two parties, as one
    /// root, so that single visits show neither in clear nor in time.
    pub struct RecordDisclosures {
        /// Which half the sender keeps.
        half: Half,
        /// Who keeps the other half.
        counterparty: PartyId,
        /// The hour, counted from the epoch; it must be over.
        hour: u32,
        /// Root of the tree over the disclosures' commitments, in ascending order.
        root: Hash,
        /// How many there were, at least 1.
        count: u32,
        /// An access of the recipient to the holder that was permitted in that hour.
        access: Hash,
        /// What opens the access's commitment to the holder.
        salt: Hash,
    }

    refused [
        UnknownParty, PartySuspended, PartyRoleMissing, UnknownParty, BadDisclosures, UnknownAccess,
        NotAccessRequester, NotAccessHolder, HourWithoutAccess, HalfRecorded,
    ]
    samples [Self {
        half: Half::Recipient,
        counterparty: PARTY,
        hour: 472_222,
        root: hash(0x71),
        count: 12,
        access: hash(0x3b),
        salt: hash(0x72),
    }]
}

/// The disclosures of one hour between a holder and a recipient.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Disclosures {
    /// The holder's half.
    pub holder_half: Option<HourlyRoot>,
    /// The recipient's half.
    pub recipient_half: Option<HourlyRoot>,
    /// When the missing half is due.
    pub deadline: Timestamp,
    /// When the missing half was found overdue, if it was.
    pub overdue: Option<Height>,
}

impl Disclosures {
    /// How its two halves stand to each other.
    #[must_use]
    pub fn pairing(&self) -> Pairing {
        Pairing::of(self.holder_half, self.recipient_half)
    }
}

/// An hour's disclosures as one party knows them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct HourlyRoot {
    /// Root of the tree over their commitments.
    pub root: Hash,
    /// How many there were.
    pub count: u32,
}

event! {
    /// Half of the record of an hour's disclosures was kept. Halves that differ are an alarm.
    pub struct DisclosuresRecorded {
        /// The holder.
        holder: PartyId,
        /// The recipient.
        recipient: PartyId,
        /// The hour.
        hour: u32,
        /// Which half.
        half: Half,
        /// How the halves stand to each other now.
        pairing: Pairing,
    }

    enters [holder, recipient]
}
