//! Cosignatures as they come in, by size of the log, until they make a quorum.
//!
//! What peers sent for sizes that this node has not reached waits here, bounded for each peer.

use std::collections::BTreeMap;

use ledger_proof::checkpoint::{Checkpoint, SignedCheckpoint};
use ledger_proof::note::{Checked, NoteSignature};

use super::Signers;

/// Sizes for which cosignatures are gathered at a time; the smallest give way.
const SIZES_MAX: usize = 8;
/// Cosignatures that one validator may have waiting for sizes not reached here.
const EARLY_MAX: usize = 4;

/// A validator's cosignature over the checkpoint of a size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Vote {
    /// The validator, by its place in genesis.
    pub validator: usize,
    /// The size of the log.
    pub size: u64,
    /// The time in seconds since the Unix epoch (big-endian), and the signature.
    pub cosignature: [u8; COSIGNATURE_BYTES],
}

/// A cosignature without its signer: 8 bytes of time and 64 of signature.
pub const COSIGNATURE_BYTES: usize = 72;

#[derive(Debug)]
struct Gathering {
    checkpoint: Checkpoint,
    /// By validator.
    cosignatures: BTreeMap<usize, NoteSignature>,
}

/// See the module.
#[derive(Debug)]
pub(super) struct Board {
    signers: Signers,
    gathering: BTreeMap<u64, Gathering>,
    early: BTreeMap<usize, Vec<Vote>>,
}

impl Board {
    pub(super) const fn new(signers: Signers) -> Self {
        Self { signers, gathering: BTreeMap::new(), early: BTreeMap::new() }
    }

    /// This node has reached a size: cosignatures for it count from now on.
    pub(super) fn reach(&mut self, checkpoint: Checkpoint) {
        let size = checkpoint.size;
        let gathering = Gathering { checkpoint, cosignatures: BTreeMap::new() };
        self.gathering.entry(size).or_insert(gathering);
        while self.gathering.len() > SIZES_MAX {
            self.gathering.pop_first();
        }
        let early = core::mem::take(&mut self.early);
        for vote in early.into_values().flatten() {
            // Whatever is still early goes back to waiting.
            self.add(vote);
        }
    }

    /// Takes in a cosignature; says whether it is good and new here.
    pub(super) fn add(&mut self, vote: Vote) -> bool {
        let Vote { validator, size, .. } = vote;
        let Some(key) = self.signers.witnesses.get(validator) else { return false };
        let largest = self.gathering.last_key_value().map_or(0, |(size, _)| *size);
        let Some(gathering) = self.gathering.get_mut(&size) else {
            if size > largest {
                let waiting = self.early.entry(validator).or_default();
                waiting.push(vote);
                let over = waiting.len().saturating_sub(EARLY_MAX);
                waiting.drain(..over);
            }
            return false;
        };
        let (name, id) = (key.name.clone(), key.id());
        let signature = NoteSignature { name, id, bytes: vote.cosignature.to_vec() };
        let text = gathering.checkpoint.to_string();
        if !matches!(key.check(&text, &signature), Checked::Good { .. }) {
            return false;
        }
        gathering.cosignatures.insert(validator, signature).is_none()
    }

    /// The largest checkpoint that a quorum has cosigned, signed by `log` and them, where it is not
    /// smaller than `at_least`.
    pub(super) fn quorum(
        &self,
        at_least: u64,
        log: impl FnOnce(&str) -> NoteSignature,
    ) -> Option<SignedCheckpoint> {
        let quorum = self.gathering.range(at_least..).rev().map(|(_, gathering)| gathering).find(
            |gathering| {
                let validators = gathering.cosignatures.keys().copied().collect();
                self.signers.policy.is_quorum(&validators)
            },
        )?;
        let text = quorum.checkpoint.to_string();
        let cosignatures = quorum.cosignatures.values().cloned();
        let signatures = core::iter::once(log(&text)).chain(cosignatures).collect();
        quorum.checkpoint.clone().signed(signatures).ok()
    }
}
