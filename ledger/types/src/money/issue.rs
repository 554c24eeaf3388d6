//! `Issue`: a custodian creates deposit tokens or prepaid value in an account it keeps.

use borsh::{BorshDeserialize, BorshSerialize};

use crate::facts::{event, operation};
use crate::hash::Hash;
use crate::id::{AccountId, BankId};
use crate::yen::Yen;

operation! {
    /// By the custodian's own account, within its issue allowance; by an issuer, within its float.
    pub struct Issue {
        /// The account credited.
        account: AccountId,
        /// How much.
        amount: Yen,
        /// Commitment to the core banking entry; a repeated one is refused.
        core_banking_ref: Hash,
    }

    refused [
        NotABank, ZeroAmount, UnknownAccount, NotCustodian, KycLevelTooLow, PayeeFrozen,
        PayeeClosed, ReferenceRepeated, HoldingLimitReached, IssueAllowanceExceeded, FloatTooSmall,
        AmountOverflow,
    ]
    samples [Self { account: account(0x12), amount: amount(), core_banking_ref: hash(0x13) }]
}

/// The mark of a core banking reference that a bank used: 16 bytes of a hash of it and of what it was
/// used for.
///
/// Only the bank itself could find two references with one mark, and would then refuse itself the
/// second.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, BorshSerialize, BorshDeserialize)]
pub struct ReferenceMark([u8; 16]);

const TAG_ISSUE: &[u8] = b"kyojo/reference-mark/issue/v1";

impl ReferenceMark {
    /// The mark above all others, under which the last ones lie.
    pub const LAST: Self = Self([0xff; 16]);

    /// The mark of a reference that a bank issued by.
    #[must_use]
    pub fn of_issue(reference: &Hash) -> Self {
        let hash = Hash::of(&[TAG_ISSUE, reference.as_bytes()]);
        Self(hash.as_bytes().first_chunk::<16>().copied().unwrap_or_default())
    }

    /// The mark with these bytes.
    #[must_use]
    pub const fn new(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    /// Its bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }
}

/// Marks of references that a bank used, next to each other in order: one of the runs that all of
/// them are cut into.
///
/// A run lies under its upper end, which is its last mark or, of the last run, the mark above all.
/// So a mark's run is the first one from it on. Millions of marks stay for good, so that they lie
/// close: what a run takes beside them is shared by at least half of [`REFERENCE_RUN_MAX`](crate::limits::REFERENCE_RUN_MAX).
#[derive(Clone, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct References {
    /// In order, each once.
    pub marks: Box<[ReferenceMark]>,
}

event! {
    /// A bank created deposit tokens.
    pub struct Issued {
        /// The account credited.
        account: AccountId,
        /// The bank.
        bank: BankId,
        /// How much.
        amount: Yen,
    }

    enters [account]
}
