//! The pinned bytes of every sample (`golden.txt`: a name and hexadecimal digits a line).

use std::collections::BTreeMap;

use ledger_types::codec;

use crate::sample;

fn pinned() -> BTreeMap<&'static str, &'static str> {
    let lines = include_str!("golden.txt").lines();
    lines.filter_map(|line| line.split_once(' ')).collect()
}

/// Writes the goldens anew where that is asked for: what changed is then read, not believed.
pub(crate) fn is_updated(file: &str, text: &str) -> bool {
    let is_asked = std::env::var_os("UPDATE_GOLDEN").is_some();
    if is_asked {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/wire").join(file);
        std::fs::write(path, text).expect("the goldens can be written");
    }
    is_asked
}

#[test]
fn every_encoding_is_the_pinned_one() {
    let lines = sample::encodings().into_iter();
    let lines = lines.map(|(name, bytes)| format!("{name} {}\n", hex::encode(bytes)));
    if is_updated("golden.txt", &lines.collect::<String>()) {
        return;
    }
    let pinned = pinned();
    for (name, bytes) in sample::encodings() {
        let now = hex::encode(bytes);
        let pinned = pinned.get(name.as_str()).copied();
        assert_eq!(
            pinned,
            Some(now.as_str()),
            "the bytes of {name} changed: this breaks the wire, and every signature and hash over \
             it; only a kind of value that is new may have new bytes in golden.txt"
        );
    }
    assert_eq!(pinned.len(), sample::encodings().len(), "golden.txt pins what no sample makes");
}

#[test]
fn the_samples_have_every_operation_tag_in_order() {
    let mut tags: Vec<u8> =
        sample::operations().iter().map(|(_, value)| codec::encode(value)[0]).collect();
    tags.dedup();
    let count = u8::try_from(ledger_types::Operation::NAMES.len()).expect("a byte");
    assert_eq!(tags, (0..count).collect::<Vec<u8>>());
    assert!(codec::decode::<ledger_types::Operation>(&[count; 200], 200).is_err());
}

#[test]
fn the_pinned_envelope_and_certificate_are_truly_signed() {
    let transaction = sample::transaction();
    assert_eq!(transaction.verify(&sample::genesis()), Ok(()));
    let validators = [1, 2, 3]
        .map(|seed| ledger_types::Validator { key: sample::key(seed).public_key(), power: 1 });
    let set = ledger_types::ValidatorSet::new(validators.to_vec()).expect("three validators");
    assert_eq!(sample::certificate().verify(&set, &sample::genesis()), Ok(()));
    assert!(sample::certificate().verify(&set, &ledger_types::Hash::ZERO).is_err());
}
