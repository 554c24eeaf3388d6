//! The acceptance scenarios, played by the program that people play them with.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, ensure};
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
fn a_shops_day_adds_up_through_the_wallet_program() -> anyhow::Result<()> {
    let data = played(&["shop-day"])?;
    assert_eq!(
        (&data["payments"], &data["refunds"], &data["voids"]),
        (&30.into(), &2.into(), &1.into())
    );
    let tenders = data["tenders"].as_object().context("tenders")?;
    assert_eq!(tenders.len(), 5, "{data}");
    assert!(tenders.values().all(|times| times == 6), "{data}");
    assert_eq!(data["watched"], 30, "{data}");
    assert_eq!(data["shop_yen"], data["expected_yen"], "{data}");
    assert_eq!(data["second_payment_refused"], "code-3098", "{data}");
    // All of it goes to the shop's bank outside; what came back once is in its account.
    assert_eq!((&data["files_verified"], &data["left_yen"]), (&4.into(), &0.into()), "{data}");
    assert_eq!(
        (&data["vouchers_back"], &data["conserved"]),
        (&true.into(), &true.into()),
        "{data}"
    );
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

/// How many differences the other program finds, each a line.
fn differences(files: &[&Path]) -> anyhow::Result<usize> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("verify/programme.py");
    let output = Command::new("python3").arg(script).args(files).output()?;
    let lines = String::from_utf8_lossy(&output.stdout).lines().count();
    let code = output.status.code();
    ensure!(code == Some(i32::from(lines > 0)), "{}", String::from_utf8_lossy(&output.stderr));
    Ok(lines)
}

#[test]
fn a_premium_programme_is_reconciled_to_the_yen_and_counted_again() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let out = folder.path().join("out");
    let data = played(&["aizu-premium", "--small", "--out", out.to_str().context("letters")?])?;
    let number = |name: &str| data[name].as_u64().unwrap_or_default();
    assert_eq!((&data["reconciled"], number("recomputed_differences")), (&true.into(), 0));
    assert_eq!((number("cap_refusals"), &data["refusals"]), (0, &serde_json::json!({})), "{data}");
    assert_eq!(data["refused_on_purpose"].as_array().map(Vec::len), Some(3), "{data}");
    assert_eq!(number("sold_yen"), number("used_yen") + number("expired_yen"), "{data}");
    assert!(number("sets_asked_of_the_first_round") > number("sets_offered_in_the_first_round"));
    assert!(number("sets_given_on") > 0 && number("secrets_withheld") == 2, "{data}");
    assert_eq!((number("deaths_before_purchase"), number("estates")), (1, 1), "{data}");
    assert!(number("voucher_payments") > 1_000 && number("mixed_payments") > 0, "{data}");
    assert!(number("used_at_other_banks_yen") > 0 && number("pledged_yen_most") > 0, "{data}");
    assert!(number("expired_yen") > 0 && number("payout_yen") > 0, "{data}");
    assert!(number("coin_left_in_zone_yen") > 0, "{data}");
    assert!(number("holders_active_after_expiry") > 0, "{data}");
    assert!(number("answered_payments") > 100 && number("payments_with_cash") > 0, "{data}");
    assert!(number("payments_with_excluded_goods") > 0 && number("cash_yen") > 0, "{data}");
    assert!(number("partial_refunds") > 0 && number("refunds") > number("partial_refunds"));
    assert!(number("voids") > 0 && number("refunds_after_the_end") > 0, "{data}");
    assert!(number("expired_by_refunds_yen") > 0, "{data}");
    let shared = number("fees_of_the_operator_yen") + number("fees_of_the_fund_yen");
    assert!(number("fees_given_back_yen") > 0 && shared == number("fees_yen"), "{data}");
    assert!(number("shops_at_the_fees_yearly_cap") > 0, "{data}");
    assert!(data["not_played"].as_array().is_some_and(|left_out| !left_out.is_empty()), "{data}");
    // What the other program says is worth something only where it finds what is wrong.
    let rounds = ["round-1.json", "round-2.json"].map(|name| out.join(name));
    let journal: Value = serde_json::from_slice(&std::fs::read(out.join("journal.json"))?)?;
    let changed = folder.path().join("changed.json");
    let found = |journal: &Value| -> anyhow::Result<usize> {
        std::fs::write(&changed, journal.to_string())?;
        differences(&[&changed, &rounds[0], &rounds[1]])
    };
    assert_eq!(found(&journal)?, 0);
    let events = journal["events"].as_array().context("events")?;
    let of_shops = [("pay", "fee"), ("refund", "amount"), ("refund", "fee"), ("void", "coin")];
    let of_all = [("pay", "amount"), ("buy", "sets"), ("discharge", "amount")];
    for (kind, field) in of_all.into_iter().chain(of_shops) {
        let place = events.iter().rposition(|event| event["kind"] == kind).context(kind)?;
        let mut other = journal.clone();
        let value = &mut other["events"][place][field];
        *value = (value.as_u64().context(field)? + 1).into();
        assert!(found(&other)? > 0, "{kind} {field}");
    }
    for field in ["used_local_paid", "used_chain_free", "expired_paid", "sold_free"] {
        let mut other = journal.clone();
        let value = &mut other["stated"]["programme"]["rounds"][0]["buckets"][1][field];
        let amount = value.as_u64().or_else(|| value.as_str()?.parse().ok()).context(field)?;
        *value = (amount + 1).into();
        assert!(found(&other)? > 0, "{field}");
    }
    let wrong_eligible = changed_where_all_eligible_is_paid(&journal)?;
    assert!(found(&wrong_eligible)? > 0, "more was paid by vouchers than is eligible");
    let fees = ["/stated/zone/fees/0/rate", "/stated/zone/shares/0/shares/0/share"];
    let others = ["/stated/payments/0/payment/fee", "/stated/open/escrows/0/available"];
    for field in fees.into_iter().chain(others) {
        let mut other = journal.clone();
        let value = other.pointer_mut(field).context(field)?;
        let amount = value.as_u64().or_else(|| value.as_str()?.parse().ok()).context(field)?;
        *value = (amount + 100).into();
        assert!(found(&other)? > 0, "{field}");
    }
    Ok(())
}

/// A journal in which one yen less is eligible of a payment than its vouchers paid.
fn changed_where_all_eligible_is_paid(journal: &Value) -> anyhow::Result<Value> {
    let mut other = journal.clone();
    let events = other["events"].as_array_mut().context("events")?;
    let paid_by_vouchers = |event: &Value| -> u64 {
        let lines = event["lines"].as_array().into_iter().flatten();
        lines.filter_map(|line| line[2].as_u64()).sum()
    };
    let is_it = |event: &&mut Value| {
        let eligible = event["request"]["eligible"].as_u64();
        eligible > Some(0)
            && eligible < event["amount"].as_u64()
            && eligible == Some(paid_by_vouchers(event))
    };
    let event = events.iter_mut().find(is_it).context("goods excluded, all others by vouchers")?;
    event["request"]["eligible"] = (paid_by_vouchers(event) - 1).into();
    Ok(other)
}
