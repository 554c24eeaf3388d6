//! `wallet import`: a wallet from recovery words, a key file or a development actor.

use std::path::Path;

use crate::actors::{Actors, ActorsError, read_seed};
use crate::app::read_secret;
use crate::commands::prelude::*;
use crate::commands::wallet::{alias, create, find, refuse_existing, words};
use crate::keystore::Source;
use crate::keystore::mnemonic::RecoveryWords;

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
    /// Do not look for what belongs to the words: kyojo wallet find does it later.
    #[arg(long)]
    pub(crate) no_find: bool,
}

/// The password is settled before any word is typed.
pub(crate) async fn run(app: &App, args: ImportWallet) -> Result<Reply, Failure> {
    if let (Some(path), Some(actor)) = (&args.actors, &args.actor) {
        return import_actor(app, path, actor, args.name.as_deref(), args.force);
    }
    let name = args
        .name
        .ok_or_else(|| Failure::new(Exit::Usage, "err-usage-missing").with("argument", "<NAME>"))?;
    let alias = alias(&name)?;
    refuse_existing(app, &alias, args.force)?;
    let of_file = source(args.seed_file.as_deref(), args.words_file.as_deref())?;
    if of_file.is_none() {
        words::need_terminal(app)?;
    }
    let password = app.new_password()?;
    let source = match of_file {
        Some(source) => source,
        None => Source::Words(words::take_in(&mut words::AtTerminal(app))?),
    };
    let (wallet, reply) = create(app, alias, source, None, (&password, args.force))?;
    if args.no_find {
        return Ok(reply);
    }
    // The wallet is there: where nothing can be found now, it can be later.
    let found = match app.client().await {
        Ok(client) => find::find(app, client, wallet).await,
        Err(unreached) => Err(unreached),
    };
    Ok(found.unwrap_or_else(|why| {
        let text = app.text("note-found-nothing-yet", &[("why", &why.message(app.output.lang))]);
        let warning = Problem { message: text, ..why.problem(app.output.lang) };
        let alias = reply.data["name"].as_str().unwrap_or_default();
        let next = vec![format!("kyojo wallet find {alias}")];
        Reply { next, warnings: vec![warning], ..reply }
    }))
}

/// What a wallet is made from, where a file has it.
fn source(seed: Option<&Path>, words: Option<&Path>) -> Result<Option<Source>, Failure> {
    if let Some(path) = seed {
        let text = read_secret(path)?;
        let seed = read_seed(&text).ok_or_else(|| {
            Failure::new(Exit::Config, "err-bad-seed").with("path", path.display())
        })?;
        return Ok(Some(Source::Seed(seed)));
    }
    let Some(path) = words else { return Ok(None) };
    let words = RecoveryWords::parse(&read_secret(path)?).map_err(of_words)?;
    Ok(Some(Source::Words(words)))
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
    let password = app.new_password()?;
    let attached = Some(actors.attachment(actor));
    let (_, reply) = create(app, alias, Source::Seed(seed), attached, (&password, force))?;
    Ok(reply)
}

/// Reads an actors file.
pub(crate) fn read_actors(path: &Path) -> Result<Actors, Failure> {
    Actors::read(path).map_err(|error| match error {
        ActorsError::File(error) => error.into(),
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
