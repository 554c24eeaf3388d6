//! `merchant payments`: payments, refunds and voids as the merchant sees them.

use ledger_types::event::{Paid, Refunded, Voided};
use ledger_types::{AccountId, Event, Height};
use node_api::body::HistoryEntry;

use crate::acting::search::Search;
use crate::commands::history;
use crate::commands::prelude::*;
use crate::told::{Line, payment_number};

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

pub(crate) async fn run(app: &App, args: PaymentsArgs) -> Result<Reply, Failure> {
    let session = Session::begin(app).await?;
    let reader = app.unlock(&session.wallet)?.reader();
    let account = session.attached.account;
    let most = usize::from(args.limit);
    let search = Search { session: &session, reader: &reader, account, most, from: Height::new(0) };
    let searched = search.run(|entry, event| {
        event.is_some_and(|event| {
            let number = payment_number(entry, event).map(|number| number.to_string());
            let transaction = entry.transaction.map(|id| id.to_string());
            let ends_so = |last: &String| {
                [&number, &transaction].into_iter().flatten().any(|id| id.ends_with(last.as_str()))
            };
            args.last.as_ref().is_none_or(ends_so) && is_sale(event, &account)
        })
    });
    let searched = searched.await?;
    let mut text = if searched.lines.is_empty() {
        app.text("note-no-payments", &[])
    } else {
        history::show(app, &session, &searched.lines).await?
    };
    if searched.is_cut {
        let count = searched.read.to_string();
        text.push_str(&format!("\n{}", app.text("note-not-all-searched", &[("count", &count)])));
    }
    let numbered = |line: &Line<HistoryEntry>| {
        let mut entry = json!(line);
        entry["payment"] = json!(line.told.payment);
        entry
    };
    let payments: Vec<_> = searched.lines.iter().map(numbered).collect();
    let data = json!({ "payments": payments });
    Ok(Reply::new(data, text).next("kyojo balance"))
}

/// Whether it is a payment in a zone to this merchant, or what it gave back of one: what somebody sends
/// an account is no sale.
fn is_sale(event: &Event, account: &AccountId) -> bool {
    let paid = Paid::of(event).map(|one| one.merchant);
    let refunded = || Refunded::of(event).map(|one| one.merchant);
    let voided = || Voided::of(event).map(|one| one.merchant);
    paid.or_else(refunded).or_else(voided) == Some(*account)
}

#[cfg(test)]
mod tests {
    use ledger_types::event::Transferred;
    use ledger_types::{Whose, Yen, ZoneId};

    use super::*;

    #[test]
    fn a_private_transfer_is_no_sale() {
        let (payer, shop) = (AccountId::new([1; 20]), AccountId::new([2; 20]));
        let amount = Yen::new(850);
        let (zone, whose) = (ZoneId::new(1), Whose::from(payer));
        let paid = Event::from(Paid {
            zone,
            payer: whose,
            merchant: shop,
            amount,
            cash: Yen::ZERO,
            request: None,
            terminal: None,
            reference: None,
        });
        assert!(is_sale(&paid, &shop) && !is_sale(&paid, &payer));
        let sent =
            Event::from(Transferred { debtor: payer, creditor: shop, amount, reference: None });
        assert!(!is_sale(&sent, &shop));
    }
}
