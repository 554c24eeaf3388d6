//! Payments against a node that answers as it is told.

use ledger_types::{Nonce, Operation, Yen, ZoneId};
use node_api::path;
use serde_json::json;

use crate::node::{Answer, Node, account, address_of, other_address, zone};
use crate::run::Home;

/// Arguments with what every command of these tests needs.
fn at<'a>(node: &'a Node, arguments: &[&'a str]) -> Vec<&'a str> {
    [arguments, &["--yes", "--timeout", "1", "--node", &node.url]].concat()
}

/// Whether nothing lies in a folder of the wallet's.
fn is_empty(home: &Home, folder: &str) -> bool {
    std::fs::read_dir(home.path(folder)).map_or(true, |mut entries| entries.next().is_none())
}

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
fn a_receipt_shows_what_was_paid_to_whom_and_for_what() {
    let to = other_address();
    let receipt = |more: &[&str]| {
        let node = Node::start(Answer::Silence);
        let home = node.home();
        let payment = ["send", &to, "1,200円", "--reference", "INV-17"];
        assert_eq!(home.run(&at(&node, &payment)).code, 9);
        let id = node.submitted()[0].id(&node.genesis).to_string();
        node.answer(Answer::Committed);
        home.ok(&[&["receipt", &id, "--node", &node.url][..], more].concat()).stdout
    };
    let shown = receipt(&["--lang", "ja"]);
    // This node tells no block's time: what is not known is said not to be.
    for line in ["金額: 1,200円", "内容: 送金", "覚え書き: INV-17", "日時: 分かりません", "aizu1"]
    {
        assert!(shown.contains(line), "{line}: {shown}");
    }
    let envelope: serde_json::Value = serde_json::from_str(&receipt(&["--json"])).unwrap();
    let payment = &envelope["data"]["payment"];
    let told = (&payment["amount"], &payment["with"], &payment["reference"], &payment["time"]);
    assert_eq!(told, (&json!("1200"), &json!(to), &json!("INV-17"), &json!(null)));
}

/// What the payment that was sent moves in from the bank account.
fn charged(node: &Node) -> Option<Yen> {
    let submitted = node.submitted();
    let [Operation::Pay(pay)] = submitted.last().unwrap().unsigned.operations.as_slice() else {
        panic!("{submitted:?}")
    };
    pay.charge
}

#[test]
fn what_the_coin_is_short_of_comes_from_the_bank_account_and_both_parts_are_said_before() {
    let node = Node::start(Answer::Committed);
    let home = node.home();
    let to = other_address();
    let paid = home.ok(&at(&node, &["pay", &to, "850", "--zone", "1", "--lang", "ja"]));
    for line in ["この地域のコインから: 300円", "銀行口座から: 550円"] {
        assert!(paid.stderr.contains(line), "{line}: {}", paid.stderr);
    }
    assert_eq!(charged(&node), Some(Yen::new(550)));
    let (_, envelope) = home.json(&at(&node, &["pay", &to, "851", "--zone", "1"]));
    let data = &envelope["data"];
    assert_eq!((&data["from_coin"], &data["from_bank"]), (&json!("300"), &json!("551")));
    // The coin alone is enough: nothing is moved, and nothing is said of it.
    let paid = home.ok(&at(&node, &["pay", &to, "300", "--zone", "1", "--coin-only"]));
    assert!(!paid.stderr.contains("bank account"), "{}", paid.stderr);
    assert_eq!(charged(&node), None);
}

#[test]
fn a_payment_that_nothing_covers_tells_both_balances_and_sends_nothing() {
    let node = Node::start(Answer::Committed);
    let home = node.home();
    let to = other_address();
    for (amount, more, code) in
        [("12301", [].as_slice(), "coin-and-bank-short"), ("301", &["--coin-only"], "coin-short")]
    {
        let pay = [&["pay", &to, amount, "--zone", "1"], more].concat();
        let (exit, envelope) = home.json(&at(&node, &pay));
        let error = &envelope["errors"][0];
        assert_eq!((exit, &error["code"]), (7, &json!(code)), "{envelope}");
        let told = (&error["details"]["coin"], &error["details"]["bank"]);
        assert_eq!(told, (&json!("300"), &json!("12000")));
    }
    assert!(node.submitted().is_empty());
}

#[test]
fn a_zone_is_shown_with_where_it_is_what_shops_pay_and_who_gets_it() {
    let node = Node::start(Answer::Committed);
    let home = node.home();
    let shown = home.ok(&["zone", "show", "--node", &node.url, "--lang", "ja"]).stdout;
    for part in [
        "福島県会津若松市（072028）",
        "2% （消費税込み）",
        "12,000円",
        "1.5%",
        "40%",
        "加盟店の一覧",
    ] {
        assert!(shown.contains(part), "{part}: {shown}");
    }
    let (exit, envelope) = home.json(&["zone", "show", "--node", &node.url]);
    assert_eq!((exit, &envelope["data"]["areas"]), (0, &json!(["072028"])));
    assert_eq!(envelope["data"]["fees"][1]["in_force"], json!(false));
}

#[test]
fn an_operator_sets_fees_and_shares_in_the_next_version() {
    let node = Node::start(Answer::Committed);
    let home = node.home();
    let fund = other_address();
    let share = format!("{fund}=40%");
    home.ok(&at(&node, &["zone", "fees", "--rate", "1.5%", "--cap", "6000", "--cap", "-"]));
    home.ok(&at(&node, &["zone", "shares", "--fund", &fund, "--share", &share]));
    let sent: Vec<Operation> =
        node.submitted().into_iter().flat_map(|tx| tx.unsigned.operations).collect();
    let [Operation::SetFeeSchedule(fees), Operation::SetRevenueShare(shares)] = sent.as_slice()
    else {
        panic!("{sent:?}")
    };
    assert_eq!((fees.version, fees.terms.rate.get(), fees.from.as_millis()), (3, 150, 0));
    let caps: Vec<Option<u64>> =
        fees.terms.tiers.iter().map(|tier| tier.yearly_cap.map(Yen::get)).collect();
    assert_eq!(caps, [Some(6000), None]);
    assert_eq!((shares.version, shares.terms.shares[0].share.get()), (2, 4000));
    for bad in [["zone", "fees", "--rate", "2"], ["zone", "fees", "--rate", "100.01%"]] {
        assert_eq!(home.run(&at(&node, &bad)).code, 2, "{bad:?}");
    }
}

#[test]
fn a_schedule_of_nothing_keeps_the_tiers_that_there_are() {
    let node = Node::start(Answer::Committed);
    let home = node.home();
    let mut zone = zone(&address_of(7));
    zone["fees"][1]["tiers"] = json!([{ "yearly_cap": "12000" }, { "yearly_cap": null }]);
    node.tells(path::zone(ZoneId::new(1)).as_str(), zone);
    home.ok(&at(&node, &["zone", "fees", "--schedule", "zero"]));
    let sent = node.submitted();
    let [Operation::SetFeeSchedule(fees)] = sent[0].unsigned.operations.as_slice() else {
        panic!("{sent:?}")
    };
    assert!(fees.terms.is_zero() && fees.terms.rate.get() == 0);
    assert_eq!((fees.version, fees.terms.tiers.len()), (3, 2));
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
    // It reads no balance, and says that the bank account may pay a part.
    let dry = ["pay", &to, "850", "--zone", "1", "--dry-run", "--node", &node.url];
    for (lang, line) in [("en", "From the bank account"), ("ja", "銀行口座から")] {
        let shown = home.ok(&[&dry[..], &["--lang", lang]].concat()).stdout;
        assert!(shown.contains(line), "{shown}");
        let coin_only = home.ok(&[&dry[..], &["--lang", lang, "--coin-only"]].concat()).stdout;
        assert!(!coin_only.contains(line), "{coin_only}");
    }
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

#[test]
fn the_same_command_sends_the_same_bytes_until_the_outcome_is_known() {
    let node = Node::start(Answer::Silence);
    let home = node.home();
    let to = other_address();
    let pay = ["pay", &to, "1200", "--zone", "1", "--reference", "INV-17"];
    let (exit, envelope) = home.json(&at(&node, &pay));
    assert_eq!((exit, &envelope["errors"][0]["code"]), (9, &json!("outcome-unknown")));
    let id = envelope["errors"][0]["details"]["transaction"].clone();
    let opening = home.path(&format!("openings/{}.json", id.as_str().unwrap()));
    let opened = std::fs::read_to_string(&opening).unwrap();
    assert!(opened.contains("INV-17") && opened.contains("salt"), "kept before it was sent");

    // However it is spelt, and whatever a node says of it meanwhile.
    let again = ["pay", &to, "1,200円", "--reference", "INV-17", "--zone", "1"];
    for answer in [Answer::Silence, Answer::Refused(429, 7011), Answer::Refused(422, 1010)] {
        node.answer(answer);
        assert_eq!(home.json(&at(&node, &again)).0, 9);
    }
    node.answer(Answer::Committed);
    let (exit, envelope) = home.json(&at(&node, &again));
    let data = &envelope["data"];
    assert_eq!((exit, &data["transaction"], &data["repeated"]), (0, &id, &json!(true)));
    assert_eq!(data["reference_opening"], json!(opening));
    let submitted = node.submitted();
    assert!(submitted.len() >= 5 && submitted.iter().all(|one| *one == submitted[0]));
    assert_eq!(std::fs::read_to_string(&opening).unwrap(), opened);
    assert!(is_empty(&home, "pending"));
}

#[test]
fn the_same_payment_within_three_minutes_needs_again_and_that_is_said_before_anybody_agrees() {
    let node = Node::start(Answer::Committed);
    let home = node.home();
    let to = other_address();
    let (deceased, heir) = (address_of(4), address_of(5));
    std::fs::write(home.path("heirs.pdf"), "who inherits").unwrap();
    for first in [
        ["send", &to, "5", "--reference", "a"].as_slice(),
        &["send", &to, "5", "--reference", "b"],
        &["zone", "charge", "5", "--zone", "1"],
        &["redeem", "5"],
        &["bank", "estate", &deceased, &heir, "5", "--evidence", "heirs.pdf"],
    ] {
        home.ok(&at(&node, first));
        let count = node.submitted().len();
        // Without --yes: it is refused before it is asked.
        let (exit, envelope) = home.json(&[first, &["--node", &node.url]].concat());
        assert_eq!((exit, &envelope["errors"][0]["code"]), (11, &json!("done-just-now")));
        let id = envelope["errors"][0]["details"]["transaction"].as_str().unwrap().to_owned();
        assert_eq!(node.submitted().len(), count, "{first:?}");
        let second = home.ok(&at(&node, &[first, &["--again"]].concat()));
        assert!(second.stderr.contains("Once more: ") && second.stderr.contains(&id));
        assert_eq!(node.submitted().len(), count + 1, "{first:?}");
    }
    // What the ledger rejected was not done.
    node.answer(Answer::Rejected(2004));
    for _ in 0..2 {
        assert_eq!(home.json(&at(&node, &["send", &to, "6"])).0, 7);
    }
}

#[test]
fn again_makes_a_second_payment_beside_one_whose_outcome_is_not_known() {
    let node = Node::start(Answer::Silence);
    let home = node.home();
    let to = other_address();
    assert_eq!(home.run(&at(&node, &["send", &to, "5"])).code, 9);
    node.answer(Answer::Committed);
    let second = home.ok(&at(&node, &["send", &to, "5", "--again"]));
    assert!(second.stderr.contains("Once more: "), "{}", second.stderr);
    let nonces = node.submitted().into_iter().map(|one| one.unsigned.nonce.get());
    assert_eq!(nonces.collect::<Vec<_>>(), [3, 4]);
}

#[test]
fn nothing_is_sent_where_it_cannot_be_kept() {
    let to = other_address();
    for folder in ["openings", "pending", "outbox.lock"] {
        let node = Node::start(Answer::Committed);
        let home = node.home();
        // A file where a folder should be, or the other way round, is writable for nobody.
        if folder == "outbox.lock" {
            std::fs::create_dir(home.path(folder)).unwrap();
        } else {
            std::fs::write(home.path(folder), "").unwrap();
        }
        let (exit, envelope) = home.json(&at(&node, &["send", &to, "5", "--reference", "x"]));
        assert_eq!((exit, &envelope["errors"][0]["code"]), (3, &json!("file")), "{folder}");
        assert!(node.submitted().is_empty(), "{folder}");
        if folder == "pending" {
            assert!(is_empty(&home, "openings"), "an opening of nothing does not stay");
        }
    }
}

#[test]
fn a_kept_transaction_that_cannot_be_read_stops_every_payment() {
    let node = Node::start(Answer::Committed);
    let home = node.home();
    std::fs::create_dir(home.path("pending")).unwrap();
    std::fs::write(home.path("pending/x.json"), "{").unwrap();
    let (exit, envelope) = home.json(&at(&node, &["send", &other_address(), "5"]));
    assert_eq!((exit, &envelope["errors"][0]["code"]), (3, &json!("pending-broken")));
    assert!(node.submitted().is_empty());
}

#[test]
fn what_no_block_can_hold_any_more_begins_anew() {
    let node = Node::start(Answer::Silence);
    let home = node.home();
    let send = at(&node, &["send", "", "5", "--reference", "x"]);
    let to = other_address();
    let send: Vec<&str> =
        send.iter().map(|word| if word.is_empty() { &to } else { *word }).collect();
    assert_eq!(home.run(&send).code, 9);
    let [first] = node.submitted()[..1].to_vec().try_into().unwrap();
    node.answer(Answer::Committed);
    node.time("2099-01-01T00:00:00.000Z");
    let second = home.ok(&send);
    assert!(second.stderr.contains("it begins anew"), "{}", second.stderr);
    let submitted = node.submitted();
    assert_ne!(submitted.last(), Some(&first));
    let kept: Vec<_> = std::fs::read_dir(home.path("openings")).unwrap().collect();
    assert_eq!(kept.len(), 1, "only of what was committed");
    let gone = first.id(&node.genesis).to_string();
    assert_eq!(home.json(&["receipt", &gone, "--node", &node.url]).0, 5);
}

#[test]
fn records_are_entered_once_however_often_the_command_is_repeated() {
    let node = Node::start(Answer::Silence);
    let home = node.home();
    std::fs::write(home.path("order.txt"), "差押え").unwrap();
    let to = other_address();
    let until = ["--until", "2027-01-01", "--evidence", "order.txt"];
    let freeze = [&["bank", "freeze", &to, "--direction", "out", "--basis", "fraud"], &until[..]];
    let freeze = at(&node, &freeze.concat());
    let redeem = at(&node, &["redeem", "5"]);
    assert_eq!((home.run(&freeze).code, home.run(&redeem).code), (9, 9));
    let asked = node.submitted();
    node.answer(Answer::Committed);
    for (command, place) in [(&freeze, 0), (&redeem, asked.len() - 1)] {
        let (exit, envelope) = home.json(command);
        assert_eq!((exit, &envelope["data"]["repeated"]), (0, &json!(true)), "{envelope}");
        assert_eq!(node.submitted().last(), Some(&asked[place]), "the salt and number of then");
    }
    // Another paper is another order.
    node.answer(Answer::Silence);
    assert_eq!(home.run(&freeze).code, 9);
    std::fs::write(home.path("order.txt"), "別の差押え").unwrap();
    node.answer(Answer::Committed);
    let (_, envelope) = home.json(&freeze);
    assert_eq!(envelope["data"]["repeated"], json!(null), "{envelope}");
}
