//! The samples of the consent layer whose bytes the wire's goldens pin.

use ledger_types::consent::Language;
use ledger_types::operation::WeightedKey;
use ledger_types::{AccountId, Hash, Operation, SigningKey};

#[path = "../../../../../ledger/types/tests/wire/sample/consent.rs"]
mod consent;

pub(super) fn operations() -> Vec<Operation> {
    consent::consent()
}

fn hash(byte: u8) -> Hash {
    Hash::new([byte; 32])
}

fn account(byte: u8) -> AccountId {
    AccountId::new([byte; 20])
}

fn key(seed: u8) -> SigningKey {
    SigningKey::from_seed(&[seed; 32])
}

fn keys() -> Vec<WeightedKey> {
    vec![WeightedKey { key: key(1).public_key(), weight: 2 }]
}

fn language(text: &str) -> Language {
    Language::new(text).unwrap()
}
