//! Notices: their languages, their texts by hash, and how much a version changed.

use borsh::{BorshDeserialize, BorshSerialize};
use serde_json::{Value, json};

use crate::hash::Hash;
use crate::id::AddressPrefix;
use crate::json::{Json, JsonError, Schemas, names, shape, text_of};

names! {
    /// How much a notice changed from the version before.
    pub enum Materiality {
        /// Wording only.
        Editorial = 0 as "editorial",
        /// A change that leaves what was agreed untouched.
        Minor = 1 as "minor",
        /// A change that makes dependent consents due for renewal.
        Material = 2 as "material",
    }
}

/// A language tag of two lower-case letters (ISO 639-1).
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, BorshSerialize, BorshDeserialize,
)]
pub struct Language([u8; 2]);

impl Language {
    /// English.
    pub const ENGLISH: Self = Self(*b"en");
    /// Japanese.
    pub const JAPANESE: Self = Self(*b"ja");

    /// A language, or `None` where the text is not two lower-case ASCII letters.
    #[must_use]
    pub fn new(text: &str) -> Option<Self> {
        let bytes: [u8; 2] = text.as_bytes().try_into().ok()?;
        Self(bytes).is_well_formed().then_some(Self(bytes))
    }

    /// Whether both bytes are lower-case ASCII letters (decoding alone does not say so).
    #[must_use]
    pub const fn is_well_formed(self) -> bool {
        self.0[0].is_ascii_lowercase() && self.0[1].is_ascii_lowercase()
    }
}

impl core::fmt::Display for Language {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(core::str::from_utf8(&self.0).unwrap_or("??"))
    }
}

shape! {
    /// The text of a notice in one language, by its hash.
    pub struct NoticeContent {
        /// The language.
        language: Language,
        /// SHA-256 of the text as it was published.
        content_hash: Hash,
    }
}

impl Json for Language {
    fn to_json(&self, _: &AddressPrefix) -> Option<Value> {
        Some(Value::String(self.to_string()))
    }

    fn of_json(
        value: Option<Value>,
        field: &'static str,
        _: &AddressPrefix,
    ) -> Result<Self, JsonError> {
        Self::new(&text_of(value, field)?)
            .ok_or_else(|| JsonError::new(field, &"a language is two lower-case letters"))
    }

    fn schema(schemas: &mut Schemas) -> Value {
        schemas.named("LanguageTag", |_| {
            json!({
                "type": "string", "pattern": "^[a-z]{2}$", "examples": ["ja"],
                "description": "A language tag of two lower-case letters (ISO 639-1).",
            })
        })
    }
}
