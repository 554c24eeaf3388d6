//! What every payment shows, sends and keeps.

use ledger_types::{Hash, Yen, ZoneId};
use serde_json::{Value, json};

use crate::acting::payee::Payee;
use crate::acting::transact::{Plan, Session};
use crate::app::App;
use crate::commitment::{Salt, TAG_REFERENCE};
use crate::failure::Failure;
use crate::output::{Reply, short};
use crate::{amount, unsettled};

/// Performs the plan and keeps the reference's opening beside the transaction's name.
pub(crate) async fn finish(
    app: &App,
    session: &Session,
    plan: Plan,
    reference: &Reference,
) -> Result<Reply, Failure> {
    let mut reply = session.perform(app, plan).await?;
    if let Some((text, salt)) = &reference.opening
        && let Some(id) = reply.data.get("transaction").and_then(Value::as_str)
    {
        let opening = json!({ "transaction": id, "reference": text, "salt": salt });
        let path = unsettled::keep_opening(&app.settings.folders, id, &opening)?;
        reply.data["reference_opening"] = json!(path);
    }
    Ok(reply)
}

/// A payment's reference with the salt under which it was committed to.
pub(crate) struct Reference {
    opening: Option<(String, Salt)>,
}

impl Reference {
    pub(crate) fn of(text: Option<String>) -> Self {
        Self { opening: text.map(|text| (text, Salt::fresh())) }
    }

    pub(crate) fn commitment(&self) -> Option<Hash> {
        let (text, salt) = self.opening.as_ref()?;
        Some(salt.commit(TAG_REFERENCE, text.as_bytes()))
    }
}

pub(crate) fn payment_lines(
    app: &App,
    session: &Session,
    payee: &Payee,
    amount: Yen,
    zone: Option<ZoneId>,
) -> Vec<(String, String)> {
    let mut lines = session.lines(app);
    let unknown = app.text("label-unknown-payee", &[]);
    let name = payee.name.clone().unwrap_or(unknown);
    lines.push((app.text("label-to", &[]), format!("{name} ({})", short(&payee.address))));
    lines.push((app.text("label-amount", &[]), amount::show(amount)));
    if let Some(zone) = zone {
        lines.push((app.text("label-zone", &[]), zone.to_string()));
    }
    lines.push((app.text("label-fee", &[]), amount::show(Yen::ZERO)));
    lines
}

pub(crate) fn payment_data(
    payee: &Payee,
    amount: Yen,
    zone: Option<ZoneId>,
    reference: &Reference,
) -> Value {
    let mut data = json!({ "to": payee.address, "amount": amount, "fee": Yen::ZERO });
    if let Some(zone) = zone {
        data["zone"] = json!(zone);
    }
    if let Some(commitment) = reference.commitment() {
        data["reference"] = json!(commitment);
    }
    data
}
