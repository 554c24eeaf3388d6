//! Where a consent stands: what its record says, and what that means at an instant.

use crate::json::names;

names! {
    /// What a consent's record says. Ended ones never return; time and notices decide the rest.
    pub enum ConsentStatus {
        /// In force while its time lasts.
        Given = 0 as "given",
        /// Ended by the subject, or for the subject on proved identity.
        Withdrawn = 1 as "withdrawn",
        /// Set aside by the subject until it says otherwise.
        Suspended = 2 as "suspended",
        /// Ended by its controller.
        Revoked = 3 as "revoked",
        /// Ended because it should never have counted.
        Invalidated = 4 as "invalidated",
        /// Ended by the subject, who was asked to renew it and said no.
        Refused = 5 as "refused",
    }
}

/// Where a consent stands at an instant, in the order in which the ledger would deny.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum ConsentStanding {
    /// Ended by the subject, or for the subject.
    Withdrawn,
    /// Ended by its controller.
    Revoked,
    /// Ended because it should never have counted.
    Invalidated,
    /// Ended by the subject, who was asked to renew it and said no.
    Refused,
    /// Its time is over.
    Expired,
    /// Its time has not begun.
    NotYetValid,
    /// Set aside by the subject.
    Suspended,
    /// Its notice changed materially, or the guardian who gave it has no authority any more.
    RenewalDue,
    /// Its uses are used up.
    Exhausted,
    /// In force, renewed at least once.
    Renewed,
    /// In force.
    Given,
}

impl ConsentStanding {
    /// The Data Privacy Vocabulary's status for it; none for standings that are ours alone.
    #[must_use]
    pub const fn dpv_iri(self) -> Option<&'static str> {
        match self {
            Self::Withdrawn => Some("https://w3id.org/dpv#ConsentWithdrawn"),
            Self::Revoked => Some("https://w3id.org/dpv#ConsentRevoked"),
            Self::Invalidated => Some("https://w3id.org/dpv#ConsentInvalidated"),
            Self::Refused => Some("https://w3id.org/dpv#ConsentRefused"),
            Self::Expired => Some("https://w3id.org/dpv#ConsentExpired"),
            Self::Renewed => Some("https://w3id.org/dpv#RenewedConsentGiven"),
            Self::Given => Some("https://w3id.org/dpv#ConsentGiven"),
            Self::NotYetValid | Self::Suspended | Self::RenewalDue | Self::Exhausted => None,
        }
    }

    /// Whether a use may rest on it.
    #[must_use]
    pub const fn is_in_force(self) -> bool {
        matches!(self, Self::Given | Self::Renewed)
    }
}
