//! How much the mempool takes in, in one place, with the relations between the limits asserted.

use ledger_types::limits::{
    BLOCK_SIGNATURES_MAX, BLOCK_TRANSACTIONS_BYTES_MAX, NONCE_WINDOW, TRANSACTION_BYTES_MAX,
};
use ledger_types::verify::BATCH_MAX;

/// What a mempool holds and queues at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Pooled transactions.
    pub transactions_max: usize,
    /// Bytes of memory that pooled transactions take: encoded, decoded, and in the pool's indexes,
    /// estimated from above.
    pub bytes_max: usize,
    /// Pooled transactions that came through one source (local clients together, or one peer).
    pub source_transactions_max: usize,
    /// Pooled withdrawals of consent, which none of the limits above touches.
    pub withdrawals_max: usize,
    /// Transactions of one source that wait for verification.
    pub queued_max: usize,
    /// Envelopes remembered as verified, and identities remembered as committed.
    pub remembered: usize,
    /// Threads that verify signatures; 0 takes half of the processors.
    pub verifiers: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            transactions_max: 131_072,
            bytes_max: 256 * 1024 * 1024,
            source_transactions_max: 98_304,
            withdrawals_max: 8_192,
            queued_max: 16_384,
            remembered: 131_072,
            verifiers: 0,
        }
    }
}

/// The most transactions of one account in the pool: its nonce window (protocol rule 4).
pub const ACCOUNT_TRANSACTIONS_MAX: usize = 128;
const _: () = assert!(ACCOUNT_TRANSACTIONS_MAX as u64 == NONCE_WINDOW, "the quota is the window");

/// The share of a block, as a divisor, that withdrawals of consent take before payments.
pub(super) const WITHDRAWALS_FIRST_DIVISOR: usize = 4;
const _: () = assert!(
    BLOCK_TRANSACTIONS_BYTES_MAX / WITHDRAWALS_FIRST_DIVISOR >= TRANSACTION_BYTES_MAX,
    "a withdrawal always fits into its share"
);
const _: () = assert!(BLOCK_SIGNATURES_MAX / WITHDRAWALS_FIRST_DIVISOR >= BATCH_MAX);

/// The most transactions that wait for verification as one job.
pub(super) const JOB_TRANSACTIONS_MAX: usize = BATCH_MAX;
/// The smallest batch to which a source with bad signatures is brought down.
pub(super) const BATCH_MIN: usize = 16;
/// The most withdrawals of one source that wait for verification beyond `queued_max`.
pub(super) const QUEUED_WITHDRAWALS_MAX: usize = 1024;
