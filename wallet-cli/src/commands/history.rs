//! `history`: what happened to an account.

use std::collections::BTreeMap;

use ledger_types::{AccountId, AddressPrefix, BankId, Whose};
use node_api::body::{HistoryEntry, OutcomeBody};
use node_api::query::Log;

use crate::acting::naming::marked;
use crate::acting::numbers::last_digits;
use crate::acting::payee::read_payee;
use crate::client::Client;
use crate::commands::prelude::*;
use crate::i18n::Lang;
use crate::named::Is;
use crate::output::short;
use crate::told::{Direction, Line, Told, With};

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
    let is_first = args.cursor.is_none();
    let asked = Log { read: None, cursor: args.cursor, limit: Some(args.limit) };
    let page = session.client.history(&address, &asked, &reader).await?;
    let lines = page.entries.into_iter().map(|entry| Line::of_history(entry, prefix, &account));
    let lines = lines.collect::<Result<Vec<_>, _>>()?;
    let text = if lines.is_empty() {
        app.text(if is_first { "note-no-history" } else { "note-no-older" }, &[])
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
    let with = match told.with {
        Some(With::Somebody(Whose::Account(account))) => named_account(app, account, prefix),
        Some(With::Somebody(Whose::Pseudonym(name))) => format!("#{:.8}", name.to_string()),
        Some(With::Somebody(Whose::Hidden)) => app.text("label-hidden", &[]),
        Some(With::Bank(bank)) => match banks.get(&bank) {
            Some(at) => short(at),
            None => {
                let number = format!("{:04}", bank.get());
                app.text("label-bank-numbered", &[("bank", &number)])
            }
        },
        None => String::new(),
    };
    // A payment at a shop has a number of its own, by which what is given back of it has it too.
    let transaction = || entry.transaction.map(|id| id.to_string());
    let number = told.payment.map(|id| id.to_string()).or_else(transaction);
    vec![
        calendar::show(entry.time.get()),
        what(app.output.lang, entry, told),
        moved(entry.outcome, told),
        with,
        number.map(|number| last_digits(&number)).unwrap_or_default(),
    ]
}

/// An account in short, behind its name where that is known.
fn named_account(app: &App, account: AccountId, prefix: &AddressPrefix) -> String {
    let address = short(&account.to_address(prefix));
    let known = app.names().name_of(Is::Account(account));
    known.map_or_else(|| address.clone(), |known| format!("{} {address}", marked(app, known)))
}

/// How much moved and which way: nothing, where it was refused.
fn moved(outcome: OutcomeBody, told: &Told) -> String {
    let sign = match (outcome, told.direction) {
        (OutcomeBody::Rejected, _) => return String::new(),
        (OutcomeBody::Committed, Some(Direction::In)) => "+",
        (OutcomeBody::Committed, Some(Direction::Out)) => "-",
        (OutcomeBody::Committed, None) => "",
    };
    told.amount.map_or_else(String::new, |yen| format!("{sign}{}", amount::show(yen)))
}

/// What was done, with from when on it holds where that was later; or what was not, of how much and by
/// which rule.
fn what(lang: Lang, entry: &HistoryEntry, told: &Told) -> String {
    let what = lang.text(told.in_history, &[]);
    match entry.outcome {
        OutcomeBody::Committed if told.terminal.is_some() || told.cash.is_some() => {
            at_till(lang, what, told)
        }
        OutcomeBody::Committed => match told.from.filter(|from| *from > entry.time.get()) {
            Some(from) => {
                let variables = [("what", what.as_str()), ("from", &calendar::show(from))];
                lang.text("label-announced-for", &variables)
            }
            None => what,
        },
        OutcomeBody::Rejected => {
            let code = entry.code.map_or_else(|| "-".to_owned(), |code| code.get().to_string());
            let amount = told.amount.map(amount::show).unwrap_or_default();
            let variables = [("what", what.as_str()), ("amount", &amount), ("code", &code)];
            lang.text("label-not-done", &variables)
        }
    }
}

/// What was done by which terminal, and how much cash was beside.
fn at_till(lang: Lang, mut what: String, told: &Told) -> String {
    if let Some(terminal) = told.terminal {
        let variables = [("what", what.as_str()), ("terminal", &terminal.to_string())];
        what = lang.text("label-by-terminal", &variables);
    }
    if let Some(cash) = told.cash {
        what = lang.text("label-and-cash", &[("what", &what), ("cash", &amount::show(cash))]);
    }
    what
}

#[cfg(test)]
mod tests {
    use ledger_types::event::MerchantUpdated;
    use ledger_types::operation::{MerchantClass, Transfer};
    use ledger_types::rejection::RejectionCode;
    use ledger_types::{AccountId, Height, Timestamp, Yen, ZoneId};

    use super::*;
    use crate::told::{asked, told};

    /// An entry of what was done.
    fn entry() -> HistoryEntry {
        HistoryEntry {
            height: Height::new(5),
            time: Timestamp::from_millis(0).into(),
            index: Some(0),
            transaction: None,
            operation: 0,
            outcome: OutcomeBody::Committed,
            code: None,
            name: None,
            event: None,
            asked: None,
        }
    }

    #[test]
    fn a_refused_payment_is_no_minus_amount() {
        let (to, amount) = (AccountId::new([2; 20]), Yen::new(1200));
        let told = asked(&Operation::Transfer(Transfer { to, amount, reference: None }));
        let entry = HistoryEntry {
            outcome: OutcomeBody::Rejected,
            code: Some(RejectionCode::new(2004)),
            ..entry()
        };
        assert_eq!(moved(OutcomeBody::Rejected, &told), "");
        assert_eq!(moved(OutcomeBody::Committed, &told), "-1,200円");
        let text = what(Lang::Ja, &entry, &told);
        for part in ["送金", "1,200円", "できませんでした", "2004"] {
            assert!(text.contains(part) && !text.contains("-1"), "{part}: {text}");
        }
        let done = HistoryEntry { outcome: OutcomeBody::Committed, code: None, ..entry };
        assert_eq!(what(Lang::Ja, &done, &told), "送金");
    }

    #[test]
    fn a_tier_that_was_announced_is_told_with_its_day_and_one_that_holds_at_once_without() {
        let merchant = AccountId::new([2; 20]);
        let (zone, class, tier) = (ZoneId::new(1), MerchantClass::Local, 1);
        let day = |from| {
            let updated = MerchantUpdated { zone, merchant, class, tier, from };
            told(&updated.into(), Some(&merchant))
        };
        // 2026-12-22, 18:00 in Japan.
        let announced = day(Timestamp::from_millis(1_797_930_000_000));
        assert_eq!(what(Lang::En, &entry(), &announced), "merchant updated, from 2026/12/22 18:00");
        let japanese = what(Lang::Ja, &entry(), &announced);
        assert_eq!(japanese, "加盟店の内容の変更（2026/12/22 18:00 から）");
        let at_once = day(entry().time.get());
        assert_eq!(what(Lang::En, &entry(), &at_once), "merchant updated");
        let refused = HistoryEntry { outcome: OutcomeBody::Rejected, ..entry() };
        assert!(!what(Lang::En, &refused, &announced).contains("2026"));
    }
}
