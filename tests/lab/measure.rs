//! Figures from the operating system: processor time, disk, quantiles.

use std::path::Path;
use std::time::Duration;

/// Processor time (user and system) that a process has used, from `/proc/PID/stat`.
///
/// # Errors
/// The process is gone, or the file has another form.
pub fn cpu_time(pid: u32) -> anyhow::Result<Duration> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat"))?;
    // The second field is the program's name in parentheses and may hold spaces.
    let rest = stat.rsplit_once(") ").map_or(stat.as_str(), |(_, rest)| rest);
    let mut fields = rest.split(' ').skip(11);
    let mut ticks = || -> anyhow::Result<u64> {
        Ok(fields.next().ok_or_else(|| anyhow::anyhow!("/proc/{pid}/stat is short"))?.parse()?)
    };
    let total = ticks()? + ticks()?;
    // Linux reports in 1/100 s on every machine that this runs on (USER_HZ).
    Ok(Duration::from_millis(total * 10))
}

/// Resident memory of a process in bytes, from `/proc/PID/status`.
///
/// # Errors
/// The process is gone, or the file has another form.
pub fn resident_bytes(pid: u32) -> anyhow::Result<u64> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status"))?;
    let kib = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))
        .and_then(|rest| rest.trim().strip_suffix(" kB"))
        .ok_or_else(|| anyhow::anyhow!("/proc/{pid}/status has no VmRSS"))?;
    Ok(kib.trim().parse::<u64>()? * 1024)
}

/// Bytes allocated on disk below a folder. Files that vanish meanwhile count nothing.
#[must_use]
pub fn disk_bytes(folder: &Path) -> u64 {
    use std::os::unix::fs::MetadataExt as _;
    let Ok(entries) = std::fs::read_dir(folder) else { return 0 };
    entries
        .flatten()
        .map(|entry| match entry.metadata() {
            Ok(metadata) if metadata.is_dir() => disk_bytes(&entry.path()),
            Ok(metadata) => metadata.blocks() * 512,
            Err(_) => 0,
        })
        .sum()
}

/// The value that `per_mille` of the sorted samples do not exceed; zero without samples.
#[must_use]
pub fn quantile(sorted: &[Duration], per_mille: usize) -> Duration {
    let index = (sorted.len() * per_mille / 1000).min(sorted.len().saturating_sub(1));
    sorted.get(index).copied().unwrap_or_default()
}

/// Milliseconds with one decimal, as reports show them.
#[must_use]
pub fn millis(duration: Duration) -> f64 {
    (duration.as_secs_f64() * 10_000.0).round() / 10.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn own_processor_time_grows() {
        let before = cpu_time(std::process::id()).expect("this process exists");
        let mut value = 1_u64;
        while cpu_time(std::process::id()).expect("this process exists") <= before {
            for _ in 0..1_000_000 {
                value = std::hint::black_box(value.wrapping_mul(31));
            }
        }
    }

    #[test]
    fn quantiles_of_a_hundred() {
        let samples: Vec<Duration> = (0..100).map(Duration::from_millis).collect();
        assert_eq!(quantile(&samples, 500), Duration::from_millis(50));
        assert_eq!(quantile(&samples, 990), Duration::from_millis(99));
        assert_eq!(quantile(&samples, 1000), Duration::from_millis(99));
        assert_eq!(quantile(&[], 500), Duration::ZERO);
    }
}
