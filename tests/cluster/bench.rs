//! The measuring program: every figure is there and fits the others.

use anyhow::Context as _;
use serde_json::Value;

use crate::program::data_of;

fn measured(arguments: &[&str]) -> anyhow::Result<Value> {
    data_of("kyojo-bench", arguments)
}

fn number(report: &Value, name: &str) -> anyhow::Result<f64> {
    report[name].as_f64().with_context(|| format!("no {name} in {report}"))
}

/// What every measurement has, and how its figures lie to each other.
fn assert_sane(report: &Value) -> anyhow::Result<()> {
    for name in [
        "committed",
        "committed_per_second",
        "seconds",
        "cpu_us_per_transfer_per_validator",
        "cpu_cores_busy",
        "client_cpu_cores",
        "disk_bytes_per_transfer",
        "memory_bytes_per_validator",
        "blocks",
        "transfers_per_block",
        "start_seconds",
    ] {
        assert!(number(report, name)? > 0.0, "{name}: {report}");
    }
    let finality = ["p50", "p90", "p99", "p999"].map(|at| format!("finality_{at}_ms"));
    let finality: Vec<f64> =
        finality.iter().map(|name| number(report, name)).collect::<anyhow::Result<_>>()?;
    assert!(finality[0] > 0.0 && finality.is_sorted(), "{finality:?}");
    let each = report["cpu_cores_by_validator"].as_array().context("a list")?;
    let sum: f64 = each.iter().filter_map(Value::as_f64).sum();
    assert_eq!(each.len(), 4);
    assert!((sum - number(report, "cpu_cores_busy")?).abs() < 0.05, "{report}");
    assert!(number(report, "heights_over_600_ms")? <= number(report, "blocks")?);
    let slowest = report["slowest_heights"].as_array().context("a list")?;
    assert!(!slowest.is_empty(), "{report}");
    for slow in slowest {
        let steps = slow["steps_ms"].as_object().context("steps")?;
        let known =
            ["gather", "propose", "parts", "check", "prevote", "precommit", "fsync", "apply"];
        assert!(steps.keys().all(|step| known.contains(&step.as_str())), "{slow}");
        for step in ["gather", "propose", "parts", "prevote", "precommit", "fsync", "apply"] {
            assert!(steps.contains_key(step), "{step}: {slow}");
        }
        let step = slow["step"].as_str().context("a step")?;
        assert_eq!(steps[step], slow["step_ms"]);
        assert!(number(slow, "step_ms")? <= number(slow, "ms")?, "{slow}");
    }
    Ok(())
}

#[test]
fn a_profile_has_every_figure_and_each_fits_the_others() -> anyhow::Result<()> {
    let arguments = ["--profile", "low", "--runs", "2", "--seconds", "3", "--warm-up", "1"];
    let data = measured(&arguments)?;
    assert!(data["cpu_model"].is_string() && data["ifma"].is_boolean(), "{data}");
    assert!(number(&data, "cores")? >= 1.0);
    let low = &data["low"];
    assert_sane(low)?;
    let used = ["accounts", "validators", "offered_rate", "warm_up_seconds", "runs"];
    assert_eq!(used.map(|name| low[name].as_u64()), [10_000, 4, 50, 1, 2].map(Some));
    assert_eq!(low["delay_ms"], Value::Null);
    let spread = low["spread"]["committed"].as_array().context("two ends")?;
    let ends: Vec<f64> = spread.iter().filter_map(Value::as_f64).collect();
    assert!(ends.len() == 2 && ends[0] <= number(low, "committed")?, "{low}");
    assert!(number(low, "committed")? <= ends[1], "{low}");
    // 50 a second are offered, and what the warm-up left over may come within the three seconds.
    assert!(number(low, "committed_per_second")? <= 70.0, "{low}");
    Ok(())
}

#[test]
fn a_delay_between_validators_shows_in_finality() -> anyhow::Result<()> {
    let arguments = ["--rate", "50", "--delay", "25", "--runs", "1", "--seconds", "3"];
    let data = measured(&arguments)?;
    assert_sane(&data)?;
    assert_eq!(data["delay_ms"], 25);
    assert_eq!(data["killed"], 0);
    // A proposal, its prevotes and its precommits pass between validators one after the other.
    assert!(number(&data, "finality_p50_ms")? >= 75.0, "{data}");
    Ok(())
}
