//! The index: receipts by transaction, what happened by account, consent and access, consents by
//! subject, accounts by key, accesses that ended, issues by core banking reference, sums of zones by
//! month.
//!
//! It is not part of consensus and lies behind the commit path. Each block is one batch with the
//! block's height as a marker, so after a crash it is at an earlier block, whole, and the blocks
//! after it are entered again. Events that follow from an operation are read from the block log; the
//! others lie in no block and are kept here, once a height. Lists hold places alone.
//!
//! What it holds has a form with a number. An index of another form is taken away and begun anew:
//! the node then replays every block, as it does for an index that was off before.

mod change;
mod duty;
mod ended;
mod kept;
mod key;
mod list;
mod month;
mod reference;

use std::path::Path;

use ledger_types::event::{ConsentGranted, FeeCharged, Happened, List};
use ledger_types::rejection::RejectionCode;
use ledger_types::{
    AccountId, Block, ConsentId, Hash, Height, Outcome, Receipt, Transaction, TransactionId,
};
use rocksdb::WriteBatch;

pub use change::Change;
pub(super) use change::changes;
pub use duty::{DutyChange, Owed};
pub use ended::EndedAccess;
pub use kept::Told;
pub use list::{Item, Place, Source};
pub use month::{Counted, Got, MerchantMonth, MonthChange, VersionFees, ZoneMonth};

use super::database::Database;
use super::error::{self, StoreError};
use list::At;

const MARKER: &[u8] = b"m/height";
const FORM_KEY: &[u8] = b"m/form";
/// The form that this program writes: 5 keeps sums of zones by month; 4 kept all that happened to an
/// access, its record once both halves match, and core banking references; 3 kept events once a height,
/// and keys with their accounts; 2 kept entries of a consent log beside histories, 1 (without a number)
/// had no such log.
const FORM: u32 = 5;
const RECEIPT: u8 = b'r';
const CONSENT: u8 = b'c';
/// How much of a transaction's identity keys its receipt: a second one with the same 16 bytes
/// cannot be found.
const ID_BYTES: usize = 16;
const WRITE_BUFFER_BYTES: usize = 32 * 1024 * 1024;

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

    /// The receipt of a transaction, with where its bytes begin inside the block's bytes.
    ///
    /// # Errors
    /// [`StoreError`] where the database refuses or holds something else.
    pub fn receipt(&self, id: &TransactionId) -> Result<Option<(Receipt, u32)>, StoreError> {
        let Some(value) = self.database.get(&receipt_key(id))? else { return Ok(None) };
        let receipt = parse_receipt(*id, &value);
        receipt.map(Some).ok_or_else(|| self.database.inconsistent("a receipt is malformed"))
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
        let after = after.map(ConsentId::get);
        let after = after.as_ref().map(|seen| &seen.as_bytes()[..]);
        let malformed = |_| self.database.inconsistent("a consent is malformed");
        let consent =
            |id: Vec<u8>| id.try_into().map(|id| ConsentId::new(Hash::new(id))).map_err(malformed);
        self.database.behind(&prefix, after, limit)?.into_iter().map(consent).collect()
    }

    /// Enters a block; one that is entered already changes nothing.
    pub(super) fn enter(
        &self,
        block: &Block,
        receipts: &[Receipt],
        events: &[Happened],
        changes: &[Change],
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
        let mut entering = Entering::new(height);
        let raised = events.partition_point(|happened| happened.transaction.is_none());
        let (raised, mut rest) = events.split_at(raised);
        raised.iter().for_each(|happened| entering.raised(happened));
        for ((tx, offset), receipt) in
            block.body.transactions.iter().zip(offsets(block)).zip(receipts)
        {
            let of_tx = rest.partition_point(|one| one.transaction <= Some(receipt.index));
            let (events, later) = rest.split_at(of_tx);
            rest = later;
            entering.transaction(tx, offset, receipt, events);
        }
        let Entering { mut batch, kept, .. } = entering;
        if !kept.is_empty() {
            batch.put(kept::key(height), kept::value(block.header.time, &kept));
        }
        change::enter(&self.database, &mut batch, changes)?;
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

/// A block on its way into the index.
struct Entering {
    batch: WriteBatch,
    /// The place of what comes next.
    next: Place,
    kept: Vec<Told>,
}

impl Entering {
    fn new(height: Height) -> Self {
        Self { batch: WriteBatch::default(), next: Place { height, place: 0 }, kept: Vec::new() }
    }

    /// An event that consensus itself raised.
    fn raised(&mut self, happened: &Happened) {
        let at = self.keep(None, happened);
        self.event(happened, None, &at);
    }

    fn transaction(
        &mut self,
        tx: &Transaction,
        offset: u32,
        receipt: &Receipt,
        events: &[Happened],
    ) {
        self.batch.put(receipt_key(&receipt.transaction), receipt_value(receipt, offset));
        let sender = tx.unsigned.account;
        if let Outcome::Rejected { code, operation } = receipt.outcome {
            return self.put(&[List::Account(sender)], &At::Rejected { offset, code, operation });
        }
        for happened in events {
            let operation = tx.unsigned.operations.get(usize::from(happened.operation));
            let follows = operation.and_then(|operation| operation.follows(sender));
            let at = if follows.as_ref() == Some(&happened.event) {
                At::Follows { offset, operation: happened.operation }
            } else {
                self.keep(Some((receipt.index, receipt.transaction)), happened)
            };
            reference::enter(&mut self.batch, receipt.height, operation, happened, &at);
            self.event(happened, Some(sender), &at);
        }
    }

    fn keep(&mut self, transaction: Option<(u32, TransactionId)>, happened: &Happened) -> At {
        let number = u32::try_from(self.kept.len()).unwrap_or(u32::MAX);
        let (operation, event) = (happened.operation, happened.event.clone());
        self.kept.push(Told { transaction, operation, event });
        At::Kept(number)
    }

    /// Enters an event into its lists and its sender's; what a fee was and whose is no matter of who
    /// paid the merchant.
    fn event(&mut self, happened: &Happened, sender: Option<AccountId>, at: &At) {
        let mut lists = happened.event.enters();
        let sender = sender.filter(|_| FeeCharged::of(&happened.event).is_none());
        lists.extend(sender.map(List::Account).filter(|own| !lists.contains(own)));
        self.put(&lists, at);
        if let Some(granted) = ConsentGranted::of(&happened.event)
            && let Some(subject) = granted.subject.account()
        {
            self.batch.put(consent_key(&subject, &granted.consent), []);
        }
    }

    fn put(&mut self, lists: &[List], at: &At) {
        let place = self.next;
        lists.iter().for_each(|list| list::enter(&mut self.batch, list, place, at));
        self.next.place = place.place.saturating_add(1);
    }
}

fn receipt_key(id: &TransactionId) -> [u8; 1 + ID_BYTES] {
    let mut key = [RECEIPT; 1 + ID_BYTES];
    key[1..].copy_from_slice(&id.get().as_bytes()[..ID_BYTES]);
    key
}

fn consent_key(subject: &AccountId, consent: &ConsentId) -> [u8; 53] {
    let mut key = [CONSENT; 53];
    key[1..21].copy_from_slice(subject.as_bytes());
    key[21..].copy_from_slice(consent.get().as_bytes());
    key
}

/// Height, index and offset, then code and operation where the transaction was rejected.
fn receipt_value(receipt: &Receipt, offset: u32) -> Vec<u8> {
    let mut value = Vec::with_capacity(20);
    value.extend_from_slice(&receipt.height.get().to_be_bytes());
    value.extend_from_slice(&receipt.index.to_be_bytes());
    value.extend_from_slice(&offset.to_be_bytes());
    if let Outcome::Rejected { code, operation } = receipt.outcome {
        value.extend_from_slice(&ledger_types::codec::encode(&code));
        value.extend_from_slice(&operation.to_le_bytes());
    }
    value
}

fn parse_receipt(transaction: TransactionId, value: &[u8]) -> Option<(Receipt, u32)> {
    let (height, rest) = value.split_first_chunk::<8>()?;
    let (index, rest) = rest.split_first_chunk::<4>()?;
    let (offset, rest) = rest.split_first_chunk::<4>()?;
    let outcome = if rest.is_empty() {
        Outcome::Committed
    } else {
        let (code, operation): (RejectionCode, u16) = borsh::from_slice(rest).ok()?;
        Outcome::Rejected { code, operation }
    };
    let height = Height::new(u64::from_be_bytes(*height));
    let receipt = Receipt { transaction, height, index: u32::from_be_bytes(*index), outcome };
    Some((receipt, u32::from_be_bytes(*offset)))
}

#[cfg(test)]
mod tests;
