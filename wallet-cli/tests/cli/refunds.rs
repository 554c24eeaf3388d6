//! What a shop gives back, and its payments by their numbers.

use ledger_types::event::{Paid, Refunded};
use ledger_types::operation::Refund;
use ledger_types::{AccountId, Event, Hash, Operation, ProgrammeId, Timestamp, Yen};
use node_api::{Time, path};
use serde_json::{Value, json};

use crate::node::{Answer, Node, account, address_of, prefix};
use crate::run::Home;
use crate::tills::{ZONE, at, ids, last, now, own_address, own_terminal};
use crate::vouchers::programme;

fn refunded(operation: &Operation) -> &Refund {
    let Operation::Refund(one) = operation else { panic!("{operation:?}") };
    one
}

/// A payment of 1,000 yen to the wallet's own shop: vouchers of which one ended, and coin.
fn payment(refunded: u64, voided: bool) -> Value {
    let lot = |kind: &str, amount: &str, expires: &str| {
        json!({ "programme": 7, "round": 1, "bucket": 1, "kind": kind, "amount": amount,
                "expires": expires })
    };
    json!({
        "payment": number(), "zone": 1, "merchant": own_address(), "terminal": 2,
        "time": Time::from(Timestamp::from_millis(now())), "amount": "1000", "coin": "500",
        "vouchers": [lot("free", "200", "2020-01-31T15:00:00.000Z"),
                     lot("paid", "300", "2099-01-31T15:00:00.000Z")],
        "fee": "20", "refunded": refunded.to_string(),
        "left": (1000 - refunded).to_string(), "voided": voided,
    })
}

fn number() -> Hash {
    Hash::new([0xab; 32])
}

/// The wallet's own shop with that payment.
fn sold(refunded: u64) -> (Node, Home) {
    let node = Node::start(Answer::Committed);
    node.tells(path::programme(ProgrammeId::new(7)).as_str(), programme());
    node.tells(path::payment(&number()).as_str(), payment(refunded, false));
    let home = node.home();
    (node, home)
}

#[test]
fn a_refund_shows_what_goes_where_and_is_made_once_after_an_unknown_outcome() {
    let (node, home) = sold(0);
    let number = number().to_string();
    let refund = ["merchant", "refund", &number, "600"];
    let unasked = home.run(&[&refund[..], &["--node", &node.url, "--lang", "ja"]].concat());
    assert_eq!(unasked.code, 11, "{unasked:?}");
    for line in [
        "支払いの番号: abab",
        "返す金額: 600円",
        "商品券にもどる分: 300円",
        "期限が切れていて、事業の主催者に入る分: 200円",
        "この地域のコインにもどる分: 100円",
    ] {
        assert!(unasked.stderr.contains(line), "{line}: {}", unasked.stderr);
    }
    node.answer(Answer::Silence);
    assert_eq!(home.run(&at(&node, &refund)).code, 9);
    // It came meanwhile, and what was refunded before is more by it.
    node.tells(path::payment(&self::number()).as_str(), payment(600, false));
    node.answer(Answer::Committed);
    home.ok(&at(&node, &refund));
    let sent = ids(&node);
    assert_eq!((sent.len(), &sent[0]), (2, &sent[1]), "the same signed bytes");
    let one = refunded(&last(&node)).clone();
    assert_eq!((one.amount, one.before, one.terminal), (Yen::new(600), Yen::ZERO, None));
    // Another amount is another refund, after what was refunded before.
    home.ok(&at(&node, &["merchant", "refund", &number, "150"]));
    let one = refunded(&last(&node)).clone();
    assert_eq!((one.amount, one.before), (Yen::new(150), Yen::new(600)));
    let (exit, past) = home.json(&at(&node, &["merchant", "refund", &number, "401"]));
    let error = &past["errors"][0];
    assert_eq!(
        (exit, &error["code"], &error["details"]["left"]),
        (6, &json!("refund-past"), &json!("400"))
    );
}

#[test]
fn a_terminal_refunds_and_voids_by_its_own_key_for_the_merchants_account() {
    let (node, home) = sold(0);
    let terminal = own_terminal(&node, &home, "refund,void");
    let number = number().to_string();
    for command in [&["merchant", "refund", &number, "300"][..], &["merchant", "void", &number]] {
        let done = home.ok(&at(&node, &[command, &["--terminal", "2"]].concat()));
        assert!(done.stderr.contains("Terminal: 2"), "{}", done.stderr);
        let sent = node.submitted().pop().unwrap();
        let keys: Vec<_> = sent.authorisations.iter().map(|one| one.key).collect();
        assert_eq!((keys, sent.unsigned.account), (vec![terminal.key], account()));
        assert_eq!(sent.unsigned.operations[0].terminal(), Some((ZONE, 2)));
    }
    let void = ["merchant", "void", &number];
    for (body, code) in [(payment(1, false), "code-3105"), (payment(0, true), "code-3102")] {
        node.tells(path::payment(&self::number()).as_str(), body);
        let (exit, refused) = home.json(&at(&node, &void));
        assert_eq!((exit, &refused["errors"][0]["code"]), (6, &json!(code)));
    }
    // What another shop was paid is not given back here.
    let mut other = payment(0, false);
    other["merchant"] = json!(address_of(9));
    node.tells(path::payment(&self::number()).as_str(), other);
    let (exit, refused) = home.json(&at(&node, &void));
    assert_eq!((exit, &refused["errors"][0]["code"]), (5, &json!("code-6226")));
}

#[test]
fn payments_are_listed_by_their_numbers_with_terminal_cash_and_what_was_given_back() {
    let (node, home) = sold(300);
    let (zone, merchant, amount) = (ZONE, account(), Yen::new(1000));
    let payer = AccountId::new([8; 20]).into();
    let paid = Paid {
        zone,
        payer,
        merchant,
        amount,
        cash: Yen::new(150),
        request: Some(number()),
        terminal: Some(2),
        reference: None,
    };
    let back = Refunded {
        zone,
        payment: number(),
        payer,
        merchant,
        terminal: None,
        amount: Yen::new(300),
        coin: Yen::ZERO,
        refunded: Yen::new(300),
        reference: None,
    };
    let by_place = Paid { cash: Yen::ZERO, request: None, terminal: None, ..paid };
    let transaction = Hash::new([0xcd; 32]);
    let entry = |height: u64, event: Event| {
        json!({ "height": height, "time": "2026-11-22T00:00:00.000Z", "index": 0,
                "transaction": transaction, "operation": 0, "outcome": "committed",
                "event": event.in_json(&prefix()) })
    };
    let entries = [entry(9, back.into()), entry(8, by_place.into()), entry(7, paid.into())];
    let history = path::history(&own_address());
    node.tells(history.as_str(), json!({ "entries": entries, "next": null }));
    let shown = home.ok(&at(&node, &["merchant", "payments", "--lang", "ja"])).stdout;
    for part in ["（レジ 2）（ほかに現金 150円）", "返金", "-300円", "+1,000円", "abab"]
    {
        assert!(shown.contains(part), "{part}: {shown}");
    }
    let (_, envelope) = home.json(&at(&node, &["merchant", "payments"]));
    let numbers: Vec<&Value> = envelope["data"]["payments"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| &one["payment"])
        .collect();
    assert_eq!((numbers[0], numbers[2]), (&json!(number()), &json!(number())));
    let own = numbers[1].as_str().unwrap();
    assert!(own.len() == 64 && own != number().to_string() && own != transaction.to_string());
    let ending = ["merchant", "payments", "--last", "abab"];
    let (_, envelope) = home.json(&at(&node, &ending));
    assert_eq!(envelope["data"]["payments"].as_array().unwrap().len(), 2);
    // By its last digits a payment is given back too.
    home.ok(&at(&node, &["merchant", "refund", "abab", "200"]));
    let one = refunded(&last(&node)).clone();
    assert_eq!((one.payment, one.before), (number(), Yen::new(300)));
    let (exit, none) = home.json(&at(&node, &["merchant", "refund", "0123", "200"]));
    assert_eq!((exit, &none["errors"][0]["code"]), (5, &json!("no-such-payment")));
}
