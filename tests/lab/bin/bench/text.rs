//! A report for people.

use std::fmt::Write as _;

use serde_json::{Map, Value};

/// What is shown, in this order: name, words before it, unit after it.
const ROWS: [(&str, &str, &str); 19] = [
    ("committed_per_second", "committed", "transfers/s"),
    ("finality_p50_ms", "finality p50", "ms"),
    ("finality_p90_ms", "finality p90", "ms"),
    ("finality_p99_ms", "finality p99", "ms"),
    ("finality_p999_ms", "finality p99.9", "ms"),
    ("cpu_us_per_transfer_per_validator", "CPU", "µs a transfer a validator"),
    ("cpu_cores_busy", "validators", "cores busy"),
    ("client_cpu_cores", "client", "cores busy"),
    ("disk_bytes_per_transfer", "disk", "bytes a transfer a validator"),
    ("memory_bytes_per_validator", "memory", "bytes a validator"),
    ("blocks", "blocks", ""),
    ("transfers_per_block", "transfers a block", ""),
    ("heights_over_600_ms", "heights over 600 ms", ""),
    ("p99_under_200_ms_from_second", "p99 below 200 ms", "s after the loss"),
    ("start_seconds", "ready after", "s"),
    ("ratio_to_max", "ratio to max", ""),
    ("postgres_per_second", "PostgreSQL", "transfers/s"),
    ("ratio_to_postgres", "ratio to PostgreSQL", ""),
    ("runs", "runs", ""),
];

/// The figures of one report, each with its ends where there are several runs.
pub(crate) fn figures(report: &Map<String, Value>) -> String {
    let mut text = String::new();
    for (name, words, unit) in ROWS {
        let Some(value) = report.get(name) else { continue };
        let value = if value.is_null() { "none".to_owned() } else { value.to_string() };
        let ends = report.get("spread").and_then(|spread| spread.get(name)?.as_array());
        let ends = match ends.map(Vec::as_slice) {
            Some([least, greatest]) if least != greatest => format!(" ({least} to {greatest})"),
            _ => String::new(),
        };
        // Writing to a string does not fail.
        let _ = writeln!(text, "{}", format!("{words:<22}{value:>12} {unit}{ends}").trim_end());
    }
    for name in ["rejected", "refused"] {
        if let Some(codes) = report.get(name).filter(|codes| **codes != Value::Object(Map::new())) {
            let _ = writeln!(text, "{name} by code: {codes}");
        }
    }
    for slow in report.get("slowest_heights").and_then(Value::as_array).into_iter().flatten() {
        let (height, ms) = (&slow["height"], &slow["ms"]);
        let step = slow["step"].as_str().unwrap_or_default();
        let _ = writeln!(text, "slow: height {height}, {ms} ms; {step} {} ms", slow["step_ms"]);
    }
    text.trim_end().to_owned()
}

/// Every profile of a call.
pub(crate) fn profiles(data: &Map<String, Value>) -> String {
    let mut parts = Vec::new();
    for (name, report) in data {
        let Value::Object(report) = report else { continue };
        parts.push(format!("{name}\n{}", figures(report)));
        for case in ["killed", "stopped"] {
            if let Some(Value::Object(report)) = report.get(case) {
                parts.push(format!("{name}, {case}\n{}", figures(report)));
            }
        }
    }
    parts.join("\n\n")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_figure_is_shown_with_its_ends_and_an_absent_one_as_none() {
        let report = json!({
            "committed_per_second": 499.0,
            "postgres_per_second": null,
            "runs": 3,
            "spread": { "committed_per_second": [498.0, 500.0], "runs": [3, 3] },
            "rejected": { "2004": 7 },
            "refused": {},
            "slowest_heights": [{ "height": 12, "ms": 340.5, "step": "propose", "step_ms": 300.1 }],
        });
        let text = figures(report.as_object().expect("an object"));
        let expected = "\
committed                    499.0 transfers/s (498.0 to 500.0)
PostgreSQL                    none transfers/s
runs                             3
rejected by code: {\"2004\":7}
slow: height 12, 340.5 ms; propose 300.1 ms";
        assert_eq!(text, expected);
    }
}
