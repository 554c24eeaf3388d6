//! What the disk of a company's validator holds of the citizen, after she was there.

use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, ensure};
use consent_records::sweep::Sweep;
use kyojo_tests::network::binaries;
use serde::Serialize;
use serde_json::Value;

use crate::people::Citizen;
use crate::region::Region;

/// The validator whose disk is looked at: a company's.
const COMPANY: usize = 3;

/// What was found.
#[derive(Debug, Serialize)]
pub(crate) struct Traces {
    /// Personal strings, salts and secrets that were looked for, in every usual encoding.
    pub(crate) looked_for: usize,
    /// Files and bytes that were searched: the whole of the validator's home.
    pub(crate) files: usize,
    pub(crate) bytes: u64,
    /// How many were found. Anything but none is a failure.
    pub(crate) found: usize,
    /// What `kyojo-node inspect` lists about her pseudonym.
    pub(crate) inventory: Value,
}

/// Stops the validator, searches its home, and asks it what it can say.
pub(crate) fn look(region: &mut Region, citizen: &Citizen) -> anyhow::Result<Traces> {
    let status = region.network.terminate(COMPANY)?;
    ensure!(status.success(), "the validator did not end well: {status}");
    let (sweep, looked_for) = citizen.sweep()?;
    let mut traces = Traces { looked_for, files: 0, bytes: 0, found: 0, inventory: Value::Null };
    let home = region.network.home(COMPANY);
    search(&home, &sweep, &mut traces)?;
    let address = citizen.sender.payer.account.to_address(&region.document.address_prefix);
    let output = Command::new(binaries()?.join("kyojo-node"))
        .args(["inspect", "--json", "--home"])
        .arg(&home)
        .arg(&address)
        .output()
        .context("kyojo-node does not start")?;
    let envelope: Value = serde_json::from_slice(&output.stdout).context("inspect")?;
    ensure!(envelope["success"] == true, "kyojo-node inspect: {envelope}");
    let inventory = envelope["data"].clone();
    let missing = inventory["unclassified"].as_array().map_or(usize::MAX, Vec::len);
    ensure!(missing == 0, "the disk says what nobody has decided on: {inventory}");
    ensure!(inventory["concerned"].as_u64() > Some(0), "nothing was found of her: {inventory}");
    traces.inventory = inventory;
    Ok(traces)
}

fn search(folder: &Path, sweep: &Sweep, traces: &mut Traces) -> anyhow::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            search(&path, sweep, traces)?;
            continue;
        }
        let bytes = std::fs::read(&path)?;
        traces.files += 1;
        traces.bytes += bytes.len() as u64;
        for finding in sweep.search(&bytes) {
            eprintln!("{}: {} as {:?}", path.display(), finding.name, finding.form);
            traces.found += 1;
        }
    }
    Ok(())
}
