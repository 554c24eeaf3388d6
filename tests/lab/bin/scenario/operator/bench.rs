//! Where mistakes are tried: the companies' homes, and copies of one of them that may be spoilt.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail, ensure};
use kyojo_tests::founding::{Desk, GENESIS, HOMES, Said};
use kyojo_tests::network::Network;
use kyojo_tests::rest::Rest;
use node_api::body::NodeBody;
use serde::Serialize;
use serde_json::Value;

/// The company whose operator makes the mistakes.
pub(super) const OURS: usize = 3;
/// Its home as it was before it joined, its home as it is while the node stands still, and the copy that
/// is spoilt.
pub(super) const FRESH: &str = "fresh";
pub(super) const TRIAL: &str = "trial";
/// Nothing takes longer to be refused.
const REFUSED_WITHIN: Duration = Duration::from_secs(20);
/// Nothing takes longer to be seen in a node's status.
pub(super) const SEEN_WITHIN: Duration = Duration::from_secs(60);
/// How often somebody looks.
const LOOKS_EVERY: Duration = Duration::from_millis(100);

/// What an operator did wrong, and what the program said.
#[derive(Debug, Serialize)]
pub(super) struct Mistake {
    pub(super) mistake: &'static str,
    pub(super) done: &'static str,
    /// The program's code; none where it runs on and says so in its status.
    pub(super) exit: Option<i32>,
    pub(super) said: String,
    pub(super) seconds: f64,
    /// Whether the code is the right one, and place, reason and remedy stand there.
    pub(super) named: bool,
    /// What should stand there and does not.
    pub(super) missing: Vec<String>,
}

impl Mistake {
    pub(super) fn text(&self) -> String {
        let exit = self.exit.map_or_else(|| "status".to_owned(), |exit| format!("exit {exit}"));
        let mark = if self.named { "named" } else { "NOT NAMED" };
        let Self { mistake, done, said, seconds, .. } = self;
        let mut text = format!("  {mark}: {mistake} ({done}): {exit}, {seconds:.1} s\n    {said}");
        if !self.missing.is_empty() {
            text.push_str(&format!("\n    missing: {:?}", self.missing));
        }
        text
    }
}

/// What founding took.
#[derive(Clone, Copy)]
pub(super) struct Steps {
    /// Commands.
    pub(super) typed: usize,
    /// Files that were written without one.
    pub(super) edited: usize,
    pub(super) seconds: f64,
}

impl Steps {
    fn since(desk: &Desk, typed: usize, began: Instant) -> anyhow::Result<Self> {
        let (typed, edited) = (desk.typed() - typed, desk.edited()?);
        Ok(Self { typed, edited, seconds: began.elapsed().as_secs_f64() })
    }
}

/// See the module.
pub(super) struct Bench {
    pub(super) desk: Desk,
    pub(super) network: Network,
    pub(super) rest: Rest,
    /// Until there was a document.
    begun: Steps,
}

impl Bench {
    /// Four companies with new homes, and a document that has none of them yet.
    pub(super) fn new() -> anyhow::Result<Self> {
        let (desk, began) = (Desk::new()?, Instant::now());
        desk.init_all()?;
        desk.write_document(GENESIS, &[])?;
        let begun = Steps::since(&desk, 0, began)?;
        copy(&desk.path(HOMES[OURS]), &desk.path(FRESH))?;
        let (network, rest) = (desk.network()?, Rest::new(Duration::from_secs(10))?);
        Ok(Self { desk, network, rest, begun })
    }

    /// They found their network, and all of them vote; gives what it took, without the mistakes
    /// between.
    pub(super) async fn found(&mut self) -> anyhow::Result<Steps> {
        let (before, began) = (self.desk.typed(), Instant::now());
        let hash = self.desk.collect(GENESIS, &self.desk.cards())?;
        self.desk.join_all(&hash)?;
        self.network.start_all()?;
        self.network.wait_ready(SEEN_WITHIN).await?;
        for home in HOMES {
            self.until(home, |node| node.ready && node.stance == "voting").await?;
        }
        let Steps { typed, edited, seconds } = Steps::since(&self.desk, before, began)?;
        // Each company starts its own node.
        let typed = self.begun.typed + typed + HOMES.len();
        Ok(Steps { typed, edited, seconds: self.begun.seconds + seconds })
    }

    /// Ends our company's node in order, once it has something to lose.
    pub(super) async fn stop_ours(&mut self) -> anyhow::Result<()> {
        self.rest.wait_height(&self.network.url(OURS), 2, SEEN_WITHIN).await?;
        let status = self.network.terminate(OURS)?;
        ensure!(status.success(), "{}: {status}", HOMES[OURS]);
        Ok(())
    }

    /// A new copy of a home to be spoilt.
    pub(super) fn trial(&self, of: &str) -> anyhow::Result<PathBuf> {
        let trial = self.desk.path(TRIAL);
        if trial.exists() {
            fs::remove_dir_all(&trial)?;
        }
        copy(&self.desk.path(of), &trial)?;
        Ok(trial)
    }

    /// Starts the spoilt copy, which is refused.
    pub(super) fn start_refused(
        &self,
        (mistake, done): (&'static str, &'static str),
        exit: i32,
        wants: &[&str],
    ) -> anyhow::Result<Mistake> {
        let began = Instant::now();
        let mut node = self.start(TRIAL)?;
        let ended = node.ends_within(REFUSED_WITHIN)?;
        Ok(judged((mistake, done), began, (ended, Some(exit)), &node.log()?, wants))
    }

    /// Types a command, which is refused.
    pub(super) fn refused(
        &self,
        what: (&'static str, &'static str),
        exit: i32,
        words: &[&str],
        wants: &[&str],
    ) -> anyhow::Result<Mistake> {
        let began = Instant::now();
        let Said { exit: ended, aside, .. } = self.desk.types(words)?;
        Ok(judged(what, began, (ended, Some(exit)), &aside, wants))
    }

    /// Starts the node of a home beside those of the network.
    pub(super) fn start(&self, home: &str) -> anyhow::Result<Started> {
        let log = self.desk.path(&format!("{home}.log"));
        let file = File::create(&log)?;
        let mut command = self.desk.command(&["kyojo-node", "start", "--home", home]);
        let child = command.stdout(Stdio::null()).stderr(file).spawn()?;
        Ok(Started { child, log })
    }

    /// What the node of a home says of itself; none where it does not answer.
    pub(super) fn status(&self, home: &str) -> anyhow::Result<Option<NodeBody>> {
        let status = ["kyojo-node", "status", "--home", home, "--json"];
        let output = self.desk.command(&status).output()?;
        if !output.status.success() {
            return Ok(None);
        }
        let mut said: Value = serde_json::from_slice(&output.stdout)?;
        let node = said["data"]["status"]["node"].take();
        Ok(Some(serde_json::from_value(node).context("what a node says of itself")?))
    }

    /// Waits until the node of a home says something of itself that is looked for.
    pub(super) async fn until(
        &self,
        home: &str,
        is_said: impl Fn(&NodeBody) -> bool,
    ) -> anyhow::Result<NodeBody> {
        let deadline = Instant::now() + SEEN_WITHIN;
        loop {
            let said = self.status(home)?;
            if let Some(node) = said.as_ref().filter(|node| is_said(node)) {
                return Ok(node.clone());
            }
            if Instant::now() > deadline {
                bail!("{home} does not say what is looked for: {said:?}");
            }
            tokio::time::sleep(LOOKS_EVERY).await;
        }
    }

    /// A mistake with which a node runs on: what its status says of it.
    pub(super) async fn seen(
        &self,
        what: (&'static str, &'static str),
        home: &str,
        wants: &[&str],
    ) -> anyhow::Result<Mistake> {
        let began = Instant::now();
        let first = wants.first().copied().unwrap_or_default();
        let about = |node: &NodeBody| {
            let mut all = node.waits_for.iter().chain(&node.warnings);
            all.find(|reason| reason.contains(first)).cloned()
        };
        let node = self.until(home, |node| about(node).is_some()).await;
        let said = node.ok().and_then(|node| about(&node)).unwrap_or_default();
        Ok(judged(what, began, (None, None), &said, wants))
    }
}

/// Whether code and words are those that a mistake should have.
fn judged(
    (mistake, done): (&'static str, &'static str),
    began: Instant,
    (exit, wanted): (Option<i32>, Option<i32>),
    told: &str,
    wants: &[&str],
) -> Mistake {
    let seconds = began.elapsed().as_secs_f64();
    let said = last_message(told);
    let lacking = wants.iter().filter(|word| !said.contains(**word));
    let missing: Vec<String> = lacking.map(|word| (*word).to_owned()).collect();
    let named = exit == wanted && missing.is_empty() && !wants.is_empty();
    Mistake { mistake, done, exit, said, seconds, named, missing }
}

/// The last error of a program, which may have further lines; all of it where there is none.
fn last_message(told: &str) -> String {
    let begins = told.rfind("error: ").unwrap_or(0);
    let lines = told.get(begins..).unwrap_or_default().lines().map(str::trim);
    lines.collect::<Vec<_>>().join(" ")
}

/// A node beside those of the network, ended with this.
pub(super) struct Started {
    child: Child,
    log: PathBuf,
}

impl Started {
    /// Its exit code, where it ends by itself; none where it had to be ended.
    fn ends_within(&mut self, within: Duration) -> anyhow::Result<Option<i32>> {
        let deadline = Instant::now() + within;
        while Instant::now() < deadline {
            if let Some(status) = self.child.try_wait()? {
                return Ok(status.code());
            }
            std::thread::park_timeout(Duration::from_millis(20));
        }
        Ok(None)
    }

    fn log(&self) -> anyhow::Result<String> {
        Ok(fs::read_to_string(&self.log)?)
    }
}

impl Drop for Started {
    fn drop(&mut self) {
        // It may have ended by itself; either way nothing is left to do about it here.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Copies a folder with all that is in it, as `cp -a` does.
pub(super) fn copy(from: &Path, to: &Path) -> anyhow::Result<()> {
    fs::create_dir(to).with_context(|| to.display().to_string())?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), &target)?;
        }
    }
    Ok(())
}

/// Has a home listen at an address of its own, as on another machine.
pub(super) fn move_to_another_machine(home: &Path) -> anyhow::Result<()> {
    let config = home.join("config.toml");
    for _ in 0..2 {
        edit(&config, "listen = \"/ip4/127.0.0.1/", "listen = \"/ip4/127.0.0.2/")?;
    }
    edit(&config, "listen = \"127.0.0.1:", "listen = \"127.0.0.2:")
}

/// Changes a text file in one place, as somebody with an editor does.
pub(super) fn edit(file: &Path, from: &str, to: &str) -> anyhow::Result<()> {
    let text = fs::read_to_string(file)?;
    ensure!(text.contains(from), "{}: there is no {from:?}", file.display());
    Ok(fs::write(file, text.replacen(from, to, 1))?)
}
