//! `kyojo-crash`: kills validators at random under load and checks that nothing was lost.

use std::collections::BTreeMap;
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, RwLock};
use std::time::{Duration, Instant};

use anyhow::ensure;
use clap::Parser;
use kyojo_cli::{Format, Reply};
use kyojo_genesis::actors::ActorRole;
use kyojo_tests::account::{actors, genesis, payers};
use kyojo_tests::load::{Payer, Signed, transfer};
use kyojo_tests::network::{Network, Plan};
use kyojo_tests::rest::{Rest, audit};
use kyojo_tests::tool;
use ledger_types::{Hash, TransactionId};
use rand::{Rng as _, SeedableRng as _};
use serde::Serialize;

/// Kill validators at random (SIGKILL) under load; then check every acknowledged transfer.
#[derive(Debug, Parser)]
#[command(name = "kyojo-crash", version)]
struct Arguments {
    /// For how long validators are killed.
    #[arg(long, default_value_t = 60)]
    seconds: u64,
    /// Seed of keys, load and kills.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// How many citizens pay at once.
    #[arg(long, default_value_t = 32)]
    clients: usize,
    /// Print one JSON envelope on stdout.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Serialize)]
struct Report {
    acknowledged: usize,
    lost: usize,
    doubled: usize,
    forks: usize,
    kills: usize,
    both_down: usize,
    height: u64,
    conserved: bool,
    rejected: BTreeMap<String, u64>,
    recovery_seconds: f64,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    tool::run(Format::of(arguments.json), "crash_failed", judged(&arguments))
}

async fn judged(arguments: &Arguments) -> anyhow::Result<Reply> {
    let report = run(arguments).await?;
    let sound = report.lost + report.doubled + report.forks == 0
        && report.conserved
        && report.acknowledged > 0;
    tool::checked(&report, "check_failed", sound, format!("{report:#?}"))
}

/// What the paying clients share.
struct Clients {
    genesis: Hash,
    urls: RwLock<Vec<String>>,
    creditors: Vec<Payer>,
    acknowledged: Mutex<Vec<TransactionId>>,
    rejected: Mutex<BTreeMap<String, u64>>,
    stop: AtomicBool,
}

async fn run(arguments: &Arguments) -> anyhow::Result<Report> {
    let plan = Plan::small(arguments.seed);
    let mut network = Network::start(&plan)?;
    network.wait_ready(Duration::from_secs(60)).await?;
    let document = genesis(network.folder())?;
    let citizens = payers(&actors(network.folder())?, ActorRole::Citizen)?;
    ensure!(citizens.len() > arguments.clients, "fewer citizens than clients");
    let clients = Arc::new(Clients {
        genesis: document.hash(),
        urls: RwLock::new(all_urls(&network)),
        creditors: citizens.clone(),
        acknowledged: Mutex::default(),
        rejected: Mutex::default(),
        stop: AtomicBool::new(false),
    });
    let mut tasks = tokio::task::JoinSet::new();
    for (index, payer) in citizens.into_iter().take(arguments.clients).enumerate() {
        tasks.spawn(pay(Arc::clone(&clients), payer, arguments.seed + index as u64));
    }
    let (kills, both_down) = torment(arguments, &mut network).await?;
    let calmed = Instant::now();
    network.wait_ready(Duration::from_secs(120)).await?;
    let before = clients.acknowledged.lock().expect("nobody panics holding it").len();
    wait_for_more(&clients, before).await?;
    let recovery_seconds = calmed.elapsed().as_secs_f64();
    clients.stop.store(true, Ordering::Release);
    while let Some(ended) = tasks.join_next().await {
        ended??;
    }
    verdict(&network, &clients, kills, both_down, recovery_seconds).await
}

fn all_urls(network: &Network) -> Vec<String> {
    (0..network.size()).map(|index| network.url(index)).collect()
}

/// Waits until the network acknowledges again.
async fn wait_for_more(clients: &Clients, before: usize) -> anyhow::Result<()> {
    let deadline = Instant::now() + Duration::from_secs(120);
    while clients.acknowledged.lock().expect("nobody panics holding it").len() <= before {
        ensure!(Instant::now() < deadline, "no transfer was committed after the last restart");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    Ok(())
}

/// Kills one validator at a time, sometimes two, and brings them back.
async fn torment(arguments: &Arguments, network: &mut Network) -> anyhow::Result<(usize, usize)> {
    let mut random = rand_chacha::ChaCha20Rng::seed_from_u64(arguments.seed);
    let until = Instant::now() + Duration::from_secs(arguments.seconds);
    let (mut kills, mut both_down) = (0, 0);
    while Instant::now() < until {
        tokio::time::sleep(Duration::from_millis(random.gen_range(200..2500))).await;
        let first = random.gen_range(0..network.size());
        let second = (first + random.gen_range(1..network.size())) % network.size();
        network.kill(first)?;
        kills += 1;
        let two = random.gen_ratio(1, 4);
        if two {
            tokio::time::sleep(Duration::from_millis(random.gen_range(0..300))).await;
            network.kill(second)?;
            kills += 1;
            both_down += 1;
        }
        tokio::time::sleep(Duration::from_millis(random.gen_range(50..1500))).await;
        network.start_node(first)?;
        if two {
            network.start_node(second)?;
        }
        let patience = if two { 60 } else { 30 };
        network.wait_ready(Duration::from_secs(patience)).await?;
    }
    Ok((kills, both_down))
}

/// One citizen: pays again and again, each transfer handed over until its receipt is seen.
async fn pay(clients: Arc<Clients>, payer: Payer, seed: u64) -> anyhow::Result<()> {
    let rest = Rest::new(Duration::from_secs(4))?;
    let mut random = rand_chacha::ChaCha20Rng::seed_from_u64(seed);
    let mut nonce = 0;
    while !clients.stop.load(Ordering::Acquire) {
        let creditor = loop {
            let drawn = &clients.creditors[random.gen_range(0..clients.creditors.len())];
            if drawn.account != payer.account {
                break drawn.account;
            }
        };
        let amount = random.gen_range(1..50);
        let transaction = transfer(&clients.genesis, &payer, nonce, creditor, amount);
        settle(&clients, &rest, &transaction, &mut random).await?;
        nonce += 1;
    }
    Ok(())
}

async fn settle(
    clients: &Clients,
    rest: &Rest,
    transaction: &Signed,
    random: &mut rand_chacha::ChaCha20Rng,
) -> anyhow::Result<()> {
    let deadline = Instant::now() + Duration::from_secs(180);
    loop {
        let url = {
            let urls = clients.urls.read().expect("nobody panics holding it");
            urls[random.gen_range(0..urls.len())].clone()
        };
        let wait = Duration::from_secs(2);
        if let Ok((200, body)) = rest.submit(&url, transaction.bytes.clone(), wait).await {
            let code = body["receipt"]["code"].to_string();
            if body["receipt"]["outcome"] == "committed" {
                clients.acknowledged.lock().expect("nobody panics holding it").push(transaction.id);
            } else {
                *clients.rejected.lock().expect("nobody panics").entry(code).or_default() += 1;
            }
            return Ok(());
        }
        ensure!(Instant::now() < deadline, "{} has no receipt after 180 s", transaction.id);
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

async fn verdict(
    network: &Network,
    clients: &Clients,
    kills: usize,
    both_down: usize,
    recovery_seconds: f64,
) -> anyhow::Result<Report> {
    let rest = Rest::new(Duration::from_secs(20))?;
    let urls = all_urls(network);
    let acknowledged = clients.acknowledged.lock().expect("nobody panics holding it").clone();
    let found = audit(&rest, &urls, &acknowledged).await?;
    let mut conserved = true;
    for url in &urls {
        let (status, supply) = rest.get(url, node_api::path::SUPPLY).await?;
        conserved &= status == 200 && supply["conserved"] == true;
    }
    Ok(Report {
        acknowledged: acknowledged.len(),
        lost: found.lost,
        doubled: found.doubled,
        forks: found.forks,
        kills,
        both_down,
        height: rest.height(&urls[0]).await?,
        conserved,
        rejected: clients.rejected.lock().expect("nobody panics holding it").clone(),
        recovery_seconds,
    })
}
