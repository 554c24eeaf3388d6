//! What the state holds beside its records; its canonical bytes lie beside a checkpoint.

use borsh::{BorshDeserialize, BorshSerialize};
use ledger_types::merkle::Frontier;
use ledger_types::{Hash, Height, Rotation, Timestamp, ValidatorSet};

/// The tip of the log.
///
/// Validators stay as genesis names them in this version; with changes to them, the set of the
/// tip's own height (which the next block's certificate answers to) will lie here too.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub(crate) struct Tip {
    pub(crate) genesis_hash: Hash,
    pub(crate) height: Height,
    pub(crate) time: Timestamp,
    pub(crate) header_hash: Hash,
    pub(crate) receipts_root: Hash,
    pub(crate) audit_log: Frontier,
    pub(crate) validators: ValidatorSet,
    /// In force at the next height.
    pub(crate) rotation: Rotation,
    /// In force at the tip's height: who missed a turn there is judged by it.
    pub(crate) rotation_before: Rotation,
}

impl Tip {
    /// Checks what decoding alone does not say.
    pub(crate) fn check(&self) -> Result<(), &'static str> {
        if !self.audit_log.is_well_formed() {
            return Err("the audit log's peaks do not fit its size");
        }
        let set = ValidatorSet::new(self.validators.as_slice().to_vec());
        if set.as_ref() != Some(&self.validators) {
            return Err("the validators do not make a set");
        }
        Ok(())
    }
}
