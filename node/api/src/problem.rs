//! Errors as bodies: RFC 9457 problem details with a stable number and name.

use ledger_types::Inadmissible;

use crate::code::ApiCode;
use crate::form::body;

body! {
    /// What went wrong (RFC 9457). `code` and `name` are stable; `title` and `detail` are for people.
    pub struct Problem {
        /// A URI that names the kind of problem, ending in its code.
        #[serde(rename = "type")]
        #[schema(example = "urn:kyojo:problem:6101")]
        kind: String,
        /// The kind in a few words.
        title: String,
        /// The HTTP status.
        #[schema(example = 401)]
        status: u16,
        /// This occurrence in words.
        detail: String,
        /// The stable number: 1xxx inadmissible transactions, 6xxx requests, 7xxx the node.
        #[schema(example = 6101)]
        code: u16,
        /// The stable name.
        #[schema(example = "SignatureMissing")]
        name: String,
        /// The path of the request.
        instance?: String,
        /// More than one reason, where there is (readiness).
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        reasons: Vec<String>,
        /// In how many seconds the same may be tried again, where that is known.
        retry_after?: u64,
    }
}

impl Problem {
    /// The same, and when to try again.
    #[must_use]
    pub const fn retry_after(mut self, seconds: u64) -> Self {
        self.retry_after = Some(seconds);
        self
    }

    /// A problem of the API's own.
    #[must_use]
    pub fn new(code: ApiCode, detail: impl Into<String>) -> Self {
        Self {
            kind: kind(code.number()),
            title: code.title().to_owned(),
            status: code.status(),
            detail: detail.into(),
            code: code.number(),
            name: code.name().to_owned(),
            instance: None,
            reasons: Vec::new(),
            retry_after: None,
        }
    }

    /// The problem of a transaction that no block may hold.
    #[must_use]
    pub fn inadmissible(error: &Inadmissible) -> Self {
        Self {
            kind: kind(error.code()),
            title: words(error.name()),
            status: inadmissible_status(error),
            detail: error.to_string(),
            code: error.code(),
            name: error.name().to_owned(),
            instance: None,
            reasons: Vec::new(),
            retry_after: None,
        }
    }

    /// This problem with the path that it occurred at.
    #[must_use]
    pub fn at(mut self, path: impl Into<String>) -> Self {
        self.instance = Some(path.into());
        self
    }

    /// This problem with its reasons.
    #[must_use]
    pub fn because(mut self, reasons: Vec<String>) -> Self {
        self.reasons = reasons;
        self
    }

    /// The API's own code, where it is one.
    #[must_use]
    pub fn api_code(&self) -> Option<ApiCode> {
        ApiCode::from_number(self.code)
    }
}

impl core::fmt::Display for Problem {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "{} ({}): {}", self.name, self.code, self.detail)
    }
}

impl std::error::Error for Problem {}

fn kind(code: u16) -> String {
    format!("urn:kyojo:problem:{code}")
}

const fn inadmissible_status(error: &Inadmissible) -> u16 {
    match error {
        Inadmissible::Malformed { .. } => 400,
        Inadmissible::TooLarge { .. } => 413,
        Inadmissible::NonceUsed { .. } | Inadmissible::NonceRepeated => 409,
        Inadmissible::WrongNetwork { .. }
        | Inadmissible::BadSignature
        | Inadmissible::Expired { .. }
        | Inadmissible::ValidUntilTooFar
        | Inadmissible::NonceOutOfWindow { .. }
        | Inadmissible::UnknownSender
        | Inadmissible::KeyNotAuthorised
        | Inadmissible::ThresholdNotMet { .. }
        | Inadmissible::BadOperationCount
        | Inadmissible::BadAuthorisations
        | Inadmissible::CosignatureMissing
        | Inadmissible::PayerSuspended
        | Inadmissible::TooHeavy { .. }
        | Inadmissible::OnePartAlone => 422,
    }
}

/// `UnknownSender` as `Unknown sender`.
fn words(name: &str) -> String {
    let mut text = String::with_capacity(name.len() + 8);
    for letter in name.chars() {
        if letter.is_ascii_uppercase() && !text.is_empty() {
            text.push(' ');
            text.push(letter.to_ascii_lowercase());
        } else {
            text.push(letter);
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_has_the_members_of_the_rfc_and_ours() {
        let problem = Problem::new(ApiCode::NotEntitled, "not yours").at("/v1/accounts/x");
        assert_eq!(
            serde_json::to_value(&problem).unwrap(),
            serde_json::json!({
                "type": "urn:kyojo:problem:6107",
                "title": "The reader has no right to this",
                "status": 403,
                "detail": "not yours",
                "code": 6107,
                "name": "NotEntitled",
                "instance": "/v1/accounts/x",
            })
        );
    }

    #[test]
    fn inadmissible_transactions_keep_their_own_codes() {
        let problem = Problem::inadmissible(&Inadmissible::UnknownSender);
        assert_eq!((problem.code, problem.status), (1009, 422));
        assert_eq!(problem.title, "Unknown sender");
        assert_eq!(problem.api_code(), None);
    }
}
