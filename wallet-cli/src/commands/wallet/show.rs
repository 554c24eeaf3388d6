//! `wallet show`: a wallet without its secret.

use crate::commands::prelude::*;
use crate::commands::wallet::{describe, describe_text};

/// A wallet's name.
#[derive(Debug, Args)]
pub(crate) struct WalletName {
    /// The wallet's name; by default the one in use.
    pub(crate) name: Option<String>,
}

pub(crate) fn run(app: &App, args: &WalletName) -> Result<Reply, Failure> {
    let wallet = app.wallet(args.name.as_deref())?;
    let next = format!("kyojo balance --wallet {}", wallet.header.alias);
    Ok(Reply::new(describe(&wallet), describe_text(app, &wallet)).next(next))
}
