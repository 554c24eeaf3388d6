//! `merchant register`: a merchant of a zone, by the zone's operator.

use ledger_types::operation::{MerchantClass, RegisterMerchant};

use crate::acting::naming;
use crate::acting::payee::read_payee;
use crate::commands::prelude::*;

/// `merchant register`.
#[derive(Debug, Args)]
pub(crate) struct RegisterArgs {
    /// The merchant's account, or the name of a wallet on this machine.
    pub(crate) account: String,
    /// The zone, by its number or name; by default the only one that there is.
    #[arg(long, value_name = "ZONE")]
    pub(crate) zone: Option<String>,
    /// The merchant's class.
    #[arg(long, value_name = "CLASS", default_value = "local")]
    pub(crate) class: ShopClass,
}

/// Classes of merchants.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ShopClass {
    /// A locally owned shop.
    Local,
    /// A shop of a chain.
    Chain,
}

pub(crate) async fn run(app: &App, args: RegisterArgs) -> Result<Reply, Failure> {
    let session = Session::begin(app).await?;
    let merchant = read_payee(app, &args.account, &session.attached.address_prefix)?;
    let named = naming::zone(app, &session.client, args.zone.as_deref(), &[]).await?;
    let zone = named.id;
    let class = match args.class {
        ShopClass::Local => MerchantClass::Local,
        ShopClass::Chain => MerchantClass::Chain,
    };
    let register = RegisterMerchant { zone, merchant: merchant.account, class };
    Act::ending(Operation::RegisterMerchant(register), "done-registered")
        .line("label-register", merchant.shown(app))
        .line("label-zone", named.shown(app))
        .data(json!({ "zone": zone, "merchant": merchant.address, "class": class }))
        .next(format!("kyojo pay {} 100 --zone {zone}", merchant.address))
        .by_account(app, &session)
        .await
}
