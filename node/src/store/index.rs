//! The index: receipts by transaction, histories by account, consents by subject, the consent log.
//!
//! It is not part of consensus and lies behind the commit path. Each block is one batch with the
//! block's height as a marker, so after a crash it is at an earlier block, whole, and the blocks
//! after it are entered again. It holds places, not content: content is read from the block log; but for
//! the consent log, whose entries lie in no block (`log`).
//!
//! What it holds has a form with a number. An index of another form is taken away and begun anew:
//! the node then replays every block, as it does for an index that was off before.

mod log;

use std::path::Path;

use ledger::Event;
use ledger_types::rejection::RejectionCode;
use ledger_types::{AccountId, Block, ConsentId, Height, Outcome, Receipt, TransactionId};
use rocksdb::WriteBatch;

pub use log::{LogPlace, Owed, Source};

use super::database::Database;
use super::error::{self, StoreError};
use crate::consent_log::Logged;

const MARKER: &[u8] = b"m/height";
const FORM_KEY: &[u8] = b"m/form";
/// The form that this program writes: 2 has the consent log, 1 (without a number) had not.
const FORM: u32 = 2;
const RECEIPT: u8 = b'r';
const HISTORY: u8 = b'h';
const CONSENT: u8 = b'c';
/// How much of a transaction's identity keys its receipt: a second one with the same 16 bytes
/// cannot be found.
const ID_BYTES: usize = 16;
const WRITE_BUFFER_BYTES: usize = 32 * 1024 * 1024;

/// A transaction's place in the log, newest first in this order's reverse.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The block.
    pub height: Height,
    /// The place in the block, from 0.
    pub index: u32,
}

/// What the index says of a transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Where it is.
    pub place: Place,
    /// Where its bytes begin inside the block's bytes.
    pub offset: u32,
    /// How it ended.
    pub outcome: Outcome,
}

/// See the module.
#[derive(Debug)]
pub struct Index {
    database: Database,
}

impl Index {
    /// Opens the index, or begins one: also where it is of another form.
    ///
    /// # Errors
    /// [`StoreError`] where the database refuses, or the folder cannot be taken away.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        let database = Database::open(path, WRITE_BUFFER_BYTES)?;
        let form = database.get(FORM_KEY)?;
        if form.as_deref() == Some(&FORM.to_be_bytes()) {
            return Ok(Self { database });
        }
        if form.is_none() && database.get(MARKER)?.is_none() {
            return Self::begin(database);
        }
        drop(database);
        tracing::warn!(
            path = %path.display(), form = FORM,
            "the index is of another form and is made again from every block"
        );
        std::fs::remove_dir_all(path).map_err(error::io("taking away an old index", path))?;
        Self::begin(Database::open(path, WRITE_BUFFER_BYTES)?)
    }

    fn begin(database: Database) -> Result<Self, StoreError> {
        let mut batch = WriteBatch::default();
        batch.put(FORM_KEY, FORM.to_be_bytes());
        database.write(batch)?;
        Ok(Self { database })
    }

    /// The last block entered; genesis where there is none.
    ///
    /// # Errors
    /// [`StoreError`] where the database refuses.
    pub fn height(&self) -> Result<Height, StoreError> {
        let Some(value) = self.database.get(MARKER)? else { return Ok(Height::GENESIS) };
        let bytes = value.as_slice().try_into();
        let bytes = bytes.map_err(|_| self.database.inconsistent("the marker is malformed"))?;
        Ok(Height::new(u64::from_be_bytes(bytes)))
    }

    /// The receipt of a transaction with the place of its bytes.
    ///
    /// # Errors
    /// [`StoreError`] where the database refuses or holds something else.
    pub fn receipt(&self, id: &TransactionId) -> Result<Option<(Receipt, Entry)>, StoreError> {
        let Some(value) = self.database.get(&receipt_key(id))? else { return Ok(None) };
        let entry = parse_receipt(&value)
            .ok_or_else(|| self.database.inconsistent("a receipt is malformed"))?;
        let Place { height, index } = entry.place;
        let receipt = Receipt { transaction: *id, height, index, outcome: entry.outcome };
        Ok(Some((receipt, entry)))
    }

    /// Transactions of an account, newest first, at most `limit`; `before` is the last one seen.
    ///
    /// # Errors
    /// [`StoreError`] where the database refuses or holds something else.
    pub fn history(
        &self,
        account: &AccountId,
        before: Option<Place>,
        limit: usize,
    ) -> Result<Vec<Entry>, StoreError> {
        let prefix = [&[HISTORY], &account.as_bytes()[..]].concat();
        let from = match before {
            // The byte after a key begins the next: the one seen is not given again.
            Some(place) => [&history_key(account, place)[..], &[0]].concat(),
            None => prefix.clone(),
        };
        let mut entries = Vec::new();
        for item in self.database.scan_from(&from).take(limit) {
            let (key, value) = item?;
            let Some(rest) = key.strip_prefix(prefix.as_slice()) else { break };
            let entry = parse_history(rest, &value);
            entries
                .push(entry.ok_or_else(|| self.database.inconsistent("a history is malformed"))?);
        }
        Ok(entries)
    }

    /// Consents of a subject in order of identity, at most `limit`; `after` is the last one seen.
    ///
    /// # Errors
    /// [`StoreError`] where the database refuses.
    pub fn consents(
        &self,
        subject: &AccountId,
        after: Option<ConsentId>,
        limit: usize,
    ) -> Result<Vec<ConsentId>, StoreError> {
        let prefix = [&[CONSENT], &subject.as_bytes()[..]].concat();
        let from = match after {
            Some(consent) => [&consent_key(subject, &consent)[..], &[0]].concat(),
            None => prefix.clone(),
        };
        let mut consents = Vec::new();
        for item in self.database.scan_from(&from).take(limit) {
            let (key, _) = item?;
            let Some(rest) = key.strip_prefix(prefix.as_slice()) else { break };
            let id = rest.try_into();
            let id = id.map_err(|_| self.database.inconsistent("a consent is malformed"))?;
            consents.push(ConsentId::new(ledger_types::Hash::new(id)));
        }
        Ok(consents)
    }

    /// Enters a block; one that is entered already changes nothing.
    pub(super) fn enter(
        &self,
        block: &Block,
        receipts: &[Receipt],
        events: &[(u32, Event)],
        logged: &[Logged],
    ) -> Result<(), StoreError> {
        let height = block.header.height;
        let entered = self.height()?;
        if height <= entered {
            return Ok(());
        }
        if entered.next() != Some(height) {
            let what = format!("block {height} would be entered after block {entered}");
            return Err(self.database.inconsistent(what));
        }
        let mut batch = WriteBatch::default();
        let mut rest = events;
        let mut accounts = Vec::with_capacity(4);
        for ((tx, offset), receipt) in
            block.body.transactions.iter().zip(offsets(block)).zip(receipts)
        {
            let of_tx = rest.partition_point(|(index, _)| *index <= receipt.index);
            let (events, later) = rest.split_at(of_tx);
            rest = later;
            accounts.clear();
            accounts.push(tx.unsigned.account);
            accounts.extend(events.iter().flat_map(|(_, event)| event.accounts()));
            accounts.sort_unstable();
            accounts.dedup();
            let entry = Entry {
                place: Place { height, index: receipt.index },
                offset,
                outcome: receipt.outcome,
            };
            enter_transaction(&mut batch, &receipt.transaction, &entry, &accounts);
            events.iter().for_each(|(_, event)| enter_consent(&mut batch, event));
        }
        log::enter(&mut batch, height, logged);
        batch.put(MARKER, height.get().to_be_bytes());
        self.database.write(batch)
    }

    /// Makes everything entered so far durable.
    pub(super) fn flush(&self) -> Result<(), StoreError> {
        self.database.flush()
    }
}

/// Where each transaction begins inside the block's canonical bytes.
fn offsets(block: &Block) -> impl Iterator<Item = u32> + '_ {
    // Header, the parent's certificate, and the count of transactions come first.
    let length =
        |value: Result<usize, _>| value.map_or(0, |n: usize| u32::try_from(n).unwrap_or(0));
    let head = length(borsh::object_length(&block.header))
        + length(borsh::object_length(&block.body.parent_certificate))
        + 4;
    block.body.transactions.iter().scan(head, move |at, tx| {
        let begins = *at;
        *at += length(Ok(tx.length()));
        Some(begins)
    })
}

fn enter_transaction(
    batch: &mut WriteBatch,
    id: &TransactionId,
    entry: &Entry,
    accounts: &[AccountId],
) {
    let mut value = Vec::with_capacity(21);
    value.extend_from_slice(&entry.place.height.get().to_be_bytes());
    value.extend_from_slice(&entry.place.index.to_be_bytes());
    push_rest(&mut value, entry);
    batch.put(receipt_key(id), &value);
    let rest = value.split_at(12).1;
    for account in accounts {
        batch.put(history_key(account, entry.place), rest);
    }
}

fn enter_consent(batch: &mut WriteBatch, event: &Event) {
    if let Event::ConsentGranted { consent, subject, .. } = event {
        batch.put(consent_key(subject, consent), []);
    }
}

fn receipt_key(id: &TransactionId) -> [u8; 1 + ID_BYTES] {
    let mut key = [RECEIPT; 1 + ID_BYTES];
    key[1..].copy_from_slice(&id.get().as_bytes()[..ID_BYTES]);
    key
}

/// Account, then height and index counted down, so that the newest comes first.
fn history_key(account: &AccountId, place: Place) -> [u8; 33] {
    let mut key = [HISTORY; 33];
    key[1..21].copy_from_slice(account.as_bytes());
    key[21..29].copy_from_slice(&(!place.height.get()).to_be_bytes());
    key[29..].copy_from_slice(&(!place.index).to_be_bytes());
    key
}

fn consent_key(subject: &AccountId, consent: &ConsentId) -> [u8; 53] {
    let mut key = [CONSENT; 53];
    key[1..21].copy_from_slice(subject.as_bytes());
    key[21..].copy_from_slice(consent.get().as_bytes());
    key
}

/// Offset, then code and operation where the transaction was rejected.
fn push_rest(value: &mut Vec<u8>, entry: &Entry) {
    value.extend_from_slice(&entry.offset.to_be_bytes());
    if let Outcome::Rejected { code, operation } = entry.outcome {
        value.extend_from_slice(&ledger_types::codec::encode(&code));
        value.extend_from_slice(&operation.to_le_bytes());
    }
}

fn parse_receipt(value: &[u8]) -> Option<Entry> {
    let (height, rest) = value.split_first_chunk::<8>()?;
    let (index, rest) = rest.split_first_chunk::<4>()?;
    let place = Place {
        height: Height::new(u64::from_be_bytes(*height)),
        index: u32::from_be_bytes(*index),
    };
    parse_rest(place, rest)
}

fn parse_history(key: &[u8], value: &[u8]) -> Option<Entry> {
    let (height, index) = key.split_first_chunk::<8>()?;
    let place = Place {
        height: Height::new(!u64::from_be_bytes(*height)),
        index: !u32::from_be_bytes(index.try_into().ok()?),
    };
    parse_rest(place, value)
}

fn parse_rest(place: Place, rest: &[u8]) -> Option<Entry> {
    let (offset, rest) = rest.split_first_chunk::<4>()?;
    let outcome = if rest.is_empty() {
        Outcome::Committed
    } else {
        let (code, operation): (RejectionCode, u16) = borsh::from_slice(rest).ok()?;
        Outcome::Rejected { code, operation }
    };
    Some(Entry { place, offset: u32::from_be_bytes(*offset), outcome })
}
