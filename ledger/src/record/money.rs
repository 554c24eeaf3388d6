//! Records of the Financial Zone: accounts, banks, interbank positions and redeem requests.

use borsh::{BorshDeserialize, BorshSerialize};
use ledger_types::{AccountId, BankId, Hash, Height, Position, Timestamp, Yen};

/// A custodian bank.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Bank {
    /// Its public name.
    pub name: String,
    /// Its own account.
    pub account: AccountId,
    /// The most it may have outstanding (issued and not redeemed).
    pub issue_allowance: Yen,
    /// All it issued.
    pub issued: Yen,
    /// All it redeemed.
    pub redeemed: Yen,
    /// What it owes holders: the sum of its accounts' balances, sub-accounts in zones included.
    pub liability: Yen,
    /// The most it may owe the other banks on net.
    pub net_debit_cap: Yen,
    /// Its net position against all other banks.
    pub position: Position,
}

/// What two banks owe each other on net, kept under the lower number first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct PairPosition {
    /// As the bank with the lower number sees it: positive is owed to it.
    pub position: Position,
}

/// A redeem request. It is open while its status says so and its time has not come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Redeem {
    /// Whose tokens.
    pub account: AccountId,
    /// Which bank pays.
    pub bank: BankId,
    /// How much.
    pub amount: Yen,
    /// From when on it has lapsed, where nothing ended it before.
    pub expires: Timestamp,
    /// How it stands.
    pub status: RedeemStatus,
}

/// How a redeem request stands. One that lapsed keeps `Open`: time alone says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
#[borsh(use_discriminant = true)]
#[repr(u8)]
pub enum RedeemStatus {
    /// Neither settled nor cancelled.
    Open = 0,
    /// The bank paid.
    Settled = 1,
    /// The value was given back.
    Cancelled = 2,
}

/// The redeem requests whose amounts make up an account's `held`; the record exists while any do.
#[derive(Clone, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct OpenRedeems {
    /// In the order in which they were made, which is also that of their expiry.
    pub requests: Vec<OpenRedeem>,
}

/// One of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct OpenRedeem {
    /// The request.
    pub redeem: Hash,
    /// How much it holds.
    pub amount: Yen,
    /// From when on it holds nothing.
    pub expires: Timestamp,
}

impl OpenRedeems {
    /// What lapsed requests hold at `now`, though nothing released it yet; `None` past the range
    /// of amounts, which the account's `held` excludes.
    #[must_use]
    pub fn lapsed(&self, now: Timestamp) -> Option<Yen> {
        self.requests
            .iter()
            .filter(|request| request.expires <= now)
            .try_fold(Yen::ZERO, |sum, request| sum.checked_add(request.amount))
    }
}

/// A core banking reference that a bank used; the record's being there says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct CoreReference {
    /// When.
    pub used: Height,
}
