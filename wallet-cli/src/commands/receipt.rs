//! `receipt`: what became of a transaction, with what was paid to whom, when and for what.
//!
//! The ledger's receipt says only that it was done. The rest comes from what this wallet sent, from
//! the openings that it keeps, and from its account's history; what none of them says is shown as
//! not known. One that may be lost is sent again, byte for byte.

use ledger_types::event::{Paid, Transferred};
use ledger_types::payment::payment_id;
use ledger_types::{Event, Height, Receipt, Timestamp, TransactionId, Whose};
use node_api::ApiCode;
use node_api::body::{HistoryEntry, ReceiptBody};
use node_api::query::Wait;

use crate::acting::numbers::{self, candidate, is_part};
use crate::acting::order::{Fate, resolve, settled};
use crate::acting::payee::read_payee;
use crate::acting::search::Search;
use crate::acting::transact::checked;
use crate::client::Client;
use crate::commands::prelude::*;
use crate::outbox::{Outbox, Record};
use crate::output::short;
use crate::proof::file;
use crate::told::{Line, Told, With, asked, payment_number, strange};

/// `receipt`.
#[derive(Debug, Args)]
pub(crate) struct ReceiptArgs {
    /// The transaction: its number, or its last 4 digits or more.
    pub(crate) transaction: String,
    /// Write a proof of it to a new file.
    #[arg(long, value_name = "FILE")]
    pub(crate) proof: Option<PathBuf>,
}

/// What is known of a payment beside the ledger's receipt.
struct Known {
    told: Vec<Told>,
    time: Option<Timestamp>,
    reference: Reference,
}

/// What was said with a payment, of which the ledger has a commitment alone.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Reference {
    Text(String),
    /// There is one, and what it says is not here.
    Closed,
    None,
    NotKnown,
}

pub(crate) async fn run(app: &App, args: ReceiptArgs) -> Result<Reply, Failure> {
    let is_part = is_part(&args.transaction);
    let whole = if is_part { None } else { Some(read_hash(&args.transaction)?) };
    let client = app.client().await?;
    let id = match whole {
        Some(whole) => TransactionId::new(whole),
        None => by_last_digits(app, &args.transaction.to_ascii_lowercase()).await?,
    };
    // Before its outcome is known: what is settled leaves the wallet's records.
    let sent = Outbox::of(&app.settings.folders)?.known(&id)?;
    let receipt = find(app, &client, &id).await?;
    let known = known(app, &client, &receipt, sent).await;
    let lines = lines(app, &client, &receipt, &known);
    let mut data = json!(ReceiptBody::of(&receipt));
    data["payment"] = payment(&client, &known);
    let reply = Reply::new(data, fields(&lines)).next("kyojo history");
    let bundle = client.receipt_bundle(&id);
    file::attach(app, reply, &client, bundle, args.proof.as_deref()).await
}

/// The transaction whose number ends so, or which made a payment at a shop whose number does, among what the wallet sent and its account's history.
async fn by_last_digits(app: &App, digits: &str) -> Result<TransactionId, Failure> {
    let session = Session::begin(app).await?;
    let reader = app.unlock(&session.wallet)?.reader();
    let account = session.attached.account;
    let ends_so = |id: &TransactionId| id.to_string().ends_with(digits);
    let (most, from) = (usize::MAX, Height::GENESIS);
    let search = Search { session: &session, reader: &reader, account, most, from };
    let of_payment = |entry: &HistoryEntry, event: &Event| {
        let number = payment_number(entry, event).filter(|_| Paid::of(event).is_some());
        number.is_some_and(|number| number.to_string().ends_with(digits))
    };
    let searched = search.run(|entry, event| {
        let is_so = entry.transaction.as_ref().is_some_and(ends_so);
        is_so || event.is_some_and(|event| of_payment(entry, event))
    });
    let searched = searched.await?;
    let mut found: Vec<(TransactionId, String)> = Vec::new();
    for line in &searched.lines {
        let id = line.entry.transaction.ok_or_else(|| strange("an entry without its number"))?;
        if found.iter().all(|(known, _)| *known != id) {
            found.push((id, candidate(app, &id.to_string(), line.entry.time.get(), &line.told)));
        }
    }
    for record in Outbox::of(&app.settings.folders)?.open()? {
        let id = record.transaction;
        if ends_so(&id) && found.iter().all(|(known, _)| *known != id) {
            let told = record.operations()?.first().map(asked);
            let line = told.map(|told| candidate(app, &id.to_string(), record.signed_at, &told));
            found.push((id, line.unwrap_or_else(|| id.to_string())));
        }
    }
    chosen(digits, &found, searched.read)
}

/// The only one; many are listed, so that a longer end can be given.
fn chosen(
    digits: &str,
    found: &[(TransactionId, String)],
    read: usize,
) -> Result<TransactionId, Failure> {
    match found {
        [(only, _)] => Ok(*only),
        [] => Err(Failure::new(Exit::NotFound, "err-no-such-digits")
            .with("digits", digits)
            .with("count", read)),
        several => {
            let lines: Vec<&str> = several.iter().map(|(_, line)| line.as_str()).collect();
            let ids: Vec<TransactionId> = several.iter().map(|(id, _)| *id).collect();
            Err(Failure::new(Exit::Usage, "err-digits-ambiguous")
                .with("digits", digits)
                .with("lines", lines.join("\n"))
                .details(json!({ "candidates": ids })))
        }
    }
}

/// What this wallet and its account's history say of a transaction; nothing that fails here makes
/// the receipt fail, it only stays not known.
async fn known(app: &App, client: &Client, receipt: &Receipt, sent: Option<Record>) -> Known {
    let time = client.block(receipt.height).await.ok().map(|block| block.time.get());
    let operations = sent.and_then(|record| record.operations().ok()).unwrap_or_default();
    let has_reference = operations.iter().map(Operation::is_payment_with_reference).max();
    let told = operations.iter().zip(0..);
    let told: Vec<Told> = told.map(|(one, place)| numbered(one, place, receipt, time)).collect();
    if !told.is_empty() {
        let reference = reference(app, &receipt.transaction, has_reference);
        return Known { told, time, reference };
    }
    let lines = match in_history(app, receipt).await {
        Ok(lines) => lines,
        Err(failure) => {
            app.output.detail(&failure.message(app.output.lang));
            Vec::new()
        }
    };
    let prefix = &client.network().address_prefix;
    let referenced = |line: &Line<HistoryEntry>| {
        let event = line.entry.event(prefix).ok().flatten()?;
        let of_paid = Paid::of(&event).map(|paid| paid.reference.is_some());
        Some(of_paid.or(Transferred::of(&event).map(|sent| sent.reference.is_some())) == Some(true))
    };
    let has_reference = lines.iter().filter_map(referenced).max();
    let reference = reference(app, &receipt.transaction, has_reference);
    let time = time.or(lines.first().map(|line| line.entry.time.get()));
    Known { told: lines.into_iter().map(|line| line.told).collect(), time, reference }
}

/// What was sent, with the number of a payment at a shop that answers no request: by its place.
fn numbered(operation: &Operation, place: u16, receipt: &Receipt, time: Option<Timestamp>) -> Told {
    let told = asked(operation);
    let is_numbered = operation.as_pay().is_some() && told.payment.is_none();
    let Some(time) = time.filter(|_| is_numbered) else { return told };
    Told { payment: Some(payment_id(receipt.height, receipt.index, place, time)), ..told }
}

async fn in_history(app: &App, receipt: &Receipt) -> Result<Vec<Line<HistoryEntry>>, Failure> {
    let session = Session::begin(app).await?;
    let reader = app.unlock(&session.wallet)?.reader();
    let account = session.attached.account;
    let (most, from) = (usize::MAX, receipt.height);
    let search = Search { session: &session, reader: &reader, account, most, from };
    let wanted = Some(receipt.transaction);
    Ok(search.run(|entry, _| entry.transaction == wanted).await?.lines)
}

/// What was said, as the wallet keeps it.
fn reference(app: &App, id: &TransactionId, has_one: Option<bool>) -> Reference {
    let kept = Outbox::of(&app.settings.folders).and_then(|outbox| outbox.reference(id));
    match (kept, has_one) {
        (Ok(Some(text)), _) => Reference::Text(text),
        (_, Some(true)) => Reference::Closed,
        (_, Some(false)) => Reference::None,
        (_, None) => Reference::NotKnown,
    }
}

fn lines(app: &App, client: &Client, receipt: &Receipt, known: &Known) -> Vec<(String, String)> {
    let not_known = || app.text("label-not-known", &[]);
    let line = |key: &str, value: String| (app.text(key, &[]), value);
    let mut lines = vec![
        line("label-transaction", receipt.transaction.to_string()),
        line("label-outcome", app.text("label-committed", &[])),
        line("label-time", known.time.map_or_else(not_known, calendar::show)),
    ];
    for told in &known.told {
        lines.push(line("label-what", app.text(told.in_history, &[])));
        lines.extend(told.amount.map(|yen| line("label-amount", amount::show(yen))));
        lines.extend(told.cash.map(|yen| line("label-in-cash", amount::show(yen))));
        lines.extend(told.payment.map(|id| line("label-payment-number", numbers::shown(&id))));
        lines.extend(told.terminal.map(|it| line("label-terminal", it.to_string())));
        lines.extend(with(app, client, told).map(|with| line("label-counterparty", with)));
    }
    if known.told.is_empty() {
        for key in ["label-what", "label-amount", "label-counterparty"] {
            lines.push(line(key, not_known()));
        }
    }
    let is_of_money = known.told.iter().any(|told| told.amount.is_some());
    let said = match &known.reference {
        Reference::Text(text) => Some(text.clone()),
        Reference::Closed => Some(app.text("label-reference-closed", &[])),
        Reference::None => is_of_money.then(|| app.text("label-reference-none", &[])),
        Reference::NotKnown => Some(not_known()),
    };
    lines.extend(said.map(|said| line("label-reference", said)));
    lines.push(line("label-height", receipt.height.to_string()));
    lines
}

/// The other side in words, by the name that this machine knows it by where it does.
fn with(app: &App, client: &Client, told: &Told) -> Option<String> {
    let prefix = &client.network().address_prefix;
    Some(match told.with? {
        With::Somebody(Whose::Account(account)) => {
            let address = account.to_address(prefix);
            let name = read_payee(app, &address, prefix).ok().and_then(|payee| payee.name);
            match name {
                Some(name) => format!("{name} ({})", short(&address)),
                None => short(&address),
            }
        }
        With::Somebody(Whose::Pseudonym(name)) => format!("#{:.8}", name.to_string()),
        With::Somebody(Whose::Hidden) => app.text("label-hidden", &[]),
        With::Bank(bank) => app.text("label-bank-numbered", &[("bank", &bank_number(bank))]),
    })
}

fn bank_number(bank: ledger_types::BankId) -> String {
    format!("{:04}", bank.get())
}

/// The same for machines: null is what is not known.
fn payment(client: &Client, known: &Known) -> serde_json::Value {
    let prefix = &client.network().address_prefix;
    let Some(told) = known.told.iter().find(|told| told.amount.is_some()) else {
        return json!(null);
    };
    let with = match told.with {
        Some(With::Somebody(Whose::Account(account))) => Some(account.to_address(prefix)),
        Some(With::Somebody(Whose::Pseudonym(_) | Whose::Hidden) | With::Bank(_)) | None => None,
    };
    let reference = match &known.reference {
        Reference::Text(text) => Some(text),
        Reference::Closed | Reference::None | Reference::NotKnown => None,
    };
    let time = known.time.map(node_api::Time::from);
    json!({
        "amount": told.amount, "with": with, "time": time, "reference": reference,
        "number": told.payment, "terminal": told.terminal, "cash": told.cash,
    })
}

/// What became of it; one that this wallet sent and the node does not know is sent again.
async fn find(app: &App, client: &Client, id: &TransactionId) -> Result<Receipt, Failure> {
    let outbox = Outbox::of(&app.settings.folders)?;
    let error = match client.receipt(id, Wait::default()).await {
        Ok(receipt) => {
            return match outbox.find(id)? {
                Some(record) => Ok(settled(client, &outbox, &record, receipt)?.receipt),
                None => checked(receipt),
            };
        }
        Err(error) => error,
    };
    let codes = [ApiCode::UnknownTransaction, ApiCode::IndexDisabled];
    let unknown = error.code().is_some_and(|code| codes.iter().any(|it| it.number() == code));
    let Some(record) = outbox.find(id)?.filter(|_| unknown) else {
        return Err(error.into());
    };
    app.output.say(&app.text("note-sending-again", &[]));
    match resolve(client, &record).await? {
        Fate::Known(receipt) => Ok(settled(client, &outbox, &record, receipt)?.receipt),
        Fate::Gone => {
            outbox.forget(&record);
            Err(Failure::new(Exit::NotFound, "err-cannot-come").with("transaction", id))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::Lang;

    fn id(seed: u8) -> TransactionId {
        TransactionId::new(Hash::new([seed; 32]))
    }

    #[test]
    fn digits_that_fit_many_list_the_candidates() {
        let of = |seed: u8| (id(seed), format!("  2026/11/22 18:00  送金 {seed}円"));
        assert_eq!(chosen("0101", &[of(1)], 7).unwrap(), id(1));
        let several = chosen("01", &[of(1), of(2)], 7).unwrap_err();
        let message = several.message(Lang::Ja);
        assert!(message.contains("送金 1円") && message.contains("送金 2円"), "{message}");
        let none = chosen("abcd", &[], 7).unwrap_err();
        assert!(none.message(Lang::Ja).contains("新しい方から 7 件"), "{}", none.message(Lang::Ja));
    }
}
