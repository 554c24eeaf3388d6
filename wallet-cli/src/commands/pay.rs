//! `pay`: pays a merchant of a zone.

use crate::acting::payment::{From, Payment, Payments, pay, pay_file};
use crate::commands::prelude::*;
use crate::commands::send::BulkArgs;

/// `pay`.
#[derive(Debug, Args)]
pub(crate) struct PayArgs {
    /// The merchant: its name, or an address.
    #[arg(required_unless_present = "file", conflicts_with = "file")]
    pub(crate) merchant: Option<String>,
    /// How much, such as 1200 or 1,200円.
    #[arg(required_unless_present = "file", conflicts_with = "file")]
    pub(crate) amount: Option<String>,
    /// The zone, by its number or name; by default the one in which the merchant takes payments.
    #[arg(long, value_name = "ZONE")]
    pub(crate) zone: Option<String>,
    /// What the receipt says; only a salted hash of it is sent.
    #[arg(long, value_name = "TEXT")]
    pub(crate) reference: Option<String>,
    /// Many payments.
    #[command(flatten)]
    pub(crate) bulk: BulkArgs,
}

pub(crate) async fn run(app: &App, args: PayArgs) -> Result<Reply, Failure> {
    let PayArgs { merchant, amount, zone, reference, bulk: BulkArgs { file, batch } } = args;
    let from = From::Zone(zone.as_deref());
    if let (Some(file), Some(batch)) = (&file, &batch) {
        let what = "label-act-pay-file";
        return pay_file(app, Payments { file, batch, from, what }).await;
    }
    let (to, amount) = (merchant.unwrap_or_default(), amount.unwrap_or_default());
    let payment = Payment { to: &to, amount: &amount, from, reference, done: "done-paid" };
    pay(app, payment).await
}
