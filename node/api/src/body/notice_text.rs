//! The text of a notice as its publisher and its readers name it.

use ledger_types::Hash;
use ledger_types::consent::{Language, NoticeContent};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::text::{BodyError, schema};

/// The text of a notice in one language, by its hash.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NoticeTextBody {
    /// The language.
    #[schema(value_type = schema::LanguageTag)]
    pub language: String,
    /// SHA-256 of the text as it was published.
    #[schema(value_type = schema::Hex32)]
    pub content_hash: Hash,
}

impl NoticeTextBody {
    /// A text in JSON.
    #[must_use]
    pub fn of(content: &NoticeContent) -> Self {
        Self { language: content.language.to_string(), content_hash: content.content_hash }
    }

    /// The text's language and hash.
    ///
    /// # Errors
    /// [`BodyError`] where the language is not two lower-case letters.
    pub fn content(&self) -> Result<NoticeContent, BodyError> {
        let language = language_of(&self.language)?;
        Ok(NoticeContent { language, content_hash: self.content_hash })
    }
}

/// Reads a language tag.
pub(crate) fn language_of(text: &str) -> Result<Language, BodyError> {
    Language::new(text)
        .ok_or_else(|| BodyError::new("language", &"a language is two lower-case letters"))
}
