//! One concept: its name, its broader concept, how sensitive it is and what people read.

use serde::{Deserialize, Serialize};

/// Prefixes of names with what they stand for.
const PREFIXES: [(&str, &str); 3] = [
    ("dpv", "https://w3id.org/dpv#"),
    ("pd", "https://w3id.org/dpv/pd#"),
    ("kyojo", "https://kyojo.example/vocabulary#"),
];
/// The longest name, in bytes.
const NAME_BYTES_MAX: usize = 96;

/// A concept's name: `dpv:`, `pd:` or `kyojo:` and letters or digits.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ConceptName(String);

impl ConceptName {
    /// Reads a name.
    ///
    /// # Errors
    /// [`NamingError`] where the prefix is unknown or a character is neither letter nor digit.
    pub fn new(text: &str) -> Result<Self, NamingError> {
        let known = text.split_once(':').is_some_and(|(prefix, rest)| {
            PREFIXES.iter().any(|(known, _)| *known == prefix)
                && !rest.is_empty()
                && rest.bytes().all(|byte| byte.is_ascii_alphanumeric())
        });
        if known && text.len() <= NAME_BYTES_MAX {
            Ok(Self(text.to_owned()))
        } else {
            Err(NamingError)
        }
    }

    /// The name as it is written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The IRI that the name stands for.
    #[must_use]
    pub fn iri(&self) -> String {
        let (prefix, rest) = self.0.split_once(':').unwrap_or_default();
        let base = PREFIXES.iter().find(|(known, _)| *known == prefix);
        format!("{}{rest}", base.map_or("", |(_, base)| base))
    }
}

impl core::fmt::Display for ConceptName {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for ConceptName {
    type Error = NamingError;

    fn try_from(text: String) -> Result<Self, NamingError> {
        Self::new(&text)
    }
}

impl From<ConceptName> for String {
    fn from(name: ConceptName) -> Self {
        name.0
    }
}

/// The text is not the name of a concept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a concept is named dpv:, pd: or kyojo: and letters or digits")]
pub struct NamingError;

/// Why a concept needs more care than others.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sensitivity {
    /// 要配慮個人情報: Article 2(3) of the Act on the Protection of Personal Information and Article 2
    /// of its Cabinet Order.
    pub care_required: bool,
    /// Sensitive or of a special category in the DPV, which follows the law of the European Union.
    pub special: bool,
}

impl Sensitivity {
    /// Whether there is any reason.
    #[must_use]
    pub const fn is_sensitive(self) -> bool {
        self.care_required || self.special
    }

    /// Reasons of either.
    #[must_use]
    pub const fn or(self, other: Self) -> Self {
        Self {
            care_required: self.care_required || other.care_required,
            special: self.special || other.special,
        }
    }
}

/// What people read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Label {
    /// In English.
    pub en: String,
    /// In Japanese, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ja: Option<String>,
}

impl Label {
    /// In Japanese, or in English where there is no Japanese.
    #[must_use]
    pub fn japanese(&self) -> &str {
        self.ja.as_deref().unwrap_or(&self.en)
    }
}

/// The number of a concept, which keeps its meaning from version to version.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
#[serde(transparent)]
pub struct ConceptId(u32);

impl ConceptId {
    /// The concept with this number.
    #[must_use]
    pub const fn new(number: u32) -> Self {
        Self(number)
    }

    /// The number.
    #[must_use]
    pub const fn get(self) -> u32 {
        self.0
    }
}

/// A purpose or a category of personal data.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Concept {
    /// Its number on the ledger.
    pub number: ConceptId,
    /// Its name.
    pub name: ConceptName,
    /// The concept above it; none for the root of a tree.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub broader: Option<ConceptName>,
    /// Other concepts that it lies under by the DPV, outside its tree's one line of descent.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<ConceptName>,
    /// Its own marks, without those of what lies above it.
    pub sensitivity: Sensitivity,
    /// What people read.
    pub label: Label,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_have_a_known_prefix_and_expand() {
        let name = ConceptName::new("pd:HealthRecord").unwrap();
        assert_eq!(name.iri(), "https://w3id.org/dpv/pd#HealthRecord");
        let long = format!("pd:{}", "a".repeat(NAME_BYTES_MAX));
        for bad in ["", "pd:", "HealthRecord", "ex:Health", "pd:Health Record", "pd:a:b", &long] {
            assert_eq!(ConceptName::new(bad), Err(NamingError), "{bad}");
        }
        assert!(serde_json::from_str::<ConceptName>("\"x:y\"").is_err());
    }
}
