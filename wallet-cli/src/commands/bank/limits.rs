//! `bank limits`: how much may leave an account, and how much it may hold.

use ledger_types::Yen;
use ledger_types::operation::{Limits, SetLimits};
use node_api::query::ByRead;

use crate::acting::payee::read_payee;
use crate::bounds;
use crate::commands::prelude::*;

/// `bank limits`.
#[derive(Debug, Subcommand)]
pub(crate) enum BankLimitsCommand {
    /// Sets an account's own limits, which stand for its level's; what is left out is the level's.
    Set(SetLimitsArgs),
    /// Shows an account's limits, and what counts against them.
    Show(ShowLimitsArgs),
}

/// `bank limits set`.
#[derive(Debug, Args)]
#[group(id = "said", required = true, multiple = true,
        args = ["per_payment", "per_day", "per_month", "holding", "as_level"])]
pub(crate) struct SetLimitsArgs {
    /// The account, or the name of a wallet on this machine.
    pub(crate) account: String,
    /// The most that leaves it in one payment.
    #[arg(long, value_name = "AMOUNT")]
    pub(crate) per_payment: Option<String>,
    /// The most that leaves it in one day of Japan.
    #[arg(long, value_name = "AMOUNT")]
    pub(crate) per_day: Option<String>,
    /// The most that leaves it in one month of Japan.
    #[arg(long, value_name = "AMOUNT")]
    pub(crate) per_month: Option<String>,
    /// The most that it may come to hold, zones included.
    #[arg(long, value_name = "AMOUNT")]
    pub(crate) holding: Option<String>,
    /// It has no limits of its own any more.
    #[arg(long, conflicts_with_all = ["per_payment", "per_day", "per_month", "holding"])]
    pub(crate) as_level: bool,
}

/// `bank limits show`.
#[derive(Debug, Args)]
pub(crate) struct ShowLimitsArgs {
    /// The account, or the name of a wallet on this machine.
    pub(crate) account: String,
}

pub(crate) async fn run(app: &App, command: BankLimitsCommand) -> Result<Reply, Failure> {
    match command {
        BankLimitsCommand::Set(args) => set(app, &args).await,
        BankLimitsCommand::Show(args) => show(app, &args).await,
    }
}

async fn set(app: &App, args: &SetLimitsArgs) -> Result<Reply, Failure> {
    let read = |text: &Option<String>| text.as_deref().map(reading::read_amount).transpose();
    let (per_payment, per_day) = (read(&args.per_payment)?, read(&args.per_day)?);
    let (per_month, holding) = (read(&args.per_month)?, read(&args.holding)?);
    let session = Session::begin(app).await?;
    let payee = read_payee(app, &args.account, &session.attached.address_prefix)?;
    let limits = Limits { per_payment, per_day, per_month, holding };
    let set = SetLimits { account: payee.account, limits };
    let shown: [(&'static str, Option<Yen>); 4] = [
        ("label-limit-payment", per_payment),
        ("label-limit-day", per_day),
        ("label-limit-month", per_month),
        ("label-limit-holding", holding),
    ];
    let mut act = Act::new("label-act-set-limits", Operation::SetLimits(set))
        .line("label-address", payee.shown(app));
    for (label, limit) in shown {
        let of_level = || app.text("label-limit-of-level", &[]);
        act = act.line(label, limit.map_or_else(of_level, amount::show));
    }
    act.data(json!({ "account": payee.address, "limits": limits }))
        .next(format!("kyojo bank limits show {}", payee.address))
        .by_account(app, &session)
        .await
}

async fn show(app: &App, args: &ShowLimitsArgs) -> Result<Reply, Failure> {
    let session = Session::begin(app).await?;
    let reader = app.unlock(&session.wallet)?.reader();
    let payee = read_payee(app, &args.account, &session.attached.address_prefix)?;
    let account = session.client.account(&payee.address, &ByRead::default(), &reader).await?;
    let Some(money) = account.money else {
        return Err(Failure::new(Exit::NotFound, "err-no-money-account"));
    };
    let mut lines = vec![(app.text("label-address", &[]), payee.shown(app))];
    match &money.limits {
        Some(limits) => lines.extend(bounds::lines(app.output.lang, limits)),
        None => lines.push((app.text("label-limits", &[]), app.text("label-limits-none", &[]))),
    }
    let data = json!({ "account": account.address, "kyc_level": money.kyc_level,
                       "limits": money.limits });
    Ok(Reply::new(data, fields(&lines)))
}
