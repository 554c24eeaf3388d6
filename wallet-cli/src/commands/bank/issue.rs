//! `bank issue`: deposit tokens, or an issuer's prepaid value, for accounts that it keeps, once for
//! each core banking entry.

use std::path::Path;

use ledger_types::Yen;
use ledger_types::operation::Issue;
use node_api::body::{BankBody, FloatBody};

use super::reference;
use crate::acting::batches::Part;
use crate::acting::bulk::{self, Kind, Purse};
use crate::acting::payee::read_payee;
use crate::acting::rows;
use crate::commands::prelude::*;
use crate::core_reference::CoreReference;
use crate::output::short;
use crate::reading::read_amount;

/// The code of a reference that was used before.
const USED_BEFORE: &str = "code-2008";

/// `bank issue`.
#[derive(Debug, Args)]
pub(crate) struct IssueArgs {
    /// The account, or the name of a wallet on this machine.
    #[arg(required_unless_present = "file", conflicts_with = "file")]
    pub(crate) account: Option<String>,
    /// How much, such as 1200 or 1,200円.
    #[arg(required_unless_present = "file", conflicts_with = "file")]
    pub(crate) amount: Option<String>,
    /// The entry in the core banking system. Only a hash of it is sent; the same one, however it is
    /// spelt, never issues twice.
    #[arg(long, value_name = "TEXT", required_unless_present = "file", conflicts_with = "file")]
    pub(crate) core_ref: Option<String>,
    /// Issue every row of this CSV file instead: its first line names the columns, which are an
    /// address, an amount and a reference, the entry in the core banking system.
    #[arg(long, value_name = "FILE", requires = "batch")]
    pub(crate) file: Option<PathBuf>,
    /// Your name for this batch. Within it each row issues once, however often and in whatever order
    /// the file is run.
    #[arg(long, value_name = "NAME", requires = "file")]
    pub(crate) batch: Option<String>,
}

pub(crate) async fn run(app: &App, args: IssueArgs) -> Result<Reply, Failure> {
    let IssueArgs { account, amount, core_ref, file, batch } = args;
    if let (Some(file), Some(batch)) = (&file, &batch) {
        return issue_file(app, file, batch).await;
    }
    let (account, amount) = (account.unwrap_or_default(), amount.unwrap_or_default());
    issue(app, &account, &amount, &core_ref.unwrap_or_default()).await
}

async fn issue(app: &App, to: &str, amount: &str, core_ref: &str) -> Result<Reply, Failure> {
    let amount = read_amount(amount)?;
    let reference = CoreReference::read(core_ref)?;
    let session = Session::begin(app).await?;
    let payee = read_payee(app, to, &session.attached.address_prefix)?;
    let opened = app.unlock_to_send(&session.wallet)?;
    let (account, core_banking_ref) = (payee.account, reference.commitment());
    let operation = Operation::Issue(Issue { account, amount, core_banking_ref });
    let issued = Act::ending(operation, "done-issued")
        .line("label-to", short(&payee.address))
        .line("label-issue-amount", amount::show(amount))
        .line("label-core-reference", reference.as_str())
        .data(json!({ "account": payee.address, "amount": amount, "core_ref": reference,
                      "core_banking_ref": core_banking_ref }))
        .next("kyojo audit supply")
        .by_opened(app, &session, opened.as_ref())
        .await;
    match (issued, opened) {
        (Err(failure), Some(unlocked)) if failure.code() == USED_BEFORE => {
            let reader = unlocked.reader();
            Err(reference::explained(app, &session, &reader, &reference, failure).await)
        }
        (issued, _) => issued,
    }
}

/// Issues what of a file was not issued yet, a transaction a row.
async fn issue_file(app: &App, file: &Path, batch: &str) -> Result<Reply, Failure> {
    let session = Session::begin(app).await?;
    let rows = rows::read(app, file, &session.attached.address_prefix, rows::Of::Issuer)?;
    let left = left(&super::own_bank(&session).await?);
    let operation = |part: &Part, _| {
        let [row] = part.rows.as_slice() else { return None };
        let reference = CoreReference::read(row.reference.as_deref()?).ok()?;
        let (account, core_banking_ref) = (row.to, reference.commitment());
        Some(Operation::Issue(Issue { account, amount: row.amount, core_banking_ref }))
    };
    let kind = Kind {
        id: Kind::id(&session, &[b"issue", batch.as_bytes()]),
        rows_a_part: 1,
        from: Purse::Issue { left },
        is_numbered: false,
        what: "label-act-issue-file",
        lines: vec![(app.text("label-batch", &[]), batch.to_owned())],
        data: json!({ "batch": batch }),
        operation: &operation,
    };
    bulk::pay(app, &session, &kind, &rows).await
}

/// How much a bank may issue now: its allowance counts what is issued and not redeemed, and an issuer's
/// float covers what it owes.
fn left(bank: &BankBody) -> Yen {
    let most = u128::from(bank.issue_allowance.get()) + u128::from(bank.redeemed.get());
    let left = most.saturating_sub(u128::from(bank.issued.get()));
    let left = Yen::new(u64::try_from(left).unwrap_or(u64::MAX));
    let free = |float: &FloatBody| float.available.checked_sub(bank.liability).unwrap_or(Yen::ZERO);
    bank.float.as_ref().map_or(left, |float| left.min(free(float)))
}
