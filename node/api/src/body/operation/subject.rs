//! What a data subject signs, in JSON.

use ledger_types::consent::{Breadth, Interval, Language, LeafChange, Profile, TermsLeaf};
use ledger_types::operation::{
    Amend, Answer, Grant, Invalidate, ReconsentAnswer, Renew, RequestReconsent, RespondReconsent,
    Resume, Revoke, Suspend, Widen, Withdraw, WithdrawFor,
};
use ledger_types::{
    AccountId, AddressPrefix, ConsentId, Hash, NoticeId, PartyId, Timestamp, VocabularyId,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::json::Json;
use super::shape;
use crate::text::{Address, BodyError, schema};

bodies! {
    /// By the subject, with the controller's co-signature where the subject is new to the ledger; or on
    /// the subject's behalf by a guardian, or by a party that serves people at a counter.
    GrantBody of Grant {
        /// The consent, never used before.
        consent: ConsentId as [schema::Hex32],
        /// To whom it is given.
        controller: PartyId as [u32],
        /// Root of the terms tree (salted leaves).
        terms_root: Hash as [schema::Hex32],
        /// Which notice was presented.
        notice: NoticeId as [u32],
        /// In which version: the current one.
        notice_version: u32 as [u32],
        /// In which language.
        language: Language as [schema::LanguageTag],
        /// The hash of the text that was presented.
        notice_hash: Hash as [schema::Hex32],
        /// Salted commitment to the evidence of the presentation.
        presentation_commitment: Hash as [schema::Hex32],
        /// In force from.
        valid_from: Timestamp as [schema::Instant],
        /// In force until before.
        expires: Timestamp as [schema::Instant],
        /// How many times it may be used, if that is limited.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        use_limit: Option<u32> as [Option<u32>],
        /// How broad it is.
        breadth: Breadth as [BreadthBody],
        /// The controller's terms of compensation, where there are any.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        compensation: Option<u32> as [Option<u32>],
        /// The subject, where somebody else signs; the presentation commitment is then to their form.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        on_behalf_of: Option<AccountId> as [Option<Address>],
        /// When it applies.
        profile: Profile as [shape::Profile],
    }

    /// By the subject alone.
    WithdrawBody of Withdraw {
        /// The consent.
        consent: ConsentId as [schema::Hex32],
    }

    /// By the subject alone: narrows a consent. At least one thing changes.
    AmendBody of Amend {
        /// The consent.
        consent: ConsentId as [schema::Hex32],
        /// Processes taken out, or given to other recipients, one after another.
        changes: Vec<LeafChange> as [Vec<LeafChangeBody>],
        /// An earlier end.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        expires: Option<Timestamp> as [Option<schema::Instant>],
        /// A lower limit of uses.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        use_limit: Option<u32> as [Option<u32>],
    }

    /// By the subject alone: new terms, under a newer notice that was presented anew.
    WidenBody of Widen {
        /// The consent.
        consent: ConsentId as [schema::Hex32],
        /// Root of the new terms tree.
        terms_root: Hash as [schema::Hex32],
        /// Which notice was presented: the consent's in a newer version, or another.
        notice: NoticeId as [u32],
        /// In which version: the current one.
        notice_version: u32 as [u32],
        /// In which language.
        language: Language as [schema::LanguageTag],
        /// The hash of the text that was presented.
        notice_hash: Hash as [schema::Hex32],
        /// Salted commitment to the evidence of this presentation.
        presentation_commitment: Hash as [schema::Hex32],
        /// In force until before.
        expires: Timestamp as [schema::Instant],
        /// How many times it may be used, if that is limited.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        use_limit: Option<u32> as [Option<u32>],
    }

    /// By the consent's controller, a counter, or a guardian, on proved identity: ends it at once.
    WithdrawForBody of WithdrawFor {
        /// The consent.
        consent: ConsentId as [schema::Hex32],
        /// Salted commitment to the proof of identity.
        evidence: Hash as [schema::Hex32],
    }

    /// By the consent's controller.
    RevokeBody of Revoke {
        /// The consent.
        consent: ConsentId as [schema::Hex32],
        /// Salted commitment to the ground.
        ground: Hash as [schema::Hex32],
    }

    /// By an auditor or the city: the consent should never have counted.
    InvalidateBody of Invalidate {
        /// The consent.
        consent: ConsentId as [schema::Hex32],
        /// Salted commitment to the ground.
        ground: Hash as [schema::Hex32],
    }

    /// By the subject alone: no use rests on the consent until it is resumed.
    SuspendBody of Suspend {
        /// The consent.
        consent: ConsentId as [schema::Hex32],
    }

    /// By the subject alone.
    ResumeBody of Resume {
        /// The consent.
        consent: ConsentId as [schema::Hex32],
    }

    /// By the subject alone: the same terms under the notice's current version. A consent that a
    /// guardian gave is the subject's own from here on.
    RenewBody of Renew {
        /// The consent.
        consent: ConsentId as [schema::Hex32],
        /// The notice's version: the current one.
        notice_version: u32 as [u32],
        /// In which language it was presented.
        language: Language as [schema::LanguageTag],
        /// The hash of the text that was presented.
        notice_hash: Hash as [schema::Hex32],
        /// Salted commitment to the evidence of this presentation.
        presentation_commitment: Hash as [schema::Hex32],
    }

    /// By a controller: asks those who consented under a notice to renew. Silence lapses.
    RequestReconsentBody of RequestReconsent {
        /// Identity of this request, chosen at random.
        request: Hash as [schema::Hex32],
        /// The notice.
        notice: NoticeId as [u32],
        /// Its current version.
        version: u32 as [u32],
        /// Salted commitment to the reason.
        reason: Hash as [schema::Hex32],
        /// Answers come before this.
        deadline: Timestamp as [schema::Instant],
    }

    /// By the subject, or a guardian who may respond.
    RespondReconsentBody of RespondReconsent {
        /// The request.
        request: Hash as [schema::Hex32],
        /// The answers, in ascending order of consent, each once.
        answers: Vec<ReconsentAnswer> as [Vec<ReconsentAnswerBody>],
    }

    /// What is answered for one consent.
    ReconsentAnswerBody of ReconsentAnswer {
        /// The consent.
        consent: ConsentId as [schema::Hex32],
        /// The answer.
        answer: Answer as [AnswerBody],
    }
}

bodies! {
    /// One process that a consent covers, as it shows on the ledger.
    TermsLeafBody of TermsLeaf {
        /// Whether the process concerns sensitive data.
        sensitive: bool as [bool],
        /// The process's salted commitment.
        commitment: Hash as [schema::Hex32],
    }

    /// One change to a consent's terms: a process is taken out, or its recipients change.
    LeafChangeBody of LeafChange {
        /// The leaf's place among the terms.
        index: u32 as [u32],
        /// The leaf as it is.
        leaf: TermsLeaf as [TermsLeafBody],
        /// Its path to the root as the changes before leave it, bottom first.
        path: Vec<Hash> as [Vec<schema::Hex32>],
        /// What stands there afterwards; none takes the process out.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        replacement: Option<TermsLeaf> as [Option<TermsLeafBody>],
    }
}

choices! {
    /// How broad a consent is.
    BreadthBody of Breadth {
        /// The purposes in its terms and no others.
        Specific {},
        /// Every purpose under one concept of a vocabulary.
        Broad {
            /// The vocabulary.
            vocabulary: VocabularyId as [u32],
            /// Its version.
            version: u32 as [u32],
            /// The concept's subtree.
            purposes: Interval as [shape::Interval],
            /// Subtrees of it that are left out.
            excludes: Vec<Interval> as [Vec<shape::Interval>],
        },
    }

    /// Yes, no, or not now.
    AnswerBody of Answer {
        /// Renewed under the version asked for.
        Accept {
            /// In which language the notice was presented.
            language: Language as [schema::LanguageTag],
            /// The hash of the text that was presented.
            notice_hash: Hash as [schema::Hex32],
            /// Salted commitment to the evidence of this presentation.
            presentation_commitment: Hash as [schema::Hex32],
        },
        /// Ended.
        Refuse {},
        /// As it was.
        Defer {},
    }
}
