//! Someone at a machine of their own: a folder of wallets, a password, and the command `kyojo`.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, ensure};
use kyojo_genesis::actors::ActorRole;
use kyojo_tests::network::binaries;
use serde_json::Value;

use crate::town::Town;

const PASSWORD: &str = "correct horse battery";

/// See the module.
pub(crate) struct Person {
    folder: tempfile::TempDir,
    program: PathBuf,
    node: String,
}

/// What a run printed and how it ended.
#[derive(Debug)]
pub(crate) struct Outcome {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Person {
    /// Someone new, who has no wallet and uses node 0 of the town.
    pub(crate) fn new(town: &Town) -> anyhow::Result<Self> {
        let person = Self {
            folder: tempfile::tempdir()?,
            program: binaries()?.join("kyojo"),
            node: town.url(0),
        };
        person.write("password", PASSWORD)?;
        Ok(person)
    }

    /// One of the town's actors, with its wallet under its own name.
    pub(crate) fn actor(town: &Town, name: &str) -> anyhow::Result<Self> {
        let person = Self::new(town)?;
        let actors = town.network.folder().join("actors.json");
        let actors = actors.to_str().context("a path of letters")?;
        person.does(&["wallet", "import", "--actors", actors, "--name", name])?;
        Ok(person)
    }

    /// Writes a file into the folder in which commands run.
    pub(crate) fn write(&self, name: &str, text: &str) -> anyhow::Result<()> {
        Ok(std::fs::write(self.path(name), text)?)
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Runs the command as it is, in English unless told otherwise, never asking anything.
    pub(crate) fn run(&self, arguments: &[&str]) -> anyhow::Result<Outcome> {
        // A network of four on one machine answers when it can.
        let is_patient = arguments.contains(&"--timeout");
        let patience: &[&str] = if is_patient { &[] } else { &["--timeout", "30"] };
        let output = Command::new(&self.program)
            .args(arguments)
            .args(patience)
            .env_clear()
            .env("KYOJO_HOME", self.folder())
            .env("KYOJO_NODE", &self.node)
            .env("KYOJO_LANG", "en")
            .env("KYOJO_PASSWORD_FILE", self.path("password"))
            .env("TZ", "Asia/Tokyo")
            .current_dir(self.folder())
            .stdin(Stdio::null())
            .output()
            .context("kyojo does not start")?;
        Ok(Outcome {
            code: output.status.code().context("kyojo was killed")?,
            stdout: String::from_utf8(output.stdout)?,
            stderr: String::from_utf8(output.stderr)?,
        })
    }

    /// Runs the command with `--json`; its exit code, and its envelope, whose form is checked.
    pub(crate) fn json(&self, arguments: &[&str]) -> anyhow::Result<(i32, Value)> {
        let outcome = self.run(&[arguments, &["--json"]].concat())?;
        ensure!(outcome.stdout.lines().count() == 1, "not one envelope: {outcome:?}");
        let envelope: Value = serde_json::from_str(&outcome.stdout)?;
        let is_sound = envelope["schema_version"] == 1
            && envelope["success"] == (outcome.code == 0)
            && envelope["errors"].as_array().is_some_and(|e| e.is_empty() == (outcome.code == 0))
            && envelope["warnings"].is_array();
        ensure!(is_sound, "the envelope's form: {envelope}");
        Ok((outcome.code, envelope))
    }

    /// Runs a command that must succeed; what it found.
    pub(crate) fn does(&self, arguments: &[&str]) -> anyhow::Result<Value> {
        let (code, envelope) = self.json(arguments)?;
        ensure!(code == 0, "kyojo {arguments:?}: exit {code}: {envelope}");
        Ok(envelope["data"].clone())
    }

    /// Runs a command that must fail with this exit code and error; its details.
    pub(crate) fn fails(
        &self,
        arguments: &[&str],
        exit: i32,
        error: &str,
    ) -> anyhow::Result<Value> {
        let (code, envelope) = self.json(arguments)?;
        let found = &envelope["errors"][0]["code"];
        ensure!(
            (code, found.as_str()) == (exit, Some(error)),
            "kyojo {arguments:?}: exit {code}, not {exit} {error}: {envelope}"
        );
        Ok(envelope["errors"][0]["details"].clone())
    }

    /// What the command prints for people, in Japanese; nothing on standard error.
    pub(crate) fn says_in_japanese(&self, arguments: &[&str]) -> anyhow::Result<String> {
        let outcome = self.run(&[arguments, &["--lang", "ja", "--quiet"]].concat())?;
        ensure!(outcome.code == 0 && outcome.stderr.is_empty(), "{arguments:?}: {outcome:?}");
        Ok(outcome.stdout)
    }

    /// The balance, in yen, of the wallet in use.
    pub(crate) fn balance(&self) -> anyhow::Result<String> {
        text(&self.does(&["balance"])?, "balance")
    }
}

/// The bank's name among the actors that keeps the first citizen's account, and its code.
pub(crate) fn first_bank(town: &Town) -> (String, u16) {
    let bank = town.actors.actors.iter().find(|actor| actor.role == ActorRole::Bank);
    let bank = bank.expect("a town has a bank");
    (bank.name.clone(), bank.bank.expect("a bank has a code").get())
}

/// The address of an actor.
pub(crate) fn address_of(town: &Town, name: &str) -> String {
    let actor = town.actors.actors.iter().find(|actor| actor.name == name);
    actor.expect("the town has an actor of this name").address.clone()
}

/// A field that is text.
pub(crate) fn text(data: &Value, field: &str) -> anyhow::Result<String> {
    Ok(data[field].as_str().with_context(|| format!("no text {field} in {data}"))?.to_owned())
}

/// A new citizen's or shop's wallet and account at a bank, opened as the two would do it.
pub(crate) fn newcomer(
    town: &Town,
    bank: &Person,
    name: &str,
    kind: &str,
) -> anyhow::Result<(Person, String)> {
    let person = Person::new(town)?;
    let made = person.does(&["wallet", "new", name, "--yes", "--words", "ja"])?;
    let code = text(&made, "opening_code")?;
    bank.write("holder.json", &format!("{{\"name\": \"{name}\"}}"))?;
    let open = [
        "bank",
        "account",
        "open",
        "--code",
        &code,
        "--kind",
        kind,
        "--holder-file",
        "holder.json",
    ];
    let opened = bank.does(&[&open[..], &["--yes"]].concat())?;
    let address = text(&opened, "address")?;
    ensure!(bank.path(&format!("openings/{address}.json")).exists(), "the salt was kept");
    let attached = person.does(&["wallet", "attach", &address])?;
    ensure!(attached["address"] == address.as_str(), "{attached}");
    Ok((person, address))
}
