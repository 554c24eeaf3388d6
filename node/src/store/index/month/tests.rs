//! How blocks add up in the database.

use ledger_types::Yen;
use proptest::prelude::*;

use super::super::tests::index;
use super::*;

const ZONE: ZoneId = ZoneId::new(3);
const MONTH: JapanMonth = JapanMonth::new(682);

fn account(byte: u8) -> AccountId {
    AccountId::new([byte; 20])
}

fn brought(month: JapanMonth, sums: ZoneMonth) -> MonthChange {
    let (merchants, once, taxes) = (BTreeMap::new(), BTreeSet::new(), BTreeMap::new());
    MonthChange { zone: ZONE, month, sums, merchants, once, taxes }
}

fn put(index: &Index, change: &MonthChange) {
    let mut batch = WriteBatch::default();
    enter(&index.database, &mut batch, change).unwrap();
    index.database.write(batch).unwrap();
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn blocks_add_up_and_each_account_counts_once_a_month(
        blocks in prop::collection::vec((0..3_u64, 0..1_000_u64, 0..6_u8, 0..6_u8), 1..20),
    ) {
        let (_directory, index) = index();
        let mut plain: BTreeMap<u64, (u64, u64, BTreeSet<u8>, BTreeSet<u8>)> = BTreeMap::new();
        let mut blocks = blocks;
        blocks.sort_by_key(|block| block.0);
        for (month, yen, paid, paying) in blocks {
            let sums = ZoneMonth { payments: Counted::one(yen), circulation: yen, ..ZoneMonth::default() };
            let mut change = brought(JapanMonth::new(month), sums);
            change.once.insert((Role::WasPaid, account(paid)));
            change.once.insert((Role::Paid, account(paying)));
            let fees = VersionFees { payments: 1, base: yen, charged: yen / 50, returned: 1 };
            let fees = MerchantMonth { versions: [(2, fees)].into(), ..MerchantMonth::default() };
            change.merchants.insert(account(paid), fees);
            put(&index, &change);
            let sums = plain.entry(month).or_default();
            sums.0 += yen;
            sums.1 = yen;
            sums.2.insert(paid);
            sums.3.insert(paying);
        }
        for (month, (yen, last, paid, paying)) in plain {
            let month = JapanMonth::new(month);
            let found = index.zone_month(ZONE, month).unwrap();
            prop_assert_eq!((found.payments.yen, found.circulation), (yen, last));
            let counts = (paid.len() as u64, paying.len() as u64);
            prop_assert_eq!((found.merchants, found.holders), counts);
            let fees = paid.iter().map(|byte| index.merchant_month(ZONE, &account(*byte), month).unwrap());
            let base: u64 = fees.map(|fees| fees.versions[&2].base).sum();
            prop_assert_eq!(base, yen);
        }
    }
}

#[test]
fn a_month_without_blocks_has_what_circulated_before_and_nothing_else() {
    let (_directory, index) = index();
    let sums = ZoneMonth { charged: 9, circulation: 9, ..ZoneMonth::default() };
    let mut change = brought(MONTH, sums.clone());
    let year = ChargedInYear { year: 2026, amount: Yen::new(5) };
    let fees = MerchantMonth { versions: BTreeMap::new(), year };
    change.merchants.insert(account(1), fees.clone());
    change.taxes.insert(1, FeeTax::Exempt);
    put(&index, &change);
    let [before, after] = [681, 690].map(JapanMonth::new);
    assert_eq!(index.zone_month(ZONE, MONTH).unwrap(), sums);
    assert_eq!(index.zone_month(ZONE, before).unwrap(), ZoneMonth::default());
    let later = ZoneMonth { circulation: 9, ..ZoneMonth::default() };
    assert_eq!(index.zone_month(ZONE, after).unwrap(), later);
    // Zones and merchants beside have nothing of it.
    for zone in [2, 4].map(ZoneId::new) {
        assert_eq!(index.zone_month(zone, after).unwrap(), ZoneMonth::default());
    }
    assert_eq!(index.merchant_month(ZONE, &account(1), after).unwrap().year, year);
    let none = MerchantMonth::default();
    assert_eq!(index.merchant_month(ZONE, &account(2), after).unwrap(), none);
    assert_eq!(index.merchant_month(ZONE, &account(0), after).unwrap(), none);
    assert_eq!(index.fee_tax(ZONE, 1).unwrap(), Some(FeeTax::Exempt));
    assert_eq!(index.fee_tax(ZONE, 2).unwrap(), None);
}

#[test]
fn purposes_beyond_the_most_are_one_sum() {
    let mut sums = ZoneMonth::default();
    for purpose in 0..100 {
        let mut one = ZoneMonth::default();
        one.spend(purpose, Counted::one(10));
        sums.add(&one);
        sums.add(&one);
    }
    assert_eq!(sums.spent.len(), PURPOSES_MAX);
    assert!(sums.spent.values().all(|spent| *spent == Counted { count: 2, yen: 20 }));
    assert_eq!(sums.spent_otherwise, Counted { count: 72, yen: 720 });
}
