//! Somebody with the wallet program, whose answers are read as JSON.

use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use anyhow::{Context as _, ensure};
use kyojo_tests::network::{Network, binaries};
use serde_json::Value;

/// The password of every wallet here.
const PASSWORD: &str = "a password of nobody 7";

/// A wallet in a home of its own.
pub(crate) struct Desk {
    home: PathBuf,
    node: String,
}

impl Desk {
    /// Somebody new, with an empty home.
    pub(crate) fn new(network: &Network, name: &str) -> anyhow::Result<Self> {
        let home = network.folder().join(name);
        std::fs::create_dir_all(&home)?;
        std::fs::write(home.join("password"), PASSWORD)?;
        Ok(Self { home, node: network.url(0) })
    }

    /// An actor of the network, who may have sat down before.
    pub(crate) fn actor(network: &Network, name: &str) -> anyhow::Result<Self> {
        let was_there = network.folder().join(name).exists();
        let desk = Self::new(network, name)?;
        if was_there {
            return Ok(desk);
        }
        let actors = network.folder().join("actors.json").display().to_string();
        desk.does(&["wallet", "import", "--actors", &actors, "--name", name])?;
        Ok(desk)
    }

    /// Where its files are.
    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.home.join(name)
    }

    /// Runs a command, which must succeed; gives its data.
    pub(crate) fn does(&self, arguments: &[&str]) -> anyhow::Result<Value> {
        let (ok, mut answer) = self.run(arguments)?;
        ensure!(ok, "kyojo {}: {answer}", arguments.join(" "));
        Ok(answer["data"].take())
    }

    /// Runs a command, which must fail; gives the code of its error.
    pub(crate) fn refused(&self, arguments: &[&str]) -> anyhow::Result<String> {
        let (ok, answer) = self.run(arguments)?;
        ensure!(!ok, "kyojo {} was done: {answer}", arguments.join(" "));
        let code = answer["errors"][0]["code"].as_str();
        Ok(code.with_context(|| format!("no code in {answer}"))?.to_owned())
    }

    /// Begins a command that goes on while others are run, and waits until it says this.
    pub(crate) fn begins(&self, arguments: &[&str], said: &str) -> anyhow::Result<Child> {
        let mut command = self.command(arguments)?;
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().context("kyojo does not start")?;
        let mut lines = BufReader::new(child.stderr.take().context("no pipe")?).lines();
        let has_begun = lines.by_ref().map_while(Result::ok).any(|line| line.contains(said));
        ensure!(has_begun, "kyojo {} never said: {said}", arguments.join(" "));
        // What else it says is read, so that it can go on saying it.
        std::thread::spawn(move || lines.map_while(Result::ok).for_each(drop));
        Ok(child)
    }

    /// What it said in the end.
    pub(crate) fn ended(child: Child) -> anyhow::Result<Value> {
        let output = child.wait_with_output()?;
        let mut answer: Value = serde_json::from_slice(&output.stdout)?;
        ensure!(output.status.success(), "{answer}");
        Ok(answer["data"].take())
    }

    fn run(&self, arguments: &[&str]) -> anyhow::Result<(bool, Value)> {
        let output = self.command(arguments)?.output().context("kyojo does not start")?;
        let answer = serde_json::from_slice(&output.stdout)
            .with_context(|| String::from_utf8_lossy(&output.stderr).into_owned())?;
        Ok((output.status.success(), answer))
    }

    fn command(&self, arguments: &[&str]) -> anyhow::Result<Command> {
        let mut command = Command::new(binaries()?.join("kyojo"));
        command
            .args(arguments)
            .args(["--json", "--yes"])
            .current_dir(&self.home)
            .env_clear()
            .env("HOME", &self.home)
            .env("KYOJO_HOME", &self.home)
            .env("KYOJO_NODE", &self.node)
            .env("KYOJO_LANG", "en")
            .env("KYOJO_PASSWORD_FILE", self.home.join("password"));
        Ok(command)
    }

    /// Its account's address.
    pub(crate) fn address(&self) -> anyhow::Result<String> {
        let shown = self.does(&["wallet", "show"])?;
        let address = shown["address"].as_str();
        Ok(address.with_context(|| format!("no address in {shown}"))?.to_owned())
    }

    /// The number of the last payment that it got as a shop.
    pub(crate) fn last_payment(&self) -> anyhow::Result<String> {
        let payments = self.does(&["merchant", "payments"])?;
        let number = payments["payments"][0]["payment"].as_str();
        Ok(number.with_context(|| format!("no payment in {payments}"))?.to_owned())
    }
}
