//! `send`: pays another account.

use ledger_types::operation::Transfer;

use crate::acting::payee::read_payee;
use crate::acting::payment::{Reference, finish, payment_data, payment_lines};
use crate::commands::prelude::*;
use crate::reading::read_amount;

/// `send`.
#[derive(Debug, Args)]
pub(crate) struct SendArgs {
    /// The creditor: an address, or the name of a wallet on this machine.
    pub(crate) to: String,
    /// How much, such as 1200 or 1,200円.
    pub(crate) amount: String,
    /// A reference that you and the creditor keep; only a salted hash of it is sent.
    #[arg(long, value_name = "TEXT")]
    pub(crate) reference: Option<String>,
}

pub(crate) async fn run(app: &App, args: SendArgs) -> Result<Reply, Failure> {
    let amount = read_amount(&args.amount)?;
    let session = Session::begin(app).await?;
    let payee = read_payee(app, &args.to, &session.attached.address_prefix)?;
    let reference = Reference::of(args.reference);
    let lines = payment_lines(app, &session, &payee, amount, None);
    let operation = Operation::Transfer(Transfer {
        to: payee.account,
        amount,
        reference: reference.commitment(),
    });
    let plan = Plan {
        operations: vec![operation],
        lines,
        data: payment_data(&payee, amount, None, &reference),
        done: "done-sent",
        next: vec!["kyojo balance".to_owned()],
    };
    finish(app, &session, plan, &reference).await
}
