//! Companies that found a network, and developers who take theirs up again.

use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use anyhow::ensure;
use kyojo_tests::founding::{Desk, GENESIS, HOMES, key};
use kyojo_tests::network::{binaries, free_ports};
use serde_json::Value;

const WAIT: Duration = Duration::from_secs(60);

fn run(folder: &Path, program: &str, arguments: &[&str]) -> anyhow::Result<Output> {
    let output = Command::new(binaries()?.join(program))
        .args(arguments)
        .current_dir(folder)
        .stdin(Stdio::null())
        .output()?;
    let said = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "{program} {arguments:?}: {said}");
    Ok(output)
}

#[tokio::test]
async fn four_companies_go_from_init_to_voting() -> anyhow::Result<()> {
    let desk = Desk::new()?;
    desk.init_all()?;
    // Each gives its one file to the founders.
    desk.write_document(GENESIS, &[])?;
    let party = ["kyojo-genesis", "add-party", "--number", "7", "--role", "controller", "--key"];
    desk.does(&[&party[..], &[&key(7)]].concat())?;
    let hash = desk.collect(GENESIS, &desk.cards())?;
    // Document and cards are given back.
    desk.join_all(&hash)?;
    for home in HOMES {
        let config = std::fs::read_to_string(desk.path(home).join("config.toml"))?;
        assert_eq!(config.matches("/p2p/").count(), 6 + 1, "three peers twice, and the comment");
        assert!(config.contains("# Where clients come in"), "comments stay: {config}");
    }
    let mut network = desk.network()?;
    network.start_all()?;
    network.wait_ready(WAIT).await?;
    for (index, home) in HOMES.into_iter().enumerate() {
        let said = desk.does(&["kyojo-node", "status", "--home", home, "--json"])?;
        let said: Value = serde_json::from_str(&said)?;
        let node = &said["data"]["status"]["node"];
        assert_eq!(node["role"], "validator", "{said}");
        assert_eq!(node["validator"], index, "{said}");
        assert_eq!(node["stance"], "voting", "{said}");
        let peers = node["peers"].as_array().map(Vec::as_slice).unwrap_or_default();
        assert_eq!(peers.len(), 3, "{said}");
        for peer in peers {
            assert_eq!(peer["votes"], true, "{said}");
            let id = peer["peer"].as_str().unwrap_or_default();
            assert!(said["data"]["addresses"][id][0].is_string(), "{said}");
        }
        let text = desk.does(&["kyojo-node", "status", "--home", home])?;
        assert!(text.contains("(Company ") && text.contains("/ip4/127.0.0.1/tcp/"), "{text}");
    }
    Ok(())
}

#[test]
fn a_dev_network_ends_in_order_and_goes_on_where_it_was() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let (town, base) = (folder.path().join("town"), free_ports(2)?.to_string());
    let town = town.display().to_string();
    let program = binaries()?.join("kyojo-node").display().to_string();
    // Once a height was decided.
    let asked = format!(
        "while :; do said=$('{program}' status --url \"$KYOJO_NODE\" --json); \
         case $said in *'\"height\":0,'*) ;; *) echo \"$said\"; break;; esac; done"
    );
    let height = |more: &[&str]| -> anyhow::Result<(u64, String)> {
        let small = ["dev", "-n", "2", "--citizens", "5", "--merchants", "2", "--out", &town];
        let shell = ["--", "sh", "-c", &asked];
        let output = run(folder.path(), "kyojo-node", &[&small[..], more, &shell].concat())?;
        let said: Value = serde_json::from_slice(&output.stdout)?;
        let height = said["data"]["status"]["height"].as_u64();
        let told = String::from_utf8(output.stderr)?;
        Ok((height.ok_or_else(|| anyhow::anyhow!("no height: {said}"))?, told))
    };
    let (first, told) = height(&["--base-port", &base])?;
    assert!(told.contains("Starting 2 validators"), "{told}");
    let (second, told) = height(&[])?;
    assert!(told.contains("Taking up the network of 2 validators"), "{told}");
    assert!(first > 0 && second >= first, "{second} after {first}");
    let log = std::fs::read_to_string(folder.path().join("town/node0.log"))?;
    assert_eq!(log.matches("node stopped").count(), 2, "{log}");
    Ok(())
}

#[test]
fn sighup_ends_a_dev_network_in_order() -> anyhow::Result<()> {
    use std::io::{BufRead as _, BufReader};
    let folder = tempfile::tempdir()?;
    let base = free_ports(1)?.to_string();
    let mut dev = Command::new(binaries()?.join("kyojo-node"))
        .args(["dev", "-n", "1", "--citizens", "5", "--merchants", "2", "--base-port", &base])
        .args(["--out", "town"])
        .current_dir(folder.path())
        .stdin(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()?;
    let told = dev.stderr.take().map(BufReader::new);
    let mut lines = told.into_iter().flat_map(|told| told.lines().map_while(Result::ok));
    let is_ready = lines.any(|line| line.starts_with("Ready after"));
    Command::new("kill").args(["-HUP", &dev.id().to_string()]).status()?;
    let status = dev.wait()?;
    assert!(is_ready && status.success(), "{status}");
    let log = std::fs::read_to_string(folder.path().join("town/node0.log"))?;
    assert!(log.contains("node stopped"), "{log}");
    Ok(())
}
