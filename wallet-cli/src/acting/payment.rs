//! What every payment shows, sends and keeps.

use std::path::Path;

use ledger_types::operation::{Pay, Transfer};
use ledger_types::programme::TenderLine;
use ledger_types::{AccountId, Hash, Operation, Rejection, Yen, ZoneId};
use node_api::query::ByRead;
use serde_json::{Value, json};

use crate::acting::act::Act;
use crate::acting::batches::Part;
use crate::acting::bulk::{self, Kind, Purse};
use crate::acting::naming::{NamedZone, is_merchant, zone};
use crate::acting::payee::{Payee, read_payee};
use crate::acting::rows;
use crate::acting::scanned::Scanned;
use crate::acting::transact::Session;
use crate::acting::vouchers::{self, Vouchers};
use crate::amount;
use crate::app::App;
use crate::client::{Client, Reader};
use crate::commitment::{Salt, TAG_REFERENCE};
use crate::failure::{Exit, Failure};
use crate::i18n::Lang;
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
    /// Whether nothing may come from the bank account where the coin in the zone is short.
    pub(crate) is_coin_only: bool,
    /// Whether no voucher pays.
    pub(crate) is_without_vouchers: bool,
    /// The key of the text that says it is done.
    pub(crate) done: &'static str,
}

/// Where a payment in a zone comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Split {
    coin: Yen,
    bank: Yen,
}

/// How much comes out of the coin that is in the zone and how much out of the bank account, the coin
/// first; or why there is not enough.
fn split(amount: Yen, coin: Yen, bank: Yen, is_coin_only: bool) -> Result<Split, Failure> {
    let Some(short) = amount.checked_sub(coin).filter(|short| !short.is_zero()) else {
        return Ok(Split { coin: amount, bank: Yen::ZERO });
    };
    let key = match (is_coin_only, short > bank) {
        (true, _) => "err-coin-short",
        (false, true) => "err-coin-and-bank-short",
        (false, false) => return Ok(Split { coin, bank: short }),
    };
    Err(Failure::new(Exit::Balance, key)
        .with("amount", amount::show(amount))
        .with("coin", amount::show(coin))
        .with("bank", amount::show(bank))
        .details(json!({ "amount": amount, "coin": coin, "bank": bank })))
}

/// Why there is not enough, where vouchers pay a part.
fn beside(short: Failure, of_vouchers: Yen) -> Failure {
    if of_vouchers.is_zero() {
        return short;
    }
    Failure::new(Exit::Balance, "err-short-beside-vouchers")
        .with("vouchers", amount::show(of_vouchers))
        .told("reason", |lang| short.message(lang))
        .details(short.problem(Lang::En).details)
        .detail("vouchers", json!(of_vouchers))
}

/// What pays: from a zone a merchant of it, without one another account.
fn operation(
    zone: Option<ZoneId>,
    to: AccountId,
    amount: Yen,
    means: Option<&Means>,
    reference: Option<Hash>,
) -> Operation {
    let Some(zone) = zone else {
        return Operation::Transfer(Transfer { to, amount, reference });
    };
    let parts = means.and_then(|means| means.coin.as_ref().ok());
    let charge = parts.map(|parts| parts.bank).filter(|bank| !bank.is_zero());
    let vouchers = means.map(|means| means.lines.clone()).filter(|lines| !lines.is_empty());
    Operation::Pay(Pay { zone, merchant: to, amount, charge, vouchers, reference })
}

/// What pays at a merchant: vouchers first, then coin, then the bank account.
struct Means {
    vouchers: Option<Vouchers>,
    lines: Vec<TenderLine>,
    of_vouchers: Yen,
    coin: Result<Split, Failure>,
}

impl Means {
    /// Out of what is there now.
    async fn find(
        session: &Session,
        reader: &Reader,
        zone: ZoneId,
        payee: &Payee,
        payment: &Payment<'_>,
    ) -> Result<Self, Failure> {
        let client = &session.client;
        let account = client.account(&reader.address, &ByRead::default(), reader).await?;
        let Some(money) = account.money else {
            return Err(Failure::new(Exit::NotFound, "err-no-money-account"));
        };
        let vouchers = if payment.is_without_vouchers {
            None
        } else {
            let vouchers = Vouchers::read(client, &money.vouchers, Some(zone)).await?;
            Some(vouchers).filter(|vouchers| !vouchers.is_empty())
        };
        let class = match &vouchers {
            Some(_) => vouchers::class_of(client, zone, &payee.address).await?,
            None => None,
        };
        let lines = match (&vouchers, class) {
            (Some(vouchers), Some(class)) => {
                vouchers.tender(class, payment.amount, client.network().clock.now())?
            }
            _ => Vec::new(),
        };
        let of_vouchers = vouchers::sum(&lines)?;
        let left = payment.amount.checked_sub(of_vouchers).unwrap_or(Yen::ZERO);
        let own = money.zones.iter().find(|own| own.zone == zone);
        let coin = own.map_or(Yen::ZERO, |own| own.balance);
        let coin = split(left, coin, money.available, payment.is_coin_only);
        let coin = coin.map_err(|short| beside(short, of_vouchers));
        Ok(Self { vouchers, lines, of_vouchers, coin })
    }

    /// What people are shown of it.
    fn shown(&self, app: &App, mut act: Act) -> Act {
        let has_vouchers = !self.lines.is_empty();
        if let Some(vouchers) = &self.vouchers {
            for line in &self.lines {
                act = act.line("label-from-voucher", vouchers.line(app, line));
            }
        }
        let Ok(Split { coin, bank }) = &self.coin else { return act };
        if (has_vouchers && !coin.is_zero()) || !bank.is_zero() {
            act = act.line("label-from-coin", amount::show(*coin));
        }
        if !bank.is_zero() {
            act = act.line("label-from-bank", amount::show(*bank));
        }
        act
    }

    fn add_to(&self, data: &mut Value) {
        if !self.lines.is_empty() {
            data["from_vouchers"] = json!(self.of_vouchers);
            data["vouchers"] = vouchers::data(&self.lines);
        }
        if let Ok(Split { coin, bank }) = &self.coin {
            (data["from_coin"], data["from_bank"]) = (json!(coin), json!(bank));
        }
    }
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
    // What is there is read before anybody is asked; a dry run opens no wallet, and says nothing of it.
    let opened = match &zone {
        Some(_) if !app.global.dry_run => Some(app.unlock(&session.wallet)?),
        Some(_) | None => None,
    };
    let mut plans = 1;
    loop {
        let means = match (&zone, &opened) {
            (Some(zone), Some(opened)) => {
                let reader = opened.reader();
                Some(Means::find(&session, &reader, zone.id, &payee, &payment).await?)
            }
            _ => None,
        };
        let act = act(app, &payment, &payee, zone.as_ref(), means);
        match act.by_opened(app, &session, opened.as_ref()).await {
            Err(changed) if is_tender_changed(&changed) && app.is_asking() && plans < PLANS_MAX => {
                plans += 1;
                app.output.say(&app.text("note-tender-changed", &[]));
            }
            answer => return answer,
        }
    }
}

/// Whether the ledger found that other vouchers pay than were shown, so that nothing was paid.
fn is_tender_changed(failure: &Failure) -> bool {
    failure.number() == Some(Rejection::TenderChanged.code().get())
}

/// What is shown, sent and kept of a payment.
fn act(
    app: &App,
    payment: &Payment<'_>,
    payee: &Payee,
    zone: Option<&NamedZone>,
    means: Option<Means>,
) -> Act {
    let amount = payment.amount;
    let private = payment.reference.clone().map(|text| (text, Salt::fresh()));
    let commit = |(text, salt): &(String, Salt)| salt.commit(TAG_REFERENCE, text.as_bytes());
    let reference = private.as_ref().map(commit);
    let mut data = json!({ "to": payee.address, "amount": amount, "fee": Yen::ZERO });
    let id = zone.map(|zone| zone.id);
    let operation = operation(id, payee.account, amount, means.as_ref(), reference);
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
    // Nothing was read of the account: how much of it pays what is not known.
    if id.is_some() && means.is_none() {
        if !payment.is_without_vouchers {
            act = act.line("label-from-voucher", app.text("note-vouchers-unknown", &[]));
        }
        if !payment.is_coin_only {
            act = act.line("label-from-bank", app.text("note-bank-part-unknown", &[]));
        }
    }
    if let Some(means) = means {
        means.add_to(&mut data);
        act = means.shown(app, act).in_vain(means.coin.err());
    }
    if let Some(reference) = reference {
        data["reference"] = json!(reference);
    }
    act = act.line("label-fee", amount::show(Yen::ZERO)).data(data).next("kyojo balance");
    if let Some((text, salt)) = private {
        let document = json!({ "reference": text, "salt": salt });
        act = act.private(text, Opening { member: "reference_opening", name: None, document });
    }
    act
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
        Some(operation(zone, row.to, row.amount, None, reference))
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

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(amount: u64, coin: u64, bank: u64, is_coin_only: bool) -> Result<(u64, u64), Exit> {
        let found = split(Yen::new(amount), Yen::new(coin), Yen::new(bank), is_coin_only);
        found.map(|split| (split.coin.get(), split.bank.get())).map_err(|failure| failure.exit)
    }

    #[test]
    fn the_coin_goes_first_and_the_bank_account_gives_what_is_short_to_the_yen() {
        assert_eq!(parts(850, 1_000, 0, false), Ok((850, 0)));
        assert_eq!(parts(850, 850, 0, true), Ok((850, 0)));
        assert_eq!(parts(850, 300, 550, false), Ok((300, 550)));
        assert_eq!(parts(850, 0, 900, false), Ok((0, 850)));
    }

    #[test]
    fn where_both_together_are_short_or_only_coin_may_pay_both_balances_are_told() {
        assert_eq!(parts(850, 300, 549, false), Err(Exit::Balance));
        assert_eq!(parts(850, 300, 10_000, true), Err(Exit::Balance));
        let failure = split(Yen::new(850), Yen::new(300), Yen::new(549), false).unwrap_err();
        let text = failure.message(crate::i18n::Lang::Ja);
        assert!(["850円", "300円", "549円"].iter().all(|part| text.contains(part)), "{text}");
    }
}
