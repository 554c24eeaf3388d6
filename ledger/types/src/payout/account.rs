//! `SetPayoutAccount`: where a shop's payouts go.

use borsh::{BorshDeserialize, BorshSerialize};

use crate::facts::{event, operation};
use crate::hash::Hash;
use crate::id::AccountId;
use crate::time::Timestamp;

operation! {
    /// By a merchant's own account. The first one holds at once; another when two business days of its
    /// bank have passed, so that the shop hears of a change that it did not make. The one that holds,
    /// said again, takes back what waits.
    pub struct SetPayoutAccount {
        /// Salted commitment to bank, branch, kind, number and name; its opening is with the bank.
        destination: Hash,
    }

    refused [NotAMoneyAccount, NotAMerchant]
    samples [Self { destination: hash(0x61) }]
}

/// Where an account's payouts go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct PayoutAccount {
    /// The commitment that held last.
    pub destination: Hash,
    /// The next one.
    pub next: Option<NextDestination>,
}

/// Where payouts go from an instant on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct NextDestination {
    /// The commitment.
    pub destination: Hash,
    /// From when on it holds.
    pub from: Timestamp,
}

impl PayoutAccount {
    /// The commitment that holds at an instant.
    #[must_use]
    pub fn at(&self, now: Timestamp) -> Hash {
        self.next.filter(|next| next.from <= now).map_or(self.destination, |next| next.destination)
    }
}

event! {
    /// A merchant said where its payouts go.
    pub struct PayoutAccountSet {
        /// The merchant.
        account: AccountId,
        /// The bank's own account.
        bank_account: AccountId,
        /// The commitment.
        destination: Hash,
        /// From when on it holds.
        from: Timestamp,
    }

    enters [account, bank_account]
}
