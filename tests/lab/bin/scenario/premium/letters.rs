//! Letters to people: secrets, households, and the published lists of leaves.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use ledger_types::programme::{LeafClaim, LeafPlace};
use ledger_types::{AccountId, Hash, ProgrammeId, merkle};
use public_draw::leaf::{application_message, household_tag};
use public_draw::{Application, Leaf, LetterSecret};
use rand::SeedableRng as _;
use rand::seq::SliceRandom as _;

use super::size::PER_PERSON;

/// How many live in a household, one after another.
const HOUSEHOLDS: [u32; 8] = [2, 1, 3, 2, 4, 1, 2, 3];

/// The letters of one list.
struct List {
    /// The place of each person of the list, counted from its first.
    places: Vec<u32>,
    /// The tree over the leaves' hashes, from its leaves to its root.
    levels: Vec<Vec<Hash>>,
    leaves: Vec<Hash>,
}

/// All letters of a programme.
pub(crate) struct Letters {
    genesis: Hash,
    programme: ProgrammeId,
    lists: Vec<List>,
    /// The number of the first person of each list.
    firsts: Vec<u32>,
    /// The household of each person.
    households: Vec<u32>,
}

impl Letters {
    /// No letters yet.
    pub(crate) fn new(genesis: Hash, programme: ProgrammeId) -> Self {
        let (lists, firsts, households) = (Vec::new(), Vec::new(), Vec::new());
        Self { genesis, programme, lists, firsts, households }
    }

    /// Writes letters to so many more people, who are shuffled on a list of their own.
    pub(crate) fn add(&mut self, people: u32) {
        let first = u32::try_from(self.households.len()).unwrap_or(u32::MAX);
        let mut household = self.households.last().map_or(0, |last| last + 1);
        let mut sizes = HOUSEHOLDS.iter().cycle();
        while self.households.len() < (first + people) as usize {
            let size = *sizes.next().unwrap_or(&1);
            let room = (first + people) as usize - self.households.len();
            self.households.extend(std::iter::repeat_n(household, (size as usize).min(room)));
            household += 1;
        }
        let mut order: Vec<u32> = (first..first + people).collect();
        let seed = *Hash::of(&[b"shuffled", self.genesis.as_bytes()]).as_bytes();
        order.shuffle(&mut rand_chacha::ChaCha20Rng::from_seed(seed));
        let mut places = vec![0; people as usize];
        for (place, person) in (0_u32..).zip(&order) {
            places[(person - first) as usize] = place;
        }
        let leaves = self.hashes(&order);
        let entries = leaves.iter().map(|leaf| merkle::leaf_hash(leaf.as_bytes())).collect();
        self.lists.push(List { places, levels: levels(entries), leaves });
        self.firsts.push(first);
    }

    /// The leaves' hashes, made on every core.
    fn hashes(&self, order: &[u32]) -> Vec<Hash> {
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        let share = order.len().div_ceil(threads).max(1);
        std::thread::scope(|scope| {
            let of = |part: &[u32]| -> Vec<Hash> {
                part.iter().map(|person| self.leaf(*person).hash()).collect()
            };
            let parts: Vec<_> =
                order.chunks(share).map(|part| scope.spawn(move || of(part))).collect();
            let joined = parts.into_iter().map(|part| part.join());
            joined.flat_map(|part| part.unwrap_or_default()).collect()
        })
    }

    fn secret(&self, person: u32) -> LetterSecret {
        let hash = Hash::of(&[b"a letter", self.genesis.as_bytes(), &person.to_be_bytes()]);
        let (secret, _) = hash.as_bytes().split_at(16);
        LetterSecret::new(secret.try_into().unwrap_or_default())
    }

    fn leaf(&self, person: u32) -> Leaf {
        let key = self.secret(person).signing_key(&self.genesis, self.programme.get());
        let household = self.households[person as usize];
        Leaf {
            key: key.public_key(),
            household: household_tag(&[9; 32], &household.to_be_bytes()),
            sets: PER_PERSON,
        }
    }

    /// Where a person's leaf stands.
    pub(crate) fn place(&self, person: u32) -> LeafPlace {
        let list = self.firsts.iter().rposition(|first| *first <= person).unwrap_or(0);
        let index = self.lists[list].places[(person - self.firsts[list]) as usize];
        LeafPlace { list: u16::try_from(list + 1).unwrap_or(u16::MAX), index }
    }

    /// A person's letter, shown by an applicant in a round.
    pub(crate) fn claim(
        &self,
        round: u16,
        by: AccountId,
        (person, sets): (u32, u16),
    ) -> anyhow::Result<LeafClaim> {
        let place = self.place(person);
        let Leaf { key, household, sets: entitled } = self.leaf(person);
        let signed = Application::on_ledger(self.programme, round, place, by);
        let signed = signed.context("no ledger has such a round")?;
        let signer = self.secret(person).signing_key(&self.genesis, self.programme.get());
        let signature = signer.sign(&application_message(&self.genesis, &signed));
        let path = path(&self.lists[usize::from(place.list) - 1].levels, place.index as usize);
        Ok(LeafClaim { leaf: place, key, household, entitled, sets, path, signature })
    }

    /// The root of a list, and how many leaves it has.
    pub(crate) fn root(&self, list: u16) -> anyhow::Result<(Hash, u32)> {
        let list = &self.lists[usize::from(list) - 1];
        let root = list.levels.last().and_then(|level| level.first()).context("an empty list")?;
        Ok((*root, u32::try_from(list.leaves.len())?))
    }

    /// Publishes the lists: a file each, a hash a line.
    pub(crate) fn publish(&self, folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
        let mut files = Vec::new();
        for (number, list) in (1..).zip(&self.lists) {
            let file = folder.join(format!("list-{number}"));
            let lines = list.leaves.iter().fold(String::new(), |mut text, leaf| {
                text.push_str(&format!("{leaf}\n"));
                text
            });
            std::fs::write(&file, lines)?;
            files.push(file);
        }
        Ok(files)
    }
}

/// The levels of RFC 6962's tree: a lone last node goes up as it is.
fn levels(leaves: Vec<Hash>) -> Vec<Vec<Hash>> {
    let mut levels = vec![leaves];
    while let Some(last) = levels.last().filter(|last| last.len() > 1) {
        let next = last.chunks(2).map(|pair| match pair {
            [left, right] => merkle::node_hash(left, right),
            lone => lone.first().copied().unwrap_or(Hash::ZERO),
        });
        let next = next.collect();
        levels.push(next);
    }
    levels
}

/// The path of a leaf, bottom first.
fn path(levels: &[Vec<Hash>], mut index: usize) -> Vec<Hash> {
    let mut path = Vec::new();
    for level in levels {
        path.extend((level.len() > 1).then(|| level.get(index ^ 1)).flatten());
        index /= 2;
    }
    path
}

#[cfg(test)]
mod tests {
    use public_draw::leaf::{is_listed, list_path, list_root};

    use super::*;

    #[test]
    fn trees_of_every_shape_are_the_published_ones() {
        for count in 1..40_u32 {
            let mut letters = Letters::new(Hash::of(&[b"network"]), ProgrammeId::new(7));
            letters.add(count);
            let leaves = &letters.lists[0].leaves;
            let (root, size) = letters.root(1).unwrap();
            assert_eq!((root, size), (list_root(leaves), count));
            for person in 0..count {
                let index = letters.place(person).index;
                let path = path(&letters.lists[0].levels, index as usize);
                assert_eq!(Some(&path), list_path(leaves, index).as_ref());
                assert!(is_listed(&root, size, index, &letters.leaf(person).hash(), &path));
            }
        }
    }
}
