//! What commands print: the result on standard output, everything else on standard error.
//!
//! With `--json` standard output carries one envelope, errors included:
//! `{schema_version, success, data, errors[{code, message, details}], warnings[]}`.

use std::io::Write as _;
use std::process::ExitCode;

use serde_json::{Value, json};

/// How a command fails. Exit codes: 1 other, 2 usage, 3 configuration or a file, 5 not found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// The exit code.
    pub exit: u8,
    /// The stable code.
    pub code: &'static str,
    /// For people.
    pub message: String,
}

impl Failure {
    /// Something that has no exit code of its own.
    #[expect(clippy::needless_pass_by_value, reason = "it stands in `map_err`")]
    pub fn other(error: impl ToString) -> Self {
        Self { exit: 1, code: "other", message: error.to_string() }
    }

    /// A configuration or a file is wrong.
    #[expect(clippy::needless_pass_by_value, reason = "it stands in `map_err`")]
    pub fn config(error: impl ToString) -> Self {
        Self { exit: 3, code: "config", message: error.to_string() }
    }
}

/// A command's result.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reply {
    /// For machines.
    pub data: Value,
    /// For people.
    pub text: String,
    /// What should be known although the command succeeded.
    pub warnings: Vec<String>,
}

/// Prints what a command came to, and gives the process's exit code.
#[must_use]
pub fn print(result: &Result<Reply, Failure>, json: bool) -> ExitCode {
    match result {
        Ok(reply) => {
            for warning in &reply.warnings {
                say(&format!("warning: {warning}"));
            }
            if json {
                result_line(&envelope(&reply.data, &[], &reply.warnings));
            } else if !reply.text.is_empty() {
                result_line(&reply.text);
            }
            ExitCode::SUCCESS
        }
        Err(failure) => {
            if json {
                let Failure { code, message, .. } = failure;
                let error = json!({ "code": code, "message": message, "details": Value::Null });
                result_line(&envelope(&Value::Null, &[error], &[]));
            }
            say(&format!("error: {}", failure.message));
            ExitCode::from(failure.exit)
        }
    }
}

/// The envelope of a result or of errors.
#[must_use]
pub fn envelope(data: &Value, errors: &[Value], warnings: &[String]) -> String {
    json!({
        "schema_version": 1,
        "success": errors.is_empty(),
        "data": data,
        "errors": errors,
        "warnings": warnings,
    })
    .to_string()
}

/// A reader that closed the pipe has seen enough: not an error of ours.
fn result_line(text: &str) {
    let mut out = std::io::stdout();
    let _ = writeln!(out, "{text}").and_then(|()| out.flush());
}

fn say(text: &str) {
    let _ = writeln!(std::io::stderr(), "{text}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_envelope_is_the_houses() {
        assert_eq!(
            envelope(&json!({"a": 1}), &[], &["w".to_owned()]),
            r#"{"data":{"a":1},"errors":[],"schema_version":1,"success":true,"warnings":["w"]}"#
        );
        let failed = envelope(&Value::Null, &[json!({"code": "config"})], &[]);
        assert!(failed.contains(r#""success":false"#) && failed.contains(r#""data":null"#));
    }
}
