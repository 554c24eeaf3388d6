//! `pay`: pays a merchant of a zone.

use ledger_types::ZoneId;
use ledger_types::operation::Pay;

use crate::acting::payment::{Payment, pay};
use crate::commands::prelude::*;

/// `pay`.
#[derive(Debug, Args)]
pub(crate) struct PayArgs {
    /// The merchant: an address, or the name of a wallet on this machine.
    pub(crate) merchant: String,
    /// How much, such as 1200 or 1,200円.
    pub(crate) amount: String,
    /// The zone.
    #[arg(long, value_name = "NUMBER")]
    pub(crate) zone: u16,
    /// What the receipt says; only a salted hash of it is sent.
    #[arg(long, value_name = "TEXT")]
    pub(crate) reference: Option<String>,
}

pub(crate) async fn run(app: &App, args: PayArgs) -> Result<Reply, Failure> {
    let PayArgs { merchant, amount, zone, reference } = args;
    let zone = ZoneId::new(zone);
    let (to, zones) = (&merchant, Some(zone));
    let payment = Payment { to, amount: &amount, zone: zones, reference, done: "done-paid" };
    pay(app, payment, |merchant, amount, reference| {
        Operation::Pay(Pay { zone, merchant, amount, reference })
    })
    .await
}
