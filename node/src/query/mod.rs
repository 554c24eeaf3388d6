//! The read side: receipts, histories, blocks and consents for the interface.
//!
//! It reads the state in memory, the block log and the index; nothing here writes. What must be
//! found at once after a commit (receipts, block events) comes from the [`Feed`], because the index
//! lies behind the commit path.

mod access;
pub mod books;
mod cursor;
pub mod cycles;
mod feed;
mod follow;
mod history;
mod key;
mod log;
pub mod lotteries;
pub mod programmes;
pub mod records;
mod reports;
pub mod shops;
mod supply;

use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard};
use std::time::Duration;

use borsh::BorshDeserialize;
use ledger::State;
use ledger_types::limits::TRANSACTION_BYTES_MAX;
use ledger_types::{
    AccountId, Block, CommitCertificate, ConsentId, Hash, Header, Height, Receipt, Transaction,
    TransactionId,
};

pub use access::{FoundAccess, Step};
pub use cursor::{
    AccountCursor, ConsentCursor, Cursor, DutyCursor, HashCursor, PlaceCursor, TicketCursor,
};
pub use feed::{Feed, Waiting};
pub use history::Page;
pub use key::KeyPage;
pub use log::{LogOf, Shown};

use node_api::body::{BlockEvent, SupplyBody};

use crate::store::{CERTIFICATE_BYTES_MAX, HEADER_BYTES_MAX, Index, Store, StoreError};

/// How long a read waits for the index to catch up with the state.
const INDEX_WAIT: Duration = Duration::from_secs(1);
/// More than what comes before a body's first transaction.
const HEAD_BYTES_MAX: usize = HEADER_BYTES_MAX + CERTIFICATE_BYTES_MAX;

/// A decided block without its transactions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BlockHead {
    /// Its header.
    pub header: Header,
    /// How many transactions it holds.
    pub transactions: u32,
    /// How it was decided.
    pub certificate: CommitCertificate,
}

/// Why a read has no answer.
#[derive(Debug, thiserror::Error)]
pub enum QueryError {
    /// The node keeps no index.
    #[error("this node does not keep the index")]
    NoIndex,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The store holds what no block holds.
    #[error("block {height} in the store is not what was decided")]
    Corrupt {
        /// Which block.
        height: Height,
    },
}

/// See the module.
#[derive(Debug)]
pub struct Query {
    genesis: Hash,
    state: Arc<RwLock<State>>,
    store: Arc<Store>,
    feed: Arc<Feed>,
}

impl Query {
    /// The read side of a node.
    #[must_use]
    pub fn new(state: Arc<RwLock<State>>, store: Arc<Store>, feed: Arc<Feed>) -> Self {
        let genesis = state.read().unwrap_or_else(PoisonError::into_inner).genesis_hash();
        Self { genesis, state, store, feed }
    }

    /// The state after the tip. Held briefly: the writer waits meanwhile.
    pub fn state(&self) -> RwLockReadGuard<'_, State> {
        self.state.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// What was committed of late, and who waits for it.
    #[must_use]
    pub const fn feed(&self) -> &Arc<Feed> {
        &self.feed
    }

    /// The genesis hash.
    #[must_use]
    pub const fn genesis(&self) -> Hash {
        self.genesis
    }

    /// The first decided height that is stored.
    #[must_use]
    pub fn earliest(&self) -> Height {
        self.store.log().earliest()
    }

    /// The supply of money, checked.
    #[must_use]
    pub fn supply(&self) -> SupplyBody {
        supply::supply(&self.state())
    }

    /// The receipt of a transaction, where a block holds it.
    ///
    /// # Errors
    /// [`QueryError`] where the store fails. Without an index only what is recent is known, and
    /// [`QueryError::NoIndex`] says that nothing is known of the rest.
    pub fn receipt(&self, id: &TransactionId) -> Result<Option<Receipt>, QueryError> {
        if let Some(receipt) = self.feed.receipt(id) {
            return Ok(Some(receipt));
        }
        Ok(self.index()?.receipt(id)?.map(|(receipt, _)| receipt))
    }

    /// A transaction that a block holds, with its receipt; the content only while it is stored.
    ///
    /// # Errors
    /// [`QueryError`] where the store fails or keeps no index.
    pub fn transaction(
        &self,
        id: &TransactionId,
    ) -> Result<Option<(Receipt, Option<Transaction>)>, QueryError> {
        if let Some((receipt, offset)) = self.index()?.receipt(id)? {
            let content = self.transaction_at(receipt.height, offset)?;
            return Ok(Some((receipt, content)));
        }
        let Some(receipt) = self.feed.receipt(id) else { return Ok(None) };
        let index = usize::try_from(receipt.index).unwrap_or(usize::MAX);
        let block = self.block(receipt.height)?;
        let content = block.and_then(|(_, mut block)| {
            let transactions = &mut block.body.transactions;
            (index < transactions.len()).then(|| transactions.swap_remove(index).into_transaction())
        });
        Ok(Some((receipt, content)))
    }

    /// The head of a decided block, where it is stored: no transaction is decoded.
    ///
    /// # Errors
    /// [`QueryError`] where the store fails, or holds another header than was decided.
    pub fn block_head(&self, height: Height) -> Result<Option<BlockHead>, QueryError> {
        let log = self.store.log();
        let Some(certificate) = log.certificate(height)? else { return Ok(None) };
        let Some(bytes) = log.body_part(height, 0, HEAD_BYTES_MAX)? else { return Ok(None) };
        let read = || -> borsh::io::Result<_> {
            let mut bytes = bytes.as_ref();
            let header = Header::deserialize(&mut bytes)?;
            let parent = Option::<CommitCertificate>::deserialize(&mut bytes)?;
            Ok((header, parent, u32::deserialize(&mut bytes)?))
        };
        let corrupt = QueryError::Corrupt { height };
        let Ok((header, parent, transactions)) = read() else { return Err(corrupt) };
        let parent = parent.as_ref().map_or(Hash::ZERO, CommitCertificate::hash);
        if header.hash() != certificate.block || parent != header.certificate_hash {
            return Err(corrupt);
        }
        Ok(Some(BlockHead { header, transactions, certificate }))
    }

    /// A decided block, where it is stored.
    ///
    /// # Errors
    /// [`QueryError`] where the store fails.
    pub fn block(&self, height: Height) -> Result<Option<(CommitCertificate, Block)>, QueryError> {
        let Some(decided) = self.store.log().decided(height)? else { return Ok(None) };
        let block = Block::decode(&decided.bytes).map_err(|_| QueryError::Corrupt { height })?;
        Ok(Some((decided.certificate, block)))
    }

    /// The receipts of a block, in order; `None` where the block is not stored.
    ///
    /// # Errors
    /// [`QueryError`] where the store fails or, for a block that is not recent, keeps no index.
    pub fn receipts(&self, height: Height) -> Result<Option<Arc<[Receipt]>>, QueryError> {
        if let Some(receipts) = self.feed.receipts(height) {
            return Ok(Some(receipts));
        }
        let Some((_, block)) = self.block(height)? else { return Ok(None) };
        Ok(Some(self.receipts_from_index(&block)?.into()))
    }

    /// The event of a block; `None` where the block is not stored.
    ///
    /// # Errors
    /// As [`Query::receipts`].
    pub fn event(&self, height: Height) -> Result<Option<BlockEvent>, QueryError> {
        if let Some(event) = self.feed.event(height) {
            return Ok(Some(event));
        }
        let Some((certificate, block)) = self.block(height)? else { return Ok(None) };
        let receipts = self.receipts_from_index(&block)?;
        let time = block.header.time;
        Ok(Some(feed::event_of(height, certificate.block, time, &receipts)))
    }

    /// Waits until the index holds every block of the state as it is now, or [`INDEX_WAIT`] is over.
    ///
    /// Whoever has seen a receipt asks for the history next and must find it there; a node that is
    /// far behind answers with what it has rather than not at all.
    pub async fn caught_up(&self) {
        if self.store.index().is_none() {
            return;
        }
        let tip = self.state().height();
        let mut indexed = self.store.indexed();
        // Neither a pause that is over nor an index that has stopped keeps anyone from reading.
        let _ = tokio::time::timeout(INDEX_WAIT, indexed.wait_for(|height| *height >= tip)).await;
    }

    /// Whether the index, where there is one, holds every block of the state as it is now.
    #[must_use]
    pub fn is_caught_up(&self) -> bool {
        let tip = self.state().height();
        self.has_indexed(tip)
    }

    /// Whether the index, where there is one, holds every block up to this height.
    #[must_use]
    pub fn has_indexed(&self, height: Height) -> bool {
        self.store.index().is_none() || *self.store.indexed().borrow() >= height
    }

    /// Consents that a subject gave, in order of identity.
    ///
    /// # Errors
    /// [`QueryError`] where the store fails or keeps no index.
    pub fn consents(
        &self,
        subject: &AccountId,
        after: Option<ConsentId>,
        limit: usize,
    ) -> Result<Vec<ConsentId>, QueryError> {
        Ok(self.index()?.consents(subject, after, limit)?)
    }

    fn index(&self) -> Result<&Index, QueryError> {
        self.store.index().map(Arc::as_ref).ok_or(QueryError::NoIndex)
    }

    fn transaction_at(
        &self,
        height: Height,
        offset: u32,
    ) -> Result<Option<Transaction>, QueryError> {
        let part = self.store.log().body_part(height, offset, TRANSACTION_BYTES_MAX)?;
        let decoded = part.map(|bytes| Transaction::deserialize(&mut bytes.as_ref()));
        decoded.transpose().map_err(|_| QueryError::Corrupt { height })
    }

    fn header(&self, height: Height) -> Result<Option<Header>, QueryError> {
        let part = self.store.log().body_part(height, 0, HEADER_BYTES_MAX)?;
        let decoded = part.map(|bytes| Header::deserialize(&mut bytes.as_ref()));
        decoded.transpose().map_err(|_| QueryError::Corrupt { height })
    }
}
