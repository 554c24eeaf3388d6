//! What an account's history has, from the newest entry back, and whether all of it was read.

use ledger_types::{AccountId, Event, Height};
use node_api::body::HistoryEntry;
use node_api::query::Log;

use crate::acting::pages;
use crate::acting::transact::Session;
use crate::client::Reader;
use crate::failure::Failure;
use crate::told::{Line, strange};

/// How many pages are searched at most.
const PAGES_MAX: usize = 50;

/// Where to look, and when to stop.
pub(crate) struct Search<'a> {
    pub(crate) session: &'a Session,
    pub(crate) reader: &'a Reader,
    pub(crate) account: AccountId,
    /// No more entries than these are wanted.
    pub(crate) most: usize,
    /// Nothing before this height is wanted.
    pub(crate) from: Height,
}

/// What was found, newest first.
pub(crate) struct Searched {
    pub(crate) lines: Vec<Line<HistoryEntry>>,
    /// How many entries were read.
    pub(crate) read: usize,
    /// Whether older ones were left unread that might have been wanted.
    pub(crate) is_cut: bool,
}

impl Search<'_> {
    /// The wanted entries, each with its event where it has one.
    ///
    /// # Errors
    /// The node does not answer, or in a form that this program cannot read.
    pub(crate) async fn run(
        &self,
        wanted: impl Fn(&HistoryEntry, Option<&Event>) -> bool,
    ) -> Result<Searched, Failure> {
        let prefix = &self.session.attached.address_prefix;
        let mut found = Searched { lines: Vec::new(), read: 0, is_cut: false };
        let mut cursor: Option<String> = None;
        for _ in 0..PAGES_MAX {
            let asked = Log { read: None, cursor, limit: pages::LIMIT };
            let address = &self.reader.address;
            let page = self.session.client.history(address, &asked, self.reader).await?;
            let is_past = page.entries.last().is_some_and(|entry| entry.height < self.from);
            found.read += page.entries.len();
            for entry in page.entries {
                let event = entry.event(prefix).map_err(strange)?;
                if entry.height >= self.from && wanted(&entry, event.as_ref()) {
                    found.lines.push(Line::of_history(entry, prefix, &self.account)?);
                }
            }
            cursor = page.next;
            if found.lines.len() >= self.most || cursor.is_none() || is_past {
                found.lines.truncate(self.most);
                return Ok(found);
            }
        }
        Ok(Searched { is_cut: true, ..found })
    }
}
