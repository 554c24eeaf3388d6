//! `wallet rotate`: the account takes another key, the next one of the same words or one of new words.
//!
//! The wallet with the new key lies on disk before anything is sent, and takes the old one's place
//! once the ledger has taken the key. Until then both are there, and the same command goes on with
//! what was begun, so that no account is ever left without a key that somebody has.

use ledger_types::operation::{Operation, RotateKeys, WeightedKey};
use ledger_types::{Hash, PublicKey};
use node_api::ApiCode;
use node_api::body::AccountBody;
use serde_json::json;

use super::super::transact::{Plan, Sender, Session, done, dry_run};
use crate::app::App;
use crate::args::RotateWallet;
use crate::client::{Client, ClientError, Reader};
use crate::failure::{Exit, Failure};
use crate::keystore::{Alias, Opened, Wallet};
use crate::output::Reply;
use crate::refusal::of_keystore;

/// How many keys of the same words are tried for an account.
const KEYS_TRIED: u32 = 20;

pub(super) async fn rotate(app: &App, args: &RotateWallet) -> Result<Reply, Failure> {
    let session = Session::begin(app).await?;
    let (wallet, address) = (&session.wallet, &session.attached.address);
    let alias = &wallet.header.alias;
    let password = app.password(alias.as_str())?;
    let opened = wallet.open(&password).map_err(|error| of_keystore(&error))?;
    let reader = reader(address, &opened);
    let begun = app.keystore().begun_rotation(alias).map_err(|error| of_keystore(&error))?;
    let next = if let Some(begun) = &begun {
        app.output.say(&app.text("note-rotation-begun", &[]));
        let next = begun.open(&password).map_err(|error| of_keystore(&error))?;
        // A wallet of the same name that was replaced may have left one: its keys are another's.
        if begun.header.attached != wallet.header.attached || !next.continues(&opened) {
            return Err(Failure::new(Exit::Config, "err-other-rotation")
                .with("path", app.keystore().rotation_path(alias).display()));
        }
        if acts(&session.client, address, &next).await? {
            return ended(app, begun);
        }
        begun.clone()
    } else {
        let next =
            if args.new_words { of_new_words(app, args, &opened)? } else { opened.next_key() };
        let next = next.ok_or(Failure::new(Exit::Refused, "err-no-further-key"))?;
        wallet.rotated(&next, &password).map_err(|error| of_keystore(&error))?
    };
    let account = session.client.account(address, &reader).await?;
    let plan = plan(app, &session, &account, &next)?;
    if app.global.dry_run {
        return Ok(dry_run(app, &plan));
    }
    app.confirm(&plan.lines)?;
    if begun.is_none() {
        app.keystore().begin_rotation(&next).map_err(|error| of_keystore(&error))?;
    }
    let sender = Sender::new(session.attached.account, reader);
    let receipt = sender.send(app, &session.client, plan.operations).await?;
    app.keystore().end_rotation(alias).map_err(|error| of_keystore(&error))?;
    Ok(done(app, &receipt, plan.done, &plan.data, plan.next))
}

/// The opened wallet's key that acts for the account, where one of its first does.
pub(super) async fn acting(
    client: &Client,
    address: &str,
    opened: Opened,
) -> Result<(Opened, AccountBody), Failure> {
    let mut opened = opened;
    let first = match client.account(address, &reader(address, &opened)).await {
        Ok(account) => return Ok((opened, account)),
        Err(error) if does_not_act(&error) => error,
        Err(error) => return Err(error.into()),
    };
    for index in 0..KEYS_TRIED {
        opened = opened.at(index);
        match client.account(address, &reader(address, &opened)).await {
            Ok(account) => return Ok((opened, account)),
            Err(error) if does_not_act(&error) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Err(first.into())
}

async fn acts(client: &Client, address: &str, opened: &Opened) -> Result<bool, Failure> {
    match client.account(address, &reader(address, opened)).await {
        Ok(_) => Ok(true),
        Err(error) if does_not_act(&error) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

fn reader(address: &str, opened: &Opened) -> Reader {
    Reader { address: address.to_owned(), key: opened.secrets().account_key().clone() }
}

fn does_not_act(error: &ClientError) -> bool {
    error.code() == Some(ApiCode::SignatureInvalid.number())
}

fn of_new_words(
    app: &App,
    args: &RotateWallet,
    opened: &Opened,
) -> Result<Option<Opened>, Failure> {
    // What is not done needs no writing down.
    let are_shown = !app.global.yes && !app.global.dry_run;
    let words = super::new_words(app, args.words, args.count, are_shown)?;
    app.output.say(&app.text("note-keep-old-words", &[]));
    Ok(Some(opened.with_words(words)))
}

/// The rotation of this account to the next wallet's key; keys that are others' stay.
fn plan(
    app: &App,
    session: &Session,
    account: &AccountBody,
    next: &Wallet,
) -> Result<Plan, Failure> {
    let new = next.header.public_key;
    let keys = exchanged(&account.keys, session.wallet.header.public_key, new);
    let keys = keys.ok_or(Failure::new(Exit::Refused, "err-key-not-in-use"))?;
    let mut lines = session.lines(app);
    lines.push((app.text("label-new-key", &[]), new.to_string()));
    if keys.len() > 1 {
        let count = (keys.len() - 1).to_string();
        lines.push((app.text("label-other-keys", &[]), count));
    }
    let threshold = account.threshold;
    Ok(Plan {
        operations: vec![Operation::RotateKeys(RotateKeys { keys, threshold })],
        lines,
        data: changed(next),
        done: "done-rotated",
        next: next_commands(&next.header.alias, next),
    })
}

/// The account's keys with one in another's place and weight.
fn exchanged(keys: &[WeightedKey], old: PublicKey, new: PublicKey) -> Option<Vec<WeightedKey>> {
    let is_there = keys.iter().any(|weighted| weighted.key == old);
    let with_new = keys.iter().map(|weighted| {
        let key = if weighted.key == old { new } else { weighted.key };
        WeightedKey { key, weight: weighted.weight }
    });
    is_there.then(|| with_new.collect())
}

/// The ledger had taken the key before this command asked: only the wallet's file was behind.
fn ended(app: &App, next: &Wallet) -> Result<Reply, Failure> {
    let alias = &next.header.alias;
    app.keystore().end_rotation(alias).map_err(|error| of_keystore(&error))?;
    let none: Option<Hash> = None;
    let mut data = changed(next);
    data["transaction"] = json!(none);
    let reply = Reply::new(data, app.text("done-rotation-ended", &[]));
    Ok(Reply { next: next_commands(alias, next), ..reply })
}

fn changed(next: &Wallet) -> serde_json::Value {
    json!({
        "wallet": next.header.alias,
        "public_key": next.header.public_key,
        "key_index": next.header.key_index,
    })
}

fn next_commands(alias: &Alias, next: &Wallet) -> Vec<String> {
    let backup = format!("kyojo wallet backup {alias} --out words.txt");
    let is_of_new_words = next.header.key_index == 0;
    let mut commands = vec![format!("kyojo balance --wallet {alias}")];
    if is_of_new_words {
        commands.insert(0, backup);
    }
    commands
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_wallets_own_key_is_exchanged_with_its_weight() {
        let [own, other, new] = [1, 2, 3].map(|byte| PublicKey::Ed25519([byte; 32]));
        let before = [WeightedKey { key: other, weight: 1 }, WeightedKey { key: own, weight: 2 }];
        let after =
            vec![WeightedKey { key: other, weight: 1 }, WeightedKey { key: new, weight: 2 }];
        assert_eq!(exchanged(&before, own, new), Some(after));
        assert_eq!(exchanged(&before, new, own), None);
    }
}
