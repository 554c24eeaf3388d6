//! The records of money, as a light client reads them out of a state proof.
//!
//! As in [`crate::record`], the state machine uses these very types.

use borsh::{BorshDeserialize, BorshSerialize};
use ledger_types::codec::{self, DecodeError};
use ledger_types::limits::TRANSACTION_BYTES_MAX;
use ledger_types::operation::{AccountKind, KycLevel};
use ledger_types::{AccountId, Authority, BankId, Hash, Height, Yen, ZoneId};

use crate::state::Key;

/// The number of an account's kind, and the first byte of its key.
const ACCOUNT: u8 = 1;
/// The number of a sub-account's kind, and the first byte of its key.
const ZONE_ACCOUNT: u8 = 7;

/// An account that can hold money at one custodian.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Account {
    /// The one debtor of what it holds.
    pub custodian: BankId,
    /// The holder's kind.
    pub kind: AccountKind,
    /// How well the custodian knows the holder.
    pub kyc_level: KycLevel,
    /// Salted commitment to the holder.
    pub holder_commitment: Hash,
    /// What is posted: deposit tokens in the Financial Zone, those held included.
    pub balance: Yen,
    /// What redeem requests hold of it. Requests that lapsed count until the account's next
    /// payment releases them; `State::available` leaves them out at their instant.
    pub held: Yen,
    /// Who acts for it.
    pub authority: Authority,
    /// When it was opened.
    pub opened: Height,
}

/// What the bank owes an account inside a zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct ZoneAccount {
    /// Yen in the zone.
    pub balance: Yen,
}

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
pub struct Place {
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

impl Place {
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
