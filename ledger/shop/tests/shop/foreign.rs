//! Documents read by programs that are not ours, and tampered copies that each must refuse.
//!
//! Codes: PyPI's cemacqr (0.1.2, Apache-2.0) and npm's steplix-emvqr (0.2.3, MIT), where they are
//! installed (`scripts/foreign.sh` installs and demands them). Tables: Python's csv and cp932.
//! Neither PyPI nor npm has a reader of 総合振込, so that Python reads it, requests and receipts in
//! `tests/verify/shop_documents.py`, which was written from FORMAT.md and shares no code with us.

use std::path::{Path, PathBuf};
use std::process::Command;

use ledger_types::{AccountId, Timestamp, Yen, ZoneId};
use serde_json::{Value, json};
use shop_documents::destination::{Destination, TAG_PAYOUT_ACCOUNT};
use shop_documents::emv::{Additional, Asked, Category, Japanese, Latin, Wide};
use shop_documents::invoice::{BorneBy, Issuer, Prices, Rounding, Sale, TaxKind};
use shop_documents::kana::narrow;
use shop_documents::request::{Exception, RequestNonce, RequestTerms};
use shop_documents::takings::{Encoding, Payment, Status};
use shop_documents::zengin::{
    AccountKind, BankAccount, Client, LineEnd, MonthDay, Number, Transfer,
};
use shop_documents::{
    Date, Invoice, MerchantCode, PaymentRequest, ReturnInvoice, ShopPlace, SignedRequest,
    TransferOrder, takings, zengin,
};

use crate::{discount, genesis, line, terminal, yen};

/// The static code, and one of a request.
fn codes() -> [String; 2] {
    let (network, shop) = (genesis().network(), AccountId::new([0x42; 20]));
    let place = ShopPlace { network, zone: ZoneId::new(1), shop };
    let exceptions = vec![
        Exception { category: 1, eligible: yen(0) },
        Exception { category: 4, eligible: yen(1_270) },
    ];
    let request = PaymentRequest {
        place,
        amount: yen(1_850),
        terms: RequestTerms {
            terminal: 3,
            nonce: RequestNonce::new([0xA5; 16]),
            eligible: yen(1_500),
            exceptions,
            takes_cash: true,
            tax_lines: sold().commitment(&[9; 32]).unwrap(),
            fee_schedule: 4,
            made: Timestamp::from_millis(1_795_359_600_000),
            seconds: 300,
        },
    };
    let signed = SignedRequest::sign(request, &genesis(), &terminal()).unwrap();
    [Asked::Static { place, amount: None }, Asked::Dynamic(Box::new(signed))].map(|asked| {
        let japanese = Japanese { name: Wide::new("満田屋").unwrap(), city: None };
        let code = MerchantCode {
            asked,
            category: Category::new(5812).unwrap(),
            name: Latin::new("MITSUTAYA").unwrap(),
            city: Latin::new("AIZUWAKAMATSU").unwrap(),
            japanese: Some(japanese),
            additional: Additional { terminal: Latin::new("3"), ..Additional::default() },
        };
        code.encode().unwrap()
    })
}

fn order() -> TransferOrder {
    let account = |bank, number| BankAccount {
        bank: Number::new(bank).unwrap(),
        bank_name: narrow("アイヅギンコウ").unwrap(),
        branch: Number::new(1).unwrap(),
        branch_name: narrow("ホンテン").unwrap(),
        kind: AccountKind::Ordinary,
        number: Number::new(number).unwrap(),
    };
    let transfer = |name, amount, message| Transfer {
        to: account(17, 42),
        name: narrow(name).unwrap(),
        amount: Yen::new(amount),
        message: narrow(message).unwrap(),
    };
    TransferOrder {
        client: Client {
            code: Number::new(1_234_567_890).unwrap(),
            name: narrow("アイヅコインウンエイキヨク").unwrap(),
            account: account(126, 7_654_321),
        },
        day: MonthDay::new(11, 27).unwrap(),
        transfers: vec![
            transfer("カ）コーヒーガーデン", 98_765, "MB2026-11"),
            transfer("みつたや", 9_999_999_999, ""),
        ],
    }
}

fn payments() -> Vec<Payment> {
    let payment = |name: &str, detail: &str, status| Payment {
        number: "3f9a".into(),
        merchant: "aizu1q".into(),
        merchant_name: name.into(),
        store: "1".into(),
        store_name: "本店".into(),
        terminal: "7".into(),
        status,
        at: Timestamp::from_millis(1_795_359_600_000),
        amount: Yen::new(1_200),
        receipt: "-0001".into(),
        method: "会津コイン".into(),
        detail: detail.into(),
        final_at: Some(Timestamp::from_millis(1_795_446_000_000)),
        reference: "=1+1".into(),
    };
    vec![
        payment("みそ屋", "商品券 \"A\", コイン", Status::Paid),
        payment("髙﨑～①", "一行\n二行", Status::PartlyRefunded),
        payment("'引用", "", Status::Voided),
    ]
}

fn sold() -> Invoice {
    let sale = Sale {
        number: "0001".into(),
        issuer: Issuer { name: "みそ屋".into(), number: "T7000012050002".parse().unwrap() },
        date: Date::new(2026, 11, 22).unwrap(),
        from: None,
        recipient: None,
        prices: Prices::Excluded,
        rounding: Rounding::Nearest,
        lines: vec![
            line("みそ田楽", 3, 333, TaxKind::Reduced),
            line("地酒", 1, 1_005, TaxKind::Standard),
            line("はがき", 1, 85, TaxKind::Exempt),
        ],
        discounts: vec![
            discount("割引", 100, BorneBy::Shop),
            discount("市のクーポン", 500, BorneBy::Other),
        ],
    };
    Invoice::new(sale).unwrap()
}

/// What a program says of a file: what it read as JSON, or that it refuses it.
fn said(command: &mut Command) -> Result<Value, String> {
    let output = command.output().unwrap();
    if output.status.success() {
        return Ok(serde_json::from_slice(&output.stdout).unwrap());
    }
    Err(String::from_utf8_lossy(&output.stderr).into_owned())
}

fn tests() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests")
}

/// The verifier in Python.
fn verified(kind: &str, file: &Path, more: &[&str]) -> Result<Value, String> {
    let script = tests().join("verify/shop_documents.py");
    said(Command::new("python3").arg(script).arg(kind).arg(file).args(more))
}

fn file(folder: &Path, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
    let path = folder.join(name);
    std::fs::write(&path, bytes).unwrap();
    path
}

type Reader = Box<dyn Fn(&Path) -> Result<Value, String>>;

/// Readers of codes that were made elsewhere; `KYOJO_FOREIGN=all` demands each.
fn readers() -> Vec<Reader> {
    let python = std::env::var_os("KYOJO_FOREIGN_PYTHON").unwrap_or_else(|| "python3".into());
    let node = std::env::var_os("KYOJO_FOREIGN_NODE").unwrap_or_else(|| "/nonexistent".into());
    let has_python =
        Command::new(&python).args(["-c", "import cemacqr"]).output().unwrap().status.success();
    let has_node = Path::new(&node).join("node_modules/steplix-emvqr").is_dir();
    let mut readers: Vec<Reader> = Vec::new();
    if has_python {
        readers.push(Box::new(move |file| {
            said(Command::new(&python).arg(tests().join("foreign/shop.py")).arg(file))
        }));
    }
    if has_node {
        readers.push(Box::new(move |file| {
            said(Command::new("node").arg(tests().join("foreign/shop.js")).arg(&node).arg(file))
        }));
    }
    let is_demanded = std::env::var_os("KYOJO_FOREIGN").is_some_and(|value| value == "all");
    assert!(!is_demanded || readers.len() == 2, "cemacqr: {has_python}, steplix-emvqr: {has_node}");
    if readers.len() < 2 {
        eprintln!("left out: cemacqr or steplix-emvqr (scripts/foreign.sh installs them)");
    }
    readers
}

#[test]
fn readers_made_elsewhere_read_codes_and_refuse_tampered_ones() {
    let folder = tempfile::tempdir().unwrap();
    let codes = codes();
    for reader in readers() {
        for code in &codes {
            let read = reader(&file(folder.path(), "code.txt", code)).unwrap();
            let expected = [
                ("/00", "01"),
                ("/26/00", "JP.KYOJO"),
                ("/52", "5812"),
                ("/53", "392"),
                ("/58", "JP"),
                ("/59", "MITSUTAYA"),
                ("/60", "AIZUWAKAMATSU"),
                ("/62/07", "3"),
            ];
            for (place, value) in expected {
                assert_eq!(read.pointer(place), Some(&json!(value)), "{place}: {read}");
            }
            // One of them leaves this template as it stands.
            let japanese = [json!({ "00": "ja", "01": "満田屋" }), json!("0002ja0103満田屋")];
            assert!(japanese.contains(&read["64"]), "{read}");
            let amount = read.get("54").and_then(Value::as_str);
            let is_dynamic = read["01"] == json!("12");
            assert_eq!(amount, is_dynamic.then_some("1850"), "{read}");
            assert_eq!(read.get("80").is_some(), is_dynamic, "{read}");
            for (from, to) in [("392", "840"), ("MITSUTAYA", "MITSUTAYO"), ("満田屋", "満田家")]
            {
                let changed = file(folder.path(), "changed.txt", code.replacen(from, to, 1));
                assert!(reader(&changed).is_err(), "{from}");
            }
        }
    }
}

#[test]
fn python_reads_codes_from_the_format_alone_and_verifies_their_requests() {
    let folder = tempfile::tempdir().unwrap();
    let [fixed, dynamic] = codes();
    let path = file(folder.path(), "static.txt", &fixed);
    let read = verified("code", &path, &[]).unwrap();
    let shop = "42".repeat(20);
    assert_eq!((&read["zone"], &read["shop"]), (&json!(1), &json!(shop)));
    assert_eq!((&read["amount"], &read["network"]), (&Value::Null, &json!("9e9e9e9e")));
    let (hash, key) = (genesis().to_string(), terminal().public_key().to_string());
    let keys = ["--genesis", &hash, "--key", key.strip_prefix("ed25519:").unwrap()];
    let path = file(folder.path(), "request.txt", &dynamic);
    let read = verified("code", &path, &keys).unwrap();
    let expected = json!({
        "terminal": 3, "nonce": "a5".repeat(16), "eligible": 1_500, "exceptions": [[1, 0], [4, 1_270]],
        "tax_lines": sold().commitment(&[9; 32]).unwrap(), "fee_schedule": 4,
        "made": 1_795_359_600_000_u64, "seconds": 300, "takes_cash": true,
    });
    assert_eq!(read["request"], expected);
    let wrong = ["--genesis", &hash, "--key", &"00".repeat(32)];
    assert!(verified("code", &path, &wrong).is_err());
}

#[test]
fn python_reads_files_of_transfers() {
    let folder = tempfile::tempdir().unwrap();
    let expected = json!({
        "client": { "code": "1234567890", "name": "ｱｲﾂﾞｺｲﾝｳﾝｴｲｷﾖｸ", "bank": "0126",
                    "branch": "001", "kind": "1", "number": "7654321" },
        "day": "1127",
        "transfers": [
            { "bank": "0017", "branch": "001", "kind": "1", "number": "0000042",
              "name": "ｶ)ｺ-ﾋ-ｶﾞ-ﾃﾞﾝ", "amount": 98_765, "message": "MB2026-11" },
            { "bank": "0017", "branch": "001", "kind": "1", "number": "0000042",
              "name": "ﾐﾂﾀﾔ", "amount": 9_999_999_999_u64, "message": "" },
        ],
    });
    for end in LineEnd::ALL {
        let bytes = zengin::write(&order(), end).unwrap().bytes;
        let path = file(folder.path(), "transfers", &bytes);
        assert_eq!(verified("transfers", &path, &[]).as_ref(), Ok(&expected));
        let mut changed = bytes;
        // The first transfer's last digit.
        changed[120 + end.bytes().len() + 89] ^= 1;
        assert!(verified("transfers", &file(folder.path(), "changed", changed), &[]).is_err());
    }
}

#[test]
fn python_opens_payout_accounts() {
    let folder = tempfile::tempdir().unwrap();
    let numbers = ("0126", "001", "0001234");
    let to = Destination::new(numbers, AccountKind::Ordinary, "（カ）アイヅベーカリー").unwrap();
    let document = to.to_json().unwrap();
    let salt = [7; 32];
    let commitment = ledger_types::Hash::of(&[TAG_PAYOUT_ACCOUNT, &salt, &document]);
    let destination: Value = serde_json::from_slice(&document).unwrap();
    let salt = "07".repeat(32);
    let given = json!({ "account": "aizu1q", "destination": destination, "salt": salt,
                        "commitment": commitment });
    let text = given.to_string();
    let read = verified("payout-account", &file(folder.path(), "to.json", &text), &[]).unwrap();
    assert_eq!(read, destination);
    for (from, by) in [
        ("\"0001234\"", "\"0001235\""),
        ("\"0126\"", "\"126\""),
        ("07", "08"),
        ("account/1", "account/2"),
        ("ﾍﾞ-", "ベー"),
    ] {
        let changed = text.replacen(from, by, 1);
        assert_ne!(changed, text, "{from}");
        let path = file(folder.path(), "changed.json", &changed);
        assert!(verified("payout-account", &path, &[]).is_err(), "{from}");
    }
}

#[test]
fn pythons_csv_and_cp932_read_the_table() {
    let folder = tempfile::tempdir().unwrap();
    let row = |payment: &Payment| {
        json!([
            payment.number,
            payment.merchant,
            payment.merchant_name,
            payment.store,
            payment.store_name,
            payment.terminal,
            payment.status.text(),
            "2026/11/23 00:00:00",
            "1200",
            payment.receipt,
            payment.method,
            payment.detail,
            "2026/11/24 00:00:00",
            payment.reference
        ])
    };
    let expected = json!({
        "columns": takings::COLUMNS,
        "rows": payments().iter().map(row).collect::<Vec<_>>(),
    });
    for encoding in [Encoding::Windows31J, Encoding::Utf8] {
        let bytes = takings::write(&payments(), encoding).unwrap();
        let path = file(folder.path(), "takings.csv", bytes);
        assert_eq!(verified("takings", &path, &[]).as_ref(), Ok(&expected), "{encoding:?}");
    }
}

#[test]
fn python_counts_receipts_and_returns_again() {
    let folder = tempfile::tempdir().unwrap();
    let invoice = sold();
    let bytes = invoice.to_json().unwrap();
    let path = file(folder.path(), "invoice.json", &bytes);
    assert_eq!(
        verified("invoice", &path, &[]).unwrap(),
        serde_json::from_slice::<Value>(&bytes).unwrap()
    );
    let text = String::from_utf8(bytes).unwrap();
    for (from, to) in [("\"quantity\":3", "\"quantity\":2"), ("050002", "050003")] {
        let changed = file(folder.path(), "changed.json", text.replacen(from, to, 1));
        assert!(verified("invoice", &changed, &[]).is_err(), "{from}");
    }
    let [first, last] = [1, 30].map(|day| Date::new(2026, 11, day).unwrap());
    let sale = invoice.sale().clone();
    let recipient = Some("会津商店".to_owned());
    let month = Invoice::new(Sale { from: Some(first), date: last, recipient, ..sale }).unwrap();
    let text = String::from_utf8(month.to_json().unwrap()).unwrap();
    let of_month = file(folder.path(), "month.json", &text);
    let read = verified("invoice", &of_month, &[]).unwrap();
    assert_eq!((&read["sale"]["from"], &read["sale"]["date"]), (&json!(first), &json!(last)));
    for (from, to) in [("2026-11-01", "2026-12-01"), ("2026-11-01", "2019-09-30")] {
        let changed = file(folder.path(), "changed.json", text.replacen(from, to, 1));
        assert!(verified("invoice", &changed, &[]).is_err(), "{to}");
    }
    let of = path.to_str().unwrap();
    let mut before: Vec<ReturnInvoice> = Vec::new();
    let mut files: Vec<String> = Vec::new();
    for (place, price) in [101, 7, 333].into_iter().enumerate() {
        let returned = vec![line("みそ田楽", 1, price, TaxKind::Reduced)];
        let (number, date) = (format!("R{place}"), Date::new(2026, 11, 25).unwrap());
        let back = ReturnInvoice::new(&invoice, &before, number, date, returned).unwrap();
        let bytes = back.to_json().unwrap();
        let path = file(folder.path(), &format!("return-{place}.json"), &bytes);
        let mut more = vec!["--of", of, "--after"];
        more.extend(files.iter().map(String::as_str));
        let read = verified("invoice", &path, &more).unwrap();
        assert_eq!(read, serde_json::from_slice::<Value>(&bytes).unwrap());
        before.push(back);
        files.push(path.to_str().unwrap().to_owned());
    }
}
