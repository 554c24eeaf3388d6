//! Payments against a node that answers as it is told.

use ledger_types::{Nonce, Operation, Yen};
use serde_json::json;

use crate::node::{Answer, Node, account, other_address};

#[test]
fn a_balance_is_shown_as_people_write_amounts() {
    let node = Node::start(Answer::Committed);
    let home = node.home();
    let outcome = home.ok(&["balance", "--node", &node.url]);
    for line in ["Balance: 12,500円", "Available: 12,000円", "Held: 500円", "In zone 1: 300円"]
    {
        assert!(outcome.stdout.contains(line), "{}", outcome.stdout);
    }
    assert!(outcome.stderr.contains("kyojo history"), "the next command is named");
    let japanese = home.ok(&["balance", "--node", &node.url, "--lang", "ja", "-q"]);
    assert!(japanese.stdout.contains("残高: 12,500円"));
    assert_eq!(japanese.stderr, "");
    let (_, envelope) = home.json(&["balance", "--node", &node.url]);
    assert_eq!(envelope["data"]["balance"], "12500");
    let zones = home.ok(&["zone", "ls", "--node", &node.url]).stdout;
    assert!(zones.contains("会津コイン") && zones.contains("1,234,567円"), "{zones}");
}

#[test]
fn what_is_shown_before_money_moves_is_what_is_signed() {
    let node = Node::start(Answer::Committed);
    let home = node.home();
    let to = other_address();
    let payment = ["send", &to, "1,200円", "--reference", "INV-17", "--yes", "--node", &node.url];
    let outcome = home.ok(&payment);
    for line in [
        "Network: aizu ",
        "From: hanako (aizu1",
        "To: not known here (aizu1",
        "Amount: 1,200円",
        "Fee: 0円",
    ] {
        assert!(outcome.stderr.contains(line), "{line}: {}", outcome.stderr);
    }
    let submitted = node.submitted();
    let [transaction] = submitted.as_slice() else { panic!("{submitted:?}") };
    assert_eq!(
        (transaction.unsigned.account, transaction.unsigned.nonce),
        (account(), Nonce::new(3))
    );
    let [Operation::Transfer(transfer)] = transaction.unsigned.operations.as_slice() else {
        panic!("{transaction:?}");
    };
    assert_eq!(transfer.amount, Yen::new(1_200));
    assert!(transfer.reference.is_some());
    let id = transaction.id(&node.genesis).to_string();
    assert!(outcome.stdout.contains(&id));
    let opening = std::fs::read_to_string(home.path(&format!("openings/{id}.json"))).unwrap();
    assert!(opening.contains("INV-17") && opening.contains("salt"));
    assert!(std::fs::read_dir(home.path("pending")).unwrap().next().is_none());
}

#[test]
fn a_dry_run_sends_nothing_and_asks_nothing() {
    let node = Node::start(Answer::Committed);
    let home = node.home();
    let to = other_address();
    let (exit, envelope) =
        home.json(&["pay", &to, "850", "--zone", "1", "--dry-run", "--node", &node.url]);
    assert_eq!(exit, 0);
    let expected = json!({ "dry_run": true, "to": to, "amount": "850", "fee": "0", "zone": 1 });
    assert_eq!(envelope["data"], expected);
    assert!(node.submitted().is_empty());
}

#[test]
fn after_a_timeout_the_same_signed_bytes_are_sent_again() {
    let node = Node::start(Answer::Silence);
    let home = node.home();
    let to = other_address();
    let (exit, envelope) =
        home.json(&["send", &to, "5", "--yes", "--timeout", "1", "--node", &node.url]);
    assert_eq!(exit, 9);
    let id = envelope["errors"][0]["details"]["transaction"].as_str().unwrap().to_owned();

    node.answer(Answer::Committed);
    let (exit, envelope) = home.json(&["receipt", &id, "--node", &node.url]);
    assert_eq!((exit, &envelope["data"]["outcome"]), (0, &json!("committed")));
    let submitted = node.submitted();
    assert!(submitted.len() >= 2);
    assert!(submitted.iter().all(|transaction| *transaction == submitted[0]));
    assert!(std::fs::read_dir(home.path("pending")).unwrap().next().is_none());
}

#[test]
fn a_payment_beside_an_unsettled_one_takes_another_nonce() {
    let node = Node::start(Answer::Silence);
    let home = node.home();
    let to = other_address();
    let first = home.run(&["send", &to, "5", "--yes", "--timeout", "1", "--node", &node.url]);
    assert_eq!(first.code, 9);
    node.answer(Answer::Committed);
    let second = home.ok(&["send", &to, "6", "--yes", "--node", &node.url]);
    assert!(second.stderr.contains("no known outcome"), "{}", second.stderr);
    let nonces: Vec<u64> =
        node.submitted().iter().map(|transaction| transaction.unsigned.nonce.get()).collect();
    assert_eq!(nonces.last(), Some(&4));
}
