//! A gateway as a process: started, asked by command, killed, told to stop.

use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail, ensure};

use serde_json::Value;

use crate::network::binaries;

/// How long it may take to drain.
const ENDS_WITHIN: Duration = Duration::from_secs(30);

/// A gateway in a folder of its own, ended with it.
#[derive(Debug)]
pub struct Gateway {
    program: PathBuf,
    folder: PathBuf,
    child: Option<Child>,
}

impl Gateway {
    /// Starts a gateway with this configuration and party key.
    ///
    /// # Errors
    /// It does not start, or does not like its configuration.
    pub fn begin(folder: &Path, config: &str, key: &str) -> anyhow::Result<Self> {
        std::fs::create_dir_all(folder)?;
        secret(&folder.join("party.key"), key)?;
        secret(&folder.join("upstream.token"), super::stand_ins::CREDENTIAL)?;
        std::fs::write(folder.join("gateway.toml"), config)?;
        let program = binaries()?.join("kyojo-gateway");
        let mut gateway = Self { program, folder: folder.to_owned(), child: None };
        let checked = gateway.run(&["check-config"])?;
        ensure!(checked["success"] == true, "{checked}");
        gateway.start()?;
        Ok(gateway)
    }

    /// Starts it and waits until it says where it listens.
    ///
    /// # Errors
    /// It runs already, or does not start.
    pub fn start(&mut self) -> anyhow::Result<()> {
        ensure!(self.child.is_none(), "it runs already");
        let log = File::options().create(true).append(true).open(self.folder.join("log"))?;
        let mut child = Command::new(&self.program)
            .args(["start", "--json", "--config"])
            .arg(self.folder.join("gateway.toml"))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .context("kyojo-gateway does not start")?;
        let mut line = String::new();
        let out = child.stdout.take().context("its output is piped")?;
        BufReader::new(out).read_line(&mut line)?;
        self.child = Some(child);
        let said: Value = serde_json::from_str(&line).with_context(|| self.log())?;
        ensure!(said["success"] == true, "{said}");
        Ok(())
    }

    /// A command's envelope.
    ///
    /// # Errors
    /// It does not start or prints no envelope.
    pub fn run(&self, arguments: &[&str]) -> anyhow::Result<Value> {
        let output = Command::new(&self.program)
            .args(arguments)
            .args(["--json", "--config"])
            .arg(self.folder.join("gateway.toml"))
            .output()?;
        let text = String::from_utf8_lossy(&output.stderr);
        serde_json::from_slice(&output.stdout).with_context(|| text.into_owned())
    }

    /// What a command lists.
    ///
    /// # Errors
    /// It fails, or prints no list.
    pub fn list(&self, arguments: &[&str]) -> anyhow::Result<Vec<Value>> {
        let mut listed = self.run(arguments)?;
        ensure!(listed["success"] == true, "{listed}");
        let items = listed["data"]["items"].take();
        serde_json::from_value(items).context("a list has items")
    }

    /// Hands a file over.
    ///
    /// # Errors
    /// It refuses the file.
    pub fn add(&self, handed: &Value) -> anyhow::Result<()> {
        let file = self.folder.join("handed.json");
        std::fs::write(&file, handed.to_string())?;
        let added = self.run(&["terms", "add", &file.display().to_string()])?;
        std::fs::remove_file(&file)?;
        ensure!(added["success"] == true, "{added}");
        Ok(())
    }

    /// Ends it with SIGKILL.
    ///
    /// # Errors
    /// It does not run.
    pub fn kill(&mut self) -> anyhow::Result<()> {
        let mut child = self.child.take().context("it does not run")?;
        child.kill()?;
        child.wait()?;
        Ok(())
    }

    /// Asks it to end with SIGTERM and waits for it.
    ///
    /// # Errors
    /// It does not run, or does not end in time.
    pub fn terminate(&mut self) -> anyhow::Result<ExitStatus> {
        let mut child = self.child.take().context("it does not run")?;
        Command::new("kill").args(["-TERM", &child.id().to_string()]).status()?;
        let deadline = Instant::now() + ENDS_WITHIN;
        while Instant::now() < deadline {
            if let Some(status) = child.try_wait()? {
                return Ok(status);
            }
            std::thread::park_timeout(Duration::from_millis(20));
        }
        child.kill()?;
        child.wait()?;
        bail!("it did not end after SIGTERM")
    }

    /// What it has logged so far.
    #[must_use]
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.folder.join("log")).unwrap_or_default()
    }
}

impl Drop for Gateway {
    fn drop(&mut self) {
        if let Some(child) = &mut self.child {
            // It may have ended by itself; either way nothing is left to do about it here.
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

fn secret(file: &Path, text: &str) -> anyhow::Result<()> {
    std::fs::write(file, text)?;
    std::fs::set_permissions(file, std::fs::Permissions::from_mode(0o600))?;
    Ok(())
}
