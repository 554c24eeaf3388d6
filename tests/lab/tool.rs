//! How a tool of the lab runs: a runtime, then one reply or failure, as every program prints them.

use std::process::ExitCode;

use kyojo_cli::{Exit, Failure, Format, Reply, finish};

use crate::network::MissingPrograms;

/// Does the work and ends the process as its outcome says. What fails without being a [`Failure`]
/// is printed under `code`.
pub fn run(
    format: Format,
    code: &str,
    work: impl Future<Output = anyhow::Result<Reply>>,
) -> ExitCode {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let outcome = runtime.map_err(Into::into).and_then(|runtime| runtime.block_on(work));
    finish(&outcome.map_err(|error| failure(code, error)), format)
}

fn failure(code: &str, error: anyhow::Error) -> Failure {
    if error.is::<MissingPrograms>() {
        return Failure::new(Exit::NotFound, "MissingProgram", error.to_string());
    }
    error.downcast().unwrap_or_else(|error| Failure::new(Exit::Other, code, format!("{error:#}")))
}

/// A report whose checks hold, or the failure of one that does not.
///
/// # Errors
/// [`Exit::Verification`], with the report.
pub fn checked<T: serde::Serialize>(
    report: &T,
    code: &str,
    holds: bool,
    text: String,
) -> anyhow::Result<Reply> {
    let data = serde_json::to_value(report)?;
    if holds {
        return Ok(Reply::new(data, text));
    }
    let failure = Failure::new(Exit::Verification, code, format!("a check failed\n{text}"));
    Err(Failure { data, ..failure }.into())
}
