//! Keeping the feed at the tip: every committed block once, in order, none left out.

use std::sync::Arc;

use ledger_types::{Block, Height, Receipt};
use tokio::sync::{broadcast, watch};

use super::feed::event_of;
use super::{Query, QueryError};
use crate::store::Committed;

impl Query {
    /// Feeds committed blocks until the chain ends or the node stops.
    ///
    /// # Errors
    /// [`QueryError`] where blocks that were missed cannot be read back.
    pub async fn follow(
        self: Arc<Self>,
        mut committed: broadcast::Receiver<Arc<Committed>>,
        mut shutdown: watch::Receiver<bool>,
    ) -> Result<(), QueryError> {
        loop {
            let received = tokio::select! {
                received = committed.recv() => received,
                _ = shutdown.wait_for(|stop| *stop) => return Ok(()),
            };
            match received {
                Ok(block) => {
                    let height = block.block.header.height;
                    self.fill(height).await?;
                    self.feed.committed(&block);
                }
                // The next one that is received says how many to fill in.
                Err(broadcast::error::RecvError::Lagged(_)) => {}
                Err(broadcast::error::RecvError::Closed) => return Ok(()),
            }
        }
    }

    /// Feeds the blocks before `height` that were missed, from the store.
    async fn fill(&self, height: Height) -> Result<(), QueryError> {
        let last = *self.feed.height().borrow();
        for missed in last.get().saturating_add(1)..height.get() {
            let missed = Height::new(missed);
            let mut indexed = self.store.indexed();
            if self.store.index().is_none()
                || indexed.wait_for(|height| *height >= missed).await.is_err()
            {
                return Ok(());
            }
            let Some((certificate, block)) = self.block(missed)? else { continue };
            let receipts: Arc<[Receipt]> = self.receipts_from_index(&block)?.into();
            let header = &block.header;
            self.feed.enter(event_of(missed, certificate.block, header.time, &receipts), receipts);
        }
        Ok(())
    }

    /// The receipts of a block that the index has entered.
    pub(super) fn receipts_from_index(&self, block: &Block) -> Result<Vec<Receipt>, QueryError> {
        let index = self.index()?;
        let height = block.header.height;
        let ids = block.body.transactions.iter().map(|transaction| transaction.id(&self.genesis));
        let receipts = ids.map(|id| match index.receipt(&id)? {
            Some((receipt, _)) => Ok(receipt),
            None => Err(QueryError::Corrupt { height }),
        });
        receipts.collect()
    }
}
