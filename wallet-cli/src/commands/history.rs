//! `history`: what happened to an account.

use node_api::body::{Direction, HistoryEntry, HistoryKind, OutcomeBody};
use node_api::query::Page;
use serde_json::json;

use super::transact::Session;
use super::{read_payee, short, show_time};
use crate::amount;
use crate::app::App;
use crate::args::HistoryArgs;
use crate::failure::Failure;
use crate::output::{Reply, table};

pub(super) async fn run(app: &App, args: HistoryArgs) -> Result<Reply, Failure> {
    let session = Session::begin(app).await?;
    let reader = app.unlock(&session.wallet)?.reader();
    let address = match args.account {
        Some(text) => read_payee(app, &text, &session.attached.address_prefix)?.address,
        None => reader.address.clone(),
    };
    let asked = Page { cursor: args.cursor, limit: Some(args.limit) };
    let page = session.client.history(&address, &asked, &reader).await?;
    let text = if page.entries.is_empty() {
        app.text("note-no-history", &[])
    } else {
        show(app, &page.entries)
    };
    let reply = Reply::new(json!({ "entries": page.entries, "next": page.next }), text);
    Ok(match &page.next {
        Some(next) => reply.next(format!("kyojo history --cursor {next}")),
        None => reply.next("kyojo balance"),
    })
}

/// Entries as a table.
pub(super) fn show(app: &App, entries: &[HistoryEntry]) -> String {
    let titles = ["label-time", "label-what", "label-amount", "label-with", "label-number"]
        .map(|key| app.text(key, &[]));
    let rows: Vec<Vec<String>> = entries.iter().map(|entry| row(app, entry)).collect();
    table(&titles, &rows, &[2])
}

fn row(app: &App, entry: &HistoryEntry) -> Vec<String> {
    let sign = match entry.direction {
        Some(Direction::In) => "+",
        Some(Direction::Out) => "-",
        None => "",
    };
    let pseudonym = entry.payer_pseudonym.map(|hash| format!("#{:.8}", hash.to_string()));
    let counterparty = entry.counterparty.as_ref().map(|address| short(address.as_str()));
    vec![
        show_time(&entry.time),
        what(app, entry),
        entry.amount.map_or_else(String::new, |yen| format!("{sign}{}", amount::show(yen))),
        counterparty.or(pseudonym).unwrap_or_default(),
        last_digits(&entry.transaction.to_string()),
    ]
}

/// What was done, and where the ledger rejected it, by which rule.
fn what(app: &App, entry: &HistoryEntry) -> String {
    let kind = app.text(kind_key(entry.kind), &[]);
    match entry.outcome {
        OutcomeBody::Committed => kind,
        OutcomeBody::Rejected => {
            let rejected = app.text("label-rejected", &[]);
            let code = entry.code.map_or(0, |code| code.get());
            format!("{kind} ({rejected} {code})")
        }
    }
}

/// The last digits of a transaction, by which people find a payment.
pub(super) fn last_digits(id: &str) -> String {
    id.get(id.len().saturating_sub(4)..).unwrap_or(id).to_owned()
}

const fn kind_key(kind: HistoryKind) -> &'static str {
    match kind {
        HistoryKind::Opened => "label-kind-opened",
        HistoryKind::Issued => "label-kind-issued",
        HistoryKind::RedeemRequested => "label-kind-redeem-requested",
        HistoryKind::RedeemSettled => "label-kind-redeem-settled",
        HistoryKind::RedeemCancelled => "label-kind-redeem-cancelled",
        HistoryKind::Transferred => "label-kind-transferred",
        HistoryKind::NetDebitCapSet => "label-kind-cap-set",
        HistoryKind::MerchantRegistered => "label-kind-merchant-registered",
        HistoryKind::ZoneAccountOpened => "label-kind-zone-opened",
        HistoryKind::Charged => "label-kind-charged",
        HistoryKind::Discharged => "label-kind-discharged",
        HistoryKind::Paid => "label-kind-paid",
        HistoryKind::PartyRegistered => "label-kind-party-registered",
        HistoryKind::NoticePublished => "label-kind-notice-published",
        HistoryKind::ConsentGranted => "label-kind-consent-granted",
        HistoryKind::ConsentWithdrawn => "label-kind-consent-withdrawn",
        HistoryKind::AccessRequested => "label-kind-access-requested",
        HistoryKind::DividendPaid => "label-kind-dividend-paid",
        HistoryKind::ConsentChanged => "label-kind-consent-changed",
    }
}
