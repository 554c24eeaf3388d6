//! Heights of the log and rounds of agreement on one height.

use crate::newtype::number;

number! {
    /// The number of a block; genesis is height 0, the first block is height 1.
    #[derive(Default)]
    pub struct Height(u64);

    /// A round of agreement within a height, from 0.
    #[derive(Default)]
    pub struct Round(u32);
}

impl Height {
    /// The height of the genesis state.
    pub const GENESIS: Self = Self(0);

    /// The next height, or `None` at the end of numbers.
    #[must_use]
    pub const fn next(self) -> Option<Self> {
        match self.0.checked_add(1) {
            Some(number) => Some(Self(number)),
            None => None,
        }
    }

    /// The height before, or `None` at genesis.
    #[must_use]
    pub const fn previous(self) -> Option<Self> {
        match self.0.checked_sub(1) {
            Some(number) => Some(Self(number)),
            None => None,
        }
    }
}
