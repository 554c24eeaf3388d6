//! What a denial by the one rule of decision is in a receipt.

use ledger_types::Rejection;
use ledger_types::consent::Denial;

/// The rejection that a denial is in a receipt.
pub(crate) const fn rejection(denial: Denial) -> Rejection {
    match denial {
        Denial::PartySuspended => Rejection::PartySuspended,
        Denial::PartyRoleMissing => Rejection::PartyRoleMissing,
        Denial::ReviewOverdue => Rejection::ReviewOverdue,
        Denial::ConsentEnded { ended } => Rejection::ConsentEnded { ended },
        Denial::ConsentExpired { expired } => Rejection::ConsentExpired { expired },
        Denial::ConsentNotYetValid { begins } => Rejection::ConsentNotYetValid { begins },
        Denial::ConsentSuspended => Rejection::ConsentSuspended,
        Denial::UnknownNotice => Rejection::UnknownNotice,
        Denial::ConsentRenewalDue => Rejection::ConsentRenewalDue,
        Denial::EmergencyNotInForce => Rejection::EmergencyNotInForce,
        Denial::ConsentUsesExhausted => Rejection::ConsentUsesExhausted,
        Denial::NotInTerms => Rejection::NotInTerms,
        Denial::NotTheRecipient => Rejection::NotTheRecipient,
        Denial::PurposeNotCovered => Rejection::PurposeNotCovered,
    }
}
