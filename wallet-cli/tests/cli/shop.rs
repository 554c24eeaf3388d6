//! The code that a shop shows, and paying by it.

use ledger_types::zone::{RequestNonce, RequestTerms};
use ledger_types::{AccountId, Hash, Operation, SigningKey, Timestamp, Yen, ZoneId};
use node_api::path;
use public_names::{Directory, Entry, Name, Named, SignedDirectory};
use serde_json::json;
use shop_documents::emv::{Additional, Asked, Category, Japanese, Latin, Wide};
use shop_documents::{MerchantCode, PaymentRequest, ShopPlace, ShopYen, SignedRequest};

use crate::node::{Answer, Node, address_of, zone};
use crate::run::Home;

fn yen(amount: u64) -> ShopYen {
    ShopYen::new(Yen::new(amount)).unwrap()
}

/// A node whose account 7 is a merchant, with names for it and for account 8.
fn town() -> (Node, Home) {
    let node = Node::start(Answer::Committed);
    let entry = |name: &str, account: u8| Entry {
        name: Name::new(name).unwrap(),
        reading: None,
        of: Named::Shop { account: AccountId::new([account; 20]), zones: vec![ZoneId::new(1)] },
        area: Some(Name::new("会津若松市").unwrap()),
        web: None,
    };
    let directory = Directory {
        network: node.genesis,
        serial: 1,
        issued: Timestamp::from_millis(3_990_000_000_000),
        expires: Timestamp::from_millis(4_000_000_000_000),
        entries: vec![entry("はなこ食堂", 7), entry("みそ屋", 8)],
    };
    let key = SigningKey::from_seed(&[1; 32]);
    node.directory(&SignedDirectory::sign(directory, &key).unwrap(), key.public_key());
    let merchants = [7, 8].map(|byte| json!({ "account": address_of(byte), "class": "local" }));
    node.tells(
        path::merchants(ZoneId::new(1)).as_str(),
        json!({ "merchants": merchants, "next": null }),
    );
    let home = node.home();
    (node, home)
}

fn at<'a>(node: &'a Node, arguments: &[&'a str]) -> Vec<&'a str> {
    [arguments, &["--yes", "--node", &node.url]].concat()
}

fn place(genesis: &Hash, zone: u16) -> ShopPlace {
    let shop = AccountId::new([8; 20]);
    ShopPlace { network: genesis.network(), zone: ZoneId::new(zone), shop }
}

fn code(asked: Asked) -> String {
    let japanese = Japanese { name: Wide::new("みそ屋").unwrap(), city: None };
    let code = MerchantCode {
        asked,
        category: Category::default(),
        name: Latin::new("MISOYA").unwrap(),
        city: Latin::new("AIZUWAKAMATSU").unwrap(),
        japanese: Some(japanese),
        additional: Additional::default(),
    };
    code.encode().unwrap()
}

/// The code on the counter of account 8.
fn fixed(node: &Node, amount: Option<u64>) -> String {
    code(Asked::Static { place: place(&node.genesis, 1), amount: amount.map(yen) })
}

#[test]
fn a_shop_shows_the_code_of_its_own_account() {
    let (node, home) = town();
    let (exit, shown) = home.json(&at(&node, &["merchant", "qr", "--amount", "500円"]));
    assert_eq!(exit, 0, "{shown}");
    let text = shown["data"]["code"].as_str().unwrap();
    let read = MerchantCode::decode(text).unwrap();
    let shop = AccountId::new([7; 20]);
    let place = ShopPlace { shop, ..place(&node.genesis, 1) };
    assert_eq!(read.asked, Asked::Static { place, amount: Some(yen(500)) });
    assert_eq!(read.japanese.unwrap().name.as_str(), "はなこ食堂");
    assert_eq!((&shown["data"]["zone"], &shown["data"]["amount"]), (&json!(1), &json!("500")));
    let plain = home.ok(&at(&node, &["merchant", "qr", "--text", "--latin", "HANAKO"]));
    let read = MerchantCode::decode(plain.stdout.trim_end()).unwrap();
    assert_eq!((read.name.as_str(), read.asked.amount()), ("HANAKO", None));
    let drawn = home.ok(&at(&node, &["merchant", "qr"]));
    assert!(drawn.stdout.contains('▀') && drawn.stdout.contains("会津コイン (zone 1)"));
    assert!(drawn.stdout.lines().all(|line| line.chars().count() <= 200));
    let print = at(&node, &["merchant", "qr", "--png", "code.png"]);
    home.ok(&print);
    assert!(std::fs::read(home.path("code.png")).unwrap().starts_with(b"\x89PNG\r\n\x1a\n"));
    // A file that is there is never written over.
    assert_ne!(home.run(&print).code, 0);
    assert_eq!(node.submitted(), vec![]);
}

#[test]
fn an_account_that_takes_no_payments_shows_no_code() {
    let (node, home) = town();
    node.tells(path::merchants(ZoneId::new(1)).as_str(), json!({ "merchants": [], "next": null }));
    let (exit, refused) = home.json(&at(&node, &["merchant", "qr"]));
    assert_eq!((exit, &refused["errors"][0]["code"]), (6, &json!("not-merchant")));
    let (exit, refused) = home.json(&at(&node, &["merchant", "qr", "--latin", "みそ屋"]));
    assert_eq!((exit, &refused["errors"][0]["code"]), (6, &json!("not-merchant")));
}

#[test]
fn where_merchants_are_not_published_a_code_is_shown_unchecked_and_says_so() {
    let (node, home) = town();
    let mut zone = zone(&address_of(7));
    zone["publishes"] = json!([]);
    node.tells(path::zone(ZoneId::new(1)).as_str(), zone);
    node.tells(path::merchants(ZoneId::new(1)).as_str(), json!({ "merchants": [], "next": null }));
    let (exit, shown) = home.json(&at(&node, &["merchant", "qr"]));
    assert_eq!((exit, &shown["data"]["is_merchant"]), (0, &json!(null)), "{shown}");
    for (lang, said) in [("en", "was not checked"), ("ja", "確かめて")] {
        let drawn = home.ok(&at(&node, &["merchant", "qr", "--text", "--lang", lang]));
        assert!(drawn.stderr.contains(said), "{}", drawn.stderr);
        assert!(MerchantCode::decode(drawn.stdout.trim_end()).is_ok());
    }
}

#[test]
fn pay_takes_a_code_and_says_shop_zone_and_amount_before() {
    let (node, home) = town();
    let text = fixed(&node, None);
    let paid = home.ok(&at(&node, &["pay", &text, "850"]));
    for shown in [
        "みそ屋 [public directory] (aizu1",
        "Name in the code: みそ屋",
        "会津コイン (zone 1)",
        "850円",
    ] {
        assert!(paid.stderr.contains(shown), "{shown}: {}", paid.stderr);
    }
    // The code says the amount, which may be said again and not changed.
    let text = fixed(&node, Some(500));
    home.ok(&at(&node, &["pay", &text]));
    let sent: Vec<_> = node.submitted().iter().map(|it| it.unsigned.operations.clone()).collect();
    let paid = sent.iter().map(|operations| {
        let [Operation::Pay(pay)] = operations.as_slice() else { panic!() };
        (pay.zone, pay.merchant, pay.amount.get())
    });
    let (zone, shop) = (ZoneId::new(1), AccountId::new([8; 20]));
    assert_eq!(paid.collect::<Vec<_>>(), [(zone, shop, 850), (zone, shop, 500)]);
}

#[test]
fn a_code_that_cannot_be_paid_by_pays_nothing() {
    let (node, home) = town();
    let (any, five) = (fixed(&node, None), fixed(&node, Some(500)));
    let elsewhere = code(Asked::Static { place: place(&Hash::new([1; 32]), 1), amount: None });
    let changed = any.replace("MISOYA", "MISOYO");
    let other = "00020101021229300012D156000000000510A93FO3230Q31280012D15600000001030812345678\
                 520441115802CN5914BEST TRANSPORT6007BEIJING64200002ZH0104最佳运输0202北京\
                 53031566304";
    let other = format!("{other}{:04X}", crc(other.as_bytes()));
    let of_terminal = code(Asked::Dynamic(Box::new(request(&node.genesis))));
    for (arguments, exit, name) in [
        (vec!["pay", &any], 2, "no-amount"),
        (vec!["pay", &five, "501"], 2, "code-other-amount"),
        (vec!["pay", &any, "500", "--zone", "2"], 2, "code-other-zone"),
        (vec!["pay", &changed, "500"], 2, "code-not-whole"),
        (vec!["pay", &any[..40], "500"], 2, "code-not-whole"),
        (vec!["pay", &other, "500"], 2, "code-not-ours"),
        (vec!["pay", &elsewhere, "500"], 3, "code-other-network"),
        (vec!["pay", &any, "500", "--cash", "100"], 2, "no-cash"),
        (vec!["pay", &of_terminal], 10, "request-not-of-shop"),
        (vec!["pay", "みそ屋"], 2, "no-amount"),
    ] {
        let (found, refused) = home.json(&at(&node, &arguments));
        let error = &refused["errors"][0];
        assert_eq!((found, &error["code"]), (exit, &json!(name)), "{arguments:?}: {error}");
        let said = home.run(&at(&node, &[arguments.as_slice(), &["--lang", "ja"]].concat()));
        assert_eq!(said.code, exit);
    }
    assert_eq!(node.submitted(), vec![]);
}

fn request(genesis: &Hash) -> SignedRequest {
    let terms = RequestTerms {
        terminal: 1,
        nonce: RequestNonce::new([7; 16]),
        eligible: yen(850),
        exceptions: Vec::new(),
        takes_cash: false,
        tax_lines: Hash::ZERO,
        fee_schedule: 1,
        made: Timestamp::from_millis(3_990_000_000_000),
        seconds: 600,
    };
    let request = PaymentRequest { place: place(genesis, 1), amount: yen(850), terms };
    SignedRequest::sign(request, genesis, &SigningKey::from_seed(&[2; 32])).unwrap()
}

fn crc(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0xFFFF, |crc, byte| {
        (0..8).fold(crc ^ (u32::from(*byte) << 8), |crc, _| {
            if crc & 0x8000 == 0 { crc << 1 } else { (crc << 1) ^ 0x1_1021 }
        })
    })
}
