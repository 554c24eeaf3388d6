//! Tables that people keep, in CSV as any program writes it: records by the line on which they begin,
//! columns by their headings.

use csv::StringRecord;

use crate::app::App;
use crate::output::Problem;

/// The records that hold anything, each with the line on which it begins; none where it is no CSV.
pub(crate) fn records(text: &str) -> impl Iterator<Item = (u64, Option<StringRecord>)> {
    let records = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let placed = records.into_records().map(|record| match record {
        Ok(record) => (line_of(text, record.position()), Some(record)),
        Err(error) => (line_of(text, error.position()), None),
    });
    let is_empty = |record: &StringRecord| record.iter().all(str::is_empty);
    placed.filter(move |(_, record)| !record.as_ref().is_some_and(is_empty))
}

/// The line of a record, whose position lies before the empty lines above it.
fn line_of(text: &str, position: Option<&csv::Position>) -> u64 {
    let Some(position) = position else { return 1 };
    let rest = usize::try_from(position.byte()).ok().and_then(|at| text.get(at..));
    let empty = rest.unwrap_or_default().bytes().take_while(|byte| *byte == b'\n').count();
    position.line() + empty as u64
}

/// The columns, where a record names some of these and nothing else, each once.
pub(crate) fn columns<C: Copy + PartialEq>(
    record: &StringRecord,
    headings: &[(C, &[&str])],
) -> Option<Vec<C>> {
    let mut columns = Vec::new();
    for name in record {
        let name = name.to_lowercase();
        let (column, _) = headings.iter().find(|(_, names)| names.contains(&name.as_str()))?;
        if columns.contains(column) {
            return None;
        }
        columns.push(*column);
    }
    Some(columns)
}

/// What a record has in a column; none where that is empty or not there.
pub(crate) fn cell<'r, C: PartialEq>(
    record: &'r StringRecord,
    columns: &[C],
    wanted: &C,
) -> Option<&'r str> {
    let place = columns.iter().position(|column| column == wanted)?;
    record.get(place).filter(|text| !text.is_empty())
}

/// That a last line without an end may have been cut, where there is such.
pub(crate) fn cut(app: &App, text: &str) -> Vec<Problem> {
    let is_cut = !text.is_empty() && !text.ends_with('\n');
    is_cut.then(|| Problem::new("line-cut", app.text("note-line-cut", &[]))).into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_is_named_by_the_line_on_which_it_begins() {
        let text = "\n\na,b\n\n\"c\nd\",e\n,\nf,g\n";
        let lines: Vec<u64> = records(text).map(|(line, _)| line).collect();
        assert_eq!(lines, [3, 5, 8], "empty lines and lines within quotes are lines");
    }

    #[test]
    fn a_heading_names_known_columns_each_once() {
        let headings: [(char, &[&str]); 2] = [('a', &["amount", "金額"]), ('t', &["to"])];
        let columns = |text: &str| {
            let (_, record) = records(text).next().unwrap();
            columns(&record.unwrap(), &headings)
        };
        assert_eq!(columns("To,金額\n"), Some(vec!['t', 'a']));
        for other in ["to,金額,x\n", "to,to\n", "taro,100\n"] {
            assert_eq!(columns(other), None, "{other}");
        }
    }
}
