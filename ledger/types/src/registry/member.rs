//! Members of the consortium and their roles.

use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Serialize};

use crate::id::AccountId;

/// What a member does for the consortium.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    BorshSerialize,
    BorshDeserialize,
    Serialize,
    Deserialize,
)]
#[borsh(use_discriminant = true)]
#[serde(rename_all = "snake_case")]
#[repr(u8)]
pub enum MemberRole {
    /// Keeps accounts and issues deposit tokens.
    Bank = 0,
    /// The city.
    City = 1,
    /// Operates a zone.
    ZoneOperator = 2,
    /// Sets net debit caps.
    SettlementOperator = 3,
    /// Enters consent parties.
    Registrar = 4,
    /// A university.
    University = 5,
    /// A company.
    Company = 6,
    /// Audits.
    Auditor = 7,
}

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
