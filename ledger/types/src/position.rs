//! Interbank positions: what one bank owes the others on net, in whole yen, signed.

use borsh::{BorshDeserialize, BorshSerialize};

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

    /// What is owed by the bank: zero when the position is positive.
    #[must_use]
    pub const fn net_debit(self) -> Yen {
        if self.0 < 0 { Yen::new(self.0.unsigned_abs()) } else { Yen::ZERO }
    }
}
