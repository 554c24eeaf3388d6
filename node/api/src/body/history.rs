//! Histories and logs: what happened, newest first, as the ledger said it.
//!
//! An event is the ledger's own, in its own form in JSON; a reader is told no more of people than it
//! may know.

use ledger_types::rejection::RejectionCode;
use ledger_types::{AddressPrefix, Event, Height, JsonError, Operation, TransactionId};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::receipt::OutcomeBody;
use crate::text::schema;
use crate::time::Time;

/// Something that concerns an account: an event, or a transaction of its own that was rejected.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct HistoryEntry {
    /// The block.
    #[schema(value_type = u64)]
    pub height: Height,
    /// The block's time.
    #[schema(value_type = schema::Instant)]
    pub time: Time,
    /// The transaction's place in the block; none where consensus itself raised the event.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub index: Option<u32>,
    /// The transaction; none where consensus itself raised the event.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<schema::Hex32>)]
    pub transaction: Option<TransactionId>,
    /// The operation's place in the transaction, counted from 0; of a rejected one the operation
    /// that broke a rule.
    pub operation: u16,
    /// How the transaction ended: all its operations were applied, or none.
    pub outcome: OutcomeBody,
    /// The number of the rule that it broke.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<u16>)]
    pub code: Option<RejectionCode>,
    /// The rule's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// What happened, where it was committed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<schema::Event>)]
    pub event: Option<Value>,
    /// The operation as it was sent, where it was rejected. It changed nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<schema::Operation>)]
    pub asked: Option<Value>,
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

/// A page of history.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct HistoryPage {
    /// The entries, newest first.
    pub entries: Vec<HistoryEntry>,
    /// Where the next page begins; none at the end.
    pub next: Option<String>,
}

/// One thing that happened to a consent, a subject or a party.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LogEntry {
    /// The block.
    #[schema(value_type = u64)]
    pub height: Height,
    /// The block's time.
    #[schema(value_type = schema::Instant)]
    pub time: Time,
    /// The transaction; none where consensus itself raised it.
    #[schema(value_type = Option<schema::Hex32>)]
    pub transaction: Option<TransactionId>,
    /// What happened.
    #[schema(value_type = schema::Event)]
    pub event: Value,
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

/// A page of a log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LogPage {
    /// The entries, newest first.
    pub entries: Vec<LogEntry>,
    /// Where the next page begins; none at the end.
    pub next: Option<String>,
}
