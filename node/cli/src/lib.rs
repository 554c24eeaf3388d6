//! What every program's command line shares: exit codes, the envelope, how a command ends, and how
//! files that people give are read.
//!
//! The result goes to standard output, everything else to standard error. With `--json` standard
//! output carries exactly one envelope, errors included:
//! `{schema_version, success, data, errors[{code, message, details}], warnings[the same]}`.
//! A reader that closes the pipe has seen enough; standard output that takes no more, a full disk
//! say, is an error with a code of its own ([`Exit::Unwritten`]).

mod exit;
pub mod given;

use std::ffi::OsString;
use std::io::{self, ErrorKind, IsTerminal, Write};
use std::process::ExitCode;

use serde_json::{Value, json};

pub use exit::Exit;
pub use given::{Given, GivenError};

/// The version of the envelope.
pub const SCHEMA_VERSION: u32 = 1;

/// How the result is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// For people.
    Text,
    /// One envelope.
    Json,
}

impl Format {
    /// What the option `--json` asks for.
    #[must_use]
    pub const fn of(json: bool) -> Self {
        if json { Self::Json } else { Self::Text }
    }

    /// Looks for `--json` before the line is parsed, so that usage errors keep to it too.
    #[must_use]
    pub fn asked_for(arguments: &[OsString]) -> Self {
        Self::of(arguments.iter().any(|argument| argument == "--json"))
    }
}

/// What a command achieved.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reply {
    /// For machines.
    pub data: Value,
    /// For people; may be empty.
    pub text: String,
    /// The next useful commands.
    pub next: Vec<String>,
    /// What should be known although the command succeeded.
    pub warnings: Vec<Problem>,
}

impl Reply {
    /// A result for machines and people.
    #[must_use]
    pub fn new(data: Value, text: impl Into<String>) -> Self {
        Self { data, text: text.into(), ..Self::default() }
    }

    /// The same with a next useful command.
    #[must_use]
    pub fn next(mut self, command: impl Into<String>) -> Self {
        self.next.push(command.into());
        self
    }
}

/// One thing that is wrong, or that should be known.
#[derive(Clone, Debug, PartialEq)]
pub struct Problem {
    /// Its stable name.
    pub code: String,
    /// For people.
    pub message: String,
    /// The same for machines; null or an object without anything where there is no more to say.
    pub details: Value,
}

impl Problem {
    /// A problem without details.
    pub fn new(code: &str, message: impl Into<String>) -> Self {
        Self { code: code.to_owned(), message: message.into(), details: json!({}) }
    }

    fn to_json(&self) -> Value {
        json!({ "code": self.code, "message": self.message, "details": self.details })
    }
}

/// Why a command failed.
#[derive(Clone, Debug, PartialEq)]
pub struct Failure {
    /// With which code the process ends.
    pub exit: Exit,
    /// At least one.
    pub problems: Vec<Problem>,
    /// What was found all the same; null where that is nothing.
    pub data: Value,
}

impl Failure {
    /// A failure of one problem.
    pub fn new(exit: Exit, code: &str, message: impl Into<String>) -> Self {
        Self { exit, problems: vec![Problem::new(code, message)], data: Value::Null }
    }

    /// Something that has no exit code of its own.
    #[expect(clippy::needless_pass_by_value, reason = "it stands in `map_err`")]
    pub fn other(error: impl ToString) -> Self {
        Self::new(Exit::Other, "other", error.to_string())
    }

    /// A configuration or a file is wrong.
    #[expect(clippy::needless_pass_by_value, reason = "it stands in `map_err`")]
    pub fn config(error: impl ToString) -> Self {
        Self::new(Exit::Config, "config", error.to_string())
    }
}

impl core::fmt::Display for Failure {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let messages: Vec<&str> = self.problems.iter().map(|one| one.message.as_str()).collect();
        f.write_str(&messages.join("; "))
    }
}

impl std::error::Error for Failure {}

/// The envelope of a result, or of what is wrong where there are problems.
#[must_use]
pub fn envelope(data: &Value, problems: &[Problem], warnings: &[Problem]) -> String {
    json!({
        "schema_version": SCHEMA_VERSION,
        "success": problems.is_empty(),
        "data": data,
        "errors": problems.iter().map(Problem::to_json).collect::<Vec<_>>(),
        "warnings": warnings.iter().map(Problem::to_json).collect::<Vec<_>>(),
    })
    .to_string()
}

/// Reads a command line.
///
/// # Errors
/// The process's exit code, once help, the version or what is wrong with the line is printed.
pub fn parse<A: clap::Parser>(arguments: &[OsString]) -> Result<A, ExitCode> {
    A::try_parse_from(arguments).map_err(|error| finish_usage(&error, Format::asked_for(arguments)))
}

fn finish_usage(error: &clap::Error, format: Format) -> ExitCode {
    let shown = |is_styled: bool| {
        let text = error.render();
        let text = if is_styled { text.ansi().to_string() } else { text.to_string() };
        text.trim_end().to_owned()
    };
    let is_plain = std::env::var_os("NO_COLOR").is_some_and(|set| !set.is_empty());
    if !error.use_stderr() {
        let text = shown(io::stdout().is_terminal() && !is_plain);
        return finish(&Ok(Reply::new(Value::Null, text)), Format::Text);
    }
    if format == Format::Json {
        return finish(&Err(Failure::new(Exit::Usage, "usage", shown(false))), format);
    }
    print_aside(&shown(io::stderr().is_terminal() && !is_plain));
    Exit::Usage.into()
}

/// Prints how a command ended and gives the process's exit code.
#[must_use]
pub fn finish(outcome: &Result<Reply, Failure>, format: Format) -> ExitCode {
    finish_to(&mut io::stdout(), outcome, format).into()
}

fn finish_to(out: &mut dyn Write, outcome: &Result<Reply, Failure>, format: Format) -> Exit {
    match outcome {
        Ok(reply) => {
            for warning in &reply.warnings {
                print_aside(&format!("warning: {}", warning.message));
            }
            let printed = match format {
                Format::Json => print_to(out, &envelope(&reply.data, &[], &reply.warnings)),
                Format::Text if reply.text.is_empty() => Ok(()),
                Format::Text => print_to(out, &reply.text),
            };
            if let Err(error) = printed {
                print_aside(&format!("error: done, but the result could not be written: {error}"));
                return Exit::Unwritten;
            }
            for command in reply.next.iter().filter(|_| format == Format::Text) {
                print_aside(&format!("next: {command}"));
            }
            Exit::Ok
        }
        Err(failure) => {
            if format == Format::Json
                && let Err(error) = print_to(out, &envelope(&failure.data, &failure.problems, &[]))
            {
                // Why the command failed matters more.
                print_aside(&format!("the result could not be written: {error}"));
            }
            for problem in &failure.problems {
                print_aside(&format!("error: {}", problem.message));
            }
            failure.exit
        }
    }
}

/// Writes a line of standard output. A reader that closed the pipe has seen enough: no error.
///
/// # Errors
/// Where it cannot be written: a full disk, most often.
pub fn print_result(text: &str) -> io::Result<()> {
    print_to(&mut io::stdout(), text)
}

fn print_to(out: &mut dyn Write, text: &str) -> io::Result<()> {
    match writeln!(out, "{text}").and_then(|()| out.flush()) {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        printed => printed,
    }
}

/// Writes a line of standard error, where nobody need listen.
pub fn print_aside(text: &str) {
    let _ = writeln!(io::stderr(), "{text}");
}

/// Writes a line of standard error that somebody must see, such as words to be written down.
///
/// # Errors
/// Where nobody can have seen it: a closed pipe too.
pub fn print_needed(text: &str) -> io::Result<()> {
    writeln!(io::stderr(), "{text}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_envelope_is_the_published_one() {
        assert_eq!(
            envelope(&json!({"a": 1}), &[], &[Problem::new("w", "W.")]),
            concat!(
                r#"{"data":{"a":1},"errors":[],"schema_version":1,"success":true,"#,
                r#""warnings":[{"code":"w","details":{},"message":"W."}]}"#
            )
        );
        assert_eq!(
            envelope(&Value::Null, &[Problem::new("config", "no such file")], &[]),
            concat!(
                r#"{"data":null,"errors":[{"code":"config","details":{},"message":"no such file"}],"#,
                r#""schema_version":1,"success":false,"warnings":[]}"#
            )
        );
    }

    #[test]
    fn json_is_asked_for_by_its_option_alone() {
        let asked = |words: &[&str]| {
            Format::asked_for(&words.iter().map(OsString::from).collect::<Vec<_>>())
        };
        assert_eq!(asked(&["x", "--json", "--nonsense"]), Format::Json);
        assert_eq!(asked(&["x", "json"]), Format::Text);
    }

    /// A writer that fails in one way.
    struct Broken(ErrorKind);

    impl Write for Broken {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(self.0.into())
        }

        fn flush(&mut self) -> io::Result<()> {
            Err(self.0.into())
        }
    }

    #[test]
    fn a_closed_pipe_ends_quietly_and_a_full_output_is_an_error() {
        let done = Ok(Reply::new(json!(1), "one"));
        let refused = Err(Failure::new(Exit::Refused, "no", "no"));
        for format in [Format::Text, Format::Json] {
            let ended = |kind, outcome| finish_to(&mut Broken(kind), outcome, format);
            assert_eq!(ended(ErrorKind::BrokenPipe, &done), Exit::Ok);
            assert_eq!(ended(ErrorKind::StorageFull, &done), Exit::Unwritten);
            assert_eq!(ended(ErrorKind::StorageFull, &refused), Exit::Refused);
        }
    }
}
