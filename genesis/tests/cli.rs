//! The built `kyojo-genesis`, run as founders and scripts run it.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::PathBuf;
use std::process::{Command, Stdio};

use ledger_types::{Genesis, Regime, SigningKey};
use serde_json::{Value, json};

/// A folder in which a founder works.
struct Desk(tempfile::TempDir);

struct Outcome {
    code: i32,
    stdout: String,
    stderr: String,
}

impl Desk {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).unwrap()
    }

    fn run(&self, arguments: &[&str]) -> Outcome {
        let output = Command::new(env!("CARGO_BIN_EXE_kyojo-genesis"))
            .args(arguments)
            .env_clear()
            .current_dir(self.0.path())
            .stdin(Stdio::null())
            .output()
            .unwrap();
        Outcome {
            code: output.status.code().unwrap(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// Runs with `--json`: the exit code and the envelope, whose form is checked.
    fn json(&self, arguments: &[&str]) -> (i32, Value) {
        let outcome = self.run(&[arguments, &["--json"]].concat());
        assert_eq!(outcome.stdout.lines().count(), 1, "{}", outcome.stdout);
        let envelope: Value = serde_json::from_str(&outcome.stdout).unwrap();
        assert_eq!(envelope["schema_version"], 1);
        assert_eq!(envelope["success"], outcome.code == 0, "{envelope}");
        assert_eq!(envelope["errors"] == json!([]), outcome.code == 0, "{envelope}");
        assert!(envelope["warnings"].is_array());
        (outcome.code, envelope)
    }

    fn does(&self, arguments: &[&str]) -> Value {
        let (code, envelope) = self.json(arguments);
        assert_eq!(code, 0, "{arguments:?}: {envelope}");
        envelope["data"].clone()
    }

    /// Exit code and first error of a command that fails.
    fn fails(&self, arguments: &[&str]) -> (i32, String) {
        let (code, envelope) = self.json(arguments);
        assert_ne!(code, 0, "{arguments:?}: {envelope}");
        (code, envelope["errors"][0]["code"].as_str().unwrap().to_owned())
    }

    /// A document with one bank, the offices, a validator and a zone, made command by command.
    fn found(&self) {
        self.does(&["new", "--name", "aizu-test", "--prefix", "aizu", "--time-ms", "1"]);
        let of_bank = ["add-bank", "--code", "9001", "--name", "Bandai Demo Bank", "--key"];
        let limits = ["--issue-allowance", "1000", "--net-debit-cap", "500"];
        assert_eq!(self.does(&[&of_bank[..], &[&key(1)], &limits].concat())["member"], 1);
        let member = ["add-member", "--bank", "9001", "--key"];
        let offices =
            ["--role", "settlement-operator", "--role", "registrar", "--role", "zone-operator"];
        let own = key(2);
        let office = [&member[..], &[&own], &["--name", "Office"], &offices].concat();
        assert_eq!(self.does(&office)["member"], 2);
        self.does(&[&["add-validator", "--member", "1"][..], &flags(&keys(3)).concat()].concat());
        self.does(&["add-zone", "--number", "1", "--name", "Demo Coin", "--operator", "2"]);
    }
}

fn key(seed: u8) -> String {
    SigningKey::from_seed(&[seed; 32]).public_key().to_string()
}

/// A validator's four keys, from this seed on.
fn keys(first: u8) -> [String; 4] {
    [0, 10, 20, 30].map(|place| key(first + place))
}

fn flags(keys: &[String; 4]) -> [[&str; 2]; 4] {
    let [consensus, network, log, cosignature] = keys;
    [
        ["--key", consensus],
        ["--network-key", network],
        ["--log-key", log],
        ["--cosignature-key", cosignature],
    ]
}

fn error(code: i32, name: &str) -> (i32, String) {
    (code, name.to_owned())
}

#[test]
fn a_document_made_command_by_command_is_sound_and_hashed() {
    let desk = Desk::new();
    desk.found();
    let sound = desk.does(&["validate"]);
    let counts = ["validators", "banks", "members", "accounts"].map(|count| sound[count].clone());
    assert_eq!(counts, [1, 1, 2, 1].map(Value::from));
    let hash = desk.does(&["hash"])["genesis_hash"].clone();
    assert_eq!(hash, sound["genesis_hash"]);
    let plain = desk.run(&["hash", "genesis.json"]);
    assert_eq!((plain.code, json!(plain.stdout.trim_end())), (0, hash));
    let said = desk.run(&["validate"]);
    assert!(said.stdout.starts_with("sound: aizu-test ("), "{}", said.stdout);
    assert!(said.stderr.contains("next: kyojo-genesis hash"), "{}", said.stderr);
}

#[test]
fn an_entry_that_brings_a_fault_is_refused_and_changes_nothing() {
    let desk = Desk::new();
    desk.found();
    let before = desk.read("genesis.json");
    let again = |code: &str, name: &str| {
        let own = key(9);
        let of_bank = ["add-bank", "--code", code, "--name", name, "--key", &own];
        let limits = ["--issue-allowance", "1", "--net-debit-cap", "1"];
        desk.fails(&[&of_bank[..], &limits].concat())
    };
    assert_eq!(again("9001", "Again"), error(3, "repeated_bank"));
    assert_eq!(again("10000", "Large"), error(3, "bad_bank_code"));
    assert_eq!(again("9002", ""), error(3, "empty_name"));
    assert_eq!(again("bank", "Text"), error(2, "usage"));
    let validator = |member: &str, own: &[String; 4]| {
        desk.fails(&[&["add-validator", "--member", member][..], &flags(own).concat()].concat())
    };
    assert_eq!(validator("9", &keys(20)), error(3, "unknown_member"));
    for place in 0..4 {
        let mut repeated = keys(20);
        repeated[place] = key(3);
        assert_eq!(validator("1", &repeated), error(3, "repeated_key"));
    }
    let zone = |number: &str, operator: &str| {
        desk.fails(&["add-zone", "--number", number, "--name", "Coin", "--operator", operator])
    };
    assert_eq!(zone("1", "2"), error(3, "repeated_zone"));
    assert_eq!(zone("2", "9"), error(5, "unknown_member"));
    assert_eq!(desk.read("genesis.json"), before);
}

#[test]
fn an_issuer_comes_with_its_float_which_must_cover_what_its_customers_have() {
    let desk = Desk::new();
    desk.found();
    let own = key(30);
    let issuer = |code: &str, bank: &str, balance: &str| {
        let of_issuer = ["add-issuer", "--code", code, "--name", "Demo Prepaid", "--key", &own];
        let rest = ["--issue-allowance", "100", "--float-bank", bank, "--float-balance", balance];
        [&of_issuer[..], &rest].concat().into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    let refused = |arguments: Vec<String>| {
        desk.fails(&arguments.iter().map(String::as_str).collect::<Vec<_>>())
    };
    assert_eq!(refused(issuer("9001", "9001", "0")), error(3, "repeated_bank"));
    assert_eq!(refused(issuer("9991", "9002", "0")), error(3, "unknown_custodian"));
    assert_eq!(refused(issuer("9991", "9001", "1001")), error(3, "over_allowance"));
    let arguments = issuer("9991", "9001", "100");
    let added = desk.does(&arguments.iter().map(String::as_str).collect::<Vec<_>>());
    assert_eq!(added["issuer"], 9991);
    let document: Value = serde_json::from_str(&desk.read("genesis.json")).unwrap();
    assert_eq!(document["issuers"][0]["float"], added["float"]);
    let sound = desk.does(&["validate"]);
    let counts = ["banks", "issuers", "accounts"].map(|count| sound[count].clone());
    assert_eq!(counts, [1, 1, 2].map(Value::from));
}

#[test]
fn every_failure_has_its_exit_code_and_name() {
    let desk = Desk::new();
    assert_eq!(desk.fails(&["validate"]), error(5, "not_found"));
    assert_eq!(desk.fails(&["hash", "missing.json"]), error(5, "not_found"));
    assert_eq!(desk.fails(&["validate", "--nonsense"]), error(2, "usage"));
    assert_eq!(desk.fails(&["new", "--name", "x", "--prefix", "A1"]), error(2, "usage"));
    desk.does(&["new", "--name", "x", "--prefix", "aizu"]);
    assert_eq!(desk.fails(&["new", "--name", "y", "--prefix", "aizu"]), error(1, "exists"));
    desk.does(&["new", "--name", "y", "--prefix", "aizu", "--force"]);
    let (code, envelope) = desk.json(&["validate"]);
    assert_eq!(code, 3);
    let errors = envelope["errors"].as_array().unwrap();
    let told = |name: &str, rule: &str| {
        errors.iter().any(|e| e["code"] == name && e["details"]["rule"] == rule)
    };
    assert!(told("no_banks", "founding") && told("validator_count", "ledger"), "{envelope}");
    std::fs::write(desk.path("genesis.json"), "{\"name\": 1}").unwrap();
    assert_eq!(desk.fails(&["validate"]), error(3, "not_a_document"));
    let said = desk.run(&["validate"]);
    assert_eq!((said.code, said.stdout.as_str()), (3, ""));
    assert!(said.stderr.starts_with("error: genesis.json:1:"), "{}", said.stderr);
}

#[test]
fn generated_keys_are_never_overwritten() {
    let desk = Desk::new();
    let made = desk.does(&["keygen", "--out", "keys"]);
    let secret = desk.read("keys/consensus.key");
    assert!(made["key"].as_str().unwrap().starts_with("ed25519:"));
    assert!(!made.to_string().contains(secret.trim_end()), "a secret is printed");
    assert_eq!(desk.fails(&["keygen", "--out", "keys"]), error(1, "exists"));
    assert_eq!(desk.read("keys/consensus.key"), secret);
}

#[test]
fn a_lab_is_named_and_its_rate_is_a_rate() {
    let desk = Desk::new();
    let small = ["--citizens", "5", "--merchants", "2", "-n", "1"];
    let made = |out: &str, lab: &[&str]| {
        desk.does(&[&["localnet", "--out", out][..], &small, lab].concat())["genesis_hash"].clone()
    };
    let lab = ["--lab-rate", "1000", "--lab-start-ms", "7"];
    let (plain, slow) = (made("plain", &[]), made("slow", &["--lab-rate", "2"]));
    let fast = made("fast", &lab);
    assert!(fast == made("again", &lab) && fast != plain && fast != slow);
    assert_eq!(desk.does(&["validate", "plain/genesis.json"]).get("lab"), None);
    let sound = desk.does(&["validate", "fast/genesis.json"]);
    assert_eq!(sound["lab"], json!({ "rate": 1000, "start": 7 }));
    let said = desk.run(&["validate", "fast/genesis.json"]).stdout;
    assert!(said.contains("a lab: time runs 1000 times as fast"), "{said}");
    for (folder, is_lab) in [("plain", false), ("fast", true)] {
        let config = desk.read(&format!("{folder}/node0/config.toml"));
        assert_eq!(config.contains("lab = true\n"), is_lab, "{config}");
    }
    let new = ["new", "--name", "x", "--prefix", "x", "--lab-rate"];
    desk.does(&[&new[..], &["10000"]].concat());
    let document: Value = serde_json::from_str(&desk.read("genesis.json")).unwrap();
    assert_eq!(document["lab"]["start"], document["time"], "both are now");
    for rate in ["0", "1", "10001", "-1", "fast"] {
        assert_eq!(desk.fails(&[&new[..], &[rate]].concat()), error(2, "usage"), "{rate}");
    }
    let start = ["new", "--name", "x", "--prefix", "x", "--lab-start-ms", "7"];
    assert_eq!(desk.fails(&start), error(2, "usage"), "a start without a rate");
    desk.does(&[&new[..], &["9", "--lab-lottery-ms", "60000", "--force"]].concat());
    let document: Value = serde_json::from_str(&desk.read("genesis.json")).unwrap();
    let minute = json!({ "claim_ms_min": 60_000, "secrets_ms_min": 60_000 });
    assert_eq!(document["parameters"]["lotteries"], minute);
    let short = ["new", "--name", "x", "--prefix", "x", "--lab-lottery-ms", "60000"];
    assert_eq!(desk.fails(&short), error(2, "usage"), "short lotteries without a rate");
}

#[test]
fn local_networks_of_every_size_are_sound_and_pinned() {
    for count in [1, 4, 7] {
        let desk = Desk::new();
        let number = count.to_string();
        let small = ["--citizens", "5", "--merchants", "2", "--accounts-file-count", "10"];
        let made = desk.does(&[&["localnet", "-n", &number, "--out", "net"][..], &small].concat());
        let nodes = made["nodes"].as_array().unwrap();
        assert_eq!(nodes.len(), count);
        let hash = made["genesis_hash"].as_str().unwrap();
        for (index, node) in nodes.iter().enumerate() {
            assert_eq!(node["api_port"], 26_602 + 10 * index);
            let home = format!("net/node{index}");
            assert_eq!(node["home"], json!(desk.path(&home).canonicalize().unwrap()));
            let sound = desk.does(&["validate", &format!("{home}/genesis.json")]);
            assert_eq!(sound["genesis_hash"], hash);
            assert!(desk.read(&format!("{home}/config.toml")).contains(hash));
        }
        let again = desk.fails(&["localnet", "-n", &number, "--out", "net"]);
        assert_eq!(again, error(1, "exists"));
    }
    let desk = Desk::new();
    let fails = |more: &[&str]| desk.fails(&[&["localnet", "--out", "net"][..], more].concat());
    assert_eq!(fails(&["-n", "0"]), error(2, "out_of_range"));
    assert_eq!(fails(&["-n", "129"]), error(2, "out_of_range"));
    assert_eq!(fails(&["--base-port", "65530"]), error(2, "ports"));
    assert_eq!(fails(&["--banks", "0"]), error(2, "out_of_range"));
    assert!(!desk.path("net").exists(), "nothing was written");
}

#[test]
fn a_cut_file_of_further_accounts_is_told() {
    let desk = Desk::new();
    let small = ["--citizens", "5", "--merchants", "2", "--accounts-file-count", "10"];
    desk.does(&[&["localnet", "-n", "1", "--out", "net"][..], &small].concat());
    let path = desk.path("net/accounts.bin");
    let mut bytes = std::fs::read(&path).unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    std::fs::remove_file(&path).unwrap();
    std::fs::write(&path, bytes).unwrap();
    let (code, name) = desk.fails(&["validate", "net/genesis.json"]);
    assert_eq!((code, name.as_str()), (10, "accounts_file_hash"));
    std::fs::remove_file(&path).unwrap();
    assert_eq!(desk.fails(&["validate", "net/genesis.json"]), error(5, "not_found"));
}

/// A validator's card, as a node writes it.
fn card(desk: &Desk, file: &str, name: &str, first: u8) -> [String; 4] {
    let [consensus, network, log, cosignature] = keys(first);
    let at = |port: u16| {
        let peer = kyojo_genesis::peer_id::peer_id(&network.parse().unwrap());
        format!("/ip4/192.0.2.{first}/tcp/{port}/p2p/{peer}")
    };
    let card = json!({
        "form": "kyojo-node/1", "name": name, "network_key": network,
        "validator": { "key": consensus, "log_key": log, "cosignature_key": cosignature },
        "consensus": at(26_600), "gossip": at(26_601),
    });
    std::fs::write(desk.path(file), card.to_string()).unwrap();
    [consensus, network, log, cosignature]
}

#[test]
fn validators_enter_genesis_by_their_cards_alone() {
    let desk = Desk::new();
    desk.found();
    let school = key(90);
    let member = ["add-member", "--bank", "9001", "--name", "School", "--role", "university"];
    desk.does(&[&member[..], &["--key", &school]].concat());
    let a = card(&desk, "a.json", "Office", 4);
    let b = card(&desk, "b.json", "School", 5);
    let before = desk.read("genesis.json");
    card(&desk, "stranger.json", "Nobody", 6);
    assert_eq!(desk.fails(&["collect", "a.json", "stranger.json"]), error(5, "unknown_member"));
    assert_eq!(desk.fails(&["collect", "a.json", "b.json", "a.json"]), error(3, "card_twice"));
    // Anybody can write a company's name on a card: it brings no second vote.
    card(&desk, "other.json", "Office", 8);
    let other = ["collect", "a.json", "other.json"];
    assert_eq!(desk.fails(&other), error(3, "member_has_validator"));
    card(&desk, "other.json", "Bandai Demo Bank", 9);
    assert_eq!(desk.fails(&["collect", "other.json"]), error(3, "member_has_validator"));
    assert_eq!(desk.read("genesis.json"), before, "all cards or none");
    let done = desk.does(&["collect", "a.json", "b.json"]);
    assert_eq!((done["first"].clone(), done["validators"].clone()), (json!(1), json!(2)));
    desk.does(&["add-validator", "--member", "1", "stranger.json"]);
    let document: Value = serde_json::from_str(&desk.read("genesis.json")).unwrap();
    for (place, (member, keys)) in [(1, (2, &a)), (2, (3, &b))] {
        let entry = &document["validators"][place];
        let fields = ["key", "network_key", "log_key", "cosignature_key"];
        assert_eq!(
            fields.map(|field| entry[field].as_str().unwrap()),
            keys.each_ref().map(|k| &**k)
        );
        assert_eq!(entry["member"], member);
    }
    desk.does(&["validate"]);
    assert_eq!(desk.fails(&["collect", "a.json"]), error(3, "card_twice"));
    let wrong = desk.read("a.json").replace(&a[1], &key(99));
    std::fs::write(desk.path("wrong.json"), wrong).unwrap();
    assert_eq!(desk.fails(&["collect", "wrong.json"]), error(3, "not_a_card"), "another's address");
    assert_eq!(desk.fails(&["collect", "genesis.json"]), error(3, "not_a_card"));
}

#[test]
fn a_consent_party_is_founded_in_genesis() {
    let desk = Desk::new();
    desk.found();
    let party = |number: &str, more: &[&str]| {
        let own = key(50);
        let asked = ["add-party", "--number", number, "--key", &own, "--role", "controller"];
        desk.json(&[&asked[..], more].concat())
    };
    let (code, made) = party("7", &["--role", "data-holder", "--regime", "public-body"]);
    assert_eq!(code, 0, "{made}");
    assert!(made["data"]["account"].as_str().unwrap().starts_with("aizu1"), "{made}");
    let document: Genesis = serde_json::from_str(&desk.read("genesis.json")).unwrap();
    let entry = &document.parties[0];
    assert_eq!(entry.party.get(), 7);
    assert_eq!(entry.roles.names(), ["controller", "data_holder"]);
    assert_eq!(entry.regime, Regime::PublicBody);
    desk.does(&["validate"]);
    assert_eq!(party("7", &[]).1["errors"][0]["code"], "repeated_party");
    assert_eq!(party("8", &["--corporate-number", "1234567890123"]).0, 2, "a wrong check digit");
}

#[test]
fn keys_peers_and_accounts_are_shown_in_every_form_that_they_have() {
    let desk = Desk::new();
    let shown = |text: &str, more: &[&str]| desk.does(&[&["address", text][..], more].concat());
    let forms = shown(&key(1), &[]);
    let (hex, peer) = (forms["hex"].as_str().unwrap(), forms["peer_id"].as_str().unwrap());
    assert_eq!(format!("ed25519:{hex}"), key(1));
    assert!(peer.starts_with("12D3KooW"), "{peer}");
    for text in [hex, peer] {
        assert_eq!(shown(text, &[]), forms);
    }
    let at = shown(&format!("/dns4/node.example/tcp/26600/p2p/{peer}"), &[]);
    assert_eq!(
        (&at["key"], at["at"].as_str()),
        (&forms["key"], Some("/dns4/node.example/tcp/26600"))
    );
    let digits = "00".repeat(20);
    let account = shown(&digits, &["--prefix", "aizu"]);
    let address = account["account"].as_str().unwrap();
    assert_eq!(shown(address, &[]), account);
    desk.does(&["new", "--name", "x", "--prefix", "aizu"]);
    assert_eq!(shown(&digits, &[]), account, "by the document here");
    let mistyped = address.replace("aizu1q", "aizu1p");
    for text in ["aizu", "/ip4/192.0.2.1/tcp/1", "ed25519:00", mistyped.as_str()] {
        assert_eq!(desk.fails(&["address", text]), error(2, "usage"), "{text}");
    }
}
