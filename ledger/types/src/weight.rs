//! How much of a block and of its payer's allowance a transaction takes, and under what it stands.

/// What a transaction stands under, from what is never held up to what is first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Class {
    /// Nothing: it ends something of the sender's own that lives.
    Free,
    /// What narrows or ends: a part of the allowance that nothing else takes.
    Reserved,
    /// What objects for good: a data subject has an allowance of its own for it.
    Objection,
    /// Money that moves: a share of each block is kept for it.
    Payment,
    /// Everything else.
    Other,
}

/// What a transaction takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Weight {
    /// Under what it stands: its heaviest operation's.
    pub class: Class,
    /// How much, all operations together.
    pub units: u32,
}

/// The most units of one block.
pub const BLOCK_UNITS_MAX: u64 = 65_536;
/// The most of them that are not payments: payments keep the rest.
pub const BLOCK_OTHER_UNITS_MAX: u64 = 49_152;

impl Weight {
    /// Nothing.
    pub const NONE: Self = Self { class: Class::Free, units: 0 };

    /// Both together: the heavier class, and the sum.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        let units = self.units.saturating_add(other.units);
        Self { class: self.class.max(other.class), units }
    }
}
