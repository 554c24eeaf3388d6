//! Figures from the operating system: processor, processor time, disk, quantiles.

use std::path::Path;
use std::time::Duration;

use serde::Serialize;

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
    status_bytes(pid, "VmRSS:")
}

/// Resident memory of this process that no file backs, in bytes.
///
/// # Errors
/// The file has another form.
pub fn anonymous_bytes() -> anyhow::Result<u64> {
    status_bytes(std::process::id(), "RssAnon:")
}

fn status_bytes(pid: u32, name: &str) -> anyhow::Result<u64> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status"))?;
    let kib = status
        .lines()
        .find_map(|line| line.strip_prefix(name))
        .and_then(|rest| rest.trim().strip_suffix(" kB"))
        .ok_or_else(|| anyhow::anyhow!("/proc/{pid}/status has no {name}"))?;
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

/// What the figures of a machine depend on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Machine {
    /// The processor, as it calls itself; empty where it says nothing.
    pub cpu_model: String,
    /// How many cores this process may use.
    pub cores: usize,
    /// Whether the processor has AVX-512 IFMA, with which some signatures verify much faster.
    pub ifma: bool,
}

impl Machine {
    /// This one.
    #[must_use]
    pub fn this() -> Self {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        Self::of(&std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default(), cores)
    }

    fn of(cpuinfo: &str, cores: usize) -> Self {
        let value = |name: &str| {
            let mut lines = cpuinfo.lines().filter_map(|line| line.split_once(':'));
            lines.find(|(key, _)| key.trim() == name).map_or("", |(_, value)| value.trim())
        };
        let ifma = value("flags").split(' ').any(|flag| flag == "avx512ifma");
        Self { cpu_model: value("model name").to_owned(), cores, ifma }
    }
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
    fn a_machine_is_what_its_first_processor_says() {
        let text = "processor\t: 0\nmodel name\t: A CPU @ 2.0GHz\nflags\t\t: fpu avx512ifma ht\n\n\
                    processor\t: 1\nmodel name\t: Another\nflags\t\t: fpu\n";
        let machine = Machine::of(text, 2);
        assert_eq!((machine.cpu_model.as_str(), machine.ifma), ("A CPU @ 2.0GHz", true));
        let without = Machine::of("flags : fpu avx512ifmax\n", 1);
        assert_eq!((without.cpu_model.as_str(), without.ifma), ("", false));
    }

    #[test]
    fn quantiles_in_order() {
        let samples: Vec<Duration> = (0..2_000).map(Duration::from_millis).collect();
        let at = |per_mille| quantile(&samples, per_mille).as_millis();
        assert_eq!([500, 900, 990, 999].map(at), [1_000, 1_800, 1_980, 1_998]);
        assert_eq!(quantile(&samples[..1], 999), Duration::ZERO);
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
