//! Members of the consortium and their roles.

use borsh::{BorshDeserialize, BorshSerialize};

use crate::id::AccountId;
use crate::json::names;

names! {
    /// What a member does for the consortium.
    pub enum MemberRole {
        /// Keeps accounts and issues deposit tokens.
        Bank = 0 as "bank",
        /// The city.
        City = 1 as "city",
        /// Operates a zone.
        ZoneOperator = 2 as "zone_operator",
        /// Sets net debit caps, and closes settlement cycles.
        SettlementOperator = 3 as "settlement_operator",
        /// Enters consent parties.
        Registrar = 4 as "registrar",
        /// A university.
        University = 5 as "university",
        /// A company.
        Company = 6 as "company",
        /// Audits.
        Auditor = 7 as "auditor",
    }
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
