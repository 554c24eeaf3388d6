//! What every payment shows, sends and keeps.

use std::path::Path;

use ledger_types::operation::{AnsweredRequest, Pay, Transfer};
use ledger_types::rejection::RejectionCode;
use ledger_types::{AccountId, Hash, Operation, Rejection, Timestamp, Yen, ZoneId};
use serde_json::json;

use crate::acting::act::Act;
use crate::acting::answering::Answering;
use crate::acting::batches::Part;
use crate::acting::bulk::{self, Kind, Purse};
use crate::acting::means::{Bill, Means};
use crate::acting::naming::{NamedZone, is_merchant, zone};
use crate::acting::payee::{Payee, read_payee};
use crate::acting::rows;
use crate::acting::scanned::Scanned;
use crate::acting::transact::Session;
use crate::amount;
use crate::app::App;
use crate::client::Client;
use crate::commitment::{Salt, TAG_REFERENCE};
use crate::failure::{Exit, Failure};
use crate::outbox::Opening;
use crate::output::Reply;

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
    /// The shop's code, where one was said in the payee's place.
    pub(crate) code: Option<Scanned>,
    pub(crate) amount: Yen,
    pub(crate) from: From<'a>,
    /// What the payee and the payer keep; only a salted hash of it is sent.
    pub(crate) reference: Option<String>,
    /// What of it is paid in cash at the till, where a terminal asked and takes it.
    pub(crate) cash: Yen,
    /// Whether nothing may come from the bank account where the coin in the zone is short.
    pub(crate) is_coin_only: bool,
    /// Whether no voucher pays.
    pub(crate) is_without_vouchers: bool,
    /// The key of the text that says it is done.
    pub(crate) done: &'static str,
}

/// What pays: from a zone a merchant of it, without one another account.
fn operation(
    zone: Option<ZoneId>,
    to: AccountId,
    amount: Yen,
    means: Option<&Means>,
    reference: Option<Hash>,
    (request, again): (Option<AnsweredRequest>, bool),
) -> Operation {
    let Some(zone) = zone else {
        return Operation::Transfer(Transfer { to, amount, reference });
    };
    let parts = means.and_then(|means| means.coin.as_ref().ok());
    let charge = parts.map(|parts| parts.bank).filter(|bank| !bank.is_zero());
    let vouchers = means.map(|means| means.lines.clone()).filter(|lines| !lines.is_empty());
    Operation::Pay(Pay { zone, merchant: to, amount, charge, vouchers, reference, request, again })
}

/// How often somebody is asked anew, since other vouchers would pay than were shown.
const PLANS_MAX: usize = 3;

/// Pays; the reference's opening is kept under the transaction's name before it is sent.
pub(crate) async fn pay(app: &App, payment: Payment<'_>) -> Result<Reply, Failure> {
    let session = Session::begin(app).await?;
    let prefix = &session.attached.address_prefix;
    let payee = match &payment.code {
        None => read_payee(app, payment.to, prefix)?,
        Some(code) => {
            let address = code.address(&session.attached.genesis_hash, prefix)?;
            read_payee(app, &address, prefix)?
        }
    };
    let zone = match payment.from {
        From::Account => None,
        From::Zone(said) => {
            let of_code = payment.code.as_ref().map(Scanned::zone);
            let said = said.or(of_code.as_deref());
            Some(zone_of(app, &session.client, said, &payee, payment.code.as_ref()).await?)
        }
    };
    let answering = answering(&session, zone.as_ref(), &payee, &payment).await?;
    // What is there is read before anybody is asked; a dry run opens no wallet, and says nothing of it.
    let opened = match &zone {
        Some(_) if !app.global.dry_run => Some(app.unlock(&session.wallet)?),
        Some(_) | None => None,
    };
    let (mut plans, mut again) = (1, app.global.again);
    let bill = Bill {
        amount: answering.as_ref().map_or(payment.amount, |answering| answering.paid),
        request: answering.as_ref().map(Answering::terms),
        is_coin_only: payment.is_coin_only,
        is_without_vouchers: payment.is_without_vouchers,
    };
    loop {
        let means = match (&zone, &opened) {
            (Some(zone), Some(opened)) => {
                Some(Means::find(&session, &opened.reader(), zone.id, &payee, &bill).await?)
            }
            _ => None,
        };
        let how = How { answering: answering.as_ref(), zone: zone.as_ref(), means, again };
        let act = act(app, &payment, &payee, how);
        let failure = match act.by_opened(app, &session, opened.as_ref()).await {
            Err(failure) if app.is_asking() => failure,
            answer => return answer,
        };
        if is(&failure, Rejection::TenderChanged.code()) && plans < PLANS_MAX {
            plans += 1;
            app.output.say(&app.text("note-tender-changed", &[]));
        } else if is(&failure, duplicate()) && !again {
            again = true;
            app.output.say(&app.text("note-likely-duplicate", &[]));
        } else {
            return Err(failure);
        }
    }
}

/// What a terminal asked in the code, verified; none where the code stays, or there is none.
async fn answering(
    session: &Session,
    zone: Option<&NamedZone>,
    payee: &Payee,
    payment: &Payment<'_>,
) -> Result<Option<Answering>, Failure> {
    let signed = payment.code.as_ref().and_then(|code| code.request.as_deref());
    let Some((zone, signed)) = zone.zip(signed) else {
        let no_cash = || Failure::new(Exit::Usage, "err-no-cash");
        return if payment.cash.is_zero() { Ok(None) } else { Err(no_cash()) };
    };
    if payment.reference.is_some() {
        return Err(Failure::new(Exit::Usage, "err-reference-beside-request"));
    }
    Answering::verified(session, zone.id, payee, signed, payment.cash).await.map(Some)
}

/// Whether the ledger refused it by this rule, so that nothing was paid.
fn is(failure: &Failure, rule: RejectionCode) -> bool {
    failure.number() == Some(rule.get())
}

/// That the same shop was paid as much a moment ago.
fn duplicate() -> RejectionCode {
    Rejection::LikelyDuplicate { paid: Timestamp::from_millis(0) }.code()
}

/// How a payment is made.
struct How<'a> {
    answering: Option<&'a Answering>,
    zone: Option<&'a NamedZone>,
    means: Option<Means>,
    /// Whether the payer knows that the shop was paid as much a moment ago.
    again: bool,
}

/// What is shown, sent and kept of a payment.
fn act(app: &App, payment: &Payment<'_>, payee: &Payee, how: How<'_>) -> Act {
    let How { answering, zone, means, again } = how;
    let (amount, paid) =
        (payment.amount, answering.map_or(payment.amount, |answering| answering.paid));
    let private = payment.reference.clone().map(|text| (text, Salt::fresh()));
    let commit = |(text, salt): &(String, Salt)| salt.commit(TAG_REFERENCE, text.as_bytes());
    let reference = private.as_ref().map(commit);
    let mut data = json!({ "to": payee.address, "amount": paid, "fee": Yen::ZERO });
    let id = zone.map(|zone| zone.id);
    let said = (answering.map(Answering::answered), again && answering.is_none());
    let operation = operation(id, payee.account, paid, means.as_ref(), reference, said);
    let mut act = Act::ending(operation, payment.done)
        .line("label-to", payee.shown(app))
        .line("label-amount", amount::show(amount));
    if let Some(code) = &payment.code {
        data["name_in_code"] = json!(code.name);
        act = act.line("label-name-in-code", &code.name);
    }
    if let Some(zone) = zone {
        data["zone"] = json!(zone.id);
        act = act.line("label-zone", zone.shown(app));
    }
    if let Some(answering) = answering {
        answering.add_to(&mut data);
        act = answering.shown(act);
    }
    // Nothing was read of the account: how much of it pays what is not known.
    if id.is_some() && means.is_none() {
        if !payment.is_without_vouchers {
            act = act.line("label-from-voucher", app.text("note-vouchers-unknown", &[]));
        }
        if !payment.is_coin_only {
            act = act.line("label-from-bank", app.text("note-bank-part-unknown", &[]));
        }
    }
    let mut in_vain = answering.and_then(|answering| answering.in_vain.clone());
    if let Some(means) = means {
        means.add_to(&mut data);
        act = means.shown(app, act);
        in_vain = in_vain.or(means.coin.err());
    }
    if let Some(reference) = reference {
        data["reference"] = json!(reference);
    }
    act = act.line("label-fee", amount::show(Yen::ZERO)).data(data).next("kyojo balance");
    if let Some((text, salt)) = private {
        let document = json!({ "reference": text, "salt": salt });
        act = act.private(text, Opening { member: "reference_opening", name: None, document });
    }
    act.in_vain(in_vain)
}

/// The zone in which somebody is paid: the code's where there is one; whom the public directory names
/// must be a merchant there.
async fn zone_of(
    app: &App,
    client: &Client,
    said: Option<&str>,
    payee: &Payee,
    code: Option<&Scanned>,
) -> Result<NamedZone, Failure> {
    let zone = zone(app, client, said, &payee.zones).await?;
    code.map_or(Ok(()), |code| code.check_zone(zone.id))?;
    if payee.is_public && is_merchant(client, zone.id, &payee.address).await? == Some(false) {
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
        // Each row is paid once, by the batch: two alike are meant.
        Some(operation(zone, row.to, row.amount, None, reference, (None, true)))
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
