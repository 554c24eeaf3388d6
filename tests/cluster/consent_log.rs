//! A subject's log on four validators: the same everywhere, with what consensus itself raised.

use std::time::{Duration, Instant};

use anyhow::bail;
use kyojo_genesis::actors::ActorRole;
use kyojo_tests::account::payer;
use kyojo_tests::consent::{Actor, Population};
use kyojo_tests::load::{Payer, Signed, sign};
use ledger_types::consent::RegimeRules;
use ledger_types::operation::{PublishRegime, Withdraw};
use ledger_types::{Operation, PartyId};
use node_api::body::LogPage;
use node_api::query::{Log, OfParty};
use node_client::{Client, ClientError, Options, Reader};
use serde_json::Value;

use crate::town::Town;

const WAIT: Duration = Duration::from_secs(15);
/// How long a controller has to say what became of the data: nobody says it in time here.
const ACKNOWLEDGE_WITHIN_MS: u64 = 1_500;

fn party(town: &Town, number: u32) -> anyhow::Result<Actor> {
    let party = PartyId::new(number);
    let actor = town.actors.actors.iter().find(|actor| actor.party == Some(party));
    Ok(Actor { party, payer: payer(actor.expect("the town has the party"))? })
}

fn registrar(town: &Town) -> anyhow::Result<Payer> {
    let is_registrar = |role: &ActorRole| *role == ActorRole::Registrar;
    let actor = town.actors.actors.iter().find(|actor| is_registrar(&actor.role));
    payer(actor.expect("the town has a registrar"))
}

async fn committed(town: &Town, node: usize, made: &Signed) -> anyhow::Result<()> {
    let settled = town.rest.settle(&town.url(node), made, WAIT).await?;
    assert_eq!(settled["receipt"]["outcome"], "committed", "{settled}");
    Ok(())
}

/// What a node shows of a log once its newest entry is overdue.
async fn with_overdue(
    read: impl AsyncFn() -> Result<LogPage, ClientError>,
) -> anyhow::Result<Vec<Value>> {
    let deadline = Instant::now() + WAIT;
    loop {
        let page = serde_json::to_value(read().await?)?;
        let entries = page["entries"].as_array().cloned().unwrap_or_default();
        if entries.first().is_some_and(|entry| entry["event"]["type"] == "overdue") {
            return Ok(entries);
        }
        if Instant::now() > deadline {
            bail!("nothing is overdue: {page}");
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

#[tokio::test]
async fn a_subjects_log_is_the_same_on_every_node_and_consensus_writes_in_it() -> anyhow::Result<()>
{
    let town = Town::start(110).await?;
    let controller = party(&town, 1)?;
    let rules =
        RegimeRules { acknowledge_within_ms: ACKNOWLEDGE_WITHIN_MS, ..RegimeRules::INITIAL };
    let parties = &town.document.parties;
    let regime = parties.iter().find(|entry| entry.party == controller.party);
    let regime = regime.expect("the document has the party").regime;
    let regime = PublishRegime { regime, version: 1, statute_date: 20_220_401, rules };
    let population = Population { genesis: town.genesis, controller, seed: 110 };
    let (subject, pharmacy) = (population.subject(0), party(&town, 3)?);
    let publish = Operation::PublishRegime(regime);
    committed(&town, 0, &sign(&town.genesis, &registrar(&town)?, 0, vec![publish])).await?;
    committed(&town, 1, &population.notice()).await?;
    committed(&town, 2, &population.grant(0)).await?;
    committed(&town, 3, &population.access(&pharmacy, 0, 0)).await?;
    let withdraw = Operation::Withdraw(Withdraw { consent: population.consent(0) });
    committed(&town, 0, &sign(&town.genesis, &subject, 1, vec![withdraw])).await?;

    let prefix = &town.document.address_prefix;
    let reader = |payer: &Payer| Reader {
        address: payer.account.to_address(prefix),
        key: payer.key.clone(),
    };
    let (own, owing) = (reader(&subject), reader(&population.controller.payer));
    let (log, of_party) = (&Log::default(), &OfParty::default());
    let (mut subjects, mut controllers) = (Vec::new(), Vec::new());
    for url in town.urls() {
        let client = Client::connect(&Options::new(url)).await?;
        let of_subject = async || client.subject_log(&own.address, log, &own).await;
        subjects.push(with_overdue(of_subject).await?);
        let of_controller = async || client.party_log(PartyId::new(1), of_party, &owing).await;
        controllers.push(with_overdue(of_controller).await?);
    }
    let kinds: Vec<&Value> = subjects[0].iter().map(|entry| &entry["event"]["type"]).collect();
    assert_eq!(kinds, ["overdue", "consent_withdrawn", "access_permitted", "consent_granted"]);
    let overdue = &subjects[0][0];
    assert_eq!(overdue["transaction"], Value::Null);
    assert_eq!(overdue["event"]["debtor"], 1);
    assert_eq!(overdue["event"]["consent"], population.consent(0).get().to_string());
    for node in 1..4 {
        assert_eq!(subjects[node], subjects[0], "node {node}");
        assert_eq!(controllers[node], controllers[0], "node {node}");
    }
    Ok(())
}
