//! Records of Business Zones: the zone, its sub-accounts and its merchants.

use borsh::{BorshDeserialize, BorshSerialize};
use ledger_types::operation::MerchantClass;
use ledger_types::{AccountId, Height, Yen};

/// A Business Zone.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Zone {
    /// Its public name.
    pub name: String,
    /// The account of its operator.
    pub operator: AccountId,
    /// The sum of its sub-accounts (the zone equation).
    pub total: Yen,
}

/// An account that may be paid in a zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Merchant {
    /// Its class.
    pub class: MerchantClass,
    /// When it was registered.
    pub registered: Height,
}
