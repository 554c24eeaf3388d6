//! Errors: exit codes, the envelope, both languages, and nothing secret in any of them.

use serde_json::json;

use crate::node::{Answer, Node, other_address};
use crate::run::{Home, PASSWORD};

/// An address where nobody listens: it was free a moment ago.
fn nobody() -> String {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    format!("http://{}", listener.local_addr().unwrap())
}

#[test]
fn mistakes_on_the_command_line_end_with_2_and_say_what_is_wrong() {
    let home = Home::new();
    for (arguments, code) in [
        ([].as_slice(), "usage-no-command"),
        (&["wallet"], "usage-no-command"),
        (&["frobnicate"], "usage-no-such-command"),
        (&["send", "x"], "usage-missing"),
        (&["balance", "--colour"], "usage-unknown"),
        (&["balance", "--timeout", "0"], "usage-value"),
        (&["redeem", "5", "--cancel", "x"], "usage-conflict"),
        (&["send", "x", "1.5"], "bad-amount"),
        (&["send", "x", "0"], "bad-amount"),
        (&["receipt", "xyz"], "bad-hash"),
        (&["wallet", "new", "../x", "--yes"], "bad-alias"),
        (&["wallet", "new", "x", "--yes", "--count", "13"], "word-count"),
    ] {
        let (exit, envelope) = home.json(arguments);
        assert_eq!((exit, &envelope["errors"][0]["code"]), (2, &json!(code)), "{arguments:?}");
        assert_eq!(envelope["data"], json!(null));
    }
}

#[test]
fn an_error_is_one_envelope_in_the_language_that_was_asked_for() {
    let home = Home::new();
    for (lang, message) in [
        ("en", "There is no wallet named taro. See: kyojo wallet ls"),
        ("ja", "taro というウォレットはありません。一覧は: kyojo wallet ls"),
    ] {
        let outcome = home.run(&["wallet", "show", "taro", "--json", "--lang", lang]);
        let expected = json!({
            "schema_version": 1, "success": false, "data": null, "warnings": [],
            "errors": [{ "code": "wallet-unknown", "message": message, "details": null }],
        });
        assert_eq!(outcome.code, 5);
        assert_eq!(outcome.stdout, format!("{expected}\n"));
        assert!(outcome.stderr.contains(message), "people read the same: {}", outcome.stderr);
    }
}

#[test]
fn a_broken_configuration_is_named_with_its_line() {
    let home = Home::new();
    std::fs::write(home.path("config.toml"), "lang = \"ja\"\ncolour = true\n").unwrap();
    let outcome = home.run(&["wallet", "ls", "--lang", "en"]);
    assert_eq!(outcome.code, 3);
    assert!(outcome.stderr.contains("config.toml:2") && outcome.stderr.contains("colour"));
}

#[test]
fn each_kind_of_failure_has_its_exit_code() {
    let node = Node::start(Answer::Committed);
    let home = node.home();
    let to = other_address();
    let send = |more: &[&str]| {
        let mut all = vec!["send", &to, "100", "--node", &node.url];
        all.extend(more);
        let (exit, envelope) = home.json(&all);
        (exit, envelope["errors"][0]["code"].as_str().map(str::to_owned))
    };
    let failed = |exit: i32, code: &str| (exit, Some(code.to_owned()));
    assert_eq!(send(&[]), failed(11, "not-confirmed"));
    assert!(node.submitted().is_empty(), "nobody agreed");

    std::fs::write(home.path("wrong"), "wrong password\n").unwrap();
    assert_eq!(send(&["--yes", "--password-file", "wrong"]), failed(4, "wrong-password"));
    node.answer(Answer::Rejected(2002));
    assert_eq!(send(&["--yes"]), failed(6, "code-2002"));
    node.answer(Answer::Rejected(2004));
    assert_eq!(send(&["--yes"]), failed(7, "code-2004"));
    node.answer(Answer::Rejected(2999));
    assert_eq!(send(&["--yes"]), failed(6, "unknown-code"));
    node.answer(Answer::Refused(422, 1010));
    assert_eq!(send(&["--yes"]), failed(6, "code-1010"));
    node.answer(Answer::Silence);
    assert_eq!(send(&["--yes", "--timeout", "1"]), failed(9, "outcome-unknown"));
    let gone = nobody();
    let outcome = home.json(&["balance", "--node", &gone, "--timeout", "1"]);
    assert_eq!((outcome.0, &outcome.1["errors"][0]["code"]), (8, &json!("unreachable")));
    let other = Node::start(Answer::Committed);
    let nothing = home.json(&["receipt", &"00".repeat(32), "--node", &other.url]);
    assert_eq!((nothing.0, &nothing.1["errors"][0]["code"]), (5, &json!("code-6201")));
}

#[test]
fn a_japanese_failure_has_no_word_of_the_operating_system() {
    let node = Node::start(Answer::Committed);
    let home = node.home();
    let gone = nobody();
    for arguments in [
        ["balance", "--node", &gone, "--timeout", "1"].as_slice(),
        &["balance", "--node", &node.url, "--password-file", "missing"],
        &["verify", "missing", "--genesis", "missing"],
    ] {
        let text = home.run(&[arguments, &["--lang", "ja"]].concat()).stderr;
        assert!(text.contains("エラー"), "{arguments:?}: {text}");
        // What is to be typed or set is no word of the system.
        let ours = [&*gone, "missing", "kyojo init --help", "--node URL", "KYOJO_NODE", "node"];
        let said = ours.iter().fold(text.clone(), |said, word| said.replace(word, ""));
        assert!(!said.chars().any(|c| c.is_ascii_alphabetic()), "{arguments:?}: {text}");
    }
}

#[test]
fn a_wallet_does_not_sign_for_another_network() {
    let node = Node::start(Answer::Committed);
    let address = other_address();
    let home = Home::with_wallet(&"11".repeat(32), &address, &"08".repeat(20));
    let (exit, envelope) = home.json(&["balance", "--node", &node.url]);
    assert_eq!((exit, &envelope["errors"][0]["code"]), (3, &json!("other-network")));
}

#[test]
fn no_output_repeats_a_secret() {
    let home = Home::new();
    home.ok(&["wallet", "new", "a", "--yes"]);
    home.ok(&["wallet", "backup", "a", "--out", "words.txt"]);
    let words = std::fs::read_to_string(home.path("words.txt")).unwrap();
    let garbled = words.trim().replacen(' ', " zzz ", 1);
    std::fs::write(home.path("garbled.txt"), &garbled).unwrap();
    std::fs::write(home.path("seed.txt"), "a5".repeat(31)).unwrap();
    std::fs::write(home.path("short"), "secret7").unwrap();
    for arguments in [
        ["wallet", "new", "b", "--yes", "-v"].as_slice(),
        &["wallet", "show", "a"],
        &["wallet", "ls"],
        &["wallet", "import", "c", "--words-file", "garbled.txt"],
        &["wallet", "import", "c", "--seed-file", "seed.txt"],
        &["wallet", "new", "d", "--yes", "--password-file", "short"],
    ] {
        let Outcomes { text } = Outcomes::of(&home, arguments);
        for secret in [words.trim(), garbled.as_str(), &"a5".repeat(31), PASSWORD, "secret7"] {
            assert!(!text.contains(secret), "{arguments:?} repeats a secret");
        }
        let shown = words.split_whitespace().filter(|word| word.len() > 5);
        let repeated = shown.filter(|word| text.contains(*word)).count();
        assert!(repeated < 3, "{arguments:?} repeats words");
    }
}

struct Outcomes {
    text: String,
}

impl Outcomes {
    fn of(home: &Home, arguments: &[&str]) -> Self {
        let plain = home.run(arguments);
        let mut with_json = arguments.to_vec();
        with_json.push("--json");
        let json = home.run(&with_json);
        let text = [plain.stdout, plain.stderr, json.stdout, json.stderr].concat();
        Self { text }
    }
}
