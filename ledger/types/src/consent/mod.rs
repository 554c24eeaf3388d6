//! Consents: what they cover, how they are given, changed, renewed and ended.

mod amend;
mod end_by_controller;
mod grant;
mod reconsent;
mod renew;
mod respond_reconsent;
mod rule;
mod standing;
mod suspend;
mod terms;
mod widen;
mod withdraw;

pub use amend::{Amend, Amended};
pub use end_by_controller::{ConsentEnded, EndByController, Invalidate};
pub use grant::{Consent, ConsentGranted, Grant, Guardian};
pub use reconsent::{Reconsent, ReconsentCount, ReconsentRequested, RequestReconsent};
pub use renew::{Renew, Renewed};
pub use respond_reconsent::{Answer, Deferred, ReconsentAnswer, RespondReconsent};
pub use rule::{Asked, DATA_USERS, Denial};
pub use standing::{ConsentStanding, ConsentStatus};
pub use suspend::{Resume, Resumed, Suspend, Suspended};
pub use terms::{Breadth, LeafChange, Profile, Recipient, TermsLeaf, tombstone};
pub use widen::{Widen, Widened};
pub use withdraw::{ConsentWithdrawn, Withdraw, WithdrawFor};

pub use crate::id::{ConsentId, LegalBasisId, NoticeId, PartyId, VocabularyId};
pub use crate::registry::{
    CorporateNumber, FrozenVocabulary, Interval, Language, Materiality, Mechanism, NoticeContent,
    PartyRoles, PartyStatus, PurposeProof, Regime, RegimeRules, Regimes, VocabularyNode,
};
