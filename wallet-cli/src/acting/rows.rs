//! Files of payments: read whole and checked whole, before the first of them is paid.
//!
//! A file is CSV, as any program writes it, with an address and an amount a line. A first line is a heading only where
//! it names its columns by words that are known ([`HEADINGS`]); everything else is a payment, or a
//! fault that is named with its line. A reference needs a heading, so that the thousands of an
//! amount without quotes are never one.
//!
//! Where a bank issues, each row has the entry of the core banking system as its reference, and no two
//! rows have the same.

use std::collections::BTreeSet;
use std::path::Path;

use kyojo_cli::Given;
use ledger_types::{AccountId, AddressPrefix, Yen};
use serde_json::json;

use crate::acting::payee::read_payee;
use crate::app::App;
use crate::core_reference::CoreReference;
use crate::failure::{Exit, Failure};
use crate::output::Problem;
use crate::reading::read_amount;
use crate::sheet;

/// What a column is called.
const HEADINGS: [(Column, &[&str]); 3] = [
    (Column::To, &["address", "to", "payee", "宛先", "アドレス", "支払先", "送金先", "受取人"]),
    (Column::Amount, &["amount", "yen", "金額", "円", "支払額", "金額（円）", "金額(円)"]),
    (
        Column::Reference,
        &[
            "reference",
            "core_ref",
            "core-ref",
            "覚え書き",
            "摘要",
            "備考",
            "メモ",
            "記帳番号",
            "勘定系の番号",
            "勘定系番号",
        ],
    ),
];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Column {
    To,
    Amount,
    Reference,
}

/// One payment of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Row {
    /// Where it stands.
    pub(crate) line: u64,
    pub(crate) to: AccountId,
    pub(crate) amount: Yen,
    pub(crate) reference: Option<String>,
    /// How many equal rows stand before it.
    pub(crate) twin: u32,
}

/// A file of payments.
#[derive(Clone, Debug)]
pub(crate) struct Rows {
    pub(crate) rows: Vec<Row>,
    /// What should be known of the file, whatever becomes of its rows.
    pub(crate) warnings: Vec<Problem>,
}

/// How many lines are named for people.
const NAMED_MAX: usize = 20;

impl Rows {
    /// That some rows repeat others, which may be meant or may not.
    pub(crate) fn twins(&self, app: &App) -> Option<(String, String)> {
        let twins = self.rows.iter().filter(|row| row.twin > 0);
        let lines: Vec<String> = twins.map(|row| row.line.to_string()).collect();
        if lines.is_empty() {
            return None;
        }
        let shown = lines.iter().take(NAMED_MAX).cloned().collect::<Vec<_>>().join(" ");
        let count = lines.len().to_string();
        let text = app.text("note-twins", &[("count", &count), ("lines", &shown)]);
        Some((app.text("label-twins", &[]), text))
    }
}

/// Whose payments a file has.
#[derive(Clone, Copy)]
pub(crate) enum Of<'a> {
    /// Somebody's who pays, and is not paid by it.
    Payer(&'a AccountId),
    /// A bank's that issues, by entries of its core banking system.
    Issuer,
}

/// Reads a file.
///
/// # Errors
/// Every row that cannot be paid, in the details; the first of them in the text.
pub(crate) fn read(
    app: &App,
    path: &Path,
    prefix: &AddressPrefix,
    of: Of<'_>,
) -> Result<Rows, Failure> {
    let text = Given::Table.text(path)?;
    let (mut columns, mut rows, mut faults) = (None, Vec::new(), Vec::new());
    let mut used = BTreeSet::new();
    for (line, record) in sheet::records(&text) {
        let Some(record) = record else {
            faults.push((line, Failure::new(Exit::Usage, "err-row-form")));
            continue;
        };
        if columns.is_none() {
            let found = heading(&record);
            let is_heading = found.is_some();
            columns = Some(found.unwrap_or_else(|| vec![Column::To, Column::Amount]));
            if is_heading {
                continue;
            }
        }
        let names = columns.as_deref().unwrap_or_default();
        let read = row(app, (line, &record), names, prefix);
        match read.and_then(|row| checked(row, of, &mut used)) {
            Ok(row) => rows.push(row),
            Err(failure) => faults.push((line, failure)),
        }
    }
    if faults.is_empty() && rows.is_empty() {
        faults.push((1, Failure::new(Exit::Usage, "err-no-row")));
    }
    if !faults.is_empty() {
        return Err(faulty(app, path, &faults));
    }
    count_twins(&mut rows);
    Ok(Rows { rows, warnings: sheet::cut(app, &text) })
}

/// The columns, where the first line names them and nothing else.
fn heading(record: &csv::StringRecord) -> Option<Vec<Column>> {
    let columns = sheet::columns(record, &HEADINGS)?;
    let needed = [Column::To, Column::Amount];
    needed.iter().all(|column| columns.contains(column)).then_some(columns)
}

fn row(
    app: &App,
    (line, record): (u64, &csv::StringRecord),
    columns: &[Column],
    prefix: &AddressPrefix,
) -> Result<Row, Failure> {
    if record.len() != columns.len() {
        return Err(Failure::new(Exit::Usage, "err-row-columns")
            .with("columns", columns.len())
            .with("found", record.len()));
    }
    let of = |wanted: Column| sheet::cell(record, columns, &wanted);
    let (to, amount) = (of(Column::To).unwrap_or_default(), of(Column::Amount).unwrap_or_default());
    let reference = of(Column::Reference);
    if reference.is_some_and(|reference| is_cut(amount, reference)) {
        return Err(Failure::new(Exit::Usage, "err-row-amount-cut").with("amount", amount));
    }
    let to = match AccountId::from_address(to, prefix) {
        Ok(account) => account,
        Err(_) => read_payee(app, to, prefix)?.account,
    };
    let amount = read_amount(amount)?;
    Ok(Row { line, to, amount, reference: reference.map(str::to_owned), twin: 0 })
}

/// A row that whoever sends the file may pay; `used` has the core banking entries of those before it.
fn checked(row: Row, of: Of<'_>, used: &mut BTreeSet<String>) -> Result<Row, Failure> {
    match of {
        Of::Payer(payer) if row.to == *payer => Err(Failure::new(Exit::Usage, "code-2003")),
        Of::Payer(_) => Ok(row),
        Of::Issuer => {
            let entry = CoreReference::read(row.reference.as_deref().unwrap_or_default())?;
            let entry = entry.as_str().to_owned();
            if !used.insert(entry.clone()) {
                return Err(
                    Failure::new(Exit::Usage, "err-row-reference-twice").with("reference", entry)
                );
            }
            Ok(Row { reference: Some(entry), ..row })
        }
    }
}

/// Whether what looks like an amount and a reference may be an amount with a comma: `1,200円`.
fn is_cut(amount: &str, reference: &str) -> bool {
    let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let (head, rest) = reference.split_at_checked(3).unwrap_or((reference, "x"));
    amount.len() <= 3 && is_digits(amount) && is_digits(head) && matches!(rest, "" | "円")
}

/// Equal rows are as many payments; which of them one is, is part of it.
fn count_twins(rows: &mut [Row]) {
    let mut seen = std::collections::BTreeMap::new();
    for row in rows {
        let count = seen.entry((row.to, row.amount, row.reference.clone())).or_insert(0_u32);
        row.twin = *count;
        *count += 1;
    }
}

fn place(path: &Path, line: u64) -> String {
    format!("{}:{line}", path.display())
}

fn faulty(app: &App, path: &Path, faults: &[(u64, Failure)]) -> Failure {
    let lang = app.output.lang;
    let rows = faults.iter().map(|(line, failure)| {
        json!({ "line": line, "code": failure.code(), "message": failure.message(lang) })
    });
    let details = json!({ "rows": rows.collect::<Vec<_>>() });
    let (line, reason) =
        faults.first().map(|(line, failure)| (*line, failure.message(lang))).unwrap_or_default();
    Failure::new(Exit::Usage, "err-bad-row")
        .with("place", place(path, line))
        .with("reason", reason)
        .with("count", faults.len())
        .details(details)
}

/// The sum of amounts.
///
/// # Errors
/// It is larger than any amount can be.
pub(crate) fn sum(amounts: impl IntoIterator<Item = Yen>) -> Result<Yen, Failure> {
    let sum = amounts.into_iter().try_fold(Yen::ZERO, Yen::checked_add);
    sum.ok_or(Failure::new(Exit::Usage, "err-too-much"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(fields: &[&str]) -> csv::StringRecord {
        csv::StringRecord::from(fields.to_vec())
    }

    #[test]
    fn a_first_line_is_a_heading_only_by_words_that_are_known() {
        let columns = |fields: &[&str]| heading(&record(fields));
        assert_eq!(columns(&["宛先", "金額"]), Some(vec![Column::To, Column::Amount]));
        assert_eq!(columns(&["Amount", "Address"]), Some(vec![Column::Amount, Column::To]));
        for data in [["aizu1x", "100"], ["taro", "1O0"], ["宛先", "500"], ["宛先", "宛先"]] {
            assert_eq!(columns(&data), None, "{data:?}");
        }
        assert_eq!(columns(&["宛先"]), None);
    }

    #[test]
    fn an_amount_that_a_comma_cut_is_no_amount_with_a_reference() {
        for (amount, reference, cut) in [
            ("1", "200", true),
            ("1", "200円", true),
            ("123", "456", true),
            ("1", "2000", false),
            ("1200", "200", false),
            ("1", "INV", false),
            ("1円", "200", false),
        ] {
            assert_eq!(is_cut(amount, reference), cut, "{amount},{reference}");
        }
    }
}
