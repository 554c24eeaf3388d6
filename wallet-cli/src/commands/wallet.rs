//! `wallet`: keys on this machine.

mod rotate;

use std::path::Path;

use rand::seq::index;
use serde_json::{Value, json};

use super::{keys, reading};
use crate::actors::{Actors, ActorsError, read_seed};
use crate::app::{App, kind_key, read_secret};
use crate::args::{AttachWallet, BackupWallet, ImportWallet, NewWallet, WalletCommand, WalletName};
use crate::failure::{Exit, Failure};
use crate::i18n::Lang;
use crate::keystore::file::write_private;
use crate::keystore::mnemonic::{RecoveryWords, WordList};
use crate::keystore::{Alias, Attachment, Existing, Source, Wallet};
use crate::output::{Reply, fields, table};
use crate::refusal;
use crate::settings::{file_failure, set_default_wallet};

/// How many words are asked back.
const ASKED_BACK: usize = 3;

pub(super) async fn run(app: &App, command: WalletCommand) -> Result<Reply, Failure> {
    match command {
        WalletCommand::New(args) => new(app, &args),
        WalletCommand::Import(args) => import(app, args),
        WalletCommand::Ls => list(app),
        WalletCommand::Show(args) => show(app, &args),
        WalletCommand::Use(args) => select(app, &args),
        WalletCommand::Attach(args) => attach(app, &args).await,
        WalletCommand::Backup(args) => backup(app, args),
        WalletCommand::Rotate(args) => rotate::rotate(app, &args).await,
    }
}

fn new(app: &App, args: &NewWallet) -> Result<Reply, Failure> {
    let alias = alias(&args.name)?;
    refuse_existing(app, &alias, args.force)?;
    let words = new_words(app, args.words, args.count, !app.global.yes)?;
    let backup = format!("kyojo wallet backup {alias} --out words.txt");
    let reply = create(app, alias, Source::Words(words), None, args.force)?;
    Ok(if app.global.yes { reply.next(backup) } else { reply })
}

/// New words, which their owner has written down where they are shown, or will back up.
fn new_words(
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

fn import(app: &App, args: ImportWallet) -> Result<Reply, Failure> {
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
pub(super) fn read_actors(path: &Path) -> Result<Actors, Failure> {
    Actors::read(path).map_err(|error| match error {
        ActorsError::File(error) => file_failure(path, &error),
        ActorsError::Content { line } => Failure::new(Exit::Config, "err-bad-actors")
            .with("place", format!("{}:{line}", path.display())),
    })
}

fn create(
    app: &App,
    alias: Alias,
    source: Source,
    attached: Option<Attachment>,
    force: bool,
) -> Result<Reply, Failure> {
    let password = app.new_password()?;
    let wallet = Wallet::seal(alias, source, attached, &password)
        .map_err(|error| refusal::of_keystore(&error))?;
    let existing = if force { Existing::Replace } else { Existing::Keep };
    app.keystore().write(&wallet, existing).map_err(|error| refusal::of_keystore(&error))?;
    let alias = &wallet.header.alias;
    let next = if wallet.header.attached.is_some() {
        format!("kyojo balance --wallet {alias}")
    } else {
        format!("kyojo wallet attach ADDRESS --wallet {alias}")
    };
    Ok(Reply::new(describe(&wallet), describe_text(app, &wallet)).next(next))
}

fn list(app: &App) -> Result<Reply, Failure> {
    let wallets = app.keystore().list().map_err(|error| refusal::of_keystore(&error))?;
    if wallets.is_empty() {
        let text = app.text("note-no-wallets", &[]);
        return Ok(Reply::new(json!({ "wallets": [] }), text).next("kyojo wallet new NAME"));
    }
    let titles = ["label-name", "label-address", "label-secret"].map(|key| app.text(key, &[]));
    let rows: Vec<Vec<String>> = wallets
        .iter()
        .map(|wallet| {
            let header = &wallet.header;
            vec![
                header.alias.to_string(),
                header.attached.as_ref().map_or("-".to_owned(), |a| a.address.clone()),
                app.text(kind_key(header.kind), &[]),
            ]
        })
        .collect();
    let data: Vec<Value> = wallets.iter().map(describe).collect();
    Ok(Reply::new(json!({ "wallets": data }), table(&titles, &rows, &[]))
        .next("kyojo balance --wallet NAME"))
}

fn show(app: &App, args: &WalletName) -> Result<Reply, Failure> {
    let wallet = app.wallet(args.name.as_deref())?;
    let next = format!("kyojo balance --wallet {}", wallet.header.alias);
    Ok(Reply::new(describe(&wallet), describe_text(app, &wallet)).next(next))
}

fn select(app: &App, args: &WalletName) -> Result<Reply, Failure> {
    let wallet = app.wallet(args.name.as_deref())?;
    let alias = wallet.header.alias.to_string();
    set_default_wallet(&app.settings.folders, &alias)?;
    let text = app.text("done-wallet-selected", &[("wallet", &alias)]);
    Ok(Reply::new(json!({ "wallet": alias }), text).next("kyojo balance"))
}

async fn attach(app: &App, args: &AttachWallet) -> Result<Reply, Failure> {
    let wallet = app.wallet(None)?;
    let client = app.client().await?;
    let network = client.network();
    if let Some(address) = &args.address {
        reading::address(address, &network.address_prefix)?;
    }
    let password = app.password(wallet.header.alias.as_str())?;
    let opened = wallet.open(&password).map_err(|error| refusal::of_keystore(&error))?;
    // Only a key that acts for the account may read it, so an answer proves that it does.
    let (opened, known) = keys::acting(&client, args.address.as_deref(), opened).await?;
    let address = known.address.as_str();
    let attachment = Attachment {
        account: reading::address(address, &network.address_prefix)?,
        address: address.to_owned(),
        genesis_hash: network.genesis_hash,
        address_prefix: network.address_prefix.clone(),
        party: known.party,
    };
    let attached = wallet.attach(attachment, &opened, &password);
    let attached = attached.map_err(|error| refusal::of_keystore(&error))?;
    app.keystore()
        .write(&attached, Existing::Replace)
        .map_err(|error| refusal::of_keystore(&error))?;
    let next = format!("kyojo balance --wallet {}", wallet.header.alias);
    Ok(Reply::new(describe(&attached), describe_text(app, &attached)).next(next))
}

fn backup(app: &App, args: BackupWallet) -> Result<Reply, Failure> {
    let wallet = app.wallet(args.name.as_deref())?;
    if args.out.is_none() {
        app.need_terminal("err-backup-needs-terminal", Exit::Declined)?;
    }
    let password = app.password(wallet.header.alias.as_str())?;
    let opened = wallet.open(&password).map_err(|error| refusal::of_keystore(&error))?;
    let Source::Words(words) = opened.source else {
        return Err(Failure::new(Exit::NotFound, "err-no-words"));
    };
    let Some(path) = args.out else {
        eprintln!("\n{}\n", numbered(&words));
        return Ok(Reply::new(json!({ "shown": true }), app.text("note-keep-words-safe", &[])));
    };
    let mut text = words.to_text();
    text.push('\n');
    write_private(&path, text.as_bytes(), Existing::Keep)
        .map_err(|error| file_failure(&path, &error))?;
    let shown = path.display().to_string();
    let text = app.text("done-words-written", &[("path", &shown)]);
    Ok(Reply::new(json!({ "path": path }), text).next("kyojo wallet import NAME --words-file FILE"))
}

fn alias(text: &str) -> Result<Alias, Failure> {
    Alias::new(text).ok_or(Failure::new(Exit::Usage, "err-bad-alias"))
}

fn refuse_existing(app: &App, alias: &Alias, force: bool) -> Result<(), Failure> {
    if !force && app.keystore().path(alias).exists() {
        return Err(Failure::new(Exit::Config, "err-wallet-exists").with("wallet", alias));
    }
    Ok(())
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
fn numbered(words: &RecoveryWords) -> String {
    let words: Vec<String> = words
        .words()
        .iter()
        .enumerate()
        .map(|(index, word)| format!("{:>2} {word}", index + 1))
        .collect();
    let lines: Vec<String> = words.chunks(4).map(|line| line.join("\u{3000}")).collect();
    lines.join("\n")
}

fn describe(wallet: &Wallet) -> Value {
    let header = &wallet.header;
    let attached = header.attached.as_ref();
    json!({
        "name": header.alias,
        "secret": header.kind,
        "public_key": header.public_key,
        "created": header.created,
        "address": attached.map(|a| a.address.as_str()),
        "account": attached.map(|a| a.account),
        "genesis_hash": attached.map(|a| a.genesis_hash),
        "party": attached.and_then(|a| a.party),
    })
}

fn describe_text(app: &App, wallet: &Wallet) -> String {
    let header = &wallet.header;
    let mut lines = vec![
        (app.text("label-name", &[]), header.alias.to_string()),
        (app.text("label-public-key", &[]), header.public_key.to_string()),
        (app.text("label-secret", &[]), app.text(kind_key(header.kind), &[])),
    ];
    if let Some(attached) = &header.attached {
        lines.push((app.text("label-address", &[]), attached.address.clone()));
        let network = attached.genesis_hash.network().to_string();
        lines.push((app.text("label-network", &[]), network));
    }
    fields(&lines)
}
