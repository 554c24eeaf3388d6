//! Consents against a node that answers as it is told: what is shown, sent, kept, and not said.

use ledger_types::access::holder_commitment;
use ledger_types::operation::{AccessBasis, RequestKind};
use ledger_types::{AccountId, Hash, Operation, PartyId};
use serde_json::json;

use crate::help::pinned;
use crate::node::{Answer, NOTICE, Node, other_address};
use crate::run::Home;

const ID: &str = "3f9a000000000000000000000000000000000000000000000000000000000000";

/// A home with the files that commands read.
fn home(node: &Node) -> Home {
    with_files(node.home())
}

fn with_files(home: Home) -> Home {
    std::fs::write(home.path("notice.txt"), NOTICE).unwrap();
    std::fs::write(home.path("evidence.txt"), "佐藤花子 0242-39-1111").unwrap();
    std::fs::write(home.path("scan.pdf"), [0x25, 0x50, 0x44, 0x46, 0xff, 0xfe]).unwrap();
    let terms = json!([{
        "category": "お薬手帳", "purpose": "地域医療連携", "recipients": [{ "type": "party", "party": 3 }],
        "operations": ["consult"], "retention_days": 30, "region": "JP-07", "sensitive": true,
    }]);
    std::fs::write(home.path("terms.json"), terms.to_string()).unwrap();
    home
}

fn with_node<'a>(node: &'a Node, arguments: &[&'a str]) -> Vec<&'a str> {
    [arguments, &["--yes", "--node", &node.url]].concat()
}

/// What a counter sent after the word that the person registered it.
fn entered(node: &Node) -> Operation {
    let submitted = node.submitted();
    let [transaction] = submitted.as_slice() else { panic!("{submitted:?}") };
    let [Operation::RegisterCounter(registered), operation] =
        transaction.unsigned.operations.as_slice()
    else {
        panic!("{transaction:?}")
    };
    assert!(registered.form.is_some());
    operation.clone()
}

/// The one operation that was sent.
fn sent(node: &Node) -> Operation {
    let submitted = node.submitted();
    let [transaction] = submitted.as_slice() else { panic!("{submitted:?}") };
    let [operation] = transaction.unsigned.operations.as_slice() else { panic!("{transaction:?}") };
    operation.clone()
}

const GRANT: [&str; 10] = [
    "consent",
    "grant",
    "--party",
    "2",
    "--notice",
    "7",
    "--notice-file",
    "notice.txt",
    "--terms",
    "terms.json",
];

#[test]
fn a_first_consent_goes_to_a_file_and_its_terms_to_the_vault() {
    let node = Node::start(Answer::Committed);
    let home = home(&node);
    let needs = home.json(&with_node(&node, &GRANT));
    assert_eq!((needs.0, &needs.1["errors"][0]["code"]), (2, &json!("cosignature-needed")));
    let out = [&GRANT[..], &["--out", "consent.kyojo", "--lang", "ja"]].concat();
    let outcome = home.ok(&with_node(&node, &out));
    for part in ["お薬手帳 → 地域医療連携", "事業者 2番", "説明文: 7（第 3 版）"]
    {
        assert!(outcome.stderr.contains(part), "{part}: {}", outcome.stderr);
    }
    assert!(node.submitted().is_empty(), "the controller sends it");
    let file = std::fs::read_to_string(home.path("consent.kyojo")).unwrap();
    let kept = files_under(&home.path("vault"));
    assert!(kept.iter().any(|(name, _)| name.contains("opening-0")), "the terms are kept");
    for word in ["MedicationRecord", "お薬手帳", "RegionalMedical"] {
        assert!(!file.contains(word), "{word} stands in the file for the controller");
        assert!(kept.iter().all(|(_, bytes)| !contains(bytes, word)), "{word} is kept in clear");
    }
}

fn contains(bytes: &[u8], word: &str) -> bool {
    bytes.windows(word.len()).any(|window| window == word.as_bytes())
}

/// Every file under a folder, with its path.
fn files_under(folder: &std::path::Path) -> Vec<(String, Vec<u8>)> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(files_under(&path));
        } else {
            files.push((path.display().to_string(), std::fs::read(&path).unwrap()));
        }
    }
    files
}

#[test]
fn wrong_terms_and_another_notice_are_refused_before_anything_is_kept() {
    let node = Node::start(Answer::Committed);
    let home = home(&node);
    std::fs::write(home.path("terms.json"), r#"[{"category": "おくすり"}]"#).unwrap();
    let (exit, envelope) = home.json(&with_node(&node, &GRANT));
    assert_eq!((exit, &envelope["errors"][0]["code"]), (2, &json!("terms-shape")));
    let message = envelope["errors"][0]["message"].as_str().unwrap();
    assert!(message.contains("Process 1") && message.contains("purpose"), "{message}");
    std::fs::write(home.path("notice.txt"), "Something else.\n").unwrap();
    let flags = [
        &GRANT[..8],
        &["--category", "移動の記録", "--purpose", "移動・交通", "--recipient", "2"],
        &["--operation", "use"],
    ]
    .concat();
    let (exit, envelope) = home.json(&with_node(&node, &flags));
    assert_eq!((exit, &envelope["errors"][0]["code"]), (10, &json!("notice-differs")));
    assert!(node.submitted().is_empty());
}

#[test]
fn evidence_leaves_as_a_salted_hash_only_and_is_kept_encrypted() {
    let node = Node::start(Answer::Committed);
    let home = home(&node);
    for file in ["evidence.txt", "scan.pdf"] {
        let before = node.submitted().len();
        let withdraw = ["counter", "withdraw", ID, "--evidence", file];
        let outcome = home.ok(&with_node(&node, &withdraw));
        assert!(outcome.stdout.contains("entered on the ledger"), "{}", outcome.stdout);
        let submitted = node.submitted();
        let operation = submitted[before].unsigned.operations[0].clone();
        let Operation::WithdrawFor(withdraw) = operation else { panic!("{operation:?}") };
        assert_eq!(withdraw.consent.get().to_string(), ID);
        let plain = std::fs::read(home.path(file)).unwrap();
        assert_ne!(withdraw.evidence, Hash::of(&[&plain]), "without a salt it could be guessed");
    }
    let kept = files_under(&home.path("vault"));
    assert_eq!(kept.iter().filter(|(name, _)| name.contains("presentation")).count(), 2);
    assert!(kept.iter().all(|(_, bytes)| !contains(bytes, "佐藤")));
    let again = ["counter", "withdraw", ID, "--evidence", "evidence.txt", "--dry-run"];
    home.ok(&with_node(&node, &again));
    assert_eq!(node.submitted().len(), 2, "a dry run sends nothing");
}

#[test]
fn a_counters_requests_and_objections_say_what_they_are() {
    let node = Node::start(Answer::Committed);
    let home = with_files(node.counter_home());
    let subject = other_address();
    let request = ["counter", "request", "erase", "--party", "2", "--subject", &subject];
    home.ok(&with_node(&node, &[&request[..], &["--file", "evidence.txt"]].concat()));
    let Operation::SubjectRequest(asked) = entered(&node) else { panic!() };
    assert_eq!(
        (asked.kind, asked.on_behalf_of),
        (RequestKind::Erase, Some(AccountId::new([8; 20])))
    );

    let node = Node::start(Answer::Committed);
    let home = self::home(&node);
    home.ok(&["party", "person", "evidence.txt", "--out", "person.json"]);
    let stop = ["counter", "stop-opt-out", "--party", "2", "--scheme", "1"];
    let of = ["--person", "person.json", "--evidence", "scan.pdf"];
    home.ok(&with_node(&node, &[&stop[..], &of].concat()));
    let Operation::StopOptOut(stopped) = sent(&node) else { panic!() };
    assert!(stopped.evidence.is_some());
    let opened = std::fs::read_to_string(home.path("person.json")).unwrap();
    assert!(opened.contains("佐藤花子"), "those who must know the person are given the file");

    let node = Node::start(Answer::Committed);
    let home = self::home(&node);
    let access = ["party", "access", "opt-out", "--party", "2", "--scheme", "1", "--person", ID];
    home.ok(&with_node(&node, &[&access[..], &["--holder", "4"]].concat()));
    let Operation::RequestAccess(access) = sent(&node) else { panic!() };
    assert!(matches!(access.basis, AccessBasis::OptOut { sensitive: false, .. }));
}

#[test]
fn the_file_of_an_access_opens_its_holder_to_those_who_record() {
    let node = Node::start(Answer::Committed);
    let home = self::home(&node);
    let access = ["party", "access", "break-glass", ID, "--holder", "4", "--out", "access.json"];
    let dry = home.ok(&with_node(&node, &[&access[..], &["--dry-run"]].concat()));
    assert!(dry.stdout.contains("access.json") && !home.path("access.json").exists());
    home.ok(&with_node(&node, &access));
    let Operation::RequestAccess(asked) = sent(&node) else { panic!() };
    let file = std::fs::read(home.path("access.json")).unwrap();
    let file: serde_json::Value = serde_json::from_slice(&file).unwrap();
    let salt: Hash = serde_json::from_value(file["salt"].clone()).unwrap();
    assert_eq!((&file["access"], &file["holder"]), (&json!(asked.access), &json!(4)));
    assert_eq!(asked.holder, holder_commitment(PartyId::new(4), &salt));

    let last = |arguments: &[&str]| {
        home.ok(&with_node(&node, arguments));
        node.submitted().last().unwrap().unsigned.operations[0].clone()
    };
    let given = ["party", "record", "use", "access.json", "--disclosure", ID];
    let Operation::RecordUse(given) = last(&given) else { panic!() };
    assert_eq!((given.access, given.salt), (asked.access, salt));
    let Operation::RecordReceipt(received) =
        last(&["party", "record", "receipt", "access.json", "--disclosure", ID])
    else {
        panic!()
    };
    assert_eq!((received.access, received.disclosure), (asked.access, given.disclosure));
    std::fs::write(home.path("hour.txt"), ID).unwrap();
    let hourly = ["party", "record", "hourly", "hour.txt", "--half", "holder", "--with", "3"];
    let of = ["--hour", "2026-11-22T17:00", "--access", "access.json"];
    let Operation::RecordDisclosures(hour) = last(&[&hourly[..], &of].concat()) else { panic!() };
    assert_eq!((hour.access, hour.salt), (asked.access, salt));
    let Operation::NameHolder(named) = last(&["party", "name-holder", "access.json"]) else {
        panic!()
    };
    assert_eq!((named.access, named.party, named.salt), (asked.access, PartyId::new(4), salt));

    // Nothing is sent where the file is there already: it opens another access.
    let before = node.submitted().len();
    let (exit, envelope) = home.json(&with_node(&node, &access));
    assert_eq!((exit, &envelope["errors"][0]["code"]), (3, &json!("file")));
    assert_eq!(node.submitted().len(), before);
}

#[test]
fn a_slip_whose_consent_is_not_known_to_be_entered_is_the_one_that_goes_home() {
    let node = Node::start(Answer::Silence);
    let home = with_files(node.counter_home());
    let grant = [&["counter"][..], &GRANT[1..], &["--form", "scan.pdf", "--slip", "slip.txt"]];
    let grant = with_node(&node, &[&grant.concat()[..], &["--timeout", "1"]].concat());
    assert_eq!(home.run(&grant).code, 9);
    let slip = std::fs::read_to_string(home.path("slip.txt")).unwrap();
    node.answer(Answer::Committed);
    let (exit, envelope) = home.json(&grant);
    assert_eq!((exit, &envelope["data"]["repeated"]), (0, &json!(true)), "{envelope}");
    assert_eq!(std::fs::read_to_string(home.path("slip.txt")).unwrap(), slip);
    let submitted = node.submitted();
    assert!(submitted.iter().all(|one| *one == submitted[0]), "one consent, not two");

    // One that was rejected after all does not stay, and neither do its words.
    let node = Node::start(Answer::Silence);
    let home = with_files(node.counter_home());
    let grant: Vec<&str> =
        grant.iter().map(|word| word.strip_prefix("http").map_or(*word, |_| &node.url)).collect();
    assert_eq!(home.run(&grant).code, 9);
    node.answer(Answer::Rejected(4003));
    assert_eq!(home.run(&grant).code, 6);
    assert!(!home.path("slip.txt").exists());
}

#[test]
fn a_counter_writes_a_slip_with_words_that_are_kept_nowhere_else() {
    let node = Node::start(Answer::Committed);
    let home = with_files(node.counter_home());
    let grant = [
        &["counter"][..],
        &GRANT[1..],
        &["--form", "scan.pdf", "--slip", "slip.html", "--lang", "ja", "--notice-language", "ja"],
    ]
    .concat();
    let outcome = home.ok(&with_node(&node, &grant));
    let Operation::Grant(granted) = entered(&node) else { panic!() };
    let slip = std::fs::read_to_string(home.path("slip.html")).unwrap();
    for part in ["あなたが同意したこと", "お薬手帳", "地域医療連携", "24pt", "窓口", " 1. ", "12. "]
    {
        assert!(slip.contains(part), "{part}: {slip}");
    }
    let first: String = granted.consent.get().to_string().chars().take(4).collect();
    assert!(slip.contains(&first) && granted.on_behalf_of.is_some());
    let last = slip.split("12. ").nth(1).and_then(|rest| rest.split('<').next()).unwrap();
    for (name, bytes) in files_under(home.root()) {
        let is_slip = name.ends_with("slip.html");
        assert_eq!(contains(&bytes, &format!("12. {last}")), is_slip, "{name}");
    }
    assert!(!outcome.stdout.contains(last) && !outcome.stderr.contains(last));

    // A slip for something that the ledger refused does not stay.
    node.answer(Answer::Rejected(4003));
    let again: Vec<&str> =
        grant.iter().map(|word| if *word == "slip.html" { "slip.txt" } else { *word }).collect();
    let (exit, envelope) = home.json(&with_node(&node, &again));
    assert_eq!((exit, &envelope["errors"][0]["code"]), (6, &json!("code-4003")));
    assert!(!home.path("slip.txt").exists());
}

#[test]
fn what_cannot_be_read_is_said_before_a_node_is_asked() {
    let home = Home::new();
    std::fs::write(home.path("x"), "x").unwrap();
    for (arguments, exit, code) in [
        (["consent", "grant", "--party", "2"].as_slice(), 2, "usage-missing"),
        (&["consent", "amend", ID], 2, "usage-missing"),
        (&["consent", "reconsent", "answer", ID], 2, "usage-missing"),
        (&["consent", "reconsent", "answer", ID, "--accept", ID], 2, "usage-missing"),
        (&["counter", "withdraw", "xyz", "--evidence", "x"], 2, "bad-hash"),
        (&["counter", "withdraw", ID, "--evidence", "missing"], 5, "file"),
        (&["party", "acknowledge", ID, "--stopped", "soon", "--deleted"], 2, "bad-date"),
        (&["party", "acknowledge", ID, "--stopped", "2026-11-22"], 2, "usage-missing"),
        (&["party", "answer", ID, "--outcome", "refused", "--file", "x"], 2, "usage-missing"),
        (&["party", "access", "consent", "x", "--holder", "2"], 3, "bad-json"),
        (&["party", "access", "consent", "x"], 2, "usage-missing"),
        (&["party", "name-holder", "x"], 3, "bad-json"),
        (
            &[
                "party",
                "register",
                "--party",
                "9",
                "--role",
                "counter",
                "--key",
                "ed25519:0000000000000000000000000000000000000000000000000000000000000000",
                "--corporate-number",
                "1000012050002",
            ],
            2,
            "bad-corporate-number",
        ),
        (
            &["party", "dividend", "x", "--party", "1", "--terms", "1", "--month", "11"],
            2,
            "bad-month",
        ),
        (&["audit", "report", "--party", "2", "--from", "x", "--to", "y"], 2, "bad-date"),
        (&["consent", "directory", "x"], 3, "bad-directory"),
    ] {
        let (found, envelope) = home.json(arguments);
        let expected = (exit, json!(code));
        assert_eq!((found, envelope["errors"][0]["code"].clone()), expected, "{arguments:?}");
    }
}

#[test]
fn words_are_found_in_both_languages() {
    let home = Home::new();
    for lang in ["ja", "en"] {
        let outcome = home.ok(&["consent", "words", "薬", "--lang", lang]);
        pinned(&format!("consent-words-{lang}.txt"), &outcome.stdout);
    }
    let (_, envelope) = home.json(&["consent", "words", "MedicationRecord"]);
    let concept = &envelope["data"]["concepts"][0];
    assert_eq!(
        (&concept["label"]["ja"], &concept["sensitive"]),
        (&json!("お薬手帳"), &json!(true))
    );
}
