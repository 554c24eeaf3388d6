//! The tender plan: which lots pay a merchant, in one order that every program finds.
//!
//! Earliest expiry first, then the bucket's rank, free before paid, then the lot's own order.

use super::lot::Lot;
use crate::facts::event;
use crate::id::{AccountId, ProgrammeId, ZoneId};
use crate::json::{Whose, shape};
use crate::tender::{LotKind, TenderLine};
use crate::time::Timestamp;
use crate::yen::Yen;
use crate::zone::MerchantClass;

use super::create::Takes;

/// When and where a bucket's lots can be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BucketUse {
    /// The bucket's rank: the lower goes first among lots that end together.
    pub rank: u16,
    /// The classes of merchants that take it.
    pub takes: Takes,
    /// From when on.
    pub from: Timestamp,
}

/// What is taken of a lot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Take {
    /// The lot's place in the list that was given.
    pub place: usize,
    /// How much: not zero.
    pub amount: Yen,
}

/// Which lots pay `amount` at a merchant of a class at `now`, in the order in which they are spent. What
/// they do not cover is for coin. A bucket of which nothing is known takes part in nothing.
#[must_use]
pub fn plan(
    lots: &[Lot],
    uses: impl Fn(ProgrammeId, u16) -> Option<BucketUse>,
    class: MerchantClass,
    amount: Yen,
    now: Timestamp,
) -> Vec<Take> {
    let mut usable: Vec<(Timestamp, u16, LotKind, usize, Yen)> = Vec::new();
    for (place, lot) in lots.iter().enumerate() {
        let Some(bucket) = uses(lot.programme, lot.bucket) else { continue };
        if bucket.takes.intersects(Takes::of(class)) && bucket.from <= now && now < lot.expires {
            usable.push((lot.expires, bucket.rank, lot.kind, place, lot.remaining));
        }
    }
    usable.sort_unstable();
    let (mut left, mut takes) = (amount, Vec::new());
    for (_, _, _, place, remaining) in usable {
        let amount = remaining.min(left);
        if !amount.is_zero() {
            takes.push(Take { place, amount });
        }
        left = left.checked_sub(amount).unwrap_or(Yen::ZERO);
    }
    takes
}

/// A plan as its payer sees it: by programme, bucket and kind, in this order, each once.
///
/// None where a sum passes the range of amounts.
#[must_use]
pub fn in_lines(lots: &[Lot], takes: &[Take]) -> Option<Vec<TenderLine>> {
    let mut lines: Vec<TenderLine> = Vec::new();
    for Take { place, amount } in takes {
        let Lot { programme, bucket, kind, .. } = *lots.get(*place)?;
        let is_same = |line: &TenderLine| {
            (line.programme, line.bucket, line.kind) == (programme, bucket, kind)
        };
        match lines.iter_mut().find(|line| is_same(line)) {
            Some(line) => line.amount = line.amount.checked_add(*amount)?,
            None => lines.push(TenderLine { programme, bucket, kind, amount: *amount }),
        }
    }
    lines.sort_unstable_by_key(|line| (line.programme, line.bucket, line.kind));
    Some(lines)
}

shape! {
    /// What a payment took of one round, bucket and kind.
    #[derive(Copy)]
    pub struct SpentLot {
        /// The programme.
        programme: ProgrammeId,
        /// The round in which it was bought.
        round: u16,
        /// The bucket.
        bucket: u16,
        /// Paid or free.
        kind: LotKind,
        /// How much.
        amount: Yen,
    }
}

event! {
    /// Vouchers were part of a payment, or all of it.
    pub struct LotsSpent {
        /// The zone.
        zone: ZoneId,
        /// The payer.
        payer: Whose,
        /// The merchant.
        merchant: AccountId,
        /// What was taken, in the order in which it was spent.
        spent: Vec<SpentLot>,
    }

    enters [payer, merchant]
    masks payer from merchant
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::programme::LeafPlace;

    const NOW: Timestamp = Timestamp::from_millis(50);

    fn lot() -> impl Strategy<Value = Lot> {
        let place = (1..4_u32, 1..3_u16, prop::option::of(0..2_u32), 0..4_u16);
        let kind = prop::sample::select(vec![LotKind::Free, LotKind::Paid]);
        let remaining = prop_oneof![8 => 1..500_u64, 1 => Just(u64::MAX)];
        (place, kind, prop::sample::select(vec![49, 50, 51, 90, u64::MAX]), remaining).prop_map(
            |((programme, round, leaf, bucket), kind, expires, remaining)| Lot {
                programme: ProgrammeId::new(programme),
                round,
                leaf: leaf.map(|index| LeafPlace { list: 1, index }),
                bucket,
                kind,
                expires: Timestamp::from_millis(expires),
                remaining: Yen::new(remaining),
            },
        )
    }

    /// Of programme 3 nothing is known; bucket 1 is for local shops, 2 for chains, 3 begins later.
    fn uses(programme: ProgrammeId, bucket: u16) -> Option<BucketUse> {
        let takes = [Takes::ALL, Takes::LOCAL, Takes::CHAIN, Takes::ALL];
        let from = Timestamp::from_millis(if bucket == 3 { 51 } else { 50 });
        let rank = 4 - bucket;
        let bucket_use = BucketUse { rank, takes: takes[usize::from(bucket)], from };
        (programme.get() < 3).then_some(bucket_use)
    }

    fn order(lots: &[Lot], take: &Take) -> (Timestamp, u16, LotKind, usize) {
        let lot = lots[take.place];
        (lot.expires, uses(lot.programme, lot.bucket).unwrap().rank, lot.kind, take.place)
    }

    /// What of each lot may be used at a shop of this class, by the rules one by one.
    fn usable(lot: &Lot, class: MerchantClass) -> u64 {
        let taken = match lot.bucket {
            0 => true,
            1 => class == MerchantClass::Local,
            2 => class == MerchantClass::Chain,
            _ => false,
        };
        let lives = lot.expires > NOW && lot.programme.get() < 3;
        if taken && lives { lot.remaining.get() } else { 0 }
    }

    proptest! {
        #[test]
        fn a_plan_takes_what_it_may_in_order_and_no_more_than_is_paid(
            lots in prop::collection::vec(lot(), 0..12),
            class in prop::sample::select(vec![MerchantClass::Local, MerchantClass::Chain]),
            amount in prop_oneof![8 => 0..2000_u64, 1 => Just(u64::MAX)],
        ) {
            let takes = plan(&lots, uses, class, Yen::new(amount), NOW);
            let mut taken = vec![0_u64; lots.len()];
            for Take { place, amount } in &takes {
                prop_assert!(!amount.is_zero());
                taken[*place] += amount.get();
            }
            let all: u128 = taken.iter().map(|part| u128::from(*part)).sum();
            let most: u128 = lots.iter().map(|lot| u128::from(usable(lot, class))).sum();
            prop_assert_eq!(all, most.min(u128::from(amount)));
            for (lot, part) in lots.iter().zip(&taken) {
                prop_assert!(*part <= usable(lot, class));
            }
            let orders: Vec<_> = takes.iter().map(|take| order(&lots, take)).collect();
            prop_assert!(orders.is_sorted_by(|one, next| one < next));
            // All but the last are used up, and nothing that goes before the last is left.
            for (take, at) in takes.iter().zip(&orders).take(takes.len().saturating_sub(1)) {
                prop_assert_eq!(take.amount, lots[take.place].remaining, "{:?}", at);
            }
            if let Some(last) = orders.last() {
                let before = |place: usize| {
                    order(&lots, &Take { place, amount: Yen::ZERO }) < *last
                };
                let mut left = (0..lots.len()).filter(|place| usable(&lots[*place], class) > 0);
                prop_assert!(left.all(|place| !before(place) || taken[place] > 0));
            }
            let lines = in_lines(&lots, &takes).unwrap();
            let sum: u128 = lines.iter().map(|line| u128::from(line.amount.get())).sum();
            prop_assert_eq!(sum, all);
            let key = |line: &TenderLine| (line.programme, line.bucket, line.kind);
            prop_assert!(lines.is_sorted_by(|one, next| key(one) < key(next)));
        }
    }

    #[test]
    fn takes_of_no_lot_make_no_lines() {
        let take = Take { place: 0, amount: Yen::new(1) };
        assert_eq!(in_lines(&[], &[take]), None);
        assert_eq!(in_lines(&[], &[]), Some(vec![]));
    }
}
