//! The tree of a consent's terms: leaves, padding, and what is disclosed of it.

use ledger_types::consent::TermsLeaf;
use ledger_types::limits::TERMS_PATH_MAX;
use ledger_types::{Hash, merkle, refuse_if};
use serde::{Deserialize, Serialize};

use super::process::{Process, ProcessError};
use crate::commitment::{Opening, TAG_TERMS, random_id};
use crate::entropy;
use crate::format::Version;
use crate::vocabulary::Vocabulary;

/// The fewest leaves that a terms tree has.
pub const LEAVES_MIN: usize = 8;

/// A process with its salt and its place in the terms tree.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OpenedProcess {
    /// The leaf's place.
    pub index: u32,
    /// What is agreed, and the salt.
    pub opening: Opening<Process>,
}

impl OpenedProcess {
    /// The leaf as it goes to the ledger.
    #[must_use]
    pub fn leaf(&self) -> TermsLeaf {
        let commitment = self
            .opening
            .commitment(TAG_TERMS)
            .expect("a process has whole numbers below 2^53 only");
        let Process { sensitive, recipient, .. } = self.opening.document;
        TermsLeaf { sensitive, recipient, commitment }
    }
}

/// All that the subject keeps of a consent's terms.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Terms {
    version: Version<1>,
    pub(super) processes: Vec<OpenedProcess>,
    /// Every leaf's hash, those that only fill the tree included.
    pub(super) leaves: Vec<Hash>,
}

impl Terms {
    /// Terms of these processes, under fresh salts, at random places among random leaves.
    ///
    /// # Errors
    /// [`TermsError`] where there are none or too many, or one is not whole.
    pub fn new(processes: Vec<Process>, vocabulary: &Vocabulary) -> Result<Self, TermsError> {
        let most = 1 << TERMS_PATH_MAX;
        if processes.is_empty() || processes.len() > most {
            return Err(TermsError::Count { count: processes.len(), most });
        }
        for process in &processes {
            process.check(vocabulary)?;
        }
        let count = processes.len().next_power_of_two().max(LEAVES_MIN);
        let mut leaves: Vec<Hash> = core::iter::repeat_with(random_id).take(count).collect();
        let mut opened = Vec::with_capacity(processes.len());
        for (process, place) in processes.into_iter().zip(places(count)) {
            let index = u32::try_from(place).expect("at most 2^16 leaves");
            let process = OpenedProcess { index, opening: Opening::fresh(process) };
            if let Some(leaf) = leaves.get_mut(place) {
                *leaf = process.leaf().hash();
            }
            opened.push(process);
        }
        Ok(Self { version: Version, processes: opened, leaves })
    }

    /// The root that the grant carries.
    #[must_use]
    pub fn root(&self) -> Hash {
        merkle::root(&self.leaves)
    }

    /// The processes, in the order in which they were agreed.
    #[must_use]
    pub fn processes(&self) -> &[OpenedProcess] {
        &self.processes
    }

    /// What is shown of the process at `position` of [`Self::processes`].
    #[must_use]
    pub fn disclose(&self, position: usize) -> Option<Disclosure> {
        let process = self.processes.get(position)?.clone();
        let index = usize::try_from(process.index).ok()?;
        let path = merkle::inclusion_path(&self.leaves, index);
        Some(Disclosure { version: Version, process, path })
    }

    /// Checks what was read back: every process is whole and stands where it says.
    ///
    /// # Errors
    /// [`TermsError`] where it is not.
    pub fn check(&self, vocabulary: &Vocabulary) -> Result<(), TermsError> {
        let most = 1 << TERMS_PATH_MAX;
        let count = self.leaves.len();
        if self.processes.is_empty() || !count.is_power_of_two() || count > most {
            return Err(TermsError::Count { count, most });
        }
        for process in &self.processes {
            process.opening.document.check(vocabulary)?;
            let index = usize::try_from(process.index).ok();
            if index.and_then(|index| self.leaves.get(index)) != Some(&process.leaf().hash()) {
                return Err(TermsError::Misplaced { index: process.index });
            }
        }
        Ok(())
    }
}

/// The places `0..count` in an order that each is equally likely to have (Fisher and Yates).
fn places(count: usize) -> Vec<usize> {
    let mut places: Vec<usize> = (0..count).collect();
    for last in (1..count).rev() {
        places.swap(last, entropy::below(last + 1));
    }
    places
}

/// One process opened towards a data holder, with its path to the root on the ledger.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Disclosure {
    version: Version<1>,
    /// The process, its salt and its place.
    pub process: OpenedProcess,
    /// The leaf's path, bottom first.
    pub path: Vec<Hash>,
}

impl Disclosure {
    /// The process, once it is shown to be part of the consent with this root.
    ///
    /// # Errors
    /// [`DisclosureError`] where it is not whole or not part of it.
    pub fn check(
        &self,
        terms_root: &Hash,
        vocabulary: &Vocabulary,
    ) -> Result<&Process, DisclosureError> {
        refuse_if(self.path.len() > TERMS_PATH_MAX, DisclosureError::NotInTerms)?;
        self.process.opening.document.check(vocabulary)?;
        let (leaf, index) = (self.process.leaf().hash(), u64::from(self.process.index));
        if merkle::verify_fixed_path(leaf, index, &self.path, terms_root) {
            Ok(&self.process.opening.document)
        } else {
            Err(DisclosureError::NotInTerms)
        }
    }
}

/// Why processes are no terms.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TermsError {
    /// No process, or too many.
    #[error("{count} processes; a consent has at least one and at most {most}")]
    Count {
        /// How many there were.
        count: usize,
        /// The most.
        most: usize,
    },
    /// One of them is not whole.
    #[error(transparent)]
    Process(#[from] ProcessError),
    /// There is no process at this position.
    #[error("there is no process {position}")]
    NoProcess {
        /// The position, from 0.
        position: usize,
    },
    /// Only one process is left: taking it out is withdrawing the consent.
    #[error("a consent keeps at least one process")]
    Last,
    /// The leaf at a process's place is another.
    #[error("the leaf at {index} is not this process's")]
    Misplaced {
        /// The place.
        index: u32,
    },
}

/// Why what was disclosed is not accepted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DisclosureError {
    /// The process is not whole.
    #[error(transparent)]
    Process(#[from] ProcessError),
    /// Process, salt, place or path are not those of the consent.
    #[error("the process is not part of the consent's terms")]
    NotInTerms,
}
