//! Receipts in bulk: block events tell when, one binary read a block brings them all.

use std::time::{Duration, Instant};

use bytes::Bytes;
use futures::StreamExt;
use ledger_types::{Height, Receipt, codec};
use node_api::body::BlockEvent;
use node_api::{ApiCode, OCTET_STREAM, path};
use tokio::sync::mpsc;

use super::sse::SseParser;
use super::{ANSWER_BYTES_MAX, Client, ClientError, PAUSE_MAX, PAUSE_MIN, Request};

/// How many blocks may wait to be taken.
const WAITING_MAX: usize = 256;
/// How long the stream may stay silent; nodes decide a block a second even when idle.
const SILENCE_MAX: Duration = Duration::from_secs(15);

/// What became of a block's transactions.
#[derive(Clone, Debug)]
pub struct BlockReceipts {
    /// The block.
    pub height: Height,
    /// Its receipts, in order.
    pub receipts: Vec<Receipt>,
    /// When this client learnt that the block was decided.
    pub seen: Instant,
}

/// A stream of blocks' receipts, each height once and in order; ends when it is dropped.
#[derive(Debug)]
pub struct Follow {
    blocks: mpsc::Receiver<Result<BlockReceipts, ClientError>>,
    task: tokio::task::JoinHandle<()>,
}

impl Follow {
    /// The next block's receipts.
    ///
    /// # Errors
    /// [`ClientError`] where the node was not reachable for the client's timeout; the stream ends.
    pub async fn next(&mut self) -> Result<BlockReceipts, ClientError> {
        self.blocks.recv().await.unwrap_or(Err(ClientError::TimedOut))
    }
}

impl Drop for Follow {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Client {
    /// Follows every block after `after`, across lost connections.
    #[must_use]
    pub fn follow(&self, after: Height) -> Follow {
        let (sender, blocks) = mpsc::channel(WAITING_MAX);
        let follower = Follower { client: self.clone(), sender, last: after };
        Follow { blocks, task: tokio::spawn(follower.run()) }
    }

    /// The receipts of a block in order, in binary.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn block_receipts(&self, height: Height) -> Result<Vec<Receipt>, ClientError> {
        let path = path::block_receipts(height);
        let request = Request { path: &path, reader: None, accept: Some(OCTET_STREAM), body: None };
        let bytes = self.ask(&request, self.deadline()).await?;
        codec::decode(&bytes, ANSWER_BYTES_MAX).map_err(ClientError::answer)
    }
}

struct Follower {
    client: Client,
    sender: mpsc::Sender<Result<BlockReceipts, ClientError>>,
    last: Height,
}

/// Nobody takes the blocks any more.
struct Gone;

impl Follower {
    async fn run(mut self) {
        let mut pause = PAUSE_MIN;
        let mut since = Instant::now();
        loop {
            let before = self.last;
            let error = match self.stream().await {
                Ok(Gone) => return,
                Err(error) => error,
            };
            if self.last > before {
                (pause, since) = (PAUSE_MIN, Instant::now());
            }
            // A node behind the one that said the last block sees it a moment later.
            let is_behind = error.code() == Some(ApiCode::BlockNotFound.number());
            if !(error.may_pass() || is_behind) || since.elapsed() > self.client.timeout() {
                // The receiver may be gone, and then nobody needs to know.
                let _ = self.sender.send(Err(error)).await;
                return;
            }
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(PAUSE_MAX);
        }
    }

    /// Reads one connection's events until it breaks.
    async fn stream(&mut self) -> Result<Gone, ClientError> {
        let client = self.client.clone();
        let mut pieces = client.events(self.last).await?;
        let mut parser = SseParser::default();
        loop {
            let piece = match tokio::time::timeout(SILENCE_MAX, pieces.next()).await {
                Ok(Some(piece)) => piece?,
                Ok(None) | Err(_) => return Err(ClientError::TimedOut),
            };
            let seen = Instant::now();
            for event in parser.push(&piece).map_err(ClientError::answer)? {
                if event.kind != "block" {
                    continue;
                }
                let event: BlockEvent =
                    serde_json::from_str(&event.data).map_err(ClientError::answer)?;
                if self.deliver(&event, seen).await?.is_some() {
                    return Ok(Gone);
                }
            }
        }
    }

    /// Delivers every block after the last one up to the event's.
    async fn deliver(
        &mut self,
        event: &BlockEvent,
        seen: Instant,
    ) -> Result<Option<Gone>, ClientError> {
        while self.last < event.height {
            let height = self.last.next().ok_or(ClientError::Internal)?;
            let empty = height == event.height && event.transactions == 0;
            let receipts =
                if empty { Vec::new() } else { self.client.block_receipts(height).await? };
            let block = BlockReceipts { height, receipts, seen };
            if self.sender.send(Ok(block)).await.is_err() {
                return Ok(Some(Gone));
            }
            self.last = height;
        }
        Ok(None)
    }
}

impl Client {
    async fn events(
        &self,
        after: Height,
    ) -> Result<impl futures::Stream<Item = Result<Bytes, ClientError>> + Unpin, ClientError> {
        let url = self.inner.base.join(path::EVENTS).map_err(ClientError::answer)?;
        let sent = self
            .inner
            .http
            .get(url)
            .header(reqwest::header::ACCEPT, "text/event-stream")
            .header("last-event-id", after.to_string())
            .send();
        let response = tokio::time::timeout(SILENCE_MAX, sent)
            .await
            .map_err(|_| ClientError::TimedOut)?
            .map_err(|error| self.failed(&error))?;
        let status = response.status();
        if !status.is_success() {
            let body = response.bytes().await.unwrap_or_default();
            return Err(super::problem(status, &body));
        }
        let client = self.clone();
        let pieces = response.bytes_stream();
        Ok(Box::pin(pieces.map(move |piece| piece.map_err(|error| client.failed(&error)))))
    }
}
