//! How a subject narrows terms: a process is taken out, or is given to another recipient.
//!
//! Each change is what the ledger's `Amend` carries: the leaf as it is with its path, and what
//! stands there afterwards. Changes follow one another, each against the tree that the ones before
//! leave.

use ledger_types::consent::{LeafChange, Recipient, tombstone};
use ledger_types::{Hash, merkle, refuse_if};

use super::tree::{OpenedProcess, Terms, TermsError};
use crate::commitment::Opening;
use crate::vocabulary::Vocabulary;

impl Terms {
    /// Takes the process at `position` of [`Self::processes`] out; later ones move up by one.
    ///
    /// # Errors
    /// [`TermsError::NoProcess`] and [`TermsError::Last`]; nothing changed then.
    pub fn take_out(&mut self, position: usize) -> Result<LeafChange, TermsError> {
        let process = self.at(position)?;
        refuse_if(self.processes.len() == 1, TermsError::Last)?;
        let change = self.change(&process, None);
        self.put(process.index, tombstone());
        self.processes.remove(position);
        Ok(change)
    }

    /// Gives the process at `position` to another recipient, under a fresh salt.
    ///
    /// # Errors
    /// [`TermsError::NoProcess`], or [`TermsError::Process`] where nobody is named; nothing changed
    /// then.
    pub fn change_recipient(
        &mut self,
        position: usize,
        recipient: Recipient,
        vocabulary: &Vocabulary,
    ) -> Result<LeafChange, TermsError> {
        let before = self.at(position)?;
        let document = super::Process { recipient, ..before.opening.document.clone() };
        document.check(vocabulary)?;
        let after = OpenedProcess { index: before.index, opening: Opening::fresh(document) };
        let change = self.change(&before, Some(&after));
        self.put(after.index, after.leaf().hash());
        if let Some(process) = self.processes.get_mut(position) {
            *process = after;
        }
        Ok(change)
    }

    fn at(&self, position: usize) -> Result<OpenedProcess, TermsError> {
        self.processes.get(position).cloned().ok_or(TermsError::NoProcess { position })
    }

    fn change(&self, before: &OpenedProcess, after: Option<&OpenedProcess>) -> LeafChange {
        let place = usize::try_from(before.index).unwrap_or(usize::MAX);
        LeafChange {
            index: before.index,
            leaf: before.leaf(),
            path: merkle::inclusion_path(&self.leaves, place),
            replacement: after.map(OpenedProcess::leaf),
        }
    }

    fn put(&mut self, index: u32, hash: Hash) {
        let place = usize::try_from(index).ok();
        if let Some(leaf) = place.and_then(|place| self.leaves.get_mut(place)) {
            *leaf = hash;
        }
    }
}

#[cfg(test)]
mod tests {
    use ledger_types::consent::TermsLeaf;
    use ledger_types::merkle::fixed_root;
    use ledger_types::{PartyId, PartyRoles};

    use super::*;
    use crate::format::Version;
    use crate::terms::{Process, Processing, Region};
    use crate::vocabulary::ConceptName;

    fn process(days: u32) -> Process {
        let concept = |name| ConceptName::new(name).unwrap();
        Process {
            version: Version,
            vocabulary: Vocabulary::built_in().hash(),
            category: concept("kyojo:MobilityRecord"),
            purpose: concept("kyojo:Mobility"),
            excludes: Vec::new(),
            recipient: Recipient::Party(PartyId::new(2)),
            operations: vec![Processing::Use],
            retention_days: days,
            region: Region::new("JP-07").unwrap(),
            data_period: None,
            sensitive: false,
        }
    }

    fn terms(count: u32) -> Terms {
        Terms::new((1..=count).map(process).collect(), Vocabulary::built_in()).unwrap()
    }

    /// What the ledger reckons from a change, beginning at `root`.
    fn applied(root: Hash, change: &LeafChange) -> Hash {
        let index = u64::from(change.index);
        assert_eq!(fixed_root(change.leaf.hash(), index, &change.path), Some(root));
        let after = change.replacement.as_ref().map_or_else(tombstone, TermsLeaf::hash);
        fixed_root(after, index, &change.path).unwrap()
    }

    #[test]
    fn changes_one_after_another_lead_to_the_root_that_the_ledger_reckons() {
        let vocabulary = Vocabulary::built_in();
        let mut terms = terms(3);
        let mut root = terms.root();
        let other = Recipient::Party(PartyId::new(9));
        for step in [
            terms.take_out(1).unwrap(),
            terms.change_recipient(1, other, vocabulary).unwrap(),
            terms.take_out(0).unwrap(),
        ] {
            root = applied(root, &step);
        }
        assert_eq!(terms.root(), root);
        terms.check(vocabulary).unwrap();
        let [left] = terms.processes() else { panic!("{terms:?}") };
        assert_eq!(
            (left.opening.document.retention_days, left.opening.document.recipient),
            (3, other)
        );
        assert_eq!(left.leaf().recipient, other, "what the ledger is shown");
        assert!(terms.disclose(0).unwrap().check(&root, vocabulary).is_ok());
    }

    #[test]
    fn what_cannot_be_changed_changes_nothing() {
        let vocabulary = Vocabulary::built_in();
        let mut terms = terms(1);
        let before = terms.clone();
        assert_eq!(terms.take_out(0), Err(TermsError::Last));
        assert_eq!(terms.take_out(1), Err(TermsError::NoProcess { position: 1 }));
        assert!(
            terms.change_recipient(0, Recipient::Roles(PartyRoles::default()), vocabulary).is_err()
        );
        assert_eq!(terms, before);
    }
}
