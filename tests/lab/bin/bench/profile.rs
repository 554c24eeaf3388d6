//! The named measurements, each of which is the same everywhere, and all of them in one call.

use std::time::{Duration, Instant};

use clap::ValueEnum;
use kyojo_tests::network::PubSub;
use serde_json::{Map, Value};

use crate::run::{Case, Figures, Loss, Peer, once};
use crate::together::together;

/// All profiles together begin nothing that would end later than this, as far as can be told.
const ALL_WITHIN: Duration = Duration::from_secs(14 * 60);

/// What is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Profile {
    /// 50 transfers a second among 10,000 accounts
    Low,
    /// 500 transfers a second among 10,000 accounts
    Rate500,
    /// As much as it takes, 10,000 accounts, PostgreSQL beside it where it is installed
    Max,
    /// 500 a second while the last validator is killed, and again while it is stopped
    Dead,
    /// As much as it takes, 1,000,000 accounts
    Million,
    /// All of them, shorter
    All,
}

/// What was asked for on the command line instead of a profile's own.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Asked {
    /// Validators, seed, pace and delay of every profile.
    pub base: Case,
    /// For how long it counts.
    pub seconds: Option<u64>,
    /// How long the warm-up is.
    pub warm_up: Option<u64>,
    /// How many runs.
    pub runs: Option<usize>,
}

/// A profile's size, alone and among all.
struct Size {
    accounts: usize,
    rate: Option<u64>,
    seconds: u64,
    seconds_of_all: u64,
    runs_of_all: usize,
    /// What one run among all takes at most, as far as can be told.
    expected: Duration,
}

const ALL: [Profile; 5] =
    [Profile::Low, Profile::Rate500, Profile::Max, Profile::Million, Profile::Dead];
const WARM_UP: u64 = 5;
const WARM_UP_OF_ALL: u64 = 3;
const RUNS: usize = 3;

impl Profile {
    const fn name(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Rate500 => "rate500",
            Self::Max => "max",
            Self::Dead => "dead",
            Self::Million => "million",
            Self::All => "all",
        }
    }

    const fn size(self) -> Size {
        let (accounts, rate, expected) = match self {
            Self::Low => (10_000, Some(50), 40),
            Self::Rate500 => (10_000, Some(500), 40),
            Self::Max => (10_000, None, 80),
            Self::Million => (1_000_000, None, 150),
            Self::Dead | Self::All => (10_000, Some(500), 180),
        };
        let (seconds, seconds_of_all, runs_of_all) = match self {
            Self::Low | Self::Rate500 => (20, 15, RUNS),
            Self::Max | Self::Million => (20, 12, RUNS),
            Self::Dead | Self::All => (60, 60, 1),
        };
        let expected = Duration::from_secs(expected);
        Size { accounts, rate, seconds, seconds_of_all, runs_of_all, expected }
    }
}

/// Measures a profile, or all, and says what was used.
pub(crate) async fn measure(profile: Profile, asked: &Asked) -> anyhow::Result<Map<String, Value>> {
    let is_all = profile == Profile::All;
    let one = [profile];
    let profiles: &[Profile] = if is_all { &ALL } else { &one };
    let begun = Instant::now();
    let mut data = Map::new();
    for (index, profile) in profiles.iter().enumerate() {
        let later = profiles[index + 1..].iter().map(|later| later.size().expected).sum();
        let time = Time { begun, within: is_all.then_some(ALL_WITHIN), later };
        eprintln!("profile {} …", profile.name());
        let report = match profile {
            Profile::Dead | Profile::All => dead(asked, is_all, &time).await?,
            Profile::Low | Profile::Rate500 | Profile::Max | Profile::Million => {
                runs(*profile, Loss::Nobody, asked, is_all, &time).await?
            }
        };
        data.insert(profile.name().to_owned(), Value::Object(report));
    }
    compare_with_max(&mut data);
    if is_all {
        data.insert("took_seconds".to_owned(), begun.elapsed().as_secs().into());
    }
    Ok(data)
}

/// What is left of the time for all.
struct Time {
    begun: Instant,
    within: Option<Duration>,
    /// What the profiles that follow need at least.
    later: Duration,
}

impl Time {
    /// Whether a further run fits, where the last one took so long.
    fn has_room(&self, last: Duration) -> bool {
        let needed = self.begun.elapsed() + last + last / 2 + self.later;
        self.within.is_none_or(|within| needed <= within)
    }
}

/// A profile's runs, as many as there is time for, at least one.
async fn runs(
    profile: Profile,
    loss: Loss,
    asked: &Asked,
    is_all: bool,
    time: &Time,
) -> anyhow::Result<Map<String, Value>> {
    let size = profile.size();
    let own = if is_all { (size.seconds_of_all, WARM_UP_OF_ALL) } else { (size.seconds, WARM_UP) };
    let peer = if profile == Profile::Max { Peer::WhereThere } else { Peer::No };
    let case = Case {
        accounts: size.accounts,
        rate: size.rate,
        duration: Duration::from_secs(asked.seconds.unwrap_or(own.0)),
        warm_up: Duration::from_secs(asked.warm_up.unwrap_or(own.1)),
        loss,
        peer,
        ..asked.base
    };
    let count = asked.runs.unwrap_or(if is_all { size.runs_of_all } else { RUNS });
    let mut measured: Vec<Figures> = Vec::with_capacity(count);
    let mut last = Duration::ZERO;
    while measured.len() < count && (measured.is_empty() || time.has_room(last)) {
        let begun = Instant::now();
        measured.push(once(&case).await?);
        last = begun.elapsed();
    }
    let mut report = together(&measured)?;
    describe(&mut report, &case);
    Ok(report)
}

/// Adds what was measured to what came out.
pub(crate) fn describe(report: &mut Map<String, Value>, case: &Case) {
    let delay = case.delay.map(|delay| u64::try_from(delay.as_millis()).unwrap_or(u64::MAX));
    let more = [
        ("accounts", Value::from(case.accounts)),
        ("validators", case.validators.into()),
        ("offered_rate", case.rate.into()),
        ("warm_up_seconds", case.warm_up.as_secs().into()),
        ("delay_ms", delay.into()),
        ("pubsub", case.pubsub.map(PubSub::name).into()),
    ];
    report.extend(more.map(|(name, value)| (name.to_owned(), value)));
}

/// Once with the last validator killed and once with it stopped, and the worse of each figure.
async fn dead(asked: &Asked, is_all: bool, time: &Time) -> anyhow::Result<Map<String, Value>> {
    // A second run of one case must leave time for the other.
    let later = time.later + Profile::Dead.size().expected / 2;
    let first = Time { later, ..*time };
    let killed = runs(Profile::Dead, Loss::Killed, asked, is_all, &first).await?;
    let stopped = runs(Profile::Dead, Loss::Stopped, asked, is_all, time).await?;
    let mut both = worse(&killed, &stopped);
    both.insert("killed".to_owned(), Value::Object(killed));
    both.insert("stopped".to_owned(), Value::Object(stopped));
    Ok(both)
}

/// The worse of each single figure: the lower throughput, the higher cost; nothing where one of
/// them has none.
fn worse(one: &Map<String, Value>, other: &Map<String, Value>) -> Map<String, Value> {
    const FIGURES: [(&str, bool); 11] = [
        ("committed_per_second", true),
        ("finality_p50_ms", false),
        ("finality_p90_ms", false),
        ("finality_p99_ms", false),
        ("finality_p999_ms", false),
        ("cpu_us_per_transfer_per_validator", false),
        ("cpu_cores_busy", false),
        ("client_cpu_cores", false),
        ("disk_bytes_per_transfer", false),
        ("heights_over_600_ms", false),
        ("p99_under_200_ms_from_second", false),
    ];
    let of = |name: &str, is_lower_worse: bool| {
        let (one, other) = (one.get(name)?, other.get(name)?);
        let (first, second) = (one.as_f64()?, other.as_f64()?);
        Some(if (first < second) == is_lower_worse { one.clone() } else { other.clone() })
    };
    FIGURES
        .iter()
        .map(|(name, lower)| ((*name).to_owned(), of(name, *lower).unwrap_or(Value::Null)))
        .collect()
}

/// Says what a million accounts are beside ten thousand, where both were measured in this call.
fn compare_with_max(data: &mut Map<String, Value>) {
    let speed = |name: &str| data.get(name)?.get("committed_per_second")?.as_f64();
    let ratio = speed("million").zip(speed("max").filter(|max| *max > 0.0));
    let ratio = ratio.map(|(million, max)| (million / max * 100.0).round() / 100.0);
    if let Some(Value::Object(million)) = data.get_mut("million") {
        million.insert("ratio_to_max".to_owned(), ratio.into());
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn object(value: &Value) -> Map<String, Value> {
        value.as_object().expect("an object").clone()
    }

    #[test]
    fn the_worse_figure_of_both_losses_is_told() {
        let killed = object(&json!({
            "committed_per_second": 499.0, "finality_p99_ms": 80.0, "heights_over_600_ms": 1,
            "p99_under_200_ms_from_second": 2,
        }));
        let stopped = object(&json!({
            "committed_per_second": 480.0, "finality_p99_ms": 70.5, "heights_over_600_ms": 4,
            "p99_under_200_ms_from_second": null,
        }));
        for worse in [worse(&killed, &stopped), worse(&stopped, &killed)] {
            assert_eq!(worse["committed_per_second"], 480.0);
            assert_eq!(worse["finality_p99_ms"], 80.0);
            assert_eq!(worse["heights_over_600_ms"], 4);
            assert_eq!(worse["p99_under_200_ms_from_second"], Value::Null);
        }
    }

    #[test]
    fn a_ratio_needs_both_of_its_figures() {
        let mut both = object(&json!({
            "max": { "committed_per_second": 8_000.0 },
            "million": { "committed_per_second": 6_000.0 },
        }));
        compare_with_max(&mut both);
        assert_eq!(both["million"]["ratio_to_max"], 0.75);
        let mut alone = object(&json!({ "million": { "committed_per_second": 6_000.0 } }));
        compare_with_max(&mut alone);
        assert_eq!(alone["million"]["ratio_to_max"], Value::Null);
    }

    #[test]
    fn a_further_run_leaves_time_for_those_that_follow() {
        let second = Duration::from_secs(1);
        let time = |within| Time { begun: Instant::now(), within, later: 60 * second };
        assert!(time(None).has_room(10_000 * second));
        assert!(time(Some(100 * second)).has_room(20 * second));
        assert!(!time(Some(100 * second)).has_room(30 * second));
    }

    #[test]
    fn all_profiles_fit_into_their_time_once() {
        let expected: Duration = ALL.iter().map(|profile| profile.size().expected).sum();
        assert!(expected <= ALL_WITHIN);
    }
}
