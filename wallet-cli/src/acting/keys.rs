//! Which accounts a key acts for, as the ledger tells the key itself.

use ledger_types::{PublicKey, SigningKey};
use node_api::body::{AccountBody, AddressKind};
use node_api::query::{ByRead, Page};
use node_api::{Address, ApiCode};

use crate::acting::pages;
use crate::app::App;
use crate::client::{Client, ClientError, Reader};
use crate::failure::{Exit, Failure};
use crate::keystore::{Attachment, Existing, Opened, Wallet};
use crate::reading;

/// How many keys of the same words are tried: those after a gap of so many are not found.
const KEYS_TRIED: u32 = 20;

/// The accounts, data subjects and parties that a key acts for, alone or with others.
pub(crate) async fn accounts_of(
    client: &Client,
    key: &SigningKey,
) -> Result<Vec<Address>, Failure> {
    let (public, reader) = (key.public_key(), Reader::by_key(key.clone()));
    let ask = async |cursor| {
        let page = Page { cursor, limit: pages::LIMIT };
        client.key(&public, &page, &reader).await
    };
    pages::every(ask).await
}

/// Whether a key acts for an account without any other.
pub(crate) fn suffices(account: &AccountBody, key: &PublicKey) -> bool {
    account.keys.iter().any(|one| one.key == *key && one.weight >= account.threshold)
}

/// The wallet with that of its keys which acts for the account, and the account as that key reads it.
///
/// Without an address it is the one account at a bank, or party, for which a key of the words acts.
pub(crate) async fn acting(
    client: &Client,
    address: Option<&str>,
    opened: Opened,
) -> Result<(Opened, AccountBody), Failure> {
    let refused = match address {
        None => Failure::new(Exit::NotFound, "err-no-account-of-words"),
        Some(address) => {
            match client.account(address, &ByRead::default(), &reader(address, &opened)).await {
                Ok(account) => return Ok((opened, account)),
                Err(error) if does_not_act(&error) => error.into(),
                Err(error) => return Err(error.into()),
            }
        }
    };
    let mut opened = opened;
    for index in 0..KEYS_TRIED {
        opened = opened.at(index);
        let found = accounts_with(client, address, &opened).await?;
        match <[AccountBody; 1]>::try_from(found) {
            Ok([account]) => return Ok((opened, account)),
            Err(none) if none.is_empty() => {}
            Err(several) => {
                let addresses: Vec<&str> = several.iter().map(|a| a.address.as_str()).collect();
                return Err(Failure::new(Exit::Usage, "err-which-account")
                    .with("addresses", addresses.join(" ")));
            }
        }
    }
    Err(refused)
}

/// The wallet attached to the account of this address, or to the one for which its words act.
pub(crate) async fn attach(
    app: &App,
    client: &Client,
    wallet: &Wallet,
    address: Option<&str>,
) -> Result<Wallet, Failure> {
    let (opened, password) = app.open(wallet)?;
    // Only a key that acts for the account may read it, so an answer proves that it does.
    let (opened, known) = acting(client, address, opened).await?;
    let (network, address) = (client.network(), known.address.as_str());
    let attachment = Attachment {
        account: reading::address(address, &network.address_prefix)?,
        address: address.to_owned(),
        genesis_hash: network.genesis_hash,
        address_prefix: network.address_prefix.clone(),
        party: known.party,
    };
    let attached = wallet.attach(attachment, &opened, &password)?;
    app.keystore()?.write(&attached, Existing::Replace)?;
    Ok(attached)
}

/// The same where a bank has opened one account for its key by now; else the wallet as it is.
pub(crate) async fn attach_found(
    app: &App,
    client: &Client,
    wallet: Wallet,
) -> Result<Wallet, Failure> {
    match attach(app, client, &wallet, None).await {
        Ok(attached) => {
            let address = attached.header.attached.as_ref().map_or("", |a| a.address.as_str());
            app.output.say(&app.text("note-account-found", &[("address", address)]));
            Ok(attached)
        }
        Err(none) if none.code() == NO_ACCOUNT_OF_WORDS => Ok(wallet),
        Err(failure) => Err(failure),
    }
}

/// The code of [`acting`]'s failure where no account is known.
const NO_ACCOUNT_OF_WORDS: &str = "no-account-of-words";

/// Those of this address that the opened wallet's key acts for; without one, all but data subjects.
async fn accounts_with(
    client: &Client,
    address: Option<&str>,
    opened: &Opened,
) -> Result<Vec<AccountBody>, Failure> {
    let mut found = Vec::new();
    for one in accounts_of(client, opened.secrets().account_key()).await? {
        if address.is_some_and(|address| address != one.as_str()) {
            continue;
        }
        let body =
            client.account(one.as_str(), &ByRead::default(), &reader(one.as_str(), opened)).await?;
        if address.is_some() || body.standing != AddressKind::Subject {
            found.push(body);
        }
    }
    Ok(found)
}

/// The opened wallet as the reader of an account.
pub(crate) fn reader(address: &str, opened: &Opened) -> Reader {
    Reader { address: address.to_owned(), key: opened.secrets().account_key().clone() }
}

/// Whether the key that signed does not act for the account that was named.
pub(crate) fn does_not_act(error: &ClientError) -> bool {
    error.code() == Some(ApiCode::SignatureInvalid.number())
}
