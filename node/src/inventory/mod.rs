//! What a validator's disk says about one citizen.
//!
//! The block log is read through as a curious member would: starting from addresses that it knows,
//! every transaction that bears one of them, or an identity found in such a transaction, is the
//! citizen's, and the identities in it lead further. What the fields of those transactions are is
//! then listed, with what each can tell ([`field`]). Indices, checkpoints and the audit log are made
//! from the same blocks and hold nothing else.

pub mod field;

use std::collections::{BTreeMap, BTreeSet};

use ledger_types::limits::BLOCK_BYTES_MAX;
use ledger_types::{AccountId, AddressPrefix, Block, Height, Transaction, codec};
use node_api::body::TransactionBody;
use serde::Serialize;
use serde_json::Value;

use crate::store::{BlockLog, StoreError};
use field::{Class, class_of};

/// Why an inventory was not made.
#[derive(Debug, thiserror::Error)]
pub enum InventoryError {
    /// The store cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The store holds what no block holds.
    #[error("block {height} in the store is not what was decided")]
    Corrupt {
        /// Which block.
        height: Height,
    },
}

/// What the disk says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Inventory {
    /// The last block read.
    pub height: u64,
    /// Transactions on the disk.
    pub transactions: u64,
    /// Of them, those that are the citizen's.
    pub concerned: u64,
    /// Addresses that were reached, those given included.
    pub addresses: Vec<String>,
    /// Identities that were reached: of consents, accesses, requests and the like.
    pub identities: u64,
    /// The parties, banks and merchants' zones that stand beside the citizen, by field and value.
    pub beside: BTreeMap<String, BTreeSet<String>>,
    /// Each operation found, with its fields.
    pub operations: Vec<Said>,
    /// Fields that nobody has classified: there must be none.
    pub unclassified: Vec<String>,
}

/// What one kind of operation says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Said {
    /// The operation's name.
    pub operation: String,
    /// How many there are.
    pub count: u64,
    /// Its fields, with what each can tell.
    pub fields: BTreeMap<String, Option<Class>>,
}

/// Reads a log through and lists what it says of whoever has these accounts.
///
/// # Errors
/// [`InventoryError`] where a block cannot be read.
pub fn about(
    log: &BlockLog,
    accounts: &[AccountId],
    prefix: &AddressPrefix,
) -> Result<Inventory, InventoryError> {
    let mut known: BTreeSet<String> =
        accounts.iter().map(|account| account.to_address(prefix)).collect();
    // An identity may be met before it is known to lead to the citizen: until nothing new comes.
    loop {
        let before = known.len();
        let gathered = read_through(log, prefix, &mut known)?;
        if known.len() == before {
            return Ok(gathered.inventory(log.tip(), known, prefix));
        }
    }
}

fn read_through(
    log: &BlockLog,
    prefix: &AddressPrefix,
    known: &mut BTreeSet<String>,
) -> Result<Gathered, InventoryError> {
    let mut gathered = Gathered::default();
    let mut next = Some(log.earliest());
    while let Some(height) = next.filter(|height| *height <= log.tip()) {
        for transaction in block(log, height)?.body.transactions {
            gathered.take(&transaction, prefix, known);
        }
        next = height.next();
    }
    Ok(gathered)
}

fn block(log: &BlockLog, height: Height) -> Result<Block, InventoryError> {
    let corrupt = InventoryError::Corrupt { height };
    let Some(decided) = log.decided(height)? else { return Err(corrupt) };
    codec::decode(&decided.bytes, BLOCK_BYTES_MAX).map_err(|_| corrupt)
}

#[derive(Default)]
struct Gathered {
    transactions: u64,
    concerned: u64,
    beside: BTreeMap<String, BTreeSet<String>>,
    operations: BTreeMap<String, (u64, BTreeSet<String>)>,
}

impl Gathered {
    fn take(
        &mut self,
        transaction: &Transaction,
        prefix: &AddressPrefix,
        known: &mut BTreeSet<String>,
    ) {
        self.transactions += 1;
        let body = TransactionBody::of(transaction, prefix);
        let sender = body.account.as_str().to_owned();
        let mut own = false;
        for operation in &body.operations {
            let mut leaves = Vec::new();
            flatten(operation, "", &mut leaves);
            let kind = operation["type"].as_str().unwrap_or_default();
            let named = leaves.iter().any(|(name, text)| links(kind, name) && known.contains(text));
            let registers = kind.starts_with("publish");
            if registers || !(named || known.contains(&sender)) {
                continue;
            }
            own = true;
            self.say(kind, &leaves);
            let lead = leaves.into_iter().filter(|(name, _)| leads(kind, name));
            known.extend(lead.map(|(_, text)| text));
        }
        self.concerned += u64::from(own);
    }

    fn say(&mut self, operation: &str, leaves: &[(String, String)]) {
        let (count, fields) = self.operations.entry(operation.to_owned()).or_default();
        *count += 1;
        for (name, text) in leaves {
            fields.insert(name.clone());
            if class_of(operation, name) == Some(Class::Public) {
                self.beside.entry(name.clone()).or_default().insert(text.clone());
            }
        }
    }

    fn inventory(self, tip: Height, known: BTreeSet<String>, prefix: &AddressPrefix) -> Inventory {
        let is_address = |text: &String| AccountId::from_address(text, prefix).is_ok();
        let (addresses, identities): (Vec<_>, Vec<_>) = known.into_iter().partition(is_address);
        let said = |(operation, (count, fields)): (String, (u64, BTreeSet<String>))| {
            let class = |name: String| (name.clone(), class_of(&operation, &name));
            let fields = fields.into_iter().map(class).collect();
            Said { operation, count, fields }
        };
        let operations: Vec<Said> = self.operations.into_iter().map(said).collect();
        let unclassified = operations.iter().flat_map(|said| {
            let missing = said.fields.iter().filter(|(_, class)| class.is_none());
            missing.map(|(name, _)| format!("{}.{name}", said.operation))
        });
        Inventory {
            height: tip.get(),
            transactions: self.transactions,
            concerned: self.concerned,
            addresses,
            identities: identities.len() as u64,
            beside: self.beside,
            unclassified: unclassified.collect(),
            operations,
        }
    }
}

/// Whether a value under this name ties a transaction to whoever is known by it.
fn links(operation: &str, name: &str) -> bool {
    matches!(class_of(operation, name), Some(Class::Pseudonym | Class::Key | Class::OpaqueId))
        || last_of(name) == "person"
}

/// Whether a value under this name, met in a citizen's transaction, is the citizen's too. An
/// account that is paid or acts for the citizen is somebody else's.
fn leads(operation: &str, name: &str) -> bool {
    matches!(class_of(operation, name), Some(Class::Key | Class::OpaqueId))
        || matches!(last_of(name), "person" | "subject" | "on_behalf_of")
}

/// The last part of a field's name.
fn last_of(name: &str) -> &str {
    name.rsplit('.').next().unwrap_or(name)
}

/// The leaves of a document, each with its name and its text.
fn flatten(value: &Value, at: &str, leaves: &mut Vec<(String, String)>) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                let name = if at.is_empty() { name.clone() } else { format!("{at}.{name}") };
                flatten(value, &name, leaves);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| flatten(item, at, leaves)),
        Value::Null => {}
        Value::String(text) => leaves.push((at.to_owned(), text.clone())),
        Value::Bool(_) | Value::Number(_) => leaves.push((at.to_owned(), value.to_string())),
    }
}

#[cfg(test)]
mod tests;
