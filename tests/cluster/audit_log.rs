//! The audit log of four real validators: one log, whoever dies, and no checkpoint against another.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use kyojo_tests::load::transfer;
use kyojo_tests::rest::{Rest, audit};
use ledger_proof::checkpoint::{Checkpoint, SignedCheckpoint};
use ledger_proof::policy::Policy;
use ledger_proof::signers::Signers;
use ledger_proof::tile::{Tile, TileReader, hash_tiles};
use ledger_types::{Hash, TransactionId, merkle};
use node_api::path;

use crate::town::Town;

const WAIT: Duration = Duration::from_secs(60);

/// What a path of a node answers with; none where it has nothing or does not run.
async fn read(rest: &Rest, url: &str, path: &str) -> Option<Vec<u8>> {
    let answer = rest.http().get(format!("{url}{path}")).send().await.ok()?;
    let answer = answer.error_for_status().ok()?;
    Some(answer.bytes().await.ok()?.to_vec())
}

/// A node's checkpoint, which must hold under the policy that genesis gives.
async fn checkpoint(rest: &Rest, url: &str, policy: &Policy) -> anyhow::Result<Option<Checkpoint>> {
    let Some(bytes) = read(rest, url, path::CHECKPOINT).await else { return Ok(None) };
    let signed = SignedCheckpoint::parse(std::str::from_utf8(&bytes)?)?;
    let witnessed = policy.judge(&signed).with_context(|| format!("{url}: {signed}"))?;
    ensure!(witnessed.cosignatures.len() >= 3, "{url}: no quorum: {signed}");
    Ok(Some(signed.checkpoint().clone()))
}

/// Every checkpoint that any node shows, until it is told to stop.
struct Watch {
    seen: tokio::task::JoinHandle<anyhow::Result<BTreeSet<(u64, Hash)>>>,
    stop: Arc<AtomicBool>,
}

impl Watch {
    fn begin(town: &Town, policy: &Policy) -> Self {
        let (rest, urls, policy) = (town.rest.clone(), town.urls(), policy.clone());
        let stop = Arc::new(AtomicBool::new(false));
        let stopped = Arc::clone(&stop);
        let seen = tokio::spawn(async move {
            let mut seen = BTreeSet::new();
            while !stopped.load(Ordering::Acquire) {
                for url in &urls {
                    let found = checkpoint(&rest, url, &policy).await?;
                    seen.extend(found.map(|found| (found.size, found.root)));
                }
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
            Ok(seen)
        });
        Self { seen, stop }
    }

    async fn end(self) -> anyhow::Result<BTreeSet<(u64, Hash)>> {
        self.stop.store(true, Ordering::Release);
        self.seen.await?
    }
}

/// Payments one after another through node 0, until it is told to stop; those that were committed.
fn pay(
    town: &Town,
    stop: &Arc<AtomicBool>,
) -> tokio::task::JoinHandle<anyhow::Result<Vec<TransactionId>>> {
    let (rest, url, stop) = (town.rest.clone(), town.url(0), Arc::clone(stop));
    let (genesis, payer, to) = (town.genesis, town.citizens[0].clone(), town.citizens[1].account);
    tokio::spawn(async move {
        let mut committed = Vec::new();
        for nonce in 0.. {
            if stop.load(Ordering::Acquire) {
                break;
            }
            let payment = transfer(&genesis, &payer, nonce, to, 1);
            let settled = rest.settle(&url, &payment, WAIT).await?;
            ensure!(settled["receipt"]["outcome"] == "committed", "{settled}");
            committed.push(payment.id);
        }
        Ok(committed)
    })
}

/// Waits until every node shows a checkpoint of at least this size; what each shows then.
pub(crate) async fn shown_by_all(
    town: &Town,
    policy: &Policy,
    size: u64,
) -> anyhow::Result<Vec<Checkpoint>> {
    let deadline = Instant::now() + WAIT;
    let mut shown = Vec::new();
    for url in town.urls() {
        loop {
            let found = checkpoint(&town.rest, &url, policy).await?;
            if let Some(found) = found.clone().filter(|found| found.size >= size) {
                shown.push(found);
                break;
            }
            ensure!(Instant::now() < deadline, "{url} shows {found:?}, not {size} entries");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
    Ok(shown)
}

/// The tiles of hashes of a node's log at a size.
async fn tiles(rest: &Rest, url: &str, size: u64) -> anyhow::Result<BTreeMap<Tile, Vec<u8>>> {
    let mut tiles = BTreeMap::new();
    for tile in hash_tiles(size) {
        let path = path::tile(&tile.path());
        let bytes = read(rest, url, path.as_str()).await;
        tiles.insert(tile, bytes.with_context(|| format!("{url} lacks {path}"))?);
    }
    Ok(tiles)
}

/// Every checkpoint seen is proved, from the tiles of a node, to be of the log that it shows now.
async fn assert_one_log(
    town: &Town,
    policy: &Policy,
    seen: &BTreeSet<(u64, Hash)>,
) -> anyhow::Result<()> {
    let largest = seen.iter().map(|(size, _)| *size).max().context("no checkpoint was seen")?;
    let sizes: BTreeSet<u64> = seen.iter().map(|(size, _)| *size).collect();
    assert_eq!(sizes.len(), seen.len(), "two roots of one size: {seen:?}");
    for (url, now) in town.urls().iter().zip(shown_by_all(town, policy, largest).await?) {
        let tiles = tiles(&town.rest, url, now.size).await?;
        let source = |tile: Tile| tiles.get(&tile).cloned().ok_or(());
        let mut log = TileReader::new(&source, now.size);
        let root = log.root().map_err(|_| anyhow::anyhow!("tiles of {url}"))?;
        assert_eq!(root, now.root, "{url}");
        for (size, old) in seen {
            let path = log.consistency(*size).map_err(|_| anyhow::anyhow!("tiles of {url}"))?;
            let grew = merkle::verify_consistency(*size, old, now.size, &now.root, &path);
            assert!(grew, "{url}: its log did not grow out of the one of {size} entries");
            let forged = Hash::of(&[old.as_bytes()]);
            assert!(!merkle::verify_consistency(*size, &forged, now.size, &now.root, &path));
        }
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn every_nodes_checkpoints_carry_a_quorum_and_are_of_one_log() -> anyhow::Result<()> {
    let town = Town::start(71).await?;
    let policy = Signers::of(&town.document)?.policy;
    for url in town.urls() {
        let served = read(&town.rest, &url, path::POLICY).await.context("no policy")?;
        assert_eq!(String::from_utf8(served)?, policy.to_string(), "{url}");
    }
    let watch = Watch::begin(&town, &policy);
    let stop = Arc::new(AtomicBool::new(false));
    let payments = pay(&town, &stop);
    // Several intervals, whose blocks hold payments.
    let mut size = 0;
    for _ in 0..5 {
        let shown = shown_by_all(&town, &policy, size + 1).await?;
        size = shown.iter().map(|one| one.size).max().unwrap_or_default();
    }
    stop.store(true, Ordering::Release);
    let committed = payments.await??;
    let seen = watch.end().await?;
    assert!(!committed.is_empty() && seen.len() >= 3, "{} {}", committed.len(), seen.len());
    assert_one_log(&town, &policy, &seen).await
}

#[tokio::test(flavor = "multi_thread")]
async fn no_crash_under_payments_makes_two_checkpoints_disagree() -> anyhow::Result<()> {
    let mut town = Town::start(72).await?;
    let policy = Signers::of(&town.document)?.policy;
    let watch = Watch::begin(&town, &policy);
    let stop = Arc::new(AtomicBool::new(false));
    let payments = pay(&town, &stop);
    shown_by_all(&town, &policy, 5).await?;
    // One goes: the rest are still a quorum, and it comes back to the same log.
    town.network.kill(3)?;
    let tip = town.rest.height(&town.url(0)).await?;
    town.rest.wait_height(&town.url(0), tip + 5, WAIT).await?;
    town.network.start_node(3)?;
    town.network.wait_ready(WAIT).await?;
    // Two go: nothing is decided until they are back.
    town.network.kill(1)?;
    town.network.kill(2)?;
    let tip = town.rest.height(&town.url(0)).await?;
    town.network.start_node(1)?;
    town.network.start_node(2)?;
    town.network.wait_ready(WAIT).await?;
    town.rest.wait_height(&town.url(0), tip + 3, WAIT).await?;
    stop.store(true, Ordering::Release);
    let committed = payments.await??;
    let size = town.rest.get(&town.url(0), path::STATUS).await?.1["audit_log_size"].as_u64();
    shown_by_all(&town, &policy, size.context("no size")?).await?;
    let seen = watch.end().await?;
    assert_one_log(&town, &policy, &seen).await?;
    let found = audit(&town.rest, &town.urls(), &committed).await?;
    assert_eq!(found, kyojo_tests::rest::Audit::default());
    assert!(!committed.is_empty());
    Ok(())
}

#[tokio::test]
async fn audit_log_entries_of_days_that_must_be_served_are_not_pruned() -> anyhow::Result<()> {
    let mut town = Town::start(76).await?;
    let (debtor, creditor) = town.across_banks();
    let payment = transfer(&town.genesis, &debtor, 0, creditor.account, 1);
    let settled = town.rest.settle(&town.url(3), &payment, WAIT).await?;
    ensure!(settled["receipt"]["outcome"] == "committed", "{settled}");
    let height = town.rest.height(&town.url(3)).await?;
    ensure!(town.network.terminate(3)?.success(), "SIGTERM drains");
    let prune = |before: u64, more: &[&str]| {
        let program = kyojo_tests::network::binaries()?.join("kyojo-node");
        let home = town.network.home(3);
        let mut command = std::process::Command::new(program);
        command.args(["prune", "--before", &before.to_string(), "--home"]).arg(home).args(more);
        anyhow::Ok(command.output()?)
    };
    ensure!(prune(1, &[])?.status.code() == Some(2), "nothing goes without --yes");
    let refused = prune(height + 1, &["--yes"])?;
    let said = String::from_utf8_lossy(&refused.stderr);
    ensure!(refused.status.code() == Some(2) && said.contains("served for 1096 days"), "{said}");
    ensure!(said.contains("at most --before 1"), "{said}");
    let nothing = prune(1, &["--yes"])?;
    ensure!(nothing.status.success(), "{}", String::from_utf8_lossy(&nothing.stderr));
    ensure!(String::from_utf8_lossy(&nothing.stdout).contains("entries gone   0"));
    town.network.start_node(3)?;
    town.network.wait_ready(WAIT).await?;
    let proof = path::receipt_proof(&payment.id);
    ensure!(read(&town.rest, &town.url(3), proof.as_str()).await.is_some());
    Ok(())
}
