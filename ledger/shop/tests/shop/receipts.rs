//! Receipts for consumption tax: the arithmetic, what is refused, and both forms.

use ledger_types::Yen;
use proptest::prelude::*;
use shop_documents::invoice::{
    BorneBy, InvoiceError, Issuer, JsonError, Line, Prices, Rounding, Sale, TaxKind,
};
use shop_documents::{Date, Invoice, InvoiceNumber, ReturnInvoice};

use crate::{discount, line};

fn sale() -> Sale {
    Sale {
        number: "0001".into(),
        issuer: Issuer { name: "みそ屋".into(), number: "T7000012050002".parse().unwrap() },
        date: Date::new(2026, 11, 22).unwrap(),
        from: None,
        recipient: None,
        prices: Prices::Included,
        rounding: Rounding::Floor,
        lines: vec![
            line("みそ田楽", 2, 400, TaxKind::Reduced),
            line("地酒", 1, 1_000, TaxKind::Standard),
            line("商品券", 1, 500, TaxKind::Exempt),
        ],
        discounts: Vec::new(),
    }
}

/// Each rate's tax, then the total and what is to be paid.
fn counted(sale: Sale) -> (Vec<u64>, u64, u64) {
    let invoice = Invoice::new(sale).unwrap();
    let totals = invoice.totals();
    let taxes = totals.rates.iter().map(|rate| rate.tax_yen.get()).collect();
    (taxes, totals.total.get(), totals.to_pay.get())
}

#[test]
fn tax_is_rounded_once_for_each_rate_of_a_document() {
    // Three times 33 yen: 7 of 99, where line by line it would be 2 three times.
    let mut three = sale();
    three.lines = vec![line("あめ", 1, 33, TaxKind::Reduced); 3];
    assert_eq!(counted(three.clone()), (vec![7], 99, 99));
    for (rounding, tax) in [(Rounding::Floor, 7), (Rounding::Nearest, 7), (Rounding::Ceiling, 8)] {
        assert_eq!(counted(Sale { rounding, ..three.clone() }).0, [tax]);
        let excluded = Sale { rounding, prices: Prices::Excluded, ..three.clone() };
        let tax = if rounding == Rounding::Floor { 7 } else { 8 };
        assert_eq!(counted(excluded), (vec![tax], 99 + tax, 99 + tax));
    }
    assert_eq!(counted(sale()), (vec![90, 59, 0], 2_300, 2_300));
}

#[test]
fn a_coupon_that_the_shop_bears_lowers_what_is_taxed_and_others_do_not() {
    let mut own = sale();
    own.discounts = vec![discount("みそ屋の割引", 100, BorneBy::Shop)];
    // 100 over 1,000, 800 and 500: 43.5, 34.8 and 21.7.
    let invoice = Invoice::new(own).unwrap();
    let parts: Vec<u64> = invoice.totals().rates.iter().map(|rate| rate.discount.get()).collect();
    assert_eq!(parts, [43, 35, 22]);
    let taxes: Vec<u64> = invoice.totals().rates.iter().map(|rate| rate.tax_yen.get()).collect();
    assert_eq!((taxes, invoice.totals().to_pay), (vec![87, 56, 0], Yen::new(2_200)));
    let mut others = sale();
    others.discounts = vec![discount("市のクーポン", 100, BorneBy::Other)];
    assert_eq!(counted(others), (vec![90, 59, 0], 2_300, 2_200));
}

#[test]
fn what_cannot_be_is_refused() {
    let with = |change: &dyn Fn(&mut Sale)| {
        let mut sale = sale();
        change(&mut sale);
        Invoice::new(sale).unwrap_err()
    };
    assert_eq!(with(&|it| it.lines.clear()), InvoiceError::Count);
    assert_eq!(with(&|it| it.lines[1].quantity = 0), InvoiceError::NoQuantity { line: 2 });
    let date = Date::new(2019, 9, 30).unwrap();
    assert_eq!(with(&|it| it.date = date), InvoiceError::NoRates { date });
    assert_eq!(with(&|it| it.lines[0].unit_price = Yen::new(u64::MAX)), InvoiceError::TooMuch);
    let over = discount("割引", 2_301, BorneBy::Shop);
    let refused = InvoiceError::Discounts { discounts: 2_301, sold: 2_300 };
    assert_eq!(with(&|it| it.discounts.push(over.clone())), refused);
    let over = discount("割引", 2_301, BorneBy::Other);
    let refused = InvoiceError::Others { others: 2_301, total: 2_300 };
    assert_eq!(with(&|it| it.discounts.push(over.clone())), refused);
    for text in ["", " ", "a\nb", &"あ".repeat(101)] {
        let refused = InvoiceError::Text { what: text.to_owned() };
        assert_eq!(with(&|it| it.issuer.name = text.into()), refused);
        assert_eq!(with(&|it| it.lines[0].name = text.into()), refused);
        assert_eq!(with(&|it| it.recipient = Some(text.into())), refused);
    }
    for number in
        ["7000012050002", "T8000012050002", "T700001205000", "T+000012050002", "t7000012050002"]
    {
        assert!(number.parse::<InvoiceNumber>().is_err(), "{number}");
    }
}

#[test]
fn the_text_says_all_that_the_law_asks() {
    let mut sale = sale();
    sale.discounts = vec![
        discount("みそ屋の割引", 100, BorneBy::Shop),
        discount("市のクーポン", 200, BorneBy::Other),
    ];
    let expected = "適格簡易請求書\nみそ屋\n登録番号 T7000012050002\n番号 0001\n取引日 2026/11/22\n\n\
        みそ田楽※ 400円 × 2 = 800円\n地酒 1,000円 × 1 = 1,000円\n商品券 500円 × 1 = 500円\n\
        みそ屋の割引 -100円\n\n10%対象（税込） 957円  消費税 87円\n\
        8%対象※（税込） 765円  消費税 56円\n非課税 478円\n合計 2,200円\n市のクーポン -200円\n\
        お支払い 2,000円\n\n品物のねだんは、消費税をふくみます。\n\
        消費税の1円未満は、税率ごとに1回、切り捨てています。\n※は、軽減税率（8%）の対象です。";
    assert_eq!(Invoice::new(sale.clone()).unwrap().text(), expected);
    let to = Sale { recipient: Some("会津商店".into()), ..sale };
    let full = Invoice::new(to).unwrap();
    assert!(full.is_full() && full.text().starts_with("適格請求書\n会津商店 様\nみそ屋\n"));
}

#[test]
fn a_document_of_a_period_says_its_first_and_its_last_day() {
    let [first, last] =
        [(11, 1), (11, 30)].map(|(month, day)| Date::new(2026, month, day).unwrap());
    let month = Sale { from: Some(first), date: last, ..sale() };
    let invoice = Invoice::new(month.clone()).unwrap();
    assert!(
        invoice.text().contains("\n取引期間 2026/11/01 から 2026/11/30\n"),
        "{}",
        invoice.text()
    );
    assert_eq!(invoice.totals(), Invoice::new(sale()).unwrap().totals());
    assert_eq!(Invoice::from_json(&invoice.to_json().unwrap()).unwrap(), invoice);
    // One of a day has the bytes that it always had.
    let of_a_day = Invoice::new(sale()).unwrap().to_json().unwrap();
    assert!(!String::from_utf8(of_a_day).unwrap().contains("\"from\""));
    let whole_day = Invoice::new(Sale { from: Some(last), ..month.clone() });
    assert!(whole_day.is_ok());
    for from in [Date::new(2026, 12, 1).unwrap(), Date::new(2019, 9, 30).unwrap()] {
        let refused = InvoiceError::Period { from, date: last };
        assert_eq!(Invoice::new(Sale { from: Some(from), ..month.clone() }), Err(refused));
    }
}

fn back(of: &Invoice, before: &[ReturnInvoice], lines: Vec<Line>) -> ReturnInvoice {
    let number = format!("R{}", before.len() + 1);
    ReturnInvoice::new(of, before, number, Date::new(2026, 11, 25).unwrap(), lines).unwrap()
}

#[test]
fn a_return_refers_to_its_sale_and_takes_back_no_more_than_is_left() {
    let invoice = Invoice::new(sale()).unwrap();
    let first = back(&invoice, &[], vec![line("みそ田楽", 1, 400, TaxKind::Reduced)]);
    let expected = "適格返還請求書（返金）\nみそ屋\n登録番号 T7000012050002\n番号 R1\n\
        返金日 2026/11/25\nもとの取引 2026/11/22 番号 0001\n\nみそ田楽※ 400円 × 1 = 400円\n\n\
        8%対象※（税込） 400円  消費税 30円\n返金の合計 400円\n\n\
        品物のねだんは、消費税をふくみます。\n\
        消費税の1円未満は、税率ごとに1回、切り捨てています。\n※は、軽減税率（8%）の対象です。";
    assert_eq!(first.text(), expected);
    // 59 in all, of which 30 are back: the rest is 29, and no yen of tax is lost or made.
    let second =
        back(&invoice, std::slice::from_ref(&first), vec![line("同", 1, 400, TaxKind::Reduced)]);
    assert_eq!(second.rates()[0].tax_yen, Yen::new(29));
    let before = [first, second];
    let date = Date::new(2026, 11, 25).unwrap();
    let more = vec![line("同", 1, 1, TaxKind::Reduced)];
    let refused = ReturnInvoice::new(&invoice, &before, "R3".into(), date, more.clone());
    let tax = TaxKind::Reduced;
    assert_eq!(refused, Err(InvoiceError::Returned { tax, returned: 1, left: 0 }));
    let other = Invoice::new(Sale { number: "0002".into(), ..sale() }).unwrap();
    let refused = ReturnInvoice::new(&other, &before, "R3".into(), date, more);
    assert_eq!(refused, Err(InvoiceError::OtherSale { number: "R1".into() }));
}

#[test]
fn files_are_read_back_and_counted_again() {
    let invoice = Invoice::new(sale()).unwrap();
    let bytes = invoice.to_json().unwrap();
    assert_eq!(Invoice::from_json(&bytes), Ok(invoice.clone()));
    let text = String::from_utf8(bytes).unwrap();
    for (from, to, is_form) in [
        ("\"2300\"", "\"2299\"", false),
        ("\"tax_yen\":\"90\"", "\"tax_yen\":\"91\"", false),
        ("\"percent\":8", "\"percent\":10", false),
        ("\"unit_price\":\"400\"", "\"unit_price\":\"401\"", false),
        ("kyojo-invoice/1", "kyojo-invoice/2", true),
        ("T7000012050002", "T7000012050003", true),
        ("2026-11-22", "2026-11-31", true),
        ("\"number\":\"0001\"", "\"number\":\"0001\",\"more\":1", true),
        ("\"floor\"", "\"truncate\"", true),
    ] {
        assert!(text.contains(from), "{from}: {text}");
        let refused = Invoice::from_json(text.replacen(from, to, 1).as_bytes()).unwrap_err();
        assert_eq!(matches!(refused, JsonError::Form { .. }), is_form, "{from}: {refused}");
    }
    let salt = [7; 32];
    assert_ne!(invoice.commitment(&salt).unwrap(), invoice.commitment(&[8; 32]).unwrap());
    let first = back(&invoice, &[], vec![line("みそ田楽", 1, 400, TaxKind::Reduced)]);
    let bytes = first.to_json().unwrap();
    assert_eq!(ReturnInvoice::from_json(&bytes, &invoice, &[]), Ok(first.clone()));
    // After another return the same would come to another tax.
    let after = ReturnInvoice::from_json(&bytes, &invoice, &[first]);
    assert_eq!(after, Err(JsonError::Totals));
}

fn any_sale() -> impl Strategy<Value = Sale> {
    let kind = (0_usize..4).prop_map(|place| TaxKind::ALL[place]);
    let line = (1_u32..5, 1_u64..3_000, kind).prop_map(|(n, price, tax)| line("品", n, price, tax));
    let prices = prop_oneof![Just(Prices::Included), Just(Prices::Excluded)];
    let rounding =
        prop_oneof![Just(Rounding::Floor), Just(Rounding::Nearest), Just(Rounding::Ceiling)];
    (proptest::collection::vec(line, 1..6), prices, rounding, 0_u64..=100).prop_map(
        |(lines, prices, rounding, percent)| {
            let sold: u64 =
                lines.iter().map(|line| line.unit_price.get() * u64::from(line.quantity)).sum();
            let discounts = vec![discount("割引", sold * percent / 200, BorneBy::Shop)];
            Sale { lines, prices, rounding, discounts, ..sale() }
        },
    )
}

proptest! {
    #[test]
    fn net_and_tax_are_the_total_and_discounts_are_exact(sale in any_sale()) {
        let invoice = Invoice::new(sale.clone()).unwrap();
        let totals = invoice.totals();
        let sum = |of: &dyn Fn(&shop_documents::invoice::RateTotal) -> Yen| -> u64 {
            totals.rates.iter().map(|rate| of(rate).get()).sum()
        };
        prop_assert_eq!(sum(&|it| it.net) + sum(&|it| it.tax_yen), totals.total.get());
        prop_assert_eq!(sum(&|it| it.gross), totals.total.get());
        prop_assert_eq!(sum(&|it| it.discount), sale.discounts[0].amount.get());
    }

    #[test]
    fn any_sequence_of_partial_returns_ends_exact(sale in any_sale(), steps in proptest::collection::vec(1_u64..2_000, 1..12)) {
        let invoice = Invoice::new(sale).unwrap();
        let mut before: Vec<ReturnInvoice> = Vec::new();
        for rate in &invoice.totals().rates {
            let base = match invoice.sale().prices {
                Prices::Included => rate.gross,
                Prices::Excluded => rate.net,
            };
            let mut left = base.get();
            let mut steps = steps.iter().cycle();
            while left > 0 {
                let step = (*steps.next().unwrap()).min(left);
                left -= step;
                before.push(back(&invoice, &before, vec![line("品", 1, step, rate.tax)]));
            }
        }
        for rate in &invoice.totals().rates {
            let of = |returned: &ReturnInvoice| -> (u64, u64) {
                let of_rate = returned.rates().iter().filter(|one| one.tax == rate.tax);
                of_rate.fold((0, 0), |(net, tax), one| (net + one.net.get(), tax + one.tax_yen.get()))
            };
            let sums = before.iter().map(of).fold((0, 0), |(a, b), (c, d)| (a + c, b + d));
            prop_assert_eq!(sums, (rate.net.get(), rate.tax_yen.get()));
        }
        let total: u64 = before.iter().map(|one| one.total().get()).sum();
        prop_assert_eq!(total, invoice.totals().total.get());
    }
}
