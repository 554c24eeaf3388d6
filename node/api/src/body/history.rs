//! Histories and logs: what happened, newest first, as the ledger said it.
//!
//! An event is the ledger's own, in its own form in JSON; a reader is told no more of people than it
//! may know.

use ledger_types::rejection::RejectionCode;
use ledger_types::{AddressPrefix, Event, Height, JsonError, Operation, TransactionId};
use serde_json::Value;

use super::receipt::OutcomeBody;
use crate::form::body;
use crate::text::schema;
use crate::time::Time;

body! {
    /// Something that concerns an account: an event, or a transaction of its own that was rejected.
    pub struct HistoryEntry {
        /// The block.
        height: Height as u64,
        /// The block's time.
        time: Time as schema::Instant,
        /// The transaction's place in the block; none where consensus itself raised the event.
        index?: u32,
        /// The transaction; none where consensus itself raised the event.
        transaction?: TransactionId as schema::Hex32,
        /// The operation's place in the transaction, counted from 0; of a rejected one the operation
        /// that broke a rule.
        operation: u16,
        /// How the transaction ended: all its operations were applied, or none.
        outcome: OutcomeBody,
        /// The number of the rule that it broke.
        code?: RejectionCode as u16,
        /// The rule's name.
        name?: String,
        /// What happened, where it was committed.
        event?: Value as schema::Event,
        /// The operation as it was sent, where it was rejected. It changed nothing.
        asked?: Value as schema::Operation,
    }
}

impl HistoryEntry {
    /// What happened, on the network with this prefix; `None` where it was rejected.
    ///
    /// # Errors
    /// [`JsonError`] where this program knows no such event.
    pub fn event(&self, prefix: &AddressPrefix) -> Result<Option<Event>, JsonError> {
        let event = self.event.clone();
        event.map(|event| Event::from_json(event, prefix)).transpose()
    }

    /// What was asked for in vain, on the network with this prefix; `None` where it was committed.
    ///
    /// # Errors
    /// [`JsonError`] where this program knows no such operation.
    pub fn asked(&self, prefix: &AddressPrefix) -> Result<Option<Operation>, JsonError> {
        let asked = self.asked.clone();
        asked.map(|asked| Operation::from_json(asked, prefix)).transpose()
    }
}

body! {
    /// A page of history.
    pub struct HistoryPage {
        /// The entries, newest first.
        entries: Vec<HistoryEntry>,
        /// Where the next page begins; none at the end.
        next: Option<String>,
    }

    /// One thing that happened to a consent, a subject or a party.
    pub struct LogEntry {
        /// The block.
        height: Height as u64,
        /// The block's time.
        time: Time as schema::Instant,
        /// The transaction; none where consensus itself raised it.
        transaction: Option<TransactionId> as Option<schema::Hex32>,
        /// What happened.
        event: Value as schema::Event,
    }
}

impl LogEntry {
    /// What happened, on the network with this prefix.
    ///
    /// # Errors
    /// [`JsonError`] where this program knows no such event.
    pub fn event(&self, prefix: &AddressPrefix) -> Result<Event, JsonError> {
        Event::from_json(self.event.clone(), prefix)
    }
}

body! {
    /// A page of a log.
    pub struct LogPage {
        /// The entries, newest first.
        entries: Vec<LogEntry>,
        /// Where the next page begins; none at the end.
        next: Option<String>,
    }
}
