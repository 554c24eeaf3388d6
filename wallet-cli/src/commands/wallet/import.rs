//! `wallet import`: a wallet from recovery words, a key file or a development actor.

use std::path::Path;

use crate::actors::{Actors, ActorsError, read_seed};
use crate::app::read_secret;
use crate::commands::prelude::*;
use crate::commands::wallet::{alias, create, refuse_existing};
use crate::keystore::Source;
use crate::keystore::mnemonic::RecoveryWords;
use crate::settings::file_failure;

/// `wallet import`.
#[derive(Debug, Args)]
pub(crate) struct ImportWallet {
    /// The wallet's name; by default the actor's.
    pub(crate) name: Option<String>,
    /// File with the recovery words.
    #[arg(long, value_name = "FILE", group = "source")]
    pub(crate) words_file: Option<PathBuf>,
    /// File with an ed25519 seed of 64 hexadecimal digits.
    #[arg(long, value_name = "FILE", group = "source")]
    pub(crate) seed_file: Option<PathBuf>,
    /// The actors.json of a local network.
    #[arg(long, value_name = "FILE", group = "source", requires = "actor")]
    pub(crate) actors: Option<PathBuf>,
    /// Which actor of that file.
    #[arg(long = "name", value_name = "ACTOR", requires = "actors")]
    pub(crate) actor: Option<String>,
    /// Replace a wallet of that name. Its key is lost unless it was backed up.
    #[arg(long)]
    pub(crate) force: bool,
}

pub(crate) fn run(app: &App, args: ImportWallet) -> Result<Reply, Failure> {
    if let (Some(path), Some(actor)) = (&args.actors, &args.actor) {
        return import_actor(app, path, actor, args.name.as_deref(), args.force);
    }
    let name = args
        .name
        .ok_or_else(|| Failure::new(Exit::Usage, "err-usage-missing").with("argument", "<NAME>"))?;
    let alias = alias(&name)?;
    refuse_existing(app, &alias, args.force)?;
    let source = if let Some(path) = &args.seed_file {
        let text = read_secret(path)?;
        let seed = read_seed(&text).ok_or_else(|| {
            Failure::new(Exit::Config, "err-bad-seed").with("path", path.display())
        })?;
        Source::Seed(seed)
    } else {
        let text = match &args.words_file {
            Some(path) => read_secret(path)?,
            None => ask_words(app)?,
        };
        let words = RecoveryWords::parse(&text).map_err(of_words)?;
        Source::Words(words)
    };
    create(app, alias, source, None, args.force)
}

fn import_actor(
    app: &App,
    path: &Path,
    name: &str,
    alias_text: Option<&str>,
    force: bool,
) -> Result<Reply, Failure> {
    let actors = read_actors(path)?;
    let actor = actors.find(name).ok_or_else(|| {
        Failure::new(Exit::NotFound, "err-no-such-actor")
            .with("name", name)
            .with("path", path.display())
    })?;
    let alias = alias(alias_text.unwrap_or(name))?;
    refuse_existing(app, &alias, force)?;
    let seed = actor
        .seed()
        .ok_or_else(|| Failure::new(Exit::Config, "err-bad-seed").with("path", path.display()))?;
    create(app, alias, Source::Seed(seed), Some(actors.attachment(actor)), force)
}

/// Reads an actors file.
pub(crate) fn read_actors(path: &Path) -> Result<Actors, Failure> {
    Actors::read(path).map_err(|error| match error {
        ActorsError::File(error) => file_failure(path, &error),
        ActorsError::Content { line } => Failure::new(Exit::Config, "err-bad-actors")
            .with("place", format!("{}:{line}", path.display())),
    })
}

fn of_words(error: crate::keystore::mnemonic::WordsError) -> Failure {
    use crate::keystore::mnemonic::WordsError;
    match error {
        WordsError::Count => Failure::new(Exit::Usage, "err-word-count"),
        WordsError::Unknown { place } => {
            Failure::new(Exit::Usage, "err-word-unknown").with("place", place)
        }
        WordsError::Checksum => Failure::new(Exit::Usage, "err-word-checksum"),
    }
}

fn ask_words(app: &App) -> Result<zeroize::Zeroizing<String>, Failure> {
    app.need_terminal("err-words-need-terminal", Exit::Declined)?;
    dialoguer::Password::new()
        .with_prompt(app.text("ask-words", &[]))
        .interact()
        .map(zeroize::Zeroizing::new)
        .map_err(|_| Failure::new(Exit::Declined, "err-declined"))
}
