//! Data subjects: nothing but keys behind an account.

use borsh::{BorshDeserialize, BorshSerialize};

use crate::allowance::Objected;
use crate::authority::Authority;

/// A data subject: nothing but the key that it signs with, used for one party alone.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Subject {
    /// Who acts for it.
    pub authority: Authority,
    /// What of its own allowance for objections it has used.
    pub objected: Objected,
}

impl Subject {
    /// One of which nothing was heard before.
    #[must_use]
    pub fn new(authority: Authority) -> Self {
        Self { authority, objected: Objected::default() }
    }
}
