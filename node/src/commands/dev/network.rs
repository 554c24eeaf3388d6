//! The processes of a local network: laid out, started, stopped.
//!
//! A process is ended only through the handle that its start returned.

use std::fs::File;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail, ensure};
use kyojo_cli::print_aside;
use tokio::process::{Child, Command};

use crate::commands::status;
use crate::config::Home;

/// How long a node may take to stop when asked.
const STOP_WITHIN: Duration = Duration::from_secs(15);
/// Between two looks at something that is waited for.
const LOOK_AGAIN: Duration = Duration::from_millis(50);

/// The port of a node's clients, counted from its first.
const API_PORT: u16 = 2;

/// What the network should be like.
#[derive(Clone, Debug)]
pub(super) struct Plan {
    pub(super) validators: usize,
    pub(super) seed: u64,
    pub(super) citizens: u32,
    pub(super) merchants: u32,
    pub(super) out: Option<PathBuf>,
    pub(super) base_port: Option<u16>,
}

/// A network of processes.
#[derive(Debug)]
pub(super) struct Network {
    folder: PathBuf,
    /// Whether the folder goes when the network stops.
    temporary: bool,
    /// Whether it was there before.
    is_resumed: bool,
    program: PathBuf,
    base_port: u16,
    nodes: Vec<Option<Child>>,
}

/// What is left of a temporary network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Leave {
    /// Nothing.
    Nothing,
    /// Its folder with every log.
    Folder,
}

/// A program of this release that is not there.
#[derive(Debug, thiserror::Error)]
#[error("{} is missing: build all programs with `cargo build --release`", path.display())]
pub(super) struct MissingProgram {
    path: PathBuf,
}

impl Network {
    /// Writes genesis, keys and configurations, or takes up what is in the folder; starts nothing.
    pub(super) async fn lay_out(plan: &Plan) -> anyhow::Result<Self> {
        if let Some(folder) = plan.out.as_ref().filter(|folder| is_laid_out(folder)) {
            return Self::take_up(folder, plan.base_port);
        }
        let genesis = sibling("kyojo-genesis")?;
        let program = sibling("kyojo-node")?;
        let base_port = match plan.base_port {
            Some(port) => port,
            None => free_ports(plan.validators)?,
        };
        let temporary = plan.out.is_none();
        let own = || std::env::temp_dir().join(format!("kyojo-dev-{}", std::process::id()));
        let folder = std::path::absolute(plan.out.clone().unwrap_or_else(own))?;
        let output = Command::new(genesis)
            .args(["localnet", "--json", "-n", &plan.validators.to_string(), "--out"])
            .arg(&folder)
            .args(["--seed", &plan.seed.to_string(), "--base-port", &base_port.to_string()])
            .args(["--citizens", &plan.citizens.to_string()])
            .args(["--merchants", &plan.merchants.to_string()])
            .stdin(Stdio::null())
            .output()
            .await
            .context("kyojo-genesis does not start")?;
        let said = String::from_utf8_lossy(&output.stdout);
        ensure!(output.status.success(), "kyojo-genesis localnet: {said}");
        let nodes = (0..plan.validators).map(|_| None).collect();
        Ok(Self { folder, temporary, is_resumed: false, program, base_port, nodes })
    }

    /// The network that was laid out in a folder before, where it was.
    fn take_up(folder: &Path, base_port: Option<u16>) -> anyhow::Result<Self> {
        let folder = std::path::absolute(folder)?;
        let home = |index: usize| folder.join(format!("node{index}"));
        let first = Home::load(&home(0)).context("the network in the folder is not whole")?;
        let validators = first.genesis()?.validators.len();
        for index in 1..validators {
            Home::load(&home(index)).context("the network in the folder is not whole")?;
        }
        let own = first.config.api.listen.port().saturating_sub(API_PORT);
        ensure!(
            base_port.is_none_or(|asked| asked == own),
            "the network in {} has the base port {own}: leave --base-port out, or choose another \
             folder",
            folder.display()
        );
        let program = sibling("kyojo-node")?;
        let nodes = (0..validators).map(|_| None).collect();
        Ok(Self { folder, temporary: false, is_resumed: true, program, base_port: own, nodes })
    }

    /// Whether it was there before.
    pub(super) const fn is_resumed(&self) -> bool {
        self.is_resumed
    }

    /// The folder of everything.
    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// How many nodes there are, running or not.
    pub(super) fn size(&self) -> usize {
        self.nodes.len()
    }

    /// Where a node's clients come in.
    fn api(&self, index: usize) -> SocketAddr {
        let offset = u16::try_from(10 * index).unwrap_or(u16::MAX).saturating_add(API_PORT);
        SocketAddr::from((Ipv4Addr::LOCALHOST, self.base_port.saturating_add(offset)))
    }

    /// The base address of a node's API.
    pub(super) fn url(&self, index: usize) -> String {
        format!("http://{}", self.api(index))
    }

    /// A node's log.
    fn log(&self, index: usize) -> PathBuf {
        self.folder.join(format!("node{index}.log"))
    }

    /// Starts every node.
    pub(super) fn start_all(&mut self) -> anyhow::Result<()> {
        (0..self.nodes.len()).try_for_each(|index| self.start(index))
    }

    /// Starts a node that does not run, in a process group of its own: Ctrl-C is ours to handle.
    fn start(&mut self, index: usize) -> anyhow::Result<()> {
        let log = File::options().create(true).append(true).open(self.log(index))?;
        let child = Command::new(&self.program)
            .arg("start")
            .arg("--home")
            .arg(self.folder.join(format!("node{index}")))
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            .process_group(0)
            .kill_on_drop(true)
            .spawn()
            .with_context(|| format!("{} does not start", self.program.display()))?;
        let node = self.nodes.get_mut(index).context("there is no such node")?;
        ensure!(node.is_none(), "node {index} runs already");
        *node = Some(child);
        Ok(())
    }

    /// Waits until every running node says that it is ready.
    pub(super) async fn wait_ready(&mut self, within: Duration) -> anyhow::Result<()> {
        let deadline = Instant::now() + within;
        for index in 0..self.nodes.len() {
            while !is_ready(self.api(index)).await {
                self.check_runs(index)?;
                if Instant::now() > deadline {
                    bail!("node {index} is not ready after {within:?}; {}", self.last_words(index));
                }
                tokio::time::sleep(LOOK_AGAIN).await;
            }
        }
        Ok(())
    }

    /// Fails where a node ended by itself.
    pub(super) fn check_all_run(&mut self) -> anyhow::Result<()> {
        (0..self.nodes.len()).try_for_each(|index| self.check_runs(index))
    }

    fn check_runs(&mut self, index: usize) -> anyhow::Result<()> {
        let Some(Some(child)) = self.nodes.get_mut(index) else { return Ok(()) };
        match child.try_wait()? {
            None => Ok(()),
            Some(status) => bail!("node {index} ended ({status}); {}", self.last_words(index)),
        }
    }

    fn last_words(&self, index: usize) -> String {
        let text = std::fs::read_to_string(self.log(index)).unwrap_or_default();
        let lines: Vec<&str> = text.lines().collect();
        let last = lines.get(lines.len().saturating_sub(8)..).unwrap_or_default().join("\n  ");
        format!("its log {} ends:\n  {last}", self.log(index).display())
    }

    /// Asks every node to end, and ends those that do not. A temporary folder goes too, unless it
    /// is left for a look at what went wrong.
    pub(super) async fn stop(&mut self, leave: Leave) {
        for child in self.nodes.iter().flatten() {
            ask_to_end(child).await;
        }
        for child in self.nodes.iter_mut().filter_map(Option::as_mut) {
            if tokio::time::timeout(STOP_WITHIN, child.wait()).await.is_err() {
                // It may have ended meanwhile; then there is nothing to kill.
                let _ = child.kill().await;
            }
        }
        self.nodes.iter_mut().for_each(|node| *node = None);
        if leave == Leave::Folder {
            print_aside(&format!("Logs and stores are left in {}", self.folder.display()));
        } else if self.temporary {
            // What cannot be removed lies in the system's folder for temporary files.
            let _ = std::fs::remove_dir_all(&self.folder);
        }
    }
}

/// Whether a network was laid out in the folder.
fn is_laid_out(folder: &Path) -> bool {
    folder.join("genesis.json").is_file() && folder.join("node0").is_dir()
}

/// Whether the node there says so.
async fn is_ready(api: SocketAddr) -> bool {
    let asked = tokio::task::spawn_blocking(move || status::is_ready(&api.to_string()));
    asked.await.unwrap_or(false)
}

/// Sends SIGTERM to a process that this one started and has not waited for yet.
async fn ask_to_end(child: &Child) {
    if let Some(pid) = child.id() {
        let asked = Command::new("kill").args(["-TERM", &pid.to_string()]).status().await;
        // Where it cannot be asked, it is killed when it has not ended in time.
        drop(asked);
    }
}

/// A program of the same release: in KYOJO_BIN_DIR, or beside this one.
fn sibling(name: &str) -> anyhow::Result<PathBuf> {
    let folder = match std::env::var_os("KYOJO_BIN_DIR") {
        Some(folder) => PathBuf::from(folder),
        None => std::env::current_exe()?.parent().context("a program lies in a folder")?.to_owned(),
    };
    let path = folder.join(name);
    if path.is_file() { Ok(path) } else { Err(MissingProgram { path }.into()) }
}

/// The first base port from 26600 whose whole range is free now.
fn free_ports(validators: usize) -> anyhow::Result<u16> {
    let span = u16::try_from(10 * validators).context("too many validators")?;
    let is_free = |port: u16| TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok();
    let mut bases = (26_600..=60_000_u16).step_by(100);
    bases
        .find(|base| (0..span).filter(|port| port % 10 < 3).all(|port| is_free(base + port)))
        .context("no free range of ports; choose one with --base-port")
}
