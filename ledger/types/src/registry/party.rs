//! Consent parties: what they may do, and under which rules of the law they stand.

use borsh::{BorshDeserialize, BorshSerialize};

use crate::json::{names, plain, set};

/// What a party may do, as a set of bits.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    BorshSerialize,
    BorshDeserialize,
    serde::Serialize,
    serde::Deserialize,
)]
#[serde(transparent)]
pub struct PartyRoles(u16);

impl PartyRoles {
    /// Decides purposes and means; consents are granted to it.
    pub const CONTROLLER: Self = Self(1);
    /// Uses data jointly with a controller.
    pub const JOINT_USER: Self = Self(1 << 1);
    /// Receives data from a controller.
    pub const RECIPIENT: Self = Self(1 << 2);
    /// Processes data on a controller's behalf.
    pub const PROCESSOR: Self = Self(1 << 3);
    /// Holds data and discloses it on a permit.
    pub const DATA_HOLDER: Self = Self(1 << 4);
    /// Audits.
    pub const AUDITOR: Self = Self(1 << 5);
    /// May break glass in an emergency.
    pub const EMERGENCY: Self = Self(1 << 6);
    /// Serves people at a counter: enters for them what they sign on paper.
    pub const COUNTER: Self = Self(1 << 7);
    /// Every role that is defined.
    pub const ALL: Self = Self(0xff);

    /// The roles of these bits, or `None` where a bit has no meaning.
    #[must_use]
    pub const fn from_bits(bits: u16) -> Option<Self> {
        if bits & !Self::ALL.0 == 0 { Some(Self(bits)) } else { None }
    }

    /// The bits.
    #[must_use]
    pub const fn bits(self) -> u16 {
        self.0
    }

    /// These roles and `other`'s.
    #[must_use]
    pub const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether any role of `other` is among these.
    #[must_use]
    pub const fn intersects(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }
}

names! {
    /// Under which rules a party stands (APPI chapter 4, chapter 5, and hospitals and universities).
    #[derive(Default)]
    pub enum Regime {
        /// A private business operator (APPI chapter 4).
        #[default]
        Private = 0 as "private",
        /// A public body (APPI chapter 5).
        PublicBody = 1 as "public_body",
        /// A public hospital or university: chapter 4's duties with exceptions (APPI articles 58, 125).
        HospitalOrUniversity = 2 as "hospital_or_university",
    }
}

/// A set of regimes, as bits.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    BorshSerialize,
    BorshDeserialize,
    serde::Serialize,
    serde::Deserialize,
)]
#[serde(transparent)]
pub struct Regimes(u8);

impl Regimes {
    /// Every regime.
    pub const ALL: Self = Self(0b111);

    /// The regimes of these bits, bit n for the regime of number n; `None` where a bit has no
    /// meaning.
    #[must_use]
    pub const fn from_bits(bits: u8) -> Option<Self> {
        if bits & !Self::ALL.0 == 0 { Some(Self(bits)) } else { None }
    }

    /// The bits.
    #[must_use]
    pub const fn bits(self) -> u8 {
        self.0
    }

    /// The one regime.
    #[must_use]
    pub const fn of(regime: Regime) -> Self {
        Self(match regime {
            Regime::Private => 1,
            Regime::PublicBody => 1 << 1,
            Regime::HospitalOrUniversity => 1 << 2,
        })
    }

    /// Whether the regime is among these.
    #[must_use]
    pub const fn contains(self, regime: Regime) -> bool {
        self.0 & Self::of(regime).0 != 0
    }
}

names! {
    /// Whether a party may act.
    #[derive(Default)]
    pub enum PartyStatus {
        /// It may.
        #[default]
        Active = 0 as "active",
        /// It may only acknowledge, answer, shred, review, and narrow what it was given.
        Suspended = 1 as "suspended",
    }
}

/// A Japanese corporate number (法人番号): 13 digits, the first of which checks the rest.
///
/// Decoding takes any number; [`CorporateNumber::is_valid`] is asked where one enters the state.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    BorshSerialize,
    BorshDeserialize,
    serde::Serialize,
    serde::Deserialize,
)]
#[serde(transparent)]
pub struct CorporateNumber(u64);

impl CorporateNumber {
    /// A corporate number, or `None` where the check digit is not the one of the other twelve.
    #[must_use]
    pub const fn new(number: u64) -> Option<Self> {
        let number = Self(number);
        if number.is_valid() { Some(number) } else { None }
    }

    /// The number.
    #[must_use]
    pub const fn get(self) -> u64 {
        self.0
    }

    /// Whether there are 13 digits and the first is 9 − (Σ Pn·Qn mod 9), where Pn is the n-th of
    /// the other digits from the right and Qn is 1 for odd n and 2 for even n (Ministry of
    /// Finance ordinance on the designation of corporate numbers, article 2).
    #[must_use]
    pub const fn is_valid(self) -> bool {
        const TWELVE_DIGITS: u64 = 1_000_000_000_000;
        let check = self.0 / TWELVE_DIGITS;
        let (mut rest, mut sum, mut weight) = (self.0 % TWELVE_DIGITS, 0, 1);
        while rest > 0 {
            sum += rest % 10 * weight;
            rest /= 10;
            weight = 3 - weight;
        }
        check == 9 - sum % 9
    }
}

set! {
    PartyRoles as "PartyRole" {
        "controller" = Self::CONTROLLER,
        "joint_user" = Self::JOINT_USER,
        "recipient" = Self::RECIPIENT,
        "processor" = Self::PROCESSOR,
        "data_holder" = Self::DATA_HOLDER,
        "auditor" = Self::AUDITOR,
        "emergency" = Self::EMERGENCY,
        "counter" = Self::COUNTER,
    }
}

set! {
    Regimes as "Regime" {
        "private" = Self::of(Regime::Private),
        "public_body" = Self::of(Regime::PublicBody),
        "hospital_or_university" = Self::of(Regime::HospitalOrUniversity),
    }
}

plain! {
    CorporateNumber: "" { "type": "integer", "minimum": 1_000_000_000_000_u64, "maximum": 9_999_999_999_999_u64 };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_corporate_number_is_checked_by_its_first_digit() {
        // The National Tax Agency's own number, from its description of the check digit.
        let published = 7_000_012_050_002;
        assert!(CorporateNumber::new(published).is_some());
        for wrong in 0..=9_u64 {
            let number = published % 1_000_000_000_000 + wrong * 1_000_000_000_000;
            assert_eq!(CorporateNumber::new(number).is_some(), wrong == 7, "{number}");
        }
        assert!(CorporateNumber::new(u64::MAX).is_none());
        assert!(CorporateNumber::new(0).is_none());
    }

    #[test]
    fn a_set_of_regimes_holds_what_it_was_made_of() {
        let all = [Regime::Private, Regime::PublicBody, Regime::HospitalOrUniversity];
        for one in all {
            for other in all {
                assert_eq!(Regimes::of(one).contains(other), one == other);
            }
            assert!(Regimes::ALL.contains(one));
        }
        assert_eq!(Regimes::from_bits(8), None);
    }
}
