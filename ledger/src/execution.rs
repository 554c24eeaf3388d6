//! What the operations of one transaction see and write, and who sends them.
//!
//! Each operation checks first, in the order that its facts publish, and then writes. Where a check
//! needs what was written before it (a payment's credit may pass the range of amounts after its
//! debit stood; a bulk pays row by row), the operation may reject after writes: a rejection undoes
//! the whole transaction's writes through the records' journal. Its nonce, used before the journal
//! began, stays used.

use ledger_types::event::Happened;
use ledger_types::genesis::Parameters;
use ledger_types::transaction::Authorisation;
use ledger_types::{AccountId, Event, Hash, Height, PartyId, Rejection, Timestamp};

use crate::fault::Stop;
use crate::state::Books;

/// Who sends a transaction, found once for all its operations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sender {
    /// An account that can hold money.
    Account(AccountId),
    /// A data subject.
    Subject(AccountId),
    /// A consent party.
    Party(PartyId),
}

impl Sender {
    /// The account, where it can hold money.
    pub(crate) const fn account(self) -> Result<AccountId, Rejection> {
        match self {
            Self::Account(account) => Ok(account),
            Self::Subject(_) | Self::Party(_) => Err(Rejection::NotAMoneyAccount),
        }
    }

    /// The data subject.
    pub(crate) const fn subject(self) -> Result<AccountId, Rejection> {
        match self {
            Self::Subject(subject) => Ok(subject),
            Self::Account(_) | Self::Party(_) => Err(Rejection::NotASubject),
        }
    }

    /// The account that signs, whatever stands behind it.
    pub(crate) fn signing(self) -> AccountId {
        match self {
            Self::Account(account) | Self::Subject(account) => account,
            Self::Party(party) => AccountId::of_party(party),
        }
    }

    /// The consent party.
    pub(crate) const fn party(self) -> Result<PartyId, Rejection> {
        match self {
            Self::Party(party) => Ok(party),
            Self::Account(_) | Self::Subject(_) => Err(Rejection::UnknownParty),
        }
    }
}

/// What an operation does, in the file of its path: checks in published order, then writes.
pub(crate) trait Execute {
    fn execute(&self, execution: &mut Execution<'_>) -> Result<(), Stop>;
}

/// What the operations of one transaction see and write.
pub(crate) struct Execution<'a> {
    pub(crate) books: &'a mut Books,
    pub(crate) parameters: &'a Parameters,
    pub(crate) genesis_hash: &'a Hash,
    pub(crate) height: Height,
    pub(crate) time: Timestamp,
    pub(crate) sender: Sender,
    pub(crate) events: &'a mut Vec<Happened>,
    /// Which keys signed the transaction; admission saw that all of them act for the sender.
    pub(crate) signed: &'a [Authorisation],
    /// Whether the transaction has one operation.
    pub(crate) is_alone: bool,
    /// The transaction's place in the block.
    pub(crate) transaction: u32,
    /// The place in the transaction of the operation that runs.
    pub(crate) operation: u16,
}

impl Execution<'_> {
    /// Whether a maker and a checker of the sender's keys signed, as its keys are now: keys that only
    /// became such in this block do not make two persons of one.
    pub(crate) fn is_of_both_parts(&self) -> bool {
        let authority = self.books.authority(&self.sender.signing());
        authority.is_some_and(|authority| authority.is_of_both_parts(self.signed))
    }

    /// Says what the operation did.
    pub(crate) fn emit(&mut self, event: impl Into<Event>) {
        let (transaction, operation) = (Some(self.transaction), self.operation);
        self.events.push(Happened { transaction, operation, event: event.into() });
    }
}
