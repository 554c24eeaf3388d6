//! A shop's terminals, what they ask, and who pays it.

use ledger_types::operation::{Pay, RegisterTerminal};
use ledger_types::zone::{Exception, RequestNonce, RequestTerms, TerminalRights};
use ledger_types::{AccountId, Hash, Operation, ProgrammeId, SigningKey, Timestamp, Yen, ZoneId};
use network_clock::Clock;
use node_api::{Time, path};
use serde_json::{Value, json};
use shop_documents::emv::{Additional, Asked, Category, Latin};
use shop_documents::invoice::{Issuer, Line, Prices, Rounding, Sale, TaxKind};
use shop_documents::{Invoice, MerchantCode, PaymentRequest, ShopPlace, ShopYen, SignedRequest};

use crate::node::{Answer, Node, account, other_address, prefix};
use crate::run::Home;
use crate::vouchers::programme;

pub(crate) const ZONE: ZoneId = ZoneId::new(1);

/// Arguments with what every command of these tests needs.
pub(crate) fn at<'a>(node: &'a Node, arguments: &[&'a str]) -> Vec<&'a str> {
    [arguments, &["--yes", "--timeout", "1", "--node", &node.url]].concat()
}

fn yen(amount: u64) -> ShopYen {
    ShopYen::new(Yen::new(amount)).unwrap()
}

pub(crate) fn own_address() -> String {
    account().to_address(&prefix())
}

pub(crate) fn now() -> u64 {
    Clock::real().now().as_millis()
}

/// The key of the other shop's terminal 3.
fn till() -> SigningKey {
    SigningKey::from_seed(&[3; 32])
}

/// The node knows a terminal of a shop by this key.
fn knows(node: &Node, shop: &str, terminal: u16, key: &SigningKey, asks: bool) {
    let body = json!({ "terminal": terminal, "key": key.public_key(), "asks": asks });
    node.tells(path::terminal(ZONE, shop, terminal).as_str(), body);
}

/// What the other shop's terminal 3 asks: 850 yen.
fn asked(seconds: u16, takes_cash: bool) -> RequestTerms {
    RequestTerms {
        terminal: 3,
        nonce: RequestNonce::new([7; 16]),
        eligible: yen(500),
        exceptions: vec![Exception { category: 2, eligible: yen(300) }],
        takes_cash,
        tax_lines: Hash::ZERO,
        fee_schedule: 1,
        made: Timestamp::from_millis(now()),
        seconds,
    }
}

fn code(node: &Node, terms: RequestTerms, key: &SigningKey) -> (String, PaymentRequest) {
    let (network, shop) = (node.genesis.network(), AccountId::new([8; 20]));
    let place = ShopPlace { network, zone: ZONE, shop };
    let request = PaymentRequest { place, amount: yen(850), terms };
    let signed = SignedRequest::sign(request.clone(), &node.genesis, key).unwrap();
    let code = MerchantCode {
        asked: Asked::Dynamic(Box::new(signed)),
        category: Category::default(),
        name: Latin::new("MISOYA").unwrap(),
        city: Latin::new("AIZUWAKAMATSU").unwrap(),
        japanese: None,
        additional: Additional::default(),
    };
    (code.encode().unwrap(), request)
}

/// The other shop has its terminal, and is paid with these exclusions of the programme's.
fn shop() -> (Node, Home) {
    let node = Node::start(Answer::Committed);
    knows(&node, &other_address(), 3, &till(), true);
    let home = node.home();
    (node, home)
}

pub(crate) fn last(node: &Node) -> Operation {
    node.submitted().last().unwrap().unsigned.operations[0].clone()
}

fn last_pay(node: &Node) -> Pay {
    last(node).as_pay().unwrap().clone()
}

pub(crate) fn ids(node: &Node) -> Vec<String> {
    node.submitted().iter().map(|one| one.id(&node.genesis).to_string()).collect()
}

fn registered(operation: &Operation) -> &RegisterTerminal {
    let Operation::RegisterTerminal(one) = operation else { panic!("{operation:?}") };
    one
}

/// Terminal 2 of the wallet's own shop, registered, and known to the node.
pub(crate) fn own_terminal(node: &Node, home: &Home, rights: &str) -> RegisterTerminal {
    home.ok(&at(node, &["merchant", "terminal", "add", "2", "--zone", "1", "--rights", rights]));
    let one = registered(&last(node)).clone();
    let body = json!({ "terminal": 2, "key": one.key, "asks": true });
    node.tells(path::terminal(ZONE, &own_address(), 2).as_str(), body);
    one
}

#[test]
fn a_terminals_key_is_kept_before_it_is_registered_and_stays_the_same() {
    let node = Node::start(Answer::Silence);
    let home = node.home();
    let add = [
        "merchant",
        "terminal",
        "add",
        "2",
        "--zone",
        "1",
        "--rights",
        "request,refund",
        "--per-refund",
        "5000",
        "--per-day",
        "20,000円",
    ];
    assert_eq!(home.run(&at(&node, &add)).code, 9);
    node.answer(Answer::Committed);
    home.ok(&at(&node, &add));
    let sent = ids(&node);
    assert_eq!(sent[0], sent[1], "the same signed bytes");
    let one = registered(&last(&node)).clone();
    assert_eq!(one.rights, TerminalRights::REQUEST.with(TerminalRights::REFUND));
    let caps = (Some(Yen::new(5000)), Some(Yen::new(20_000)));
    assert_eq!((one.terminal, (one.per_refund, one.per_day)), (2, caps));
    let terminal = |number: u16, key: Value, ended: bool| {
        json!({ "terminal": number, "key": key, "rights": ["request", "refund"],
                "per_refund": "5000", "refunded_today": "300", "ended": ended })
    };
    let terminals =
        [terminal(2, json!(one.key), false), terminal(4, json!(till().public_key()), true)];
    let at_path = path::terminals(ZONE, &own_address());
    node.tells(at_path.as_str(), json!({ "terminals": terminals }));
    let ls = ["merchant", "terminal", "ls", "--zone", "1"];
    let shown = home.ok(&at(&node, &[&ls[..], &["--lang", "ja"]].concat())).stdout;
    for part in ["請求, 返金", "5,000円", "300円", "このウォレット", "ほかの機械", "終わり"]
    {
        assert!(shown.contains(part), "{part}: {shown}");
    }
    let (_, envelope) = home.json(&at(&node, &ls));
    let here = envelope["data"]["terminals"].as_array().unwrap();
    let here: Vec<&Value> = here.iter().map(|one| &one["is_key_here"]).collect();
    assert_eq!(here, [&json!(true), &json!(false)]);
    home.ok(&at(&node, &["merchant", "terminal", "end", "2", "--zone", "1"]));
    assert!(matches!(last(&node), Operation::EndTerminal(end) if end.terminal == 2));
    let none = ["merchant", "terminal", "add", "2", "--zone", "1", "--rights", ""];
    assert_eq!(home.run(&at(&node, &none)).code, 2);
}

#[test]
fn a_request_is_signed_by_the_terminals_key_alone_and_its_code_is_paid_by() {
    let node = Node::start(Answer::Committed);
    let home = node.home();
    let request = ["merchant", "request", "850", "--terminal", "2", "--zone", "1"];
    let (exit, refused) = home.json(&at(&node, &request));
    assert_eq!(exit, 5, "{refused}");
    let one = own_terminal(&node, &home, "request");
    let more = ["--eligible", "500", "--except", "2=0", "--takes-cash", "--seconds", "60"];
    let (exit, envelope) = home.json(&at(&node, &[&request[..], &more].concat()));
    assert_eq!(exit, 0, "{envelope}");
    let data = &envelope["data"];
    let read = MerchantCode::decode(data["code"].as_str().unwrap()).unwrap();
    let Asked::Dynamic(signed) = read.asked else { panic!() };
    signed.verify(&node.genesis, &one.key).unwrap();
    let terms = &signed.request().terms;
    assert_eq!((terms.fee_schedule, terms.terminal, terms.takes_cash), (1, 2, true));
    assert_eq!((terms.eligible_of(1), terms.eligible_of(2)), (Yen::new(500), Yen::ZERO));
    assert_eq!(data["payment"], json!(signed.request().id()));
    let expires = Time::from(terms.expires());
    assert_eq!((&data["expires"], &data["amount"]), (&json!(expires), &json!("850")));
    let drawn = home.ok(&at(&node, &request)).stdout;
    assert!(drawn.contains('▀') && drawn.contains("850円, at terminal 2"), "{drawn}");
    // Nobody pays it, and the terminal's own key takes it back.
    let code = data["code"].as_str().unwrap();
    home.ok(&at(&node, &["merchant", "cancel", code, "--terminal", "2"]));
    let sent = node.submitted();
    let cancelled = sent.last().unwrap();
    let Operation::CancelRequest(cancel) = &cancelled.unsigned.operations[0] else { panic!() };
    assert_eq!((cancel.nonce, cancel.made), (terms.nonce, terms.made));
    let keys: Vec<_> = cancelled.authorisations.iter().map(|one| one.key).collect();
    assert_eq!((keys, cancelled.unsigned.account), (vec![one.key], account()));
    for (more, code) in [
        (vec!["--eligible", "851"], "request-unusable"),
        (vec!["--except", "2=900"], "request-unusable"),
        (vec!["--except", "2=1", "--except", "2=2"], "request-unusable"),
        (vec!["--except", "x=1"], "bad-exception"),
        (vec!["--receipt", "none.json"], "file"),
    ] {
        let (exit, refused) = home.json(&at(&node, &[&request[..], &more].concat()));
        let error = &refused["errors"][0]["code"];
        assert!(exit != 0 && *error == json!(code), "{more:?}: {refused}");
    }
}

#[test]
fn a_receipt_is_in_the_request_by_a_salted_hash_and_its_salt_is_kept_beside() {
    let node = Node::start(Answer::Committed);
    let home = node.home();
    own_terminal(&node, &home, "request");
    let line = Line {
        name: "みそ".to_owned(),
        quantity: 2,
        unit_price: Yen::new(425),
        tax: TaxKind::Reduced,
    };
    let sale = Sale {
        number: "17".to_owned(),
        issuer: Issuer { name: "みそ屋".to_owned(), number: "T7000012050002".parse().unwrap() },
        date: "2026-11-22".parse().unwrap(),
        from: None,
        recipient: None,
        prices: Prices::Included,
        rounding: Rounding::Floor,
        lines: vec![line],
        discounts: Vec::new(),
    };
    let invoice = Invoice::new(sale).unwrap();
    std::fs::write(home.path("receipt.json"), invoice.to_json().unwrap()).unwrap();
    let request = |amount: &str| {
        let request = ["merchant", "request", amount, "--terminal", "2", "--zone", "1"];
        home.json(&at(&node, &[&request[..], &["--receipt", "receipt.json"]].concat()))
    };
    let (exit, refused) = request("851");
    assert_eq!((exit, &refused["errors"][0]["code"]), (2, &json!("receipt-other-amount")));
    let (exit, envelope) = request("850");
    assert_eq!(exit, 0, "{envelope}");
    let opening = std::fs::read(home.path("receipt.opening.json")).unwrap();
    let opening: Value = serde_json::from_slice(&opening).unwrap();
    let salt: Hash = serde_json::from_value(opening["salt"].clone()).unwrap();
    let tax_lines = json!(invoice.commitment(salt.as_bytes()).unwrap());
    assert_eq!(envelope["data"]["tax_lines"], tax_lines);
    assert_eq!(
        (&opening["tax_lines"], &opening["payment"]),
        (&tax_lines, &envelope["data"]["payment"])
    );
    // What opens an earlier request is never written over.
    assert_ne!(request("850").0, 0);
}

#[test]
fn a_till_with_the_terminals_key_alone_asks_to_be_paid() {
    let node = Node::start(Answer::Committed);
    let home = node.home();
    let one = own_terminal(&node, &home, "request");
    let export = ["merchant", "terminal", "export", "2", "--zone", "1", "--file", "till.json"];
    home.ok(&at(&node, &export));
    // A file that is there is never written over.
    assert_ne!(home.run(&at(&node, &export)).code, 0);
    let file = std::fs::read_to_string(home.path("till.json")).unwrap();
    let till = Home::new();
    std::fs::write(till.path("till.json"), file).unwrap();
    till.ok(&["merchant", "terminal", "import", "till.json"]);
    let request = ["merchant", "request", "850", "--terminal", "2", "--zone", "1"];
    let (exit, envelope) = till.json(&at(&node, &request));
    assert_eq!(exit, 0, "{envelope}");
    let read = MerchantCode::decode(envelope["data"]["code"].as_str().unwrap()).unwrap();
    let Asked::Dynamic(signed) = read.asked else { panic!() };
    signed.verify(&node.genesis, &one.key).unwrap();
    assert_eq!(signed.request().place.shop, account());
    std::fs::write(till.path("password"), "another one entirely\n").unwrap();
    let import = ["merchant", "terminal", "import", "till.json"];
    assert_eq!(till.run(&import).code, 4);
}

#[test]
fn a_key_that_is_elsewhere_or_a_terminal_that_may_not_ask_signs_nothing() {
    let node = Node::start(Answer::Committed);
    let home = node.home();
    own_terminal(&node, &home, "refund");
    let request = ["merchant", "request", "850", "--terminal", "2", "--zone", "1"];
    let own = own_address();
    knows(&node, &own, 2, &till(), true);
    let (exit, refused) = home.json(&at(&node, &request));
    assert_eq!((exit, &refused["errors"][0]["code"]), (5, &json!("terminal-key-elsewhere")));
    let one = registered(&last(&node)).key;
    let body = json!({ "terminal": 2, "key": one, "asks": false });
    node.tells(path::terminal(ZONE, &own, 2).as_str(), body);
    let (exit, refused) = home.json(&at(&node, &request));
    assert_eq!((exit, &refused["errors"][0]["code"]), (6, &json!("terminal-asks-not")));
}

#[test]
fn a_code_in_a_picture_is_paid_by() {
    let (node, home) = shop();
    own_terminal(&node, &home, "request");
    let request = ["merchant", "request", "850", "--terminal", "2", "--zone", "1"];
    home.ok(&at(&node, &[&request[..], &["--png", "code.png"]].concat()));
    // Nobody pays itself, but the code in the picture is the terminal's.
    let (_, shown) = home.json(&at(&node, &["pay", "--qr", "code.png", "--dry-run"]));
    assert_eq!(shown["data"]["terminal"], 2, "{shown}");
    std::fs::write(home.path("other.png"), b"no picture").unwrap();
    let (exit, refused) = home.json(&at(&node, &["pay", "--qr", "other.png"]));
    assert_eq!((exit, &refused["errors"][0]["code"]), (2, &json!("picture-without-code")));
}

#[test]
fn a_request_is_answered_once_by_what_may_pay_it_and_the_rest_in_cash() {
    let (node, home) = shop();
    let lot = |kind: &str, remaining: &str| {
        json!({ "zone": 1, "programme": 7, "round": 1, "bucket": 1, "kind": kind,
                "from": "2026-11-01T00:00:00.000Z", "expires": "2099-01-31T15:00:00.000Z",
                "remaining": remaining })
    };
    node.says(&[("money.vouchers", json!([lot("free", "200"), lot("paid", "900")]))]);
    let mut terms = programme();
    terms["exclusions"] = json!(2);
    node.tells(path::programme(ProgrammeId::new(7)).as_str(), terms);
    let merchant = json!({ "account": other_address(), "class": "local" });
    node.tells(path::merchant(ZONE, &other_address()).as_str(), merchant);
    let (text, request) = code(&node, asked(600, true), &till());
    let paid = home.ok(&at(&node, &["pay", &text, "--cash", "250", "--lang", "ja"]));
    let number = request.id().to_string();
    for part in
        ["850円", "レジで払う現金: 250円", "この地域のコインから: 300円", &number[60..], "レジ: 3"]
    {
        assert!(paid.stderr.contains(part), "{part}: {}", paid.stderr);
    }
    let pay = last_pay(&node);
    let answered = pay.request.as_ref().unwrap();
    assert_eq!((pay.amount, answered.cash, pay.again), (Yen::new(600), Yen::new(250), false));
    assert_eq!(pay.payment_request(node.genesis.network()), Some(request));
    // Of the programme no more than is eligible for it, premium first.
    let lines: Vec<_> = pay.vouchers.iter().flatten().map(|line| line.amount.get()).collect();
    assert_eq!(lines, [200, 100]);
}

#[test]
fn a_request_that_is_not_the_shops_or_not_good_is_not_paid() {
    let (node, home) = shop();
    let refused = |text: &str, more: &[&str]| {
        let (exit, envelope) = home.json(&at(&node, &[&["pay", text][..], more].concat()));
        (exit, envelope["errors"][0]["code"].as_str().unwrap_or_default().to_owned())
    };
    let (good, _) = code(&node, asked(600, false), &till());
    let (forged, _) = code(&node, asked(600, false), &SigningKey::from_seed(&[4; 32]));
    let earlier = Timestamp::from_millis(now() - 601_000);
    let (old, _) = code(&node, RequestTerms { made: earlier, ..asked(600, false) }, &till());
    let later = Timestamp::from_millis(now() + 120_000);
    let (early, _) = code(&node, RequestTerms { made: later, ..asked(600, false) }, &till());
    let (other, _) = code(&node, RequestTerms { terminal: 9, ..asked(600, false) }, &till());
    for (text, more, expected) in [
        (&forged, &[][..], (10, "request-not-of-shop")),
        (&other, &[], (10, "request-not-of-shop")),
        (&old, &[], (6, "request-expired")),
        (&early, &[], (6, "request-expired")),
        (&good, &["--cash", "1"], (2, "no-cash")),
        (&good, &["--reference", "INV-17"], (2, "reference-beside-request")),
        (&good, &["851"], (2, "code-other-amount")),
    ] {
        let found = refused(text, more);
        assert_eq!((found.0, found.1.as_str()), expected);
    }
    let (cash, _) = code(&node, asked(600, true), &till());
    assert_eq!(refused(&cash, &["--cash", "850"]), (2, "all-cash".to_owned()));
    knows(&node, &other_address(), 3, &till(), false);
    assert_eq!(refused(&good, &[]), (6, "code-3091".to_owned()));
    assert_eq!(node.submitted(), vec![]);
}

#[test]
fn what_was_sent_for_a_request_answers_for_it_when_the_request_is_over_too() {
    let (node, home) = shop();
    let (text, _) = code(&node, asked(3, true), &till());
    node.answer(Answer::Silence);
    assert_eq!(home.run(&at(&node, &["pay", &text])).code, 9);
    std::thread::sleep(std::time::Duration::from_secs(3));
    node.answer(Answer::Committed);
    // However much of it would be cash now: a request is paid once.
    home.ok(&at(&node, &["pay", &text, "--cash", "100"]));
    let sent = ids(&node);
    assert_eq!((sent.len(), &sent[0]), (2, &sent[1]));
}

#[test]
fn the_same_amount_at_the_same_shop_is_paid_again_where_that_is_said() {
    let node = Node::start(Answer::Rejected(3100));
    let home = node.home();
    let to = other_address();
    let pay = ["pay", &to, "300", "--zone", "1"];
    let (exit, envelope) = home.json(&at(&node, &pay));
    let error = &envelope["errors"][0];
    assert_eq!((exit, &error["code"]), (6, &json!("code-3100")), "{envelope}");
    assert!(error["message"].as_str().unwrap().contains("--again"), "{error}");
    assert!(!last_pay(&node).again);
    node.answer(Answer::Committed);
    home.ok(&at(&node, &[&pay[..], &["--again"]].concat()));
    assert!(last_pay(&node).again);
}
