//! What commands print: the result on standard output, everything else on standard error.
//!
//! With `--json` standard output carries exactly one envelope, errors included:
//! `{schema_version, success, data, errors[{code, message, details}], warnings[]}`.

use std::io::{IsTerminal, Write};

use comfy_table::Table;
use serde_json::{Value, json};

use crate::args::Color;
use crate::failure::Failure;
use crate::i18n::Lang;
use crate::settings;

/// The version of the envelope.
pub const SCHEMA_VERSION: u32 = 1;

/// A command's result.
#[derive(Clone, Debug, Default)]
pub struct Reply {
    /// For machines.
    pub data: Value,
    /// For people.
    pub text: String,
    /// The next useful commands.
    pub next: Vec<String>,
    /// What should be known although the command succeeded.
    pub warnings: Vec<String>,
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

/// How much is said on standard error.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Volume {
    /// Nothing but errors.
    Quiet,
    /// What helps.
    Normal,
    /// Everything.
    Verbose,
}

/// Where and how commands print.
#[derive(Clone, Copy, Debug)]
pub struct Output {
    /// The language.
    pub lang: Lang,
    /// Whether machines read.
    pub json: bool,
    /// How much is said on standard error.
    pub volume: Volume,
    /// Whether standard error takes colours.
    pub colours: bool,
}

impl Output {
    /// Decides on colours.
    #[must_use]
    pub fn colours_wanted(color: Color) -> bool {
        match color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => !settings::no_color() && std::io::stderr().is_terminal(),
        }
    }

    /// Says something on standard error, unless told to be quiet.
    pub fn say(&self, text: &str) {
        if self.volume >= Volume::Normal && !text.is_empty() {
            print_error(text);
        }
    }

    /// Says something on standard error where asked to say more.
    pub fn detail(&self, text: &str) {
        if self.volume >= Volume::Verbose {
            print_error(text);
        }
    }

    /// Prints a result.
    pub fn reply(&self, reply: &Reply) {
        for warning in &reply.warnings {
            let label = self.lang.text("label-warning", &[]);
            print_error(&format!("{} {warning}", self.painted(&label, "33")));
        }
        if self.json {
            print_result(&envelope(true, &reply.data, &[], &reply.warnings));
        } else if !reply.text.is_empty() {
            print_result(&reply.text);
        }
        if self.volume >= Volume::Normal && !self.json && !reply.next.is_empty() {
            print_error(&self.painted(&self.lang.text("label-next", &[]), "36"));
            for command in &reply.next {
                print_error(&format!("  {command}"));
            }
        }
    }

    /// Prints a failure.
    pub fn failure(&self, failure: &Failure) {
        if self.json {
            print_result(&envelope(false, &Value::Null, &[failure.to_json(self.lang)], &[]));
        }
        let label = self.lang.text("label-error", &[]);
        print_error(&format!("{} {}", self.painted(&label, "31;1"), failure.message(self.lang)));
    }

    fn painted(&self, text: &str, colour: &str) -> String {
        if self.colours { format!("\u{1b}[{colour}m{text}\u{1b}[0m") } else { text.to_owned() }
    }
}

fn envelope(success: bool, data: &Value, errors: &[Value], warnings: &[String]) -> String {
    json!({
        "schema_version": SCHEMA_VERSION,
        "success": success,
        "data": data,
        "errors": errors,
        "warnings": warnings,
    })
    .to_string()
}

/// A reader that closed the pipe has seen enough: not an error of ours.
fn print_result(text: &str) {
    let _ = writeln!(std::io::stdout(), "{text}");
}

fn print_error(text: &str) {
    let _ = writeln!(std::io::stderr(), "{text}");
}

/// A table of people's columns, narrow enough to be read in a terminal.
#[must_use]
pub fn table(titles: &[String], rows: &[Vec<String>], right_aligned: &[usize]) -> String {
    let mut table = Table::new();
    table.load_style(comfy_table::presets::NOTHING);
    table.set_header(titles.iter().map(String::as_str).collect::<Vec<_>>());
    for row in rows {
        table.add_row(row.iter().map(String::as_str).collect::<Vec<_>>());
    }
    for column in right_aligned {
        if let Some(column) = table.column_mut(*column) {
            column.set_cell_alignment(comfy_table::CellAlignment::Right);
        }
    }
    let lines: Vec<String> =
        table.to_string().lines().map(|line| line.trim_end().to_owned()).collect();
    lines.join("\n")
}

/// Lines of `label: value`.
#[must_use]
pub fn fields(lines: &[(String, String)]) -> String {
    let lines: Vec<String> =
        lines.iter().map(|(label, value)| format!("{label}: {value}")).collect();
    lines.join("\n")
}
