//! Consents: what they cover, how they are given, changed, renewed and ended.

mod amend;
mod grant;
mod reconsent;
mod renew;
mod respond_reconsent;
mod revoke;
mod standing;
mod suspend;
mod terms;
mod widen;
mod withdraw;

pub use amend::{Amend, Amended};
pub use grant::{Consent, ConsentGranted, Grant, Guardian};
pub use reconsent::{Reconsent, ReconsentCount, ReconsentRequested, RequestReconsent};
pub use renew::{Renew, Renewed};
pub use respond_reconsent::{Answer, Deferred, ReconsentAnswer, RespondReconsent};
pub use revoke::{ConsentEnded, Invalidate, Revoke};
pub use standing::{ConsentStanding, ConsentStatus};
pub use suspend::{Resume, Resumed, Suspend, Suspended};
pub use terms::{Breadth, Interval, LeafChange, Profile, TermsLeaf, tombstone};
pub use widen::{Widen, Widened};
pub use withdraw::{ConsentWithdrawn, Withdraw, WithdrawFor};

pub use crate::person::GuardianPowers;
pub use crate::registry::{
    CorporateNumber, FrozenVocabulary, Language, LegalBasisId, Materiality, Mechanism,
    NoticeContent, NoticeId, PartyId, PartyRoles, PartyStatus, PurposeProof, Regime, RegimeRules,
    Regimes, VocabularyId, VocabularyNode,
};

use borsh::{BorshDeserialize, BorshSerialize};

use crate::hash::Hash;

/// A consent: 32 opaque bytes chosen at random by the subject's wallet.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    BorshSerialize,
    BorshDeserialize,
    serde::Serialize,
    serde::Deserialize,
)]
#[serde(transparent)]
pub struct ConsentId(Hash);

impl ConsentId {
    /// A consent with this identity.
    #[must_use]
    pub const fn new(id: Hash) -> Self {
        Self(id)
    }

    /// The identity's value.
    #[must_use]
    pub const fn get(self) -> Hash {
        self.0
    }
}
