//! `Grant`: a data subject consents to terms under the current version of a controller's notice.

use borsh::{BorshDeserialize, BorshSerialize};

use super::{Breadth, ConsentStatus, Profile};
use crate::facts::{event, operation};
use crate::hash::Hash;
use crate::height::Height;
use crate::id::{AccountId, ConsentId, NoticeId, PartyId, VocabularyId};
use crate::json::Whose;
use crate::registry::{FrozenVocabulary, Interval, Language};
use crate::time::Timestamp;

operation! {
    /// By the subject, with the controller's co-signature where the subject is new to the ledger;
    /// or on the subject's behalf by a guardian, or by a party that serves people at a counter.
    pub struct Grant {
        /// The consent, never used before.
        consent: ConsentId,
        /// To whom it is given.
        controller: PartyId,
        /// Root of the terms tree (salted leaves).
        terms_root: Hash,
        /// Which notice was presented.
        notice: NoticeId,
        /// In which version: the current one.
        notice_version: u32,
        /// In which language.
        language: Language,
        /// The hash of the text that was presented.
        notice_hash: Hash,
        /// Salted commitment to the evidence of the presentation.
        presentation_commitment: Hash,
        /// In force from.
        valid_from: Timestamp,
        /// In force until before.
        expires: Timestamp,
        /// How many times it may be used, if that is limited.
        use_limit: Option<u32>,
        /// How broad it is.
        breadth: Breadth,
        /// The controller's terms of compensation, where there are any.
        compensation: Option<u32>,
        /// The subject, where somebody else signs; the presentation commitment is then to their
        /// form.
        on_behalf_of: Option<AccountId>,
        /// When it applies.
        profile: Profile,
    }

    refused [
        KeyFrozen, NotASubject, DelegationMissing, PartySuspended, PartyRoleMissing, ConsentExists,
        UnknownParty, PartyRoleMissing, PartySuspended, UnknownNotice, NoticeNotCurrent,
        NoticeTextMismatch, BadConsentPeriod, ZeroUseLimit, BadBreadth, UnknownVocabulary,
        UnknownTerms, CounterNotRegistered, CounterLimitReached, TooSoonForAnother,
    ]
    samples [Self {
        consent: consent(),
        controller: PartyId::new(5),
        terms_root: hash(0x34),
        notice: NOTICE,
        notice_version: 3,
        language: Language::JAPANESE,
        notice_hash: hash(0x33),
        presentation_commitment: hash(0x35),
        valid_from: time(0),
        expires: time(100_000_000),
        use_limit: Some(9),
        breadth: Breadth::Specific,
        compensation: None,
        on_behalf_of: None,
        profile: Profile::Ordinary,
    }, Self {
        consent: consent(),
        controller: PartyId::new(5),
        terms_root: hash(0x34),
        notice: NOTICE,
        notice_version: 3,
        language: Language::JAPANESE,
        notice_hash: hash(0x33),
        presentation_commitment: hash(0x35),
        valid_from: time(0),
        expires: time(100_000_000),
        use_limit: Some(9),
        breadth: Breadth::Broad {
            vocabulary: VocabularyId::new(2),
            version: 4,
            purposes: Interval { enter: 1, exit: 9 },
            excludes: vec![Interval { enter: 3, exit: 4 }],
        },
        compensation: Some(6),
        on_behalf_of: Some(account(0x3a)),
        profile: Profile::Disaster { area: 7 },
    }]
}

/// A consent.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Consent {
    /// Who gave it.
    pub subject: AccountId,
    /// To whom.
    pub controller: PartyId,
    /// Root of the terms tree.
    pub terms_root: Hash,
    /// Which notice was presented.
    pub notice: NoticeId,
    /// In which version.
    pub notice_version: u32,
    /// In which language.
    pub language: Language,
    /// Salted commitment to the evidence of the presentation.
    pub presentation_commitment: Hash,
    /// In force from.
    pub valid_from: Timestamp,
    /// When it expires, exclusive.
    pub expires: Timestamp,
    /// How many times it may be used, if that is limited.
    pub use_limit: Option<u32>,
    /// How many times it was used.
    pub uses: u32,
    /// How broad it is.
    pub breadth: Breadth,
    /// The vocabulary as it was frozen when the consent was given, where it is broad.
    pub frozen: Option<FrozenVocabulary>,
    /// The controller's terms of compensation, where there are any.
    pub compensation: Option<u32>,
    /// When it applies.
    pub profile: Profile,
    /// The guardian who gave it or renewed it last, where one did.
    pub guardian: Option<Guardian>,
    /// How often its terms or its notice changed.
    pub revision: u32,
    /// How often it was renewed.
    pub renewals: u32,
    /// Where it stands.
    pub status: ConsentStatus,
    /// When it was given.
    pub given: Height,
    /// When it was ended, if it was.
    pub ended: Option<Height>,
}

/// The guardian behind a consent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Guardian {
    /// The guardian's account as a data subject.
    pub account: AccountId,
    /// From here on the consent is due for renewal by the subject.
    pub until: Timestamp,
}

event! {
    /// A data subject consented, or somebody did on its behalf.
    pub struct ConsentGranted {
        /// The consent.
        consent: ConsentId,
        /// The subject.
        subject: Whose,
        /// The controller.
        controller: PartyId,
        /// Who gave it on the subject's behalf: a guardian or a counter.
        by: Option<Whose>,
    }

    enters [consent, subject, controller, by]
}
