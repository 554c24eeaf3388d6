//! How a command fails: an exit code, a stable code, and a text for people.
//!
//! The table of exit codes is part of the interface: scripts rely on it and it only grows.

use serde_json::Value;

use crate::i18n::Lang;

/// The exit codes, as documented.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Exit {
    /// Done.
    Ok = 0,
    /// Anything that has no code of its own.
    Other = 1,
    /// The command line cannot be understood.
    Usage = 2,
    /// A configuration, a file or the environment is wrong.
    Config = 3,
    /// The password is wrong or the reader is not entitled.
    Auth = 4,
    /// What was asked for does not exist.
    NotFound = 5,
    /// The ledger refused.
    Refused = 6,
    /// The balance or a limit does not allow it.
    Balance = 7,
    /// No node answered.
    Unreachable = 8,
    /// No answer in time, the outcome is unknown; the same request can be repeated safely.
    Timeout = 9,
    /// Something that was checked does not hold.
    Verification = 10,
    /// A person, or the absence of one, declined.
    Declined = 11,
    /// Interrupted.
    Interrupted = 130,
}

impl Exit {
    /// Every code with the key of its meaning.
    pub const TABLE: [(Self, &'static str); 13] = [
        (Self::Ok, "label-exit-ok"),
        (Self::Other, "label-exit-other"),
        (Self::Usage, "label-exit-usage"),
        (Self::Config, "label-exit-config"),
        (Self::Auth, "label-exit-auth"),
        (Self::NotFound, "label-exit-not-found"),
        (Self::Refused, "label-exit-refused"),
        (Self::Balance, "label-exit-balance"),
        (Self::Unreachable, "label-exit-unreachable"),
        (Self::Timeout, "label-exit-timeout"),
        (Self::Verification, "label-exit-verification"),
        (Self::Declined, "label-exit-declined"),
        (Self::Interrupted, "label-exit-interrupted"),
    ];

    /// The process's exit code.
    #[must_use]
    pub const fn code(self) -> u8 {
        self as u8
    }
}

/// A command's failure.
#[derive(Clone, Debug)]
pub struct Failure {
    /// With which code the process ends.
    pub exit: Exit,
    key: String,
    variables: Vec<(&'static str, String)>,
    details: Value,
}

impl Failure {
    /// A failure whose text stands under `key`, which begins with `err-`, `code-` or `proof-`.
    #[must_use]
    pub fn new(exit: Exit, key: &str) -> Self {
        Self { exit, key: key.to_owned(), variables: Vec::new(), details: Value::Null }
    }

    /// The same with a variable of its text.
    #[must_use]
    #[expect(clippy::needless_pass_by_value, reason = "numbers and references alike")]
    pub fn with(mut self, name: &'static str, value: impl ToString) -> Self {
        self.variables.push((name, value.to_string()));
        self
    }

    /// The same with details for machines.
    #[must_use]
    pub fn details(mut self, details: Value) -> Self {
        self.details = details;
        self
    }

    /// The stable code: the key without `err-`, or without `proof-`: the check that a proof failed.
    #[must_use]
    pub fn code(&self) -> &str {
        let bare = self.key.strip_prefix("err-").or(self.key.strip_prefix("proof-"));
        bare.unwrap_or(&self.key)
    }

    /// The text for people.
    #[must_use]
    pub fn message(&self, lang: Lang) -> String {
        let variables: Vec<(&'static str, &str)> =
            self.variables.iter().map(|(name, value)| (*name, value.as_str())).collect();
        lang.text(&self.key, &variables)
    }

    /// The entry of the envelope's `errors`.
    #[must_use]
    pub fn to_json(&self, lang: Lang) -> Value {
        serde_json::json!({
            "code": self.code(),
            "message": self.message(lang),
            "details": self.details,
        })
    }
}
