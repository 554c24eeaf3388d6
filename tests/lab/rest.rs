//! The node's REST API as a test sees it: plain requests, so that a client's bug hides nothing.

use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use ledger_types::{Height, Receipt, TransactionId};
use node_api::path;
use node_api::query::Wait;
use serde_json::Value;

use crate::load::Signed;

/// The beginning of an HTTP client, with the cryptography that this project links.
pub fn http_client() -> reqwest::ClientBuilder {
    // A second call finds a provider there already, which is as good.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder()
}

/// The height of a node's tip.
///
/// # Errors
/// The node does not answer as the API says.
pub async fn tip(client: &reqwest::Client, url: &str) -> anyhow::Result<u64> {
    let status: Value = client
        .get(format!("{url}{}", path::STATUS))
        .send()
        .await?
        .error_for_status()?
        .json()
        .await?;
    let height = &status["height"];
    height
        .as_u64()
        .or_else(|| height.as_str()?.parse().ok())
        .with_context(|| format!("no height in {status}"))
}

/// The receipts of a block, as the node serves them in canonical bytes; none where it is not there.
///
/// # Errors
/// The node does not answer as the API says.
pub async fn receipts(
    client: &reqwest::Client,
    url: &str,
    height: u64,
) -> anyhow::Result<Option<Vec<Receipt>>> {
    let answer = client
        .get(format!("{url}{}", path::block_receipts(Height::new(height))))
        .header("accept", "application/octet-stream")
        .send()
        .await?;
    if answer.status() == reqwest::StatusCode::NOT_FOUND {
        return Ok(None);
    }
    let bytes = answer.error_for_status()?.bytes().await?;
    Ok(Some(borsh::from_slice(&bytes)?))
}

/// Talks to one node after another.
#[derive(Clone, Debug)]
pub struct Rest {
    client: reqwest::Client,
}

impl Rest {
    /// A client whose requests end within `timeout`.
    ///
    /// # Errors
    /// The system offers no sockets.
    pub fn new(timeout: Duration) -> anyhow::Result<Self> {
        let client =
            http_client().timeout(timeout).connect_timeout(Duration::from_millis(500)).build()?;
        Ok(Self { client })
    }

    /// The underlying client.
    #[must_use]
    pub const fn http(&self) -> &reqwest::Client {
        &self.client
    }

    /// The answer to a GET, with its status.
    ///
    /// # Errors
    /// The node cannot be reached or answers something else than JSON.
    pub async fn get(&self, url: &str, path: &str) -> anyhow::Result<(u16, Value)> {
        let answer = self.client.get(format!("{url}{path}")).send().await?;
        Ok((answer.status().as_u16(), answer.json().await?))
    }

    /// Hands over one transaction's bytes; the status and the body tell what became of it.
    ///
    /// # Errors
    /// The node cannot be reached or answers something else than JSON.
    pub async fn submit(
        &self,
        url: &str,
        bytes: impl Into<reqwest::Body>,
        wait: Duration,
    ) -> anyhow::Result<(u16, Value)> {
        let wait = Wait { wait_ms: u32::try_from(wait.as_millis()).ok() };
        let answer = self
            .client
            .post(format!("{url}{}", path::submit().with(&wait)))
            .header("content-type", "application/octet-stream")
            .body(bytes)
            .send()
            .await?;
        Ok((answer.status().as_u16(), answer.json().await?))
    }

    /// Hands over and waits until a receipt is there, asking again where the node has none yet.
    ///
    /// # Errors
    /// Refused at the door (the body is in the error), or no receipt within the time.
    pub async fn settle(
        &self,
        url: &str,
        transaction: &Signed,
        within: Duration,
    ) -> anyhow::Result<Value> {
        let deadline = Instant::now() + within;
        loop {
            let wait = Duration::from_secs(2);
            match self.submit(url, transaction.bytes.clone(), wait).await {
                Ok((200, body)) => return Ok(body),
                Ok((202 | 429 | 503, _)) | Err(_) if Instant::now() < deadline => {
                    tokio::time::sleep(Duration::from_millis(20)).await;
                }
                Ok((status, body)) => bail!("{status}: {body}"),
                Err(error) => return Err(error),
            }
        }
    }

    /// The height of a node's tip.
    ///
    /// # Errors
    /// The node cannot be reached.
    pub async fn height(&self, url: &str) -> anyhow::Result<u64> {
        tip(&self.client, url).await
    }

    /// The receipts of a block, as the node serves them in canonical bytes.
    ///
    /// # Errors
    /// The node cannot be reached or does not have the block.
    pub async fn receipts(&self, url: &str, height: u64) -> anyhow::Result<Vec<Receipt>> {
        let list = receipts(&self.client, url, height).await?;
        list.with_context(|| format!("{url} lacks block {height}"))
    }

    /// Waits until a node's tip is at least `height`.
    ///
    /// # Errors
    /// It is not within the time.
    pub async fn wait_height(
        &self,
        url: &str,
        height: u64,
        within: Duration,
    ) -> anyhow::Result<u64> {
        let deadline = Instant::now() + within;
        loop {
            let found = self.height(url).await;
            if let Ok(found) = found
                && found >= height
            {
                return Ok(found);
            }
            if Instant::now() > deadline {
                bail!("{url} is at {found:?}, not at {height}, after {within:?}");
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// A block's JSON.
    ///
    /// # Errors
    /// The node cannot be reached or does not have it.
    pub async fn block(&self, url: &str, height: u64) -> anyhow::Result<Value> {
        let (status, body) = self.get(url, path::block(Height::new(height)).as_str()).await?;
        if status != 200 {
            bail!("block {height} at {url}: {status}: {body}");
        }
        Ok(body)
    }

    /// Every receipt from block 1 to `tip`, in order.
    ///
    /// # Errors
    /// The node cannot be reached or lacks a block.
    pub async fn all_receipts(&self, url: &str, tip: u64) -> anyhow::Result<Vec<Receipt>> {
        let mut all = Vec::new();
        for height in 1..=tip {
            let list = self.receipts(url, height).await;
            all.extend(list.with_context(|| format!("block {height} at {url}"))?);
        }
        Ok(all)
    }
}

/// What the whole history says of a set of acknowledged transactions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Audit {
    /// Acknowledged but not in the history as committed.
    pub lost: usize,
    /// In the history more than once (of all transactions).
    pub doubled: usize,
    /// Heights at which two nodes differ in a block, a root or a receipt.
    pub forks: usize,
}

/// Reads the whole history of every node and holds it against what was acknowledged.
///
/// # Errors
/// A node cannot be read.
pub async fn audit(
    rest: &Rest,
    urls: &[String],
    acknowledged: &[TransactionId],
) -> anyhow::Result<Audit> {
    let first = urls.first().context("no node to read")?;
    let tip = rest.height(first).await?;
    let mut seen = std::collections::BTreeMap::<TransactionId, (u32, bool)>::new();
    for receipt in rest.all_receipts(first, tip).await? {
        let entry = seen.entry(receipt.transaction).or_default();
        entry.0 += 1;
        entry.1 |= receipt.is_committed();
    }
    let mut audit = Audit {
        lost: acknowledged.iter().filter(|id| !seen.get(id).is_some_and(|(_, made)| *made)).count(),
        doubled: seen.values().filter(|(times, _)| *times > 1).count(),
        forks: 0,
    };
    for other in urls.iter().skip(1) {
        rest.wait_height(other, tip, Duration::from_secs(60)).await?;
        for height in 1..=tip {
            let ours = rest.block(first, height).await?;
            let theirs = rest.block(other, height).await?;
            let our_receipts = rest.receipts(first, height).await?;
            let their_receipts = rest.receipts(other, height).await?;
            if header(&ours) != header(&theirs) || our_receipts != their_receipts {
                audit.forks += 1;
            }
        }
    }
    Ok(audit)
}

/// What must be the same on every node: certificates may differ in signers and in round.
fn header(block: &Value) -> Value {
    let mut header = block.clone();
    if let Some(fields) = header.as_object_mut() {
        fields.remove("certificate");
    }
    header
}
