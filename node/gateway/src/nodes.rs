//! The ledger as the gateway sees it: several nodes, tried in turn, none of another network.

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use ledger_types::{Receipt, Rejection, Timestamp, TransactionId};
use network_clock::{Clock, LabTime, after};
use node_api::ApiCode;
use node_api::body::{CheckBody, StatusBody};
use node_api::query::{Check, Wait};
use node_client::{Client, ClientError, Network, Options, Reader, Signed};
use tokio::sync::OnceCell;

/// How long a node is let wait for a receipt that it does not have yet, in milliseconds: it may be
/// a block behind the one that committed.
const RECEIPT_WAIT_MS: u32 = 1_500;

/// The nodes; clones share connections.
#[derive(Clone, Debug)]
pub struct Nodes {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    nodes: Vec<Node>,
    network: Network,
    preferred: AtomicUsize,
    /// Δ in milliseconds, once a node has said it: it is fixed by the genesis.
    delta_ms: OnceCell<u64>,
}

#[derive(Debug)]
struct Node {
    url: String,
    quick: Client,
    patient: Client,
    /// Whether it was seen to serve our network.
    ours: AtomicBool,
}

/// How long an answer may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Patience {
    /// A read.
    Read,
    /// A transaction that must get into a block.
    Commit,
}

impl Nodes {
    /// Clients of these nodes; none is asked yet.
    ///
    /// # Errors
    /// [`ClientError`] where a URL or the certificates cannot be used.
    pub fn new(
        urls: &[String],
        network: &Network,
        ca_pem: Option<&[u8]>,
        read: Duration,
        commit: Duration,
    ) -> Result<Self, ClientError> {
        let client = |url: &str, timeout| {
            let options =
                Options { url: url.to_owned(), ca_pem: ca_pem.map(<[u8]>::to_vec), timeout };
            Client::offline(&options, network.clone())
        };
        let nodes: Result<Vec<Node>, ClientError> = urls
            .iter()
            .map(|url| {
                let (quick, patient) = (client(url, read)?, client(url, commit)?);
                Ok(Node { url: url.clone(), quick, patient, ours: AtomicBool::new(false) })
            })
            .collect();
        let (nodes, network) = (nodes?, network.clone());
        let (preferred, delta_ms) = (AtomicUsize::new(0), OnceCell::new());
        Ok(Self { inner: Arc::new(Inner { nodes, network, preferred, delta_ms }) })
    }

    /// The network that all of them must serve.
    #[must_use]
    pub fn network(&self) -> &Network {
        &self.inner.network
    }

    /// Its clock.
    #[must_use]
    pub fn clock(&self) -> &Clock {
        &self.network().clock
    }

    /// How many there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.inner.nodes.len()
    }

    /// The URL of the node that answered last.
    #[must_use]
    pub fn answering(&self) -> &str {
        let at = self.inner.preferred.load(Ordering::Relaxed) % self.count().max(1);
        self.inner.nodes.get(at).map_or("", |node| node.url.as_str())
    }

    /// Asks one node after another, from the one that answered last, until one answers.
    ///
    /// # Errors
    /// What a node says is wrong, at once; or the last failure where none answers.
    pub async fn ask<T, F, A>(&self, patience: Patience, ask: F) -> Result<T, ClientError>
    where
        F: Fn(Client) -> A,
        A: Future<Output = Result<T, ClientError>>,
    {
        let start = self.inner.preferred.load(Ordering::Relaxed);
        let mut last = ClientError::TimedOut;
        for step in 0..self.count() {
            let at = (start + step) % self.count();
            let Some(node) = self.inner.nodes.get(at) else { continue };
            if let Err(error) = self.recognise(node).await {
                last = error;
                continue;
            }
            let client = if patience == Patience::Read { &node.quick } else { &node.patient };
            match ask(client.clone()).await {
                Ok(answer) => {
                    self.inner.preferred.store(at, Ordering::Relaxed);
                    return Ok(answer);
                }
                Err(error) if is_final(&error) => return Err(error),
                Err(error) => last = error,
            }
        }
        Err(last)
    }

    /// Asks the node once which network it serves.
    async fn recognise(&self, node: &Node) -> Result<(), ClientError> {
        if node.ours.load(Ordering::Relaxed) {
            return Ok(());
        }
        let status = node.quick.status().await?;
        if status.genesis_hash != self.inner.network.genesis_hash {
            tracing::error!(url = %node.url, "the node serves another network and is not asked");
            return Err(ClientError::BadUrl { url: node.url.clone() });
        }
        // A node may not tell the gateway the time: what the operator configured has to agree.
        let lab = status.lab.as_ref().map(LabTime::try_from).transpose();
        if lab != Ok(self.clock().lab()) {
            tracing::error!(url = %node.url, "`network.lab` is not the lab that the node's status names");
            return Err(ClientError::BadUrl { url: node.url.clone() });
        }
        node.ours.store(true, Ordering::Relaxed);
        Ok(())
    }

    /// Reads from the first node that answers.
    ///
    /// # Errors
    /// As [`Self::ask`].
    pub async fn read<T, A>(&self, read: impl Fn(Client) -> A) -> Result<T, ClientError>
    where
        A: Future<Output = Result<T, ClientError>>,
    {
        self.ask(Patience::Read, read).await
    }

    /// The decision of the first node whose answer was still fresh when it came.
    ///
    /// # Errors
    /// As [`Self::ask`]; [`ClientError::TimedOut`] where every answer was older than Δ, or of before
    /// the access that is asked about.
    pub async fn check(&self, asked: &Check, reader: &Reader) -> Result<CheckBody, ClientError> {
        let delta = self.delta_ms().await?;
        self.ask(Patience::Read, |client| async move {
            let answer = client.check(asked, reader).await?;
            let is_fresh = self.clock().now() < after(answer.time.get(), delta);
            // One whose tip is before the access's block cannot say whether that stands still.
            let is_before = answer.code == Some(Rejection::UnknownAccess.code());
            // A node that lags behind answers honestly about a past that is of no use.
            if is_fresh && !is_before { Ok(answer) } else { Err(ClientError::TimedOut) }
        })
        .await
    }

    /// Hands a transaction in and waits for its receipt; a node that does not bring it to an end
    /// in time makes room for the next, with the same bytes.
    ///
    /// # Errors
    /// As [`Self::ask`].
    pub async fn submit(&self, signed: &Signed) -> Result<Receipt, ClientError> {
        self.ask(Patience::Commit, |client| async move { client.submit_and_wait(signed).await })
            .await
    }

    /// The receipt of a transaction; none where no block holds it, as far as nodes know.
    ///
    /// # Errors
    /// As [`Self::ask`].
    pub async fn receipt(&self, id: &TransactionId) -> Result<Option<Receipt>, ClientError> {
        let wait = Wait { wait_ms: Some(RECEIPT_WAIT_MS) };
        match self.read(|client| async move { client.receipt(id, wait).await }).await {
            Ok(receipt) => Ok(Some(receipt)),
            Err(ClientError::Problem(problem))
                if matches!(
                    problem.api_code(),
                    Some(ApiCode::UnknownTransaction | ApiCode::IndexDisabled)
                ) =>
            {
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }

    /// The time of a block.
    ///
    /// # Errors
    /// As [`Self::ask`].
    pub async fn block_time(&self, height: ledger_types::Height) -> Result<Timestamp, ClientError> {
        let block = self.read(|client| async move { client.block(height).await }).await?;
        Ok(block.time.get())
    }

    /// What a node says about itself.
    ///
    /// # Errors
    /// As [`Self::ask`].
    pub async fn status(&self) -> Result<StatusBody, ClientError> {
        self.read(|client| async move { client.status().await }).await
    }

    /// Δ: how long a decision may be relied on, in milliseconds.
    ///
    /// # Errors
    /// As [`Self::ask`], while no node has said it yet.
    pub async fn delta_ms(&self) -> Result<u64, ClientError> {
        let read = || async { Ok(self.status().await?.decision_validity_ms) };
        self.inner.delta_ms.get_or_try_init(read).await.copied()
    }
}

/// Whether another node would say the same. What is unknown on one may be known on another, and a
/// node that does not keep an index is not the last one to ask.
fn is_final(error: &ClientError) -> bool {
    match error {
        ClientError::Problem(problem) => {
            let elsewhere = [
                ApiCode::UnknownTransaction,
                ApiCode::BlockNotFound,
                ApiCode::BlockPruned,
                ApiCode::IndexDisabled,
                ApiCode::InternalFault,
            ];
            !error.may_pass() && !problem.api_code().is_some_and(|code| elsewhere.contains(&code))
        }
        _ => false,
    }
}
