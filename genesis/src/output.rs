//! What the user sees: the result on standard output, prose on standard error, one exit code.

use std::ffi::OsString;
use std::process::ExitCode;

use serde_json::{Value, json};

/// How the result is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    /// For people.
    Text,
    /// One envelope.
    Json,
}

impl Format {
    /// Looks for `--json` before the line is parsed, so that usage errors keep to it too.
    pub(crate) fn asked_for(arguments: &[OsString]) -> Self {
        if arguments.iter().any(|argument| argument == "--json") { Self::Json } else { Self::Text }
    }
}

/// What a command achieved.
#[derive(Debug, Default)]
pub(crate) struct Success {
    /// The result for machines.
    pub(crate) data: Value,
    /// The result for people, on standard output; may be empty.
    pub(crate) text: String,
    /// What to know about it.
    pub(crate) warnings: Vec<String>,
    /// The next useful command.
    pub(crate) next: Option<String>,
}

/// One line of a failure.
#[derive(Debug)]
pub(crate) struct Problem {
    /// Its stable name.
    pub(crate) code: &'static str,
    /// What is wrong, for people.
    pub(crate) message: String,
    /// The same for machines.
    pub(crate) details: Value,
}

/// Why a command failed.
#[derive(Debug)]
pub(crate) struct Failure {
    /// The exit code: see `--help`.
    pub(crate) exit: u8,
    /// At least one.
    pub(crate) problems: Vec<Problem>,
}

impl Failure {
    /// A failure with a single line.
    pub(crate) fn new(exit: u8, code: &'static str, message: String) -> Self {
        Self { exit, problems: vec![Problem { code, message, details: json!({}) }] }
    }
}

/// Writes the outcome and chooses the exit code.
pub(crate) fn finish(format: Format, outcome: Result<Success, Failure>) -> ExitCode {
    match outcome {
        Ok(success) => {
            succeed(format, &success);
            ExitCode::SUCCESS
        }
        Err(failure) => {
            fail(format, &failure.problems);
            ExitCode::from(failure.exit)
        }
    }
}

/// Help, the version, or what is wrong with the command line.
pub(crate) fn refuse_usage(format: Format, error: &clap::Error) -> ExitCode {
    if format == Format::Json && error.use_stderr() {
        let message = error.to_string();
        fail(format, &[Problem { code: "usage", message, details: json!({}) }]);
    } else if error.print().is_err() {
        return ExitCode::FAILURE;
    }
    if error.use_stderr() { ExitCode::from(2) } else { ExitCode::SUCCESS }
}

fn succeed(format: Format, success: &Success) {
    match format {
        Format::Json => envelope(true, &success.data, &[], &success.warnings),
        Format::Text => {
            for warning in &success.warnings {
                eprintln!("{warning}");
            }
            if !success.text.is_empty() {
                println!("{}", success.text);
            }
            if let Some(next) = &success.next {
                eprintln!("next: {next}");
            }
        }
    }
}

fn fail(format: Format, problems: &[Problem]) {
    match format {
        Format::Json => envelope(false, &Value::Null, problems, &[]),
        Format::Text => {
            for problem in problems {
                eprintln!("error: {}", problem.message);
            }
        }
    }
}

fn envelope(success: bool, data: &Value, problems: &[Problem], warnings: &[String]) {
    let errors: Vec<Value> = problems
        .iter()
        .map(|p| json!({ "code": p.code, "message": p.message, "details": p.details }))
        .collect();
    let envelope = json!({
        "schema_version": 1,
        "success": success,
        "data": data,
        "errors": errors,
        "warnings": warnings,
    });
    println!("{envelope}");
}
