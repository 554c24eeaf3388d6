//! Records of oversight: broken glass, emergencies, audit views, reads of logs, and dues.

use borsh::{BorshDeserialize, BorshSerialize};
use ledger_types::limits::EMERGENCY_SIGNERS;
use ledger_types::operation::{AuditScope, Finding, ReadRight};
use ledger_types::{AccountId, ConsentId, Hash, Height, PartyId, Timestamp};

/// Access in an emergency, without consent, to one person's data.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Glass {
    /// Who broke it.
    pub opener: PartyId,
    /// Salted commitment by which the holder knows the person.
    pub person: Hash,
    /// Salted commitment to what is looked at.
    pub scope: Hash,
    /// Salted commitment to the ground.
    pub ground: Hash,
    /// When it was broken.
    pub opened: Timestamp,
    /// Open until before.
    pub until: Timestamp,
    /// When it was recorded.
    pub recorded: Height,
    /// When the review is due.
    pub review_deadline: Timestamp,
    /// The review, once there is one.
    pub review: Option<Review>,
    /// When the review was found overdue, if it was.
    pub review_overdue: Option<Height>,
    /// When the person must have been told.
    pub notify_deadline: Timestamp,
    /// Salted commitment to the evidence that the person was told.
    pub notified: Option<Hash>,
    /// When telling the person was found overdue, if it was.
    pub notify_overdue: Option<Height>,
}

/// What another organisation found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Review {
    /// Who reviewed.
    pub reviewer: PartyId,
    /// What was found.
    pub finding: Finding,
    /// Salted commitment to the review.
    pub commitment: Hash,
    /// When.
    pub height: Height,
}

/// An area's emergency: those members who endorse it. The record exists while any did.
#[derive(Clone, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Emergency {
    /// One a member's account, in the order in which they came.
    pub endorsements: Vec<Endorsement>,
}

/// A member's word that there is an emergency.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Endorsement {
    /// The member's account.
    pub account: AccountId,
    /// Whether it is the city's.
    pub is_city: bool,
    /// It counts until before.
    pub until: Timestamp,
    /// Salted commitment to the ground.
    pub ground: Hash,
    /// When it was given.
    pub given: Height,
}

impl Emergency {
    /// Until when the emergency that is in force at `now` stays so if nothing else happens; `None`
    /// where none is: too few members endorse it, or the city does not.
    #[must_use]
    pub fn in_force_until(&self, now: Timestamp) -> Option<Timestamp> {
        let mut ends: Vec<Timestamp> =
            self.counting(now).map(|endorsement| endorsement.until).collect();
        ends.sort_unstable_by(|one, other| other.cmp(one));
        let enough = ends.get(EMERGENCY_SIGNERS.checked_sub(1)?).copied()?;
        let city = self.counting(now).filter(|endorsement| endorsement.is_city);
        let city = city.map(|endorsement| endorsement.until).max()?;
        Some(enough.min(city))
    }

    fn counting(&self, now: Timestamp) -> impl Iterator<Item = &Endorsement> {
        self.endorsements.iter().filter(move |endorsement| now < endorsement.until)
    }
}

/// An auditor's right to read.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct AuditView {
    /// Who may read.
    pub auditor: PartyId,
    /// What.
    pub scope: AuditScope,
    /// Until before.
    pub until: Timestamp,
    /// Salted commitment to the ground.
    pub ground: Hash,
    /// Which member's account gave it.
    pub given_by: AccountId,
    /// When it was given.
    pub given: Height,
    /// When it was ended before its time, if it was.
    pub ended: Option<Height>,
}

impl AuditView {
    /// Whether it is in force at `now`.
    #[must_use]
    pub fn is_in_force(&self, now: Timestamp) -> bool {
        self.ended.is_none() && now < self.until
    }
}

/// A logged read of a subject's access log.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct LogRead {
    /// Who reads.
    pub reader: PartyId,
    /// Whose log.
    pub subject: AccountId,
    /// By which right.
    pub right: ReadRight,
    /// When.
    pub at: Timestamp,
}

/// Something that must be done by the instant in the record's key; it is gone once it is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Due {
    /// What.
    pub duty: Duty,
}

/// What somebody owes by an instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
#[borsh(use_discriminant = true)]
#[repr(u8)]
pub enum Duty {
    /// A controller: what it did about an ended consent.
    Acknowledge(ConsentId) = 0,
    /// A controller: an answer to a subject's request.
    Answer(Hash) = 1,
    /// A holder or recipient: the other half of an access's record.
    Match(Hash) = 2,
    /// A holder or recipient: the other half of an hour's disclosures.
    MatchHour {
        /// The holder.
        holder: PartyId,
        /// The recipient.
        recipient: PartyId,
        /// The hour, counted from the epoch.
        hour: u32,
    } = 3,
    /// Another organisation: the review of a broken glass.
    Review(Hash) = 4,
    /// Who broke a glass: telling the person.
    Notify(Hash) = 5,
}
