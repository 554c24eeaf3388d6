//! One run of the command: language first, then arguments, settings, the command, its outcome.

use std::ffi::OsString;
use std::path::Path;
use std::process::ExitCode;

use clap::error::ErrorKind;
use clap::parser::ValueSource;
use clap::{ArgMatches, Args as _, FromArgMatches};
use ledger_types::{Hash, codec};

use crate::app::App;
use crate::commands::{self, CommandLine};
use crate::failure::{Exit, Failure};
use crate::global::Global;
use crate::help;
use crate::i18n::Lang;
use crate::output::{Output, Problem, Reply, Volume};
use crate::settings::{self, Settings};

/// Runs the command line and gives the process's exit code.
#[must_use]
pub fn run(arguments: &[OsString]) -> ExitCode {
    let texts: Vec<String> =
        arguments.iter().map(|argument| argument.to_string_lossy().into_owned()).collect();
    let lang = settings::language(&texts);
    let json = texts.iter().any(|text| text == "--json");
    let mut output = Output { lang, json, volume: Volume::Normal, colours: false };
    let mut dangers = Vec::new();
    let outcome = parse(arguments, lang).and_then(|parsed| match parsed {
        Parsed::Text(text) => Ok(Reply::new(serde_json::Value::Null, text)),
        Parsed::Args(args, asked) => {
            output.colours = Output::colours_wanted(args.global.color);
            output.volume = match (args.global.quiet, args.global.verbose) {
                (true, _) => Volume::Quiet,
                (false, true) => Volume::Verbose,
                (false, false) => Volume::Normal,
            };
            execute(*args, asked, output, &mut dangers)
        }
    });
    let exit = match outcome {
        Ok(reply) => output.reply(&reply, &dangers),
        Err(failure) => {
            output.failure(&failure, &dangers);
            failure.exit
        }
    };
    exit.into()
}

enum Parsed {
    /// What was said, and what follows from how it was said.
    Args(Box<CommandLine>, Asked),
    Text(String),
}

fn parse(arguments: &[OsString], lang: Lang) -> Result<Parsed, Failure> {
    let matches = match help::command(lang).try_get_matches_from(arguments) {
        Ok(matches) => matches,
        Err(error) => match error.kind() {
            ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
                let text = help::shown(lang, &error.to_string());
                return Ok(Parsed::Text(text.trim_end().to_owned()));
            }
            _ => return Err(usage(&error)),
        },
    };
    let args = CommandLine::from_arg_matches(&matches).map_err(|error| usage(&error))?;
    let mut innermost = &matches;
    while let Some((_, below)) = innermost.subcommand() {
        innermost = below;
    }
    let is_patient = innermost.value_source("timeout") == Some(ValueSource::CommandLine);
    Ok(Parsed::Args(Box::new(args), Asked { number: asked(&matches), is_patient }))
}

/// What follows from how something was said.
#[derive(Clone, Copy)]
struct Asked {
    /// The number of what the command line asks for.
    number: Hash,
    /// Whether somebody said how long to wait.
    is_patient: bool,
}

/// Tag of the number of what a command line asks for.
const TAG_ASKED: &[u8] = b"kyojo/asked/v1";
/// Arguments that name files which a command makes.
const MADE: [&str; 3] = ["out", "proof", "slip"];

/// The number of what a command line asks for: its words, and what is in the files that it names,
/// but neither the options of every command nor the files that it makes.
fn asked(matches: &ArgMatches) -> Hash {
    let global = Global::augment_args(clap::Command::new("kyojo"));
    let global: Vec<&str> = global.get_arguments().map(|one| one.get_id().as_str()).collect();
    let (mut words, mut level) = (vec![TAG_ASKED.to_vec()], Some(matches));
    while let Some(matches) = level {
        let mut ids: Vec<&str> = matches.ids().map(clap::Id::as_str).collect();
        ids.retain(|id| !global.contains(id));
        ids.sort_unstable();
        for id in ids {
            words.push(id.as_bytes().to_vec());
            for value in matches.try_get_raw(id).ok().flatten().into_iter().flatten() {
                words.push(value.as_encoded_bytes().to_vec());
                let path = Path::new(value);
                if !MADE.contains(&id) && path.is_file() {
                    let content = std::fs::read(path).unwrap_or_default();
                    words.push(Hash::of(&[&content]).as_bytes().to_vec());
                }
            }
        }
        level = matches.subcommand().map(|(name, below)| {
            words.push(name.as_bytes().to_vec());
            below
        });
    }
    Hash::of(&[&codec::encode(&words)])
}

/// What is wrong with the command line, without repeating what may be a secret in the wrong place.
fn usage(error: &clap::Error) -> Failure {
    use clap::error::ContextKind;
    let context = |kind| error.get(kind).map(ToString::to_string);
    let argument = context(ContextKind::InvalidArg)
        .or_else(|| context(ContextKind::InvalidSubcommand))
        .unwrap_or_default();
    let key = match error.kind() {
        ErrorKind::MissingRequiredArgument => "err-usage-missing",
        ErrorKind::UnknownArgument => "err-usage-unknown",
        ErrorKind::InvalidSubcommand => "err-usage-no-such-command",
        ErrorKind::MissingSubcommand | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            "err-usage-no-command"
        }
        ErrorKind::ArgumentConflict => "err-usage-conflict",
        _ => "err-usage-value",
    };
    Failure::new(Exit::Usage, key).with("argument", argument.replace('\n', " "))
}

/// Runs the command; in `dangers` is what stands against whose wallet it is, whatever comes of it.
fn execute(
    args: CommandLine,
    asked: Asked,
    output: Output,
    dangers: &mut Vec<Problem>,
) -> Result<Reply, Failure> {
    let settings = Settings::resolve(&args.global)?;
    let app = App::new(output, settings, args.global, (asked.number, asked.is_patient));
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::new(Exit::Other, "err-runtime").because(error))?;
    let reply = runtime.block_on(async {
        app.recall();
        tokio::select! {
            reply = commands::dispatch(&app, args.command) => reply,
            _ = tokio::signal::ctrl_c() => {
                Err(Failure::new(Exit::Interrupted, "err-interrupted"))
            }
        }
    });
    *dangers = app.told();
    // What waits for a name or a node that never answers is not waited for.
    runtime.shutdown_background();
    reply
}
