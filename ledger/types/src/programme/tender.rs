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
use crate::zone::{MerchantClass, RequestTerms};

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
    /// What is excluded from its programme, by the zone's number of it.
    pub exclusions: u8,
    /// Whether its programme pays together with another one that says so too.
    pub combines: bool,
}

/// What is taken of a lot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Take {
    /// The lot's place in the list that was given.
    pub place: usize,
    /// How much: not zero.
    pub amount: Yen,
}

/// What is paid, and what of it programmes may pay.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'r> {
    /// The merchant's class.
    pub class: MerchantClass,
    /// What is paid on the ledger.
    pub amount: Yen,
    /// The request that says what is eligible; all of it is where there is none.
    pub request: Option<&'r RequestTerms>,
    /// When.
    pub now: Timestamp,
}

impl Asked<'_> {
    fn eligible(&self, exclusions: u8) -> Yen {
        self.request.map_or(self.amount, |terms| terms.eligible_of(exclusions)).min(self.amount)
    }
}

/// What is taken so far of programmes.
#[derive(Default)]
struct Taken {
    /// By programme: what may be paid by it, whether it combines, and what is taken.
    programmes: Vec<(ProgrammeId, Yen, bool, Yen)>,
}

impl Taken {
    /// How much more one may take: goods are paid once, so those of which the fewest are eligible take no
    /// more together than what is eligible, and so for every further one (exclusions of one zone lie in
    /// each other).
    fn room(&self, programme: ProgrammeId, eligible: Yen, combines: bool) -> Yen {
        let mut others = self.programmes.iter().filter(|one| one.0 != programme);
        if !others.clone().all(|one| combines && one.2) {
            return Yen::ZERO;
        }
        let bounds = others.by_ref().map(|one| one.1).filter(|bound| *bound > eligible);
        let bounds = bounds.chain([eligible]);
        let room = |bound: Yen| {
            let within = self.programmes.iter().filter(|one| one.1 <= bound);
            within.fold(bound, |left, one| left.checked_sub(one.3).unwrap_or(Yen::ZERO))
        };
        bounds.map(room).min().unwrap_or(Yen::ZERO)
    }

    fn note(&mut self, programme: ProgrammeId, eligible: Yen, combines: bool, amount: Yen) {
        match self.programmes.iter_mut().find(|one| one.0 == programme) {
            // A room is never more than the payment.
            Some(one) => one.3 = one.3.checked_add(amount).unwrap_or(one.3),
            None => self.programmes.push((programme, eligible, combines, amount)),
        }
    }
}

/// Which lots pay what is asked, in the order in which they are spent. What they do not cover is for
/// coin. A bucket of which nothing is known takes part in nothing; of a programme no more is taken than
/// is eligible for it, and two pay together only where both say so.
#[must_use]
pub fn plan(
    lots: &[Lot],
    uses: impl Fn(ProgrammeId, u16) -> Option<BucketUse>,
    asked: &Asked<'_>,
) -> Vec<Take> {
    let now = asked.now;
    let mut usable: Vec<(Timestamp, u16, LotKind, usize, &Lot, BucketUse)> = Vec::new();
    for (place, lot) in lots.iter().enumerate() {
        let Some(bucket) = uses(lot.programme, lot.bucket) else { continue };
        let takes = bucket.takes.intersects(Takes::of(asked.class));
        if takes && bucket.from <= now && now < lot.expires {
            usable.push((lot.expires, bucket.rank, lot.kind, place, lot, bucket));
        }
    }
    usable.sort_unstable_by_key(|(expires, rank, kind, place, _, _)| {
        (*expires, *rank, *kind, *place)
    });
    let (mut left, mut takes, mut taken) = (asked.amount, Vec::new(), Taken::default());
    for (_, _, _, place, lot, bucket) in usable {
        let (programme, combines) = (lot.programme, bucket.combines);
        let eligible = asked.eligible(bucket.exclusions);
        let amount = lot.remaining.min(left).min(taken.room(programme, eligible, combines));
        if !amount.is_zero() {
            takes.push(Take { place, amount });
            taken.note(programme, eligible, combines, amount);
            left = left.checked_sub(amount).unwrap_or(Yen::ZERO);
        }
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
    use crate::zone::{Exception, ShopYen};

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
        let (exclusions, combines) = (u8::try_from(programme.get()).unwrap(), true);
        let takes = takes[usize::from(bucket)];
        let bucket_use = BucketUse { rank, takes, from, exclusions, combines };
        (programme.get() < 3).then_some(bucket_use)
    }

    fn asked(class: MerchantClass, amount: u64, request: Option<&RequestTerms>) -> Asked<'_> {
        Asked { class, amount: Yen::new(amount), request, now: NOW }
    }

    /// Eligible are `one` yen for programme 1 and `two` for programme 2.
    fn request(one: u32, two: u32) -> RequestTerms {
        let yen = |amount| ShopYen::new(Yen::new(u64::from(amount))).unwrap();
        let exceptions = vec![Exception { category: 2, eligible: yen(two) }];
        RequestTerms { eligible: yen(one), exceptions, ..crate::sample::request_terms() }
    }

    fn paid_by(programme: u32, remaining: u64) -> Lot {
        Lot {
            programme: ProgrammeId::new(programme),
            round: 1,
            leaf: None,
            bucket: 0,
            kind: LotKind::Free,
            expires: Timestamp::from_millis(60),
            remaining: Yen::new(remaining),
        }
    }

    #[test]
    fn goods_that_are_excluded_are_paid_by_no_voucher_and_others_once() {
        let lots = [paid_by(1, 500), paid_by(2, 500)];
        let planned = |one, two| {
            let terms = request(one, two);
            let takes = plan(&lots, uses, &asked(MerchantClass::Local, 1000, Some(&terms)));
            let of = |place| takes.iter().find(|take| take.place == place);
            [0, 1].map(|place| of(place).map_or(0, |take| take.amount.get()))
        };
        assert_eq!(planned(1000, 1000), [500, 500]);
        assert_eq!(planned(600, 600), [500, 100]);
        assert_eq!(planned(300, 700), [300, 400]);
        assert_eq!(planned(700, 300), [500, 200]);
        assert_eq!((planned(0, 300), planned(0, 0)), ([0, 300], [0, 0]));
    }

    #[test]
    fn two_programmes_pay_together_only_where_both_say_so() {
        let lots = [paid_by(1, 300), paid_by(2, 300)];
        let planned = |says: [bool; 2]| {
            let uses = |programme: ProgrammeId, bucket| {
                let combines = says[usize::try_from(programme.get()).unwrap() - 1];
                uses(programme, bucket).map(|one| BucketUse { combines, ..one })
            };
            plan(&lots, uses, &asked(MerchantClass::Local, 500, None)).len()
        };
        assert_eq!(planned([true, true]), 2);
        assert_eq!([[true, false], [false, true], [false, false]].map(planned), [1, 1, 1]);
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
        fn no_programme_pays_more_than_is_eligible_for_it_and_goods_are_paid_once(
            lots in prop::collection::vec(lot(), 0..12),
            (one, two) in (0..1500_u32, 0..1500_u32),
            amount in 0..2000_u64,
        ) {
            let terms = request(one, two);
            let takes = plan(&lots, uses, &asked(MerchantClass::Local, amount, Some(&terms)));
            let of = |programme: u32| -> u64 {
                let of = |take: &&Take| lots[take.place].programme.get() == programme;
                takes.iter().filter(of).map(|take| take.amount.get()).sum()
            };
            prop_assert!(of(1) <= u64::from(one) && of(2) <= u64::from(two));
            prop_assert!(of(1) + of(2) <= u64::from(one.max(two)).min(amount));
        }

        #[test]
        fn a_plan_takes_what_it_may_in_order_and_no_more_than_is_paid(
            lots in prop::collection::vec(lot(), 0..12),
            class in prop::sample::select(vec![MerchantClass::Local, MerchantClass::Chain]),
            amount in prop_oneof![8 => 0..2000_u64, 1 => Just(u64::MAX)],
        ) {
            let takes = plan(&lots, uses, &asked(class, amount, None));
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
