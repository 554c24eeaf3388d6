//! The sample bundles beside this file: made here, pinned there, read back and verified.
//!
//! `KYOJO_WRITE_SAMPLES=1` writes them anew.

use std::path::PathBuf;

use ledger_proof::bundle::{Bundle, Claim, Proved, StateAnchor, TrustRoot, verify};
use ledger_proof::record::consent_key;
use ledger_proof::state::Key;
use ledger_types::{ConsentId, Hash};

use crate::recipients::{to_pharmacists, to_the_circle};
use crate::world::{World, account_key, decided, set, trust};

pub(crate) fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/bundle/samples")
}

/// Every sample by its name.
pub(crate) fn samples() -> Vec<(&'static str, Bundle)> {
    let world = World::new();
    let receipts = vec![Claim::Receipt(world.entry(0)), Claim::Receipt(world.entry(1))];
    let commit = || StateAnchor::Commit(world.entry(3));
    let root = world.state.root();
    let old = decided(49, &set(&[0, 1, 2, 3]), root, &[0, 1, 3]);
    let new = decided(51, &set(&[1, 2, 3, 4]), root, &[1, 2, 3, 4]);
    let header = || StateAnchor::Header(Box::new(new.clone()));
    let absent = consent_key(&ConsentId::new(Hash::of(&[b"never given"])));
    let states = vec![
        world.state_claim(commit(), account_key()),
        world.state_claim(commit(), absent),
        world.state_claim(commit(), Key::of([0])),
        world.state_claim(commit(), Key::of([0xff])),
        world.state_claim(header(), account_key()),
        world.state_claim(header(), absent),
    ];
    let headers = vec![Claim::Header(Box::new(old)), Claim::Header(Box::new(new.clone()))];
    let decision = vec![Claim::Decision(Box::new(world.decision()))];
    let mut sealed = world.decision();
    sealed.opening = None;
    let decision_of = |change: fn(&mut World)| {
        let mut world = World::new();
        change(&mut world);
        world.bundle(vec![Claim::Decision(Box::new(world.decision()))])
    };
    let all = [receipts.clone(), states.clone(), headers.clone(), decision.clone()].concat();
    let without_log = Bundle { log: None, ..world.bundle(headers.clone()) };
    let log_alone = Bundle { validators: None, changes: vec![], ..world.bundle(receipts.clone()) };
    vec![
        ("receipts", world.bundle(receipts)),
        ("states", world.bundle(states)),
        ("headers", world.bundle(headers)),
        ("headers_without_log", without_log),
        ("receipts_without_validators", log_alone),
        ("decision", world.bundle(decision)),
        ("decision_unopened", world.bundle(vec![Claim::Decision(Box::new(sealed))])),
        ("decision_roles", decision_of(to_pharmacists)),
        ("decision_joint_use", decision_of(to_the_circle)),
        ("everything", world.bundle(all)),
        ("nothing", world.bundle(vec![])),
    ]
}

#[test]
fn samples_are_pinned_read_back_and_verified() {
    let write = std::env::var_os("KYOJO_WRITE_SAMPLES").is_some();
    let pin = |name: String, text: String| {
        let path = folder().join(name);
        if write {
            std::fs::write(&path, &text).unwrap();
        }
        let pinned = std::fs::read_to_string(&path).unwrap();
        assert!(pinned == text, "{} is not what is made", path.display());
    };
    pin("trust.json".to_owned(), trust().to_json());
    assert_eq!(TrustRoot::from_json(trust().to_json().as_bytes()), Ok(trust()));
    for (name, bundle) in samples() {
        let text = bundle.to_json();
        assert_eq!(Bundle::from_json(text.as_bytes()), Ok(bundle.clone()), "{name}");
        let verified = verify(&bundle, &trust()).unwrap();
        assert_eq!(verified.proved.len(), bundle.claims.len());
        pin(format!("{name}.json"), text);
        let answer = serde_json::to_string_pretty(&verified).unwrap() + "\n";
        pin(format!("{name}.verified.json"), answer);
    }
}

#[test]
fn what_is_proved_says_what_it_is() {
    let (_, everything) = samples().into_iter().find(|(name, _)| *name == "everything").unwrap();
    let verified = verify(&everything, &trust()).unwrap();
    let values: Vec<bool> = verified
        .proved
        .iter()
        .filter_map(|proved| match proved {
            Proved::State { value, .. } => Some(value.is_some()),
            _ => None,
        })
        .collect();
    assert_eq!(values, [true, false, false, false, true, false]);
    let Some(Proved::Decision { valid_until, process, sensitive, .. }) = verified.proved.last()
    else {
        panic!("the last claim is a decision");
    };
    let until = crate::world::NOW_MS - 20_000 + crate::world::DELTA_MS;
    assert_eq!((valid_until.as_millis(), *sensitive), (until, true));
    assert!(process.as_ref().unwrap().contains("prescriptions"));
    let checkpoint = verified.checkpoint.unwrap();
    let names: Vec<&str> = checkpoint.witnesses.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!((checkpoint.size, names), (4, vec!["v0", "v1", "v3"]));
}
