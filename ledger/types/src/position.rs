//! Interbank positions: what one bank owes the others on net, in whole yen, signed.

use borsh::{BorshDeserialize, BorshSerialize};

use crate::newtype::serde_by_text;
use crate::yen::Yen;

/// A signed amount in whole yen: positive is owed to the bank, negative is owed by it.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, BorshSerialize, BorshDeserialize,
)]
pub struct Position(i64);

impl Position {
    /// Nothing owed either way.
    pub const ZERO: Self = Self(0);

    /// A position of `yen`.
    #[must_use]
    pub const fn new(yen: i64) -> Self {
        Self(yen)
    }

    /// The position in whole yen.
    #[must_use]
    pub const fn get(self) -> i64 {
        self.0
    }

    /// The position after being paid `amount`, or `None` when it does not fit.
    #[must_use]
    pub const fn checked_credit(self, amount: Yen) -> Option<Self> {
        match self.0.checked_add_unsigned(amount.get()) {
            Some(sum) => Some(Self(sum)),
            None => None,
        }
    }

    /// The position after paying `amount`, or `None` when it does not fit.
    #[must_use]
    pub const fn checked_debit(self, amount: Yen) -> Option<Self> {
        match self.0.checked_sub_unsigned(amount.get()) {
            Some(difference) => Some(Self(difference)),
            None => None,
        }
    }

    /// The sum, or `None` when it does not fit.
    #[must_use]
    pub const fn checked_add(self, other: Self) -> Option<Self> {
        match self.0.checked_add(other.0) {
            Some(sum) => Some(Self(sum)),
            None => None,
        }
    }

    /// The difference, or `None` when it does not fit.
    #[must_use]
    pub const fn checked_sub(self, other: Self) -> Option<Self> {
        match self.0.checked_sub(other.0) {
            Some(difference) => Some(Self(difference)),
            None => None,
        }
    }

    /// Whether nothing is owed either way.
    #[must_use]
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// The amount, whichever way it is owed.
    #[must_use]
    pub const fn amount(self) -> Yen {
        Yen::new(self.0.unsigned_abs())
    }

    /// What is owed by the bank: zero when the position is positive.
    #[must_use]
    pub const fn net_debit(self) -> Yen {
        if self.0 < 0 { Yen::new(self.0.unsigned_abs()) } else { Yen::ZERO }
    }
}

impl core::fmt::Display for Position {
    /// The bare digits, with a minus where it is owed by the bank.
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        self.0.fmt(f)
    }
}

/// The text is not a position.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a position is decimal digits, with a minus where it is owed by the bank")]
pub struct ParsePositionError;

impl core::str::FromStr for Position {
    type Err = ParsePositionError;

    /// A position has one text: no plus, no leading zero, no minus before none.
    fn from_str(text: &str) -> Result<Self, ParsePositionError> {
        let position = text.parse().map(Self).map_err(|_| ParsePositionError)?;
        let is_its_text = position.to_string() == text;
        if is_its_text { Ok(position) } else { Err(ParsePositionError) }
    }
}

serde_by_text!(Position);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_position_has_one_text() {
        for yen in [0, 1, -1, 1200, i64::MAX, i64::MIN] {
            assert_eq!(Position::new(yen).to_string().parse(), Ok(Position::new(yen)));
        }
        for text in ["", "-", "+1", "-0", "01", "-01", "1 ", "9223372036854775808", "1.0"] {
            assert_eq!(text.parse::<Position>(), Err(ParsePositionError), "{text}");
        }
    }

    #[test]
    fn sums_and_differences_that_do_not_fit_are_none() {
        let (most, least) = (Position::new(i64::MAX), Position::new(i64::MIN));
        assert_eq!(most.checked_add(Position::new(1)), None);
        assert_eq!(least.checked_sub(Position::new(1)), None);
        assert_eq!(Position::ZERO.checked_sub(least), None);
        assert_eq!(most.checked_add(least), Some(Position::new(-1)));
        assert_eq!(least.amount(), Yen::new(1 << 63));
        assert!(Position::ZERO.is_zero());
    }
}
