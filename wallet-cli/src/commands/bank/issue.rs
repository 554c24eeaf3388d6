//! `bank issue`: deposit tokens for an account that the bank keeps.

use ledger_types::operation::Issue;

use crate::acting::payee::read_payee;
use crate::commands::prelude::*;
use crate::commitment::TAG_CORE_REFERENCE;
use crate::output::short;
use crate::reading::read_amount;

/// `bank issue`.
#[derive(Debug, Args)]
pub(crate) struct IssueArgs {
    /// The account, or the name of a wallet on this machine.
    pub(crate) account: String,
    /// How much, such as 1200 or 1,200円.
    pub(crate) amount: String,
    /// The entry in the core banking system. Only a hash of it is sent; the same one never issues
    /// twice.
    #[arg(long, value_name = "TEXT")]
    pub(crate) core_ref: String,
}

pub(crate) async fn run(app: &App, args: IssueArgs) -> Result<Reply, Failure> {
    let amount = read_amount(&args.amount)?;
    let session = Session::begin(app).await?;
    let payee = read_payee(app, &args.account, &session.attached.address_prefix)?;
    let core_banking_ref = Hash::of(&[TAG_CORE_REFERENCE, args.core_ref.as_bytes()]);
    let account = payee.account;
    let issue = Operation::Issue(Issue { account, amount, core_banking_ref });
    Act::ending(issue, "done-issued")
        .line("label-to", short(&payee.address))
        .line("label-issue-amount", amount::show(amount))
        .data(json!({ "account": payee.address, "amount": amount,
                      "core_banking_ref": core_banking_ref }))
        .next("kyojo audit supply")
        .by_account(app, &session)
        .await
}
