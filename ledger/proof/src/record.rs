//! The records that a decision rests on, as a light client reads them out of a state proof.
//!
//! Records are canonical borsh after a byte that names their kind, which is also the first byte of
//! their key. The state machine uses these very types; a record that has more than is known here is
//! refused rather than half understood.

use borsh::{BorshDeserialize, BorshSerialize};
use ledger_types::codec::{self, DecodeError};
use ledger_types::consent::{
    Breadth, CorporateNumber, FrozenVocabulary, Language, Materiality, NoticeContent, PartyStatus,
    Profile,
};
use ledger_types::limits::TRANSACTION_BYTES_MAX;
use ledger_types::{
    AccountId, Authority, ConsentId, ConsentStatus, Hash, Height, NoticeId, PartyId, PartyRoles,
    Regime, Timestamp,
};

use crate::state::Key;

/// A registered consent party.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Party {
    /// Its number.
    pub party: PartyId,
    /// What it may do.
    pub roles: PartyRoles,
    /// Under which rules it stands.
    pub regime: Regime,
    /// Its corporate number, where it has one.
    pub corporate_number: Option<CorporateNumber>,
    /// Whether it may act.
    pub status: PartyStatus,
    /// How many of its broken glasses have a review overdue.
    pub overdue_reviews: u32,
    /// Who acts for it.
    pub authority: Authority,
}

/// A notice in its current version.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Notice {
    /// The current version, from 1.
    pub version: u32,
    /// How much this version changed.
    pub materiality: Materiality,
    /// The last version that changed materially; the first counts as one.
    pub last_material_version: u32,
    /// The texts of this version, in order of language.
    pub contents: Vec<NoticeContent>,
    /// SHA-256 of each picture, sound or film that belongs to this version.
    pub media_hashes: Vec<Hash>,
    /// When this version was published.
    pub published: Height,
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
    /// In force until before.
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

/// A record that a decision rests on.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
#[borsh(use_discriminant = true)]
#[repr(u8)]
pub enum Record {
    /// A consent party.
    Party(Party) = 3,
    /// A notice.
    Notice(Notice) = 12,
    /// A consent.
    Consent(Box<Consent>) = 13,
}

impl Record {
    /// The record of these bytes.
    ///
    /// # Errors
    /// [`DecodeError`] where they are no record of these kinds.
    pub fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        codec::decode(bytes, TRANSACTION_BYTES_MAX)
    }

    pub(crate) fn into_party(self) -> Option<Party> {
        if let Self::Party(party) = self { Some(party) } else { None }
    }

    pub(crate) fn into_notice(self) -> Option<Notice> {
        if let Self::Notice(notice) = self { Some(notice) } else { None }
    }

    pub(crate) fn into_consent(self) -> Option<Box<Consent>> {
        if let Self::Consent(consent) = self { Some(consent) } else { None }
    }
}

/// The key of a party's record: kind 3 and the 20 bytes of [`AccountId::of_party`].
#[must_use]
pub fn party_key(party: PartyId) -> Key {
    joined::<21>(3, &[AccountId::of_party(party).as_bytes()])
}

/// The key of a notice's record: kind 12, its controller, its number, big-endian.
#[must_use]
pub fn notice_key(controller: PartyId, notice: NoticeId) -> Key {
    joined::<9>(12, &[&controller.get().to_be_bytes(), &notice.get().to_be_bytes()])
}

/// The key of a consent's record: kind 13 and its 32 bytes.
#[must_use]
pub fn consent_key(consent: &ConsentId) -> Key {
    joined::<33>(13, &[consent.get().as_bytes()])
}

/// The kind and the parts one after another; they make up `N` bytes in every call above.
fn joined<const N: usize>(kind: u8, parts: &[&[u8]]) -> Key {
    let mut bytes = [0; N];
    let all = [kind].into_iter().chain(parts.iter().flat_map(|part| part.iter().copied()));
    for (place, byte) in bytes.iter_mut().zip(all) {
        *place = byte;
    }
    Key::of(bytes)
}
