//! `party dividend`: a month's compensation in bulk, so that no payment tells of a use.
//!
//! A file may be longer than one transaction; its parts are numbered from 0 in the file's order, and
//! each is paid once. Run again after an interruption, parts that were paid are passed over.

use ledger_types::limits::DIVIDEND_ROWS_MAX;
use ledger_types::operation::{DividendRow, PayDividend};
use ledger_types::{AddressPrefix, Rejection, Yen};

use crate::acting::transact::dry_run;
use crate::commands::prelude::*;
use crate::reading::read_amount;

/// `party dividend`.
#[derive(Debug, Args)]
pub(crate) struct DividendArgs {
    /// CSV with the columns address and amount.
    pub(crate) file: PathBuf,
    /// Whose terms: the controller's number.
    #[arg(long, value_name = "NUMBER")]
    pub(crate) party: u32,
    /// The terms of compensation.
    #[arg(long, value_name = "NUMBER")]
    pub(crate) terms: u32,
    /// The month, such as 2026-11.
    #[arg(long, value_name = "MONTH")]
    pub(crate) month: String,
}

pub(crate) async fn run(app: &App, args: &DividendArgs) -> Result<Reply, Failure> {
    let month = month(&args.month)?;
    let session = Session::begin(app).await?;
    let rows = rows(args, &session.attached.address_prefix)?;
    let total = total(&rows)?;
    let parts: Vec<&[DividendRow]> = rows.chunks(DIVIDEND_ROWS_MAX).collect();
    let mut lines = session.lines(app);
    lines.push((app.text("label-act", &[]), app.text("label-act-dividend", &[])));
    lines.push((app.text("label-count", &[]), rows.len().to_string()));
    lines.push((app.text("label-amount", &[]), amount::show(total)));
    let data = json!({ "party": args.party, "terms": args.terms, "month": month,
                       "rows": rows.len(), "parts": parts.len(), "amount": total });
    let plan = Plan { operations: Vec::new(), lines, data, done: "done-entered", next: Vec::new() };
    if app.global.dry_run {
        return Ok(dry_run(app, &plan.lines, &plan.data));
    }
    app.confirm(&plan.lines)?;
    let unlocked = app.unlock(&session.wallet)?;
    let sender = Sender::of(&unlocked);
    let (mut paid, mut before) = (0_usize, 0_usize);
    for (chunk, rows) in (0_u32..).zip(parts) {
        let operation = Operation::PayDividend(PayDividend {
            controller: PartyId::new(args.party),
            terms: args.terms,
            month,
            chunk,
            rows: rows.to_vec(),
        });
        match sender.send(app, &session.client, vec![operation]).await {
            Ok(_) => paid += rows.len(),
            Err(failure) if failure.code() == paid_already() => before += rows.len(),
            Err(failure) => return Err(failure),
        }
    }
    let (now, earlier) = (paid.to_string(), before.to_string());
    let text = app.text("done-dividend", &[("paid", &now), ("before", &earlier)]);
    let mut data = plan.data;
    data["paid"] = json!(paid);
    data["paid_before"] = json!(before);
    Ok(Reply::new(data, text).next("kyojo balance"))
}

/// The code of a part that was paid already.
fn paid_already() -> String {
    format!("code-{}", Rejection::DividendPaid.code().get())
}

/// Reads `2026-11`.
fn month(text: &str) -> Result<u32, Failure> {
    let bad = || Failure::new(Exit::Usage, "err-bad-month").with("text", text);
    let (year, month) = text.split_once(['-', '/']).ok_or_else(bad)?;
    let year: u32 = year.parse().map_err(|_| bad())?;
    let month: u32 = month.parse().map_err(|_| bad())?;
    let is_month = (1..=12).contains(&month) && (1000..=9999).contains(&year);
    if is_month { Ok(year * 100 + month) } else { Err(bad()) }
}

fn rows(args: &DividendArgs, prefix: &AddressPrefix) -> Result<Vec<DividendRow>, Failure> {
    let place = |line: u64| format!("{}:{line}", args.file.display());
    let bad = |line: u64, reason: String| {
        Failure::new(Exit::Usage, "err-bad-row").with("place", place(line)).with("reason", reason)
    };
    let mut reader = csv::ReaderBuilder::new()
        .trim(csv::Trim::All)
        .from_path(&args.file)
        .map_err(|error| bad(1, error.to_string()))?;
    let mut rows = Vec::new();
    for (line, record) in (2_u64..).zip(reader.deserialize()) {
        let (address, amount): (String, String) =
            record.map_err(|error: csv::Error| bad(line, error.to_string()))?;
        let told = |failure: Failure| bad(line, failure.message(crate::i18n::Lang::En));
        let to = reading::address(&address, prefix).map_err(told)?;
        rows.push(DividendRow { to, amount: read_amount(&amount).map_err(told)? });
    }
    if rows.is_empty() {
        return Err(bad(2, "no row".to_owned()));
    }
    Ok(rows)
}

fn total(rows: &[DividendRow]) -> Result<Yen, Failure> {
    let sum = rows.iter().try_fold(Yen::ZERO, |sum, row| sum.checked_add(row.amount));
    sum.ok_or(Failure::new(Exit::Usage, "err-too-much"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_is_a_year_and_a_month() {
        assert_eq!(month("2026-11").unwrap(), 202_611);
        assert_eq!(month("2026/1").unwrap(), 202_601);
        for text in ["2026", "2026-13", "26-11", "2026-00", "x-1"] {
            assert!(month(text).is_err(), "{text}");
        }
        assert_eq!(paid_already(), "code-4100");
    }
}
