//! What a bank's clerk does, against a node that answers as it is told.

use std::collections::BTreeSet;

use ledger_types::event::{Issued, RedeemClaimed, RedeemRequested, RedeemSettled};
use ledger_types::operation::{ClaimRedeem, Issue};
use ledger_types::{AccountId, BankId, Event, Hash, Operation, Timestamp, Transaction, Yen};
use node_api::path;
use serde_json::{Value, json};

use crate::node::{Answer, Node, account, address_of, prefix};
use crate::run::Home;

const BANK: BankId = BankId::new(1);
/// 2026-11-22T00:00:00Z, the time of the node's last block.
const NOW: u64 = 1_795_305_600_000;
const HOUR_MS: u64 = 3_600_000;

/// A node on which the wallet's account is a bank's own.
fn bank(answer: Answer) -> (Node, Home) {
    let node = Node::start(answer);
    node.tells(path::supply().as_str(), supply());
    let home = node.home();
    (node, home)
}

fn supply() -> Value {
    json!({
        "height": 6, "time": "2026-11-22T00:00:00.000Z", "issued": "1000", "redeemed": "400",
        "liability": "600", "deposits": "600", "prepaid": "0", "conserved": true, "pairs": [], "zones": [],
        "banks": [{ "bank": 1, "name": "a bank", "account": account().to_address(&prefix()),
                    "kind": "bank", "pledged": "0", "headroom": "0", "settled": "0", "issued": "1000", "redeemed": "400", "liability": "600",
                    "issue_allowance": "5000", "net_debit_cap": "0", "position": "0" }],
    })
}

/// Arguments with what every command of these tests needs.
fn at<'a>(node: &'a Node, arguments: &[&'a str]) -> Vec<&'a str> {
    [arguments, &["--yes", "--timeout", "2", "--node", &node.url]].concat()
}

fn entry(height: u64, event: impl Into<Event>) -> Value {
    json!({ "height": height, "time": "2026-11-22T00:00:00.000Z", "index": 0,
            "transaction": Hash::ZERO, "operation": 0, "outcome": "committed",
            "event": event.into().in_json(&prefix()) })
}

/// The wallet's history, newest first.
fn history(node: &Node, entries: &[Value]) {
    let path = path::history(&account().to_address(&prefix()));
    node.tells(path.as_str(), json!({ "entries": entries, "next": null }));
}

fn redeem(number: u8) -> Hash {
    Hash::new([number; 32])
}

fn holder() -> AccountId {
    AccountId::new([3; 20])
}

fn requested(number: u8, expires: u64) -> Value {
    let (amount, expires) = (Yen::new(70), Timestamp::from_millis(expires));
    let (redeem, account, bank_account) = (redeem(number), holder(), account());
    entry(1, RedeemRequested { redeem, account, bank: BANK, bank_account, amount, expires })
}

fn claimed(number: u8, until: u64) -> Value {
    let (amount, until) = (Yen::new(70), Timestamp::from_millis(until));
    let (redeem, account, bank_account) = (redeem(number), holder(), account());
    entry(2, RedeemClaimed { redeem, account, bank: BANK, bank_account, amount, until })
}

fn issued(transaction: &Transaction) -> &Issue {
    let [Operation::Issue(issue)] = transaction.unsigned.operations.as_slice() else {
        panic!("{transaction:?}")
    };
    issue
}

#[test]
fn references_that_differ_only_in_width_or_spaces_are_one_to_the_ledger() {
    let (node, home) = bank(Answer::Committed);
    for spelling in ["AB-17", "ａｂ－１７", "  Ab-17\u{3000}"] {
        let issue = ["bank", "issue", &address_of(3), "100", "--core-ref", spelling];
        home.ok(&at(&node, &issue));
    }
    let references: Vec<Hash> =
        node.submitted().iter().map(|one| issued(one).core_banking_ref).collect();
    assert_eq!(references.len(), 3);
    assert!(references.iter().all(|one| *one == references[0]), "{references:?}");
}

/// A settlement cycle in which the bank has nothing to pay, as the public list has it.
fn cycle(number: u32, standing: &str) -> Value {
    json!({ "cycle": number, "standing": standing, "closed": 5,
            "closed_at": "2026-11-22T00:00:00.000Z", "parts": [], "payments": [], "pledged": [], "pairs": [] })
}

fn closed(transaction: &Transaction) -> u32 {
    let [operation] = transaction.unsigned.operations.as_slice() else { panic!("{transaction:?}") };
    operation.as_close_cycle().unwrap().cycle
}

#[test]
fn a_close_whose_outcome_is_not_known_is_asked_again_and_never_closes_the_next_cycle() {
    let (node, home) = bank(Answer::Silence);
    let cycles = |all: &[Value]| node.tells(path::cycles().as_str(), json!({ "cycles": all }));
    let close = ["operator", "cycle", "close", "--yes", "--timeout", "1", "--node", &node.url];
    cycles(&[cycle(1, "settled")]);
    assert_eq!(home.run(&close).code, 9);
    // It was closed all the same, and its banks were quick: the next number would be 3.
    for standing in ["waiting", "settled"] {
        cycles(&[cycle(2, standing), cycle(1, "settled")]);
        assert_eq!(home.run(&close).code, 9, "{standing}");
    }
    node.answer(Answer::Committed);
    let (exit, envelope) = home.json(&close);
    assert_eq!((exit, &envelope["data"]["cycle"]), (0, &json!(2)), "{envelope}");
    let sent = node.submitted();
    assert!(sent.iter().all(|transaction| *transaction == sent[0]), "{sent:?}");
    assert_eq!(closed(&sent[0]), 2);
    // Its outcome is known: the next one is meant.
    home.ok(&close);
    assert_eq!(closed(node.submitted().last().unwrap()), 3);
}

#[test]
fn a_reference_of_nothing_is_refused_at_once() {
    let (node, home) = bank(Answer::Committed);
    for nothing in ["", "  ", "\u{3000}", "\u{feff}"] {
        let issue = ["bank", "issue", &address_of(3), "100", "--core-ref", nothing];
        let (exit, envelope) = home.json(&at(&node, &issue));
        assert_eq!((exit, &envelope["errors"][0]["code"]), (2, &json!("no-core-reference")));
    }
    assert!(node.submitted().is_empty());
}

#[test]
fn a_second_use_says_for_what_a_reference_was_used_before() {
    let (node, home) = bank(Answer::Committed);
    let issue = ["bank", "issue", &address_of(3), "100", "--core-ref", "AB-17"];
    let (_, envelope) = home.json(&at(&node, &issue));
    let reference = envelope["data"]["core_banking_ref"].as_str().unwrap().parse().unwrap();
    let used = Issued { account: holder(), bank: BANK, amount: Yen::new(12_500) };
    node.tells(path::reference(BANK, &reference).as_str(), entry(5, used));

    let found = home.ok(&at(&node, &["bank", "reference", " ab-17 "])).stdout;
    for part in ["AB-17", "issued", &address_of(3), "12,500円", "2026/11/22 09:00"] {
        assert!(found.contains(part), "{part}: {found}");
    }
    node.answer(Answer::Rejected(2008));
    let again = ["bank", "issue", &address_of(4), "12500", "--core-ref", "ＡＢ－１７"];
    let outcome = home.run(&at(&node, &again));
    assert_eq!(outcome.code, 6, "{outcome:?}");
    let told = format!("used on 2026/11/22 09:00: 12,500円 to {}", address_of(3));
    assert!(outcome.stderr.contains(&told), "{outcome:?}");
    let (_, envelope) = home.json(&at(&node, &again));
    let error = &envelope["errors"][0];
    assert_eq!(
        (&error["code"], &error["details"]["used"]["height"]),
        (&json!("code-2008"), &json!(5))
    );
}

/// Issues the file `rows.csv` of a home; the exit code and the envelope.
fn issue_file(home: &Home, node: &Node, rows: &[String]) -> (i32, Value) {
    std::fs::write(home.path("rows.csv"), rows.join("\n") + "\n").unwrap();
    home.json(&at(node, &["bank", "issue", "--file", "rows.csv", "--batch", "b"]))
}

fn row(to: u8, amount: u32, reference: &str) -> String {
    format!("{},{amount},{reference}", address_of(to))
}

fn faulty(envelope: &Value) -> Vec<u64> {
    let rows = envelope["errors"][0]["details"]["rows"].as_array().unwrap().iter();
    rows.map(|one| one["line"].as_u64().unwrap()).collect()
}

#[test]
fn a_file_of_issues_is_checked_whole_before_its_first_row_is_sent() {
    let (node, home) = bank(Answer::Committed);
    let heading = "宛先,金額,記帳番号".to_owned();
    let rows = [
        heading.clone(),
        row(1, 5, "A-1"),
        row(2, 6, ""),
        row(3, 7, "ａ－１"),
        row(4, 8, "\u{3000}"),
    ];
    let (exit, envelope) = issue_file(&home, &node, &rows);
    assert_eq!((exit, faulty(&envelope)), (2, vec![3, 4, 5]), "{envelope}");
    // Without a heading there is no column of entries.
    let (exit, envelope) = issue_file(&home, &node, &[row(1, 5, "A-1")]);
    assert_eq!((exit, faulty(&envelope)), (2, vec![1]), "{envelope}");
    // More than the bank may issue, which is 4,400.
    let (exit, envelope) = issue_file(&home, &node, &[heading, row(1, 4_401, "A-1")]);
    assert_eq!((exit, &envelope["errors"][0]["code"]), (7, &json!("batch-short")), "{envelope}");
    assert!(node.submitted().is_empty());
}

#[test]
fn each_row_of_a_file_issues_once_however_often_it_is_run() {
    let (node, home) = bank(Answer::Committed);
    let heading = "address,amount,reference".to_owned();
    let rows = [heading.clone(), row(1, 5, "A-1"), row(1, 5, "A-2"), row(2, 4_390, "A-3")];
    let (exit, envelope) = issue_file(&home, &node, &rows);
    assert_eq!((exit, &envelope["data"]["paid"]), (0, &json!(3)), "{envelope}");
    // Spelt otherwise, in another order, and with one more.
    let rows =
        [heading, row(2, 4_390, "ａ－３"), row(1, 5, " a-1"), row(1, 5, "A-2"), row(3, 1, "A-4")];
    let (exit, envelope) = issue_file(&home, &node, &rows);
    let counts = (&envelope["data"]["paid"], &envelope["data"]["paid_before"]);
    assert_eq!((exit, counts), (0, (&json!(1), &json!(3))), "{envelope}");
    assert_eq!(envelope["data"]["results"].as_array().map(Vec::len), Some(4));
    let submitted = node.submitted();
    let mut references: Vec<Hash> =
        submitted.iter().map(|one| issued(one).core_banking_ref).collect();
    references.sort_unstable();
    references.dedup();
    assert_eq!((submitted.len(), references.len()), (4, 4));
    // The reference of one issue by itself is that of its row.
    home.ok(&at(&node, &["bank", "issue", &address_of(9), "1", "--core-ref", "A-1"]));
    let last = node.submitted().pop().unwrap();
    assert!(references.contains(&issued(&last).core_banking_ref));
}

#[test]
fn a_clerk_claims_a_request_until_tomorrow_or_its_end() {
    let (node, home) = bank(Answer::Committed);
    // A request that is over sooner than a day from now, and one that is not.
    let far = 4_000_000_000_000;
    history(&node, &[requested(1, NOW + 5 * HOUR_MS), requested(2, far)]);
    for number in [1, 2] {
        let request = redeem(number).to_string();
        home.ok(&at(&node, &["bank", "redeem", "claim", &request]));
    }
    let claims: Vec<(ClaimRedeem, Timestamp)> = node
        .submitted()
        .into_iter()
        .map(|one| match one.unsigned.operations.as_slice() {
            [Operation::ClaimRedeem(claim)] => (claim.clone(), one.unsigned.valid_until),
            other => panic!("{other:?}"),
        })
        .collect();
    let [(short, _), (long, valid_until)] = claims.as_slice() else { panic!("{claims:?}") };
    assert_eq!(short.until, Timestamp::from_millis(NOW + 5 * HOUR_MS));
    let ahead = long.until.as_millis() - valid_until.as_millis();
    assert!(
        (23 * HOUR_MS..24 * HOUR_MS).contains(&ahead),
        "{ahead} ms after the last block for it"
    );
    let absent = ["bank", "redeem", "claim", &redeem(3).to_string()];
    assert_eq!(home.json(&at(&node, &absent)).1["errors"][0]["code"], "code-2015");
}

/// The claims that were sent, each once however often its bytes were.
fn claims_sent(node: &Node) -> usize {
    let submitted = node.submitted();
    let claims = submitted
        .iter()
        .filter(|one| matches!(one.unsigned.operations.as_slice(), [Operation::ClaimRedeem(_)]));
    claims.map(|one| one.id(&node.genesis)).collect::<BTreeSet<_>>().len()
}

#[test]
fn a_claim_of_before_never_answers_for_one_that_is_asked_anew() {
    let request = redeem(2).to_string();
    let claim = ["bank", "redeem", "claim", request.as_str()];
    for is_released in [true, false] {
        let (node, home) = bank(Answer::Silence);
        history(&node, &[requested(2, 4_000_000_000_000)]);
        assert_eq!(home.run(&at(&node, &claim)).code, 9);
        let id = node.submitted()[0].id(&node.genesis);
        node.answer(Answer::Committed);
        let receipt = json!({ "transaction": id, "height": 7, "index": 2, "outcome": "committed" });
        node.tells(path::receipt(&id).as_str(), receipt);
        if is_released {
            // What became of the claim is learnt, and said, before its release is sent.
            let told = home.ok(&at(&node, &["bank", "redeem", "release", &request])).stderr;
            assert!(told.contains("with an unknown outcome was done"), "{told}");
        } else {
            // Its time is over.
            node.time("2030-01-01T00:00:00.000Z");
        }
        let (exit, envelope) = home.json(&at(&node, &claim));
        assert_eq!((exit, &envelope["data"]["repeated"]), (0, &Value::Null), "{is_released}");
        assert_eq!(claims_sent(&node), 2, "it is claimed anew, and the ledger judges it");
    }
    // A moment later the same command still means the same claim.
    let (node, home) = bank(Answer::Silence);
    history(&node, &[requested(2, 4_000_000_000_000)]);
    assert_eq!(home.run(&at(&node, &claim)).code, 9);
    node.answer(Answer::Committed);
    assert_eq!(home.json(&at(&node, &claim)).1["data"]["repeated"], true);
    assert_eq!(claims_sent(&node), 1);
}

#[test]
fn a_list_of_requests_tells_how_each_stands() {
    let (node, home) = bank(Answer::Committed);
    let settled = RedeemSettled {
        redeem: redeem(3),
        account: holder(),
        bank: BANK,
        bank_account: account(),
        amount: Yen::new(70),
    };
    let week = NOW + 168 * HOUR_MS;
    let entries = [
        entry(3, settled),
        claimed(3, NOW + HOUR_MS),
        claimed(2, NOW + HOUR_MS),
        claimed(4, NOW),
        requested(5, NOW),
        requested(4, week),
        requested(3, week),
        requested(2, week),
        requested(1, week),
    ];
    history(&node, &entries);
    let states = |more: &[&str]| -> Vec<(String, String)> {
        let (_, envelope) = home.json(&at(&node, &[&["bank", "redeem", "ls"], more].concat()));
        let requests = envelope["data"]["requests"].as_array().unwrap().iter();
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let states = requests.map(|one| (text(&one["event"]["redeem"]), text(&one["state"])));
        let mut states: Vec<(String, String)> = states.collect();
        states.sort_unstable();
        states
    };
    let of = |all: &[(u8, &str)]| -> Vec<(String, String)> {
        all.iter()
            .map(|(number, state)| (redeem(*number).to_string(), (*state).to_owned()))
            .collect()
    };
    assert_eq!(states(&[]), of(&[(1, "open"), (2, "claimed"), (4, "open")]));
    let all = [(1, "open"), (2, "claimed"), (3, "settled"), (4, "open"), (5, "lapsed")];
    assert_eq!(states(&["--all"]), of(&all));
    let told = home.ok(&at(&node, &["bank", "redeem", "ls"])).stdout;
    assert!(told.contains("claimed until 2026/11/22 10:00"), "{told}");
}

#[test]
fn a_list_of_requests_that_was_not_read_to_its_end_says_so() {
    let (node, home) = bank(Answer::Rejected(2034));
    let path = path::history(&account().to_address(&prefix()));
    let page = [claimed(2, NOW + HOUR_MS)];
    node.tells(path.as_str(), json!({ "entries": page, "next": "more" }));
    let (_, envelope) = home.json(&at(&node, &["bank", "redeem", "ls"]));
    let warning = &envelope["warnings"][0];
    assert_eq!(warning["code"], "redeems-cut", "{envelope}");
    assert_eq!(warning["details"]["back_to"], "2026-11-22T00:00:00.000Z", "{envelope}");
    let told = home.run(&at(&node, &["bank", "redeem", "ls"]));
    assert!(told.stderr.contains("older requests are not shown"), "{told:?}");
    let claim = home.run(&at(&node, &["bank", "redeem", "claim", &redeem(9).to_string()]));
    assert_eq!(claim.code, 1, "not known to be absent: {claim:?}");
}

#[test]
fn a_holder_is_told_until_when_a_request_cannot_be_taken_back() {
    let (node, home) = bank(Answer::Rejected(2034));
    history(&node, &[claimed(1, NOW + HOUR_MS), requested(1, NOW + 168 * HOUR_MS)]);
    let cancel = ["redeem", "--cancel", &redeem(1).to_string()];
    let outcome = home.run(&at(&node, &cancel));
    assert_eq!(outcome.code, 6, "{outcome:?}");
    assert!(outcome.stderr.contains("cannot be taken back before 2026/11/22 10:00"), "{outcome:?}");
    let (_, envelope) = home.json(&at(&node, &cancel));
    let error = &envelope["errors"][0];
    assert_eq!(error["code"], "code-2034");
    assert_eq!(error["details"]["claimed_until"], "2026-11-22T01:00:00.000Z");
    // A colleague's claim is told to whoever would pay too.
    let claim = ["bank", "redeem", "claim", &redeem(1).to_string()];
    let outcome = home.run(&at(&node, &claim));
    assert!(outcome.stderr.contains("Do not pay"), "{outcome:?}");
}
