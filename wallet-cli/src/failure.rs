//! How a command fails: an exit code, a stable code, and a text for people.
//!
//! The table of exit codes is part of the interface: scripts rely on it and it only grows.

pub(crate) use kyojo_cli::Exit;
use kyojo_cli::Problem;
use serde_json::Value;

use crate::i18n::Lang;

/// Every exit code of the wallet with the key of its meaning.
pub(crate) const EXITS: [(Exit, &str); 14] = [
    (Exit::Ok, "label-exit-ok"),
    (Exit::Other, "label-exit-other"),
    (Exit::Usage, "label-exit-usage"),
    (Exit::Config, "label-exit-config"),
    (Exit::Auth, "label-exit-auth"),
    (Exit::NotFound, "label-exit-not-found"),
    (Exit::Refused, "label-exit-refused"),
    (Exit::Balance, "label-exit-balance"),
    (Exit::Unreachable, "label-exit-unreachable"),
    (Exit::Timeout, "label-exit-timeout"),
    (Exit::Verification, "label-exit-verification"),
    (Exit::Declined, "label-exit-declined"),
    (Exit::Unwritten, "label-exit-unwritten"),
    (Exit::Interrupted, "label-exit-interrupted"),
];

/// A command's failure.
#[derive(Clone, Debug)]
pub(crate) struct Failure {
    /// With which code the process ends.
    pub(crate) exit: Exit,
    key: String,
    variables: Vec<(&'static str, Word)>,
    details: Value,
    /// What should be known beside, in the language of the texts.
    pub(crate) warnings: Vec<Problem>,
}

/// A variable of a text, in the reader's language.
#[derive(Clone, Debug)]
enum Word {
    Same(String),
    InBoth { ja: String, en: String },
}

impl Word {
    fn of(&self, lang: Lang) -> &str {
        match (self, lang) {
            (Self::Same(text) | Self::InBoth { ja: text, .. }, Lang::Ja) => text,
            (Self::Same(text) | Self::InBoth { en: text, .. }, Lang::En) => text,
        }
    }
}

/// The variable of English texts that says what a library or a machine said. Japanese texts never
/// have it: it is English in every language.
pub(crate) const TECHNICAL: &str = "technical";

impl Failure {
    /// A failure whose text stands under `key`, which begins with `err-`, `code-` or `proof-`.
    #[must_use]
    pub(crate) fn new(exit: Exit, key: &str) -> Self {
        Self {
            exit,
            key: key.to_owned(),
            variables: Vec::new(),
            details: Value::Null,
            warnings: Vec::new(),
        }
    }

    /// The same with a variable of its text.
    #[must_use]
    #[expect(clippy::needless_pass_by_value, reason = "numbers and references alike")]
    pub(crate) fn with(mut self, name: &'static str, value: impl ToString) -> Self {
        self.variables.push((name, Word::Same(value.to_string())));
        self
    }

    /// The same with a variable that differs with the language.
    #[must_use]
    pub(crate) fn told(mut self, name: &'static str, say: impl Fn(Lang) -> String) -> Self {
        self.variables.push((name, Word::InBoth { ja: say(Lang::Ja), en: say(Lang::En) }));
        self
    }

    /// The same with what a library or a machine said, for English texts and for machines alone.
    #[must_use]
    #[expect(clippy::needless_pass_by_value, reason = "errors and references alike")]
    pub(crate) fn because(mut self, reason: impl ToString) -> Self {
        let reason = reason.to_string();
        if self.details.is_null() {
            self.details = serde_json::json!({ "reason": reason });
        }
        self.variables.push((TECHNICAL, Word::Same(reason)));
        self
    }

    /// The same with details for machines.
    #[must_use]
    pub(crate) fn details(mut self, details: Value) -> Self {
        self.details = details;
        self
    }

    /// The same with one more detail for machines.
    #[must_use]
    pub(crate) fn detail(mut self, name: &str, value: Value) -> Self {
        if let Value::Object(details) = &mut self.details {
            details.insert(name.to_owned(), value);
        } else {
            self.details = serde_json::json!({ name: value });
        }
        self
    }

    /// The same with what should be known beside.
    #[must_use]
    pub(crate) fn warned(mut self, warnings: Vec<Problem>) -> Self {
        self.warnings.extend(warnings);
        self
    }

    /// The stable code: the key without `err-`, or without `proof-`: the check that a proof failed.
    #[must_use]
    pub(crate) fn code(&self) -> &str {
        let bare = self.key.strip_prefix("err-").or(self.key.strip_prefix("proof-"));
        bare.unwrap_or(&self.key)
    }

    /// The number of the rule that refused it, where one did.
    #[must_use]
    pub(crate) fn number(&self) -> Option<u16> {
        self.details.get("number")?.as_u64()?.try_into().ok()
    }

    /// The text for people.
    #[must_use]
    pub(crate) fn message(&self, lang: Lang) -> String {
        let variables: Vec<(&'static str, &str)> =
            self.variables.iter().map(|(name, value)| (*name, value.of(lang))).collect();
        lang.text(&self.key, &variables)
    }

    /// The entry of the envelope's `errors`.
    #[must_use]
    pub(crate) fn problem(&self, lang: Lang) -> Problem {
        let (code, message) = (self.code().to_owned(), self.message(lang));
        Problem { code, message, details: self.details.clone() }
    }
}
