//! Banks, and what they owe each other.

use borsh::{BorshDeserialize, BorshSerialize};

use crate::id::AccountId;
use crate::position::Position;
use crate::yen::Yen;

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
