//! What every payment shows, sends and keeps.

use ledger_types::{AccountId, Hash, Operation, Yen, ZoneId};
use serde_json::{Value, json};

use crate::acting::act::Act;
use crate::acting::payee::read_payee;
use crate::acting::transact::Session;
use crate::app::App;
use crate::commitment::{Salt, TAG_REFERENCE};
use crate::failure::Failure;
use crate::output::{Reply, short};
use crate::reading::read_amount;
use crate::{amount, unsettled};

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

/// Pays, and keeps the reference's opening beside the transaction's name.
pub(crate) async fn pay(
    app: &App,
    payment: Payment<'_>,
    operation: impl FnOnce(AccountId, Yen, Option<Hash>) -> Operation,
) -> Result<Reply, Failure> {
    let amount = read_amount(payment.amount)?;
    let session = Session::begin(app).await?;
    let payee = read_payee(app, payment.to, &session.attached.address_prefix)?;
    let opening = payment.reference.map(|text| (text, Salt::fresh()));
    let commit = |(text, salt): &(String, Salt)| salt.commit(TAG_REFERENCE, text.as_bytes());
    let reference = opening.as_ref().map(commit);
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
    let act = act.line("label-fee", amount::show(Yen::ZERO)).data(data).next("kyojo balance");
    let mut reply = act.by_account(app, &session).await?;
    if let Some((text, salt)) = &opening
        && let Some(id) = reply.data.get("transaction").and_then(Value::as_str)
    {
        let opening = json!({ "transaction": id, "reference": text, "salt": salt });
        let path = unsettled::keep_opening(&app.settings.folders, id, &opening)?;
        reply.data["reference_opening"] = json!(path);
    }
    Ok(reply)
}
