//! `balance`: what an account holds, coin and vouchers alike: what, where it works, until when.

use ledger_types::Timestamp;
use ledger_types::operation::{AccountStatus, FreezeDirection};
use node_api::body::ZoneBalanceBody;
use node_api::query::ByRead;

use crate::acting::payee::read_payee;
use crate::acting::vouchers::{Heap, Vouchers};
use crate::bounds;
use crate::commands::prelude::*;
use crate::named::Is;
use crate::proof::file;

/// `balance`.
#[derive(Debug, Args)]
pub(crate) struct BalanceArgs {
    /// The account, where it is not the wallet's own.
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) account: Option<String>,
    /// Write a proof of it to a new file.
    #[arg(long, value_name = "FILE")]
    pub(crate) proof: Option<PathBuf>,
}

pub(crate) async fn run(app: &App, args: BalanceArgs) -> Result<Reply, Failure> {
    let session = Session::begin(app).await?;
    let reader = app.unlock(&session.wallet)?.reader();
    let address = match args.account {
        Some(text) => read_payee(app, &text, &session.attached.address_prefix)?.address,
        None => reader.address.clone(),
    };
    let by_read = ByRead::default();
    let account = session.client.account(&address, &by_read, &reader).await?;
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
    let status = match money.status {
        AccountStatus::Open => None,
        AccountStatus::Deceased => Some("label-status-deceased"),
        AccountStatus::Closed => Some("label-status-closed"),
    };
    lines.extend(status.map(|key| (app.text("label-status", &[]), app.text(key, &[]))));
    if let Some(frozen) = &money.frozen {
        let until = calendar::show_end(app.output.lang, frozen.until.get());
        let way = app.text(way_key(frozen.direction), &[]);
        lines.push((app.text("label-kind-frozen", &[]), way));
        lines.push((app.text("label-until", &[]), until));
    }
    lines.extend(money.zones.iter().map(|zone| of_zone(app, zone)));
    let vouchers = Vouchers::read(&session.client, &money.vouchers, None).await?;
    let (heaps, total) = (vouchers.heaps()?, vouchers.total()?);
    let now = session.client.network().clock.now();
    lines.extend(heaps.iter().map(|heap| of_heap(app, heap, now)));
    if heaps.len() > 1 {
        lines.push((app.text("label-vouchers-total", &[]), amount::show(total)));
    }
    if let Some(limits) = &money.limits {
        lines.extend(bounds::lines(app.output.lang, limits));
    }
    let code = format!("{:04}", money.custodian.get());
    let bank = app.names().name_of(Is::Bank(money.custodian));
    let bank = bank.map_or_else(|| code.clone(), |known| format!("{} {code}", known.name));
    lines.push((app.text("label-custodian", &[]), bank));
    let data = json!({
        "address": account.address,
        "custodian": money.custodian,
        "balance": money.balance,
        "available": money.available,
        "held": money.held,
        "status": money.status,
        "frozen": money.frozen,
        "limits": money.limits,
        "zones": money.zones,
        "vouchers": heaps.iter().map(Heap::data).collect::<Vec<_>>(),
        "vouchers_total": total,
        "height": account.height,
    });
    let reply = Reply::new(data, fields(&lines)).next("kyojo history");
    let bundle = session.client.account_bundle(&address, &by_read, &reader);
    file::attach(app, reply, &session.client, bundle, args.proof.as_deref()).await
}

/// Coin of a zone: how much, and where it works.
fn of_zone(app: &App, zone: &ZoneBalanceBody) -> (String, String) {
    let number = zone.zone.to_string();
    let label = app.names().name_of(Is::Zone(zone.zone)).map_or_else(
        || app.text("label-in-zone", &[("zone", &number)]),
        |known| app.text("label-zone-named", &[("name", &known.name), ("zone", &number)]),
    );
    let amount = amount::show(zone.balance);
    (label, app.text("label-coin-usable", &[("amount", &amount)]))
}

/// Vouchers that are used alike: how much, where they work, until when.
fn of_heap(app: &App, heap: &Heap, now: Timestamp) -> (String, String) {
    let (amount, shops) = (amount::show(heap.amount), heap.shops(app));
    let when = heap.when(app, now);
    let variables = [("amount", amount.as_str()), ("shops", &shops), ("when", &when)];
    let label = app.text("label-voucher-named", &[("name", &heap.name)]);
    (label, app.text("label-voucher-usable", &variables))
}

/// Which way is stopped, in words.
pub(crate) const fn way_key(direction: FreezeDirection) -> &'static str {
    match direction {
        FreezeDirection::Out => "label-way-out",
        FreezeDirection::In => "label-way-in",
        FreezeDirection::Both => "label-way-both",
    }
}
