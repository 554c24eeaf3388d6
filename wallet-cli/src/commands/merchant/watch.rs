//! `merchant watch`: what comes in at the shop, as it comes.

use std::io::IsTerminal as _;
use std::process::Stdio;
use std::time::Duration;

use ledger_types::event::{Paid, Refunded, Voided};
use ledger_types::{AccountId, Event, Height};
use node_api::body::HistoryEntry;
use node_api::query::Log;
use tokio::io::AsyncWriteExt as _;
use tokio::process::Command;

use crate::acting::numbers::last_digits;
use crate::acting::pages;
use crate::client::Reader;
use crate::commands::prelude::*;
use crate::told::{Line, strange};

/// How long a hook may take.
const HOOK_MAX: Duration = Duration::from_secs(10);
/// How many pages of a history are read after one block.
const PAGES_MAX: usize = 50;

/// `merchant watch`.
#[derive(Debug, Args)]
pub(crate) struct WatchArgs {
    /// Runs this program for each payment, refund and void, with the entry as JSON on its standard input.
    /// One that fails or takes more than 10 seconds is said and stops nothing.
    #[arg(long, value_name = "PROGRAM")]
    pub(crate) hook: Option<PathBuf>,
    /// Rings no bell.
    #[arg(long)]
    pub(crate) silent: bool,
    /// Ends after so many; without it, when you stop it.
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u16).range(1..))]
    pub(crate) count: Option<u16>,
}

/// An entry's place in the log.
type Place = (Height, Option<u32>, u16);

fn place(entry: &HistoryEntry) -> Place {
    (entry.height, entry.index, entry.operation)
}

pub(crate) async fn run(app: &App, args: WatchArgs) -> Result<Reply, Failure> {
    let session = Session::begin(app).await?;
    let reader = app.unlock(&session.wallet)?.reader();
    let mut watch = Watch { session: &session, reader: &reader, last: None };
    // What was there before is no news.
    watch.news().await?;
    let mut blocks = session.client.follow(session.client.status().await?.height);
    app.output.say(&app.text("note-watching", &[]));
    let rings = !args.silent && std::io::stderr().is_terminal();
    let (mut seen, mut was_busy) = (Vec::new(), true);
    let most = args.count.map_or(usize::MAX, usize::from);
    while seen.len() < most {
        let block = blocks.next().await?;
        let is_busy = !block.receipts.is_empty();
        // A node may tell of a block a moment before its histories do: the block after looks again.
        if !is_busy && !was_busy {
            continue;
        }
        was_busy = is_busy;
        for line in watch.news().await? {
            let shown = shown(app, &line);
            app.output.say(&if rings { format!("\u{7}{shown}") } else { shown });
            let entry = numbered(&line);
            if let Some(hook) = &args.hook {
                call(app, hook, &entry).await;
            }
            seen.push(entry);
        }
    }
    seen.truncate(most);
    let count = seen.len().to_string();
    let text = app.text("done-watched", &[("count", &count)]);
    Ok(Reply::new(json!({ "payments": seen }), text).next("kyojo merchant close-day"))
}

/// Where a history was read up to.
struct Watch<'a> {
    session: &'a Session,
    reader: &'a Reader,
    last: Option<Place>,
}

impl Watch<'_> {
    /// What came since the last time, the oldest first.
    async fn news(&mut self) -> Result<Vec<Line<HistoryEntry>>, Failure> {
        let prefix = &self.session.attached.address_prefix;
        let account = self.session.attached.account;
        let (mut found, mut cursor, mut newest) = (Vec::new(), None, None);
        for _ in 0..PAGES_MAX {
            let asked = Log { read: None, cursor, limit: pages::LIMIT };
            let address = &self.reader.address;
            let page = self.session.client.history(address, &asked, self.reader).await?;
            newest = newest.or_else(|| page.entries.first().map(place));
            let is_new = |entry: &HistoryEntry| self.last.is_none_or(|last| place(entry) > last);
            let is_whole = page.entries.iter().all(is_new);
            for entry in page.entries.into_iter().filter(is_new) {
                let event = entry.event(prefix).map_err(strange)?;
                if event.is_some_and(|event| is_of_shop(&event, &account)) {
                    found.push(Line::of_history(entry, prefix, &account)?);
                }
            }
            cursor = page.next;
            // At first only where it ends is asked for.
            if !is_whole || cursor.is_none() || self.last.is_none() {
                break;
            }
        }
        let is_first = self.last.is_none();
        // A history that is empty begins with what comes next.
        self.last = newest.or(self.last).or(Some((Height::GENESIS, None, 0)));
        if is_first {
            return Ok(Vec::new());
        }
        found.reverse();
        Ok(found)
    }
}

/// Whether it is a payment to this shop, or what it gave back of one.
fn is_of_shop(event: &Event, shop: &AccountId) -> bool {
    Paid::of(event).is_some_and(|one| one.merchant == *shop)
        || Refunded::of(event).is_some_and(|one| one.merchant == *shop)
        || Voided::of(event).is_some_and(|one| one.merchant == *shop)
}

/// What machines get, with the payment's number.
fn numbered(line: &Line<HistoryEntry>) -> serde_json::Value {
    let mut entry = json!(line);
    entry["payment"] = json!(line.told.payment);
    entry
}

/// One line for people.
fn shown(app: &App, line: &Line<HistoryEntry>) -> String {
    let told = &line.told;
    let number = told.payment.map(|number| last_digits(&number.to_string())).unwrap_or_default();
    let yen = told.amount.map(amount::show).unwrap_or_default();
    let what = app.text(told.in_history, &[]);
    let time = calendar::show_second(line.entry.time.get());
    let mut said = format!("{time}  {what}  {yen}  {number}");
    if let Some(cash) = told.cash {
        said = app.text("label-and-cash", &[("what", &said), ("cash", &amount::show(cash))]);
    }
    if let Some(terminal) = told.terminal {
        let terminal = terminal.to_string();
        said = app.text("label-by-terminal", &[("what", &said), ("terminal", &terminal)]);
    }
    said
}

/// Runs a shop's program with an entry; what it does wrong is said.
async fn call(app: &App, hook: &std::path::Path, entry: &serde_json::Value) {
    let mut said = entry.to_string();
    said.push('\n');
    let run = async {
        let mut child = Command::new(hook).stdin(Stdio::piped()).kill_on_drop(true).spawn()?;
        if let Some(mut input) = child.stdin.take() {
            // One that reads nothing is no mistake.
            let _ = input.write_all(said.as_bytes()).await;
        }
        child.wait().await
    };
    let technical = match tokio::time::timeout(HOOK_MAX, run).await {
        Ok(Ok(status)) if status.success() => return,
        Ok(Ok(status)) => status.to_string(),
        Ok(Err(error)) => error.to_string(),
        Err(_) => format!("{HOOK_MAX:?}"),
    };
    let path = hook.display().to_string();
    let text = app.text("note-hook-failed", &[("path", &path), ("technical", &technical)]);
    app.output.warn(&Problem::new("hook-failed", text));
}
