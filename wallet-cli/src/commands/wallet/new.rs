//! `wallet new`: a wallet with new recovery words, which their owner writes down.

use rand::seq::index;

use crate::commands::prelude::*;
use crate::commands::wallet::{alias, create, refuse_existing};
use crate::i18n::Lang;
use crate::keystore::Source;
use crate::keystore::mnemonic::{RecoveryWords, WordList};

/// `wallet new`.
#[derive(Debug, Args)]
pub(crate) struct NewWallet {
    /// The wallet's name.
    pub(crate) name: String,
    /// Language of the recovery words; by default that of the texts.
    #[arg(long, value_name = "LANGUAGE")]
    pub(crate) words: Option<Lang>,
    /// How many recovery words: 12, 15, 18, 21 or 24.
    #[arg(long, value_name = "NUMBER", default_value_t = 24)]
    pub(crate) count: usize,
    /// Replace a wallet of that name. Its key is lost unless it was backed up.
    #[arg(long)]
    pub(crate) force: bool,
}

/// How many words are asked back.
const ASKED_BACK: usize = 3;

pub(crate) fn run(app: &App, args: &NewWallet) -> Result<Reply, Failure> {
    let alias = alias(&args.name)?;
    refuse_existing(app, &alias, args.force)?;
    let words = new_words(app, args.words, args.count, !app.global.yes)?;
    let backup = format!("kyojo wallet backup {alias} --out words.txt");
    let reply = create(app, alias, Source::Words(words), None, args.force)?;
    Ok(if app.global.yes { reply.next(backup) } else { reply })
}

/// New words, which their owner has written down where they are shown, or will back up.
pub(crate) fn new_words(
    app: &App,
    words: Option<Lang>,
    count: usize,
    are_shown: bool,
) -> Result<RecoveryWords, Failure> {
    let list = match words.unwrap_or(app.output.lang) {
        Lang::Ja => WordList::Ja,
        Lang::En => WordList::En,
    };
    let words = RecoveryWords::generate(list, count)
        .map_err(|_| Failure::new(Exit::Usage, "err-word-count"))?;
    if are_shown {
        app.need_terminal("err-words-need-terminal", Exit::Declined)?;
        app.output.say(&app.text("note-write-words-down", &[]));
        eprintln!("\n{}\n", numbered(&words));
        ask_back(app, &words)?;
    }
    Ok(words)
}

/// Asks three of the words back, so that nobody goes on without having written them down.
fn ask_back(app: &App, words: &RecoveryWords) -> Result<(), Failure> {
    let words = words.words();
    let mut places = index::sample(&mut rand::rngs::OsRng, words.len(), ASKED_BACK).into_vec();
    places.sort_unstable();
    for place in places {
        let number = (place + 1).to_string();
        let answer: String = dialoguer::Input::new()
            .with_prompt(app.text("ask-word", &[("place", &number)]))
            .interact_text()
            .map_err(|_| Failure::new(Exit::Declined, "err-declined"))?;
        let answer: String =
            unicode_normalization::UnicodeNormalization::nfc(answer.trim()).collect();
        if answer != words[place] {
            return Err(Failure::new(Exit::Declined, "err-word-differs").with("place", number));
        }
    }
    Ok(())
}

/// Words with their numbers, four a line.
pub(crate) fn numbered(words: &RecoveryWords) -> String {
    let words: Vec<String> = words
        .words()
        .iter()
        .enumerate()
        .map(|(index, word)| format!("{:>2} {word}", index + 1))
        .collect();
    let lines: Vec<String> = words.chunks(4).map(|line| line.join("\u{3000}")).collect();
    lines.join("\n")
}
