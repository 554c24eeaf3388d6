//! Validators that are killed, wiped, misconfigured or asked to end.

use std::time::Duration;

use kyojo_tests::load::transfer;
use kyojo_tests::rest::audit;

use crate::town::Town;

const WAIT: Duration = Duration::from_secs(30);

#[tokio::test]
async fn with_one_of_four_killed_payments_go_on_and_it_rejoins() -> anyhow::Result<()> {
    let mut town = Town::start(21).await?;
    town.network.kill(3)?;
    let mut acknowledged = Vec::new();
    for nonce in 0..20 {
        let payment =
            transfer(&town.genesis, &town.citizens[0], nonce, town.citizens[1].account, 1);
        let settled = town.rest.settle(&town.url(0), &payment, WAIT).await?;
        assert_eq!(settled["receipt"]["outcome"], "committed", "{settled}");
        acknowledged.push(payment.id);
    }
    town.network.start_node(3)?;
    town.network.wait_ready(WAIT).await?;
    let found = audit(&town.rest, &town.urls(), &acknowledged).await?;
    assert_eq!(found, kyojo_tests::rest::Audit::default());
    town.assert_conserved().await
}

#[tokio::test]
async fn with_two_of_four_killed_nothing_is_committed_and_it_resumes() -> anyhow::Result<()> {
    let mut town = Town::start(22).await?;
    let first = transfer(&town.genesis, &town.citizens[0], 0, town.citizens[1].account, 1);
    town.rest.settle(&town.url(0), &first, WAIT).await?;
    town.network.kill(2)?;
    town.network.kill(3)?;
    let height = town.rest.height(&town.url(0)).await?;
    let stuck = transfer(&town.genesis, &town.citizens[0], 1, town.citizens[1].account, 1);
    let (status, body) =
        town.rest.submit(&town.url(0), stuck.bytes.clone(), Duration::from_secs(3)).await?;
    assert_eq!(status, 202, "no quorum, no receipt: {body}");
    // A block whose precommits were under way when the second one died may still be decided.
    assert!(town.rest.height(&town.url(0)).await? <= height + 1);
    town.network.start_node(2)?;
    town.network.start_node(3)?;
    let settled = town.rest.settle(&town.url(0), &stuck, Duration::from_secs(60)).await?;
    assert_eq!(settled["receipt"]["outcome"], "committed", "{settled}");
    town.network.wait_ready(WAIT).await?;
    let found = audit(&town.rest, &town.urls(), &[first.id, stuck.id]).await?;
    assert_eq!(found, kyojo_tests::rest::Audit::default());
    Ok(())
}

#[tokio::test]
async fn a_node_with_a_wiped_disk_catches_up() -> anyhow::Result<()> {
    let mut town = Town::start(23).await?;
    let mut acknowledged = Vec::new();
    for nonce in 0..5 {
        let payment =
            transfer(&town.genesis, &town.citizens[0], nonce, town.citizens[1].account, 1);
        town.rest.settle(&town.url(0), &payment, WAIT).await?;
        acknowledged.push(payment.id);
    }
    town.network.kill(1)?;
    for lost in ["store", "consensus"] {
        std::fs::remove_dir_all(town.network.home(1).join(lost))?;
    }
    town.network.start_node(1)?;
    let tip = town.rest.height(&town.url(0)).await?;
    town.rest.wait_height(&town.url(1), tip, Duration::from_secs(60)).await?;
    let found = audit(&town.rest, &town.urls(), &acknowledged).await?;
    assert_eq!(found, kyojo_tests::rest::Audit::default());
    Ok(())
}

#[tokio::test]
async fn sigterm_ends_a_node_with_success_and_it_starts_again() -> anyhow::Result<()> {
    let mut town = Town::start(24).await?;
    let payment = transfer(&town.genesis, &town.citizens[0], 0, town.citizens[1].account, 1);
    town.rest.settle(&town.url(0), &payment, WAIT).await?;
    let status = town.network.terminate(0)?;
    assert!(status.success(), "{status}; log: {}", town.network.log(0));
    town.network.start_node(0)?;
    town.network.wait_ready(WAIT).await?;
    let again = town.rest.settle(&town.url(0), &payment, WAIT).await?;
    assert_eq!(again["receipt"]["outcome"], "committed", "the receipt outlived the restart");
    Ok(())
}

#[tokio::test]
async fn a_node_with_another_genesis_refuses_to_start_and_names_both() -> anyhow::Result<()> {
    let mut town = Town::start(25).await?;
    town.network.kill(0)?;
    let path = town.network.home(0).join("genesis.json");
    let mut other = town.document.clone();
    other.name.push_str("-other");
    std::fs::write(&path, serde_json::to_vec(&other)?)?;
    town.network.start_node(0)?;
    let status = town.network.wait_for_exit(0, WAIT)?;
    assert_eq!(status.code(), Some(3), "a configuration fault");
    let log = town.network.log(0);
    assert!(log.contains(&town.genesis.to_string()), "ours is named: {log}");
    assert!(log.contains(&other.hash().to_string()), "theirs is named: {log}");
    Ok(())
}

#[tokio::test]
async fn a_second_process_on_the_same_home_refuses_to_start() -> anyhow::Result<()> {
    let town = Town::start(26).await?;
    let output = std::process::Command::new(kyojo_tests::network::binaries()?.join("kyojo-node"))
        .arg("start")
        .arg("--home")
        .arg(town.network.home(0))
        .output()?;
    assert!(!output.status.success());
    let tip = town.rest.height(&town.url(0)).await?;
    let payment = transfer(&town.genesis, &town.citizens[0], 0, town.citizens[1].account, 1);
    town.rest.settle(&town.url(0), &payment, WAIT).await?;
    assert!(town.rest.height(&town.url(0)).await? > tip, "the first process goes on");
    Ok(())
}

#[tokio::test]
async fn a_node_whose_disk_is_full_stops_with_its_code_and_comes_back_whole() -> anyhow::Result<()>
{
    let mut town = Town::start(27).await?;
    let mut acknowledged = Vec::new();
    for nonce in 0..5 {
        let payment =
            transfer(&town.genesis, &town.citizens[0], nonce, town.citizens[1].account, 1);
        town.rest.settle(&town.url(1), &payment, WAIT).await?;
        acknowledged.push(payment.id);
    }
    town.network.kill(0)?;
    let blocks = town.network.home(0).join("store/blocks/00000000000000000001.log");
    // In blocks of 512 bytes: a few heights more.
    let most = std::fs::metadata(blocks)?.len() / 512 + 8;
    let limited = std::process::Command::new("sh")
        .args(["-c", "trap '' XFSZ; ulimit -f $2; exec \"$0\" start --home \"$1\""])
        .arg(kyojo_tests::network::binaries()?.join("kyojo-node"))
        .arg(town.network.home(0))
        .arg(most.to_string())
        .output()?;
    let told = String::from_utf8_lossy(&limited.stderr);
    assert_eq!(limited.status.code(), Some(74), "{told}");
    assert!(told.contains("free space on that file system"), "{told}");
    town.network.start_node(0)?;
    town.network.wait_ready(WAIT).await?;
    let found = audit(&town.rest, &town.urls(), &acknowledged).await?;
    assert_eq!(found, kyojo_tests::rest::Audit::default());
    town.assert_conserved().await
}
