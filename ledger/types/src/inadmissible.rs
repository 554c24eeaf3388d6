//! Why a transaction never reaches the ledger: numbered 1xxx, no receipt, nothing consumed.

use crate::hash::NetworkId;
use crate::nonce::Nonce;
use crate::time::Timestamp;

/// A transaction that no valid block may hold. Decided from its bytes and the parent's state.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Inadmissible {
    /// The bytes are not a transaction.
    #[error("not a transaction: {reason}")]
    Malformed {
        /// What the decoder met.
        reason: String,
    },
    /// More bytes than a transaction may have.
    #[error("the transaction has {length} bytes, the most is {most}")]
    TooLarge {
        /// How many it has.
        length: usize,
        /// How many it may have.
        most: usize,
    },
    /// Signed for another network.
    #[error("the transaction is for network {found}, this is {expected}")]
    WrongNetwork {
        /// This network.
        expected: NetworkId,
        /// The transaction's.
        found: NetworkId,
    },
    /// A signature does not verify.
    #[error("a signature does not verify")]
    BadSignature,
    /// The block's time is at or past `valid_until`.
    #[error("the transaction was valid until {valid_until} ms, it is {now} ms")]
    Expired {
        /// Until when it was valid.
        valid_until: Timestamp,
        /// The time that decides.
        now: Timestamp,
    },
    /// `valid_until` lies more than 24 h ahead.
    #[error("valid_until lies more than 24 hours ahead")]
    ValidUntilTooFar,
    /// The nonce was used.
    #[error("nonce {} was used before", nonce.get())]
    NonceUsed {
        /// The nonce.
        nonce: Nonce,
    },
    /// The nonce lies outside the window.
    #[error("nonce {} is too far ahead, the lowest unused one is {}", nonce.get(), lowest_unused.get())]
    NonceOutOfWindow {
        /// The nonce.
        nonce: Nonce,
        /// Where the window begins.
        lowest_unused: Nonce,
    },
    /// The sender is not known to the ledger.
    #[error("the sending account does not exist")]
    UnknownSender,
    /// A key that signed does not act for the sender.
    #[error("a key that signed does not act for the account")]
    KeyNotAuthorised,
    /// The keys that signed do not weigh enough.
    #[error("the signatures weigh {weight}, {threshold} is needed")]
    ThresholdNotMet {
        /// What they weigh.
        weight: u32,
        /// What is needed.
        threshold: u16,
    },
    /// The block holds the same account and nonce twice.
    #[error("the block holds the same account and nonce twice")]
    NonceRepeated,
    /// No operation, or too many.
    #[error("a transaction holds 1 to 64 operations")]
    BadOperationCount,
    /// No signature, too many, or the same key twice.
    #[error("a transaction holds 1 to 8 signatures, each of another key")]
    BadAuthorisations,
    /// A new data subject's first transaction is one grant with its controller's co-signature.
    #[error("a new subject's first transaction is a grant co-signed by its controller")]
    CosignatureMissing,
}

impl Inadmissible {
    /// The stable number.
    #[must_use]
    pub const fn code(&self) -> u16 {
        match self {
            Self::Malformed { .. } => 1001,
            Self::TooLarge { .. } => 1002,
            Self::WrongNetwork { .. } => 1003,
            Self::BadSignature => 1004,
            Self::Expired { .. } => 1005,
            Self::ValidUntilTooFar => 1006,
            Self::NonceUsed { .. } => 1007,
            Self::NonceOutOfWindow { .. } => 1008,
            Self::UnknownSender => 1009,
            Self::KeyNotAuthorised => 1010,
            Self::ThresholdNotMet { .. } => 1011,
            Self::NonceRepeated => 1012,
            Self::BadOperationCount => 1013,
            Self::BadAuthorisations => 1014,
            Self::CosignatureMissing => 1015,
        }
    }

    /// Whether a later block may hold the transaction all the same.
    #[must_use]
    pub const fn may_pass(&self) -> bool {
        match self {
            Self::ValidUntilTooFar | Self::NonceOutOfWindow { .. } | Self::NonceRepeated => true,
            Self::Malformed { .. }
            | Self::TooLarge { .. }
            | Self::WrongNetwork { .. }
            | Self::BadSignature
            | Self::Expired { .. }
            | Self::NonceUsed { .. }
            | Self::UnknownSender
            | Self::KeyNotAuthorised
            | Self::ThresholdNotMet { .. }
            | Self::BadOperationCount
            | Self::BadAuthorisations
            | Self::CosignatureMissing => false,
        }
    }

    /// The stable name.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Malformed { .. } => "Malformed",
            Self::TooLarge { .. } => "TooLarge",
            Self::WrongNetwork { .. } => "WrongNetwork",
            Self::BadSignature => "BadSignature",
            Self::Expired { .. } => "Expired",
            Self::ValidUntilTooFar => "ValidUntilTooFar",
            Self::NonceUsed { .. } => "NonceUsed",
            Self::NonceOutOfWindow { .. } => "NonceOutOfWindow",
            Self::UnknownSender => "UnknownSender",
            Self::KeyNotAuthorised => "KeyNotAuthorised",
            Self::ThresholdNotMet { .. } => "ThresholdNotMet",
            Self::NonceRepeated => "NonceRepeated",
            Self::BadOperationCount => "BadOperationCount",
            Self::BadAuthorisations => "BadAuthorisations",
            Self::CosignatureMissing => "CosignatureMissing",
        }
    }
}
