//! The first day and the day of a restore: what to set, what to give a bank, what is found again, and
//! what stands against somebody.

use std::net::{SocketAddr, TcpListener, TcpStream};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::node::{Answer, Node, address_of};
use crate::run::{Home, SEED};

/// In how much time a node that does not answer is said to be none.
const SAID_WITHIN: Duration = Duration::from_secs(2);

/// A port behind which nobody ever takes a connection: its queue is full.
struct BlackHole {
    address: SocketAddr,
    _runtime: tokio::runtime::Runtime,
    _listener: tokio::net::TcpListener,
    _queue: Vec<TcpStream>,
}

impl BlackHole {
    fn new() -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let listener = {
            let _inside = runtime.enter();
            let socket = tokio::net::TcpSocket::new_v4().unwrap();
            socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
            socket.listen(1).unwrap()
        };
        let address = listener.local_addr().unwrap();
        let queue = std::iter::from_fn(|| {
            TcpStream::connect_timeout(&address, Duration::from_millis(100)).ok()
        });
        Self { address, _queue: queue.collect(), _runtime: runtime, _listener: listener }
    }
}

fn within_two_seconds(run: impl FnOnce() -> (i32, Value)) -> (i32, Value) {
    let since = Instant::now();
    let outcome = run();
    assert!(since.elapsed() < SAID_WITHIN, "{:?}: {outcome:?}", since.elapsed());
    outcome
}

#[test]
fn a_node_that_does_not_answer_is_said_within_two_seconds_with_what_to_set() {
    let home = Node::start(Answer::Committed).home();
    let listening = TcpListener::bind("127.0.0.1:0").unwrap();
    let silent = listening.local_addr().unwrap();
    let black_hole = BlackHole::new();
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    for address in [silent, black_hole.address, closed] {
        let url = format!("http://{address}");
        let (exit, envelope) = within_two_seconds(|| home.json(&["balance", "--node", &url]));
        let error = &envelope["errors"][0];
        assert_eq!((exit, &error["code"]), (8, &json!("unreachable")), "{envelope}");
        for way in ["--node", "KYOJO_NODE"] {
            assert!(error["message"].as_str().unwrap().contains(way), "{error}");
            assert!(error["details"]["set"].as_array().unwrap().contains(&json!(way)), "{error}");
        }
    }
}

#[test]
fn where_no_node_is_set_that_is_said_within_two_seconds() {
    if TcpStream::connect("127.0.0.1:26602").is_ok() {
        eprintln!("skipped: a local network is running here");
        return;
    }
    let home = Node::start(Answer::Committed).home();
    let (exit, envelope) = within_two_seconds(|| home.json(&["balance"]));
    assert_eq!((exit, &envelope["errors"][0]["code"]), (3, &json!("no-node")));
    let said = home.run(&["balance", "--lang", "ja"]).stderr;
    assert!(said.contains("kyojo init") && said.contains("KYOJO_NODE"), "{said}");
}

#[test]
fn init_writes_the_configuration_that_help_shows_once_and_never_over_another() {
    let home = Home::new();
    let help = home.ok(&["init", "--help"]).stdout;
    home.ok(&["init"]);
    let written = std::fs::read_to_string(home.path("config.toml")).unwrap();
    for line in written.lines() {
        assert!(help.contains(line), "{line}: {help}");
    }
    std::fs::write(home.path("config.toml"), "# mine\n").unwrap();
    let (exit, envelope) = home.json(&["init"]);
    assert_eq!((exit, &envelope["errors"][0]["code"]), (3, &json!("config-exists")));
    assert_eq!(std::fs::read_to_string(home.path("config.toml")).unwrap(), "# mine\n");

    let home = Home::new();
    let node = Node::start(Answer::Committed);
    home.ok(&["init", "--node", &node.url, "--lang", "ja"]);
    let (exit, zones) = home.json(&["zone", "ls"]);
    assert_eq!((exit, &zones["data"]["zones"][0]["zone"]), (0, &json!(1)), "{zones}");
}

#[test]
fn a_new_wallet_ends_with_what_to_give_the_bank_and_shows_it_again() {
    let (home, node) = (Home::new(), Node::start(Answer::Committed));
    let made = home.json(&["wallet", "new", "花子", "--yes", "--node", &node.url]).1;
    let code = made["data"]["opening_code"].as_str().unwrap();
    assert!(code.starts_with("kyojokey1"), "{made}");
    assert_eq!(made["data"]["network"], node.genesis.network().to_string());
    let again = home.ok(&["wallet", "code", "--node", &node.url, "--lang", "ja"]).stdout;
    assert!(again.contains(code) && again.contains("銀行") && again.contains('█'), "{again}");
    // Where no node answers there is a code all the same.
    let alone = home.json(&["wallet", "code", "--node", "http://127.0.0.1:1"]).1;
    assert_eq!(alone["data"]["network"], Value::Null);
    assert_ne!(alone["data"]["opening_code"], code);
}

#[test]
fn a_wallet_finds_the_account_that_a_bank_opened_for_its_key() {
    let (home, node) = (Home::new(), Node::start(Answer::Committed));
    std::fs::write(home.path("seed.txt"), SEED).unwrap();
    let import = ["wallet", "import", "a", "--seed-file", "seed.txt", "--node", &node.url];
    let imported = home.json(&import).1;
    assert_eq!(imported["data"]["address"], Value::Null, "{imported}");
    let balance = ["balance", "--node", &node.url];
    let (exit, envelope) = home.json(&balance);
    assert_eq!((exit, &envelope["errors"][0]["code"]), (3, &json!("not-attached")));

    node.opens_the_account();
    assert_eq!(home.json(&balance).1["data"]["balance"], "12500");
    assert_eq!(home.json(&["wallet", "show"]).1["data"]["address"], address_of(7));
}

#[test]
fn a_restored_wallet_says_what_it_found_and_what_cannot_come_back() {
    let (home, node) = (Home::new(), Node::start(Answer::Committed));
    node.opens_the_account();
    home.ok(&["wallet", "new", "old", "--yes"]);
    home.ok(&["wallet", "backup", "old", "--out", "words.txt"]);
    let import = ["wallet", "import", "new", "--words-file", "words.txt", "--node", &node.url];
    let restored = home.ok(&[&import[..], &["--lang", "ja"]].concat());
    for part in [address_of(7).as_str(), "0 件", "前の機械のフォルダー", "openings"] {
        assert!(restored.stdout.contains(part), "{part}: {restored:?}");
    }
    let found = home.json(&["wallet", "find", "new", "--node", &node.url]).1;
    assert_eq!(found["data"]["address"], address_of(7));
    assert_eq!(found["data"]["consents"], 0);

    // Where nothing can be looked for, the wallet is there all the same.
    let import = ["wallet", "import", "later", "--words-file", "words.txt"];
    let (exit, alone) = home.json(&[&import[..], &["--node", "http://127.0.0.1:1"]].concat());
    assert_eq!((exit, &alone["data"]["name"]), (0, &json!("later")));
    assert_eq!(alone["warnings"][0]["code"], "unreachable", "{alone}");
}

fn proposed() -> Value {
    json!({ "loss": "lost", "executable_from": "2026-11-25T00:00:00.000Z",
            "lapses": "2026-12-25T00:00:00.000Z" })
}

#[test]
fn proposed_keys_stand_at_the_top_of_every_command_with_how_to_refuse_and_until_when() {
    let node = Node::start(Answer::Committed);
    let home = node.home();
    node.says(&[("recovery", proposed())]);
    let balance = ["balance", "--node", &node.url];
    let said = home.ok(&balance);
    assert!(!said.stdout.contains("veto"), "{said:?}");
    let first = said.stderr.lines().next().unwrap();
    for part in ["kyojo wallet veto --wallet hanako", "2026/11/25 09:00"] {
        assert!(first.contains(part), "{part}: {said:?}");
    }
    let quiet = home.ok(&[&balance[..], &["--quiet"]].concat());
    assert!(quiet.stderr.contains("veto"), "{quiet:?}");

    // Of whatever comes of it, and of commands that open no wallet.
    node.answer(Answer::Rejected(2004));
    let send = ["send", &address_of(8), "1", "--yes", "--node", &node.url];
    for (arguments, exit) in [(&balance[..], 0), (&send, 7), (&["wallet", "ls"], 0)] {
        let (found, envelope) = home.json(arguments);
        let warning = &envelope["warnings"][0];
        assert_eq!((found, &warning["code"]), (exit, &json!("recovery-of-account")), "{envelope}");
        assert_eq!(warning["details"]["refuse_with"], "kyojo wallet veto --wallet hanako");
        assert_eq!(warning["details"]["from"], "2026-11-25T00:00:00.000Z");
    }
    let recalled = home.ok(&["wallet", "ls"]).stderr;
    assert!(recalled.contains("when last looked at"), "{recalled}");

    node.says(&[]);
    assert_eq!(home.json(&balance).1["warnings"], json!([]));
    assert_eq!(home.json(&["wallet", "ls"]).1["warnings"], json!([]));
    assert_eq!(home.ok(&["wallet", "ls"]).stderr.matches("warning").count(), 0);
}

#[test]
fn stolen_keys_guardians_of_counters_and_freezes_are_said_too_and_own_guardians_are_not() {
    let node = Node::start(Answer::Committed);
    let home = node.home();
    let mut stolen = proposed();
    stolen["loss"] = json!("stolen");
    let until = "2099-01-01T00:00:00.000Z";
    let guardian = |from: &str, counter: Value| json!({ "guardian": address_of(9), "from": from, "until": until, "counter": counter });
    let later = guardian("2098-01-01T00:00:00.000Z", json!(4));
    let now = guardian("2020-01-01T00:00:00.000Z", json!(4));
    let own = guardian("2020-01-01T00:00:00.000Z", Value::Null);
    node.says(&[
        ("recovery", stolen),
        ("guardians", json!([later, now, own])),
        (
            "money.frozen",
            json!({ "direction": "out", "basis": "attachment",
                                 "ground": "00".repeat(32), "until": until }),
        ),
    ]);
    let envelope = home.json(&["balance", "--node", &node.url]).1;
    let warnings = envelope["warnings"].as_array().unwrap();
    let codes: Vec<&str> = warnings.iter().map(|one| one["code"].as_str().unwrap()).collect();
    let expected = ["recovery-stolen", "guardian-pending", "guardian-acting", "frozen-out"];
    assert_eq!(codes, expected, "{envelope}");
    let refusal = warnings[1]["details"]["refuse_with"].as_str().unwrap();
    assert!(refusal.contains("end-delegation") && refusal.contains(&address_of(9)), "{refusal}");
}

#[test]
fn what_cannot_be_looked_at_makes_no_command_slow_and_is_not_said_to_be_nothing() {
    let node = Node::start(Answer::Committed);
    let home = node.home();
    node.is_silent();
    let address = ["consent", "address", "--party", "2", "--node", &node.url];
    let (exit, envelope) = long_before_the_timeout(|| home.json(&address));
    assert_eq!((exit, &envelope["warnings"]), (0, &json!([])));
    let said = home.ok(&[&address[..], &["-v"]].concat()).stderr;
    assert_eq!(said.matches("could not be checked").count(), 1, "{said}");
    assert!(!home.ok(&address).stderr.contains("checked"));
}

/// A second of waiting, and what opening a wallet takes; all else waits for thirty.
fn long_before_the_timeout(run: impl FnOnce() -> (i32, Value)) -> (i32, Value) {
    let since = Instant::now();
    let outcome = run();
    assert!(since.elapsed() < Duration::from_secs(15), "{:?}", since.elapsed());
    outcome
}
