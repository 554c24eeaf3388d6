//! Many payments from a file, against a node that answers as it is told.

use std::collections::BTreeSet;

use ledger_types::{AccountId, Operation, Transaction};
use serde_json::{Value, json};

use crate::node::{Answer, Node, account, address_of};
use crate::run::Home;

/// Pays the file `rows.csv` of a home; the exit code and the envelope.
fn pay(home: &Home, node: &Node, rows: &[String], more: &[&str]) -> (i32, Value) {
    std::fs::write(home.path("rows.csv"), rows.join("\n") + "\n").unwrap();
    let command = ["send", "--file", "rows.csv", "--batch", "11", "--yes", "--timeout", "2"];
    home.json(&[&command[..], &["--node", &node.url], more].concat())
}

fn row(to: u8, amount: u32) -> String {
    format!("{},{amount}", address_of(to))
}

fn code(envelope: &Value) -> &str {
    envelope["errors"][0]["code"].as_str().unwrap_or_default()
}

/// What each row became, by its line.
fn outcomes(data: &Value) -> Vec<(u64, &str)> {
    let results = data["results"].as_array().unwrap().iter();
    results.map(|one| (one["line"].as_u64().unwrap(), one["outcome"].as_str().unwrap())).collect()
}

/// The transactions that were sent, each once.
fn distinct(node: &Node) -> Vec<Transaction> {
    let mut seen = BTreeSet::new();
    let mut all = node.submitted();
    all.retain(|one| seen.insert(one.id(&node.genesis)));
    all
}

#[test]
fn a_file_is_checked_whole_before_its_first_row_is_sent() {
    let node = Node::start(Answer::Committed);
    let home = node.home();
    let own =
        format!("{},5", account().to_address(&ledger_types::AddressPrefix::new("aizu").unwrap()));
    let rows = [row(1, 5), "nobody,5".to_owned(), row(2, 6), format!("{},1.5", address_of(3)), own];
    let (exit, envelope) = pay(&home, &node, &rows, &[]);
    assert_eq!((exit, code(&envelope)), (2, "bad-row"), "{envelope}");
    let faulty = envelope["errors"][0]["details"]["rows"].as_array().unwrap().iter();
    let lines: Vec<u64> = faulty.map(|one| one["line"].as_u64().unwrap()).collect();
    assert_eq!(lines, [2, 4, 5]);
    // The thousands of an amount without quotes are no reference.
    let cut = ["宛先,金額,摘要".to_owned(), format!("{},1,200円", address_of(1))];
    assert_eq!(code(&pay(&home, &node, &cut, &[]).1), "bad-row");
    let (exit, envelope) = pay(&home, &node, &[row(1, 9_000), row(2, 3_001)], &[]);
    assert_eq!((exit, code(&envelope)), (7, "batch-short"), "{envelope}");
    let latin = [row(1, 5).as_bytes(), b"\n\n", row(2, 5).as_bytes(), b",M\xfcller\n"].concat();
    std::fs::write(home.path("rows.csv"), latin).unwrap();
    let command = ["send", "--file", "rows.csv", "--batch", "11", "--node", &node.url];
    let (exit, envelope) = home.json(&command);
    assert_eq!((exit, code(&envelope)), (3, "not-text"), "{envelope}");
    let message = envelope["errors"][0]["message"].as_str().unwrap();
    assert!(message.contains("rows.csv:3 "), "{message}");
    assert!(node.submitted().is_empty());
}

#[test]
fn a_file_of_any_office_program_is_understood() {
    let text = format!("宛先,金額,摘要\r\n{},1200円,給食費\r\n", address_of(1));
    let utf_16 = |bytes: fn(u16) -> [u8; 2]| -> Vec<u8> {
        core::iter::once(0xFEFF).chain(text.encode_utf16()).flat_map(bytes).collect()
    };
    // The words that are not ASCII, as Windows' Shift_JIS has them.
    let address = address_of(1);
    let windows = [
        b"\x88\xb6\x90\xe6,\x8b\xe0\x8az,\x93E\x97v\r\n".as_slice(),
        address.as_bytes(),
        b",1200\x89~,\x8b\x8b\x90H\x94\xef\r\n",
    ];
    for bytes in [
        format!("\u{feff}{text}").into_bytes(),
        utf_16(u16::to_le_bytes),
        utf_16(u16::to_be_bytes),
        windows.concat(),
    ] {
        let node = Node::start(Answer::Committed);
        let home = node.home();
        std::fs::write(home.path("rows.csv"), bytes).unwrap();
        let command = ["send", "--file", "rows.csv", "--batch", "11", "--yes", "--node", &node.url];
        let (exit, envelope) = home.json(&command);
        assert_eq!((exit, &envelope["warnings"]), (0, &json!([])), "{envelope}");
        assert_eq!(envelope["data"]["results"][0]["reference"], "給食費", "{envelope}");
        assert_eq!(envelope["data"]["amount"], "1200", "{envelope}");
    }
}

#[test]
fn a_row_is_named_by_the_line_on_which_it_begins() {
    let node = Node::start(Answer::Committed);
    let home = node.home();
    let rows = [
        "宛先,金額,摘要".to_owned(),
        String::new(),
        format!("{},5,\"two\nlines\r\nand three\"", address_of(1)),
        String::new(),
        String::new(),
        format!("{},1.5,x", address_of(2)),
        format!("{},7,x", address_of(3)),
        "nobody,8,x".to_owned(),
    ];
    let (exit, envelope) = pay(&home, &node, &rows, &[]);
    assert_eq!((exit, code(&envelope)), (2, "bad-row"), "{envelope}");
    let faulty = envelope["errors"][0]["details"]["rows"].as_array().unwrap().iter();
    let lines: Vec<u64> = faulty.map(|one| one["line"].as_u64().unwrap()).collect();
    assert_eq!(lines, [8, 10]);
}

#[test]
fn a_last_line_that_is_cut_is_warned_of_whatever_becomes_of_the_rows() {
    let rows = format!("{}\n{}", row(1, 5), row(2, 6));
    for (answer, more, exit) in [
        (Answer::Committed, &["--yes"][..], 0),
        (Answer::Committed, &["--dry-run"], 0),
        (Answer::Rejected(2003), &["--yes"], 6),
    ] {
        let node = Node::start(answer);
        let home = node.home();
        std::fs::write(home.path("rows.csv"), &rows).unwrap();
        let command = ["send", "--file", "rows.csv", "--batch", "11", "--node", &node.url];
        let (found, envelope) = home.json(&[&command[..], more].concat());
        assert_eq!(
            (found, envelope["warnings"].as_array().unwrap().len()),
            (exit, 1),
            "{envelope}"
        );
        std::fs::write(home.path("rows.csv"), format!("{rows}\n")).unwrap();
        let (_, envelope) = home.json(&[&command[..], more].concat());
        assert_eq!(envelope["warnings"], json!([]), "{envelope}");
    }
}

#[test]
fn as_many_rows_are_under_way_as_her_nonce_window_allows() {
    let node = Node::start(Answer::CommittedTogether(128));
    let home = node.home();
    let rows: Vec<String> = (0..200).map(|place| row(1 + place % 6, 1)).collect();
    std::fs::write(home.path("rows.csv"), rows.join("\n") + "\n").unwrap();
    let command = ["send", "--file", "rows.csv", "--batch", "11", "--yes", "--timeout", "60"];
    let (exit, envelope) = home.json(&[&command[..], &["--node", &node.url]].concat());
    assert_eq!((exit, &envelope["data"]["paid"]), (0, &json!(200)), "{envelope}");
    assert_eq!(node.most_at_once(), 128);
}

#[test]
fn a_first_line_that_is_data_is_data() {
    for (first, paid) in [
        (vec![row(1, 5)], 2),
        (vec!["宛先,金額".to_owned()], 1),
        (vec!["\u{feff}Address,Amount".to_owned(), String::new()], 1),
    ] {
        let node = Node::start(Answer::Committed);
        let home = node.home();
        let (exit, envelope) = pay(&home, &node, &[first.clone(), vec![row(2, 6)]].concat(), &[]);
        assert_eq!((exit, &envelope["data"]["paid"]), (0, &json!(paid)), "{first:?}: {envelope}");
    }
    let node = Node::start(Answer::Committed);
    let home = node.home();
    for first in ["name,price", "宛先,500", &format!("{},1O0", address_of(1))] {
        let (exit, envelope) = pay(&home, &node, &[first.to_owned(), row(2, 6)], &[]);
        assert_eq!((exit, code(&envelope)), (2, "bad-row"), "{first}");
    }
    assert!(node.submitted().is_empty());
}

#[test]
fn each_row_is_paid_once_whatever_changes_in_the_file_between_two_runs() {
    let node = Node::start(Answer::Committed);
    let home = node.home();
    let run = |rows: &[String]| pay(&home, &node, rows, &[]);
    let counts = |envelope: &Value| {
        let data = &envelope["data"];
        (data["paid"].as_u64().unwrap(), data["paid_before"].as_u64().unwrap())
    };
    let (a, b, c) = (row(1, 5), row(2, 6), row(3, 7));
    // Equal rows are as many payments, and are pointed out before anybody agrees.
    let (_, envelope) = run(&[a.clone(), b.clone(), a.clone()]);
    assert_eq!(counts(&envelope), (3, 0), "{envelope}");
    assert_eq!(outcomes(&envelope["data"]), [(1, "committed"), (2, "committed"), (3, "committed")]);
    let said = ["send", "--file", "rows.csv", "--batch", "12", "--dry-run", "--node", &node.url];
    assert!(home.ok(&said).stdout.contains("Equal rows: 1 repeat"));
    // The same, another order with a new row in front, and one more of what was there twice.
    assert_eq!(counts(&run(&[a.clone(), b.clone(), a.clone()]).1), (0, 3));
    assert_eq!(counts(&run(&[c.clone(), a.clone(), a.clone(), b.clone()]).1), (1, 3));
    let longer = [a.clone(), c.clone(), a.clone(), b.clone(), a.clone()];
    assert_eq!(counts(&run(&longer).1), (1, 4));
    assert_eq!(node.submitted().len(), 5);
    // A row that was paid and is not there any more, or otherwise, stops the run.
    for changed in
        [vec![a.clone(), c.clone(), a.clone(), b], vec![row(2, 9), c, a.clone(), a.clone(), a]]
    {
        let (exit, envelope) = run(&changed);
        assert_eq!((exit, code(&envelope)), (2, "batch-changed"), "{envelope}");
    }
    assert_eq!(node.submitted().len(), 5);
    // Another batch is another one.
    let (_, envelope) = pay(&home, &node, &longer, &["--batch", "12"]);
    assert_eq!(envelope["success"], json!(false), "a batch has one name");
}

#[test]
fn rows_of_unknown_outcome_are_sent_again_as_they_were_and_none_is_lost() {
    let node = Node::start(Answer::Silence);
    let home = node.home();
    let rows: Vec<String> = (1..=5).map(|to| row(to + 20, 5)).collect();
    let (exit, envelope) = pay(&home, &node, &rows, &[]);
    assert_eq!((exit, code(&envelope)), (9, "batch-unfinished"), "{envelope}");
    let told = outcomes(&envelope["errors"][0]["details"]);
    assert!(told.iter().all(|(_, outcome)| *outcome == "unknown"), "{told:?}");
    // The outcome is not known still; nothing new is signed, whatever the file says now.
    let longer = [&rows[1..], &[row(30, 6), rows[0].clone()]].concat();
    assert_eq!(pay(&home, &node, &longer, &[]).0, 9);
    assert_eq!(distinct(&node).len(), 5);
    // One of them was asked about by its name meanwhile.
    node.answer(Answer::Committed);
    let one = node.submitted()[0].id(&node.genesis).to_string();
    home.ok(&["receipt", &one, "--node", &node.url]);
    let (exit, envelope) = pay(&home, &node, &longer, &[]);
    assert_eq!(exit, 0, "{envelope}");
    assert_eq!(distinct(&node).len(), 6);
    let again = pay(&home, &node, &longer, &[]).1;
    assert_eq!(again["data"]["paid_before"], json!(6), "{again}");
    assert_eq!(distinct(&node).len(), 6);
}

#[test]
fn rows_of_one_payer_use_her_whole_window_of_nonces_and_wait_for_her_allowance() {
    let node = Node::start(Answer::CommittedAfter(3));
    let home = node.home();
    let rows: Vec<String> =
        (0..300).map(|at| format!("{},{}", address_of(20), 1 + at % 7)).collect();
    let (exit, envelope) = pay(&home, &node, &rows, &[]);
    assert_eq!((exit, &envelope["data"]["paid"]), (0, &json!(300)), "{envelope}");
    let paid = distinct(&node);
    let nonces: BTreeSet<u64> = paid.iter().map(|one| one.unsigned.nonce.get()).collect();
    assert_eq!((paid.len(), nonces), (300, (3..303).collect()), "none is passed over");
}

#[test]
fn a_rejected_row_is_named_and_the_others_are_paid() {
    let node = Node::start(Answer::RejectedTo(AccountId::new([2; 20]), 2002));
    let home = node.home();
    let rows = [row(1, 5), row(2, 6), row(3, 7)];
    let (exit, envelope) = pay(&home, &node, &rows, &[]);
    assert_eq!((exit, code(&envelope)), (6, "batch-unfinished"), "{envelope}");
    let error = &envelope["errors"][0];
    let told = [(1, "committed"), (2, "rejected"), (3, "committed")];
    assert_eq!(outcomes(&error["details"]), told);
    assert!(error["message"].as_str().unwrap().contains("line 2: "), "{error}");
    node.answer(Answer::Committed);
    let (exit, envelope) = pay(&home, &node, &rows, &[]);
    assert_eq!((exit, &envelope["data"]["paid"]), (0, &json!(1)), "{envelope}");
}

#[test]
fn a_months_compensation_is_paid_to_each_once_however_its_file_grows() {
    let node = Node::start(Answer::Committed);
    let home = node.home();
    let command = ["party", "dividend", "rows.csv", "--party", "2", "--terms", "1"];
    let command = [&command[..], &["--month", "2026-11", "--yes", "--node", &node.url]].concat();
    let run = |rows: &[String]| {
        std::fs::write(home.path("rows.csv"), rows.concat()).unwrap();
        home.json(&command).1
    };
    let line = |to, amount| row(to, amount) + "\n";
    assert_eq!(run(&[line(1, 5), line(2, 6)])["data"]["paid"], json!(2));
    let longer = run(&[line(3, 7), line(2, 6), line(1, 5)]);
    assert_eq!((&longer["data"]["paid"], &longer["data"]["paid_before"]), (&json!(1), &json!(2)));
    let paid = node.submitted().into_iter().flat_map(|one| one.unsigned.operations);
    let parts: Vec<(u32, usize)> = paid
        .map(|operation| match operation {
            Operation::PayDividend(paid) => (paid.chunk, paid.rows.len()),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(parts, [(0, 2), (1, 1)]);
    assert_eq!(code(&run(&[line(3, 7)])), "batch-changed");
    let unended = run(&[line(3, 7), line(2, 6), row(1, 5)]);
    assert_eq!(unended["warnings"].as_array().unwrap().len(), 1, "{unended}");
}
