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
    /// Its tier of the zone's fees, by the sales that it declared for last year.
    #[arg(long, value_name = "NUMBER", default_value_t = 0)]
    pub(crate) tier: u16,
    /// What else is known of it.
    #[command(flatten)]
    pub(crate) profile: super::profile::ProfileArgs,
}

/// Classes of merchants.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ShopClass {
    /// A locally owned shop.
    Local,
    /// A shop of a chain.
    Chain,
}

impl ShopClass {
    /// As the ledger has it.
    pub(super) const fn on_ledger(self) -> MerchantClass {
        match self {
            Self::Local => MerchantClass::Local,
            Self::Chain => MerchantClass::Chain,
        }
    }
}

pub(crate) async fn run(app: &App, args: RegisterArgs) -> Result<Reply, Failure> {
    let session = Session::begin(app).await?;
    let merchant = read_payee(app, &args.account, &session.attached.address_prefix)?;
    let named = naming::zone(app, &session.client, args.zone.as_deref(), &[]).await?;
    let zone = named.id;
    let (class, tier) = (args.class.on_ledger(), args.tier);
    let said = args.profile.said(None);
    let register =
        RegisterMerchant { zone, merchant: merchant.account, class, tier, profile: said.profile };
    let data = json!({ "zone": zone, "merchant": merchant.address, "class": class, "tier": tier,
                       "profile": said.profile });
    let act = Act::ending(Operation::RegisterMerchant(register), "done-registered")
        .line("label-register", merchant.shown(app))
        .line("label-zone", named.shown(app))
        .data(data)
        .next(format!("kyojo pay {} 100 --zone {zone}", merchant.address));
    said.shown(act).by_account(app, &session).await
}
