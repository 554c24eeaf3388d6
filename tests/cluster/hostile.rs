//! Everybody who does what is forbidden, for a few seconds, against four validators.

use anyhow::Context as _;
use serde_json::json;

use crate::program::data_of;

#[test]
fn hostile_clients_lose_no_payment_and_nothing_forbidden_comes_to_pass() -> anyhow::Result<()> {
    // How much longer payments take is measured on a quiet machine, which this need not be.
    let arguments = ["--seconds", "6", "--baseline", "2", "--p99-ratio-max", "1000"];
    let data = data_of("kyojo-hostile", &arguments)?;
    assert_eq!(data["payments_lost"], 0, "{data}");
    assert_eq!((&data["breaches"], &data["failed"]), (&json!([]), &json!([])));
    assert!(data["payments"].as_u64() >= Some(1_000), "{data}");
    assert!(data["rss_growth_bytes"].as_u64() <= Some(268_435_456), "{data}");
    let refused = data["refused"].as_object().context("refusals by code")?;
    let of_each = [
        // Of the API: bodies, signatures, strangers, allowances.
        "6001", "6004", "6101", "6104", "6107", "7011",
        // Of the ledger: stolen keys, second halves, parties that are suspended.
        "4140", "4082", "4022",
    ];
    for code in of_each {
        assert!(refused.contains_key(code), "{code} is not among {refused:?}");
    }
    let attackers = data["hostile"].as_object().context("attackers")?;
    let names: Vec<&str> = attackers.keys().map(String::as_str).collect();
    let all = ["access", "asking", "endless", "heavy", "port", "powers", "reads", "spread"];
    assert_eq!(names, all);
    Ok(())
}
