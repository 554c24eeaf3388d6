//! Requests to pay out as a history tells of them: what was asked, and how it stands.

use std::collections::BTreeMap;

use ledger_types::event::{
    RedeemCancelled, RedeemClaimed, RedeemReleased, RedeemRequested, RedeemSettled,
};
use ledger_types::{Event, Hash, Timestamp};
use node_api::body::HistoryEntry;
use node_api::query::Log;
use serde::Serialize;
use serde_json::json;

use crate::acting::pages;
use crate::acting::transact::Session;
use crate::app::App;
use crate::calendar;
use crate::client::Reader;
use crate::failure::{Exit, Failure};
use crate::told::strange;

/// How many pages of a history are searched at most.
const PAGES_MAX: usize = 500;

/// The code of a request that a bank claimed.
const CLAIMED: &str = "code-2034";

/// How a request stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum State {
    /// Nobody claimed it, or the claim's time is over.
    Open,
    /// The bank is paying it.
    Claimed,
    /// The bank paid it.
    Settled,
    /// The value was given back.
    Cancelled,
    /// Its time is over, and it holds nothing.
    Lapsed,
}

impl State {
    /// Whether the bank may still pay it.
    pub(crate) const fn is_open(self) -> bool {
        matches!(self, Self::Open | Self::Claimed)
    }
}

/// A request, which machines get as the node gave it, with how it stands.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Request {
    #[serde(flatten)]
    pub(crate) entry: HistoryEntry,
    #[serde(skip)]
    pub(crate) asked: RedeemRequested,
    pub(crate) state: State,
    /// Until when the bank claimed it, and did not release it.
    #[serde(skip_serializing_if = "Option::is_none")]
    claimed_until: Option<node_api::Time>,
}

/// What was last done to a request.
#[derive(Clone, Copy)]
enum Last {
    Claimed(Timestamp),
    Released,
    Settled,
    Cancelled,
}

impl Last {
    fn of(event: &Event) -> Option<(Hash, Self)> {
        let claimed = RedeemClaimed::of(event).map(|e| (e.redeem, Self::Claimed(e.until)));
        claimed
            .or_else(|| RedeemReleased::of(event).map(|e| (e.redeem, Self::Released)))
            .or_else(|| RedeemSettled::of(event).map(|e| (e.redeem, Self::Settled)))
            .or_else(|| RedeemCancelled::of(event).map(|e| (e.redeem, Self::Cancelled)))
    }
}

impl Request {
    fn new(
        entry: HistoryEntry,
        asked: RedeemRequested,
        last: Option<Last>,
        now: Timestamp,
    ) -> Self {
        let is_over = asked.expires <= now;
        let (state, claimed_until) = match last {
            Some(Last::Settled) => (State::Settled, None),
            Some(Last::Cancelled) => (State::Cancelled, None),
            Some(Last::Claimed(until)) if is_over => (State::Lapsed, Some(until)),
            Some(Last::Claimed(until)) if now < until => (State::Claimed, Some(until)),
            Some(Last::Claimed(until)) => (State::Open, Some(until)),
            Some(Last::Released) | None if is_over => (State::Lapsed, None),
            Some(Last::Released) | None => (State::Open, None),
        };
        let claimed_until = claimed_until.map(node_api::Time::new);
        Self { entry, asked, state, claimed_until }
    }

    /// How it stands, for people.
    pub(crate) fn standing(&self, app: &App) -> String {
        let until = self.claimed_until.map(|until| calendar::show(until.get()));
        match (self.state, until) {
            (State::Open, None) => app.text("label-redeem-open", &[]),
            (State::Open, Some(until)) => {
                app.text("label-redeem-claim-lapsed", &[("until", &until)])
            }
            (State::Claimed, until) => {
                let until = until.unwrap_or_default();
                app.text("label-redeem-claimed-until", &[("until", &until)])
            }
            (State::Settled, _) => app.text("label-redeem-settled", &[]),
            (State::Cancelled, _) => app.text("label-redeem-cancelled", &[]),
            (State::Lapsed, _) => app.text("label-redeem-lapsed", &[]),
        }
    }
}

/// Requests that a history tells of.
pub(crate) struct Found {
    /// The oldest first.
    pub(crate) requests: Vec<Request>,
    /// Where older entries were not looked at.
    pub(crate) cut: Option<Cut>,
}

/// As far as a history was read.
#[derive(Clone, Copy)]
pub(crate) struct Cut {
    /// How many entries.
    pub(crate) entries: usize,
    /// When the oldest of them was.
    pub(crate) back_to: Option<node_api::Time>,
}

/// Every request of the wallet's account; or only the one that is wanted.
async fn read(session: &Session, reader: &Reader, wanted: Option<&Hash>) -> Result<Found, Failure> {
    let now = session.client.status().await?.time.get();
    let prefix = &session.attached.address_prefix;
    let (mut last, mut found) = (BTreeMap::new(), Vec::new());
    let mut cursor: Option<String> = None;
    let mut read = Cut { entries: 0, back_to: None };
    for _ in 0..PAGES_MAX {
        let asked = Log { read: None, cursor, limit: pages::LIMIT };
        let page = session.client.history(&reader.address, &asked, reader).await?;
        read.entries += page.entries.len();
        read.back_to = page.entries.last().map(|entry| entry.time).or(read.back_to);
        // The newest comes first, and it says how a request stands.
        for entry in page.entries {
            let Some(event) = entry.event(prefix).map_err(strange)? else { continue };
            if let Some((redeem, what)) = Last::of(&event) {
                last.entry(redeem).or_insert(what);
            } else if let Some(asked) = RedeemRequested::of(&event) {
                let request = Request::new(entry, asked.clone(), last.remove(&asked.redeem), now);
                if wanted.is_none() {
                    found.push(request);
                } else if wanted == Some(&request.asked.redeem) {
                    return Ok(Found { requests: vec![request], cut: None });
                }
            }
        }
        cursor = page.next;
        if cursor.is_none() {
            break;
        }
    }
    found.sort_by_key(|request| (request.entry.height, request.entry.index));
    Ok(Found { requests: found, cut: cursor.map(|_| read) })
}

/// Every request.
pub(crate) async fn all(session: &Session, reader: &Reader) -> Result<Found, Failure> {
    read(session, reader, None).await
}

/// A request.
///
/// # Errors
/// The account's history has none of that number, or it is longer than what was looked at.
pub(crate) async fn find(
    session: &Session,
    reader: &Reader,
    redeem: &Hash,
) -> Result<Request, Failure> {
    let Found { mut requests, cut } = read(session, reader, Some(redeem)).await?;
    let absent = || match cut {
        Some(cut) => Failure::new(Exit::Other, "err-history-too-long").with("most", cut.entries),
        None => Failure::new(Exit::Refused, "code-2015"),
    };
    requests.pop().ok_or_else(absent)
}

/// Where something was refused because of a claim, until when that lasts: said to people by the text
/// under `note`, and told to machines.
pub(crate) async fn explained(
    app: &App,
    session: &Session,
    (reader, redeem): (&Reader, &Hash),
    note: &str,
    failure: Failure,
) -> Failure {
    if failure.code() != CLAIMED {
        return failure;
    }
    // What is only an explanation may be missing.
    let found = find(session, reader, redeem).await.ok();
    let Some(until) = found.and_then(|request| request.claimed_until) else { return failure };
    app.output.say(&app.text(note, &[("until", &calendar::show(until.get()))]));
    failure.detail("claimed_until", json!(until))
}
