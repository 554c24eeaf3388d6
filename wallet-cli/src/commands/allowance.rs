//! `bank allowance`, `party allowance` and `merchant allowance`: more for somebody, out of one's own.

use ledger_types::operation::{RaiseAllowance, RaiseFor};

use crate::acting::payee::read_payee;
use crate::commands::prelude::*;

/// How much more, and for how long.
#[derive(Clone, Debug, Args)]
pub(crate) struct MoreArgs {
    /// How much more at once, in units: about one for each record changed.
    #[arg(long, value_name = "UNITS")]
    pub(crate) burst: u32,
    /// How much more comes back in a minute.
    #[arg(long, value_name = "UNITS", default_value_t = 0)]
    pub(crate) per_minute: u32,
    /// The last day, which counts, at most 365 days ahead.
    #[arg(long, value_name = "DATE")]
    pub(crate) until: String,
}

/// `bank allowance`.
#[derive(Debug, Args)]
pub(crate) struct HolderArgs {
    /// The account, or the name of a wallet on this machine.
    pub(crate) account: String,
    /// How much more.
    #[command(flatten)]
    pub(crate) more: MoreArgs,
}

/// `party allowance`.
#[derive(Debug, Args)]
pub(crate) struct SubjectArgs {
    /// The consent by which the subject is known.
    pub(crate) consent: String,
    /// How much more.
    #[command(flatten)]
    pub(crate) more: MoreArgs,
}

/// `merchant allowance`.
#[derive(Debug, Args)]
pub(crate) struct MerchantArgs {
    /// The merchant's account, or the name of a wallet on this machine.
    pub(crate) account: String,
    /// The zone.
    #[arg(long, value_name = "NUMBER")]
    pub(crate) zone: u16,
    /// How much more.
    #[command(flatten)]
    pub(crate) more: MoreArgs,
}

pub(crate) async fn of_holder(app: &App, args: &HolderArgs) -> Result<Reply, Failure> {
    let session = Session::begin(app).await?;
    let payee = read_payee(app, &args.account, &session.attached.address_prefix)?;
    let whose = RaiseFor::Holder { account: payee.account };
    let data = json!({ "account": payee.address });
    raise(app, &session, whose, &args.more, payee.shown(app), data).await
}

pub(crate) async fn of_subject(app: &App, args: &SubjectArgs) -> Result<Reply, Failure> {
    let consent = reading::consent(&args.consent)?;
    let session = Session::begin(app).await?;
    let (whose, data) = (RaiseFor::Subject { consent }, json!({ "consent": consent }));
    raise(app, &session, whose, &args.more, consent.get().to_string(), data).await
}

pub(crate) async fn of_merchant(app: &App, args: &MerchantArgs) -> Result<Reply, Failure> {
    let session = Session::begin(app).await?;
    let payee = read_payee(app, &args.account, &session.attached.address_prefix)?;
    let zone = ledger_types::ZoneId::new(args.zone);
    let whose = RaiseFor::Merchant { zone, merchant: payee.account };
    let data = json!({ "zone": zone, "merchant": payee.address });
    raise(app, &session, whose, &args.more, payee.shown(app), data).await
}

async fn raise(
    app: &App,
    session: &Session,
    whose: RaiseFor,
    more: &MoreArgs,
    shown: String,
    mut data: serde_json::Value,
) -> Result<Reply, Failure> {
    let MoreArgs { burst, per_minute, ref until } = *more;
    let until = calendar::read_until(until)?;
    data["burst"] = burst.into();
    data["per_minute"] = per_minute.into();
    let raise = Operation::RaiseAllowance(RaiseAllowance { whose, burst, per_minute, until });
    Act::ending(raise, "done-allowance-raised")
        .line("label-allowance", shown)
        .line("label-allowance-burst", burst)
        .line("label-allowance-rate", per_minute)
        .line("label-until", calendar::show_end(app.output.lang, until))
        .data(data)
        .by_account(app, session)
        .await
}
