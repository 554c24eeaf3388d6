//! The gauges that no event moves: peers, the pool, banks' positions, the disk, the certificate.

use std::collections::BTreeMap;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use ledger::State;
use ledger_types::BankId;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::{Registry, Unit};
use tokio::sync::watch;

use super::Metrics;
use crate::api::Tls;
use crate::gossip::Peers;
use crate::mempool::Mempool;
use crate::query::Query;

/// How often they are set.
const SET_EVERY: Duration = Duration::from_secs(1);
/// The disk is looked at once in so many times: its files are counted one by one.
const DISK_EVERY: u64 = 30;
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
    used: Gauge,
    free: Gauge,
    certificate_ends: Gauge,
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
        let help = "Room that the node's files take";
        registry.register_with_unit("disk_used", help, Unit::Bytes, gauges.used.clone());
        let help = "Room that is left on the disk for the node";
        registry.register_with_unit("disk_free", help, Unit::Bytes, gauges.free.clone());
        let help = "When the certificate of TLS ends, since the epoch; 0 without TLS";
        let ends = gauges.certificate_ends.clone();
        registry.register_with_unit("certificate_end_time", help, Unit::Seconds, ends);
        gauges
    }

    fn set_banks(&self, state: &State) {
        let yen = |amount: ledger_types::Yen| i64::try_from(amount.get()).unwrap_or(i64::MAX);
        for (bank, record) in state.banks() {
            let labels = labels(bank);
            let position = record.position.get();
            self.position.get_or_create(&labels).set(position.try_into().unwrap_or(i64::MIN));
            self.net_debit_cap.get_or_create(&labels).set(yen(record.net_debit_cap));
            self.outstanding.get_or_create(&labels).set(yen(record.liability));
            self.allowance.get_or_create(&labels).set(yen(record.issue_allowance));
        }
    }

    fn set_disk(&self, home: &Path) {
        let bytes = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
        self.used.set(bytes(used(home)));
        if let Some(free) = free(home) {
            self.free.set(bytes(free));
        }
    }
}

const fn labels(bank: BankId) -> BankLabels {
    BankLabels { bank: bank.get() }
}

/// What the gauges are set from.
pub(crate) struct Sources {
    pub(crate) home: PathBuf,
    pub(crate) peers: Arc<Peers>,
    pub(crate) mempool: Arc<Mempool>,
    pub(crate) query: Arc<Query>,
    pub(crate) tls: Option<Tls>,
}

/// Keeps the gauges until the node stops.
pub(crate) async fn watch(metrics: Metrics, from: Sources, mut stopped: watch::Receiver<bool>) {
    let mut ticks = tokio::time::interval(SET_EVERY);
    for tick in 0_u64.. {
        tokio::select! {
            _ = ticks.tick() => {}
            _ = stopped.wait_for(|stop| *stop) => return,
        }
        let gauge = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
        metrics.peers.set(gauge(from.peers.connected()));
        metrics.mempool.set(gauge(from.mempool.len()));
        metrics.gauges.set_banks(&from.query.state());
        let ends = from.tls.as_ref().map_or(0, Tls::ends);
        metrics.gauges.certificate_ends.set(ends);
        if tick % DISK_EVERY == 0 {
            let (gauges, home) = (metrics.gauges.clone(), from.home.clone());
            // It ends by itself; a look that fails leaves what the last one said.
            drop(tokio::task::spawn_blocking(move || gauges.set_disk(&home)));
        }
    }
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
    use super::*;

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
