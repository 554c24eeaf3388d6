//! `wallet attach`: which account a wallet acts for.

use crate::acting::keys;
use crate::commands::prelude::*;
use crate::commands::wallet::{describe, describe_text};
use crate::keystore::{Attachment, Existing};

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
    let password = app.password(wallet.header.alias.as_str())?;
    let opened = wallet.open(&password)?;
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
    let attached = attached?;
    app.keystore().write(&attached, Existing::Replace)?;
    let next = format!("kyojo balance --wallet {}", wallet.header.alias);
    Ok(Reply::new(describe(&attached), describe_text(app, &attached)).next(next))
}
