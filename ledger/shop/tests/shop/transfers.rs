//! Files of 総合振込: their bytes, what is refused, what is cut, and that each is read as written.

use ledger_types::Yen;
use proptest::prelude::*;
use shop_documents::Date;
use shop_documents::kana::{Kana, narrow};
use shop_documents::zengin::{
    AccountKind, BankAccount, Client, Cut, Field, LineEnd, MonthDay, Number, ReadError, Transfer,
    TransferOrder, WriteError, read, write,
};

fn kana(text: &str) -> Kana {
    narrow(text).unwrap()
}

fn account(bank: u64, number: u64) -> BankAccount {
    BankAccount {
        bank: Number::new(bank).unwrap(),
        bank_name: kana("アイヅギンコウ"),
        branch: Number::new(1).unwrap(),
        branch_name: kana("ホンテン"),
        kind: AccountKind::Ordinary,
        number: Number::new(number).unwrap(),
    }
}

fn transfer(name: &str, amount: u64) -> Transfer {
    let (name, amount) = (kana(name), Yen::new(amount));
    Transfer { to: account(17, 42), name, amount, message: Kana::default() }
}

fn order() -> TransferOrder {
    let client = Client {
        code: Number::new(1_234_567_890).unwrap(),
        name: kana("アイヅコインウンエイキヨク"),
        account: account(126, 7_654_321),
    };
    let mut second = transfer("カ）コーヒーガーデン", 9_999_999_999);
    second.message = kana("MB2026-11");
    second.to.kind = AccountKind::Current;
    let day = MonthDay::from(Date::new(2026, 11, 27).unwrap());
    TransferOrder { client, day, transfers: vec![transfer("ミソヤ", 850), second] }
}

#[test]
fn the_bytes_of_a_file_are_pinned() {
    let written = write(&order(), LineEnd::CrLf).unwrap();
    let spaced = |parts: &[(&str, usize)]| -> String {
        parts.iter().map(|(text, width)| format!("{text:width$}")).collect()
    };
    let bank = [("ｱｲﾂﾞｷﾞﾝｺｳ", 15), ("001", 3), ("ﾎﾝﾃﾝ", 15)];
    let head =
        spaced(&[("1210", 4), ("1234567890", 10), ("ｱｲﾂﾞｺｲﾝｳﾝｴｲｷﾖｸ", 40), ("1127", 4), ("0126", 4)]);
    let expected = [
        head + &spaced(&bank) + &spaced(&[("17654321", 8), ("", 17)]),
        "20017".to_owned()
            + &spaced(&bank)
            + &spaced(&[("0000", 4), ("10000042", 8)])
            + &spaced(&[("ﾐｿﾔ", 30), ("00000008500", 11), ("", 20), ("7", 2), ("", 7)]),
        "20017".to_owned()
            + &spaced(&bank)
            + &spaced(&[("0000", 4), ("20000042", 8)])
            + &spaced(&[
                ("ｶ)ｺ-ﾋ-ｶﾞ-ﾃﾞﾝ", 30),
                ("99999999990", 11),
                ("MB2026-11", 20),
                ("7Y", 2),
                ("", 7),
            ]),
        spaced(&[("8000002010000000849", 120)]),
        spaced(&[("9", 120)]),
    ];
    let lines: Vec<String> = written
        .bytes
        .split(|byte| *byte == b'\n')
        .map(|line| line.iter().map(|byte| shown(*byte)).collect::<String>())
        .collect();
    let expected: Vec<String> = expected.iter().map(|line| format!("{line}\r")).collect();
    assert_eq!(lines[..5], expected);
    assert_eq!((lines.len(), lines[5].as_str(), written.cuts), (6, "", vec![]));
}

fn shown(byte: u8) -> char {
    if byte.is_ascii() {
        char::from(byte)
    } else {
        char::from_u32(0xFF61 + u32::from(byte) - 0xA1).unwrap()
    }
}

#[test]
fn a_file_is_read_as_it_was_written_however_its_lines_end() {
    for end in LineEnd::ALL {
        let bytes = write(&order(), end).unwrap().bytes;
        assert_eq!(bytes.len(), 5 * (120 + end.bytes().len()));
        assert_eq!(read(&bytes), Ok(order()), "{end:?}");
    }
}

#[test]
fn a_long_name_is_cut_at_a_character_and_told_of() {
    let mut order = order();
    order.transfers[0].name = kana(&format!("{}ガデン", "ア".repeat(29)));
    order.transfers[1].to.bank_name = kana("アイヅワカマツシンヨウキンコ");
    order.client.name = kana(&"ア".repeat(41));
    let written = write(&order, LineEnd::None).unwrap();
    let cut = |transfer, field, whole: &Kana, written: &str| {
        let (whole, written) = (whole.clone(), kana(written));
        Cut { transfer, field, whole, written }
    };
    let expected = [
        cut(0, Field::Name, &order.client.name, &"ア".repeat(40)),
        // 30 bytes would leave カ of ガ.
        cut(1, Field::Name, &order.transfers[0].name, &"ア".repeat(29)),
    ];
    assert_eq!(written.cuts, expected);
    let mut as_cut = order.clone();
    as_cut.client.name = kana(&"ア".repeat(40));
    as_cut.transfers[0].name = kana(&"ア".repeat(29));
    assert_eq!(read(&written.bytes), Ok(as_cut));
    order.transfers[1].to.branch_name = kana(&"ア".repeat(16));
    let cuts = write(&order, LineEnd::None).unwrap().cuts;
    let branch = cut(2, Field::Branch, &order.transfers[1].to.branch_name, &"ア".repeat(15));
    assert_eq!(cuts.last(), Some(&branch));
}

#[test]
fn what_does_not_fit_is_refused_before_a_byte_is_written() {
    let with = |change: &dyn Fn(&mut TransferOrder)| {
        let mut order = order();
        change(&mut order);
        write(&order, LineEnd::CrLf)
    };
    for amount in [0, 10_000_000_000] {
        let refused = with(&|order| order.transfers[1].amount = Yen::new(amount));
        assert_eq!(refused, Err(WriteError::Amount { transfer: 2, amount }));
    }
    assert_eq!(with(&|order| order.transfers.clear()), Err(WriteError::Count { count: 0 }));
    let nobody = with(&|order| order.transfers[0].name = Kana::default());
    assert_eq!(nobody, Err(WriteError::NoName { transfer: 1 }));
    let nobody = with(&|order| order.client.name = Kana::default());
    assert_eq!(nobody, Err(WriteError::NoName { transfer: 0 }));
    let long = with(&|order| order.transfers[0].message = kana(&"A".repeat(21)));
    assert_eq!(long, Err(WriteError::Message { transfer: 1, bytes: 21 }));
    let savings = with(&|order| order.client.account.kind = AccountKind::Savings);
    assert_eq!(savings, Err(WriteError::PayingAccount));
    let much = with(&|order| order.transfers = vec![order.transfers[1].clone(); 101]);
    assert_eq!(much, Err(WriteError::Total));
    assert!(with(&|order| order.transfers = vec![order.transfers[1].clone(); 100]).is_ok());
    assert_eq!((Number::<4>::new(9_999).is_some(), Number::<4>::new(10_000)), (true, None));
    assert_eq!((MonthDay::new(2, 29).is_some(), MonthDay::new(2, 30)), (true, None));
}

#[test]
fn a_file_with_anything_wrong_is_refused_with_its_place() {
    let bytes = write(&order(), LineEnd::None).unwrap().bytes;
    let with = |record: usize, byte: usize, text: &str| {
        let mut bytes = bytes.clone();
        let at = (record - 1) * 120 + byte - 1;
        bytes[at..at + text.len()].copy_from_slice(text.as_bytes());
        read(&bytes).unwrap_err()
    };
    let field = |record, byte| ReadError::Field { record, byte };
    let totals = |count, total| ReadError::Totals { count, total };
    let total = 10_000_000_849;
    for (found, expected) in [
        (with(1, 1, "2"), ReadError::Kind { record: 1 }),
        (with(1, 2, "11"), field(1, 2)),
        (with(1, 4, "1"), field(1, 4)),
        (with(1, 5, "x"), field(1, 5)),
        (with(1, 15, &" ".repeat(40)), field(1, 15)),
        (with(1, 55, "1301"), field(1, 55)),
        (with(1, 96, "4"), field(1, 96)),
        (with(1, 104, "x"), field(1, 104)),
        (with(2, 1, "8"), ReadError::Kind { record: 2 }),
        (with(2, 6, "a"), field(2, 6)),
        (with(2, 39, "0001"), field(2, 39)),
        (with(2, 43, "3"), field(2, 43)),
        (with(2, 51, ","), field(2, 51)),
        (with(2, 81, "0000000000"), field(2, 81)),
        (with(2, 81, " 000000850"), field(2, 81)),
        (with(2, 91, "1"), field(2, 91)),
        (with(2, 92, "X"), field(2, 113)),
        (with(3, 113, " "), field(3, 113)),
        (with(2, 120, "x"), field(2, 114)),
        (with(4, 2, "000003"), totals(3, total)),
        (with(4, 8, "000000000849"), totals(2, 849)),
        (with(5, 120, "x"), field(5, 2)),
        (with(5, 1, "8"), ReadError::Kind { record: 5 }),
    ] {
        assert_eq!(found, expected);
    }
    for bad in [&bytes[1..], &bytes[..599], &[], &[bytes.as_slice(), b"\n"].concat()] {
        assert_eq!(read(bad), Err(ReadError::Records));
    }
    let mut mixed = write(&order(), LineEnd::Lf).unwrap().bytes;
    mixed[120] = b' ';
    assert_eq!(read(&mixed), Err(ReadError::Records));
}

fn any_kana(most: usize) -> impl Strategy<Value = Kana> {
    let letters = proptest::collection::vec("[アイヌワンガパ0-9A-Z()./-]", 1..most);
    letters.prop_map(move |all| kana(&all.concat()).cut(most))
}

fn any_transfer() -> impl Strategy<Value = Transfer> {
    let names = (any_kana(30), any_kana(15), any_kana(15), any_kana(20));
    let numbers = (0..10_000_u64, 0..1_000_u64, 0..10_000_000_u64, 1..10_000_000_000_u64);
    (names, numbers, 0_usize..4).prop_map(|((name, bank_name, branch_name, message), of, kind)| {
        let (bank, branch, number, amount) = of;
        let to = BankAccount {
            bank: Number::new(bank).unwrap(),
            bank_name,
            branch: Number::new(branch).unwrap(),
            branch_name,
            kind: AccountKind::ALL[kind].0,
            number: Number::new(number).unwrap(),
        };
        Transfer { to, name, amount: Yen::new(amount), message }
    })
}

proptest! {
    #[test]
    fn every_order_is_read_back(
        transfers in proptest::collection::vec(any_transfer(), 1..20),
        end in 0_usize..3,
    ) {
        let order = TransferOrder { transfers, ..order() };
        let written = write(&order, LineEnd::ALL[end]).unwrap();
        prop_assert_eq!(written.cuts, vec![]);
        prop_assert_eq!(read(&written.bytes), Ok(order));
    }

    #[test]
    fn what_is_read_is_written_the_same(at in 0_usize..600, to in any::<u8>()) {
        let mut bytes = write(&order(), LineEnd::None).unwrap().bytes;
        bytes[at] = to;
        if let Ok(order) = read(&bytes) {
            prop_assert_eq!(write(&order, LineEnd::None).unwrap().bytes, bytes);
        }
    }

    #[test]
    fn no_bytes_bring_the_reader_down(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
        prop_assert!(read(&bytes).is_err());
    }
}
