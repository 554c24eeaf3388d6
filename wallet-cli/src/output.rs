//! What commands print: the result on standard output, everything else on standard error.
//!
//! With `--json` standard output carries exactly one envelope, errors included:
//! `{schema_version, success, data, errors[{code, message, details}], warnings[the same]}`.

use std::io::IsTerminal;

use comfy_table::Table;
pub(crate) use kyojo_cli::{Problem, Reply};
use kyojo_cli::{envelope, print_aside, print_result};
use serde_json::Value;

use crate::failure::{Exit, Failure};
use crate::global::Color;
use crate::i18n::Lang;
use crate::settings;

/// How much is said on standard error.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Volume {
    /// Nothing but errors.
    Quiet,
    /// What helps.
    Normal,
    /// Everything.
    Verbose,
}

/// Where and how commands print.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Output {
    /// The language.
    pub(crate) lang: Lang,
    /// Whether machines read.
    pub(crate) json: bool,
    /// How much is said on standard error.
    pub(crate) volume: Volume,
    /// Whether standard error takes colours.
    pub(crate) colours: bool,
}

impl Output {
    /// Decides on colours.
    #[must_use]
    pub(crate) fn colours_wanted(color: Color) -> bool {
        match color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => !settings::no_color() && std::io::stderr().is_terminal(),
        }
    }

    /// Says something on standard error, unless told to be quiet.
    pub(crate) fn say(&self, text: &str) {
        if self.volume >= Volume::Normal && !text.is_empty() {
            print_aside(text);
        }
    }

    /// Says something on standard error where asked to say more.
    pub(crate) fn detail(&self, text: &str) {
        if self.volume >= Volume::Verbose {
            print_aside(text);
        }
    }

    /// Warns on standard error, whatever else is said there.
    pub(crate) fn warn(&self, warning: &Problem) {
        let label = self.lang.text("label-warning", &[]);
        print_aside(&format!("{} {}", self.painted(&label, "33"), warning.message));
    }

    /// Prints a result, and says how the process ends; of `dangers` people were told before.
    #[must_use]
    pub(crate) fn reply(&self, reply: &Reply, dangers: &[Problem]) -> Exit {
        reply.warnings.iter().for_each(|warning| self.warn(warning));
        let printed = if self.json {
            print_result(&envelope(&reply.data, &[], &[dangers, &reply.warnings].concat()))
        } else if reply.text.is_empty() {
            Ok(())
        } else {
            print_result(&reply.text)
        };
        if printed.is_err() {
            self.error(&self.lang.text("err-unwritten", &[]));
            return Exit::Unwritten;
        }
        if self.volume >= Volume::Normal && !self.json && !reply.next.is_empty() {
            print_aside(&self.painted(&self.lang.text("label-next", &[]), "36"));
            for command in &reply.next {
                print_aside(&format!("  {}", with_blanks(self.lang, command)));
            }
        }
        Exit::Ok
    }

    /// Prints a failure; of `dangers` people were told before.
    pub(crate) fn failure(&self, failure: &Failure, dangers: &[Problem]) {
        failure.warnings.iter().for_each(|warning| self.warn(warning));
        if self.json {
            let problems = [failure.problem(self.lang)];
            let warnings = [dangers, &failure.warnings].concat();
            // Where it cannot be written, people read it all the same, and the code says it too.
            let _ = print_result(&envelope(&Value::Null, &problems, &warnings));
        }
        self.error(&failure.message(self.lang));
    }

    fn error(&self, text: &str) {
        let label = self.lang.text("label-error", &[]);
        print_aside(&format!("{} {text}", self.painted(&label, "31;1")));
    }

    fn painted(&self, text: &str, colour: &str) -> String {
        if self.colours { format!("\u{1b}[{colour}m{text}\u{1b}[0m") } else { text.to_owned() }
    }
}

/// A table of people's columns, narrow enough to be read in a terminal.
#[must_use]
pub(crate) fn table(titles: &[String], rows: &[Vec<String>], right_aligned: &[usize]) -> String {
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
pub(crate) fn fields(lines: &[(String, String)]) -> String {
    let lines: Vec<String> =
        lines.iter().map(|(label, value)| format!("{label}: {value}")).collect();
    lines.join("\n")
}

/// An address in short: enough to compare with one that was read out.
pub(crate) fn short(address: &str) -> String {
    let letters: Vec<char> = address.chars().collect();
    if letters.len() <= 20 {
        return address.to_owned();
    }
    let (head, tail) = (&letters[..11], &letters[letters.len() - 6..]);
    format!("{}…{}", head.iter().collect::<String>(), tail.iter().collect::<String>())
}

/// What a command has where something is still to be put in, and its Japanese.
const BLANKS: [(&str, &str); 7] = [
    ("NAME", "名前"),
    ("ADDRESS", "アドレス"),
    ("REQUEST", "番号"),
    ("NUMBER", "番号"),
    ("FILE", "ファイル"),
    ("REFERENCE", "記帳番号"),
    ("CONTROLLER", "相手のウォレット"),
];

/// A name or a path as it is typed into a shell, as one word: every one that goes into a command that
/// is shown passes here.
#[must_use]
pub(crate) fn word(text: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || "-_./:@+,".contains(c);
    let is_blank = BLANKS.iter().any(|(blank, _)| *blank == text);
    if !text.is_empty() && text.chars().all(is_plain) && !is_blank {
        return text.to_owned();
    }
    // Nothing has a meaning within single quotes but the one that ends them.
    format!("'{}'", text.replace('\'', r"'\''"))
}

/// A command as it is shown: what is to be put in, in the reader's language.
fn with_blanks(lang: Lang, command: &str) -> String {
    let shown = |word: &str| {
        let blank = BLANKS.iter().find(|(english, _)| *english == word);
        match (lang, blank) {
            (Lang::Ja, Some((_, japanese))) => (*japanese).to_owned(),
            (Lang::Ja | Lang::En, _) => word.to_owned(),
        }
    };
    words(command).into_iter().map(shown).collect::<Vec<_>>().join(" ")
}

/// The words of a command, each as it is typed: a space within quotes is part of a word.
fn words(command: &str) -> Vec<&str> {
    let (mut is_quoted, mut is_escaped) = (false, false);
    let is_between = |c: char| {
        let is_bare = !is_quoted && !is_escaped;
        is_escaped = !is_quoted && !is_escaped && c == '\\';
        is_quoted ^= c == '\'' && (is_bare || is_quoted);
        c == ' ' && is_bare
    };
    command.split(is_between).collect()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    /// Every command that a source names as what comes next.
    fn named(folder: &Path, into: &mut Vec<String>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                named(&path, into);
                continue;
            }
            let source = std::fs::read_to_string(&path).unwrap();
            for after in source.split("next(").skip(1) {
                let text = after.trim_start_matches("format!(");
                let command = text.strip_prefix('"').and_then(|rest| rest.split('"').next());
                into.extend(command.map(str::to_owned));
            }
        }
    }

    /// The words that a shell makes of a line.
    fn by_a_shell(line: &str) -> Vec<String> {
        let script = format!("for word in {line}; do printf '%s\\0' \"$word\"; done");
        let output = std::process::Command::new("sh").args(["-c", &script]).output().unwrap();
        assert!(output.status.success(), "{line}");
        let text = String::from_utf8(output.stdout).unwrap();
        text.split_terminator('\0').map(str::to_owned).collect()
    }

    #[test]
    fn what_a_command_has_of_names_and_paths_is_one_word_of_a_shell() {
        for text in [
            "みそ屋",
            "みそ 屋",
            "A&B",
            "Joe's (本店)",
            "'",
            "!#%?*~$HOME`id`\"\\",
            "FILE",
            "a NAME b",
            "",
            "~/list.json",
            "/tmp/my lists/directory.json",
        ] {
            let command = format!("kyojo pay {} 850", word(text));
            assert_eq!(by_a_shell(&command), ["kyojo", "pay", text, "850"], "{command}");
            for lang in [Lang::En, Lang::Ja] {
                assert_eq!(with_blanks(lang, &command), command);
            }
        }
        for plain in ["みそ屋", "./directory.json", "ラーメン-2"] {
            assert_eq!(word(plain), plain);
        }
    }

    #[test]
    fn what_is_to_be_put_into_a_next_command_is_in_the_readers_language() {
        let command = "kyojo book add NAME ADDRESS";
        assert_eq!(with_blanks(Lang::En, command), command);
        assert_eq!(with_blanks(Lang::Ja, command), "kyojo book add 名前 アドレス");
        let mut commands = Vec::new();
        named(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut commands);
        assert!(commands.len() > 20, "{commands:?}");
        for command in commands {
            let shown = with_blanks(Lang::Ja, &command);
            assert!(!shown.chars().any(|c| c.is_ascii_uppercase()), "{shown}");
        }
    }
}
