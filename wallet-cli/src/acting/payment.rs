//! What every payment shows, sends and keeps.

use std::path::Path;

use ledger_types::{AccountId, Hash, Operation, Yen, ZoneId};
use serde_json::json;

use crate::acting::act::Act;
use crate::acting::batches::Part;
use crate::acting::bulk::{self, Kind, Purse};
use crate::acting::payee::read_payee;
use crate::acting::rows;
use crate::acting::transact::Session;
use crate::amount;
use crate::app::App;
use crate::commitment::{Salt, TAG_REFERENCE};
use crate::failure::Failure;
use crate::outbox::Opening;
use crate::output::{Reply, short};
use crate::reading::read_amount;

/// A payment as it was said.
pub(crate) struct Payment<'a> {
    /// An address, or the name of a wallet on this machine.
    pub(crate) to: &'a str,
    pub(crate) amount: &'a str,
    pub(crate) zone: Option<ZoneId>,
    /// What the payee and the payer keep; only a salted hash of it is sent.
    pub(crate) reference: Option<String>,
    /// The key of the text that says it is done.
    pub(crate) done: &'static str,
}

/// Pays; the reference's opening is kept under the transaction's name before it is sent.
pub(crate) async fn pay(
    app: &App,
    payment: Payment<'_>,
    operation: impl FnOnce(AccountId, Yen, Option<Hash>) -> Operation,
) -> Result<Reply, Failure> {
    let amount = read_amount(payment.amount)?;
    let session = Session::begin(app).await?;
    let payee = read_payee(app, payment.to, &session.attached.address_prefix)?;
    let private = payment.reference.map(|text| (text, Salt::fresh()));
    let commit = |(text, salt): &(String, Salt)| salt.commit(TAG_REFERENCE, text.as_bytes());
    let reference = private.as_ref().map(commit);
    let name = payee.name.unwrap_or_else(|| app.text("label-unknown-payee", &[]));
    let mut data = json!({ "to": payee.address, "amount": amount, "fee": Yen::ZERO });
    let mut act = Act::ending(operation(payee.account, amount, reference), payment.done)
        .line("label-to", format!("{name} ({})", short(&payee.address)))
        .line("label-amount", amount::show(amount));
    if let Some(zone) = payment.zone {
        data["zone"] = json!(zone);
        act = act.line("label-zone", zone);
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

/// A file of payments as it was said.
pub(crate) struct Payments<'a> {
    pub(crate) file: &'a Path,
    /// The name by which the payer knows the batch.
    pub(crate) batch: &'a str,
    pub(crate) zone: Option<ZoneId>,
    /// The key of the words that say what it does.
    pub(crate) what: &'static str,
}

/// Pays what of a file was not paid yet, a transaction a row.
pub(crate) async fn pay_file(
    app: &App,
    payments: Payments<'_>,
    operation: impl Fn(AccountId, Yen, Option<Hash>) -> Operation + Sync,
) -> Result<Reply, Failure> {
    let Payments { file, batch, zone, what } = payments;
    let session = Session::begin(app).await?;
    let attached = &session.attached;
    let (prefix, payer) = (&attached.address_prefix, &attached.account);
    let rows = rows::read(app, file, prefix, rows::Of::Payer(payer))?;
    let number = zone.map(|zone| zone.get().to_be_bytes());
    let words = [what.as_bytes(), batch.as_bytes(), number.as_ref().map_or(&[], |it| it)];
    let mut lines = vec![(app.text("label-batch", &[]), batch.to_owned())];
    let mut data = json!({ "batch": batch });
    if let Some(zone) = zone {
        data["zone"] = json!(zone);
        lines.push((app.text("label-zone", &[]), zone.to_string()));
    }
    let of_part = |part: &Part, reference| {
        let [row] = part.rows.as_slice() else { return None };
        Some(operation(row.to, row.amount, reference))
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
