//! The consent gateway between a clinic and a pharmacy: four validators, two gateways, a citizen.

mod setting;
mod world;

use std::time::{Duration, Instant};

use kyojo_tests::gateway::setting::HOLDER;
use serde_json::{Value, json};

use world::World;

/// How long anything that must happen may take.
const WAIT: Duration = Duration::from_secs(30);
/// The rule that refuses a use while its subject has set the consent aside.
const SUSPENDED: u16 = 4051;

#[tokio::test(flavor = "multi_thread")]
async fn data_leaves_as_it_was_agreed_and_both_halves_meet_until_the_withdrawal()
-> anyhow::Result<()> {
    let world = World::begin(130).await?;
    let began = Instant::now();
    let (status, answer) = world.ask(&[]).await?;
    println!("answered in {} ms", began.elapsed().as_millis());
    assert_eq!(status, 200, "{answer}");
    // Neither the clinic's notes, nor the record of another year, nor the total.
    let expected = json!({"items": [
        {"dispensed": "2026-03-02", "drug": {"name": "アムロジピン"}},
        {"dispensed": "2026-05-20", "drug": {"name": "メトホルミン"}},
    ]});
    assert_eq!(answer, expected);
    let [given, received] = world.halves("matched", 1).await?;
    assert_eq!(given["commitment"], received["commitment"]);
    assert_eq!(given["description"]["count"], 2);
    assert_eq!(given["description"]["fields"], json!(["/dispensed", "/drug/name"]));
    assert_eq!(world.holder.list(&["unmatched", "--older-than", "0"])?, Vec::<Value>::new());

    world.withdraw().await?;
    let began = Instant::now();
    let (status, refused) = world.ask(&[]).await?;
    println!("refused {} ms after the withdrawal's receipt", began.elapsed().as_millis());
    assert_eq!((status, &refused["code"]), (403, &json!(4014)), "{refused}");
    let proof = refused["proof"].as_str().expect("a denial has a proof");
    assert!(proof.contains("/v1/receipts/"), "{proof}");
    assert_eq!(world.upstream.asked(), 1, "after the withdrawal nothing was fetched");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_permitted_before_a_withdrawal_is_refused_after_it() -> anyhow::Result<()> {
    let world = World::begin(131).await?;
    let (first, second) = (world.permitted().await?, world.permitted().await?);
    let (status, answer) = world.present(&first, |_| {}).await?;
    assert_eq!(status, 200, "{answer}");
    let (status, again) = world.present(&first, |_| {}).await?;
    assert_eq!((status, &again["code"]), (409, &json!(7235)), "{again}");

    // The same access, opened or addressed in another way.
    for (code, change) in world::dishonest() {
        let (status, refused) = world.present(&second, change).await?;
        assert_eq!(&refused["code"], &json!(code), "{status} {refused}");
    }
    let (status, forged) = world.present_as_clinic(&second).await?;
    assert_eq!((status, &forged["code"]), (401, &json!(7232)), "{forged}");
    world.withdraw().await?;
    let (status, ended) = world.present(&second, |_| {}).await?;
    assert_eq!((status, &ended["code"]), (403, &json!(4014)), "{ended}");
    assert_eq!(world.upstream.asked(), 1);

    // The pharmacy's own half of what was fetched by hand never comes.
    world.half_is("holder", "recorded").await?;
    assert_eq!(world.holder.list(&["unmatched", "--older-than", "0"])?.len(), 1);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_withdrawal_while_data_is_being_fetched_stops_it() -> anyhow::Result<()> {
    let world = World::begin(135).await?;
    world.upstream.answers(false);
    let withdrawing = async {
        let deadline = Instant::now() + WAIT;
        while world.upstream.asked() == 0 && Instant::now() < deadline {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        let withdrawn = world.withdraw().await;
        world.upstream.answers(true);
        withdrawn
    };
    let (answer, withdrawn) = tokio::join!(world.ask(&[]), withdrawing);
    withdrawn?;
    let (status, refused) = answer?;
    assert_eq!((status, &refused["code"]), (403, &json!(4014)), "{refused}\n{}", world.logs());
    assert_eq!(world.upstream.asked(), 1, "it was permitted when it began");
    let given = world.holder.list(&["disclosures"])?;
    assert_eq!(given, Vec::<Value>::new(), "nothing was given, so nothing is recorded");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_half_is_recorded_once_across_kills_of_the_gateway_and_of_nodes() -> anyhow::Result<()> {
    let mut world = World::begin(132).await?;
    // The clinic's nodes take no transactions: its half stays queued.
    world.gate.refuse_transactions(true);
    let (status, answer) = world.ask(&[]).await?;
    assert_eq!(status, 200, "{answer}");
    world.half_is("holder", "queued").await?;
    world.half_is("recipient", "recorded").await?;
    let before = world.clinic_nonce().await?;
    world.holder.kill()?;
    world.town.network.kill(0)?;
    world.gate.refuse_transactions(false);
    world.holder.start()?;
    world.halves("matched", 1).await?;
    assert_eq!(world.clinic_nonce().await?, before + 1, "one transaction of the clinic's");

    // Another node dies, the first one is back; the pharmacy's gateway goes through the next.
    world.town.network.start_node(0)?;
    world.town.network.wait_ready(WAIT).await?;
    world.town.network.kill(2)?;
    let (status, answer) = world.ask(&[]).await?;
    assert_eq!(status, 200, "{answer}");
    world.halves("matched", 2).await?;
    assert_eq!(world.clinic_nonce().await?, before + 2);
    assert!(world.holder.terminate()?.success(), "SIGTERM drains");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_fresh_decision_nothing_is_given_out() -> anyhow::Result<()> {
    let world = World::begin(133).await?;
    world.gate.refuse_everything(true);
    let (status, refused) = world.ask(&[]).await?;
    assert_eq!((status, &refused["code"]), (503, &json!(7231)), "{refused}");
    assert_eq!(world.upstream.asked(), 0);
    world.gate.refuse_everything(false);
    for (headers, status, code) in world.bad_requests() {
        let pairs: Vec<(&str, &str)> =
            headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let (found, refused) = world.ask_with(&pairs).await?;
        assert_eq!((found, &refused["code"]), (status, &json!(code)), "{refused}");
    }
    let (status, wider) = world.ask(&[("kyojo-period", "2025-01-01/2026-12-31")]).await?;
    assert_eq!((status, &wider["code"]), (403, &json!(7237)), "{wider}");
    assert_eq!(world.upstream.asked(), 0);
    let (status, narrow) = world.ask(&[("kyojo-period", "2026-05-01/2026-06-01")]).await?;
    assert_eq!((status, narrow["items"].as_array().map(Vec::len)), (200, Some(1)), "{narrow}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn in_an_emergency_the_glass_is_broken_for_one_person_and_that_is_recorded()
-> anyhow::Result<()> {
    let world = World::begin(134).await?;
    let (ambulance, url) = world.ambulance()?;
    let person = [("kyojo-person", "P-42"), ("kyojo-reason", "意識がない")];
    let (status, answer) = world.emergency(&url, &person).await?;
    assert_eq!(status, 200, "{answer}");
    let names = answer["items"].as_array().expect("there are records").iter();
    assert_eq!(names.filter(|item| item["drug"]["name"].is_string()).count(), 3, "{answer}");
    assert_eq!(answer["items"][0].get("notes"), None, "{answer}");
    world.half_is("holder", "matched").await?;
    let (status, refused) = world.emergency(&url, &[("kyojo-person", "P-42")]).await?;
    assert_eq!((status, &refused["code"]), (400, &json!(7201)), "a reason is needed: {refused}");
    assert_eq!(ambulance.list(&["disclosures"])?.len(), 1);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_access_serves_only_the_holder_that_it_names() -> anyhow::Result<()> {
    let world = World::begin(136).await?;
    // The pharmacy could show the same permit to every holder that knows the person.
    let elsewhere = world.permitted_at(world::ANOTHER).await?;
    let (status, refused) = world.present(&elsewhere, |_| {}).await?;
    assert_eq!((status, &refused["code"]), (403, &json!(7251)), "{refused}");
    assert_eq!(world.upstream.asked(), 0);
    let here = world.permitted().await?;
    let (status, answer) = world.present(&here, |_| {}).await?;
    assert_eq!(status, 200, "{answer}");
    assert_eq!(world.upstream.asked(), 1);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn narrowing_stops_data_when_uses_are_exhausted() -> anyhow::Result<()> {
    let world = World::with_uses(137, Some(4)).await?;
    let mut accesses = Vec::new();
    for _ in 0..4 {
        accesses.push(world.permitted().await?);
    }
    let [first, second, third, fourth] = accesses.as_slice() else { panic!("four were permitted") };
    // The last use that there is was permitted, and is served.
    let (status, answer) = world.present(first, |_| {}).await?;
    assert_eq!(status, 200, "{answer}");
    world.limit_uses(3).await?;
    let (status, refused) = world.present(second, |_| {}).await?;
    assert_eq!((status, &refused["code"]), (403, &json!(4017)), "{refused}");
    world.take_out().await?;
    let (status, refused) = world.present(third, |_| {}).await?;
    assert_eq!((status, &refused["code"]), (403, &json!(4018)), "{refused}");
    world.suspend().await?;
    let (status, refused) = world.present(fourth, |_| {}).await?;
    assert_eq!((status, &refused["code"]), (403, &json!(SUSPENDED)), "{refused}");
    assert_eq!(world.upstream.asked(), 1);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_missing_half_is_blamed_on_the_holder_that_the_requester_named() -> anyhow::Result<()> {
    let world = World::begin(138).await?;
    world.halves_within(1_000).await?;
    // The clinic's half stays queued, so the pharmacy's is alone and falls due.
    world.gate.refuse_transactions(true);
    let (status, answer) = world.ask(&[]).await?;
    assert_eq!(status, 200, "{answer}");
    world.half_is("recipient", "recorded").await?;
    let deadline = Instant::now() + WAIT;
    let lone = loop {
        let listed = world.recipient.list(&["unmatched", "--older-than", "0"])?;
        let lone = listed.first().cloned().unwrap_or_default();
        if lone["naming"] == "named" {
            break lone;
        }
        assert_ne!(lone["owed_by"], json!(HOLDER), "not before the ledger says so: {lone}");
        assert!(Instant::now() < deadline, "{lone}\n{}", world.logs());
        tokio::time::sleep(Duration::from_millis(50)).await;
    };
    assert_eq!(lone["owed_by"], json!(HOLDER), "{lone}");
    assert_eq!(world.blamed().await?, Some(HOLDER));

    // A half that comes late settles it.
    world.gate.refuse_transactions(false);
    world.halves("matched", 1).await?;
    assert_eq!(world.recipient.list(&["unmatched", "--older-than", "0"])?, Vec::<Value>::new());
    Ok(())
}
