//! `merchant hold` and `merchant close`: by the zone's operator.

use ledger_types::operation::{CloseMerchant, HoldMerchant};

use crate::acting::naming;
use crate::acting::payee::read_payee;
use crate::commands::prelude::*;
use crate::commitment::{Salt, TAG_HOLD};
use crate::outbox::Opening;

/// `merchant hold`.
#[derive(Debug, Args)]
#[group(id = "what", required = true, args = ["ground", "release"])]
pub(crate) struct HoldArgs {
    /// The merchant's account, or the name of a wallet on this machine.
    pub(crate) account: String,
    /// The zone, by its number or name; by default the only one that there is.
    #[arg(long, value_name = "ZONE")]
    pub(crate) zone: Option<String>,
    /// Why; only a salted hash of it is sent.
    #[arg(long, value_name = "TEXT")]
    pub(crate) ground: Option<String>,
    /// Holds it no more.
    #[arg(long)]
    pub(crate) release: bool,
}

/// `merchant close`.
#[derive(Debug, Args)]
pub(crate) struct CloseArgs {
    /// The merchant's account, or the name of a wallet on this machine.
    pub(crate) account: String,
    /// The zone, by its number or name; by default the only one that there is.
    #[arg(long, value_name = "ZONE")]
    pub(crate) zone: Option<String>,
    /// The last day on which it is paid, such as 2026-12-31.
    #[arg(long, value_name = "DAY")]
    pub(crate) last_day: String,
    /// What it leaves in the zone for refunds.
    #[arg(long, value_name = "AMOUNT", default_value = "0")]
    pub(crate) reserve: String,
}

pub(crate) async fn hold(app: &App, args: HoldArgs) -> Result<Reply, Failure> {
    let session = Session::begin(app).await?;
    let merchant = read_payee(app, &args.account, &session.attached.address_prefix)?;
    let named = naming::zone(app, &session.client, args.zone.as_deref(), &[]).await?;
    let zone = named.id;
    let opened = args.ground.map(|ground| (Salt::fresh(), ground));
    let ground = opened.as_ref().map(|(salt, ground)| salt.commit(TAG_HOLD, ground.as_bytes()));
    let hold = HoldMerchant { zone, merchant: merchant.account, ground };
    let done = if ground.is_some() { "done-merchant-held" } else { "done-merchant-released" };
    let mut act = Act::ending(Operation::HoldMerchant(hold), done)
        .line("label-merchant", merchant.shown(app))
        .line("label-zone", named.shown(app))
        .data(json!({ "zone": zone, "merchant": merchant.address, "ground": ground }));
    if let Some((salt, text)) = opened {
        let document = json!({ "ground": text, "salt": salt });
        let opening = Opening { member: "hold_opening", name: None, document };
        act = act.line("label-hold-ground", &text).private(text, opening);
        act = act.next(format!("kyojo merchant hold {} --release", merchant.address));
    }
    act.by_account(app, &session).await
}

pub(crate) async fn close(app: &App, args: CloseArgs) -> Result<Reply, Failure> {
    let last_day = reading::japan_day(&args.last_day)?;
    let reserve = reading::read_amount_or_zero(&args.reserve)?;
    let session = Session::begin(app).await?;
    let merchant = read_payee(app, &args.account, &session.attached.address_prefix)?;
    let named = naming::zone(app, &session.client, args.zone.as_deref(), &[]).await?;
    let zone = named.id;
    let close = CloseMerchant { zone, merchant: merchant.account, last_day, reserve };
    Act::ending(Operation::CloseMerchant(close), "done-merchant-closing")
        .line("label-merchant", merchant.shown(app))
        .line("label-zone", named.shown(app))
        .line("label-last-day", last_day)
        .line("label-reserve", amount::show(reserve))
        .data(json!({ "zone": zone, "merchant": merchant.address, "last_day": last_day,
                      "reserve": reserve }))
        .next(format!("kyojo zone show --zone {zone}"))
        .by_account(app, &session)
        .await
}
