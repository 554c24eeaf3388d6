//! Payouts as a history tells of them: what was asked for, and how it stands.

use std::collections::BTreeMap;

use ledger_types::event::{
    PayoutCancelled, PayoutCompleted, PayoutRequested, PayoutReturned, PayoutSent,
};
use ledger_types::japan::JapanDay;
use ledger_types::operation::ReturnReason;
use ledger_types::{Event, Hash};
use node_api::body::HistoryEntry;
use node_api::query::Log;
use serde::Serialize;

use crate::acting::pages;
use crate::acting::transact::Session;
use crate::app::App;
use crate::client::Reader;
use crate::failure::Failure;
use crate::told::strange;

/// How many pages of a history are searched at most.
const PAGES_MAX: usize = 500;

/// How a payout stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "state")]
pub(crate) enum State {
    /// It waits for the bank.
    Requested,
    /// The bank sends it.
    Sent {
        /// On this day.
        on: JapanDay,
    },
    /// It arrived.
    Completed,
    /// It came back, and is the shop's again.
    Returned {
        /// Why.
        #[serde(serialize_with = "by_name")]
        reason: ReturnReason,
    },
    /// It was taken back before it was sent.
    Cancelled,
}

/// A reason as the ledger's JSON has it.
fn by_name<S: serde::Serializer>(reason: &ReturnReason, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(reason.name())
}

impl State {
    /// What the newest event about a payout says.
    fn of(event: &Event) -> Option<(Hash, Self)> {
        let sent = PayoutSent::of(event).map(|e| (e.payout, Self::Sent { on: e.on }));
        sent.or_else(|| PayoutCompleted::of(event).map(|e| (e.payout, Self::Completed)))
            .or_else(|| {
                let returned = PayoutReturned::of(event);
                returned.map(|e| (e.payout, Self::Returned { reason: e.reason }))
            })
            .or_else(|| PayoutCancelled::of(event).map(|e| (e.payout, Self::Cancelled)))
    }

    /// Whether anything more happens to it.
    pub(crate) const fn is_open(self) -> bool {
        matches!(self, Self::Requested | Self::Sent { .. })
    }

    /// For people.
    pub(crate) fn shown(self, app: &App) -> String {
        match self {
            Self::Requested => app.text("label-payout-waits", &[]),
            Self::Sent { on } => app.text("label-payout-sent-on", &[("day", &on.to_string())]),
            Self::Completed => app.text("label-payout-arrived", &[]),
            Self::Returned { reason } => {
                let why = app.text(reason_key(reason), &[]);
                app.text("label-payout-back", &[("why", &why)])
            }
            Self::Cancelled => app.text("label-payout-cancelled", &[]),
        }
    }
}

/// The words of a reason.
pub(crate) const fn reason_key(reason: ReturnReason) -> &'static str {
    match reason {
        ReturnReason::NoAccount => "label-return-no-account",
        ReturnReason::NameDiffers => "label-return-name-differs",
        ReturnReason::AccountClosed => "label-return-account-closed",
        ReturnReason::Refused => "label-return-refused",
        ReturnReason::NotSent => "label-return-not-sent",
    }
}

/// A payout, which machines get as the node gave it, with how it stands.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Payout {
    #[serde(flatten)]
    pub(crate) entry: HistoryEntry,
    #[serde(skip)]
    pub(crate) asked: PayoutRequested,
    #[serde(flatten)]
    pub(crate) state: State,
}

/// Payouts that a history tells of.
pub(crate) struct Found {
    /// The oldest first.
    pub(crate) payouts: Vec<Payout>,
    /// How many entries were read, where older ones were not looked at.
    pub(crate) cut: Option<usize>,
}

/// Every payout of the wallet's account: a shop's own, or those that a bank sends.
pub(crate) async fn all(session: &Session, reader: &Reader) -> Result<Found, Failure> {
    let prefix = &session.attached.address_prefix;
    let (mut last, mut payouts) = (BTreeMap::new(), Vec::new());
    let (mut cursor, mut read) = (None, 0);
    for _ in 0..PAGES_MAX {
        let asked = Log { read: None, cursor, limit: pages::LIMIT };
        let page = session.client.history(&reader.address, &asked, reader).await?;
        read += page.entries.len();
        // The newest comes first, and it says how a payout stands.
        for entry in page.entries {
            let Some(event) = entry.event(prefix).map_err(strange)? else { continue };
            if let Some((payout, state)) = State::of(&event) {
                last.entry(payout).or_insert(state);
            } else if let Some(asked) = PayoutRequested::of(&event) {
                let state = last.remove(&asked.payout).unwrap_or(State::Requested);
                payouts.push(Payout { entry, asked: asked.clone(), state });
            }
        }
        cursor = page.next;
        if cursor.is_none() {
            break;
        }
    }
    payouts.sort_by_key(|payout| (payout.entry.height, payout.entry.index));
    Ok(Found { payouts, cut: cursor.map(|_| read) })
}
