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
fn a_lab_is_configured_as_its_status_shows_it() {
    let clock =
        |text: &str| Config::parse(text, Path::new("gateway.toml")).map(|read| read.clock());
    assert_eq!(clock(BOTH).unwrap().lab(), None);
    let with = BOTH.replacen("# lab = {", "lab = {", 1);
    let lab = clock(&with).unwrap().lab().unwrap();
    let start = 1_767_225_600_000;
    assert_eq!((lab.lab.rate.get(), lab.lab.start.as_millis()), (1000, start));
    assert_eq!(lab.genesis_time.as_millis(), start);
    let found = error(&with.replacen("rate = 1000", "rate = 1", 1));
    assert!(found.contains("network.lab.rate") && found.contains("2 to 10000"), "{found}");
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
