//! Purposes and categories of personal data as trees, frozen under one hash and one Merkle root.
//!
//! The built-in vocabulary is the Data Privacy Vocabulary 2.3 (its purposes and personal data;
//! labels only) with a layer for Japanese municipalities: concepts of our own under
//! `https://kyojo.example/vocabulary#`, each with a broader concept of the DPV, Japanese labels,
//! and the marks of Article 2(3) of the Act on the Protection of Personal Information (要配慮個人情報).
//!
//! The DPV allows several broader concepts; here each has one in the tree, so that intervals can
//! tell descent: the first that the DPV lists inside the same tree. What a broad consent loses by
//! it is lost on the safe side: it covers fewer narrower concepts, never more. What must not be
//! lost goes by **all** broader concepts ([`Vocabulary::lies_under`]): sensitivity, and what a
//! subject excluded. A concept keeps its number for ever; another meaning is another concept.

mod concept;
mod frozen;
pub mod legal;
mod read;

pub use concept::{Concept, ConceptId, ConceptName, Label, NamingError, Sensitivity};
pub use frozen::{NodeProof, TAG_VOCABULARY, Vocabulary, VocabularyError};

use std::sync::LazyLock;

/// Purposes and personal data of the Data Privacy Vocabulary, condensed to labels.
const DPV: &str = include_str!("../../data/dpv-2.3.tsv");
/// Japanese labels of concepts of the DPV, and the marks of Article 2(3).
const JAPANESE_LABELS: &str = include_str!("../../data/labels-ja.tsv");
/// Concepts of our own.
const JAPAN: &str = include_str!("../../data/japan.tsv");

/// The root of all purposes.
pub const PURPOSE: &str = "dpv:Purpose";
/// The root of all categories of personal data.
pub const PERSONAL_DATA: &str = "dpv:PersonalData";
/// Health in the widest sense.
pub const HEALTH: &str = "pd:MedicalHealth";

static BUILT_IN: LazyLock<Vocabulary> = LazyLock::new(|| {
    read::read(&[DPV, JAPAN], JAPANESE_LABELS).expect("the built-in files are read in the tests")
});

impl Vocabulary {
    /// The built-in vocabulary.
    #[must_use]
    pub fn built_in() -> &'static Self {
        &BUILT_IN
    }
}

#[cfg(test)]
mod tests;
