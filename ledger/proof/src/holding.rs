//! The records of money, as a light client reads them out of a state proof.
//!
//! As in [`crate::record`], the state machine uses these very types.

use borsh::{BorshDeserialize, BorshSerialize};
use ledger_types::codec::{self, DecodeError};
use ledger_types::limits::TRANSACTION_BYTES_MAX;
use ledger_types::{AccountId, ZoneId};

pub use ledger_types::record::{Account, ZoneAccount};

use crate::state::Key;

/// The number of an account's kind, and the first byte of its key.
const ACCOUNT: u8 = 1;
/// The number of a sub-account's kind, and the first byte of its key.
const ZONE_ACCOUNT: u8 = 7;

/// A record of money.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
#[borsh(use_discriminant = true)]
#[repr(u8)]
pub enum Holding {
    /// An account.
    Account(Account) = ACCOUNT,
    /// A sub-account in a zone.
    ZoneAccount(ZoneAccount) = ZONE_ACCOUNT,
}

/// Whose record of money stands under a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HoldingKey {
    /// The account.
    pub account: AccountId,
    /// The zone, where it is a sub-account.
    pub zone: Option<ZoneId>,
}

impl Holding {
    /// The record of these bytes.
    ///
    /// # Errors
    /// [`DecodeError`] where they are no record of money.
    pub fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        codec::decode(bytes, TRANSACTION_BYTES_MAX)
    }
}

impl HoldingKey {
    /// The place that a key names; `None` where it is not one of money.
    #[must_use]
    pub fn of(key: &Key) -> Option<Self> {
        match key.as_bytes() {
            [ACCOUNT, account @ ..] => {
                let account = AccountId::new(account.try_into().ok()?);
                Some(Self { account, zone: None })
            }
            [ZONE_ACCOUNT, high, low, account @ ..] => {
                let account = AccountId::new(account.try_into().ok()?);
                let zone = ZoneId::new(u16::from_be_bytes([*high, *low]));
                Some(Self { account, zone: Some(zone) })
            }
            _ => None,
        }
    }
}
