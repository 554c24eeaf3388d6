//! Files that people give, where results go, and what is needed of the machine for it.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use ledger_proof::bundle::TrustRoot;
use ledger_types::allowance::Allowances;
use ledger_types::genesis::{GenesisValidator, Parameters, Retention};
use ledger_types::{AddressPrefix, Genesis, MemberId, SigningKey, Timestamp};
use serde_json::{Value, json};

use crate::run::{Home, PASSWORD};

/// The command in a home, with nothing else of this machine.
fn kyojo(home: &Home, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_kyojo"));
    command.args(arguments).env_clear().env("KYOJO_HOME", home.root()).env("KYOJO_LANG", "en");
    command.current_dir(home.root()).stdin(Stdio::null());
    command
}

/// A pipe that nobody reads any more.
fn closed() -> Stdio {
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    writer.into()
}

#[test]
fn a_closed_pipe_ends_quietly() {
    let home = Home::new();
    for arguments in [&["--help"][..], &["wallet", "ls", "-q"], &["wallet", "ls", "--json"]] {
        let output = kyojo(&home, arguments).stdout(closed()).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!((output.status.code(), said.as_str()), (Some(0), ""), "{arguments:?}");
    }
    let mut mistaken = kyojo(&home, &["frobnicate"]);
    let status = mistaken.stdout(closed()).stderr(closed()).status().unwrap();
    assert_eq!(status.code(), Some(2));
}

#[test]
fn a_full_standard_output_is_an_error_with_a_code_of_its_own() {
    let home = Home::new();
    let full = || File::options().write(true).open("/dev/full").unwrap();
    for arguments in [&["--version"][..], &["wallet", "ls"], &["wallet", "ls", "--json"]] {
        let output = kyojo(&home, arguments).stdout(full()).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(12), "{arguments:?}: {said}");
        assert!(said.contains("could not be written"), "{said}");
    }
    // Why a command failed is what its code says, whatever takes the result.
    let failed = kyojo(&home, &["wallet", "show", "taro", "--json"]).stdout(full()).status();
    assert_eq!(failed.unwrap().code(), Some(5));
}

#[test]
fn no_home_is_needed_where_nothing_is_kept() {
    let home = Home::new();
    let homeless =
        |arguments: &[&str]| kyojo(&home, arguments).env_remove("KYOJO_HOME").output().unwrap();
    let samples =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../ledger/proof/tests/bundle/samples");
    for name in ["trust.json", "everything.json"] {
        std::fs::copy(samples.join(name), home.path(name)).unwrap();
    }
    let verified = homeless(&["verify", "everything.json", "--trust", "trust.json"]);
    assert!(verified.status.success(), "{verified:?}");
    assert!(homeless(&["completions", "bash"]).status.success());
    let kept = homeless(&["wallet", "ls", "--json"]);
    let envelope: Value = serde_json::from_slice(&kept.stdout).unwrap();
    assert_eq!(kept.status.code(), Some(3));
    assert_eq!(envelope["errors"][0]["code"], "no-home");
}

#[test]
fn passwords_words_and_actors_are_the_same_whatever_editor_wrote_them() {
    let home = Home::new();
    home.ok(&["wallet", "new", "taro", "--yes", "--words", "ja"]);
    home.ok(&["wallet", "backup", "taro", "--out", "words.txt"]);
    let words = std::fs::read_to_string(home.path("words.txt")).unwrap();
    let shown = |name: &str| home.json(&["wallet", "show", name]).1["data"]["public_key"].clone();
    let utf_16 = |text: &str| -> Vec<u8> {
        let units = core::iter::once(0xFEFF).chain(text.encode_utf16());
        units.flat_map(u16::to_le_bytes).collect()
    };
    let windows = words.replace('\n', "\r\n");
    let files = [format!("\u{feff}{windows}").into_bytes(), utf_16(&windows)];
    for (place, bytes) in files.into_iter().enumerate() {
        std::fs::write(home.path("given.txt"), bytes).unwrap();
        std::fs::write(home.path("password"), utf_16(&format!("{PASSWORD}\r\n"))).unwrap();
        let name = format!("taro{place}");
        home.ok(&["wallet", "import", &name, "--words-file", "given.txt"]);
        assert!(shown("taro").is_string() && shown(&name) == shown("taro"), "{name}");
    }
    std::fs::write(home.path("given.txt"), b"\n\xff").unwrap();
    let (exit, envelope) = home.json(&["wallet", "import", "x", "--words-file", "given.txt"]);
    assert_eq!((exit, &envelope["errors"][0]["code"]), (3, &json!("not-text")));
    let message = envelope["errors"][0]["message"].as_str().unwrap();
    assert!(message.starts_with("given.txt:2 "), "{message}");
    std::fs::write(home.path("given.txt"), "a".repeat(5000)).unwrap();
    let (_, envelope) = home.json(&["wallet", "import", "x", "--words-file", "given.txt"]);
    assert_eq!(envelope["errors"][0]["code"], "file-too-large", "{envelope}");
}

/// A genesis document of one validator.
fn genesis() -> Genesis {
    let key = |byte: u8| SigningKey::from_seed(&[byte; 32]).public_key();
    Genesis {
        name: "test".to_owned(),
        address_prefix: AddressPrefix::new("aizu").unwrap(),
        time: Timestamp::from_millis(1_795_000_000_000),
        parameters: Parameters {
            drift_ms_max: 500,
            decision_validity_ms: 30_000,
            retention: Retention::USUAL,
            gather_ms_max: 100,
            counter_delay_ms: 0,
            counter_acts_per_day: 1000,
            allowances: Allowances::INITIAL,
            limits: ledger_types::genesis::LevelLimits::USUAL,
            lotteries: ledger_types::genesis::LotteryTimes::USUAL,
        },
        members: vec![],
        validators: vec![GenesisValidator {
            member: MemberId::new(1),
            key: key(1),
            power: 1,
            network_key: key(2),
            log_key: key(3),
            cosignature_key: key(4),
        }],
        banks: vec![],
        issuers: Vec::new(),
        accounts: vec![],
        zones: vec![],
        merchants: vec![],
        parties: vec![],
        directory_keys: vec![],
        accounts_file: None,
        lab: None,
    }
}

#[test]
fn trust_writes_what_both_verifiers_need() {
    let (home, genesis) = (Home::new(), genesis());
    let text = serde_json::to_string_pretty(&genesis).unwrap();
    std::fs::write(home.path("genesis.json"), format!("\u{feff}{text}")).unwrap();
    let bundle = json!({ "format": "kyojo-bundle/2", "genesis": genesis.hash(), "validators": null,
                         "changes": [], "log": null, "claims": [] });
    std::fs::write(home.path("bundle.json"), bundle.to_string()).unwrap();
    let command = ["trust", "--genesis", "genesis.json", "--out", "trust.json"];
    let more = ["--at", "2026-11-22 18:00", "--holder", "2"];
    let (exit, envelope) = home.json(&[&command[..], &more].concat());
    assert_eq!((exit, &envelope["data"]["genesis_hash"]), (0, &json!(genesis.hash())));
    let written = TrustRoot::from_json(&std::fs::read(home.path("trust.json")).unwrap()).unwrap();
    let at = Timestamp::from_millis(1_795_338_000_000);
    let expected = TrustRoot::of_genesis(&genesis, Some(at)).unwrap();
    assert_eq!(written, TrustRoot { holder: Some(ledger_types::PartyId::new(2)), ..expected });

    let python = |bundle: &str| {
        let script =
            PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../tests/verify/kyojo_verify.py");
        let mut python = Command::new("python3");
        let [bundle, trust] = [bundle, "trust.json"].map(|name| home.path(name));
        python.arg(script).arg(bundle).arg("--trust").arg(trust);
        python.output().expect("python3 is installed: it runs the second verifier")
    };
    let ours = home.json(&["verify", "bundle.json", "--trust", "trust.json"]);
    assert_eq!(ours.0, 0, "{}", ours.1);
    let theirs = python("bundle.json");
    let answer: Value = serde_json::from_slice(&theirs.stdout).unwrap();
    assert_eq!((theirs.status.code(), &answer["verified"]), (Some(0), &ours.1["data"]), "{answer}");
    let strange = json!({ "format": "kyojo-bundle/2", "genesis": ledger_types::Hash::ZERO,
                          "validators": null, "changes": [], "log": null, "claims": [] });
    std::fs::write(home.path("strange.json"), strange.to_string()).unwrap();
    let theirs: Value = serde_json::from_slice(&python("strange.json").stdout).unwrap();
    assert_eq!(theirs["code"], "wrong_genesis");
}
