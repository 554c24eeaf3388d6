//! What people read, in Japanese and English: every text is looked up by its key.
//!
//! Keys, codes and the `--json` envelope's field names stay English. The choice is `--lang`, then
//! `KYOJO_LANG`, then the configuration file, then the system's locale, then English.

use std::borrow::Cow;
use std::collections::HashMap;

use fluent_templates::fluent_bundle::FluentValue;
use fluent_templates::{LanguageIdentifier, Loader, langid, static_loader};

static_loader! {
    static LOCALES = {
        locales: "./locales",
        fallback_language: "en",
        customise: |bundle| bundle.set_use_isolating(false),
    };
}

const JAPANESE: LanguageIdentifier = langid!("ja");
const ENGLISH: LanguageIdentifier = langid!("en");

/// A language for people.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Lang {
    /// Japanese.
    Ja,
    /// English.
    En,
}

impl Lang {
    /// The language that a tag such as `ja_JP.UTF-8` or `ja` means; English for any other.
    #[must_use]
    pub(crate) fn of_locale(tag: &str) -> Self {
        if tag.to_ascii_lowercase().starts_with("ja") { Self::Ja } else { Self::En }
    }

    /// The language of the text that stands under `key`, with its variables filled in.
    #[must_use]
    pub(crate) fn text(self, key: &str, variables: &[(&'static str, &str)]) -> String {
        let language = match self {
            Self::Ja => &JAPANESE,
            Self::En => &ENGLISH,
        };
        let variables: HashMap<Cow<'static, str>, FluentValue<'_>> = variables
            .iter()
            .map(|(name, value)| (Cow::Borrowed(*name), FluentValue::from(*value)))
            .collect();
        LOCALES.lookup_with_args(language, key, &variables)
    }

    /// The text under `key` where there is one.
    #[must_use]
    pub(crate) fn find(self, key: &str) -> Option<String> {
        let language = match self {
            Self::Ja => &JAPANESE,
            Self::En => &ENGLISH,
        };
        LOCALES.try_lookup(language, key)
    }
}

#[cfg(test)]
mod tests;
