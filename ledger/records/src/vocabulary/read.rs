//! The files that the built-in vocabulary is made from: tab-separated lines, `#` for remarks.
//!
//! Concepts: number, name, broader names parted by `;` (the one in the tree first) or `-`, marks
//! (`y` 要配慮, `s` special, `-` none), English label, Japanese label or `-`. Japanese labels: name,
//! marks to add, label.

use std::collections::BTreeMap;

use super::concept::{Concept, ConceptId, ConceptName, Label, Sensitivity};
use super::frozen::{Vocabulary, VocabularyError};

/// Reads files of concepts and a file of Japanese labels.
pub(super) fn read(files: &[&str], labels: &str) -> Result<Vocabulary, VocabularyError> {
    let mut labels = rows(labels).map(label).collect::<Result<BTreeMap<_, _>, _>>()?;
    let mut concepts = Vec::new();
    for row in files.iter().flat_map(|file| rows(file)) {
        let mut concept = concept(row)?;
        if let Some((marks, japanese)) = labels.remove(&concept.name) {
            concept.sensitivity = concept.sensitivity.or(marks);
            concept.label.ja = Some(japanese);
        }
        concepts.push(concept);
    }
    match labels.into_keys().next() {
        Some(name) => Err(VocabularyError::Unknown { name }),
        None => Vocabulary::freeze(concepts),
    }
}

fn rows(file: &str) -> impl Iterator<Item = &str> {
    file.lines().filter(|line| !line.is_empty() && !line.starts_with('#'))
}

fn malformed(row: &str) -> VocabularyError {
    VocabularyError::Malformed { row: row.to_owned() }
}

fn concept(row: &str) -> Result<Concept, VocabularyError> {
    let fields: Vec<&str> = row.split('\t').collect();
    let [number, name, broader, marks, en, ja] = fields.as_slice() else {
        return Err(malformed(row));
    };
    let name_of = |text: &str| ConceptName::new(text).map_err(|_| malformed(row));
    let broader = broader.split(';').filter(|name| *name != "-").map(name_of);
    let mut broader = broader.collect::<Result<Vec<_>, _>>()?.into_iter();
    Ok(Concept {
        number: ConceptId::new(number.parse().map_err(|_| malformed(row))?),
        name: name_of(name)?,
        broader: broader.next(),
        also: broader.collect(),
        sensitivity: sensitivity(marks).ok_or_else(|| malformed(row))?,
        label: Label { en: (*en).to_owned(), ja: (*ja != "-").then(|| (*ja).to_owned()) },
    })
}

fn label(row: &str) -> Result<(ConceptName, (Sensitivity, String)), VocabularyError> {
    let fields: Vec<&str> = row.split('\t').collect();
    let [name, marks, japanese] = fields.as_slice() else { return Err(malformed(row)) };
    let name = ConceptName::new(name).map_err(|_| malformed(row))?;
    let marks = sensitivity(marks).ok_or_else(|| malformed(row))?;
    Ok((name, (marks, (*japanese).to_owned())))
}

fn sensitivity(marks: &str) -> Option<Sensitivity> {
    match marks {
        "-" => Some(Sensitivity::default()),
        "y" => Some(Sensitivity { care_required: true, special: false }),
        "s" => Some(Sensitivity { care_required: false, special: true }),
        "ys" => Some(Sensitivity { care_required: true, special: true }),
        _ => None,
    }
}
