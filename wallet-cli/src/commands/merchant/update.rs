//! `merchant update`: a merchant's class and tier, by the zone's operator.

use ledger_types::operation::UpdateMerchant;

use super::register::ShopClass;
use crate::acting::naming;
use crate::acting::payee::read_payee;
use crate::commands::prelude::*;

/// `merchant update`.
#[derive(Debug, Args)]
pub(crate) struct UpdateArgs {
    /// The merchant's account, or the name of a wallet on this machine.
    pub(crate) account: String,
    /// The zone, by its number or name; by default the only one that there is.
    #[arg(long, value_name = "ZONE")]
    pub(crate) zone: Option<String>,
    /// The merchant's class.
    #[arg(long, value_name = "CLASS")]
    pub(crate) class: ShopClass,
    /// Its tier of the zone's fees, by the sales that it declared for last year. Where it may pay more
    /// in it, it comes into it 30 days later.
    #[arg(long, value_name = "NUMBER")]
    pub(crate) tier: u16,
    /// What else is known of it; what is left out stays as it was.
    #[command(flatten)]
    pub(crate) profile: super::profile::ProfileArgs,
}

pub(crate) async fn run(app: &App, args: UpdateArgs) -> Result<Reply, Failure> {
    let session = Session::begin(app).await?;
    let merchant = read_payee(app, &args.account, &session.attached.address_prefix)?;
    let named = naming::zone(app, &session.client, args.zone.as_deref(), &[]).await?;
    let (zone, class, tier) = (named.id, args.class.on_ledger(), args.tier);
    let reader = app.unlock(&session.wallet)?.reader();
    let before = session.client.merchant_for(zone, &merchant.address, &reader).await?;
    let said = args.profile.said(Some(&before));
    let update =
        UpdateMerchant { zone, merchant: merchant.account, class, tier, profile: said.profile };
    let data = json!({
        "zone": zone, "merchant": merchant.address, "class": class, "tier": tier,
        "profile": said.profile,
    });
    let act = Act::ending(Operation::UpdateMerchant(update), "done-merchant-updated")
        .line("label-merchant", merchant.shown(app))
        .line("label-zone", named.shown(app))
        .line("label-shop-class", class.name())
        .line("label-tier", tier)
        .data(data)
        .next(format!("kyojo zone show --zone {zone}"));
    said.shown(act).by_account(app, &session).await
}
