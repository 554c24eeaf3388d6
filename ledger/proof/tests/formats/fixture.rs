//! The log of the pinned vector: 300 entries, one log key, four validators that cosign.

use std::collections::BTreeMap;

use ledger_proof::checkpoint::{Checkpoint, SignedCheckpoint};
use ledger_proof::note::{KeyName, NoteSigner, SignatureKind};
use ledger_proof::policy::Policy;
use ledger_proof::tile::{Tile, TileSource, grow};
use ledger_types::merkle::{self, leaf_hash};
use ledger_types::{Hash, SigningKey};

pub(crate) const ORIGIN: &str = "ledger.example/consent";

pub(crate) fn entry(number: u64) -> Vec<u8> {
    format!("consent-tx-{number}").into_bytes()
}

pub(crate) fn leaves(count: u64) -> Vec<Hash> {
    (0..count).map(|number| leaf_hash(&entry(number))).collect()
}

fn signer(name: &str, seed: u8) -> NoteSigner {
    NoteSigner::new(KeyName::new(name).unwrap(), SigningKey::from_seed(&[seed; 32]))
}

pub(crate) fn log() -> NoteSigner {
    signer(ORIGIN, 1)
}

pub(crate) fn validator(number: u8) -> NoteSigner {
    signer(&format!("validator.example/v{number}"), 0x10 + number)
}

pub(crate) fn policy() -> Policy {
    let witness =
        |number: u8| (format!("v{number}"), validator(number).verifier(SignatureKind::Cosignature));
    let witnesses: Vec<_> = (0..4).map(witness).collect();
    Policy::byzantine(&log().verifier(SignatureKind::Ed25519), &witnesses).unwrap()
}

pub(crate) fn head(size: u64) -> Checkpoint {
    let root = merkle::root(&leaves(size));
    Checkpoint { origin: KeyName::new(ORIGIN).unwrap(), size, root }
}

/// The log's checkpoint, cosigned by these validators at 1767225600 + their number.
pub(crate) fn signed(head: Checkpoint, cosigners: &[u8]) -> SignedCheckpoint {
    let text = head.to_string();
    let mut signatures = vec![log().sign(&text)];
    for number in cosigners {
        signatures.push(validator(*number).cosign(&text, 1_767_225_600 + u64::from(*number)));
    }
    head.signed(signatures).unwrap()
}

/// Tiles in memory, written as a node writes them.
#[derive(Default)]
pub(crate) struct Folder {
    pub(crate) tiles: BTreeMap<Tile, Vec<u8>>,
    pub(crate) size: u64,
}

impl Folder {
    pub(crate) fn append(&mut self, leaves: &[Hash]) {
        let tiles = grow(self, self.size, leaves).unwrap();
        self.tiles.extend(tiles);
        self.size += leaves.len() as u64;
    }

    pub(crate) fn of(size: u64) -> Self {
        let mut folder = Self::default();
        folder.append(&leaves(size));
        folder
    }
}

impl TileSource for Folder {
    type Error = Tile;

    fn read(&self, tile: Tile) -> Result<Vec<u8>, Tile> {
        self.tiles.get(&tile).cloned().ok_or(tile)
    }
}
