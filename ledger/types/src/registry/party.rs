//! Consent parties: what they may do, and under which rules of the law they stand.

use borsh::{BorshDeserialize, BorshSerialize};

use crate::json::{names, plain};
use crate::newtype::set;

set! {
    /// What a party may do, as a set of bits.
    pub struct PartyRoles(u16) as "PartyRole" {
        /// Decides purposes and means; consents are granted to it.
        CONTROLLER = 0 as "controller",
        /// Uses data jointly with a controller.
        JOINT_USER = 1 as "joint_user",
        /// Receives data from a controller.
        RECIPIENT = 2 as "recipient",
        /// Processes data on a controller's behalf.
        PROCESSOR = 3 as "processor",
        /// Holds data and discloses it on a permit.
        DATA_HOLDER = 4 as "data_holder",
        /// Audits.
        AUDITOR = 5 as "auditor",
        /// May break glass in an emergency.
        EMERGENCY = 6 as "emergency",
        /// Serves people at a counter: enters for them what they sign on paper.
        COUNTER = 7 as "counter",
    }
}

names! {
    /// Under which rules a party stands (APPI chapter 4, chapter 5, and hospitals and
    /// universities).
    #[derive(Default)]
    pub enum Regime {
        /// A private business operator (APPI chapter 4).
        #[default]
        Private = 0 as "private",
        /// A public body (APPI chapter 5).
        PublicBody = 1 as "public_body",
        /// A public hospital or university: chapter 4's duties with exceptions (APPI articles 58,
        /// 125).
        HospitalOrUniversity = 2 as "hospital_or_university",
    }
}

set! {
    /// A set of regimes, as bits: bit n for the regime of number n.
    pub struct Regimes(u8) as "Regime" {
        /// See [`Regime::Private`].
        PRIVATE = 0 as "private",
        /// See [`Regime::PublicBody`].
        PUBLIC_BODY = 1 as "public_body",
        /// See [`Regime::HospitalOrUniversity`].
        HOSPITAL_OR_UNIVERSITY = 2 as "hospital_or_university",
    }
}

impl Regimes {
    /// The one regime.
    #[must_use]
    pub const fn of(regime: Regime) -> Self {
        match regime {
            Regime::Private => Self::PRIVATE,
            Regime::PublicBody => Self::PUBLIC_BODY,
            Regime::HospitalOrUniversity => Self::HOSPITAL_OR_UNIVERSITY,
        }
    }

    /// Whether the regime is among these.
    #[must_use]
    pub const fn contains(self, regime: Regime) -> bool {
        self.intersects(Self::of(regime))
    }
}

names! {
    /// Whether a party may act.
    #[derive(Default)]
    pub enum PartyStatus {
        /// It may.
        #[default]
        Active = 0 as "active",
        /// It may only acknowledge, answer, shred and notify, and end what it was given for a
        /// subject; a counter, a guardian or an auditor may do nothing.
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
