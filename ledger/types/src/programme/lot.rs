//! Lots: what a holder has of a programme's value. A lot is a claim on the sponsor; the yen behind it
//! lie in the programme's escrows.

use borsh::{BorshDeserialize, BorshSerialize};

use super::eligibility::LeafPlace;
use crate::id::ProgrammeId;
use crate::json::shape;
use crate::limits::LOTS_MAX;
use crate::tender::LotKind;
use crate::time::Timestamp;
use crate::yen::Yen;

/// A part of what a holder has in a zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, BorshSerialize, BorshDeserialize)]
pub struct Lot {
    /// The programme.
    pub programme: ProgrammeId,
    /// The round in which it was bought.
    pub round: u16,
    /// The place on the eligibility list of the person for whom it was bought.
    pub leaf: Option<LeafPlace>,
    /// The programme's bucket.
    pub bucket: u16,
    /// Whether it was paid for.
    pub kind: LotKind,
    /// The instant from which it is worth nothing.
    pub expires: Timestamp,
    /// What is left.
    pub remaining: Yen,
}

impl Lot {
    /// Whether it is the same lot in all but what is left.
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        Self { remaining: other.remaining, ..*self } == *other
    }
}

/// What a holder has in a zone beside coin: in order, no two of which are the same in all but what is
/// left, none empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Lots {
    /// The lots.
    pub lots: Vec<Lot>,
}

impl Lots {
    /// Adds a lot, merged with what is the same in all but what is left.
    ///
    /// None where there would be more than [`LOTS_MAX`] or an amount passes its range.
    #[must_use]
    pub fn with(mut self, lot: Lot) -> Option<Self> {
        if let Some(same) = self.lots.iter_mut().find(|one| one.is_same(&lot)) {
            same.remaining = same.remaining.checked_add(lot.remaining)?;
            return Some(self);
        }
        if self.lots.len() >= LOTS_MAX {
            return None;
        }
        let place = self.lots.partition_point(|one| *one < lot);
        self.lots.insert(place, lot);
        Some(self)
    }
}

shape! {
    /// What of one bucket and kind.
    #[derive(Copy)]
    pub struct LotPart {
        /// The bucket.
        bucket: u16,
        /// Paid or free.
        kind: LotKind,
        /// How much.
        amount: Yen,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lot(round: u16, expires: u64, remaining: u64) -> Lot {
        Lot {
            programme: ProgrammeId::new(1),
            round,
            leaf: None,
            bucket: 0,
            kind: LotKind::Paid,
            expires: Timestamp::from_millis(expires),
            remaining: Yen::new(remaining),
        }
    }

    #[test]
    fn lots_that_differ_only_in_what_is_left_merge_and_the_others_stand_in_order() {
        let with = |lots: Lots, one| lots.with(one).unwrap();
        let lots = with(with(Lots::default(), lot(2, 9, 5)), lot(1, 9, 7));
        let lots = with(with(lots, lot(2, 9, 1)), lot(1, 8, 3));
        assert_eq!(lots.lots, [lot(1, 8, 3), lot(1, 9, 7), lot(2, 9, 6)]);
        assert_eq!(lots.with(lot(2, 9, u64::MAX)), None);
    }

    #[test]
    fn a_holder_has_no_more_than_64() {
        let all = (0..64).try_fold(Lots::default(), |lots, end| lots.with(lot(1, end, 1)));
        let all = all.unwrap();
        assert_eq!(all.clone().with(lot(1, 64, 1)), None);
        assert!(all.with(lot(1, 63, 1)).is_some());
    }
}
