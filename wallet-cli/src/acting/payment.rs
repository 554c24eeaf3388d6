//! What every payment shows, sends and keeps.

use std::path::Path;

use ledger_types::operation::{Pay, Transfer};
use ledger_types::{AccountId, Hash, Operation, Yen, ZoneId};
use serde_json::json;

use crate::acting::act::Act;
use crate::acting::batches::Part;
use crate::acting::bulk::{self, Kind, Purse};
use crate::acting::naming::{NamedZone, is_merchant, zone};
use crate::acting::payee::{Payee, read_payee};
use crate::acting::rows;
use crate::acting::transact::Session;
use crate::amount;
use crate::app::App;
use crate::client::Client;
use crate::commitment::{Salt, TAG_REFERENCE};
use crate::failure::{Exit, Failure};
use crate::outbox::Opening;
use crate::output::Reply;
use crate::reading::read_amount;

/// Out of what is paid.
#[derive(Clone, Copy)]
pub(crate) enum From<'a> {
    /// The account itself.
    Account,
    /// The sub-account of a zone, by its number or name where one is said.
    Zone(Option<&'a str>),
}

/// A payment as it was said.
pub(crate) struct Payment<'a> {
    /// An address, or a name that this machine knows.
    pub(crate) to: &'a str,
    pub(crate) amount: &'a str,
    pub(crate) from: From<'a>,
    /// What the payee and the payer keep; only a salted hash of it is sent.
    pub(crate) reference: Option<String>,
    /// The key of the text that says it is done.
    pub(crate) done: &'static str,
}

/// What pays: from a zone a merchant of it, without one another account.
fn operation(
    zone: Option<ZoneId>,
    to: AccountId,
    amount: Yen,
    reference: Option<Hash>,
) -> Operation {
    match zone {
        Some(zone) => Operation::Pay(Pay { zone, merchant: to, amount, reference }),
        None => Operation::Transfer(Transfer { to, amount, reference }),
    }
}

/// Pays; the reference's opening is kept under the transaction's name before it is sent.
pub(crate) async fn pay(app: &App, payment: Payment<'_>) -> Result<Reply, Failure> {
    let amount = read_amount(payment.amount)?;
    let session = Session::begin(app).await?;
    let payee = read_payee(app, payment.to, &session.attached.address_prefix)?;
    let zone = match payment.from {
        From::Account => None,
        From::Zone(said) => Some(zone_of(app, &session.client, said, &payee).await?),
    };
    let private = payment.reference.map(|text| (text, Salt::fresh()));
    let commit = |(text, salt): &(String, Salt)| salt.commit(TAG_REFERENCE, text.as_bytes());
    let reference = private.as_ref().map(commit);
    let mut data = json!({ "to": payee.address, "amount": amount, "fee": Yen::ZERO });
    let id = zone.as_ref().map(|zone| zone.id);
    let mut act = Act::ending(operation(id, payee.account, amount, reference), payment.done)
        .line("label-to", payee.shown(app))
        .line("label-amount", amount::show(amount));
    if let Some(zone) = zone {
        data["zone"] = json!(zone.id);
        act = act.line("label-zone", zone.shown(app));
    }
    if let Some(reference) = reference {
        data["reference"] = json!(reference);
    }
    act = act.line("label-fee", amount::show(Yen::ZERO)).data(data).next("kyojo balance");
    if let Some((text, salt)) = private {
        let document = json!({ "reference": text, "salt": salt });
        act = act.private(text, Opening { member: "reference_opening", name: None, document });
    }
    act.by_account(app, &session).await
}

/// The zone in which somebody is paid; whom the public directory names must be a merchant there.
async fn zone_of(
    app: &App,
    client: &Client,
    said: Option<&str>,
    payee: &Payee,
) -> Result<NamedZone, Failure> {
    let zone = zone(app, client, said, &payee.zones).await?;
    if payee.is_public && !is_merchant(client, zone.id, &payee.address).await? {
        return Err(Failure::new(Exit::Refused, "err-name-not-on-ledger")
            .with("name", payee.name.clone().unwrap_or_default()));
    }
    Ok(zone)
}

/// A file of payments as it was said.
pub(crate) struct Payments<'a> {
    pub(crate) file: &'a Path,
    /// The name by which the payer knows the batch.
    pub(crate) batch: &'a str,
    pub(crate) from: From<'a>,
    /// The key of the words that say what it does.
    pub(crate) what: &'static str,
}

/// Pays what of a file was not paid yet, a transaction a row.
pub(crate) async fn pay_file(app: &App, payments: Payments<'_>) -> Result<Reply, Failure> {
    let Payments { file, batch, from, what } = payments;
    let session = Session::begin(app).await?;
    let named = match from {
        From::Account => None,
        From::Zone(said) => Some(zone(app, &session.client, said, &[]).await?),
    };
    let zone = named.as_ref().map(|named| named.id);
    let attached = &session.attached;
    let (prefix, payer) = (&attached.address_prefix, &attached.account);
    let rows = rows::read(app, file, prefix, rows::Of::Payer(payer))?;
    let number = zone.map(|zone| zone.get().to_be_bytes());
    let words = [what.as_bytes(), batch.as_bytes(), number.as_ref().map_or(&[], |it| it)];
    let mut lines = vec![(app.text("label-batch", &[]), batch.to_owned())];
    let mut data = json!({ "batch": batch });
    if let Some(named) = &named {
        data["zone"] = json!(named.id);
        lines.push((app.text("label-zone", &[]), named.shown(app)));
    }
    let of_part = |part: &Part, reference| {
        let [row] = part.rows.as_slice() else { return None };
        Some(operation(zone, row.to, row.amount, reference))
    };
    let kind = Kind {
        id: Kind::id(&session, &words),
        rows_a_part: 1,
        from: zone.map_or(Purse::Account, Purse::Zone),
        is_numbered: false,
        what,
        lines,
        data,
        operation: &of_part,
    };
    bulk::pay(app, &session, &kind, &rows).await
}
