//! `send`: pays another account.

use ledger_types::Yen;

use crate::acting::payment::{From, Payment, Payments, pay, pay_file};
use crate::commands::prelude::*;

/// `send`.
#[derive(Debug, Args)]
pub(crate) struct SendArgs {
    /// The creditor: a name that this machine knows, or an address.
    #[arg(required_unless_present = "file", conflicts_with = "file")]
    pub(crate) to: Option<String>,
    /// How much, such as 1200 or 1,200円.
    #[arg(required_unless_present = "file", conflicts_with = "file")]
    pub(crate) amount: Option<String>,
    /// A reference that you and the creditor keep; only a salted hash of it is sent.
    #[arg(long, value_name = "TEXT")]
    pub(crate) reference: Option<String>,
    /// Many payments.
    #[command(flatten)]
    pub(crate) bulk: BulkArgs,
}

/// Many payments from a file.
#[derive(Debug, Args)]
pub(crate) struct BulkArgs {
    /// Pay every row of this CSV file instead: an address and an amount a line; a first line may
    /// name the columns, and only then there may be one of references.
    #[arg(long, value_name = "FILE", requires = "batch", conflicts_with = "reference")]
    pub(crate) file: Option<PathBuf>,
    /// Your name for this batch. Within it each row is paid once, however often and in whatever
    /// order the file is run.
    #[arg(long, value_name = "NAME", requires = "file")]
    pub(crate) batch: Option<String>,
}

pub(crate) async fn run(app: &App, args: SendArgs) -> Result<Reply, Failure> {
    let from = From::Account;
    let SendArgs { to, amount, reference, bulk: BulkArgs { file, batch } } = args;
    if let (Some(file), Some(batch)) = (&file, &batch) {
        let what = "label-act-send-file";
        return pay_file(app, Payments { file, batch, from, what }).await;
    }
    let to = to.unwrap_or_default();
    let amount = reading::read_amount(&amount.unwrap_or_default())?;
    let payment = Payment {
        to: &to,
        code: None,
        amount,
        from,
        reference,
        cash: Yen::ZERO,
        is_coin_only: false,
        is_without_vouchers: true,
        done: "done-sent",
    };
    pay(app, payment).await
}
