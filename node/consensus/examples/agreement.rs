//! Measures agreement alone: validators on loopback over a chain in RAM.
//!
//! `agreement [validators] [stopped] [payload bytes] [idle ms] [seconds]`; prints blocks a second,
//! the time from commit to commit, and CPU a block a node.

#[path = "../tests/toy/mod.rs"]
mod toy;

use std::time::{Duration, Instant};

use toy::cluster::Cluster;

fn cpu_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields: Vec<&str> =
        stat.rsplit_once(") ").map_or(Vec::new(), |(_, rest)| rest.split(' ').collect());
    let ticks = |index: usize| fields.get(index).and_then(|field| field.parse::<f64>().ok());
    (ticks(11).unwrap_or(0.0) + ticks(12).unwrap_or(0.0)) / 100.0
}

fn argument(index: usize, default: u64) -> u64 {
    std::env::args().nth(index).and_then(|text| text.parse().ok()).unwrap_or(default)
}

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() {
    let count = usize::try_from(argument(1, 4)).unwrap_or(4);
    let stopped = usize::try_from(argument(2, 0)).unwrap_or(0);
    let payload = usize::try_from(argument(3, 100)).unwrap_or(100);
    let idle = Duration::from_millis(argument(4, 0));
    let within = Duration::from_secs(60);
    let mut cluster = Cluster::start("measure", count, idle, payload);
    cluster.toys[0].reaches(10, within).await;
    for index in count - stopped..count {
        cluster.stop(index).await;
    }
    let settled = cluster.toys[0].height() + if stopped > 0 { 30 } else { 0 };
    cluster.toys[0].reaches(settled, within).await;
    let (start, height, cpu) = (Instant::now(), cluster.toys[0].height(), cpu_seconds());
    let skipped = cluster.toys[0].times().len();
    tokio::time::sleep(Duration::from_secs(argument(5, 8))).await;
    let seconds = start.elapsed().as_secs_f64();
    let used = cpu_seconds() - cpu;
    let mut times: Vec<Duration> = cluster.toys[0].times().split_off(skipped);
    let blocks = cluster.toys[0].height() - height;
    times.sort();
    let at = |share: f64| {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "an index")]
        let index = (times.len() as f64 * share) as usize;
        times.get(index).copied().unwrap_or_default()
    };
    #[expect(clippy::cast_precision_loss, reason = "small counts")]
    let (blocks, alive) = (blocks as f64, (count - stopped) as f64);
    println!(
        "{:.1} blocks/s, p50 {:?}, p90 {:?}, p99 {:?}, {:.2} CPU-ms a block a node",
        blocks / seconds,
        at(0.5),
        at(0.9),
        at(0.99),
        used * 1000.0 / blocks / alive,
    );
    cluster.stop_all().await;
}
