//! The records that a decision rests on, as a light client reads them out of a state proof.
//!
//! Records are canonical borsh after a byte that names their kind, which is also the first byte of
//! their key. The state machine uses these very types; a record that has more than is known here is
//! refused rather than half understood.

use borsh::{BorshDeserialize, BorshSerialize};
use ledger_types::codec::{self, DecodeError};
use ledger_types::limits::TRANSACTION_BYTES_MAX;
use ledger_types::{AccountId, ConsentId, NoticeId, PartyId};

pub use ledger_types::record::{Consent, Guardian, Notice, Party};

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
}

impl Record {
    /// The record of these bytes.
    ///
    /// # Errors
    /// [`DecodeError`] where they are no record of these kinds.
    pub fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        codec::decode(bytes, TRANSACTION_BYTES_MAX)
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
