//! Gauges that no event moves: of banks' positions, of the disk, of the certificate.

use std::collections::BTreeMap;
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;
use std::sync::atomic::AtomicU64;

use ledger::State;
use ledger_types::record::Bank;
use ledger_types::{BankId, Yen};
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::{Registry, Unit};

/// Bytes of a block, by which the system counts a file's room whatever the disk's own are.
const STAT_BLOCK_BYTES: u64 = 512;

/// The label of what is said of a bank.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(super) struct BankLabels {
    /// Its four-digit code.
    bank: u16,
}

/// What is said of banks, the disk and the certificate.
#[derive(Clone, Debug)]
pub struct Gauges {
    position: Family<BankLabels, Gauge>,
    net_debit_cap: Family<BankLabels, Gauge>,
    outstanding: Family<BankLabels, Gauge>,
    allowance: Family<BankLabels, Gauge>,
    cap_used: Family<BankLabels, Gauge<f64, AtomicU64>>,
    cycle_age: Gauge,
    used: Gauge,
    free: Gauge,
    pub(crate) certificate_ends: Gauge,
}

impl Gauges {
    /// Gauges that are part of `registry`.
    pub(super) fn register(registry: &mut Registry) -> Self {
        let version = Info::new([("version", env!("CARGO_PKG_VERSION"))]);
        registry.register("build", "The release", version);
        let gauges = Self {
            position: Family::default(),
            net_debit_cap: Family::default(),
            outstanding: Family::default(),
            allowance: Family::default(),
            cap_used: Family::default(),
            cycle_age: Gauge::default(),
            used: Gauge::default(),
            free: Gauge::default(),
            certificate_ends: Gauge::default(),
        };
        let mut of_bank = |name: &str, help: &str, family: &Family<BankLabels, Gauge>| {
            let yen = Unit::Other("yen".to_owned());
            registry.register_with_unit(name, help, yen, family.clone());
        };
        let help = "Net position against the other banks; negative is owed by the bank";
        of_bank("bank_position", help, &gauges.position);
        let help = "The most that the bank may owe the other banks on net";
        of_bank("bank_net_debit_cap", help, &gauges.net_debit_cap);
        of_bank("bank_outstanding", "What the bank owes to holders", &gauges.outstanding);
        of_bank("bank_issue_allowance", "The most it may have outstanding", &gauges.allowance);
        let help = "What the bank owes the others, but for what vouchers paid, by what it may owe; 1 is the cap";
        registry.register("bank_cap_used_ratio", help, gauges.cap_used.clone());
        let help =
            "How long the settlement cycle has waited for banks to confirm it; 0 without one";
        let age = gauges.cycle_age.clone();
        registry.register_with_unit("settlement_cycle_age", help, Unit::Seconds, age);
        let help = "Room that the node's files take";
        registry.register_with_unit("disk_used", help, Unit::Bytes, gauges.used.clone());
        let help = "Room that is left on the disk for the node";
        registry.register_with_unit("disk_free", help, Unit::Bytes, gauges.free.clone());
        let help = "When the certificate of TLS ends, since the epoch; 0 without TLS";
        let ends = gauges.certificate_ends.clone();
        registry.register_with_unit("certificate_end_time", help, Unit::Seconds, ends);
        gauges
    }

    /// What each bank owes, may owe, and owes the others.
    pub(crate) fn set_banks(&self, state: &State) {
        let yen = |amount: Yen| i64::try_from(amount.get()).unwrap_or(i64::MAX);
        for (bank, record) in state.banks() {
            let labels = labels(bank);
            self.position.get_or_create(&labels).set(record.position.get());
            self.net_debit_cap.get_or_create(&labels).set(yen(record.net_debit_cap));
            self.outstanding.get_or_create(&labels).set(yen(record.liability));
            self.allowance.get_or_create(&labels).set(yen(record.issue_allowance));
            self.cap_used.get_or_create(&labels).set(cap_used(record));
        }
        self.cycle_age.set(cycle_age(state));
    }

    /// The room that a home takes: every file is looked at.
    pub(crate) fn set_used(&self, home: &Path) {
        self.used.set(bytes(used(home)));
    }

    /// The room that is left for a home.
    pub(crate) fn set_free(&self, home: &Path) {
        if let Some(free) = free(home) {
            self.free.set(bytes(free));
        }
    }
}

/// What a bank owes by what it may: of a cap of nothing all is used as soon as anything is owed. What
/// programmes' escrows paid counts against no cap.
fn cap_used(bank: &Bank) -> f64 {
    let (owed, cap) = (bank.counted_debit(), bank.net_debit_cap);
    if owed.is_zero() { 0.0 } else { real(owed) / real(cap).max(1.0) }
}

/// An amount as a real number, which a metric is: of the largest the last digits are lost.
#[expect(clippy::cast_precision_loss, clippy::as_conversions, reason = "a metric, and no amount")]
const fn real(amount: Yen) -> f64 {
    amount.get() as f64
}

/// How long the cycle that waits has waited, in seconds of the network's time.
fn cycle_age(state: &State) -> i64 {
    let waiting = state.cycles().last().filter(|(_, cycle)| cycle.ended.is_none());
    let since = waiting.map_or(state.time(), |(_, cycle)| cycle.closed_at);
    let millis = state.time().as_millis().saturating_sub(since.as_millis());
    i64::try_from(millis / 1000).unwrap_or(i64::MAX)
}

const fn labels(bank: BankId) -> BankLabels {
    BankLabels { bank: bank.get() }
}

fn bytes(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// The room that the files under a directory take; what goes meanwhile is not counted.
fn used(directory: &Path) -> u64 {
    let mut folders = vec![directory.to_owned()];
    let mut sizes = BTreeMap::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).into_iter().flatten().flatten() {
            let Ok(about) = entry.metadata() else { continue };
            if about.is_dir() {
                folders.push(entry.path());
            } else {
                // A file with two names takes its room once.
                sizes.insert((about.dev(), about.ino()), about.blocks() * STAT_BLOCK_BYTES);
            }
        }
    }
    sizes.values().sum()
}

/// The room that is left for a process without privileges on the disk of a directory.
fn free(directory: &Path) -> Option<u64> {
    let about = rustix::fs::statvfs(directory).ok()?;
    about.f_bavail.checked_mul(about.f_frsize)
}

#[cfg(test)]
mod tests {
    use ledger_types::Position;

    use super::*;

    #[test]
    fn a_caps_use_is_what_is_owed_by_what_may_be() {
        let used = |position, pledged, cap| {
            cap_used(&Bank {
                net_debit_cap: Yen::new(cap),
                position: Position::new(position),
                pledged: Yen::new(pledged),
                ..Bank::default()
            })
        };
        let figures = [
            used(-70, 0, 100),
            used(-150, 0, 100),
            used(70, 0, 100),
            used(0, 0, 0),
            used(-3, 0, 0),
            used(-70, 60, 100),
            used(-70, 80, 0),
        ];
        assert!(
            figures
                .iter()
                .zip([0.7, 1.5, 0.0, 0.0, 3.0, 0.1, 0.0])
                .all(|(one, other)| { (one - other).abs() < 1e-9 })
        );
    }

    #[test]
    fn a_file_with_two_names_takes_its_room_once() {
        let home = tempfile::tempdir().unwrap();
        std::fs::create_dir(home.path().join("store")).unwrap();
        let file = home.path().join("store/log");
        std::fs::write(&file, vec![1; 1 << 20]).unwrap();
        let once = used(home.path());
        assert!(once >= 1 << 20, "{once}");
        std::fs::hard_link(&file, home.path().join("again")).unwrap();
        assert_eq!(used(home.path()), once);
        assert!(free(home.path()).unwrap() > 0);
        assert_eq!(free(&home.path().join("missing")), None);
    }
}
