//! `RegisterContact`: a data subject names an opaque mailbox; controllers never see an address.

use borsh::{BorshDeserialize, BorshSerialize};

use crate::facts::{event, operation};
use crate::hash::Hash;
use crate::json::Whose;

operation! {
    /// By a data subject: where requests for renewal reach it, without an address.
    pub struct RegisterContact {
        /// The mailbox's opaque name.
        mailbox: Hash,
    }

    refused [KeyFrozen, NotASubject]
    samples [Self { mailbox: hash(0x64) }]
}

/// Where requests for renewal reach a data subject.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Contact {
    /// The mailbox's opaque name.
    pub mailbox: Hash,
}

event! {
    /// A subject said where requests reach it.
    pub struct ContactRegistered {
        /// The subject.
        subject: Whose,
    }

    enters [subject]
}
