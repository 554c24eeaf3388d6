//! Legal bases as data: the Act on the Protection of Personal Information in one stated version.
//!
//! Law is not code here. Each basis names its article, what it allows, whether it reaches sensitive
//! data, what evidence it asks for, and from which duties it exempts; a new version of the Act is a
//! new document beside the old one, and a consent keeps the one that it was given under. Joint use
//! (共同利用, Article 27(5)(iii)) has no counterpart in the Data Privacy Vocabulary: it is our
//! extension `kyojo:JointUse`.
//!
//! Article 27(1), (5) exempt from the records of Articles 29 and 30 (proviso of Article 29(1)).

use std::sync::LazyLock;

use ledger_types::Hash;
use serde::{Deserialize, Serialize};

use super::ConceptName;
use crate::canonical::canonical_document;
use crate::format::Version;

/// Tag of the hash of a document of legal bases.
pub const TAG_LEGAL_BASES: &[u8] = b"kyojo/legal-bases/v1";

static BUILT_IN: LazyLock<LegalBases> = LazyLock::new(|| {
    LegalBases::read(include_str!("../../data/legal-bases.json"))
        .expect("the built-in file is read in the tests")
});

/// A text in Japanese and English.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bilingual {
    /// In Japanese.
    pub ja: String,
    /// In English.
    pub en: String,
}

/// A statute in the form it has from a day on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Statute {
    /// Its name and number.
    pub name: Bilingual,
    /// The last act that amended it by then.
    pub as_amended_by: Bilingual,
    /// The day from which this form is in force.
    pub in_force_from: jiff::civil::Date,
}

/// Whom a rule of the Act binds: chapter 4 or chapter 5.
///
/// Hospitals and universities of public bodies follow chapter 4 for most of it (Articles 58, 125).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Regime {
    /// Businesses, and what is treated as such (chapter 4).
    Private,
    /// Administrative organs, municipalities included (chapter 5).
    Public,
}

/// What a basis allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Allowed {
    /// To collect.
    Collect,
    /// To use, also beyond the purpose that was named.
    Use,
    /// To provide to another.
    Disclose,
    /// To provide to another in a foreign country.
    DiscloseAbroad,
}

/// One legal basis.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LegalBasis {
    /// Its code, such as `appi-27-1-ii`.
    pub code: String,
    /// Whom it is for.
    pub regime: Regime,
    /// Article, paragraph and item, such as `27(1)(ii)`.
    pub article: String,
    /// What it allows.
    pub allows: Vec<Allowed>,
    /// Whether it reaches sensitive data (要配慮個人情報).
    pub sensitive: bool,
    /// What it says, in short.
    pub title: Bilingual,
    /// What must be at hand to rely on it.
    pub evidence: Vec<String>,
    /// Articles whose duties do not arise under it.
    pub exempt_from: Vec<String>,
    /// The nearest legal basis of the Data Privacy Vocabulary, or ours.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dpv: Option<ConceptName>,
}

impl LegalBasis {
    /// The article as Japanese law writes it: `27(5)(iii)` is 第27条第5項第3号.
    #[must_use]
    pub fn article_ja(&self) -> String {
        let articles: Vec<String> = self.article.split(", ").map(article_ja).collect();
        articles.join("・")
    }
}

fn article_ja(article: &str) -> String {
    let mut written = String::new();
    for (part, unit) in article.split('(').zip(["条", "項", "号"]) {
        let part = part.trim_end_matches(')');
        let roman = ITEMS.iter().position(|item| *item == part);
        let number = roman.map_or_else(|| part.to_owned(), |index| (index + 1).to_string());
        written.push_str(&format!("第{number}{unit}"));
    }
    written
}

/// Items of a paragraph as English texts number them.
const ITEMS: [&str; 8] = ["i", "ii", "iii", "iv", "v", "vi", "vii", "viii"];

/// One duty that stands beside every basis.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Duty {
    /// The article.
    pub article: String,
    /// Whom it binds.
    pub regime: Regime,
    /// What it asks, in short.
    pub title: Bilingual,
    /// What shows that it was met.
    pub evidence: Vec<String>,
}

/// The legal bases of one version of a statute.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LegalBases {
    version: Version<1>,
    /// The statute and its version.
    pub statute: Statute,
    /// The bases.
    pub bases: Vec<LegalBasis>,
    /// The duties beside them.
    pub duties: Vec<Duty>,
}

impl LegalBases {
    /// The built-in bases.
    #[must_use]
    pub fn built_in() -> &'static Self {
        &BUILT_IN
    }

    /// Reads a document of legal bases.
    ///
    /// # Errors
    /// The reader's words where the text is another document.
    pub fn read(text: &str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(text)
    }

    /// The basis of this code.
    #[must_use]
    pub fn basis(&self, code: &str) -> Option<&LegalBasis> {
        self.bases.iter().find(|basis| basis.code == code)
    }

    /// The hash over the document's canonical form.
    #[must_use]
    pub fn hash(&self) -> Hash {
        let text = canonical_document(self).expect("the only number in it is its version");
        Hash::of(&[TAG_LEGAL_BASES, text.as_bytes()])
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn the_built_in_bases_have_codes_of_their_own_and_say_their_version() {
        let bases = LegalBases::built_in();
        let codes: BTreeSet<&str> = bases.bases.iter().map(|basis| basis.code.as_str()).collect();
        assert_eq!(codes.len(), bases.bases.len());
        assert!(codes.iter().all(|code| code.starts_with("appi-")));
        assert!(bases.bases.iter().all(|basis| !basis.evidence.is_empty()));
        assert_eq!(bases.statute.in_force_from.to_string(), "2025-06-01");
        let articles: Vec<&str> = bases.duties.iter().map(|duty| duty.article.as_str()).collect();
        assert_eq!(articles, ["23", "24", "25", "26", "29", "30", "66", "67", "68"]);
        assert_eq!(bases.hash().to_string(), PINNED);
    }

    const PINNED: &str = "c142edda9ac0f53bc3ede2a59a97a5cf27c6a6f94b2a0ae3d2dc0b1f35acdd69";

    #[test]
    fn opt_out_never_reaches_sensitive_data_and_joint_use_names_its_five_items() {
        let bases = LegalBases::built_in();
        let without: Vec<&str> = bases
            .bases
            .iter()
            .filter(|basis| !basis.sensitive)
            .map(|basis| basis.code.as_str())
            .collect();
        assert_eq!(without, ["appi-27-2"]);
        let joint = bases.basis("appi-27-5-iii").unwrap();
        assert_eq!(joint.dpv.as_ref().unwrap().as_str(), "kyojo:JointUse");
        assert_eq!(joint.evidence.len(), 5);
        assert!(bases.basis("appi-27-1").unwrap().exempt_from.is_empty(), "consent is recorded");
        assert_eq!(bases.basis("appi-27-1-ii").unwrap().exempt_from, ["29", "30"]);
    }

    #[test]
    fn articles_are_written_as_japanese_law_writes_them() {
        let bases = LegalBases::built_in();
        for (code, expected) in [
            ("appi-27-5-iii", "第27条第5項第3号"),
            ("appi-20-2-viii", "第20条第2項第8号"),
            ("appi-69-2-iv", "第69条第2項第4号"),
            ("appi-28-3", "第28条第1項・第28条第3項"),
        ] {
            assert_eq!(bases.basis(code).unwrap().article_ja(), expected);
        }
        for basis in &bases.bases {
            let written = basis.article_ja();
            assert!(!written.chars().any(|letter| letter.is_ascii_alphabetic()), "{written}");
        }
    }

    #[test]
    fn bases_read_back_from_what_is_written_and_refuse_what_they_do_not_know() {
        let text = canonical_document(LegalBases::built_in()).unwrap();
        assert_eq!(&LegalBases::read(&text).unwrap(), LegalBases::built_in());
        assert!(LegalBases::read(&text.replacen("\"private\"", "\"secret\"", 1)).is_err());
        assert!(LegalBases::read(&text.replacen("\"code\"", "\"kode\"", 1)).is_err());
    }
}
