//! `merchant payments`: payments as the merchant sees them.

use ledger_types::event::{Paid, Transferred};
use ledger_types::{AccountId, Event};
use node_api::query::Log;

use crate::acting::pages;
use crate::commands::history;
use crate::commands::prelude::*;
use crate::told::{Line, strange};

/// `merchant payments`.
#[derive(Debug, Args)]
pub(crate) struct PaymentsArgs {
    /// Only payments whose number ends so: its last 4 digits.
    #[arg(long, value_name = "DIGITS")]
    pub(crate) last: Option<String>,
    /// How many payments at most.
    #[arg(long, value_name = "NUMBER", default_value_t = 20,
          value_parser = clap::value_parser!(u16).range(1..=200))]
    pub(crate) limit: u16,
}

/// How many pages are searched for a payment at most.
const PAGES_MAX: usize = 50;

pub(crate) async fn run(app: &App, args: PaymentsArgs) -> Result<Reply, Failure> {
    let session = Session::begin(app).await?;
    let reader = app.unlock(&session.wallet)?.reader();
    let prefix = &session.attached.address_prefix;
    let account = session.attached.account;
    let wanted = usize::from(args.limit);
    let mut found = Vec::new();
    let mut cursor: Option<String> = None;
    for _ in 0..PAGES_MAX {
        let asked = Log { read: None, cursor, limit: pages::LIMIT };
        let page = session.client.history(&reader.address, &asked, &reader).await?;
        for entry in page.entries {
            let event = entry.event(prefix).map_err(strange)?;
            let number = entry.transaction.map(|id| id.to_string()).unwrap_or_default();
            let fits = args.last.as_ref().is_none_or(|last| number.ends_with(last.as_str()));
            if fits && event.is_some_and(|event| pays(&event, &account)) {
                found.push(Line::of_history(entry, prefix, &account)?);
            }
        }
        cursor = page.next;
        if found.len() >= wanted || cursor.is_none() {
            break;
        }
    }
    found.truncate(wanted);
    let text = if found.is_empty() {
        app.text("note-no-payments", &[])
    } else {
        history::show(app, &session, &found).await?
    };
    Ok(Reply::new(json!({ "payments": found }), text).next("kyojo balance"))
}

/// Whether it is a payment to this account.
fn pays(event: &Event, account: &AccountId) -> bool {
    Paid::of(event).is_some_and(|paid| paid.merchant == *account)
        || Transferred::of(event).is_some_and(|transferred| transferred.creditor == *account)
}
