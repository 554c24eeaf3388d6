//! `balance`, `send`, `pay` and `redeem`.

use ledger_types::operation::{CancelRedeem, Pay, RequestRedeem, Transfer};
use ledger_types::{Hash, Operation, Yen, ZoneId};
use serde_json::{Value, json};

use super::transact::{Plan, Session};
use super::{Payee, proof_file, read_amount, read_hash, read_payee, short};
use crate::amount;
use crate::app::App;
use crate::args::{BalanceArgs, PayArgs, RedeemArgs, SendArgs};
use crate::commitment::{Salt, TAG_REFERENCE, random_id};
use crate::failure::{Exit, Failure};
use crate::output::{Reply, fields};
use crate::vault;

pub(super) async fn balance(app: &App, args: BalanceArgs) -> Result<Reply, Failure> {
    let session = Session::begin(app).await?;
    let reader = app.unlock(&session.wallet)?.reader();
    let address = match args.account {
        Some(text) => read_payee(app, &text, &session.attached.address_prefix)?.address,
        None => reader.address.clone(),
    };
    let account = session.client.account(&address, &reader).await?;
    let Some(money) = &account.money else {
        return Err(Failure::new(Exit::NotFound, "err-no-money-account"));
    };
    let mut lines = vec![
        (app.text("label-address", &[]), account.address.to_string()),
        (app.text("label-balance", &[]), amount::show(money.balance)),
        (app.text("label-available", &[]), amount::show(money.available)),
    ];
    if !money.held.is_zero() {
        lines.push((app.text("label-held", &[]), amount::show(money.held)));
    }
    for zone in &money.zones {
        let number = zone.zone.to_string();
        lines.push((app.text("label-in-zone", &[("zone", &number)]), amount::show(zone.balance)));
    }
    lines.push((app.text("label-custodian", &[]), format!("{:04}", money.custodian.get())));
    let data = json!({
        "address": account.address,
        "custodian": money.custodian,
        "balance": money.balance,
        "available": money.available,
        "held": money.held,
        "zones": money.zones,
        "height": account.height,
    });
    let reply = Reply::new(data, fields(&lines)).next("kyojo history");
    let bundle = session.client.account_bundle(&address, &reader);
    proof_file::attach(app, reply, &session.client, bundle, args.proof.as_deref()).await
}

pub(super) async fn send(app: &App, args: SendArgs) -> Result<Reply, Failure> {
    let amount = read_amount(&args.amount)?;
    let session = Session::begin(app).await?;
    let payee = read_payee(app, &args.to, &session.attached.address_prefix)?;
    let reference = Reference::of(args.reference);
    let lines = payment_lines(app, &session, &payee, amount, None);
    let operation = Operation::Transfer(Transfer {
        to: payee.account,
        amount,
        reference: reference.commitment(),
    });
    let plan = Plan {
        operations: vec![operation],
        lines,
        data: payment_data(&payee, amount, None, &reference),
        done: "done-sent",
        next: vec!["kyojo balance".to_owned()],
    };
    finish(app, &session, plan, &reference).await
}

pub(super) async fn pay(app: &App, args: PayArgs) -> Result<Reply, Failure> {
    let amount = read_amount(&args.amount)?;
    let session = Session::begin(app).await?;
    let payee = read_payee(app, &args.merchant, &session.attached.address_prefix)?;
    let reference = Reference::of(args.reference);
    let zone = ZoneId::new(args.zone);
    let lines = payment_lines(app, &session, &payee, amount, Some(zone));
    let operation = Operation::Pay(Pay {
        zone,
        merchant: payee.account,
        amount,
        reference: reference.commitment(),
    });
    let plan = Plan {
        operations: vec![operation],
        lines,
        data: payment_data(&payee, amount, Some(zone), &reference),
        done: "done-paid",
        next: vec!["kyojo balance".to_owned()],
    };
    finish(app, &session, plan, &reference).await
}

/// Performs the plan and keeps the reference's opening beside the transaction's name.
async fn finish(
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
        let path = vault::keep_opening(&app.settings.folders, id, &opening)?;
        reply.data["reference_opening"] = json!(path);
    }
    Ok(reply)
}

/// A payment's reference with the salt under which it was committed to.
struct Reference {
    opening: Option<(String, Salt)>,
}

impl Reference {
    fn of(text: Option<String>) -> Self {
        Self { opening: text.map(|text| (text, Salt::fresh())) }
    }

    fn commitment(&self) -> Option<Hash> {
        let (text, salt) = self.opening.as_ref()?;
        Some(salt.commit(TAG_REFERENCE, text.as_bytes()))
    }
}

fn payment_lines(
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

fn payment_data(payee: &Payee, amount: Yen, zone: Option<ZoneId>, reference: &Reference) -> Value {
    let mut data = json!({ "to": payee.address, "amount": amount, "fee": Yen::ZERO });
    if let Some(zone) = zone {
        data["zone"] = json!(zone);
    }
    if let Some(commitment) = reference.commitment() {
        data["reference"] = json!(commitment);
    }
    data
}

pub(super) async fn redeem(app: &App, args: RedeemArgs) -> Result<Reply, Failure> {
    match (args.amount, args.cancel) {
        (Some(amount), None) => request_redeem(app, &amount).await,
        (_, Some(request)) => cancel_redeem(app, &request).await,
        (None, None) => {
            Err(Failure::new(Exit::Usage, "err-usage-missing").with("argument", "AMOUNT"))
        }
    }
}

async fn request_redeem(app: &App, text: &str) -> Result<Reply, Failure> {
    let amount = read_amount(text)?;
    let session = Session::begin(app).await?;
    let redeem = random_id();
    let mut lines = session.lines(app);
    lines.push((app.text("label-redeem-amount", &[]), amount::show(amount)));
    let plan = Plan {
        operations: vec![Operation::RequestRedeem(RequestRedeem { redeem, amount })],
        lines,
        data: json!({ "redeem": redeem, "amount": amount }),
        done: "done-redeem-requested",
        next: vec![format!("kyojo redeem --cancel {redeem}"), "kyojo balance".to_owned()],
    };
    session.perform(app, plan).await
}

async fn cancel_redeem(app: &App, text: &str) -> Result<Reply, Failure> {
    let redeem = read_hash(text)?;
    let session = Session::begin(app).await?;
    let mut lines = session.lines(app);
    lines.push((app.text("label-redeem-cancel", &[]), redeem.to_string()));
    let plan = Plan {
        operations: vec![Operation::CancelRedeem(CancelRedeem { redeem })],
        lines,
        data: json!({ "redeem": redeem }),
        done: "done-redeem-cancelled",
        next: vec!["kyojo balance".to_owned()],
    };
    session.perform(app, plan).await
}
