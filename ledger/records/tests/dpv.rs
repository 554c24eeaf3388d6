//! The condensed vocabulary is what the DPV's published CSV files say, made again and compared.
#![allow(clippy::unwrap_used, reason = "in a test a failed unwrap is a failed test")]

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

const HEAD: &str = "# Derived from the Data Privacy Vocabulary 2.3; licence and changes: README.md beside this file.
# s: sensitive or of a special category in the DPV.
# number\tname\tbroader\tmarks\tEnglish\tJapanese
";

/// One row of a published file, with what is used of it.
struct Row {
    name: String,
    label: String,
    kinds: String,
    broader: Vec<String>,
}

fn short(iri: &str) -> String {
    iri.replace("https://w3id.org/dpv/pd#", "pd:").replace("https://w3id.org/dpv#", "dpv:")
}

fn rows(path: &Path) -> Vec<Row> {
    let mut reader = csv::Reader::from_path(path).unwrap();
    let head = reader.headers().unwrap().clone();
    let column = |name: &str| head.iter().position(|found| found == name).unwrap();
    let (iri, label) = (column("iri"), column("label"));
    let (kinds, broader) = (column("dpvtype"), column("hasbroader"));
    let read = |row: csv::StringRecord| Row {
        name: short(&row[iri]),
        label: row[label].to_owned(),
        kinds: short(&row[kinds]),
        broader: row[broader].split(';').map(short).collect(),
    };
    reader.records().map(|row| read(row.unwrap())).collect()
}

/// Concepts of one tree: the root, then all others in the file's order.
fn tree(root: &str, label: &str, first: u32, rows: &[Row], text: &mut String) {
    let names: BTreeSet<&str> = rows.iter().map(|row| row.name.as_str()).collect();
    writeln!(text, "{first}\t{root}\t-\t-\t{label}\t-").unwrap();
    for (row, number) in rows.iter().zip(first + 1..) {
        // The broader concepts inside the tree; its root where none is.
        let inside = row.broader.iter().map(String::as_str).filter(|name| names.contains(name));
        let inside = inside.collect::<Vec<_>>().join(";");
        let broader = if inside.is_empty() { root } else { &inside };
        let special = row.kinds.contains("SpecialCategory") || row.kinds.contains("Sensitive");
        let marks = if special { "s" } else { "-" };
        writeln!(text, "{number}\t{}\t{broader}\t{marks}\t{}\t-", row.name, row.label).unwrap();
    }
}

fn condensed(folder: &Path) -> String {
    let is_purpose = |row: &Row| row.kinds.split(';').any(|kind| kind == "dpv:Purpose");
    let purposes: Vec<Row> = rows(&folder.join("dpv.csv")).into_iter().filter(is_purpose).collect();
    let categories: Vec<Row> = rows(&folder.join("pd.csv"))
        .into_iter()
        .filter(|row| row.name.starts_with("pd:"))
        .collect();
    let mut text = HEAD.to_owned();
    tree("dpv:Purpose", "Purpose", 1000, &purposes, &mut text);
    tree("dpv:PersonalData", "Personal Data", 2000, &categories, &mut text);
    text
}

/// The folder of the published files; none where they are not at hand.
fn published() -> Option<PathBuf> {
    let folder = std::env::var_os("KYOJO_DPV").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/dpv"),
        PathBuf::from,
    );
    if !folder.is_dir() {
        eprintln!("skipped: {} is not here", folder.display());
        return None;
    }
    Some(folder)
}

#[test]
fn every_term_of_the_dpv_that_a_receipt_uses_is_published() {
    let Some(folder) = published() else { return };
    let known: BTreeSet<String> = ["dpv.csv", "pd.csv"]
        .iter()
        .flat_map(|file| rows(&folder.join(file)))
        .map(|row| row.name)
        .collect();
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let golden = std::fs::read_to_string(here.join("tests/golden/withdrawn.dpv.json")).unwrap();
    let quoted = golden.split('"').filter(|word| {
        (word.starts_with("dpv:") || word.starts_with("pd:")) && !word.contains(' ')
    });
    let unknown: BTreeSet<&str> = quoted.filter(|word| !known.contains(*word)).collect();
    assert_eq!(unknown, BTreeSet::new());
}

#[test]
fn the_condensed_file_is_made_from_the_published_ones() {
    let here = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let kept = here.join("data/dpv-2.3.tsv");
    let Some(published) = published() else { return };
    let made = condensed(&published);
    if std::env::var_os("KYOJO_WRITE_VOCABULARY").is_some() {
        std::fs::write(&kept, &made).unwrap();
    }
    assert_eq!(std::fs::read_to_string(&kept).unwrap(), made);
    let numbers: BTreeMap<&str, usize> = made.lines().filter(|line| !line.starts_with('#')).fold(
        BTreeMap::new(),
        |mut all, line| {
            *all.entry(line.split('\t').next().unwrap()).or_default() += 1;
            all
        },
    );
    assert!(numbers.len() > 340 && numbers.values().all(|count| *count == 1));
}
