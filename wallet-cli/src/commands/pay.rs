//! `pay`: pays a merchant of a zone.

use ledger_types::Yen;

use crate::acting::payment::{From, Payment, Payments, pay, pay_file};
use crate::acting::scanned;
use crate::commands::prelude::*;
use crate::commands::send::BulkArgs;

/// `pay`.
#[derive(Debug, Args)]
pub(crate) struct PayArgs {
    /// The merchant: its name, an address, or the text of the code that it shows. With --qr, the amount.
    #[arg(required_unless_present_any = ["file", "qr"], conflicts_with = "file")]
    pub(crate) merchant: Option<String>,
    /// How much, such as 1200 or 1,200円; not needed where the code says it.
    #[arg(conflicts_with = "file")]
    pub(crate) amount: Option<String>,
    /// The zone, by its number or name; by default the one in which the merchant takes payments.
    #[arg(long, value_name = "ZONE")]
    pub(crate) zone: Option<String>,
    /// What the receipt says; only a salted hash of it is sent.
    #[arg(long, value_name = "TEXT")]
    pub(crate) reference: Option<String>,
    /// Takes nothing from the bank account where the coin in the zone is short.
    #[arg(long, conflicts_with = "file")]
    pub(crate) coin_only: bool,
    /// Keeps the vouchers: pays with coin alone, and with the bank account.
    #[arg(long, conflicts_with = "file")]
    pub(crate) no_vouchers: bool,
    /// A picture (PNG) of the code that the merchant shows.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["file", "amount"])]
    pub(crate) qr: Option<PathBuf>,
    /// What of it you pay in cash at the till, where the code lets you.
    #[arg(long, value_name = "AMOUNT", conflicts_with = "file")]
    pub(crate) cash: Option<String>,
    /// Many payments.
    #[command(flatten)]
    pub(crate) bulk: BulkArgs,
}

pub(crate) async fn run(app: &App, args: PayArgs) -> Result<Reply, Failure> {
    let PayArgs { merchant, amount, zone, reference, coin_only, no_vouchers, qr, cash, bulk } =
        args;
    let BulkArgs { file, batch } = bulk;
    let from = From::Zone(zone.as_deref());
    if let (Some(file), Some(batch)) = (&file, &batch) {
        let what = "label-act-pay-file";
        return pay_file(app, Payments { file, batch, from, what }).await;
    }
    let is_picture = qr.is_some();
    let (to, amount) = match qr {
        None => (merchant.unwrap_or_default(), amount),
        Some(path) => (scanned::in_picture(&path)?, merchant),
    };
    let code = scanned::read(&to)?;
    if code.is_none() && is_picture {
        return Err(Failure::new(Exit::Usage, "err-code-not-ours").because("no code of a shop"));
    }
    let amount = scanned::amount(amount.as_deref(), code.as_ref())?;
    let payment = Payment {
        to: &to,
        code,
        amount,
        from,
        reference,
        cash: cash.as_deref().map_or(Ok(Yen::ZERO), reading::read_amount)?,
        is_coin_only: coin_only,
        is_without_vouchers: no_vouchers,
        done: "done-paid",
    };
    pay(app, payment).await
}
