//! The audit log's growth by one block: each receipt in order, then the block's commit entry.
//!
//! The log is an RFC 6962 tree. A receipt's leaf is also its leaf under the receipts root.

use ledger_types::merkle::{self, Frontier};
use ledger_types::{BlockCommit, Entry, Hash, Header, Receipt};

/// The root over a block's receipts.
pub(crate) struct Receipts {
    leaves: Vec<Hash>,
}

impl Receipts {
    pub(crate) fn of(receipts: &[Receipt]) -> Self {
        let leaf = |receipt: &Receipt| Entry::Receipt(*receipt).leaf_hash();
        Self { leaves: receipts.iter().map(leaf).collect() }
    }

    pub(crate) fn root(&self) -> Hash {
        merkle::root(&self.leaves)
    }

    /// Appends the entries of the block with this header, whose state root afterwards is given.
    pub(crate) fn append_to(self, log: &mut Frontier, header: &Header, state_root: Hash) {
        let commit = BlockCommit {
            height: header.height,
            time: header.time,
            state_root,
            validators_hash: header.validators_hash,
            first_index: log.size(),
        };
        for leaf in self.leaves {
            log.push(leaf);
        }
        log.push(Entry::BlockCommit(commit).leaf_hash());
    }
}
