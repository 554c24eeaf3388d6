//! The lab's programs, run as people run them.

use std::process::Command;

use anyhow::{Context as _, ensure};
use kyojo_tests::network::binaries;
use serde_json::Value;

/// The data of a program's JSON envelope; it has to succeed.
pub(crate) fn data_of(name: &str, arguments: &[&str]) -> anyhow::Result<Value> {
    let program = binaries()?.join(name);
    let output = Command::new(&program)
        .args(arguments)
        .arg("--json")
        .output()
        .with_context(|| program.display().to_string())?;
    let envelope: Value = serde_json::from_slice(&output.stdout)?;
    let said = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success() && envelope["success"] == true, "{envelope}\n{said}");
    Ok(envelope["data"].clone())
}
