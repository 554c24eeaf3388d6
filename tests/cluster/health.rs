//! What a node says of itself: ready where it is of use, and what it waits for where it is not.

use std::time::Duration;

use kyojo_tests::network::{Network, Plan};
use ledger_types::{Genesis, Timestamp};
use network_clock::Clock;
use node_api::body::NodeBody;

use crate::town::Town;

const WAIT: Duration = Duration::from_secs(60);
/// Within so much a node knows that others are gone.
const SOON: Duration = Duration::from_secs(10);

fn waits_for(part: &'static str) -> impl Fn(&NodeBody) -> bool {
    move |node| !node.ready && node.waits_for.iter().any(|reason| reason.contains(part))
}

async fn readiness(town: &Town, index: usize) -> anyhow::Result<u16> {
    Ok(town.rest.get(&town.url(index), node_api::path::READYZ).await?.0)
}

#[tokio::test]
async fn an_idle_network_without_a_quorum_is_not_ready_within_seconds() -> anyhow::Result<()> {
    let mut town = Town::start(41).await?;
    assert_eq!(readiness(&town, 0).await?, 200);
    town.network.kill(2)?;
    // One that holds its connections and says nothing is as good as gone.
    town.network.suspend(3)?;
    let said = town.until_said(0, SOON, waits_for("2 of 4 votes are here and vote")).await?;
    let missing = said.waits_for.concat();
    for (part, why) in [("validator 2", "not connected"), ("validator 3", "does not answer")] {
        assert!(missing.contains(part) && missing.contains(why), "{missing}");
    }
    assert_eq!(readiness(&town, 0).await?, 503);
    Ok(())
}

#[tokio::test]
async fn a_validator_without_its_key_does_not_count_and_says_what_to_do() -> anyhow::Result<()> {
    let mut town = Town::start(42).await?;
    let (key, aside) = (town.network.home(3).join("consensus.key"), town.network.home(3).join("k"));
    town.network.terminate(3)?;
    std::fs::rename(&key, &aside)?;
    town.network.start_node(3)?;
    let said = town.until_said(3, WAIT, waits_for("there is no consensus.key")).await?;
    assert_eq!((said.role.as_str(), said.validator), ("mute validator", Some(3)));
    assert_eq!(readiness(&town, 3).await?, 503);
    let sees = |node: &NodeBody| {
        let third = node.peers.iter().find(|peer| peer.validator == 3);
        third.is_some_and(|peer| peer.connected && peer.answers && !peer.votes)
    };
    let said = town.until_said(0, WAIT, sees).await?;
    assert!(said.ready, "three of four vote: {said:?}");

    town.network.kill(2)?;
    town.until_said(0, SOON, waits_for("(does not vote)")).await?;
    assert_eq!(readiness(&town, 0).await?, 503, "it answers, and its votes are missing");

    town.network.terminate(3)?;
    std::fs::rename(&aside, &key)?;
    town.network.start_node(3)?;
    town.network.start_node(2)?;
    town.network.wait_ready(WAIT).await
}

#[tokio::test]
async fn a_validator_without_memory_says_that_it_follows_until_it_votes() -> anyhow::Result<()> {
    let mut town = Town::start(43).await?;
    town.until_said(1, WAIT, |node| node.stance == "voting").await?;
    town.rest.wait_height(&town.url(0), 2, WAIT).await?;
    // Two of four decide nothing, so that it cannot see heights decided and vote before it is asked.
    town.network.kill(1)?;
    town.network.kill(2)?;
    for lost in ["store", "consensus"] {
        std::fs::remove_dir_all(town.network.home(1).join(lost))?;
    }
    let before = town.network.log(1).len();
    town.network.start_node(1)?;
    let said = town.until_said(1, WAIT, waits_for("no memory of its votes")).await?;
    assert_eq!(said.stance, "following");
    town.network.start_node(2)?;
    town.until_said(1, WAIT, |node| node.ready && node.stance == "voting").await?;
    let log = town.network.log(1);
    let said = log.get(before..).unwrap_or_default();
    // That the third was away is worth an error; nothing else of a catch-up is.
    let is_noise = |line: &&str| {
        ["ERROR", "Location:", "backtrace"].iter().any(|noise| line.contains(noise))
            && !line.contains("Connection refused")
    };
    let noise: Vec<&str> = said.lines().filter(is_noise).collect();
    assert!(noise.is_empty(), "a catch-up is nothing out of order: {noise:?}");
    Ok(())
}

/// Puts a changed founding document into a home, as if its operator had been given that one.
fn refound(
    network: &Network,
    index: usize,
    before: &Genesis,
    after: &Genesis,
) -> anyhow::Result<()> {
    let home = network.home(index);
    std::fs::write(home.join("genesis.json"), serde_json::to_vec(after)?)?;
    let config = std::fs::read_to_string(home.join("config.toml"))?;
    // The directory of public names is of the network before.
    let config: String =
        config.split_inclusive('\n').filter(|line| !line.starts_with("directory")).collect();
    let pinned = config.replace(&before.hash().to_string(), &after.hash().to_string());
    Ok(std::fs::write(home.join("config.toml"), pinned)?)
}

#[tokio::test]
async fn a_network_that_begins_later_says_when_and_then_begins() -> anyhow::Result<()> {
    let network = Network::prepare(&Plan::small(44))?;
    let before = kyojo_tests::account::genesis(network.folder())?;
    let now = Clock::real().now().as_millis();
    let after = Genesis { time: Timestamp::from_millis(now + 30_000), ..before.clone() };
    for index in 0..network.size() {
        refound(&network, index, &before, &after)?;
    }
    let mut town = Town::of(network)?;
    town.network.start_all()?;
    town.until_said(0, WAIT, waits_for("the network begins at 20")).await?;
    town.network.wait_ready(Duration::from_secs(120)).await?;
    town.rest.wait_height(&town.url(0), 1, WAIT).await?;
    Ok(())
}

#[tokio::test]
async fn a_node_with_another_genesis_than_its_peers_ends_and_names_both() -> anyhow::Result<()> {
    let mut network = Network::prepare(&Plan::small(45))?;
    let before = kyojo_tests::account::genesis(network.folder())?;
    let after = Genesis { name: "other".to_owned(), ..before.clone() };
    refound(&network, 3, &before, &after)?;
    network.start_all()?;
    let status = network.wait_for_exit(3, WAIT)?;
    assert_eq!(status.code(), Some(3), "{}", network.log(3));
    let log = network.log(3);
    let last = log.lines().last().unwrap_or_default();
    assert!(last.starts_with("error: other validators have another genesis document"), "{last}");
    for hash in [before.hash(), after.hash()] {
        assert!(last.contains(&hash.to_string()), "{last}");
    }
    let town = Town::of(network)?;
    town.network.wait_ready(WAIT).await?;
    let named = after.hash().to_string();
    let warned = |node: &NodeBody| node.warnings.iter().any(|warning| warning.contains(&named));
    let said = town.until_said(0, WAIT, warned).await?;
    assert!(said.ready, "three of four go on: {said:?}");
    Ok(())
}

#[tokio::test]
async fn sighup_ends_a_node_in_order() -> anyhow::Result<()> {
    let mut town = Town::start(46).await?;
    let status = town.network.end_by(0, "-HUP")?;
    assert!(status.success(), "{status}; log: {}", town.network.log(0));
    assert!(town.network.log(0).contains("node stopped"), "{}", town.network.log(0));
    Ok(())
}

#[tokio::test]
async fn an_idle_network_goes_on_past_many_checkpoints_and_stays_ready() -> anyhow::Result<()> {
    let network = Network::prepare(&Plan::small(47))?;
    for index in 0..network.size() {
        // Hours of an idle network in seconds: heights and checkpoints come as often as they can.
        let file = network.home(index).join("config.toml");
        let config = std::fs::read_to_string(&file)?;
        let config = config.replace("[consensus]\n", "[consensus]\nidle_interval_ms = 20\n");
        let config = config.replace("[store]\n", "[store]\ncheckpoint_blocks = 8\n");
        std::fs::write(&file, config)?;
    }
    let mut town = Town::of(network)?;
    town.network.start_all()?;
    town.network.wait_ready(WAIT).await?;
    for index in 0..town.network.size() {
        town.rest.wait_height(&town.url(index), 160, WAIT).await?;
        assert_eq!(readiness(&town, index).await?, 200);
    }
    town.network.check_runs()?;
    town.assert_conserved().await
}
