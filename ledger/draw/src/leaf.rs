//! What of a letter is public: its leaf, the list of leaves, and what its key signs to apply.
//!
//! A leaf's hash hides who has it: the key is made from a secret that only the letter holds, the
//! household stands in it as a salted tag. A list is the hashes of its leaves in an order that says
//! nothing of people (the city shuffles them); it is published, so that anybody can make the path of
//! a leaf, and the ledger keeps its root and size. Leaves with the same tag are one household; a tag
//! of her own makes a person a household of her own, and nobody can tell.

use borsh::{BorshDeserialize, BorshSerialize};
use ledger_types::signed::Domain;
use ledger_types::{AccountId, Hash, PublicKey, merkle};
use serde::{Deserialize, Serialize};

/// Tag of a household's tag.
const TAG_HOUSEHOLD: &[u8] = b"kyojo/household/1";
/// Tag of a leaf's hash.
const TAG_LEAF: &[u8] = b"kyojo/leaf/1";

/// The salted tag of a household, by whatever names it where the list is made.
///
/// The salt is at random, one for all households of a list: known to nobody else, it keeps tags
/// from being found by trying names.
#[must_use]
pub fn household_tag(salt: &[u8; 32], household: &[u8]) -> Hash {
    Hash::of(&[TAG_HOUSEHOLD, salt, household])
}

/// What one letter stands for.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize,
)]
pub struct Leaf {
    /// The key made from the letter's secret.
    pub key: PublicKey,
    /// The household's salted tag.
    pub household: Hash,
    /// How many sets the letter may ask for.
    pub sets: u16,
}

impl Leaf {
    /// The leaf's hash: what stands in the published list.
    #[must_use]
    pub fn hash(&self) -> Hash {
        let (kind, key) = ([self.key.tag()], self.key.as_bytes());
        let (household, sets) = (self.household.as_bytes(), self.sets.to_be_bytes());
        Hash::of(&[TAG_LEAF, &kind, key, household, &sets])
    }
}

/// The root of a list: RFC 6962's tree over the leaves' hashes as entries.
#[must_use]
pub fn list_root(list: &[Hash]) -> Hash {
    merkle::root(&entries(list))
}

/// The path of the leaf at `index`, bottom first; `None` where the list has no such place.
#[must_use]
pub fn list_path(list: &[Hash], index: u32) -> Option<Vec<Hash>> {
    let index = usize::try_from(index).ok().filter(|index| *index < list.len())?;
    Some(merkle::inclusion_path(&entries(list), index))
}

/// Whether the list of `size` leaves with this root has this leaf's hash at `index`.
#[must_use]
pub fn is_listed(root: &Hash, size: u32, index: u32, leaf: &Hash, path: &[Hash]) -> bool {
    let entry = merkle::leaf_hash(leaf.as_bytes());
    merkle::verify_inclusion(entry, u64::from(index), u64::from(size), path, root)
}

fn entries(list: &[Hash]) -> Vec<Hash> {
    list.iter().map(|leaf| merkle::leaf_hash(leaf.as_bytes())).collect()
}

/// What a leaf's key signs, so that a leaf seen on its way serves nobody but this applicant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Application {
    /// The programme.
    pub programme: u32,
    /// Its round.
    pub round: u8,
    /// Which of the round's lists the leaf stands in.
    pub list: u8,
    /// Where it stands there, from 0.
    pub index: u32,
    /// The account that applies.
    pub applicant: AccountId,
}

/// The bytes that the leaf's key signs on the network with this genesis.
#[must_use]
pub fn application_message(genesis: &Hash, application: &Application) -> Vec<u8> {
    Domain::VOUCHER_APPLICATION.signed_bytes(genesis, application)
}
