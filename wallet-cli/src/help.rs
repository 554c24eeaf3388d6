//! The command tree in the reader's language, with examples, exit codes and the environment.
//!
//! English help is the documentation of the arguments in `commands`. Japanese help lies in `locales/ja/help.ftl`
//! under `help-<command path>`, one attribute an argument; what an argument means in most commands
//! stands once under `help-shared`. A test holds the two together.

mod examples;

use clap::builder::Resettable;
use clap::{Arg, ArgAction, Command, CommandFactory};

use self::examples::EXAMPLES;
use crate::commands::CommandLine;
use crate::failure::EXITS;
use crate::i18n::Lang;
use crate::settings::{self, ENVIRONMENT};

/// After every other option.
const LAST: usize = 999;

/// The command tree for help and parsing.
#[must_use]
pub(crate) fn command(lang: Lang) -> Command {
    localised(CommandLine::command(), lang, "").after_help(after_help(lang))
}

fn after_help(lang: Lang) -> String {
    let mut text = examples("", lang);
    text.push_str(&lang.text("label-exit-codes", &[]));
    text.push('\n');
    for (exit, meaning) in EXITS {
        text.push_str(&format!("  {:>3}  {}\n", exit.code(), lang.text(meaning, &[])));
    }
    text.push('\n');
    text.push_str(&lang.text("label-environment", &[]));
    text.push('\n');
    for (name, meaning) in ENVIRONMENT {
        text.push_str(&format!("  {name:<20} {}\n", lang.text(meaning, &[])));
    }
    text.trim_end().to_owned()
}

fn examples(path: &str, lang: Lang) -> String {
    let Some((_, lines)) = EXAMPLES.iter().find(|(of, _)| *of == path) else {
        return String::new();
    };
    let mut text = lang.text("label-examples", &[]);
    text.push('\n');
    for line in *lines {
        text.push_str(&format!("  {line}\n"));
    }
    text.push('\n');
    if path == "init" {
        text.push_str(&lang.text("label-config-file", &[]));
        for line in settings::template(lang, None).lines() {
            text.push_str(&format!("\n  {line}"));
        }
        text.push('\n');
    }
    text
}

fn localised(mut command: Command, lang: Lang, path: &str) -> Command {
    let names: Vec<String> =
        command.get_subcommands().map(|sub| sub.get_name().to_owned()).collect();
    for name in names {
        let below = if path.is_empty() { name.clone() } else { format!("{path}-{name}") };
        command = command.mut_subcommand(&name, |sub| localised(sub, lang, &below));
    }
    if !path.is_empty() {
        let examples = examples(path, lang);
        if !examples.is_empty() {
            command = command.after_help(examples.trim_end().to_owned());
        }
    }
    match lang {
        Lang::En => command,
        Lang::Ja => japanese(command, path),
    }
}

/// The key of a command's help.
#[must_use]
pub(crate) fn help_key(path: &str) -> String {
    if path.is_empty() { "help-kyojo".to_owned() } else { format!("help-{path}") }
}

fn japanese(command: Command, path: &str) -> Command {
    let lang = Lang::Ja;
    let key = help_key(path);
    let root = path.is_empty();
    // Under a heading of their own, positional arguments would be sorted by name.
    let mut order = 0..;
    let about = lang.text(&key, &[]);
    let mut command = command
        .about(about)
        .long_about(Resettable::Reset)
        .subcommand_help_heading(heading("label-commands"))
        .subcommand_value_name(heading("label-command"))
        .help_template(format!(
            "{{about-with-newline}}\n{} {{usage}}\n\n{{all-args}}{{after-help}}",
            lang.text("label-usage", &[])
        ))
        .disable_help_flag(true)
        .disable_version_flag(true)
        .mut_args(|argument| {
            japanese_argument(argument, &key).display_order(order.next().unwrap_or(0))
        })
        .arg(japanese_flag("help", 'h', ArgAction::Help));
    if root {
        command = command.arg(japanese_flag("version", 'V', ArgAction::Version));
    }
    command
}

/// The key under which help of arguments stands that mean the same in most commands.
const SHARED: &str = "help-shared";

fn japanese_argument(argument: Arg, key: &str) -> Arg {
    let lang = Lang::Ja;
    let (key, group) = if argument.is_global_set() {
        ("help-global".to_owned(), "label-global-options")
    } else if argument.is_positional() {
        (key.to_owned(), "label-arguments")
    } else {
        (key.to_owned(), "label-options")
    };
    let id = argument.get_id().as_str();
    let own = lang.find(&argument_key(&key, id));
    let mut text = own.unwrap_or_else(|| lang.text(&argument_key(SHARED, id), &[]));
    if argument.get_action().takes_values() {
        let defaults: Vec<_> =
            argument.get_default_values().iter().map(|value| value.to_string_lossy()).collect();
        if !defaults.is_empty() {
            let value = defaults.join(" ");
            text.push_str(&lang.text("help-global.default", &[("value", &value)]));
        }
    }
    argument
        .help(text)
        .long_help(Resettable::Reset)
        .hide_default_value(true)
        .hide_possible_values(true)
        .help_heading(heading(group))
}

/// A heading; clap keeps headings as static text, and one process makes each a few times at most.
fn heading(key: &str) -> &'static str {
    Box::leak(Lang::Ja.text(key, &[]).into_boxed_str())
}

/// A text of the command tree as it is shown: what the parser itself puts in, in the language too.
#[must_use]
pub(crate) fn shown(lang: Lang, text: &str) -> String {
    match lang {
        Lang::En => text.to_owned(),
        Lang::Ja => text.replace("[OPTIONS]", &format!("[{}]", heading("label-options"))),
    }
}

/// The key of an argument's help: an attribute of its command's.
#[must_use]
pub(crate) fn argument_key(command_key: &str, id: &str) -> String {
    format!("{command_key}.{}", id.replace('_', "-"))
}

fn japanese_flag(name: &'static str, short: char, action: ArgAction) -> Arg {
    let lang = Lang::Ja;
    Arg::new(name)
        .short(short)
        .long(name)
        .action(action)
        .display_order(LAST)
        .help(lang.text(&format!("help-global.{name}"), &[]))
        .help_heading(heading("label-options"))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn keys(command: &Command, path: &str, found: &mut BTreeSet<String>) {
        let key = help_key(path);
        found.insert(key.clone());
        for argument in command.get_arguments() {
            let of = if argument.is_global_set() { "help-global" } else { &key };
            found.insert(argument_key(of, argument.get_id().as_str()));
        }
        for sub in command.get_subcommands() {
            let name = sub.get_name();
            let below = if path.is_empty() { name.to_owned() } else { format!("{path}-{name}") };
            keys(sub, &below, found);
        }
    }

    /// Every key of the Japanese file, attributes as `key.attribute`.
    fn written() -> BTreeSet<String> {
        let mut written = BTreeSet::new();
        let mut last = String::new();
        for line in include_str!("../locales/ja/help.ftl").lines() {
            if let Some((key, _)) = line.split_once(" =").filter(|_| line.starts_with("help-")) {
                last = key.to_owned();
                if key != "help-global" && key != SHARED {
                    written.insert(last.clone());
                }
            } else if let Some(attribute) = line.strip_prefix("    .") {
                let (name, _) = attribute.split_once(" =").unwrap();
                assert!(written.insert(format!("{last}.{name}")), "{last}.{name} is there twice");
            }
        }
        written
    }

    #[test]
    fn japanese_help_names_every_command_and_argument_and_nothing_else() {
        let mut expected = BTreeSet::new();
        keys(&CommandLine::command(), "", &mut expected);
        expected.extend(["help", "version", "default"].map(|name| format!("help-global.{name}")));
        let written = written();
        let mut shared = BTreeSet::new();
        let mut missing = Vec::new();
        for key in expected.difference(&written) {
            let name = key.split_once('.').map(|(_, name)| format!("{SHARED}.{name}"));
            match name.filter(|name| written.contains(name)) {
                Some(name) => drop(shared.insert(name)),
                None => missing.push(key),
            }
        }
        assert_eq!(missing, [""; 0], "missing");
        expected.extend(shared);
        assert_eq!(written.difference(&expected).collect::<Vec<_>>(), [""; 0], "unused");
    }

    #[test]
    fn japanese_help_holds_none_of_the_parsers_english_words() {
        fn check(command: &mut Command) {
            let help = shown(Lang::Ja, &command.render_long_help().to_string());
            for word in ["OPTIONS", "COMMAND", "default", "Possible", "Options", "Usage"] {
                assert!(!help.contains(word), "{word}: {help}");
            }
            command.get_subcommands_mut().for_each(check);
        }
        let mut tree = command(Lang::Ja);
        tree.build();
        check(&mut tree);
    }

    #[test]
    fn the_command_tree_is_sound_in_both_languages() {
        for lang in [Lang::En, Lang::Ja] {
            command(lang).debug_assert();
        }
    }

    #[test]
    fn every_example_parses() {
        for (path, lines) in EXAMPLES {
            assert!(!lines.is_empty(), "{path}");
            for line in *lines {
                let key = format!("ed25519:{}", "0".repeat(64));
                let line = line.replace("ed25519:…", &key);
                // What stands in quotes is one word.
                let words = line.split('\'').enumerate().flat_map(|(place, part)| {
                    let is_quoted = place % 2 == 1;
                    let quoted = is_quoted.then_some(part);
                    quoted.into_iter().chain(part.split_whitespace().filter(move |_| !is_quoted))
                });
                let parsed = command(Lang::En).try_get_matches_from(words);
                assert!(parsed.is_ok(), "{line}: {}", parsed.unwrap_err());
            }
        }
    }
}
