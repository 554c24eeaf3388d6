//! Records of governance: the consortium's members.

use borsh::{BorshDeserialize, BorshSerialize};
use ledger_types::AccountId;
use ledger_types::genesis::MemberRole;

/// A member.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Member {
    /// Its public name.
    pub name: String,
    /// Its roles, in ascending order, each once.
    pub roles: Vec<MemberRole>,
    /// The account through which it acts.
    pub account: AccountId,
}
