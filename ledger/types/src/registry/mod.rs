//! The public registries: parties, notices, vocabularies, law, schemes and raised allowances.

mod law;
mod member;
mod notice;
mod notify_opt_out;
mod party;
mod publish_compensation;
mod publish_joint_use;
mod publish_legal_basis;
mod publish_notice;
mod publish_regime;
mod publish_vocabulary;
mod raise_allowance;
mod register_party;
mod update_party;
mod vocabulary;

pub use law::{Mechanism, RegimeRules};
pub use member::{Member, MemberRole};
pub use notice::{Language, Materiality, NoticeContent};
pub use notify_opt_out::{NotifyOptOut, OptOut, OptOutNotified};
pub use party::{CorporateNumber, PartyRoles, PartyStatus, Regime, Regimes};
pub use publish_compensation::{Compensation, CompensationPublished, PublishCompensation};
pub use publish_joint_use::{JointUse, JointUsePublished, PublishJointUse};
pub use publish_legal_basis::{LegalBasis, LegalBasisPublished, PublishLegalBasis};
pub use publish_notice::{Notice, NoticePublished, PublishNotice};
pub use publish_regime::{PublishRegime, RegimePublished, RegimeVersion};
pub use publish_vocabulary::{PublishVocabulary, Vocabulary, VocabularyPublished};
pub use raise_allowance::{AllowanceRaised, Given, GivenUntil, Raise, RaiseAllowance, RaiseFor};
pub use register_party::{Party, PartyRegistered, RegisterParty};
pub use update_party::{PartyUpdated, UpdateParty};
pub use vocabulary::{FrozenVocabulary, Interval, PurposeProof, VocabularyNode};
