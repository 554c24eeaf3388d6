//! Why a transaction never reaches the ledger: numbered 1xxx, no receipt, nothing consumed.

use crate::hash::NetworkId;
use crate::nonce::Nonce;
use crate::time::Timestamp;

macro_rules! inadmissible {
    ($( $(#[$doc:meta])* $name:ident $({ $($(#[$field_doc:meta])* $field:ident: $type:ty),* $(,)? })? = $code:literal, $text:literal; )*) => {
        /// A transaction that no valid block may hold. Decided from its bytes and the parent's
        /// state.
        #[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
        pub enum Inadmissible {
            $( $(#[$doc])* #[error($text)] $name $({ $($(#[$field_doc])* $field: $type),* })? , )*
        }

        impl Inadmissible {
            /// The stable number.
            #[must_use]
            pub const fn code(&self) -> u16 {
                match self { $( Self::$name { .. } => $code, )* }
            }

            /// The stable name.
            #[must_use]
            pub const fn name(&self) -> &'static str {
                match self { $( Self::$name { .. } => stringify!($name), )* }
            }
        }
    };
}

inadmissible! {
    /// The bytes are not a transaction.
    Malformed {
        /// What the decoder met.
        reason: String,
    } = 1001, "not a transaction: {reason}";
    /// More bytes than a transaction may have.
    TooLarge {
        /// How many it has.
        length: usize,
        /// How many it may have.
        most: usize,
    } = 1002, "the transaction has {length} bytes, the most is {most}";
    /// Signed for another network.
    WrongNetwork {
        /// This network.
        expected: NetworkId,
        /// The transaction's.
        found: NetworkId,
    } = 1003, "the transaction is for network {found}, this is {expected}";
    /// A signature does not verify.
    BadSignature = 1004, "a signature does not verify";
    /// The block's time is at or past `valid_until`.
    Expired {
        /// Until when it was valid.
        valid_until: Timestamp,
        /// The time that decides.
        now: Timestamp,
    } = 1005, "the transaction was valid until {valid_until} ms, it is {now} ms";
    /// `valid_until` lies more than 24 h ahead.
    ValidUntilTooFar = 1006, "valid_until lies more than 24 hours ahead";
    /// The nonce was used.
    NonceUsed {
        /// The nonce.
        nonce: Nonce,
    } = 1007, "nonce {nonce} was used before";
    /// The nonce lies outside the window.
    NonceOutOfWindow {
        /// The nonce.
        nonce: Nonce,
        /// Where the window begins.
        lowest_unused: Nonce,
    } = 1008, "nonce {nonce} is too far ahead, the lowest unused one is {lowest_unused}";
    /// The sender is not known to the ledger.
    UnknownSender = 1009, "the sending account does not exist";
    /// A key that signed does not act for the sender.
    KeyNotAuthorised = 1010, "a key that signed does not act for the account";
    /// The keys that signed do not weigh enough.
    ThresholdNotMet {
        /// What they weigh.
        weight: u32,
        /// What is needed.
        threshold: u16,
    } = 1011, "the signatures weigh {weight}, {threshold} is needed";
    /// The block holds the same account and nonce twice.
    NonceRepeated = 1012, "the block holds the same account and nonce twice";
    /// No operation, or too many.
    BadOperationCount = 1013, "a transaction holds 1 to 64 operations";
    /// No signature, too many, or the same key twice.
    BadAuthorisations = 1014, "a transaction holds 1 to 8 signatures, each of another key";
    /// A new data subject's first transaction is one grant with its controller's co-signature.
    CosignatureMissing = 1015, "a new subject's first transaction is a grant co-signed by its controller";
    /// The controller that would pay for a new data subject is suspended.
    PayerSuspended = 1016, "the controller that brings the subject in is suspended";
    /// The transaction weighs more than its payer's kind ever has at once.
    TooHeavy {
        /// What it weighs.
        weight: u64,
        /// The most that its payer has at once.
        most: u64,
    } = 1017, "the transaction weighs {weight}, its payer never has more than {most} at once";
    /// The account is under maker-checker, and keys of one part alone signed.
    OnePartAlone = 1020, "a maker and a checker must sign together";
}

impl Inadmissible {
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
            | Self::CosignatureMissing
            | Self::PayerSuspended
            | Self::TooHeavy { .. }
            | Self::OnePartAlone => false,
        }
    }
}
