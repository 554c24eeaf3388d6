//! The records against a model that recomputes everything from the definition, and their goldens.

use std::collections::{BTreeMap, BTreeSet};

use ledger_types::Hash;
use proptest::prelude::*;
use sha2::{Digest, Sha256};

use super::{
    Change, Evidence, Key, KeyRepeated, Load, ProofError, Records, RestoreError, StoredRecord,
};

type Bytes = Vec<u8>;

/// Records by the definition: no tree, no index, nothing kept but what a snapshot holds.
#[derive(Clone, Debug, Default, PartialEq)]
struct Model {
    now: BTreeMap<Bytes, String>,
    before_transaction: Option<BTreeMap<Bytes, String>>,
    sealed: BTreeMap<Bytes, (u32, String)>,
}

impl Model {
    fn seal(&mut self) -> Vec<Change> {
        self.before_transaction = None;
        let before = self.sealed.clone();
        self.sealed.retain(|key, _| self.now.contains_key(key));
        for (key, value) in &self.now {
            let taken: BTreeSet<u32> = self.sealed.values().map(|(slot, _)| *slot).collect();
            let lowest = (1..).find(|slot| !taken.contains(slot)).unwrap();
            let slot = before.get(key).map_or(lowest, |(slot, _)| *slot);
            self.sealed.insert(key.clone(), (slot, value.clone()));
        }
        let keys: BTreeSet<&Bytes> = before.keys().chain(self.sealed.keys()).collect();
        keys.into_iter()
            .filter(|key| before.get(*key) != self.sealed.get(*key))
            .map(|key| {
                let after = self.sealed.get(key);
                let (slot, _) = after.or(before.get(key)).unwrap();
                let value = after.map(|(_, value)| borsh::to_vec(value).unwrap());
                Change { slot: *slot, key: key.clone(), value }
            })
            .collect()
    }

    fn root(&self) -> Hash {
        let mut leaves = BTreeMap::new();
        let mut nexts = self.sealed.keys().skip(1).cloned().chain([Bytes::new()]);
        for (key, (slot, value)) in &self.sealed {
            let value = borsh::to_vec(value).unwrap();
            leaves.insert(*slot, leaf(key, &nexts.next().unwrap(), &value));
        }
        let first = self.sealed.keys().next().cloned().unwrap_or_default();
        leaves.insert(0, leaf(&[], &first, &[]));
        Hash::new(subtree(&leaves, 0, 32))
    }
}

fn leaf(key: &[u8], next: &[u8], value: &[u8]) -> [u8; 32] {
    let length = |bytes: &[u8]| u8::try_from(bytes.len()).unwrap();
    let mut bytes = vec![0, length(key)];
    bytes.extend_from_slice(key);
    bytes.push(length(next));
    bytes.extend_from_slice(next);
    bytes.extend_from_slice(&Sha256::digest(value));
    Sha256::digest(&bytes).into()
}

/// The hash of the subtree of `height` levels whose first leaf is in slot `first`.
fn subtree(leaves: &BTreeMap<u32, [u8; 32]>, first: u64, height: u32) -> [u8; 32] {
    let slot = u32::try_from(first).unwrap();
    let (Some(below), true) = (height.checked_sub(1), leaves.range(slot..).next().is_some()) else {
        let leaf = leaves.get(&slot).filter(|_| height == 0);
        return leaf.copied().unwrap_or_else(|| empty_subtree(height));
    };
    let mut bytes = vec![1];
    bytes.extend_from_slice(&subtree(leaves, first, below));
    bytes.extend_from_slice(&subtree(leaves, first + (1 << below), below));
    Sha256::digest(&bytes).into()
}

fn empty_subtree(height: u32) -> [u8; 32] {
    (0..height).fold([0; 32], |half, _| Sha256::digest([&[1][..], &half, &half].concat()).into())
}

#[derive(Clone, Debug)]
enum Step {
    Put(u8, u8),
    Remove(u8),
    Begin,
    Keep,
    Rollback,
    Seal,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        8 => (0..40_u8, 0..4_u8).prop_map(|(key, value)| Step::Put(key, value)),
        4 => (0..40_u8).prop_map(Step::Remove),
        2 => Just(Step::Begin),
        1 => Just(Step::Keep),
        2 => Just(Step::Rollback),
        2 => Just(Step::Seal),
    ];
    prop::collection::vec(step, 0..120)
}

/// Keys of different lengths, some of them prefixes of others.
fn key_bytes(number: u8) -> Bytes {
    let mut bytes = vec![number % 5; usize::from(number / 5) + 1];
    bytes.push(number);
    bytes
}

fn key(number: u8) -> Key {
    Key::new(&key_bytes(number)).unwrap()
}

fn value(number: u8) -> String {
    "v".repeat(usize::from(number) * 50)
}

/// Takes the step with both, and compares what a seal says.
fn take(step: &Step, records: &mut Records<String>, model: &mut Model) {
    match step {
        Step::Put(number, content) => {
            records.put(key(*number), value(*content));
            model.now.insert(key_bytes(*number), value(*content));
        }
        Step::Remove(number) => {
            records.remove(&key(*number));
            model.now.remove(&key_bytes(*number));
        }
        Step::Begin => {
            records.begin();
            model.before_transaction = Some(model.now.clone());
        }
        Step::Keep => {
            records.keep();
            model.before_transaction = None;
        }
        Step::Rollback => {
            records.rollback();
            if let Some(before) = model.before_transaction.take() {
                model.now = before;
            }
        }
        Step::Seal => {
            assert_eq!(records.seal(), model.seal());
            assert_eq!(records.root(), model.root());
        }
    }
}

fn played(steps: &[Step]) -> (Records<String>, Model) {
    let (mut records, mut model) = (Records::new(), Model::default());
    for step in steps {
        take(step, &mut records, &mut model);
        let now: Vec<(Bytes, &String)> =
            records.iter().map(|(key, value)| (key.as_bytes().to_vec(), value)).collect();
        let expected: Vec<(Bytes, &String)> =
            model.now.iter().map(|(key, value)| (key.clone(), value)).collect();
        assert_eq!(now, expected);
    }
    (records, model)
}

proptest! {
    #[test]
    fn records_agree_with_the_model_after_every_step(steps in steps()) {
        let (mut records, mut model) = played(&steps);
        for number in 0..40 {
            prop_assert_eq!(records.get(&key(number)), model.now.get(&key_bytes(number)));
        }
        take(&Step::Seal, &mut records, &mut model);
        prop_assert_eq!(records.len(), model.sealed.len());
    }

    #[test]
    fn walking_a_prefix_is_filtering_all_keys(steps in steps(), prefix in 0..5_u8, from in 0..40) {
        let (records, model) = played(&steps);
        let expected = |least: &[u8]| -> Vec<Bytes> {
            let keys = model.now.keys().filter(|key| key.starts_with(&[prefix]));
            keys.filter(|key| key.as_slice() >= least).cloned().collect()
        };
        let bytes = |(key, _): (Key, &String)| key.as_bytes().to_vec();
        let walked: Vec<Bytes> = records.iter_prefix(&[prefix]).map(bytes).collect();
        prop_assert_eq!(walked, expected(&[]));
        let from = key_bytes(u8::try_from(from).unwrap());
        let paged: Vec<Bytes> =
            records.range(&Key::new(&from).unwrap(), &[prefix]).map(bytes).collect();
        prop_assert_eq!(paged, expected(&from));
        prop_assert_eq!(records.iter_prefix(&[]).count(), model.now.len());
        prop_assert_eq!(records.iter_prefix(&[prefix; 60]).count(), 0);
    }

    #[test]
    fn every_key_is_proved_present_or_absent(steps in steps()) {
        let (mut records, mut model) = played(&steps);
        take(&Step::Seal, &mut records, &mut model);
        for number in 0..40 {
            let proof = records.prove(&key(number));
            let expected = model.now.get(&key_bytes(number)).map(|v| borsh::to_vec(v).unwrap());
            prop_assert_eq!(proof.verify(&records.root(), &key(number)), Ok(expected));
            let bytes = borsh::to_vec(&proof).unwrap();
            prop_assert_eq!(borsh::from_slice::<super::Proof>(&bytes).unwrap(), proof);
        }
    }

    #[test]
    fn a_proof_with_any_bit_changed_shows_nothing(
        steps in steps(), number in 0..40_u8, at in any::<prop::sample::Index>(), bit in 0..8,
    ) {
        let (mut records, mut model) = played(&steps);
        take(&Step::Seal, &mut records, &mut model);
        let mut bytes = borsh::to_vec(&records.prove(&key(number))).unwrap();
        let at = at.index(bytes.len());
        bytes[at] ^= 1_u8 << bit;
        if let Ok(tampered) = borsh::from_slice::<super::Proof>(&bytes) {
            prop_assert!(tampered.verify(&records.root(), &key(number)).is_err());
        }
    }

    #[test]
    fn a_proof_shows_nothing_false_of_another_key(
        steps in steps(), number in 0..40_u8, other in 0..40_u8,
    ) {
        let (mut records, mut model) = played(&steps);
        take(&Step::Seal, &mut records, &mut model);
        let proof = records.prove(&key(number));
        // A gap holds other absent keys too; a present key's leaf is of that key alone.
        if let Ok(shown) = proof.verify(&records.root(), &key(other)) {
            let expected = model.now.get(&key_bytes(other)).map(|v| borsh::to_vec(v).unwrap());
            prop_assert_eq!(shown, expected);
        }
        prop_assert_eq!(
            proof.verify(&Hash::ZERO, &key(number)),
            Err(ProofError::RootMismatch)
        );
    }

    #[test]
    fn restoring_what_is_stored_restores_the_whole(
        before in steps(), after in steps(), shuffle in any::<prop::sample::Index>(),
    ) {
        let (mut records, mut model) = played(&before);
        take(&Step::Seal, &mut records, &mut model);
        let mut stored: Vec<StoredRecord> = records.stored().collect();
        prop_assert!(stored.is_sorted_by_key(|record| record.key.clone()));
        let middle = shuffle.index(stored.len() + 1);
        stored.rotate_left(middle);
        let mut restored = Records::<String>::restore(stored).unwrap();
        prop_assert_eq!(restored.root(), records.root());
        for step in after.iter().chain([&Step::Seal]) {
            take(step, &mut restored, &mut model);
        }
    }
}

proptest! {
    #[test]
    fn loading_records_is_putting_and_sealing_them(
        numbers in prop::collection::btree_set(0..40_u8, 0..40), steps in steps(),
    ) {
        let (mut load, mut put, mut model) = (Load::new(), Records::new(), Model::default());
        for number in numbers.into_iter().rev() {
            load.add(&key(number), value(number));
            put.put(key(number), value(number));
            model.now.insert(key_bytes(number), value(number));
        }
        let mut loaded = load.seal().unwrap();
        put.seal();
        model.seal();
        prop_assert_eq!(loaded.root(), put.root());
        prop_assert!(loaded.stored().eq(put.stored()));
        for step in steps.iter().chain([&Step::Seal]) {
            take(step, &mut loaded, &mut model);
        }
    }
}

#[test]
fn a_key_is_not_loaded_twice() {
    let mut load = Load::new();
    for number in [3, 1, 2, 1] {
        load.add(&key(number), value(number));
    }
    assert_eq!(load.seal().map(|_| ()).unwrap_err(), KeyRepeated { key: key(1) });
}

#[test]
fn roots_of_a_fixed_sequence_are_pinned() {
    let mut records: Records<u32> = Records::new();
    let put = |records: &mut Records<u32>, name: &[u8], value| {
        records.put(Key::new(name).unwrap(), value);
    };
    let mut roots = vec![records.root().to_string()];
    put(&mut records, b"b", 1);
    roots.push(seal(&mut records));
    for (name, value) in [(&b"a"[..], 2), (b"c", 3), (b"ab", 4)] {
        put(&mut records, name, value);
    }
    roots.push(seal(&mut records));
    records.remove(&Key::new(b"a").unwrap());
    put(&mut records, b"b", 5);
    roots.push(seal(&mut records));
    put(&mut records, b"d", 6);
    put(&mut records, b"aa", 7);
    roots.push(seal(&mut records));
    assert_eq!(roots, GOLDEN_ROOTS, "changing these breaks every network's state roots");
}

/// Computed apart from this code, from the definition.
const GOLDEN_ROOTS: [&str; 5] = [
    "6732e4bf20f45c7d7fc7ae54a8d251aa0d642226f92e88d7f674e0a12d743972",
    "173df9422032f229a13f67bb552ac8a548019b73a9041565817ea0f54b8a9c4d",
    "29b3eb379e69942df0ef897e969dc1c1512336500173d52631dd9fda150f9578",
    "667f6e1223241b1b91079da8773b53e964e2dc80d25e95088e273513794fb87b",
    "2abadcdaaf5163a9b42c8cc0090b969e0acad1a8d97a0086daaa607bcb97d0f3",
];

fn seal(records: &mut Records<u32>) -> String {
    records.seal();
    records.root().to_string()
}

#[test]
fn an_absence_proof_does_not_disclose_the_record_before() {
    let mut records = Records::new();
    records.put(key(1), "a neighbour's secret".to_owned());
    records.seal();
    let proof = records.prove(&key(2));
    assert!(matches!(proof.evidence, Evidence::Absent { .. }));
    let bytes = borsh::to_vec(&proof).unwrap();
    assert!(!bytes.windows(6).any(|window| window == b"secret"));
}

#[test]
fn freed_slots_are_taken_lowest_first_in_order_of_key() {
    let mut records = Records::new();
    for number in 0..10 {
        records.put(key(number), value(1));
    }
    let slot = |changes: &[Change], number: u8| {
        changes.iter().find(|change| change.key == key_bytes(number)).unwrap().slot
    };
    let first = records.seal();
    let (low, high) = (slot(&first, 3).min(slot(&first, 7)), slot(&first, 3).max(slot(&first, 7)));
    records.remove(&key(3));
    records.remove(&key(7));
    records.put(key(20), value(1));
    records.put(key(30), value(1));
    records.put(key(35), value(1));
    let second = records.seal();
    let mut given: Vec<(Bytes, u32)> =
        [20, 30, 35].map(|number| (key_bytes(number), slot(&second, number))).to_vec();
    given.sort();
    assert_eq!(given.iter().map(|(_, slot)| *slot).collect::<Vec<_>>(), [low, high, 11]);
}

#[test]
fn what_is_not_a_state_is_not_restored() {
    let record = |slot, name: &[u8], content: &[u8]| StoredRecord {
        slot,
        key: name.to_vec(),
        value: content.to_vec(),
    };
    let good = record(1, b"a", &7_u32.to_le_bytes());
    let table = [
        (record(2, b"", &[0; 4]), RestoreError::BadKey { slot: 2 }),
        (record(2, &[1; 49], &[0; 4]), RestoreError::BadKey { slot: 2 }),
        (record(2, b"b", &[0; 3]), RestoreError::BadValue { slot: 2 }),
        (record(2, b"b", &[0; 5]), RestoreError::BadValue { slot: 2 }),
        (record(0, b"b", &[0; 4]), RestoreError::SlotTaken { slot: 0 }),
        (record(1, b"b", &[0; 4]), RestoreError::SlotTaken { slot: 1 }),
        (record(2, b"a", &[0; 4]), RestoreError::KeyTaken { slot: 2 }),
    ];
    for (wrong, expected) in table {
        let refused = Records::<u32>::restore([good.clone(), wrong]).map(|_| ()).unwrap_err();
        assert_eq!(refused, expected);
    }
}
