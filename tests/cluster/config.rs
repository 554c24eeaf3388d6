//! What `kyojo-genesis localnet` writes is what `kyojo-node` reads: neither crate sees the other.

use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, ensure};
use kyojo_tests::account::genesis;
use kyojo_tests::network::{Network, Plan, binaries};

/// What `kyojo-node config` prints about a home.
fn config(command: &str, home: &Path) -> anyhow::Result<String> {
    let output = Command::new(binaries()?.join("kyojo-node"))
        .args(["config", command, "--home"])
        .arg(home)
        .output()
        .context("kyojo-node does not start")?;
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    ensure!(output.status.success(), "config {command} {}: {said}", home.display());
    Ok(String::from_utf8(output.stdout)?)
}

#[test]
fn every_generated_configuration_is_read_by_the_node_as_it_was_meant() -> anyhow::Result<()> {
    for validators in [1, 4, 7] {
        let network = Network::prepare(&Plan { validators, ..Plan::small(70) })?;
        let hash = genesis(network.folder())?.hash().to_string();
        for index in 0..validators {
            let home = network.home(index);
            let checked = config("check", &home)?;
            for part in [hash.as_str(), "role         validator", "a genesis validator's"] {
                assert!(checked.contains(part), "{part}: {checked}");
            }
            let shown: toml::Table = config("show", &home)?.parse()?;
            let written: toml::Table =
                std::fs::read_to_string(home.join("config.toml"))?.parse()?;
            for (section, values) in &written {
                for (key, value) in values.as_table().context("a section")? {
                    assert_eq!(&shown[section][key], value, "node {index}: {section}.{key}");
                }
            }
            // What is shown is a whole configuration of its own.
            std::fs::write(home.join("config.toml"), toml::to_string(&shown)?)?;
            assert_eq!(config("check", &home)?, checked);
        }
    }
    Ok(())
}

#[test]
fn a_taken_port_is_told_in_one_line_and_ends_the_node_with_its_code() -> anyhow::Result<()> {
    let network = Network::prepare(&Plan { validators: 1, ..Plan::small(72) })?;
    for (part, port) in [
        ("consensus", network.consensus_port(0)),
        ("gossip", network.gossip_port(0)),
        ("api", network.api_port(0)),
    ] {
        let _taken = std::net::TcpListener::bind(("127.0.0.1", port))?;
        let output = Command::new(binaries()?.join("kyojo-node"))
            .args(["start", "--home"])
            .arg(network.home(0))
            .output()?;
        let told = String::from_utf8(output.stderr)?;
        assert_eq!(output.status.code(), Some(69), "{told}");
        let last = told.lines().last().unwrap_or_default();
        let expected = format!("error: [{part}] listen = 127.0.0.1:{port}: Address already in use");
        assert!(last.starts_with(&expected), "{told}");
    }
    Ok(())
}

#[test]
fn a_configuration_that_pins_another_network_is_refused() -> anyhow::Result<()> {
    let network = Network::prepare(&Plan { validators: 1, ..Plan::small(71) })?;
    let path = network.home(0).join("config.toml");
    let hash = genesis(network.folder())?.hash().to_string();
    let text = std::fs::read_to_string(&path)?;
    std::fs::write(&path, text.replace(&hash, &"11".repeat(32)))?;
    let refused = config("check", &network.home(0)).expect_err("another network").to_string();
    assert!(refused.contains(&hash) && refused.contains(&"11".repeat(32)), "{refused}");
    Ok(())
}
