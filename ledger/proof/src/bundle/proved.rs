//! What a bundle proved.

use ledger_types::{ConsentId, Hash, Height, Outcome, PartyId, Timestamp, TransactionId};
use serde::Serialize;

/// Everything that a bundle proved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Verified {
    /// The network.
    pub genesis: Hash,
    /// The log's head, where the bundle has one.
    pub checkpoint: Option<CosignedBy>,
    /// One a claim, in their order.
    pub proved: Vec<Proved>,
}

/// A checkpoint that a quorum of witnesses cosigned.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CosignedBy {
    /// The log.
    pub origin: String,
    /// How many entries it had.
    pub size: u64,
    /// The root over them.
    pub root: Hash,
    /// Who cosigned, by the policy's names, and when in seconds since the Unix epoch.
    pub witnesses: Vec<(String, u64)>,
}

/// One thing that is true under the trust root.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Proved {
    /// A transaction ended so.
    Receipt {
        /// The receipt's place in the log.
        log_index: u64,
        /// The transaction.
        transaction: TransactionId,
        /// The block.
        height: Height,
        /// Its place in the block.
        index: u32,
        /// Whether it was applied.
        committed: bool,
        /// The rule that it broke, and by which operation, where it was not.
        rejection: Option<(u16, u16)>,
    },
    /// A key had this value after a block.
    State {
        /// The block.
        height: Height,
        /// The block's time, where a log entry vouches for the state.
        time: Option<Timestamp>,
        /// The root of the state.
        state_root: Hash,
        /// The key, in hexadecimal digits.
        key: String,
        /// The record's canonical bytes in hexadecimal digits; none where the key has no record.
        value: Option<String>,
    },
    /// A header was decided.
    Header {
        /// Its height.
        height: Height,
        /// Its time.
        time: Timestamp,
        /// Its hash.
        hash: Hash,
        /// The root of the state after the block before it.
        state_root: Hash,
        /// The root of the audit log after the block before it.
        audit_log_root: Hash,
    },
    /// A request for data is permitted.
    Decision {
        /// The consent that permits it.
        consent: ConsentId,
        /// Who asked.
        requester: PartyId,
        /// The data holder that was asked.
        holder: PartyId,
        /// The block whose state permits it.
        height: Height,
        /// The salted commitment to the process.
        process_commitment: Hash,
        /// Whether the process concerns sensitive data.
        sensitive: bool,
        /// The process in clear, where the bundle opens it.
        process: Option<String>,
        /// Until when the decision may be relied on: min(expiry, the guardian's end, block time +
        /// Δ).
        valid_until: Timestamp,
    },
}

impl Proved {
    pub(super) fn receipt(log_index: u64, receipt: &ledger_types::Receipt) -> Self {
        let rejection = match receipt.outcome {
            Outcome::Committed => None,
            Outcome::Rejected { code, operation } => Some((code.get(), operation)),
        };
        Self::Receipt {
            log_index,
            transaction: receipt.transaction,
            height: receipt.height,
            index: receipt.index,
            committed: receipt.is_committed(),
            rejection,
        }
    }
}
