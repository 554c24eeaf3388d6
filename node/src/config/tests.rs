//! What a configuration may say, and the words with which mistakes in it are named.

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use ledger_types::{Genesis, Lab, LabRate, SigningKey, Timestamp};

use super::{CONSENSUS_KEY_FILE, ConfigError, FILE_NAME, Home, PASSPHRASE_CREDENTIAL, parse};
use crate::mempool::testing::world;

const GOOD: &str = r#"
[node]
genesis_hash = "1111111111111111111111111111111111111111111111111111111111111111"

[consensus]
listen = "/ip4/127.0.0.1/tcp/26600"
peers = []

[gossip]
listen = "/ip4/127.0.0.1/tcp/26601"

[api]
listen = "127.0.0.1:26602"
"#;

fn error_of(text: &str) -> String {
    parse(text, Path::new("config.toml")).expect_err("the text has a mistake").to_string()
}

#[test]
fn a_short_configuration_gets_defaults_and_shows_them() {
    let config = parse(GOOD, Path::new("config.toml")).unwrap();
    assert_eq!(config.consensus.timeout_propose_ms.get(), 500);
    assert!(config.store.index);
    let shown = toml::to_string(&config).unwrap();
    assert_eq!(parse(&shown, Path::new("shown.toml")).unwrap(), config);
}

#[test]
fn a_witness_is_a_key_of_cosignatures_and_a_url() {
    let wrong_id = "log.example+00000000+BIqI4910CfGV/VLbLTy6XXLKZwm/HZQSG/N0iAG0D29c";
    let witness =
        |key: &str, url: &str| format!("{GOOD}\n[[witness]]\nkey = \"{key}\"\nurl = \"{url}\"\n");
    let name = ledger_proof::note::KeyName::new("witness.example/w").unwrap();
    let key = ledger_types::SigningKey::from_seed(&[1; 32]);
    let signer = ledger_proof::note::NoteSigner::new(name, key);
    let key = signer.verifier(ledger_proof::note::SignatureKind::Cosignature).to_string();
    let text = witness(&key, "https://witness.example/at/");
    let config = parse(&text, Path::new("config.toml")).unwrap();
    assert_eq!(config.witness[0].key.get().to_string(), key);
    assert_eq!(config.witness[0].url.as_str(), "https://witness.example/at");
    let shown = toml::to_string(&config).unwrap();
    assert_eq!(parse(&shown, Path::new("shown.toml")).unwrap(), config);
    let of_notes = signer.verifier(ledger_proof::note::SignatureKind::Ed25519).to_string();
    let error = error_of(&witness(&of_notes, "https://witness.example"));
    assert!(error.contains("a witness's key is one of cosignatures (type 0x04)"), "{error}");
    let error = error_of(&witness(wrong_id, "https://witness.example"));
    assert!(error.contains("the key id is not that of the name and the key"), "{error}");
    for url in ["witness.example", "ftp://witness.example", "https://witness.example/?a=1"] {
        assert!(error_of(&witness(&key, url)).contains("a URL such as"), "{url}");
    }
}

#[test]
fn the_operators_listener_is_there_where_it_has_an_address() {
    assert_eq!(parse(GOOD, Path::new("config.toml")).unwrap().telemetry, None);
    let text = format!("{GOOD}\n[telemetry]\nlisten = \"127.0.0.1:26603\"\n");
    let config = parse(&text, Path::new("config.toml")).unwrap();
    assert_eq!(config.telemetry.as_ref().map(|it| it.listen.port()), Some(26_603));
    let shown = toml::to_string(&config).unwrap();
    assert_eq!(parse(&shown, Path::new("shown.toml")).unwrap(), config);
    assert!(error_of(&format!("{GOOD}\n[telemetry]\n")).contains("listen"));
}

#[test]
fn an_unknown_key_is_named_with_its_line_and_remedy() {
    let text = format!("{GOOD}\n[store]\nchekpoint_blocks = 5\n");
    assert_eq!(
        error_of(&text),
        "config.toml:16: unknown key `chekpoint_blocks` in [store]\n  \
         expected: one of `checkpoint_blocks`, `checkpoint_transactions`, `index`\n  \
         mend: write `checkpoint_blocks`, or remove the line"
    );
}

#[test]
fn an_unknown_key_like_no_other_is_to_be_removed() {
    let text = GOOD.replace("peers = []", "colour = 7");
    let error = error_of(&text);
    assert!(error.starts_with("config.toml:7: unknown key `colour` in [consensus]\n"), "{error}");
    assert!(error.ends_with("mend: remove the line"), "{error}");
}

#[test]
fn a_peer_without_its_identity_is_refused_with_the_reason() {
    let text = GOOD.replace("peers = []", "peers = [\"/ip4/10.0.0.1/tcp/26600\"]");
    assert_eq!(
        error_of(&text),
        "config.toml:7: expected a multiaddress that ends in \"/p2p/<peer id>\", so that nobody \
         else can answer at the address\n  \
         line: peers = [\"/ip4/10.0.0.1/tcp/26600\"]\n  \
         mend: correct the value; `kyojo-node config show` prints a whole configuration"
    );
}

#[test]
fn a_missing_key_is_named() {
    let error = error_of(&GOOD.replace("listen = \"/ip4/127.0.0.1/tcp/26600\"", ""));
    assert!(error.contains("missing field `listen`"), "{error}");
    assert!(error.contains("mend: add the key"), "{error}");
}

#[test]
fn a_timeout_of_zero_is_refused() {
    let error = error_of(&GOOD.replace("peers = []", "timeout_propose_ms = 0"));
    assert!(error.starts_with("config.toml:7: "), "{error}");
    assert!(error.contains("timeout_propose_ms = 0"), "{error}");
}

#[test]
fn text_that_is_not_toml_is_refused_with_its_line() {
    let error = error_of("[node\n");
    assert!(error.starts_with("config.toml:1: "), "{error}");
}

#[test]
fn a_key_file_open_to_others_is_refused() {
    let home = tempfile::tempdir().unwrap();
    std::fs::write(home.path().join(FILE_NAME), GOOD).unwrap();
    let file = home.path().join(CONSENSUS_KEY_FILE);
    std::fs::write(&file, "22".repeat(32)).unwrap();
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o644)).unwrap();
    let loaded = Home::load(home.path()).unwrap();
    let error = loaded.consensus_key().expect_err("the mode is too open").to_string();
    assert!(error.contains("mode 644") && error.contains("chmod 600"), "{error}");
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o600)).unwrap();
    assert!(loaded.consensus_key().unwrap().is_some());
}

#[test]
fn a_key_file_of_something_else_is_no_key_whatever_it_is() {
    let home = tempfile::tempdir().unwrap();
    std::fs::write(home.path().join(FILE_NAME), GOOD).unwrap();
    let file = home.path().join(CONSENSUS_KEY_FILE);
    let large = vec![b'1'; 1 << 20];
    for content in [&b""[..], b"no key\n", &[0xff; 64], &large] {
        std::fs::write(&file, content).unwrap();
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o600)).unwrap();
        let error = Home::load(home.path()).unwrap().consensus_key().unwrap_err().to_string();
        let named = error.contains("consensus.key: not a secret key") && error.contains("mend: ");
        assert!(named, "{error}");
    }
}

#[test]
fn a_document_that_is_cut_short_is_named_with_what_to_do() {
    let home = tempfile::tempdir().unwrap();
    std::fs::write(home.path().join(FILE_NAME), GOOD).unwrap();
    std::fs::write(home.path().join("genesis.json"), "{\"name\": \"fo").unwrap();
    let error = Home::load(home.path()).unwrap().genesis().unwrap_err().to_string();
    for part in ["genesis.json: not a genesis document", "mend: have the founders send it again"] {
        assert!(error.contains(part), "{error}");
    }
}

#[test]
fn a_node_without_a_consensus_key_is_an_observer() {
    let home = tempfile::tempdir().unwrap();
    std::fs::write(home.path().join(FILE_NAME), GOOD).unwrap();
    assert!(Home::load(home.path()).unwrap().consensus_key().unwrap().is_none());
}

#[test]
fn a_key_that_is_there_and_cannot_be_read_is_no_key_that_is_missing() {
    let home = tempfile::tempdir().unwrap();
    std::fs::write(home.path().join(FILE_NAME), GOOD).unwrap();
    std::os::unix::fs::symlink("nowhere", home.path().join(CONSENSUS_KEY_FILE)).unwrap();
    let error = Home::load(home.path()).unwrap().consensus_key().unwrap_err().to_string();
    assert!(error.contains("cannot be read") && error.contains("mend: "), "{error}");
}

/// What a node makes of a genesis document, with more in `[node]` and `[consensus]`.
fn genesis_read(genesis: &Genesis, node: &str, consensus: &str) -> Result<Genesis, ConfigError> {
    let home = tempfile::tempdir().unwrap();
    let document = serde_json::to_string(genesis).unwrap();
    std::fs::write(home.path().join("genesis.json"), document).unwrap();
    let pinned = format!("[node]\ngenesis_hash = \"{}\"\n{node}", genesis.hash());
    let text = GOOD.lines().filter(|line| !line.starts_with("genesis_hash"));
    let text: Vec<&str> = text.collect();
    let text = text.join("\n").replace("[node]\n", &pinned);
    let text = text.replace("peers = []", &format!("peers = []\n{consensus}"));
    std::fs::write(home.path().join(FILE_NAME), text).unwrap();
    Home::load(home.path()).unwrap().genesis()
}

#[test]
fn signed_reads_are_addressed_to_the_names_of_the_configuration_or_to_its_own_address() {
    let names = |listen: &str, names: &str| {
        let listen_of = |text: &str| text.replace("127.0.0.1:26602", listen) + names;
        parse(&listen_of(GOOD), Path::new("config.toml")).unwrap().api.names()
    };
    assert_eq!(names("127.0.0.1:26602", ""), ["127.0.0.1:26602", "localhost:26602"]);
    assert_eq!(names("10.0.0.7:26602", ""), ["10.0.0.7:26602"]);
    assert_eq!(names("0.0.0.0:26602", ""), [""; 0]);
    let given = "names = [\"node1.example\", \"10.0.0.7:26602\"]\n";
    assert_eq!(names("0.0.0.0:26602", given), ["node1.example", "10.0.0.7:26602"]);
}

/// A home with a consensus key in the clear.
fn home_with_key(more: &str) -> (tempfile::TempDir, Home) {
    let home = tempfile::tempdir().unwrap();
    std::fs::write(home.path().join(FILE_NAME), format!("{GOOD}{more}")).unwrap();
    private(&home.path().join(CONSENSUS_KEY_FILE), &"07".repeat(32));
    let loaded = Home::load(home.path()).unwrap();
    (home, loaded)
}

fn private(file: &Path, text: &str) {
    std::fs::write(file, text).unwrap();
    std::fs::set_permissions(file, std::fs::Permissions::from_mode(0o600)).unwrap();
}

#[test]
fn keys_at_rest_open_with_their_passphrase_alone() {
    let (folder, home) = home_with_key("[keys]\npassphrase_file = \"passphrase\"\n");
    let key = home.consensus_key().unwrap().unwrap();
    let (file, passphrase) =
        (folder.path().join(CONSENSUS_KEY_FILE), folder.path().join("passphrase"));
    private(&passphrase, "correct horse\n");
    assert_eq!(home.seal_keys(&passphrase).unwrap(), [CONSENSUS_KEY_FILE]);
    let sealed = std::fs::read_to_string(&file).unwrap();
    assert!(!sealed.contains(&"07".repeat(32)), "{sealed}");
    assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(home.consensus_key().unwrap().unwrap().public_key(), key.public_key());
    private(&passphrase, "another horse\n");
    let error = home.consensus_key().unwrap_err();
    assert!(error.is_locked() && error.to_string().contains("does not open"), "{error}");
    std::fs::set_permissions(&passphrase, std::fs::Permissions::from_mode(0o640)).unwrap();
    assert!(matches!(home.consensus_key().unwrap_err(), ConfigError::KeyMode { .. }));
    private(&passphrase, "\n");
    assert!(matches!(home.consensus_key().unwrap_err(), ConfigError::NoPassphrase { .. }));
    // Under another passphrase, by whoever knows the first.
    private(&passphrase, "correct horse");
    let next = folder.path().join("next");
    private(&next, "a new horse");
    assert_eq!(home.seal_keys(&next).unwrap(), [CONSENSUS_KEY_FILE]);
    assert!(matches!(home.consensus_key().unwrap_err(), ConfigError::KeyPassphrase { .. }));
    private(&passphrase, "a new horse");
    assert_eq!(home.consensus_key().unwrap().unwrap().public_key(), key.public_key());
}

#[test]
fn a_sealed_key_without_a_passphrase_says_how_to_give_one() {
    let (folder, home) = home_with_key("");
    let passphrase = folder.path().join("passphrase");
    private(&passphrase, "correct horse\n");
    home.seal_keys(&passphrase).unwrap();
    let error = home.consensus_key().unwrap_err();
    assert!(error.is_locked(), "{error}");
    let text = error.to_string();
    assert!(text.contains("kyojo.passphrase") && text.contains("passphrase_file"), "{text}");
    let exit = crate::supervise::NodeError::Config(error).exit();
    assert_eq!(exit.code(), 4);
}

#[test]
fn a_key_or_its_passphrase_comes_from_systemds_credentials() {
    let (folder, mut home) = home_with_key("");
    let passphrase = folder.path().join("passphrase");
    private(&passphrase, "correct horse\n");
    let key = home.consensus_key().unwrap().unwrap().public_key();
    home.seal_keys(&passphrase).unwrap();
    let credentials = tempfile::tempdir().unwrap();
    home.credentials = Some(credentials.path().to_owned());
    // Who may read them is the service manager's matter: they are open to the service's group.
    std::fs::write(credentials.path().join(PASSPHRASE_CREDENTIAL), "correct horse").unwrap();
    assert_eq!(home.consensus_key().unwrap().unwrap().public_key(), key);
    std::fs::write(credentials.path().join(CONSENSUS_KEY_FILE), "09".repeat(32)).unwrap();
    let given = home.consensus_key().unwrap().unwrap().public_key();
    assert_eq!(given, SigningKey::from_seed(&[9; 32]).public_key());
    std::fs::remove_file(folder.path().join(CONSENSUS_KEY_FILE)).unwrap();
    assert_eq!(home.consensus_key().unwrap().unwrap().public_key(), given);
}

#[test]
fn an_idle_network_vouches_for_its_state_within_a_quarter_of_what_decisions_may_rely_on() {
    let real = world(1).genesis;
    let validity_ms = real.parameters.decision_validity_ms;
    let idle = |ms: u64| format!("idle_interval_ms = {ms}\n");
    assert!(genesis_read(&real, "", &idle(validity_ms / 4)).is_ok());
    let error = genesis_read(&real, "", &idle(validity_ms / 4 + 1)).unwrap_err().to_string();
    assert!(error.contains("config.toml") && error.contains("idle_interval_ms = 15001"), "{error}");
    assert!(error.contains("at most 15000 under [consensus]"), "{error}");
    // Δ is the network's time, the interval is real.
    let lab = Some(Lab { rate: LabRate::new(10).unwrap(), start: Timestamp::from_millis(1) });
    let lab = Genesis { lab, ..real };
    assert!(genesis_read(&lab, "lab = true\n", &idle(validity_ms / 40)).is_ok());
    assert!(genesis_read(&lab, "lab = true\n", &idle(validity_ms / 4)).is_err());
}

#[test]
fn a_lab_is_refused_unless_the_configuration_says_that_it_may_be_one() {
    let rate = LabRate::new(1000).unwrap();
    let lab = Some(Lab { rate, start: Timestamp::from_millis(1) });
    let mut genesis = Genesis { lab, ..world(1).genesis };
    genesis.parameters.decision_validity_ms *= 1000;
    let read = |more: &str| genesis_read(&genesis, more, "");
    for without in ["", "lab = false\n"] {
        let error = read(without).expect_err("the network's time is not real").to_string();
        let named = error.contains("runs 1000 times as fast") && error.contains("`lab = true`");
        assert!(named && error.contains("[node]"), "{error}");
    }
    assert_eq!(read("lab = true\n").unwrap(), genesis);
}
