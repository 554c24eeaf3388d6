//! `kyojo-bench --consent`: what a region's consents take in time, memory, disk and proof.
//!
//! Every consent is given by a subject of its own (a pseudonym that only its controller knows), so
//! each grant carries two signatures and brings a subject's record with it: the dearest case.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use kyojo_genesis::actors::ActorRole;
use kyojo_tests::account::{actors, genesis, payer};
use kyojo_tests::consent::{Actor, Population};
use kyojo_tests::engine::{Pace, drive};
use kyojo_tests::load::now;
use kyojo_tests::measure::{disk_bytes, millis, quantile, resident_bytes};
use kyojo_tests::network::{Network, Plan};
use kyojo_tests::rest::Rest;
use ledger_proof::bundle::{Bundle, TrustRoot, verify};
use ledger_types::Genesis;
use node_api::body::Decision;
use node_api::query::Right;
use node_client::{Client, Options, Reader};
use rand::{Rng as _, SeedableRng as _};
use serde::Serialize;

/// Grants signed at a time, so that not all of them lie in memory.
const CHUNK: usize = 100_000;
/// Nobody waits longer than this for one chunk.
const CHUNK_WITHIN: Duration = Duration::from_secs(600);
/// Askers of decisions, one after the other each, spread over the nodes.
const ASKERS: usize = 4;
/// Transactions of one party under way, within its window of nonces.
const ACCESSES_UNDER_WAY: usize = 100;
/// More accesses than are committed in a second.
const ACCESSES_PER_SECOND_MAX: u64 = 12_000;
/// How long the disk may take to be quiet, and how much it may still grow in three seconds then.
const AT_REST_WITHIN: Duration = Duration::from_secs(60);
const QUIET_BYTES: u64 = 1024 * 1024;
/// How often a proof is verified.
const VERIFICATIONS: usize = 51;

/// What was measured.
#[derive(Debug, Serialize)]
pub(crate) struct Report {
    consents: usize,
    validators: usize,
    grants_per_second: f64,
    grant_finality_p50_ms: f64,
    grant_finality_p99_ms: f64,
    decisions: usize,
    decisions_per_second: f64,
    decisions_p50_ms: f64,
    decisions_p99_ms: f64,
    accesses: usize,
    accesses_per_second: f64,
    bytes_per_consent: f64,
    memory_bytes_per_consent: f64,
    memory_bytes_per_validator: u64,
    proof_bytes: usize,
    verify_ms: f64,
    load_seconds: f64,
}

/// How much is measured.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Size {
    /// Consents to load.
    pub consents: usize,
    /// For how long decisions are asked, and again for how long accesses are offered.
    pub seconds: u64,
    /// How many validators.
    pub validators: usize,
    /// Seed of keys and load.
    pub seed: u64,
}

/// Loads the consents into a network of its own and measures.
pub(crate) async fn measure(size: Size) -> anyhow::Result<Report> {
    ensure!(size.consents >= 1000, "--consents is at least 1000");
    let network = Network::start(&Plan {
        validators: size.validators,
        seed: size.seed,
        genesis_arguments: ["--citizens", "10", "--merchants", "2"].map(str::to_owned).to_vec(),
        ..Plan::default()
    })?;
    network.wait_ready(Duration::from_secs(60)).await?;
    let document = genesis(network.folder())?;
    let population = population(&network, &document, size.seed)?;
    let rest = Rest::new(Duration::from_secs(10))?;
    let notice = population.notice();
    let published = rest.settle(&network.url(0), &notice, Duration::from_secs(20)).await?;
    ensure!(published["receipt"]["outcome"] == "committed", "the notice: {published}");

    let before = Usage::of(&network);
    let loaded = load(&network, &population, size.consents).await?;
    let after = Usage::at_rest(&network).await;
    eprintln!("asking for decisions for {} s …", size.seconds);
    let asked = decisions(&network, &population, size).await?;
    eprintln!("committing accesses for {} s …", size.seconds);
    let (accesses, accesses_per_second) = accesses(&network, &population, size).await?;
    let (proof_bytes, verified) = proof(&network, &population, &document).await?;
    let each = |before: u64, after: u64| {
        tenth(after.saturating_sub(before), size.consents * size.validators)
    };
    Ok(Report {
        consents: size.consents,
        validators: size.validators,
        grants_per_second: rate(size.consents, loaded.driven),
        grant_finality_p50_ms: millis(quantile(&loaded.finality, 500)),
        grant_finality_p99_ms: millis(quantile(&loaded.finality, 990)),
        decisions: asked.len(),
        decisions_per_second: rate(asked.len(), Duration::from_secs(size.seconds)),
        decisions_p50_ms: millis(quantile(&asked, 500)),
        decisions_p99_ms: millis(quantile(&asked, 990)),
        accesses,
        accesses_per_second,
        bytes_per_consent: each(before.disk, after.disk),
        memory_bytes_per_consent: each(before.memory, after.memory),
        memory_bytes_per_validator: after.memory / size.validators.max(1) as u64,
        proof_bytes,
        verify_ms: millis(verified),
        load_seconds: loaded.elapsed.as_secs_f64().round(),
    })
}

/// A report for people.
pub(crate) fn text(report: &Report) -> String {
    let mut text = String::new();
    let mut line = |what: &str, value: String| {
        let break_before = if text.is_empty() { "" } else { "\n" };
        let _ = write!(text, "{break_before}{what:<21}{value:>14}");
    };
    line("consents", report.consents.to_string());
    line("granted", format!("{:.0}/s", report.grants_per_second));
    line("  finality p50, p99", pair(report.grant_finality_p50_ms, report.grant_finality_p99_ms));
    line("decisions", format!("{:.0}/s", report.decisions_per_second));
    line("  p50, p99", pair(report.decisions_p50_ms, report.decisions_p99_ms));
    line("accesses committed", format!("{:.0}/s", report.accesses_per_second));
    line("disk", format!("{} bytes a consent a validator", report.bytes_per_consent));
    line("memory", format!("{} bytes a consent a validator", report.memory_bytes_per_consent));
    line(
        "proof of a consent",
        format!("{} bytes, verified in {} ms", report.proof_bytes, report.verify_ms),
    );
    text
}

fn pair(low: f64, high: f64) -> String {
    format!("{low} ms, {high} ms")
}

fn population(network: &Network, document: &Genesis, seed: u64) -> anyhow::Result<Population> {
    let mut parties = parties(network)?.into_iter();
    let controller = parties.next().context("the town has no consent party")?;
    Ok(Population { genesis: document.hash(), controller, seed })
}

/// The parties that use data, the controller first.
fn parties(network: &Network) -> anyhow::Result<Vec<Actor>> {
    let actors = actors(network.folder())?;
    let named = actors.actors.iter().filter(|actor| actor.role == ActorRole::Party);
    // The auditor and the counter use no data.
    let users =
        named.filter(|actor| !actor.name.contains("audit") && !actor.name.contains("count"));
    let one = |actor: &kyojo_genesis::actors::Actor| {
        let party = actor.party.context("a party has no number")?;
        Ok(Actor { party, payer: payer(actor)? })
    };
    users.map(one).collect()
}

/// Disk and memory of all validators.
struct Usage {
    disk: u64,
    memory: u64,
}

impl Usage {
    /// Once the disk is quiet: indices and checkpoints are written behind the blocks.
    async fn at_rest(network: &Network) -> Self {
        let until = Instant::now() + AT_REST_WITHIN;
        let mut usage = Self::of(network);
        loop {
            tokio::time::sleep(Duration::from_secs(3)).await;
            let later = Self::of(network);
            // Empty blocks go on being written.
            let quiet = later.disk.abs_diff(usage.disk) < QUIET_BYTES;
            usage = later;
            if quiet || Instant::now() >= until {
                return usage;
            }
        }
    }

    fn of(network: &Network) -> Self {
        let all = network.running();
        let resident = |index: &usize| resident_bytes(network.pid(*index)?).ok();
        Self {
            disk: all.iter().map(|index| disk_bytes(&network.home(*index))).sum(),
            memory: all.iter().filter_map(resident).sum(),
        }
    }
}

/// What loading the consents took.
struct Loaded {
    finality: Vec<Duration>,
    driven: Duration,
    elapsed: Duration,
}

async fn load(
    network: &Network,
    population: &Population,
    consents: usize,
) -> anyhow::Result<Loaded> {
    let urls: Vec<String> = network.running().into_iter().map(|index| network.url(index)).collect();
    let pace = Pace { in_flight_max: 12_000, bundle: 512, again_after: None };
    let begun = Instant::now();
    let mut loaded = Loaded { finality: vec![], driven: Duration::ZERO, elapsed: Duration::ZERO };
    let mut next = 0;
    while next < consents {
        let end = (next + CHUNK).min(consents);
        eprintln!("granting consents {next} to {end} …");
        let grants = population.grants(next as u64..end as u64);
        let tally = drive(&urls, grants, None, CHUNK_WITHIN, pace).await?;
        let committed = tally.acknowledged.len();
        ensure!(
            committed == end - next,
            "{committed} of {} consents were given; rejected {:?}, refused {:?}",
            end - next,
            tally.rejected,
            tally.refused
        );
        loaded.driven += tally.elapsed;
        loaded.finality.extend(tally.finality);
        next = end;
    }
    loaded.elapsed = begun.elapsed();
    loaded.finality.sort_unstable();
    Ok(loaded)
}

/// Asks for decisions about random consents, each asker one after the other.
async fn decisions(
    network: &Network,
    population: &Population,
    size: Size,
) -> anyhow::Result<Vec<Duration>> {
    let until = Instant::now() + Duration::from_secs(size.seconds);
    let mut askers = tokio::task::JoinSet::new();
    for number in 0..ASKERS {
        let url = network.url(number % size.validators);
        let (population, consents) = (population.clone(), size.consents as u64);
        askers.spawn(async move { ask(&url, &population, consents, number as u64, until).await });
    }
    let mut all = Vec::new();
    while let Some(asked) = askers.join_next().await {
        all.extend(asked??);
    }
    all.sort_unstable();
    Ok(all)
}

async fn ask(
    url: &str,
    population: &Population,
    consents: u64,
    number: u64,
    until: Instant,
) -> anyhow::Result<Vec<Duration>> {
    let client = Client::connect(&Options::new(url)).await?;
    let Actor { payer, .. } = &population.controller;
    let address = payer.account.to_address(&client.network().address_prefix);
    let reader = Reader { address, key: payer.key.clone() };
    let mut random = rand_chacha::ChaCha20Rng::seed_from_u64(number);
    let mut taken = Vec::new();
    while Instant::now() < until {
        let asked = population.check(random.gen_range(0..consents));
        let begun = Instant::now();
        let answer = client.check(&asked, &reader).await?;
        taken.push(begun.elapsed());
        let permits = answer.decision != Decision::Deny;
        ensure!(permits, "a consent in force is permitted: {answer:?}");
    }
    Ok(taken)
}

/// Commits accesses by every party that uses data, as many under way as their nonces allow.
async fn accesses(
    network: &Network,
    population: &Population,
    size: Size,
) -> anyhow::Result<(usize, f64)> {
    let parties = parties(network)?;
    let each = ACCESSES_PER_SECOND_MAX * size.seconds / parties.len() as u64;
    let mut random = rand_chacha::ChaCha20Rng::seed_from_u64(size.seed);
    let mut load = Vec::new();
    // The controller's nonce 0 published the notice.
    for nonce in 1..=each {
        for (place, party) in parties.iter().enumerate() {
            let nonce = if place == 0 { nonce } else { nonce - 1 };
            let subject = random.gen_range(0..size.consents as u64);
            load.push(population.access(party, nonce, subject));
        }
    }
    let in_flight_max = ACCESSES_UNDER_WAY * parties.len();
    let pace = Pace { in_flight_max, bundle: ACCESSES_UNDER_WAY, again_after: None };
    let duration = Duration::from_secs(size.seconds);
    // One node, so that a party's transactions come in the order of its nonces.
    let tally = drive(&[network.url(0)], load, None, duration, pace).await?;
    ensure!(tally.rejected.is_empty(), "accesses were denied: {:?}", tally.rejected);
    let committed = tally.acknowledged.len();
    Ok((committed, rate(committed, tally.elapsed)))
}

/// A consent's bundle from a node: its length, and what its verification takes (the median).
async fn proof(
    network: &Network,
    population: &Population,
    document: &Genesis,
) -> anyhow::Result<(usize, Duration)> {
    let client = Client::connect(&Options::new(network.url(0))).await?;
    let Actor { payer, .. } = &population.controller;
    let address = payer.account.to_address(&client.network().address_prefix);
    let reader = Reader { address, key: payer.key.clone() };
    let bytes = client.consent_bundle(&population.consent(0), &Right::default(), &reader).await?;
    let trust = TrustRoot::of_genesis(document, Some(now()))?;
    let mut taken = Vec::with_capacity(VERIFICATIONS);
    for _ in 0..VERIFICATIONS {
        let begun = Instant::now();
        let bundle = Bundle::from_json(&bytes)?;
        let verified = verify(&bundle, &trust)?;
        taken.push(begun.elapsed());
        ensure!(!verified.proved.is_empty(), "the bundle proves nothing");
    }
    taken.sort_unstable();
    Ok((bytes.len(), quantile(&taken, 500)))
}

#[expect(clippy::cast_precision_loss, reason = "figures for people, far below 2^53")]
fn rate(count: usize, elapsed: Duration) -> f64 {
    (count as f64 / elapsed.as_secs_f64()).round()
}

#[expect(clippy::cast_precision_loss, reason = "figures for people, far below 2^53")]
fn tenth(total: u64, count: usize) -> f64 {
    (total as f64 / count.max(1) as f64 * 10.0).round() / 10.0
}
