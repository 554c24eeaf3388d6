//! A committed block, as the chain hands it to everything behind the commit.

use std::sync::Arc;

use ledger::{Applied, State};
use ledger_types::{Block, CommitCertificate, Hash};

use super::index::{Change, changes};

/// A block that was decided, applied and made durable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Committed {
    /// The block.
    pub block: Arc<Block>,
    /// Its hash.
    pub hash: Hash,
    /// The certificate that decided it, as this node has it.
    pub certificate: CommitCertificate,
    /// What it did.
    pub applied: Applied,
    /// What it changes in lists of duties and of keys, and in sums by month.
    pub changes: Vec<Change>,
}

impl Committed {
    /// A block that was applied, which left `state`.
    pub(crate) fn new(
        block: Arc<Block>,
        certificate: CommitCertificate,
        applied: Applied,
        state: &State,
    ) -> Self {
        let changes = changes(state, &block, &applied.events);
        Self { block, hash: certificate.block, certificate, applied, changes }
    }
}
