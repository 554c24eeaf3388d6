//! Amounts of money: whole yen, never a fraction, never negative, never wrapping.

use borsh::{BorshDeserialize, BorshSerialize};

use crate::newtype::serde_by_text;

/// An amount in whole yen.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    BorshSerialize,
    BorshDeserialize,
)]
pub struct Yen(u64);

impl Yen {
    /// No money.
    pub const ZERO: Self = Self(0);
    /// The largest amount that can be written.
    pub const MAX: Self = Self(u64::MAX);

    /// An amount of `yen` whole yen.
    #[must_use]
    pub const fn new(yen: u64) -> Self {
        Self(yen)
    }

    /// The amount in whole yen.
    #[must_use]
    pub const fn get(self) -> u64 {
        self.0
    }

    /// Whether this is no money.
    #[must_use]
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// The sum, or `None` when it does not fit.
    #[must_use]
    pub const fn checked_add(self, other: Self) -> Option<Self> {
        match self.0.checked_add(other.0) {
            Some(sum) => Some(Self(sum)),
            None => None,
        }
    }

    /// The difference, or `None` when it would be negative.
    #[must_use]
    pub const fn checked_sub(self, other: Self) -> Option<Self> {
        match self.0.checked_sub(other.0) {
            Some(difference) => Some(Self(difference)),
            None => None,
        }
    }
}

impl core::fmt::Display for Yen {
    /// The bare digits, as the API shows amounts.
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        self.0.fmt(f)
    }
}

impl core::str::FromStr for Yen {
    type Err = ParseYenError;

    /// Parses decimal digits only: no sign, no separator, no leading zero.
    fn from_str(text: &str) -> Result<Self, ParseYenError> {
        let canonical = !text.is_empty()
            && text.bytes().all(|byte| byte.is_ascii_digit())
            && (text == "0" || !text.starts_with('0'));
        if !canonical {
            return Err(ParseYenError);
        }
        text.parse().map(Self).map_err(|_| ParseYenError)
    }
}

serde_by_text!(Yen);

/// The text is not an amount of whole yen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an amount is a whole number of yen, digits only")]
pub struct ParseYenError;
