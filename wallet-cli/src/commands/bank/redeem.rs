//! `bank redeem`: requests to pay out.

use std::collections::BTreeMap;

use ledger_types::event::{RedeemCancelled, RedeemRequested, RedeemSettled};
use ledger_types::operation::{CancelRedeem, SettleRedeem};
use node_api::body::HistoryEntry;
use node_api::query::Log;
use serde::Serialize;

use crate::acting::pages;
use crate::commands::prelude::*;
use crate::told::strange;

/// `bank redeem`.
#[derive(Debug, Subcommand)]
pub(crate) enum BankRedeemCommand {
    /// Lists requests that are open, oldest first.
    Ls,
    /// Ends the tokens of a request that the bank has paid.
    Settle(RedeemName),
    /// Gives the tokens of a request back to the holder.
    Cancel(RedeemName),
}

/// A redeem request.
#[derive(Debug, Args)]
pub(crate) struct RedeemName {
    /// The request.
    pub(crate) request: String,
}

/// How many pages of the bank's history are searched for open requests at most.
const PAGES_MAX: usize = 500;

#[derive(Clone, Copy)]
enum End {
    Settle,
    Cancel,
}

async fn end_redeem(app: &App, text: &str, end: End) -> Result<Reply, Failure> {
    let redeem = read_hash(text)?;
    let session = Session::begin(app).await?;
    let (operation, label, done) = match end {
        End::Settle => {
            let settle = Operation::SettleRedeem(SettleRedeem { redeem });
            (settle, "label-redeem-settle", "done-redeem-settled")
        }
        End::Cancel => {
            let cancel = Operation::CancelRedeem(CancelRedeem { redeem });
            (cancel, "label-redeem-cancel", "done-redeem-cancelled")
        }
    };
    Act::ending(operation, done)
        .line(label, redeem)
        .data(json!({ "redeem": redeem }))
        .next("kyojo bank redeem ls")
        .by_account(app, &session)
        .await
}

/// Requests in the bank's history that nothing ended and that have not lapsed, oldest first.
async fn list_redeems(app: &App) -> Result<Reply, Failure> {
    let session = Session::begin(app).await?;
    let reader = app.unlock(&session.wallet)?.reader();
    let prefix = &session.attached.address_prefix;
    let mut open: BTreeMap<Hash, Request> = BTreeMap::new();
    let mut ended: Vec<Hash> = Vec::new();
    let mut cursor: Option<String> = None;
    for _ in 0..PAGES_MAX {
        let asked = Log { read: None, cursor, limit: pages::LIMIT };
        let page = session.client.history(&reader.address, &asked, &reader).await?;
        for entry in page.entries {
            let Some(event) = entry.event(prefix).map_err(strange)? else {
                continue;
            };
            ended.extend(RedeemSettled::of(&event).map(|settled| settled.redeem));
            ended.extend(RedeemCancelled::of(&event).map(|cancelled| cancelled.redeem));
            if let Some(asked) = RedeemRequested::of(&event) {
                open.insert(asked.redeem, Request { entry, asked: asked.clone() });
            }
        }
        cursor = page.next;
        if cursor.is_none() {
            break;
        }
    }
    for redeem in ended {
        open.remove(&redeem);
    }
    let status = session.client.status().await?;
    let is_open = |request: &Request| request.asked.expires > status.time.get();
    let mut requests: Vec<Request> = open.into_values().filter(is_open).collect();
    requests.sort_by_key(|request| (request.entry.height, request.entry.index));
    Ok(show_redeems(app, &requests))
}

/// A request to pay out, which machines get as the node gave it.
#[derive(Serialize)]
#[serde(transparent)]
struct Request {
    entry: HistoryEntry,
    #[serde(skip)]
    asked: RedeemRequested,
}

fn show_redeems(app: &App, requests: &[Request]) -> Reply {
    if requests.is_empty() {
        let text = app.text("note-no-redeems", &[]);
        return Reply::new(json!({ "requests": [] }), text);
    }
    let titles = ["label-time", "label-amount", "label-request"];
    let rows: Vec<Vec<String>> = requests
        .iter()
        .map(|Request { entry, asked }| {
            vec![
                calendar::show_here(&entry.time),
                amount::show(asked.amount),
                asked.redeem.to_string(),
            ]
        })
        .collect();
    Reply::new(json!({ "requests": requests }), app.table(&titles, &rows, &[1]))
        .next("kyojo bank redeem settle REQUEST")
}

pub(crate) async fn run(app: &App, command: BankRedeemCommand) -> Result<Reply, Failure> {
    match command {
        BankRedeemCommand::Ls => list_redeems(app).await,
        BankRedeemCommand::Settle(args) => end_redeem(app, &args.request, End::Settle).await,
        BankRedeemCommand::Cancel(args) => end_redeem(app, &args.request, End::Cancel).await,
    }
}
