//! `directory`: the signed list of public names, for those who read it and those who sign it.

mod check;
mod fetch;
mod ls;
mod sign;
mod source;

use crate::commands::prelude::*;

/// `directory`.
#[derive(Debug, Subcommand)]
pub(crate) enum DirectoryCommand {
    /// Takes the newest directory from the node.
    Fetch,
    /// Takes a directory from a file.
    Import(fetch::ImportArgs),
    /// Lists public names.
    Ls(ls::LsArgs),
    /// Checks a list before it is signed, or a signed directory.
    Check(check::CheckArgs),
    /// Signs a list, with the key of the city's or the operator's wallet.
    Sign(sign::SignArgs),
}

pub(crate) async fn run(app: &App, command: DirectoryCommand) -> Result<Reply, Failure> {
    match command {
        DirectoryCommand::Fetch => fetch::fetch(app).await,
        DirectoryCommand::Import(args) => fetch::import(app, &args).await,
        DirectoryCommand::Ls(args) => ls::run(app, &args).await,
        DirectoryCommand::Check(args) => check::run(app, &args).await,
        DirectoryCommand::Sign(args) => sign::run(app, &args).await,
    }
}
