//! The log's copy under verifiers that were made elsewhere (`scripts/foreign.sh`).

use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, ensure};
use serde::Deserialize;

/// What they said.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Found {
    /// Who accepts the log.
    pub(crate) verifiers: Vec<String>,
    /// Copies of the log that are wrong in one way, for each verifier.
    pub(crate) tampered: usize,
    /// Of them, those that were refused.
    pub(crate) refused: usize,
}

/// Has them check the copy in a folder, and tampered copies of it.
pub(crate) fn check(log: &Path) -> anyhow::Result<Found> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../scripts/foreign.sh");
    let report = tempfile::NamedTempFile::new()?;
    let output = Command::new(&script)
        .arg(log)
        .env("KYOJO_FOREIGN_REPORT", report.path())
        .output()
        .with_context(|| script.display().to_string())?;
    ensure!(
        output.status.success(),
        "{}: {}{}",
        script.display(),
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    let found = std::fs::read(report.path())?;
    serde_json::from_slice(&found).context("the report of the foreign verifiers")
}
