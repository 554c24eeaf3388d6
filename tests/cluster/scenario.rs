//! The acceptance scenarios, played by the program that people play them with.

use std::collections::BTreeSet;

use anyhow::Context as _;
use serde_json::Value;

use crate::program::data_of;

fn played(arguments: &[&str]) -> anyhow::Result<Value> {
    data_of("kyojo-scenario", arguments)
}

#[test]
fn a_withdrawal_is_proved_and_leaves_nothing_personal_on_a_validators_disk() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let out = folder.path().join("out");
    let out = out.to_str().context("a path of letters")?;
    let data = played(&["consent", "--without-foreign", "--out", out])?;
    let times = data["withdrawal_to_denial_ms"].as_object().context("times")?;
    assert_eq!(times.len(), 4);
    let bound = data["bound_ms"].as_f64().context("a bound")?;
    assert!(times.values().all(|time| time.as_f64().is_some_and(|time| time < bound)), "{times:?}");
    assert!(data["proofs_verified"].as_u64() >= Some(10), "{data}");
    assert!(data["tampered"].as_u64() > Some(100), "{data}");
    assert_eq!(data["tampered"], data["tampered_rejected"]);
    assert_eq!(data["traces"]["found"], 0);
    assert_eq!(data["traces"]["inventory"]["addresses"].as_array().map(Vec::len), Some(1));
    Ok(())
}

#[test]
fn a_data_users_day_ends_with_every_disclosure_matched() -> anyhow::Result<()> {
    let data = played(&["day"])?;
    assert_eq!((&data["unmatched"], &data["adds_up"]), (&0.into(), &true.into()), "{data}");
    assert_eq!((&data["matched"], &data["fetched"]), (&data["permitted"], &data["permitted"]));
    assert!(data["refused"].as_u64() > Some(1), "{data}");
    Ok(())
}

#[test]
fn an_operators_twenty_mistakes_are_named_and_the_network_comes_back_from_everything()
-> anyhow::Result<()> {
    let data = played(&["operator"])?;
    assert_eq!((&data["mistakes"], &data["named"]), (&20.into(), &20.into()), "{data}");
    let list = data["list"].as_array().context("a list")?;
    let names: BTreeSet<_> = list.iter().filter_map(|one| one["mistake"].as_str()).collect();
    assert_eq!(names.len(), 20, "{names:?}");
    assert!(list.iter().all(|one| one["missing"] == serde_json::json!([])), "{data}");
    assert_eq!((&data["companies"], &data["files_edited_by_hand"]), (&4.into(), &0.into()));
    assert_eq!(data["restore"]["followed_before_it_voted"], true, "{data}");
    assert_eq!(data["duplicate_key"].as_array().map(Vec::len), Some(2), "{data}");
    assert!(data["two_down"]["not_ready_after"].as_f64() < Some(10.0), "{data}");
    assert_eq!(data["two_down"]["both_named"], true, "{data}");
    assert_eq!(data["all_down"]["no_fork"], true, "{data}");
    Ok(())
}

#[test]
fn a_first_day_ends_with_a_paid_shop_and_a_lost_phone_with_everything_back() -> anyhow::Result<()> {
    let data = played(&["first-day"])?;
    assert_eq!(data["numbers_no_screen_showed"], 0, "{data}");
    assert_eq!(data["shop_was_paid"], true, "{data}");
    for back in ["words_kept", "words_lost"] {
        assert_eq!((&data[back]["balance"], &data[back]["consent"]), (&true.into(), &true.into()));
    }
    assert!(data["characters_typed"].as_u64() < Some(400), "{data}");
    Ok(())
}
