//! `wallet new`: a wallet with new recovery words, which their owner writes down, and the code by
//! which a bank opens an account for it.

use crate::commands::prelude::*;
use crate::commands::wallet::{alias, code, create, refuse_existing, words};
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

/// The password is settled first: nobody writes words down for nothing.
pub(crate) async fn run(app: &App, args: &NewWallet) -> Result<Reply, Failure> {
    let alias = alias(&args.name)?;
    refuse_existing(app, &alias, args.force)?;
    let are_shown = !app.global.yes;
    if are_shown {
        words::need_terminal(app)?;
    }
    let made = generate(app, args.words, args.count)?;
    let password = app.new_password()?;
    if are_shown {
        words::show(&made, &mut words::AtTerminal(app))?;
    }
    let backup = format!("kyojo wallet backup {alias} --out words.txt");
    let (wallet, reply) = create(app, alias, Source::Words(made), None, (&password, args.force))?;
    let reply = code::with(app, reply, &wallet, app.client().await.ok().as_ref());
    Ok(if are_shown { reply } else { reply.next(backup) })
}

/// New words in a language, by default that of the texts.
pub(crate) fn generate(
    app: &App,
    words: Option<Lang>,
    count: usize,
) -> Result<RecoveryWords, Failure> {
    let list = match words.unwrap_or(app.output.lang) {
        Lang::Ja => WordList::Ja,
        Lang::En => WordList::En,
    };
    RecoveryWords::generate(list, count).map_err(|_| Failure::new(Exit::Usage, "err-word-count"))
}
