//! `send`: pays another account.

use ledger_types::operation::Transfer;

use crate::acting::payment::{Payment, pay};
use crate::commands::prelude::*;

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
    let SendArgs { to, amount, reference } = args;
    let payment = Payment { to: &to, amount: &amount, zone: None, reference, done: "done-sent" };
    pay(app, payment, |to, amount, reference| {
        Operation::Transfer(Transfer { to, amount, reference })
    })
    .await
}
