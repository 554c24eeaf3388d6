//! What a data subject signs: grants, changes, ends and renewals of consents.

use borsh::{BorshDeserialize, BorshSerialize};

use crate::consent::{Breadth, ConsentId, Language, LeafChange, NoticeId, PartyId, Profile};
use crate::hash::Hash;
use crate::id::AccountId;
use crate::time::Timestamp;

/// By the subject, with the controller's co-signature where the subject is new to the ledger; or on
/// the subject's behalf by a guardian, or by a party that serves people at a counter.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Grant {
    /// The consent, never used before.
    pub consent: ConsentId,
    /// To whom it is given.
    pub controller: PartyId,
    /// Root of the terms tree (salted leaves).
    pub terms_root: Hash,
    /// Which notice was presented.
    pub notice: NoticeId,
    /// In which version: the current one.
    pub notice_version: u32,
    /// In which language.
    pub language: Language,
    /// The hash of the text that was presented.
    pub notice_hash: Hash,
    /// Salted commitment to the evidence of the presentation.
    pub presentation_commitment: Hash,
    /// In force from.
    pub valid_from: Timestamp,
    /// In force until before.
    pub expires: Timestamp,
    /// How many times it may be used, if that is limited.
    pub use_limit: Option<u32>,
    /// How broad it is.
    pub breadth: Breadth,
    /// The controller's terms of compensation, where there are any.
    pub compensation: Option<u32>,
    /// The subject, where somebody else signs; the presentation commitment is then to their form.
    pub on_behalf_of: Option<AccountId>,
    /// When it applies.
    pub profile: Profile,
}

/// By the subject alone.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Withdraw {
    /// The consent.
    pub consent: ConsentId,
}

/// By the subject alone: narrows a consent. At least one thing changes.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Amend {
    /// The consent.
    pub consent: ConsentId,
    /// Processes taken out, or given to other recipients, one after another.
    pub changes: Vec<LeafChange>,
    /// An earlier end.
    pub expires: Option<Timestamp>,
    /// A lower limit of uses.
    pub use_limit: Option<u32>,
}

/// By the subject alone: new terms, under a newer notice that was presented anew.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Widen {
    /// The consent.
    pub consent: ConsentId,
    /// Root of the new terms tree.
    pub terms_root: Hash,
    /// Which notice was presented: the consent's in a newer version, or another.
    pub notice: NoticeId,
    /// In which version: the current one.
    pub notice_version: u32,
    /// In which language.
    pub language: Language,
    /// The hash of the text that was presented.
    pub notice_hash: Hash,
    /// Salted commitment to the evidence of this presentation.
    pub presentation_commitment: Hash,
    /// In force until before.
    pub expires: Timestamp,
    /// How many times it may be used, if that is limited.
    pub use_limit: Option<u32>,
}

/// By the consent's controller, a counter, or a guardian, on proved identity: ends it at once.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct WithdrawFor {
    /// The consent.
    pub consent: ConsentId,
    /// Salted commitment to the proof of identity.
    pub evidence: Hash,
}

/// By the consent's controller.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Revoke {
    /// The consent.
    pub consent: ConsentId,
    /// Salted commitment to the ground.
    pub ground: Hash,
}

/// By an auditor or the city: the consent should never have counted.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Invalidate {
    /// The consent.
    pub consent: ConsentId,
    /// Salted commitment to the ground.
    pub ground: Hash,
}

/// By the subject alone: no use rests on the consent until it is resumed.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Suspend {
    /// The consent.
    pub consent: ConsentId,
}

/// By the subject alone.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Resume {
    /// The consent.
    pub consent: ConsentId,
}

/// By the subject alone: the same terms under the notice's current version. A consent that a
/// guardian gave is the subject's own from here on.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Renew {
    /// The consent.
    pub consent: ConsentId,
    /// The notice's version: the current one.
    pub notice_version: u32,
    /// In which language it was presented.
    pub language: Language,
    /// The hash of the text that was presented.
    pub notice_hash: Hash,
    /// Salted commitment to the evidence of this presentation.
    pub presentation_commitment: Hash,
}

/// By a controller: asks those who consented under a notice to renew. Silence lapses.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct RequestReconsent {
    /// Identity of this request, chosen at random.
    pub request: Hash,
    /// The notice.
    pub notice: NoticeId,
    /// Its current version.
    pub version: u32,
    /// Salted commitment to the reason.
    pub reason: Hash,
    /// Answers come before this.
    pub deadline: Timestamp,
}

/// By the subject, or a guardian who may respond.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct RespondReconsent {
    /// The request.
    pub request: Hash,
    /// The answers, in ascending order of consent, each once.
    pub answers: Vec<ReconsentAnswer>,
}

/// What is answered for one consent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct ReconsentAnswer {
    /// The consent.
    pub consent: ConsentId,
    /// The answer.
    pub answer: Answer,
}

/// Yes, no, or not now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
#[borsh(use_discriminant = true)]
#[repr(u8)]
pub enum Answer {
    /// Renewed under the version asked for.
    Accept {
        /// In which language the notice was presented.
        language: Language,
        /// The hash of the text that was presented.
        notice_hash: Hash,
        /// Salted commitment to the evidence of this presentation.
        presentation_commitment: Hash,
    } = 0,
    /// Ended.
    Refuse = 1,
    /// As it was.
    Defer = 2,
}
