//! `history`: what happened to an account.

use std::collections::BTreeMap;

use ledger_types::{AccountId, AddressPrefix, BankId, Whose};
use node_api::body::{HistoryEntry, OutcomeBody};
use node_api::query::Log;

use crate::acting::naming::marked;
use crate::acting::payee::read_payee;
use crate::client::Client;
use crate::commands::prelude::*;
use crate::named::Is;
use crate::output::short;
use crate::told::{Direction, Line, With};

/// `history`.
#[derive(Debug, Args)]
pub(crate) struct HistoryArgs {
    /// The account, where it is not the wallet's own.
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) account: Option<String>,
    /// How many entries at most.
    #[arg(long, value_name = "NUMBER", default_value_t = 20,
          value_parser = clap::value_parser!(u16).range(1..=200))]
    pub(crate) limit: u16,
    /// Where to go on, from the page before.
    #[arg(long, value_name = "CURSOR")]
    pub(crate) cursor: Option<String>,
}

pub(crate) async fn run(app: &App, args: HistoryArgs) -> Result<Reply, Failure> {
    let session = Session::begin(app).await?;
    let reader = app.unlock(&session.wallet)?.reader();
    let prefix = &session.attached.address_prefix;
    let (account, address) = match args.account {
        Some(text) => {
            let named = read_payee(app, &text, prefix)?;
            (named.account, named.address)
        }
        None => (session.attached.account, reader.address.clone()),
    };
    let asked = Log { read: None, cursor: args.cursor, limit: Some(args.limit) };
    let page = session.client.history(&address, &asked, &reader).await?;
    let lines = page.entries.into_iter().map(|entry| Line::of_history(entry, prefix, &account));
    let lines = lines.collect::<Result<Vec<_>, _>>()?;
    let text = if lines.is_empty() {
        app.text("note-no-history", &[])
    } else {
        show(app, &session, &lines).await?
    };
    let reply = Reply::new(json!({ "entries": lines, "next": page.next }), text);
    Ok(match &page.next {
        Some(next) => reply.next(format!("kyojo history --cursor {next}")),
        None => reply.next("kyojo balance"),
    })
}

/// Entries as a table.
pub(crate) async fn show(
    app: &App,
    session: &Session,
    lines: &[Line<HistoryEntry>],
) -> Result<String, Failure> {
    let names_bank = |line: &Line<HistoryEntry>| matches!(line.told.with, Some(With::Bank(_)));
    let banks =
        if lines.iter().any(names_bank) { banks(&session.client).await? } else { BTreeMap::new() };
    let prefix = &session.attached.address_prefix;
    let titles = ["label-time", "label-what", "label-amount", "label-with", "label-number"];
    let rows: Vec<Vec<String>> = lines.iter().map(|line| row(app, line, prefix, &banks)).collect();
    Ok(app.table(&titles, &rows, &[2]))
}

/// Each bank's address, which the public supply names.
async fn banks(client: &Client) -> Result<BTreeMap<BankId, String>, Failure> {
    let supply = client.supply().await?;
    Ok(supply.banks.into_iter().map(|bank| (bank.bank, bank.account.to_string())).collect())
}

fn row(
    app: &App,
    Line { entry, told }: &Line<HistoryEntry>,
    prefix: &AddressPrefix,
    banks: &BTreeMap<BankId, String>,
) -> Vec<String> {
    let sign = match told.direction {
        Some(Direction::In) => "+",
        Some(Direction::Out) => "-",
        None => "",
    };
    let with = match told.with {
        Some(With::Somebody(Whose::Account(account))) => named_account(app, account, prefix),
        Some(With::Somebody(Whose::Pseudonym(name))) => format!("#{:.8}", name.to_string()),
        Some(With::Bank(bank)) => banks.get(&bank).map(|at| short(at)).unwrap_or_default(),
        Some(With::Somebody(Whose::Hidden)) | None => String::new(),
    };
    let number = entry.transaction.map(|id| last_digits(&id.to_string()));
    vec![
        calendar::show_here(&entry.time),
        what(app, entry, told.in_history),
        told.amount.map_or_else(String::new, |yen| format!("{sign}{}", amount::show(yen))),
        with,
        number.unwrap_or_default(),
    ]
}

/// An account in short, behind its name where that is known.
fn named_account(app: &App, account: AccountId, prefix: &AddressPrefix) -> String {
    let address = short(&account.to_address(prefix));
    let known = app.names().ok().and_then(|names| names.name_of(Is::Account(account)));
    known.map_or_else(|| address.clone(), |known| format!("{} {address}", marked(app, known)))
}

/// What was done, and where the ledger rejected it, by which rule.
fn what(app: &App, entry: &HistoryEntry, key: &str) -> String {
    let what = app.text(key, &[]);
    match entry.outcome {
        OutcomeBody::Committed => what,
        OutcomeBody::Rejected => {
            let rejected = app.text("label-rejected", &[]);
            let code = entry.code.map_or(0, |code| code.get());
            format!("{what} ({rejected} {code})")
        }
    }
}

/// The last digits of a transaction, by which people find a payment.
pub(crate) fn last_digits(id: &str) -> String {
    id.get(id.len().saturating_sub(4)..).unwrap_or(id).to_owned()
}
