//! `pay`: pays a merchant of a zone.

use ledger_types::ZoneId;
use ledger_types::operation::Pay;

use crate::acting::payee::read_payee;
use crate::acting::payment::{Reference, finish, payment_data, payment_lines};
use crate::commands::prelude::*;
use crate::reading::read_amount;

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
    let amount = read_amount(&args.amount)?;
    let session = Session::begin(app).await?;
    let payee = read_payee(app, &args.merchant, &session.attached.address_prefix)?;
    let reference = Reference::of(args.reference);
    let zone = ZoneId::new(args.zone);
    let lines = payment_lines(app, &session, &payee, amount, Some(zone));
    let operation = Operation::Pay(Pay {
        zone,
        merchant: payee.account,
        amount,
        reference: reference.commitment(),
    });
    let plan = Plan {
        operations: vec![operation],
        lines,
        data: payment_data(&payee, amount, Some(zone), &reference),
        done: "done-paid",
        next: vec!["kyojo balance".to_owned()],
    };
    finish(app, &session, plan, &reference).await
}
