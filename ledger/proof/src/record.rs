//! The records that a decision rests on, as a light client reads them out of a state proof.
//!
//! Records are canonical borsh after a byte that names their kind, which is also the first byte of
//! their key. The state machine uses these very types; a record that has more than is known here is
//! refused rather than half understood.

use borsh::{BorshDeserialize, BorshSerialize};
use ledger_types::codec::{self, DecodeError};
use ledger_types::limits::TRANSACTION_BYTES_MAX;
use ledger_types::{AccountId, ConsentId, NoticeId, PartyId};

pub use ledger_types::record::{Consent, Guardian, JointUse, Notice, Party};

use crate::state::Key;

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
    /// A version of a scheme of joint use.
    JointUse(Box<JointUse>) = 18,
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

    pub(crate) fn into_joint_use(self) -> Option<Box<JointUse>> {
        if let Self::JointUse(scheme) = self { Some(scheme) } else { None }
    }

    pub(crate) fn into_consent(self) -> Option<Box<Consent>> {
        if let Self::Consent(consent) = self { Some(consent) } else { None }
    }
}

/// The key of a party's record.
#[must_use]
pub fn party_key(party: PartyId) -> Key {
    ledger_types::record::keys::party(&AccountId::of_party(party))
}

/// The key of a notice's record.
#[must_use]
pub fn notice_key(controller: PartyId, notice: NoticeId) -> Key {
    ledger_types::record::keys::notice(controller, notice)
}

/// The key of a consent's record.
#[must_use]
pub fn consent_key(consent: &ConsentId) -> Key {
    ledger_types::record::keys::consent(consent)
}

/// The key of the record of a scheme of joint use in one version.
#[must_use]
pub fn joint_use_key(controller: PartyId, scheme: u32, version: u32) -> Key {
    ledger_types::record::keys::joint_use(controller, scheme, version)
}
