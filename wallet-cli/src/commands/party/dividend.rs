//! `party dividend`: a month's compensation in bulk, so that no payment tells of a use.
//!
//! A file may be longer than one transaction; its parts have numbers on the ledger, each of which is
//! paid once. What was paid of a month is known by payee and amount, so the same file run again pays
//! nobody twice, and a longer one only what is new.

use ledger_types::limits::DIVIDEND_ROWS_MAX;
use ledger_types::operation::{DividendRow, PayDividend};

use crate::acting::batches::Part;
use crate::acting::bulk::{self, Kind, Purse};
use crate::acting::naming::PartyRef;
use crate::acting::rows;
use crate::commands::prelude::*;

/// `party dividend`.
#[derive(Debug, Args)]
pub(crate) struct DividendArgs {
    /// CSV with an address and an amount a line; a first line may name the columns.
    pub(crate) file: PathBuf,
    /// Whose terms: the controller's number or name.
    #[arg(long, value_name = "PARTY")]
    pub(crate) party: PartyRef,
    /// The terms of compensation.
    #[arg(long, value_name = "NUMBER")]
    pub(crate) terms: u32,
    /// The month, such as 2026-11.
    #[arg(long, value_name = "MONTH")]
    pub(crate) month: String,
}

pub(crate) async fn run(app: &App, args: &DividendArgs) -> Result<Reply, Failure> {
    let month = calendar::read_month(&args.month)?;
    let session = Session::begin(app).await?;
    let attached = &session.attached;
    let (prefix, payer) = (&attached.address_prefix, &attached.account);
    let rows = rows::read(app, &args.file, prefix, rows::Of::Payer(payer))?;
    let (controller, terms) = (args.party.id(app, &session.client).await?, args.terms);
    let numbers = [controller.get(), terms, month].map(u32::to_be_bytes);
    let words: Vec<&[u8]> = numbers.iter().map(<[u8; 4]>::as_slice).collect();
    let operation = |part: &Part, _| {
        let rows = part.rows.iter().map(|row| DividendRow { to: row.to, amount: row.amount });
        let (chunk, rows) = (part.number, rows.collect());
        Some(Operation::PayDividend(PayDividend { controller, terms, month, chunk, rows }))
    };
    let kind = Kind {
        id: Kind::id(&session, &[&[b"dividend".as_slice()], &words[..]].concat()),
        rows_a_part: DIVIDEND_ROWS_MAX,
        from: Purse::Account,
        is_numbered: true,
        what: "label-act-dividend",
        lines: Vec::new(),
        data: json!({ "party": controller, "terms": terms, "month": month }),
        operation: &operation,
    };
    bulk::pay(app, &session, &kind, &rows).await
}
