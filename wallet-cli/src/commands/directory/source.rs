//! The list from which a directory is made: a table that a clerk keeps, one name a line.
//!
//! CSV, as any program writes it, whose first line names its columns. Everything that is wrong is told with its line,
//! before anything is signed.

use std::path::Path;

use kyojo_cli::Given;
use ledger_types::{AccountId, AddressPrefix, BankId, PartyId, ZoneId};
use public_names::directory::{Fault, Web};
use public_names::{Entry, Name, Named, Reading};
use serde_json::json;

use crate::app::App;
use crate::failure::{Exit, Failure};
use crate::output::Problem;
use crate::sheet;

/// What a column is called.
const HEADINGS: [(Column, &[&str]); 7] = [
    (Column::Kind, &["kind", "種類", "区分"]),
    (Column::Name, &["name", "名前", "名称"]),
    (Column::Reading, &["reading", "よみ", "読み", "ふりがな", "フリガナ"]),
    (Column::Number, &["number", "address", "番号", "アドレス", "番号・アドレス"]),
    (Column::Zone, &["zone", "zones", "ゾーン"]),
    (Column::Area, &["area", "地域", "所在地"]),
    (Column::Web, &["web", "url", "ウェブ", "ウェブサイト"]),
];

/// What kinds are called.
const KINDS: [(KindName, &[&str]); 5] = [
    (KindName::Bank, &["bank", "銀行"]),
    (KindName::Zone, &["zone", "ゾーン"]),
    (KindName::Party, &["party", "事業者", "機関"]),
    (KindName::Counter, &["counter", "窓口"]),
    (KindName::Shop, &["shop", "店", "加盟店"]),
];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Column {
    Kind,
    Name,
    Reading,
    Number,
    Zone,
    Area,
    Web,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum KindName {
    Bank,
    Zone,
    Party,
    Counter,
    Shop,
}

/// Entries with the lines on which they stand.
#[derive(Clone, Debug, Default)]
pub(crate) struct Source {
    pub(crate) entries: Vec<Entry>,
    lines: Vec<u64>,
    /// What should be known of the list although it is sound.
    pub(crate) warnings: Vec<Problem>,
}

/// Something wrong, with its line; none where it is the whole's.
pub(crate) type Wrong = (Option<u64>, Failure);

impl Source {
    /// Findings with their lines, for people.
    pub(crate) fn wrong(&self, findings: &[Fault]) -> Vec<Wrong> {
        findings.iter().map(|fault| (self.line(fault), told(fault))).collect()
    }

    /// The line of an entry.
    pub(crate) fn line_of(&self, entry: usize) -> Option<u64> {
        self.lines.get(entry).copied()
    }

    fn line(&self, fault: &Fault) -> Option<u64> {
        match fault {
            Fault::Validity | Fault::TooMany { .. } => None,
            Fault::Zones { entry, .. }
            | Fault::SameName { entry, .. }
            | Fault::SameNamed { entry, .. }
            | Fault::LookAlike { entry, .. }
            | Fault::Mixed { entry, .. } => self.line_of(*entry),
        }
    }
}

/// A finding for people.
pub(crate) fn told(fault: &Fault) -> Failure {
    let of = |key| Failure::new(Exit::Verification, key);
    match fault {
        Fault::Validity => of("err-list-validity"),
        Fault::TooMany { count } => of("err-list-long").with("count", count),
        Fault::Zones { name, .. } => of("err-list-zones").with("name", name),
        Fault::SameName { name, other, .. } => {
            of("err-list-same-name").with("name", name).with("other", other)
        }
        Fault::SameNamed { name, other, .. } => {
            of("err-list-same-named").with("name", name).with("other", other)
        }
        Fault::LookAlike { name, other, .. } => {
            of("err-list-look-alike").with("name", name).with("other", other)
        }
        Fault::Mixed { name, .. } => of("err-list-mixed").with("name", name),
    }
}

/// Everything that is wrong, in one failure.
pub(crate) fn faulty(app: &App, path: &Path, wrong: &[Wrong]) -> Failure {
    let lang = app.output.lang;
    let lines = wrong.iter().take(20).map(|(line, failure)| {
        let place = line.map(|line| format!(":{line}")).unwrap_or_default();
        format!("\n  {}{place}: {}", path.display(), failure.message(lang))
    });
    let details = wrong.iter().map(|(line, failure)| {
        json!({ "line": line, "code": failure.code(), "message": failure.message(lang) })
    });
    let details = json!({ "rows": details.collect::<Vec<_>>() });
    Failure::new(Exit::Verification, "err-list")
        .with("count", wrong.len())
        .with("lines", lines.collect::<String>())
        .details(details)
}

/// Reads a list. Shops whose line names no zone take payments in the only one that there is.
///
/// # Errors
/// Every line that is wrong.
pub(crate) fn read(
    app: &App,
    path: &Path,
    prefix: &AddressPrefix,
    zones: &[ZoneId],
) -> Result<Source, Failure> {
    let text = Given::Table.text(path)?;
    let source = parse(&text, prefix, zones).map_err(|wrong| faulty(app, path, &wrong))?;
    Ok(Source { warnings: sheet::cut(app, &text), ..source })
}

fn parse(text: &str, prefix: &AddressPrefix, zones: &[ZoneId]) -> Result<Source, Vec<Wrong>> {
    let (mut columns, mut source, mut wrong) = (None, Source::default(), Vec::new());
    for (line, record) in sheet::records(text) {
        let Some(record) = record else {
            wrong.push((Some(line), Failure::new(Exit::Usage, "err-row-form")));
            continue;
        };
        let Some(of) = &columns else {
            let Some(found) = heading(&record) else {
                let failure = Failure::new(Exit::Usage, "err-list-heading");
                return Err(vec![(Some(line), failure)]);
            };
            columns = Some(found);
            continue;
        };
        match entry(&record, of, prefix, zones) {
            Ok(entry) => {
                source.entries.push(entry);
                source.lines.push(line);
            }
            Err(failure) => wrong.push((Some(line), failure)),
        }
    }
    if wrong.is_empty() { Ok(source) } else { Err(wrong) }
}

/// The columns, where the first line names them and nothing else.
fn heading(record: &csv::StringRecord) -> Option<Vec<Column>> {
    let columns = sheet::columns(record, &HEADINGS)?;
    let needed = [Column::Kind, Column::Name, Column::Number];
    needed.iter().all(|column| columns.contains(column)).then_some(columns)
}

fn entry(
    record: &csv::StringRecord,
    columns: &[Column],
    prefix: &AddressPrefix,
    zones: &[ZoneId],
) -> Result<Entry, Failure> {
    if record.len() != columns.len() {
        return Err(Failure::new(Exit::Usage, "err-list-columns")
            .with("columns", columns.len())
            .with("found", record.len()));
    }
    let of = |wanted: Column| sheet::cell(record, columns, &wanted);
    let name = written(of(Column::Name).unwrap_or_default())?;
    let reading = of(Column::Reading).map(|text| {
        let bad = |_| Failure::new(Exit::Usage, "err-bad-reading").with("text", text);
        Reading::written(text).map_err(bad)
    });
    let web = of(Column::Web).map(|text| {
        Web::new(text).ok_or_else(|| Failure::new(Exit::Usage, "err-bad-web").with("text", text))
    });
    Ok(Entry {
        name,
        reading: reading.transpose()?,
        of: named(&of, prefix, zones)?,
        area: of(Column::Area).map(written).transpose()?,
        web: web.transpose()?,
    })
}

fn written(text: &str) -> Result<Name, Failure> {
    Name::written(text).map_err(|_| Failure::new(Exit::Usage, "err-bad-name").with("text", text))
}

fn named<'r>(
    of: &impl Fn(Column) -> Option<&'r str>,
    prefix: &AddressPrefix,
    only: &[ZoneId],
) -> Result<Named, Failure> {
    let kind = of(Column::Kind).unwrap_or_default();
    let lower = kind.to_lowercase();
    let found = KINDS.iter().find(|(_, names)| names.contains(&lower.as_str()));
    let (kind, _) =
        found.ok_or_else(|| Failure::new(Exit::Usage, "err-list-kind").with("text", kind))?;
    let text = of(Column::Number).unwrap_or_default();
    let bad = || Failure::new(Exit::Usage, "err-list-number").with("text", text);
    Ok(match kind {
        KindName::Bank => Named::Bank { bank: BankId::new(text.parse().map_err(|_| bad())?) },
        KindName::Zone => Named::Zone { zone: ZoneId::new(text.parse().map_err(|_| bad())?) },
        KindName::Party => Named::Party { party: PartyId::new(text.parse().map_err(|_| bad())?) },
        KindName::Counter => {
            Named::Counter { party: PartyId::new(text.parse().map_err(|_| bad())?) }
        }
        KindName::Shop => {
            let account = AccountId::from_address(text, prefix)
                .map_err(|_| Failure::new(Exit::Usage, "err-no-address").with("text", text))?;
            let zones = match (of(Column::Zone), only) {
                (Some(said), _) => numbers(said)?,
                (None, [only]) => vec![*only],
                (None, _) => return Err(Failure::new(Exit::Usage, "err-list-no-zone")),
            };
            Named::Shop { account, zones }
        }
    })
}

/// Zones' numbers, with anything but digits between them.
fn numbers(text: &str) -> Result<Vec<ZoneId>, Failure> {
    let bad = || Failure::new(Exit::Usage, "err-list-number").with("text", text);
    let digits = text.split(|c: char| !c.is_ascii_digit()).filter(|part| !part.is_empty());
    let mut zones = digits
        .map(|part| part.parse().map(ZoneId::new).map_err(|_| bad()))
        .collect::<Result<Vec<_>, _>>()?;
    zones.sort();
    zones.dedup();
    if zones.is_empty() { Err(bad()) } else { Ok(zones) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn prefix() -> AddressPrefix {
        AddressPrefix::new("aizu").unwrap()
    }

    fn address(number: u8) -> String {
        AccountId::new([number; 20]).to_address(&prefix())
    }

    #[test]
    fn a_clerks_table_is_a_directory() {
        let text = format!(
            "種類,名前,よみ,番号,ゾーン,地域,ウェブ\n銀行,会津銀行,,0017,,,\n\
             店, みそ屋 ,みそや,{},,会津若松市,https://miso.example\n\
             shop,そば屋,,{},2・1,,\n窓口,市役所,,3,,,\n",
            address(1),
            address(2)
        );
        let read = parse(&text, &prefix(), &[ZoneId::new(1)]).unwrap();
        assert_eq!(read.lines, [2, 3, 4, 5]);
        let zones = |numbers: &[u16]| numbers.iter().copied().map(ZoneId::new).collect();
        let of: Vec<&Named> = read.entries.iter().map(|entry| &entry.of).collect();
        assert_eq!(*of[0], Named::Bank { bank: BankId::new(17) });
        let shop = |number, zones| Named::Shop { account: AccountId::new([number; 20]), zones };
        assert_eq!((of[1], of[2]), (&shop(1, zones(&[1])), &shop(2, zones(&[1, 2]))));
        assert_eq!(read.entries[1].name.as_str(), "みそ屋");
        assert_eq!(read.entries[1].reading.as_ref().unwrap().as_str(), "みそや");
        assert_eq!(*of[3], Named::Counter { party: PartyId::new(3) });
    }

    #[test]
    fn every_line_that_is_wrong_is_told_with_its_number() {
        let text = format!(
            "\nkind,name,number\nbank,会津銀行,x\n\nshop,みそ屋,aizu1x\ncar,車,1\n\
             shop,み\u{202e}そ屋,{0}\nshop,みそ屋,{0},1\nshop,みそ屋,{0}\n",
            address(1)
        );
        let wrong = parse(&text, &prefix(), &[ZoneId::new(1), ZoneId::new(2)]).unwrap_err();
        let codes: Vec<_> = wrong.iter().map(|(line, of)| (line.unwrap(), of.code())).collect();
        assert_eq!(
            codes,
            [
                (3, "list-number"),
                (5, "no-address"),
                (6, "list-kind"),
                (7, "bad-name"),
                (8, "list-columns"),
                (9, "list-no-zone"),
            ]
        );
        let without = parse("みそ屋,1\n", &prefix(), &[]).unwrap_err();
        assert_eq!((without[0].0, without[0].1.code()), (Some(1), "list-heading"));
    }
}
