//! `kyojo-bench --growth`: a year of a city at 1:100 on one validator, and what is left of it in
//! memory and on disk.
//!
//! The network's time is a lab's, and nothing waits: transactions are signed, taken in, proposed,
//! applied and stored one block after the other, without a network.

mod city;
mod days;
mod node;
mod terms;
mod weigh;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::time::Instant;

use anyhow::Context as _;
use bytes::Bytes;
use kyojo_tests::measure::resident_bytes;
use ledger::{State, StoredRecord};
use ledger_types::allowance::Allowances;
use ledger_types::genesis::Retention;
use ledger_types::{Hash, Nonce, Operation, Record, Timestamp, Unsigned, codec};
use serde::Serialize;
use tokio::runtime::Handle;

use self::city::{City, Who};
use self::days::{Act, BLOCKS_A_DAY, Days, HOUR_MS, Habits};
use self::node::Node;

pub(crate) use self::weigh::weighed;

/// Residents at 1:100 of 113,000.
const RESIDENTS: usize = 1_130;
const DAYS: u64 = 365;
/// Operations of one party or bank in one transaction.
const OPERATIONS: usize = 16;

/// What a run is of.
#[derive(Clone, Debug)]
struct Plan {
    residents: usize,
    days: u64,
    /// Days after them on which nobody begins anything, and all that was begun is ended.
    quiet_days: u64,
    habits: Habits,
    retention: Retention,
    seed: u64,
}

/// What is in the state at an instant.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
struct Held {
    /// How many records of each kind.
    records: BTreeMap<&'static str, u64>,
    /// Their canonical bytes, keys included.
    bytes: BTreeMap<&'static str, u64>,
}

/// What was measured.
#[derive(Debug, Serialize)]
pub(crate) struct Report {
    ram_bytes_per_account_first_day: u64,
    ram_bytes_per_account_after_year: u64,
    ram_ratio: f64,
    disk_bytes_per_account_after_year: u64,
    residents: usize,
    days: u64,
    state_ram_bytes_first_day: u64,
    state_ram_bytes_after_year: u64,
    process_ram_bytes_first_day: u64,
    process_ram_bytes_after_year: u64,
    disk_bytes_after_year: u64,
    blocks: u64,
    transactions: u64,
    rejected: BTreeMap<u16, u64>,
    first_day: Held,
    after_year: Held,
    retention: Retention,
    allowances: Allowances,
    seconds: u64,
}

/// Runs the year and measures at its ends.
pub(crate) async fn measure(seed: u64) -> anyhow::Result<Report> {
    let plan = Plan {
        residents: RESIDENTS,
        days: DAYS,
        quiet_days: 0,
        habits: Habits::CITY,
        retention: Retention::USUAL,
        seed,
    };
    let runtime = Handle::current();
    tokio::task::spawn_blocking(move || run(&plan, runtime)).await?
}

fn run(plan: &Plan, runtime: Handle) -> anyhow::Result<Report> {
    let began = Instant::now();
    let folder = tempfile::tempdir()?;
    let city = City::new(plan.residents, plan.retention.clone())?;
    let genesis = &city.genesis;
    let store = folder.path().join("node");
    let mut node = Node::begin(&store, genesis, &city.validators, runtime)?;
    let weigh = |node: &Node| {
        let place = tempfile::tempdir_in(folder.path())?;
        node.read(|state| weigh::weigh(state, genesis, place.path()))
    };
    let process = || resident_bytes(std::process::id());
    let mut ends = Vec::new();
    live(plan, &city, &mut node, |day, node| {
        if day == 0 || day + 1 == plan.days {
            ends.push((weigh(node)?, process()?, node.read(held)));
        }
        if day % 30 == 0 {
            let seconds = began.elapsed().as_secs();
            eprintln!("day {day}: {} transactions, {seconds} s", node.totals.transactions);
        }
        Ok(())
    })?;
    let last = ends.pop().context("the run has no last day")?;
    let first = ends.pop().unwrap_or_else(|| last.clone());
    let totals = node.totals.clone();
    let disk = node.close()?;
    let accounts = plan.residents.max(1) as u64;
    Ok(Report {
        ram_bytes_per_account_first_day: first.0 / accounts,
        ram_bytes_per_account_after_year: last.0 / accounts,
        ram_ratio: ratio(last.0, first.0),
        disk_bytes_per_account_after_year: disk / accounts,
        residents: plan.residents,
        days: plan.days,
        state_ram_bytes_first_day: first.0,
        state_ram_bytes_after_year: last.0,
        process_ram_bytes_first_day: first.1,
        process_ram_bytes_after_year: last.1,
        disk_bytes_after_year: disk,
        blocks: totals.blocks,
        transactions: totals.transactions,
        rejected: totals.rejected,
        first_day: first.2,
        after_year: last.2,
        retention: plan.retention.clone(),
        allowances: genesis.parameters.allowances,
        seconds: began.elapsed().as_secs(),
    })
}

/// Lives the plan's days, and tells `evening` at the end of each.
fn live(
    plan: &Plan,
    city: &City,
    node: &mut Node,
    mut evening: impl FnMut(u64, &Node) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let mut days = Days::new(city, plan.habits, plan.days, plan.seed)?;
    let mut nonces = BTreeMap::new();
    for day in 0..plan.days + plan.quiet_days {
        if day < plan.days {
            days.plan(day)?;
        }
        for block in day * BLOCKS_A_DAY + 1..=(day + 1) * BLOCKS_A_DAY {
            node.pass(HOUR_MS);
            let signing = Signing { city, genesis: city.genesis.hash(), now: node.now() };
            node.block(signing.all(days.take(block), &mut nonces)?)?;
        }
        evening(day, node)?;
    }
    Ok(())
}

/// What transactions of a block are signed for.
struct Signing<'c> {
    city: &'c City,
    genesis: Hash,
    now: Timestamp,
}

impl Signing<'_> {
    /// One transaction of everybody's operations, of many operations some.
    fn all(&self, acts: Vec<Act>, nonces: &mut BTreeMap<Who, u64>) -> anyhow::Result<Vec<Bytes>> {
        let mut of_each: BTreeMap<(Who, Option<Who>), Vec<Operation>> = BTreeMap::new();
        for Act { who, cosigner, operation } in acts {
            of_each.entry((who, cosigner)).or_default().push(operation);
        }
        let mut transactions = Vec::new();
        for ((who, cosigner), operations) in of_each {
            for some in operations.chunks(OPERATIONS) {
                let nonce = nonces.entry(who).or_default();
                transactions.push(self.one(who, cosigner, *nonce, some.to_vec())?);
                *nonce += 1;
            }
        }
        Ok(transactions)
    }

    fn one(
        &self,
        who: Who,
        cosigner: Option<Who>,
        nonce: u64,
        operations: Vec<Operation>,
    ) -> anyhow::Result<Bytes> {
        let signer = self.city.signer(who)?;
        let mut keys = vec![&signer.key];
        if let Some(cosigner) = cosigner {
            keys.push(&self.city.signer(cosigner)?.key);
        }
        let unsigned = Unsigned {
            network: self.genesis.network(),
            account: signer.account,
            nonce: Nonce::new(nonce),
            valid_until: Timestamp::from_millis(self.now.as_millis() + HOUR_MS),
            purpose: 0,
            operations,
        };
        Ok(Bytes::from(codec::encode(&unsigned.sign(&self.genesis, &keys))))
    }
}

/// What a state holds of each kind.
fn held(state: &State) -> Held {
    let mut held = Held::default();
    for StoredRecord { key, value, .. } in state.records() {
        let number = key.first().copied().unwrap_or_default();
        let kind = Record::KINDS.iter().find(|(kind, _, _)| *kind == number);
        let name = kind.map_or("unknown", |(_, name, _)| name);
        *held.records.entry(name).or_default() += 1;
        *held.bytes.entry(name).or_default() += (key.len() + value.len()) as u64;
    }
    held
}

#[expect(clippy::cast_precision_loss, reason = "figures for people, far below 2^53")]
fn ratio(after: u64, before: u64) -> f64 {
    (after as f64 / before.max(1) as f64 * 1_000.0).round() / 1_000.0
}

/// A report for people.
pub(crate) fn text(report: &Report) -> String {
    let mut text = String::new();
    let mut line = |what: &str, value: String| {
        let break_before = if text.is_empty() { "" } else { "\n" };
        let _ = write!(text, "{break_before}{what:<28}{value:>14}");
    };
    line("residents", report.residents.to_string());
    line("days", report.days.to_string());
    line("transactions", report.transactions.to_string());
    line("blocks", report.blocks.to_string());
    line("memory, first day", format!("{} B an account", report.ram_bytes_per_account_first_day));
    line("memory, last day", format!("{} B an account", report.ram_bytes_per_account_after_year));
    line("  ratio", report.ram_ratio.to_string());
    line("disk, last day", format!("{} B an account", report.disk_bytes_per_account_after_year));
    line("took", format!("{} s", report.seconds));
    for (kind, after) in &report.after_year.records {
        let before = report.first_day.records.get(kind).copied().unwrap_or_default();
        line(&format!("  {kind}"), format!("{before} → {after}"));
    }
    text
}

#[cfg(test)]
mod tests {
    use ledger_types::access::Pairing;
    use ledger_types::record::{Access, Kind as _};
    use tempfile::TempDir;

    use super::*;

    const DAY_MS: u64 = BLOCKS_A_DAY * HOUR_MS;

    /// A small city in which much happens, and where everything that ends is kept for three days.
    fn busy() -> Plan {
        Plan {
            residents: 60,
            days: 12,
            quiet_days: 8,
            habits: Habits {
                redeems: 20_000,
                withdrawals: 5_000,
                requests: 20_000,
                reads: 20_000,
                glasses: 5_000,
                one_unmatched_in: 4,
            },
            retention: Retention::SHORTEST,
            seed: 1,
        }
    }

    /// How many accesses have both halves, and how many do not.
    fn accesses(state: &State) -> (usize, usize) {
        let records = state.records().map(|stored| borsh::from_slice(&stored.value));
        let records: Vec<Record> = records.collect::<Result<_, _>>().expect("records");
        let accesses = records.iter().filter_map(Access::of);
        let accesses = accesses.map(|access| access.pairing() == Pairing::Matched);
        let pairings: Vec<bool> = accesses.collect();
        let matched = pairings.iter().filter(|matched| **matched).count();
        (matched, pairings.len() - matched)
    }

    /// Lives the plan; gives what each evening found, and the node.
    fn lived(plan: &Plan, folder: &TempDir, runtime: Handle) -> (Vec<Held>, Node) {
        let folder = folder.path();
        let city = City::new(plan.residents, plan.retention.clone()).expect("a city");
        let (genesis, validators) = (&city.genesis, &city.validators);
        let mut node = Node::begin(folder, genesis, validators, runtime).expect("a node");
        let mut evenings = Vec::new();
        let evening = |_, node: &Node| {
            evenings.push(node.read(held));
            Ok(())
        };
        live(plan, &city, &mut node, evening).expect("nothing fails");
        (evenings, node)
    }

    fn check(runtime: Handle) {
        let plan = busy();
        let folder = tempfile::tempdir().expect("a folder");
        let (evenings, mut node) = lived(&plan, &folder, runtime);
        assert_eq!(node.totals.rejected, BTreeMap::new(), "nothing that is planned is refused");
        let of = |held: &Held, kind: &str| held.records.get(kind).copied().unwrap_or_default();
        let (first, busiest, last) = (&evenings[0], &evenings[11], &evenings[19]);
        for stays in ["Account", "Subject", "ZoneAccount"] {
            assert_eq!(of(first, stays), of(last, stays), "{stays}");
        }
        for ends in ["Redeem", "SubjectRequest", "Glass", "LogRead"] {
            assert!(of(busiest, ends) > 0, "{ends}");
            // Of what lapses the last is kept until its seven days are over.
            assert!(of(last, ends) * 4 < of(busiest, ends), "{ends}: {:?}", last.records);
        }
        // Whatever is kept of redeem requests is of some days, however long this goes on.
        assert!(evenings[6..12].iter().all(|held| of(held, "Redeem") < 60), "{evenings:?}");
        let (matched, unmatched) = node.read(accesses);
        assert!(matched == 0 && unmatched > 0, "{matched} and {unmatched}");
        let some = evenings.iter().any(|held| of(held, "Access") > of(last, "Access"));
        assert!(some, "both halves came: {evenings:?}");
        node.pass(10 * 366 * DAY_MS);
        node.block(Vec::new()).expect("an empty block");
        assert_eq!(node.read(accesses), (0, unmatched), "years later");
        assert!(node.close().expect("it closes") > 0);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn what_ends_leaves_the_state_of_a_city_and_what_waits_stays() {
        let runtime = Handle::current();
        tokio::task::spawn_blocking(move || check(runtime)).await.expect("it holds");
    }
}
