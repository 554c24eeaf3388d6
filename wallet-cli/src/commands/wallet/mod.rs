//! `wallet`: keys on this machine.

mod attach;
mod backup;
mod close;
mod code;
mod find;
mod import;
mod ls;
mod new;
mod rotate;
mod select;
mod show;
mod veto;
mod words;

use secrecy::SecretString;
use serde_json::Value;

use crate::app::kind_key;
use crate::commands::prelude::*;
use crate::keystore::{Alias, Attachment, Existing, Source, Wallet};

/// `wallet`.
#[derive(Debug, Subcommand)]
pub(crate) enum WalletCommand {
    /// Makes a wallet with new recovery words.
    New(new::NewWallet),
    /// Makes a wallet from recovery words, a key file or a development actor.
    Import(import::ImportWallet),
    /// Lists the wallets.
    Ls,
    /// Shows a wallet without its secret.
    Show(show::WalletName),
    /// Shows what to give a bank so that it opens an account for the wallet.
    Code(show::WalletName),
    /// Finds what belongs to the recovery words: account, consents, and their uses. The node that is
    /// asked learns which of your addresses are one person's.
    Find(show::WalletName),
    /// Makes a wallet the one that is used by default.
    Use(show::WalletName),
    /// Tells a wallet which account it acts for.
    Attach(attach::AttachWallet),
    /// Shows the recovery words, or writes them to a file.
    Backup(backup::BackupWallet),
    /// Gives the account another key, the next of the same words; keys for consents stay. If that
    /// ends without an answer, the same command goes on with it.
    Rotate(rotate::RotateWallet),
    /// Says that you still have your keys: the ones that the bank proposed are gone.
    Veto,
    /// Closes the wallet's account, in which nothing may be left, for good.
    Close,
}

pub(crate) fn create(
    app: &App,
    alias: Alias,
    source: Source,
    attached: Option<Attachment>,
    (password, force): (&SecretString, bool),
) -> Result<(Wallet, Reply), Failure> {
    let wallet = Wallet::seal(alias, source, attached, password)?;
    let existing = if force { Existing::Replace } else { Existing::Keep };
    app.keystore()?.write(&wallet, existing)?;
    let alias = &wallet.header.alias;
    app.remember_password(alias.as_str(), password);
    // A wallet that has no account yet finds the one that a bank has opened for its key.
    let next = format!("kyojo balance --wallet {alias}");
    let reply = Reply::new(describe(&wallet), describe_text(app, &wallet)).next(next);
    Ok((wallet, reply))
}

pub(crate) fn alias(text: &str) -> Result<Alias, Failure> {
    Alias::new(text).ok_or(Failure::new(Exit::Usage, "err-bad-alias"))
}

pub(crate) fn refuse_existing(app: &App, alias: &Alias, force: bool) -> Result<(), Failure> {
    if !force && app.keystore()?.path(alias).exists() {
        return Err(Failure::new(Exit::Config, "err-wallet-exists").with("wallet", alias));
    }
    Ok(())
}

pub(crate) fn describe(wallet: &Wallet) -> Value {
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

pub(crate) fn describe_text(app: &App, wallet: &Wallet) -> String {
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

pub(crate) async fn run(app: &App, command: WalletCommand) -> Result<Reply, Failure> {
    match command {
        WalletCommand::New(args) => new::run(app, &args).await,
        WalletCommand::Import(args) => import::run(app, args).await,
        WalletCommand::Ls => ls::run(app),
        WalletCommand::Show(args) => show::run(app, &args),
        WalletCommand::Code(args) => code::run(app, &args).await,
        WalletCommand::Find(args) => find::run(app, &args).await,
        WalletCommand::Use(args) => select::run(app, &args),
        WalletCommand::Attach(args) => attach::run(app, &args).await,
        WalletCommand::Backup(args) => backup::run(app, args),
        WalletCommand::Rotate(args) => rotate::run(app, &args).await,
        WalletCommand::Veto => veto::run(app).await,
        WalletCommand::Close => close::run(app).await,
    }
}
