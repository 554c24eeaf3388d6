//! A configuration is read whole, or the line and the key that are wrong are named.

use std::path::Path;

use super::Config;

/// A configuration of both halves; the tests change words of it.
pub(crate) const BOTH: &str = include_str!("../../example.toml");

fn error(text: &str) -> String {
    Config::parse(text, Path::new("gateway.toml")).unwrap_err().to_string()
}

#[test]
fn the_example_is_read() {
    let config = Config::parse(BOTH, Path::new("gateway.toml")).unwrap();
    assert!(config.holder.is_some() && config.recipient.is_some());
}

#[test]
fn what_is_wrong_is_named_with_its_line() {
    let changed = |from: &str, to: &str| {
        assert!(BOTH.contains(from), "{from}");
        error(&BOTH.replacen(from, to, 1))
    };
    for (from, to, expected) in [
        ("audience", "audienze", "unknown field `audienze`"),
        ("kyojo:MedicationRecord", "kyojo:Nothing", "not under dpv:PersonalData"),
        ("purpose = \"kyojo:", "purpose = \"pd:", "not under dpv:Purpose"),
        ("/patients/{person}/medications", "/patients/all", "without {person}"),
        ("https://id.", "http://id.", "https is expected"),
        ("genesis_hash", "# genesis_hash", "missing field `genesis_hash`"),
        ("\"/drug/name\"", "\"drug\"", "JSON pointer"),
    ] {
        let found = changed(from, to);
        assert!(found.starts_with("gateway.toml:"), "{found}");
        assert!(found.contains(expected), "{found}");
    }
    assert!(error("[network]\nnodes = 3").starts_with("gateway.toml:2:"));
}
