//! `wallet attach`: which account a wallet acts for.

use crate::acting::keys;
use crate::commands::prelude::*;
use crate::commands::wallet::{describe, describe_text};

/// `wallet attach`.
#[derive(Debug, Args)]
pub(crate) struct AttachWallet {
    /// The account's address, as the bank gave it; by default the one for which the wallet's key acts.
    pub(crate) address: Option<String>,
}

pub(crate) async fn run(app: &App, args: &AttachWallet) -> Result<Reply, Failure> {
    let wallet = app.wallet(None)?;
    let client = app.client().await?;
    let network = client.network();
    if let Some(address) = &args.address {
        reading::address(address, &network.address_prefix)?;
    }
    let attached = keys::attach(app, &client, &wallet, args.address.as_deref()).await?;
    let next = format!("kyojo balance --wallet {}", wallet.header.alias);
    Ok(Reply::new(describe(&attached), describe_text(app, &attached)).next(next))
}
