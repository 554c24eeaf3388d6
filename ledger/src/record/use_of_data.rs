//! Records of use: permits with the halves of their records, and what followed a consent's end.

use borsh::{BorshDeserialize, BorshSerialize};
use ledger_types::operation::Deletion;
use ledger_types::{AccountId, ConsentId, Hash, Height, PartyId, Timestamp};

/// What kind of legal basis an access rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
#[borsh(use_discriminant = true)]
#[repr(u8)]
pub enum BasisKind {
    /// A consent.
    Consent = 0,
    /// An opt-out scheme.
    OptOut = 1,
    /// A scheme of joint use.
    JointUse = 2,
    /// The law.
    Exemption = 3,
    /// A broken glass.
    BreakGlass = 4,
}

/// A permitted access.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Access {
    /// Who asked.
    pub requester: PartyId,
    /// What kind of basis it rests on.
    pub basis: BasisKind,
    /// The consent, where it rests on one.
    pub consent: Option<ConsentId>,
    /// The subject, where it rests on a consent.
    pub subject: Option<AccountId>,
    /// When it was permitted.
    pub at: Timestamp,
    /// The decision may be relied on before this.
    pub valid_until: Timestamp,
    /// The data holder's half of the record.
    pub holder_half: Option<HolderHalf>,
    /// The requester's half of the record.
    pub recipient_half: Option<Hash>,
    /// When the missing half is due, once there is a first one.
    pub deadline: Option<Timestamp>,
    /// When the missing half was found overdue, if it was.
    pub overdue: Option<Height>,
}

/// Who disclosed, and what.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct HolderHalf {
    /// The data holder.
    pub holder: PartyId,
    /// Salted commitment to what was disclosed.
    pub disclosure: Hash,
}

/// How the two halves of a record stand to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pairing {
    /// One is missing, or both.
    Waiting,
    /// Both say the same.
    Matched,
    /// They differ.
    Mismatched,
}

impl Pairing {
    fn of<T: PartialEq>(one: Option<T>, other: Option<T>) -> Self {
        match (one, other) {
            (Some(one), Some(other)) if one == other => Self::Matched,
            (Some(_), Some(_)) => Self::Mismatched,
            _ => Self::Waiting,
        }
    }
}

impl Access {
    /// How its two halves stand to each other.
    #[must_use]
    pub fn pairing(&self) -> Pairing {
        Pairing::of(self.holder_half.map(|half| half.disclosure), self.recipient_half)
    }
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

/// What a controller owes once a consent has ended.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Acknowledgement {
    /// Who owes it.
    pub controller: PartyId,
    /// When it is due.
    pub deadline: Timestamp,
    /// What the controller said, once it did.
    pub done: Option<Acknowledged>,
    /// When it was found overdue, if it was.
    pub overdue: Option<Height>,
}

/// What a controller did about an ended consent.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Acknowledged {
    /// When the use stopped.
    pub stopped_at: Timestamp,
    /// What became of the data.
    pub deletion: Deletion,
    /// Who was told.
    pub propagated_to: Vec<PartyId>,
    /// When it was said.
    pub height: Height,
}

/// A party's word that its salts and keys of an ended consent are destroyed.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Shred {
    /// Salted commitment to the record of the destruction.
    pub digest: Hash,
    /// When it was said.
    pub acknowledged: Height,
}
