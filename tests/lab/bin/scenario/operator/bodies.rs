//! Mistakes in the files of a home: the document, the configuration, keys and certificates.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use kyojo_tests::founding::{GENESIS, HOMES};
use ledger_types::SigningKey;

use super::bench::{Bench, Mistake, OURS, edit};
use super::founders::OF_THREE;

const CONFIG: &str = "config.toml";
/// A certificate of a key that nobody kept.
const CERTIFICATE: &str = "\
-----BEGIN CERTIFICATE-----
MIIBRDCB96ADAgECAhR+5URn1qrn7xFl4AX95tbksUUSQDAFBgMrZXAwFzEVMBMG
A1UEAwwMbm9kZS5leGFtcGxlMCAXDTI2MTEzMDA3MzgzNloYDzIxMjYxMTA2MDcz
ODM2WjAXMRUwEwYDVQQDDAxub2RlLmV4YW1wbGUwKjAFBgMrZXADIQDqKwDHmt1t
oPLpek1GbgjpQU207ZeTmKmcUUE/3/idJqNTMFEwHQYDVR0OBBYEFBgT4Ypb0KfE
gI6iESOxF4IszYqiMB8GA1UdIwQYMBaAFBgT4Ypb0KfEgI6iESOxF4IszYqiMA8G
A1UdEwEB/wQFMAMBAf8wBQYDK2VwA0EA41SPLg4P1UV0j9Va2IN9Qm5u+eRhX96+
eaFTl2qWumBXGQmpmIvfxEKQsgxdYuS5mXfqxUxnSQUCVwgrmPAGCQ==
-----END CERTIFICATE-----
";
/// A private key of ed25519 in PKCS #8, before its 32 bytes (RFC 8410).
const KEY_BEGINS: [u8; 16] =
    [0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20];
const TLS: &str =
    "\n[api.tls]\nlisten = \"127.0.0.1:0\"\ncertificate = \"tls.pem\"\nkey = \"tls.key\"\n";

pub(super) fn mistakes(bench: &Bench) -> anyhow::Result<Vec<Mistake>> {
    let all = [document(bench)?, configuration(bench)?, keys(bench)?, certificates(bench)?];
    Ok(all.into_iter().flatten().collect())
}

fn document(bench: &Bench) -> anyhow::Result<Vec<Mistake>> {
    let home = bench.trial(HOMES[OURS])?;
    fs::copy(bench.desk.path(OF_THREE), home.join(GENESIS))?;
    let other = bench.start_refused(
        ("genesis-of-others", "genesis.json was replaced by another network's"),
        3,
        &["trial/genesis.json", "is not the pinned one", "mend: ask a member"],
    )?;
    Ok(vec![other])
}

fn configuration(bench: &Bench) -> anyhow::Result<Vec<Mistake>> {
    let spoilt = |from: &str, to: &str| -> anyhow::Result<()> {
        edit(&bench.trial(HOMES[OURS])?.join(CONFIG), from, to)
    };
    spoilt("[api]\n", "[api]\nlistne = \"0.0.0.0:443\"\n")?;
    let unknown = bench.start_refused(
        ("unknown-key", "a key of the configuration was mistyped"),
        3,
        &["trial/config.toml:", "unknown key `listne` in [api]", "mend: write `listen`"],
    )?;
    spoilt("# idle_interval_ms = 5000", "idle_interval_ms = \"5 s\"")?;
    let wrong = bench.start_refused(
        ("wrong-type", "a number of the configuration was written as text"),
        3,
        &["trial/config.toml:", "line: idle_interval_ms = \"5 s\"", "mend: correct the value"],
    )?;
    let config = fs::read_to_string(bench.desk.path(HOMES[OURS]).join(CONFIG))?;
    let identity = config.lines().find(|line| line.trim_start().starts_with("\"/ip4/"));
    let identity = identity.and_then(|line| line.split("/p2p/").nth(1)).unwrap_or_default();
    spoilt(&format!("/p2p/{identity}"), "\",")?;
    let peer = bench.start_refused(
        ("peer-without-identity", "a peer was written without its identity"),
        3,
        &["trial/config.toml:", "ends in \"/p2p/<peer id>\"", "mend: correct the value"],
    )?;
    Ok(vec![unknown, wrong, peer])
}

fn keys(bench: &Bench) -> anyhow::Result<Vec<Mistake>> {
    let key = bench.trial(HOMES[OURS])?.join("consensus.key");
    fs::write(&key, [0xff; 64])?;
    let unreadable = bench.start_refused(
        ("key-unreadable", "consensus.key came back from a backup as something else"),
        3,
        &["trial/consensus.key", "not a secret key", "mend: restore the file from its backup"],
    )?;
    Ok(vec![unreadable])
}

fn certificates(bench: &Bench) -> anyhow::Result<Vec<Mistake>> {
    let with_tls = |certificate: Option<&str>| -> anyhow::Result<()> {
        let home = bench.trial(HOMES[OURS])?;
        let config = fs::read_to_string(home.join(CONFIG))? + TLS;
        fs::write(home.join(CONFIG), config)?;
        let key = home.join("tls.key");
        fs::write(&key, private_key())?;
        fs::set_permissions(&key, fs::Permissions::from_mode(0o600))?;
        Ok(certificate.map_or(Ok(()), |text| fs::write(home.join("tls.pem"), text))?)
    };
    with_tls(Some(CERTIFICATE))?;
    let mismatch = bench.start_refused(
        ("certificate-of-another-key", "the certificate was renewed and its key was not"),
        3,
        &["trial/tls.key", "not the key of the certificate in trial/tls.pem", "mend: "],
    )?;
    with_tls(None)?;
    let missing = bench.start_refused(
        ("certificate-missing", "the configuration names a certificate that is not there"),
        3,
        &["trial/tls.pem", "cannot be read", "mend: `certificate` under [api.tls] names"],
    )?;
    Ok(vec![mismatch, missing])
}

/// A private key in PEM.
fn private_key() -> String {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;
    let bytes = [&KEY_BEGINS[..], SigningKey::from_seed(&[9; 32]).seed().as_ref()].concat();
    let text = STANDARD.encode(bytes);
    format!("-----BEGIN PRIVATE KEY-----\n{text}\n-----END PRIVATE KEY-----\n")
}

/// A configuration with a byte order mark and the line ends of another system is as good as any.
pub(super) fn is_understood_as_others_save_it(bench: &Bench) -> anyhow::Result<bool> {
    let file = bench.trial(HOMES[OURS])?.join(CONFIG);
    let text = format!("\u{feff}{}", fs::read_to_string(&file)?.replace('\n', "\r\n"));
    fs::write(&file, text)?;
    let check = ["kyojo-node", "config", "check", "--home", super::bench::TRIAL];
    Ok(bench.desk.types(&check)?.exit == Some(0))
}
