//! `DeclareEmergency` and `EndEmergency`: disaster profiles apply while enough members say so.

use borsh::{BorshDeserialize, BorshSerialize};

use crate::facts::{event, operation};
use crate::hash::Hash;
use crate::height::Height;
use crate::id::AccountId;
use crate::limits::EMERGENCY_SIGNERS;
use crate::time::Timestamp;

operation! {
    /// By a member: endorses an emergency in an area, which is in force once enough members do.
    pub struct DeclareEmergency {
        /// The area.
        area: u32,
        /// How long this endorsement counts.
        until: Timestamp,
        /// Salted commitment to the ground.
        ground: Hash,
    }

    refused [MemberRoleMissing, BadDeadline, EmergencyEndorsed]
    samples [Self { area: 7, until: time(98), ground: hash(0x82) }]
}

operation! {
    /// By the city.
    pub struct EndEmergency {
        /// The area.
        area: u32,
    }

    refused [MemberRoleMissing, UnknownEmergency]
    samples [Self { area: 7 }]
}

/// An area's emergency: those members who endorse it. The record exists while any did.
#[derive(Clone, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Emergency {
    /// One a member's account, in the order in which they came.
    pub endorsements: Vec<Endorsement>,
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

/// A member's word that there is an emergency.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Endorsement {
    /// The member's account.
    pub account: AccountId,
    /// Whether it is the city's.
    pub is_city: bool,
    /// Until when it counts, exclusive.
    pub until: Timestamp,
    /// Salted commitment to the ground.
    pub ground: Hash,
    /// When it was given.
    pub given: Height,
}

event! {
    /// A member endorsed an emergency.
    pub struct EmergencyEndorsed {
        /// The area.
        area: u32,
        /// The member's account.
        member: AccountId,
        /// Until when the emergency is in force, if it is.
        in_force_until: Option<Timestamp>,
    }

    enters [member]
}

event! {
    /// The city ended an emergency.
    pub struct EmergencyEnded {
        /// The area.
        area: u32,
        /// The city's account.
        member: AccountId,
    }

    enters [member]
}
