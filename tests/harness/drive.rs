//! Drives pre-signed load at a network and counts what its client saw committed.
//!
//! "Acknowledged" means that this client read the committed receipt from a node.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use anyhow::ensure;
use ledger_types::{Outcome, Receipt, TransactionId};

use crate::load::Presigned;
use crate::rest::{receipts, tip};

/// How load is offered.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// Transactions a second; none is as fast as they are committed.
    pub rate: Option<u64>,
    /// For how long at most: it is over as soon as everything is settled.
    pub duration: Duration,
    /// How many may be under way at once.
    pub in_flight_max: usize,
    /// How many go in one request.
    pub bundle: usize,
}

/// What came of it.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    /// Transactions whose committed receipt was seen, in order of sight.
    pub acknowledged: Vec<TransactionId>,
    /// Rejections seen, by code.
    pub rejected: std::collections::BTreeMap<u16, u64>,
    /// Transactions that a node refused at its door, by code.
    pub refused: std::collections::BTreeMap<u16, u64>,
    /// From handing a transaction to the network to seeing its receipt, sorted.
    pub finality: Vec<Duration>,
    /// From the first hand-over to the last receipt within the time.
    pub elapsed: Duration,
}

struct Shared {
    under_way: Mutex<HashMap<TransactionId, Instant>>,
    count: AtomicUsize,
    room: tokio::sync::Notify,
    tally: Mutex<Tally>,
    stop: tokio::sync::watch::Receiver<bool>,
    offered: AtomicU64,
}

/// Offers `load` to the nodes at `urls`, each its own stream, and follows receipts at the first.
///
/// # Errors
/// A node cannot be reached at all, or answers what the API does not define.
pub async fn drive(urls: &[String], load: Vec<Presigned>, pace: Pace) -> anyhow::Result<Tally> {
    ensure!(!urls.is_empty(), "no node to drive");
    let client = crate::rest::http_client().pool_max_idle_per_host(8).build()?;
    let (stop, stopped) = tokio::sync::watch::channel(false);
    let shared = Arc::new(Shared {
        under_way: Mutex::new(HashMap::new()),
        count: AtomicUsize::new(0),
        room: tokio::sync::Notify::new(),
        tally: Mutex::new(Tally::default()),
        stop: stopped,
        offered: AtomicU64::new(0),
    });
    let from = tip(&client, &urls[0]).await?;
    let follower =
        tokio::spawn(follow(client.clone(), urls[0].clone(), from + 1, Arc::clone(&shared)));
    let started = Instant::now();
    let queue = Arc::new(Mutex::new(load.into_iter()));
    let mut submitters = tokio::task::JoinSet::new();
    for url in urls {
        let work =
            submit(client.clone(), url.clone(), Arc::clone(&queue), Arc::clone(&shared), pace);
        submitters.spawn(work);
    }
    let settled = settled(&mut submitters, &shared);
    // What is under way when time is up stays uncounted.
    if let Ok(failed) = tokio::time::timeout(pace.duration, settled).await {
        failed?;
    }
    let elapsed = started.elapsed();
    stop.send(true)?;
    while let Some(ended) = submitters.join_next().await {
        ended??;
    }
    follower.await??;
    let mut tally = std::mem::take(&mut *shared.tally.lock().expect("nobody panics holding it"));
    tally.finality.sort_unstable();
    tally.elapsed = elapsed;
    Ok(tally)
}

/// Waits until all load was handed over and none is under way.
async fn settled(
    submitters: &mut tokio::task::JoinSet<anyhow::Result<()>>,
    shared: &Shared,
) -> anyhow::Result<()> {
    while let Some(ended) = submitters.join_next().await {
        ended??;
    }
    while shared.count.load(Ordering::Acquire) > 0 {
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    Ok(())
}

/// Follows the chain block by block until told to stop.
async fn follow(
    client: reqwest::Client,
    url: String,
    from: u64,
    shared: Arc<Shared>,
) -> anyhow::Result<()> {
    let mut next = from;
    let mut stop = shared.stop.clone();
    let answer = client
        .get(format!("{url}{}", path::EVENTS))
        .header("accept", "text/event-stream")
        .send()
        .await?
        .error_for_status()?;
    let mut events = answer;
    let mut rest = Vec::new();
    while !*stop.borrow() {
        tokio::select! {
            _ = stop.changed() => break,
            chunk = events.chunk() => {
                let Some(chunk) = chunk? else { anyhow::bail!("the event stream ended") };
                rest.extend_from_slice(&chunk);
            }
        }
        while let Some(end) = rest.iter().position(|byte| *byte == b'\n') {
            let line: Vec<u8> = rest.drain(..=end).collect();
            let Ok(line) = std::str::from_utf8(&line) else { continue };
            let Some(height) = line.strip_prefix("id:").and_then(|id| id.trim().parse().ok())
            else {
                continue;
            };
            while next <= height {
                let Some(list) = receipts(&client, &url, next).await? else { break };
                note(&shared, &list);
                next += 1;
            }
        }
    }
    Ok(())
}

fn note(shared: &Shared, list: &[Receipt]) {
    let now = Instant::now();
    let mut under_way = shared.under_way.lock().expect("nobody panics holding it");
    let mut tally = shared.tally.lock().expect("nobody panics holding it");
    let mut settled = 0;
    for receipt in list {
        let Some(begun) = under_way.remove(&receipt.transaction) else { continue };
        settled += 1;
        tally.finality.push(now.duration_since(begun));
        match receipt.outcome {
            Outcome::Committed => tally.acknowledged.push(receipt.transaction),
            Outcome::Rejected { code, .. } => {
                *tally.rejected.entry(code.get()).or_default() += 1;
            }
        }
    }
    shared.count.fetch_sub(settled, Ordering::AcqRel);
    shared.room.notify_waiters();
}

async fn submit(
    client: reqwest::Client,
    url: String,
    queue: Arc<Mutex<std::vec::IntoIter<Presigned>>>,
    shared: Arc<Shared>,
    pace: Pace,
) -> anyhow::Result<()> {
    let mut stop = shared.stop.clone();
    let begun = Instant::now();
    while !*stop.borrow() {
        let allowed = allowance(&shared, pace, begun);
        if allowed == 0 {
            // Both a receipt and the clock can make room.
            tokio::select! {
                _ = stop.changed() => break,
                () = shared.room.notified() => {}
                () = tokio::time::sleep(Duration::from_millis(2)) => {}
            }
            continue;
        }
        let bundle: Vec<Presigned> = {
            let mut queue = queue.lock().expect("nobody panics holding it");
            queue.by_ref().take(allowed).collect()
        };
        if bundle.is_empty() {
            break;
        }
        shared.offered.fetch_add(bundle.len() as u64, Ordering::AcqRel);
        hand_over(&client, &url, &bundle, &shared).await?;
    }
    Ok(())
}

fn allowance(shared: &Shared, pace: Pace, begun: Instant) -> usize {
    let under_way = shared.count.load(Ordering::Acquire);
    let room = pace.in_flight_max.saturating_sub(under_way).min(pace.bundle);
    let Some(rate) = pace.rate else {
        return if room < pace.bundle / 2 { 0 } else { room };
    };
    let due = u128::from(rate) * begun.elapsed().as_millis() / 1000;
    let offered = u128::from(shared.offered.load(Ordering::Acquire));
    room.min(usize::try_from(due.saturating_sub(offered)).unwrap_or(usize::MAX))
}

async fn hand_over(
    client: &reqwest::Client,
    url: &str,
    bundle: &[Presigned],
    shared: &Shared,
) -> anyhow::Result<()> {
    let mut body = Vec::with_capacity(bundle.len() * 200);
    for transaction in bundle {
        body.extend_from_slice(&u32::try_from(transaction.bytes.len())?.to_le_bytes());
        body.extend_from_slice(&transaction.bytes);
    }
    let now = Instant::now();
    {
        let mut under_way = shared.under_way.lock().expect("nobody panics holding it");
        under_way.extend(bundle.iter().map(|transaction| (transaction.id, now)));
    }
    shared.count.fetch_add(bundle.len(), Ordering::AcqRel);
    let answer = client
        .post(format!("{url}{}", path::SUBMIT_BULK))
        .header("content-type", "application/octet-stream")
        .body(body)
        .send()
        .await;
    let Ok(answer) = answer else {
        // The node died under the request: what became of it is told by the receipts.
        tokio::time::sleep(Duration::from_millis(200)).await;
        return Ok(());
    };
    let answer: serde_json::Value = answer.error_for_status()?.json().await?;
    let refused = answer["refused"].as_array().cloned().unwrap_or_default();
    let mut under_way = shared.under_way.lock().expect("nobody panics holding it");
    let mut tally = shared.tally.lock().expect("nobody panics holding it");
    let mut gone = 0;
    for entry in &refused {
        let index = entry["index"].as_u64().and_then(|index| usize::try_from(index).ok());
        let Some(transaction) = index.and_then(|index| bundle.get(index)) else { continue };
        if under_way.remove(&transaction.id).is_some() {
            gone += 1;
        }
        let code = entry["code"].as_u64().and_then(|code| u16::try_from(code).ok()).unwrap_or(0);
        *tally.refused.entry(code).or_default() += 1;
    }
    shared.count.fetch_sub(gone, Ordering::AcqRel);
    Ok(())
}
