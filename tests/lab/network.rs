//! A local network of real validator processes: started, killed, restarted, stopped.
//!
//! Processes are ended only by the pid that this started. Dropping the network ends them all.

use std::fs::File;
use std::net::TcpListener;
use std::num::NonZeroU32;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail, ensure};

use crate::relay::Relay;

/// How many times the usual allowances payers of lab networks have: few of them act as many do.
pub const ALLOWANCES_TIMES: u32 = 10_000;

/// How a network is made.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    /// How many validators.
    pub validators: usize,
    /// Seed of every key.
    pub seed: u64,
    /// Further arguments of `kyojo-genesis localnet`.
    pub genesis_arguments: Vec<String>,
    /// Its folder, new or empty, which stays; without one a temporary folder, which goes.
    pub out: Option<PathBuf>,
    /// The consensus port of node 0; without one the first of a free range.
    pub base_port: Option<u16>,
    /// How much later every word between two validators arrives, each way; this needs a runtime.
    pub delay: Option<Duration>,
    /// How votes and proposals travel, as `[consensus] pubsub` says it; the node's default without.
    pub pubsub: Option<PubSub>,
    /// Whether every node has its operators' listener.
    pub telemetry: bool,
    /// Further names by which every node is reached, as through a gate before it.
    pub names: Vec<String>,
    /// How many times the usual allowances payers have; [`ALLOWANCES_TIMES`] without.
    pub allowances_times: Option<NonZeroU32>,
}

/// How votes and proposals travel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum PubSub {
    /// To each peer, once.
    Broadcast,
    /// By libp2p's gossipsub.
    Gossipsub,
}

impl PubSub {
    /// As a configuration says it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Broadcast => "broadcast",
            Self::Gossipsub => "gossipsub",
        }
    }
}

/// A program that was not built.
#[derive(Debug, thiserror::Error)]
#[error("kyojo-node is not in {looked_in:?}; build all programs with `cargo build --release`")]
pub struct MissingPrograms {
    looked_in: Vec<PathBuf>,
}

impl Plan {
    /// Four validators and a small town.
    #[must_use]
    pub fn small(seed: u64) -> Self {
        let arguments = ["--citizens", "40", "--merchants", "5"];
        Self {
            validators: 4,
            seed,
            genesis_arguments: arguments.iter().map(ToString::to_string).collect(),
            ..Self::default()
        }
    }
}

/// A running network. Its folder is removed with it unless it was given from outside.
#[derive(Debug)]
pub struct Network {
    folder: PathBuf,
    temporary: Option<tempfile::TempDir>,
    base_port: u16,
    nodes: Vec<Option<Child>>,
    binaries: PathBuf,
    /// Between the nodes, where there is a delay.
    relays: Vec<Relay>,
}

/// The folder of the built programs: `KYOJO_BIN_DIR`, or the one that this program lies in or under.
///
/// # Errors
/// None of them holds `kyojo-node`.
pub fn binaries() -> anyhow::Result<PathBuf> {
    let mut candidates: Vec<PathBuf> =
        std::env::var_os("KYOJO_BIN_DIR").map(PathBuf::from).into_iter().collect();
    let own = std::env::current_exe().context("where this program lies")?;
    candidates.extend(own.ancestors().skip(1).take(2).map(Path::to_path_buf));
    let found = candidates.iter().find(|folder| folder.join("kyojo-node").is_file()).cloned();
    Ok(found.ok_or(MissingPrograms { looked_in: candidates })?)
}

impl Network {
    /// Makes a genesis and starts every validator.
    ///
    /// # Errors
    /// A program is missing or fails; its output is in the error.
    pub fn start(plan: &Plan) -> anyhow::Result<Self> {
        let mut network = Self::prepare(plan)?;
        network.start_all()?;
        Ok(network)
    }

    /// A network whose homes, `node0` and on, lie in a folder already; nothing is started.
    ///
    /// # Errors
    /// The programs are missing.
    pub fn at(folder: &Path, base_port: u16, validators: usize) -> anyhow::Result<Self> {
        let nodes = (0..validators).map(|_| None).collect();
        let (folder, binaries) = (folder.to_owned(), binaries()?);
        Ok(Self { folder, temporary: None, base_port, nodes, binaries, relays: Vec::new() })
    }

    /// Starts every validator.
    ///
    /// # Errors
    /// One runs already, or the program does not start.
    pub fn start_all(&mut self) -> anyhow::Result<()> {
        (0..self.size()).try_for_each(|index| self.start_node(index))
    }

    /// Makes a genesis and starts nothing.
    ///
    /// # Errors
    /// `kyojo-genesis` is missing or fails; its output is in the error.
    pub fn prepare(plan: &Plan) -> anyhow::Result<Self> {
        let binaries = binaries()?;
        let temporary = match &plan.out {
            Some(_) => None,
            None => Some(tempfile::Builder::new().prefix("kyojo-").tempdir()?),
        };
        let folder = match (&temporary, &plan.out) {
            (Some(temporary), _) => temporary.path().join("net"),
            (None, out) => std::path::absolute(out.as_deref().unwrap_or(Path::new(".")))?,
        };
        let base_port = plan.base_port.map_or_else(|| free_ports(plan.validators), Ok)?;
        let allowances_times = plan.allowances_times.map_or(ALLOWANCES_TIMES, NonZeroU32::get);
        let output = Command::new(binaries.join("kyojo-genesis"))
            .arg("localnet")
            .args(["-n", &plan.validators.to_string()])
            .arg("--out")
            .arg(&folder)
            .args(["--seed", &plan.seed.to_string()])
            .args(["--base-port", &base_port.to_string()])
            .args(["--allowances-times", &allowances_times.to_string()])
            .args(&plan.genesis_arguments)
            .output()
            .context("kyojo-genesis does not start")?;
        ensure!(
            output.status.success(),
            "kyojo-genesis localnet: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        let nodes = (0..plan.validators).map(|_| None).collect();
        let relays = Vec::new();
        let mut network = Self { folder, temporary, base_port, nodes, binaries, relays };
        for index in 0..plan.validators {
            network.configure(index, plan)?;
        }
        Ok(network)
    }

    /// Adds what the plan asks for to a node's configuration.
    fn configure(&mut self, index: usize, plan: &Plan) -> anyhow::Result<()> {
        let path = self.home(index).join("config.toml");
        let mut text = std::fs::read_to_string(&path)?;
        if let Some(delay) = plan.delay {
            for other in (0..plan.validators).filter(|other| *other != index) {
                for port in [self.consensus_port(other), self.gossip_port(other)] {
                    let relay = Relay::to(port, delay)?;
                    let (direct, delayed) = (peer_at(port), peer_at(relay.port()));
                    ensure!(text.contains(&direct), "node {index} has no peer {direct}");
                    text = text.replace(&direct, &delayed);
                    self.relays.push(relay);
                }
            }
        }
        if let Some(pubsub) = &plan.pubsub {
            let section = "[consensus]\n";
            ensure!(text.contains(section), "node {index} has no {section}");
            let pubsub = format!("{section}pubsub = \"{}\"\n", pubsub.name());
            text = text.replace(section, &pubsub);
        }
        if !plan.names.is_empty() {
            let section = "[api]\n";
            ensure!(text.contains(section), "node {index} has no {section}");
            let own = format!("127.0.0.1:{}", self.api_port(index));
            let names: Vec<&String> = core::iter::once(&own).chain(&plan.names).collect();
            text = text.replace(section, &format!("{section}names = {names:?}\n"));
        }
        if plan.telemetry {
            let port = self.telemetry_port(index);
            text.push_str(&format!("\n[telemetry]\nlisten = \"127.0.0.1:{port}\"\n"));
        }
        Ok(std::fs::write(&path, text)?)
    }

    /// The folder that holds the genesis and the nodes' homes.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// A node's home.
    #[must_use]
    pub fn home(&self, index: usize) -> PathBuf {
        self.folder.join(format!("node{index}"))
    }

    /// The base address of a node's API.
    #[must_use]
    pub fn url(&self, index: usize) -> String {
        format!("http://127.0.0.1:{}", self.api_port(index))
    }

    /// The port of a node's consensus.
    #[must_use]
    pub fn consensus_port(&self, index: usize) -> u16 {
        self.port(index, 0)
    }

    /// The port of a node's transaction gossip.
    #[must_use]
    pub fn gossip_port(&self, index: usize) -> u16 {
        self.port(index, 1)
    }

    /// The port of a node's API.
    #[must_use]
    pub fn api_port(&self, index: usize) -> u16 {
        self.port(index, 2)
    }

    /// The port of a node's operators' listener, where it has one.
    #[must_use]
    pub fn telemetry_port(&self, index: usize) -> u16 {
        self.port(index, 3)
    }

    fn port(&self, index: usize, offset: u16) -> u16 {
        self.base_port + 10 * u16::try_from(index).expect("few nodes") + offset
    }

    /// How many validators the network has, running or not.
    #[must_use]
    pub fn size(&self) -> usize {
        self.nodes.len()
    }

    /// The indices of the nodes that run.
    #[must_use]
    pub fn running(&self) -> Vec<usize> {
        (0..self.nodes.len()).filter(|index| self.nodes[*index].is_some()).collect()
    }

    /// The pid of a node that runs.
    #[must_use]
    pub fn pid(&self, index: usize) -> Option<u32> {
        self.nodes.get(index)?.as_ref().map(Child::id)
    }

    /// Starts a node that does not run. Its log goes on in `node.log` in its home.
    ///
    /// # Errors
    /// The program does not start.
    pub fn start_node(&mut self, index: usize) -> anyhow::Result<()> {
        ensure!(self.nodes[index].is_none(), "node {index} runs already");
        let home = self.home(index);
        let log = File::options().create(true).append(true).open(home.join("node.log"))?;
        let child = Command::new(self.binaries.join("kyojo-node"))
            .arg("start")
            .arg("--home")
            .arg(&home)
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            .spawn()
            .context("kyojo-node does not start")?;
        self.nodes[index] = Some(child);
        Ok(())
    }

    /// Ends a node with SIGKILL, as a power cut would.
    ///
    /// # Errors
    /// The node does not run.
    pub fn kill(&mut self, index: usize) -> anyhow::Result<()> {
        let mut child = self.nodes[index].take().context("the node does not run")?;
        child.kill()?;
        child.wait()?;
        Ok(())
    }

    /// Stops a node with SIGSTOP: it holds its connections and says nothing more.
    ///
    /// # Errors
    /// The node does not run.
    pub fn suspend(&mut self, index: usize) -> anyhow::Result<()> {
        let child = self.nodes[index].as_ref().context("the node does not run")?;
        signal(child, "-STOP")
    }

    /// Asks a node to end with SIGTERM and waits for it.
    ///
    /// # Errors
    /// The node does not run, or does not end within 30 s (it is killed then).
    pub fn terminate(&mut self, index: usize) -> anyhow::Result<std::process::ExitStatus> {
        self.end_by(index, "-TERM")
    }

    /// Asks a node to end with a signal and waits for it.
    ///
    /// # Errors
    /// As [`Network::terminate`].
    pub fn end_by(&mut self, index: usize, name: &str) -> anyhow::Result<std::process::ExitStatus> {
        let mut child = self.nodes[index].take().context("the node does not run")?;
        signal(&child, name)?;
        let deadline = Instant::now() + Duration::from_secs(30);
        while Instant::now() < deadline {
            if let Some(status) = child.try_wait()? {
                return Ok(status);
            }
            std::thread::park_timeout(Duration::from_millis(20));
        }
        child.kill()?;
        child.wait()?;
        bail!("node {index} did not end within 30 s of {name}")
    }

    /// Asks every node to end and waits for all of them.
    ///
    /// # Errors
    /// As [`Network::terminate`]; those that do not end are killed.
    pub fn stop(&mut self) -> anyhow::Result<()> {
        for child in self.nodes.iter().flatten() {
            signal(child, "-TERM")?;
        }
        for index in self.running() {
            self.terminate(index)?;
        }
        Ok(())
    }

    /// Leaves the folder with its logs and stores where it is, for a look at what went wrong.
    pub fn leave(&mut self) -> &Path {
        if let Some(temporary) = self.temporary.take() {
            let _ = temporary.keep();
        }
        &self.folder
    }

    /// Fails where a node ended by itself.
    ///
    /// # Errors
    /// Which one did; the end of its log is in the error.
    pub fn check_runs(&mut self) -> anyhow::Result<()> {
        for index in self.running() {
            let ended = self.nodes[index].as_mut().map(Child::try_wait).transpose()?.flatten();
            if let Some(status) = ended {
                self.nodes[index] = None;
                bail!("node {index} ended by itself ({status}); {}", self.last_words(index));
            }
        }
        Ok(())
    }

    fn last_words(&self, index: usize) -> String {
        let log = self.log(index);
        let lines: Vec<&str> = log.lines().collect();
        let last = lines[lines.len().saturating_sub(15)..].join("\n  ");
        format!("its log ends:\n  {last}")
    }

    /// Waits for a node that ends by itself.
    ///
    /// # Errors
    /// It runs on past the deadline.
    pub fn wait_for_exit(
        &mut self,
        index: usize,
        within: Duration,
    ) -> anyhow::Result<std::process::ExitStatus> {
        let deadline = Instant::now() + within;
        while Instant::now() < deadline {
            let child = self.nodes[index].as_mut().context("the node does not run")?;
            if let Some(status) = child.try_wait()? {
                self.nodes[index] = None;
                return Ok(status);
            }
            std::thread::park_timeout(Duration::from_millis(20));
        }
        bail!("node {index} still runs after {within:?}")
    }

    /// What a node has logged so far.
    #[must_use]
    pub fn log(&self, index: usize) -> String {
        std::fs::read_to_string(self.home(index).join("node.log")).unwrap_or_default()
    }

    /// Waits until every running node says that it is ready.
    ///
    /// # Errors
    /// One does not within the time; the end of its log is in the error.
    pub async fn wait_ready(&self, within: Duration) -> anyhow::Result<()> {
        let client = crate::rest::http_client().build()?;
        let deadline = Instant::now() + within;
        for index in self.running() {
            let url = format!("{}{}", self.url(index), node_api::path::READYZ);
            loop {
                if client.get(&url).send().await.is_ok_and(|answer| answer.status().is_success()) {
                    break;
                }
                if Instant::now() > deadline {
                    bail!("node {index} is not ready after {within:?}; {}", self.last_words(index));
                }
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
        Ok(())
    }
}

/// Sends a signal to a process that this one started and has not waited for yet.
fn signal(child: &Child, signal: &str) -> anyhow::Result<()> {
    Command::new("kill").args([signal, &child.id().to_string()]).status()?;
    Ok(())
}

/// How a peer at this port stands in a configuration, before its peer id.
fn peer_at(port: u16) -> String {
    format!("/tcp/{port}/p2p/")
}

impl Drop for Network {
    fn drop(&mut self) {
        for child in self.nodes.iter_mut().flatten() {
            // It may have ended by itself; either way nothing is left to do about it here.
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// A base port such that the ports of `validators` nodes are free now.
///
/// # Errors
/// There is none.
pub fn free_ports(validators: usize) -> anyhow::Result<u16> {
    let span = 10 * u16::try_from(validators).context("too many validators")?;
    for attempt in 0..200_u32 {
        let start = (std::process::id() * 37 + attempt * 131) % 280;
        let base = 20_000 + u16::try_from(start).expect("below 280") * 40;
        let free = (base..base + span)
            .filter(|port| port % 10 <= 3)
            .all(|port| TcpListener::bind(("127.0.0.1", port)).is_ok());
        if free {
            return Ok(base);
        }
    }
    bail!("no free range of ports between 20000 and 31200")
}
