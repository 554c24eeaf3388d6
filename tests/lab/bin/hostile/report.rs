//! What came of it, held against the history and against the bounds.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use kyojo_tests::measure::{Machine, millis, quantile};
use kyojo_tests::rest::{Audit, Rest, audit};
use ledger_types::allowance::Allowances;
use ledger_types::{Outcome, TransactionId};
use node_api::path;
use serde::Serialize;

use crate::foe::Deeds;
use crate::payments::Made;
use crate::stage::Stage;
use crate::watch::Memory;

/// What must hold.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bounds {
    /// How many times as long payments may take.
    pub(crate) p99_ratio_max: f64,
    /// By how many bytes a validator's memory may grow.
    pub(crate) rss_growth_max: u64,
}

/// What was seen of the run.
pub(crate) struct Seen {
    /// Payments count from here on.
    pub(crate) begin: Instant,
    /// The attack began.
    pub(crate) attacked: Instant,
    /// At this height.
    pub(crate) attacked_height: u64,
    pub(crate) payments: Vec<Made>,
    pub(crate) withdrawals: Vec<Made>,
    pub(crate) memory: Vec<Memory>,
    pub(crate) deeds: BTreeMap<&'static str, Deeds>,
}

/// See the module.
#[derive(Debug, Serialize)]
pub(crate) struct Report {
    payments: usize,
    payments_lost: usize,
    payments_rejected: usize,
    withdrawals: usize,
    withdrawals_lost: usize,
    p50_before_ms: f64,
    p99_before_ms: f64,
    p50_ms: f64,
    p99_ms: f64,
    withdrawals_p99_ms: f64,
    p99_ratio: f64,
    rss_growth_bytes: u64,
    rss: Vec<Memory>,
    /// Refusals by code: of nodes at their doors, and of the ledger in receipts.
    refused: BTreeMap<u16, u64>,
    hostile_requests: u64,
    hostile_transactions: u64,
    hostile_committed: usize,
    hostile: BTreeMap<&'static str, Deeds>,
    /// What was forbidden and came to pass.
    breaches: Vec<String>,
    doubled: usize,
    forks: usize,
    conserved: bool,
    height: u64,
    allowances_times: u32,
    allowances: Allowances,
    payers: usize,
    #[serde(flatten)]
    machine: Machine,
    /// The bounds that were not kept.
    pub(crate) failed: Vec<&'static str>,
}

/// How the history of a node ends what somebody sent.
#[derive(Debug, Default)]
struct History {
    /// With their heights.
    committed: BTreeMap<TransactionId, u64>,
    /// With the rules that they broke.
    rejected: BTreeMap<TransactionId, u16>,
    height: u64,
}

impl History {
    async fn read(rest: &Rest, url: &str) -> anyhow::Result<Self> {
        let height = rest.height(url).await?;
        let mut history = Self { height, ..Self::default() };
        for receipt in rest.all_receipts(url, height).await? {
            match receipt.outcome {
                Outcome::Committed => {
                    history.committed.insert(receipt.transaction, receipt.height.get());
                }
                Outcome::Rejected { code, .. } => {
                    history.rejected.insert(receipt.transaction, code.get());
                }
            }
        }
        Ok(history)
    }

    fn lost(&self, made: &[Made]) -> usize {
        made.iter().filter(|one| !self.committed.contains_key(&one.id)).count()
    }
}

impl Report {
    /// Reads every node's history.
    pub(crate) async fn of(stage: &Stage, seen: &Seen, bounds: &Bounds) -> anyhow::Result<Self> {
        let rest = Rest::new(Duration::from_secs(30))?;
        let made = seen.payments.iter().chain(&seen.withdrawals);
        let acknowledged: Vec<TransactionId> =
            made.filter(|one| one.is_committed).map(|one| one.id).collect();
        let audit = audit(&rest, &stage.urls, &acknowledged).await?;
        let history = History::read(&rest, &stage.urls[0]).await?;
        let conserved = conserved(&rest, &stage.urls).await?;
        let mut report = Self::measured(stage, seen, &history, audit);
        report.conserved = conserved;
        report.failed = report.failures(bounds);
        Ok(report)
    }

    fn measured(stage: &Stage, seen: &Seen, history: &History, audit: Audit) -> Self {
        let before =
            took(&seen.payments, |made| made.due >= seen.begin && made.due < seen.attacked);
        let under = took(&seen.payments, |made| made.due >= seen.attacked);
        let withdrawals = took(&seen.withdrawals, |_| true);
        let [p99_before, p99] = [&before, &under].map(|all| quantile(all, 990));
        let honest: BTreeSet<TransactionId> =
            seen.payments.iter().chain(&seen.withdrawals).map(|one| one.id).collect();
        let (lost, rejected) = (history.lost(&seen.payments), &history.rejected);
        let of_payments = |one: &&Made| rejected.contains_key(&one.id);
        let allowances = stage.document.parameters.allowances;
        let sum = |count: fn(&Deeds) -> u64| seen.deeds.values().map(count).sum();
        Self {
            payments: seen.payments.len(),
            payments_lost: lost.max(audit.lost),
            payments_rejected: seen.payments.iter().filter(of_payments).count(),
            withdrawals: seen.withdrawals.len(),
            withdrawals_lost: history.lost(&seen.withdrawals),
            p50_before_ms: millis(quantile(&before, 500)),
            p99_before_ms: millis(p99_before),
            p50_ms: millis(quantile(&under, 500)),
            p99_ms: millis(p99),
            withdrawals_p99_ms: millis(quantile(&withdrawals, 990)),
            p99_ratio: ratio(p99, p99_before),
            rss_growth_bytes: seen.memory.iter().map(Memory::growth).max().unwrap_or(u64::MAX),
            rss: seen.memory.clone(),
            refused: refused(seen, history, &honest),
            hostile_requests: sum(|deeds| deeds.requests),
            hostile_transactions: sum(|deeds| deeds.transactions),
            hostile_committed: hostile_committed(seen, history, &honest),
            hostile: seen.deeds.clone(),
            breaches: breaches(seen, history),
            doubled: audit.doubled,
            forks: audit.forks,
            conserved: false,
            height: history.height,
            allowances_times: allowances.citizen.burst / Allowances::INITIAL.citizen.burst,
            allowances,
            payers: stage.honest.len(),
            machine: Machine::this(),
            failed: Vec::new(),
        }
    }

    fn failures(&self, bounds: &Bounds) -> Vec<&'static str> {
        let checks = [
            ("payments_lost", self.payments_lost == 0 && self.payments > 0),
            ("withdrawals_lost", self.withdrawals_lost == 0),
            ("p99_ratio", self.p99_ratio <= bounds.p99_ratio_max),
            ("rss_growth_bytes", self.rss_growth_bytes <= bounds.rss_growth_max),
            ("refused", !self.refused.is_empty()),
            ("breaches", self.breaches.is_empty()),
            ("doubled", self.doubled == 0),
            ("forks", self.forks == 0),
            ("conserved", self.conserved),
        ];
        checks.into_iter().filter(|(_, holds)| !holds).map(|(name, _)| name).collect()
    }

    /// For people.
    pub(crate) fn text(&self) -> String {
        let deeds = |(name, deeds): (&&str, &Deeds)| {
            format!(
                "  {name}: {} requests, {} transactions, {} taken, {} refused, {} cut off",
                deeds.requests,
                deeds.transactions,
                deeds.taken,
                deeds.refused.values().sum::<u64>(),
                deeds.cut_off
            )
        };
        let mut lines = vec![
            format!("{} payments, {} lost", self.payments, self.payments_lost),
            format!("{} withdrawals, {} lost", self.withdrawals, self.withdrawals_lost),
            format!(
                "p99 {} ms, {} ms under attack: {} times",
                self.p99_before_ms, self.p99_ms, self.p99_ratio
            ),
            format!("memory grew by {} MiB at most", self.rss_growth_bytes >> 20),
            format!("refused by code: {:?}", self.refused),
            format!("breaches: {:?}", self.breaches),
            format!("bounds not kept: {:?}", self.failed),
        ];
        lines.extend(self.hostile.iter().map(deeds));
        lines.join("\n")
    }
}

fn took(made: &[Made], counts: impl Fn(&Made) -> bool) -> Vec<Duration> {
    let mut all: Vec<Duration> =
        made.iter().filter(|one| counts(one)).filter_map(|one| one.took).collect();
    all.sort_unstable();
    all
}

/// With two decimals.
fn ratio(one: Duration, other: Duration) -> f64 {
    (one.as_secs_f64() / other.as_secs_f64().max(0.001) * 100.0).round() / 100.0
}

/// What nodes refused at their doors, and what the ledger rejected.
fn refused(seen: &Seen, history: &History, honest: &BTreeSet<TransactionId>) -> BTreeMap<u16, u64> {
    let mut all = BTreeMap::new();
    for (code, count) in seen.deeds.values().flat_map(|deeds| &deeds.refused) {
        *all.entry(*code).or_default() += count;
    }
    for (_, code) in history.rejected.iter().filter(|(id, _)| !honest.contains(id)) {
        *all.entry(*code).or_default() += 1;
    }
    all
}

/// How much of what attackers sent came to pass, as their allowances let it.
fn hostile_committed(seen: &Seen, history: &History, honest: &BTreeSet<TransactionId>) -> usize {
    let since = history.committed.iter().filter(|(_, height)| **height > seen.attacked_height);
    since.filter(|(id, _)| !honest.contains(id)).count()
}

fn breaches(seen: &Seen, history: &History) -> Vec<String> {
    let of = |(name, deeds): (&&str, &Deeds)| {
        let committed = deeds.forbidden.iter().filter(|id| history.committed.contains_key(id));
        let told = committed.map(|id| format!("{name}: {id} is committed"));
        told.chain(deeds.breaches.iter().cloned()).collect::<Vec<_>>()
    };
    seen.deeds.iter().flat_map(of).collect()
}

async fn conserved(rest: &Rest, urls: &[String]) -> anyhow::Result<bool> {
    let mut all = true;
    for url in urls {
        let (status, supply) = rest.get(url, path::SUPPLY).await?;
        all &= status == 200 && supply["conserved"] == true;
    }
    Ok(all)
}
