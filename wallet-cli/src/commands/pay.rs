//! `pay`: pays a merchant of a zone.

use ledger_types::ZoneId;
use ledger_types::operation::Pay;

use crate::acting::payment::{Payment, Payments, pay, pay_file};
use crate::commands::prelude::*;
use crate::commands::send::BulkArgs;

/// `pay`.
#[derive(Debug, Args)]
pub(crate) struct PayArgs {
    /// The merchant: an address, or the name of a wallet on this machine.
    #[arg(required_unless_present = "file", conflicts_with = "file")]
    pub(crate) merchant: Option<String>,
    /// How much, such as 1200 or 1,200円.
    #[arg(required_unless_present = "file", conflicts_with = "file")]
    pub(crate) amount: Option<String>,
    /// The zone.
    #[arg(long, value_name = "NUMBER")]
    pub(crate) zone: u16,
    /// What the receipt says; only a salted hash of it is sent.
    #[arg(long, value_name = "TEXT")]
    pub(crate) reference: Option<String>,
    /// Many payments.
    #[command(flatten)]
    pub(crate) bulk: BulkArgs,
}

pub(crate) async fn run(app: &App, args: PayArgs) -> Result<Reply, Failure> {
    let PayArgs { merchant, amount, zone, reference, bulk: BulkArgs { file, batch } } = args;
    let zone = ZoneId::new(zone);
    let operation =
        |merchant, amount, reference| Operation::Pay(Pay { zone, merchant, amount, reference });
    let zones = Some(zone);
    if let (Some(file), Some(batch)) = (&file, &batch) {
        let what = "label-act-pay-file";
        return pay_file(app, Payments { file, batch, zone: zones, what }, operation).await;
    }
    let (to, amount) = (merchant.unwrap_or_default(), amount.unwrap_or_default());
    let payment = Payment { to: &to, amount: &amount, zone: zones, reference, done: "done-paid" };
    pay(app, payment, operation).await
}
