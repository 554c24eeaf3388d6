//! The command tree in the reader's language, with examples, exit codes and the environment.
//!
//! English help is the documentation in `args.rs`. Japanese help lies in `locales/ja/help.ftl`
//! under `help-<command path>`, one attribute an argument; what an argument means in most commands
//! stands once under `help-shared`. A test holds the two together.

use clap::builder::Resettable;
use clap::{Arg, ArgAction, Command, CommandFactory};

use crate::args::Args;
use crate::failure::Exit;
use crate::i18n::Lang;
use crate::settings::ENVIRONMENT;

/// After every other option.
const LAST: usize = 999;

/// Examples by command path; they need no translation.
const EXAMPLES: [(&str, &[&str]); 59] = [
    (
        "",
        &[
            "kyojo wallet import --actors devnet/actors.json --name citizen-0001",
            "kyojo balance",
            "kyojo send citizen-0002 1,200",
        ],
    ),
    ("wallet-new", &["kyojo wallet new hanako", "kyojo wallet new hanako --words ja"]),
    (
        "wallet-import",
        &[
            "kyojo wallet import hanako",
            "kyojo wallet import --actors devnet/actors.json --name citizen-0001",
        ],
    ),
    ("wallet-ls", &["kyojo wallet ls --json"]),
    ("wallet-show", &["kyojo wallet show hanako"]),
    ("wallet-use", &["kyojo wallet use hanako"]),
    ("wallet-attach", &["kyojo wallet attach aizu1… --wallet hanako"]),
    ("wallet-backup", &["kyojo wallet backup hanako --out words.txt"]),
    ("balance", &["kyojo balance", "kyojo balance --json"]),
    ("send", &["kyojo send aizu1… 1200", "kyojo send taro 1,200円 --reference 'INV-17' --yes"]),
    ("pay", &["kyojo pay aizu1… 850 --zone 1"]),
    ("redeem", &["kyojo redeem 5000", "kyojo redeem --cancel 3f9a…"]),
    ("history", &["kyojo history --limit 50"]),
    ("receipt", &["kyojo receipt 3f9a…", "kyojo receipt 3f9a… --proof receipt.json"]),
    (
        "consent-grant",
        &[
            "kyojo consent grant --party 1 --notice 1 --notice-file notice.txt --terms terms.json \
             --out consent.kyojo",
            "kyojo consent grant --party 1 --notice 1 --notice-file notice.txt --category お薬手帳 \
             --purpose 地域医療連携 --recipient 3 --operation consult --sensitive",
        ],
    ),
    ("consent-cosign", &["kyojo consent cosign consent.kyojo --wallet clinic"]),
    ("consent-ls", &["kyojo consent ls", "kyojo consent ls --party 1"]),
    ("consent-show", &["kyojo consent show 3f9a", "kyojo consent show 3f9a --proof proof.json"]),
    (
        "consent-publish",
        &["kyojo consent publish --notice 1 --text ja=notice.ja.txt --text en=notice.en.txt"],
    ),
    ("consent-revoke", &["kyojo consent revoke 3f9a"]),
    (
        "consent-amend",
        &["kyojo consent amend 3f9a --take-out 2 --recipients 1=3,emergency --until 2027-03-31"],
    ),
    ("consent-renew", &["kyojo consent renew 3f9a --notice-file notice.txt"]),
    ("consent-suspend", &["kyojo consent suspend 3f9a"]),
    ("consent-history", &["kyojo consent history 3f9a"]),
    ("consent-who-used", &["kyojo consent who-used", "kyojo consent who-used 3f9a"]),
    (
        "consent-reconsent-answer",
        &[
            "kyojo consent reconsent answer 51bc… --accept 3f9a --refuse 77d0 --notice-file notice.txt",
        ],
    ),
    (
        "consent-export",
        &[
            "kyojo consent export 3f9a --format fhir",
            "kyojo consent export 3f9a --proof --out c.json",
        ],
    ),
    ("consent-disclose", &["kyojo consent disclose 3f9a --process 1 --out process.json"]),
    ("consent-address", &["kyojo consent address --party 1"]),
    ("consent-words", &["kyojo consent words 薬"]),
    ("consent-request-erase", &["kyojo consent request erase --party 1 --file request.txt"]),
    (
        "counter-grant",
        &["kyojo counter grant --party 1 --notice 1 --notice-file notice.txt --terms terms.json \
           --form form.pdf --slip slip.html"],
    ),
    ("counter-withdraw", &["kyojo counter withdraw 3f9a… --evidence identity.pdf"]),
    (
        "counter-stop-opt-out",
        &["kyojo counter stop-opt-out --party 1 --scheme 1 --person 3f9a… --evidence kinship.pdf"],
    ),
    (
        "counter-delegate",
        &["kyojo counter delegate --subject-key ed25519:… --guardian aizu1… --power grant \
           --power withdraw --until 2034-04-01 --evidence register.pdf"],
    ),
    (
        "counter-recover-propose",
        &["kyojo counter recover propose --subject aizu1… --key ed25519:… --evidence identity.pdf"],
    ),
    (
        "party-update",
        &["kyojo party update --party 2 --role controller --role counter --wallet registrar"],
    ),
    ("party-duties", &["kyojo party duties --wallet clinic"]),
    ("party-access-consent", &["kyojo party access consent process.json --wallet pharmacy"]),
    (
        "party-acknowledge",
        &["kyojo party acknowledge 3f9a… --stopped 2026-11-22 --deleted --told 3"],
    ),
    ("party-record-use", &["kyojo party record use 51bc… --disclosure 77d0…"]),
    (
        "party-break-glass",
        &["kyojo party break-glass --person person.json --scope scope.txt --ground ground.txt"],
    ),
    (
        "party-dividend",
        &["kyojo party dividend rows.csv --party 1 --terms 1 --month 2026-11 --wallet city"],
    ),
    (
        "party-emergency-declare",
        &["kyojo party emergency declare --area 7 --until 2026-11-30 --ground warning.txt"],
    ),
    (
        "audit-view-grant",
        &[
            "kyojo audit view grant --auditor 6 --controller 2 --until 2027-03-31 --ground ground.txt",
        ],
    ),
    ("audit-consent", &["kyojo audit consent 3f9a… --subject aizu1… --view 51bc…"]),
    ("audit-prove", &["kyojo audit prove --transaction 3f9a… --out proof.json"]),
    ("audit-report", &["kyojo audit report --party 2 --from 2026-11-01 --to 2026-11-30"]),
    (
        "bank-account-open",
        &["kyojo bank account open --wallet bank --key ed25519:… --holder-file holder.json"],
    ),
    ("bank-issue", &["kyojo bank issue aizu1… 10000 --core-ref 2026-11-22/17 --wallet bank"]),
    ("bank-redeem-ls", &["kyojo bank redeem ls --wallet bank"]),
    ("bank-redeem-settle", &["kyojo bank redeem settle 3f9a… --wallet bank"]),
    ("merchant-register", &["kyojo merchant register aizu1… --zone 1 --class local"]),
    ("merchant-payments", &["kyojo merchant payments --last 0f3a"]),
    ("zone-charge", &["kyojo zone charge 3000 --zone 1"]),
    ("audit-supply", &["kyojo audit supply --json"]),
    ("audit-log", &["kyojo audit log log/"]),
    ("verify", &["kyojo verify receipt.json --genesis genesis.json"]),
    (
        "replay",
        &["kyojo replay data/bank-pkdd99 --actors devnet/actors.json --scale 100 --rate 500"],
    ),
];

/// The command tree for help and parsing.
#[must_use]
pub fn command(lang: Lang) -> Command {
    localised(Args::command(), lang, "").after_help(after_help(lang))
}

/// The command tree as completions know it: in English.
#[must_use]
pub fn plain_command() -> Command {
    Args::command()
}

fn after_help(lang: Lang) -> String {
    let mut text = examples("", lang);
    text.push_str(&lang.text("label-exit-codes", &[]));
    text.push('\n');
    for (exit, meaning) in Exit::TABLE {
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
pub fn help_key(path: &str) -> String {
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
pub fn shown(lang: Lang, text: &str) -> String {
    match lang {
        Lang::En => text.to_owned(),
        Lang::Ja => text.replace("[OPTIONS]", &format!("[{}]", heading("label-options"))),
    }
}

/// The key of an argument's help: an attribute of its command's.
#[must_use]
pub fn argument_key(command_key: &str, id: &str) -> String {
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
        keys(&Args::command(), "", &mut expected);
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
            for line in lines {
                let words = line
                    .replace('\'', "")
                    .replace("ed25519:…", &format!("ed25519:{}", "0".repeat(64)));
                let parsed = command(Lang::En).try_get_matches_from(words.split_whitespace());
                assert!(parsed.is_ok(), "{line}: {}", parsed.unwrap_err());
            }
        }
    }
}
