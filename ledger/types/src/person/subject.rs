//! Data subjects: nothing but keys behind an account.

use borsh::{BorshDeserialize, BorshSerialize};

use crate::authority::Authority;

/// A data subject: nothing but the key that it signs with, used for one party alone.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Subject {
    /// Who acts for it.
    pub authority: Authority,
}
