//! The two verifiers of bundles, which share no code: `kyojo verify` and the one in Python.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use anyhow::{Context as _, ensure};
use ledger_proof::bundle::TrustRoot;
use serde_json::Value;

use crate::network::binaries;

/// At most this many copies of one file are tampered with: every path's hashes are alike.
const COPIES_MAX: usize = 48;

/// What a verifier says of a file.
#[derive(Clone, Debug, PartialEq)]
pub enum Judgement {
    /// It holds, and this is what was proved.
    Accepted(Value),
    /// The check that failed, by the format's name for it.
    Refused(String),
}

/// Both verifiers with one trust root.
#[derive(Clone, Debug)]
pub struct Verifiers {
    kyojo: PathBuf,
    script: PathBuf,
    trust: PathBuf,
}

/// How many files were judged, and how.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Files that both accepted with one finding.
    pub proved: usize,
    /// Copies that were changed in one place.
    pub tampered: usize,
    /// Of them, those that both refused by one name.
    pub refused: usize,
}

impl Verifiers {
    /// The verifiers, trusting what `trust` says; its file is written to `path`.
    ///
    /// # Errors
    /// The file cannot be written, or `kyojo` was not built.
    pub fn new(trust: &TrustRoot, path: &Path) -> anyhow::Result<Self> {
        std::fs::write(path, trust.to_json()).with_context(|| path.display().to_string())?;
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("verify/kyojo_verify.py");
        ensure!(script.is_file(), "{} is not there", script.display());
        Ok(Self { kyojo: binaries()?.join("kyojo"), script, trust: path.to_owned() })
    }

    /// The verifiers, trusting what `kyojo trust` writes to `path` from a genesis document.
    ///
    /// # Errors
    /// `kyojo` was not built, or cannot write the file.
    pub fn of_genesis(genesis: &Path, path: &Path) -> anyhow::Result<Self> {
        let output = Command::new(binaries()?.join("kyojo"))
            .args(["trust", "--json", "--genesis"])
            .arg(genesis)
            .arg("--out")
            .arg(path)
            .env_clear()
            .output()
            .context("kyojo does not start")?;
        ensure!(output.status.success(), "kyojo trust: {}", said(&output)?);
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("verify/kyojo_verify.py");
        Ok(Self { kyojo: binaries()?.join("kyojo"), script, trust: path.to_owned() })
    }

    /// What both say of a file.
    ///
    /// # Errors
    /// One of them does not start or does not answer, or they disagree.
    pub fn judge(&self, file: &Path) -> anyhow::Result<Judgement> {
        let (ours, theirs) = (self.ours(file)?, self.theirs(file)?);
        ensure!(ours == theirs, "{}: kyojo says {ours:?}, Python {theirs:?}", file.display());
        Ok(ours)
    }

    /// Both accept the file, and refuse every copy with one text changed.
    ///
    /// # Errors
    /// As [`Verifiers::judge`], or one of them refuses the file itself.
    pub fn prove(&self, file: &Path, tally: &mut Tally) -> anyhow::Result<Value> {
        let found = match self.judge(file)? {
            Judgement::Accepted(found) => found,
            Judgement::Refused(code) => anyhow::bail!("{} is refused: {code}", file.display()),
        };
        tally.proved += 1;
        let good: Value = serde_json::from_slice(&std::fs::read(file)?)?;
        let mut places = Vec::new();
        texts(&good, "", &mut places);
        ensure!(places.len() > 5, "{}: {places:?}", file.display());
        let step = places.len().div_ceil(COPIES_MAX);
        let folder = tempfile::tempdir()?;
        for place in places.iter().step_by(step) {
            let copy = folder.path().join("copy.json");
            std::fs::write(&copy, spoiled(&good, place)?.to_string())?;
            tally.tampered += 1;
            match self.judge(&copy)? {
                Judgement::Refused(_) => tally.refused += 1,
                Judgement::Accepted(_) => eprintln!("{}: {place} was spoiled", file.display()),
            }
        }
        Ok(found)
    }

    fn ours(&self, file: &Path) -> anyhow::Result<Judgement> {
        let home = tempfile::tempdir()?;
        let output = Command::new(&self.kyojo)
            .args(["verify", "--json", "--trust"])
            .arg(&self.trust)
            .arg(file)
            .env("HOME", home.path())
            .env("XDG_CONFIG_HOME", home.path())
            .env("XDG_DATA_HOME", home.path())
            .output()
            .context("kyojo does not start")?;
        let envelope = said(&output)?;
        match output.status.code() {
            Some(0) => Ok(Judgement::Accepted(envelope["data"].clone())),
            Some(10) => Ok(Judgement::Refused(text(&envelope["errors"][0]["code"])?)),
            _ => anyhow::bail!("kyojo verify: {envelope}"),
        }
    }

    fn theirs(&self, file: &Path) -> anyhow::Result<Judgement> {
        let output = Command::new("python3")
            .arg(&self.script)
            .arg(file)
            .arg("--trust")
            .arg(&self.trust)
            .output()
            .context("python3 does not start")?;
        let answer = said(&output)?;
        match output.status.code() {
            Some(0) => Ok(Judgement::Accepted(answer["verified"].clone())),
            Some(10) => Ok(Judgement::Refused(text(&answer["code"])?)),
            _ => anyhow::bail!("kyojo_verify.py: {answer}"),
        }
    }
}

fn said(output: &Output) -> anyhow::Result<Value> {
    serde_json::from_slice(&output.stdout)
        .with_context(|| String::from_utf8_lossy(&output.stderr).into_owned())
}

fn text(value: &Value) -> anyhow::Result<String> {
    value.as_str().map(str::to_owned).with_context(|| format!("no code: {value}"))
}

/// A copy with another letter in place of one in the text at `place`.
fn spoiled(good: &Value, place: &str) -> anyhow::Result<Value> {
    let mut bad = good.clone();
    let text = bad.pointer_mut(place).context("a place")?;
    *text = spoil(text.as_str().context("a text")?).into();
    Ok(bad)
}

/// The places of every text in a document, as JSON pointers.
fn texts(value: &Value, at: &str, found: &mut Vec<String>) {
    match value {
        Value::String(_) => found.push(at.to_owned()),
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                texts(item, &format!("{at}/{index}"), found);
            }
        }
        Value::Object(fields) => {
            for (name, item) in fields {
                texts(item, &format!("{at}/{name}"), found);
            }
        }
        _ => {}
    }
}

/// Puts another letter in place of one in the middle; in a checkpoint one of its root.
#[must_use]
pub fn spoil(text: &str) -> String {
    let mut letters: Vec<char> = text.chars().collect();
    let lines: Vec<&str> = text.lines().collect();
    let at = match lines.as_slice() {
        [origin, size, _, "", ..] => origin.len() + size.len() + 6,
        _ => letters.len() / 2,
    };
    if let Some(letter) = letters.get_mut(at) {
        *letter = if *letter == 'A' { 'B' } else { 'A' };
    }
    letters.into_iter().collect()
}
