//! `wallet rotate`: the account takes another key, the next one of the same words or one of new words.
//!
//! With new words every key of the old ones is exchanged: the account's, then that of each data
//! subject, one transaction each. The next key of the same words leaves data subjects alone, for words
//! that nobody read give nobody their keys.
//!
//! The wallet with the new keys lies on disk before anything is sent, and takes the old one's place
//! once the ledger has taken all of them. Until then both are there, and the same command goes on with
//! what was begun: what a new key acts for already is passed over.

use ledger_types::operation::{RotateKeys, WeightedKey};
use ledger_types::{AccountId, PublicKey, Receipt, SigningKey, TransactionId};
use node_api::body::AccountBody;
use node_api::query::ByRead;
use secrecy::SecretString;
use serde_json::Value;

use crate::acting::keys::{self, does_not_act};
use crate::acting::order::{Asked, Begun, Order};
use crate::acting::transact::{committed, dry_run, is_unknown_reader, of_wallet};
use crate::client::{Client, ClientError, Reader};
use crate::commands::prelude::*;
use crate::commands::wallet::new::generate;
use crate::commands::wallet::words;
use crate::consents::Subjects;
use crate::i18n::Lang;
use crate::keystore::{Opened, Wallet};

/// `wallet rotate`.
#[derive(Debug, Args)]
pub(crate) struct RotateWallet {
    /// Take new recovery words, where somebody else may have read the old ones: the keys for
    /// consents that this wallet knows change too. Where you consented on another machine, run
    /// kyojo consent ls --search first.
    #[arg(long)]
    pub(crate) new_words: bool,
    /// Language of the new recovery words; by default that of the texts.
    #[arg(long, value_name = "LANGUAGE", requires = "new_words")]
    pub(crate) words: Option<Lang>,
    /// How many new recovery words: 12, 15, 18, 21 or 24.
    #[arg(long, value_name = "NUMBER", default_value_t = 24, requires = "new_words")]
    pub(crate) count: usize,
}

/// The wallet that takes the old one's place.
struct Next {
    wallet: Wallet,
    opened: Opened,
    /// Whether an earlier run kept it beside the old one.
    is_begun: bool,
}

/// An account or a data subject that takes another key.
struct Change {
    /// Who knows the data subject; none for the wallet's own account.
    party: Option<PartyId>,
    account: AccountId,
    reader: Reader,
    before: State,
}

enum State {
    /// The old key acts for it.
    Old(Box<AccountBody>),
    /// The new key does already.
    New,
}

pub(crate) async fn run(app: &App, args: &RotateWallet) -> Result<Reply, Failure> {
    let wallet = app.wallet(None)?;
    if !args.new_words {
        app.attachment(&wallet)?;
    }
    let client = app.client().await?;
    if let Some(attached) = &wallet.header.attached {
        app.check_network(&client, attached)?;
    }
    let (opened, password) = app.open(&wallet)?;
    let secrets = opened.secrets();
    let next = next_wallet(app, args, (&wallet, opened), &password)?;
    let people = People::of(app, client, wallet, secrets)?;
    let changes = changes(app, &people, &next.opened).await?;
    let plan = plan(app, &people, &next.wallet, &changes)?;
    if app.global.dry_run {
        return Ok(dry_run(app, &plan.lines, &plan.data));
    }
    if changes.iter().any(|change| matches!(change.before, State::Old(_))) {
        app.confirm(&plan.lines)?;
    }
    if !next.is_begun {
        app.keystore()?.begin_rotation(&next.wallet)?;
    }
    send(app, &people, &next, changes, plan).await
}

/// The wallet whose rotation was begun, or a new one.
fn next_wallet(
    app: &App,
    args: &RotateWallet,
    (wallet, opened): (&Wallet, Opened),
    password: &SecretString,
) -> Result<Next, Failure> {
    let alias = &wallet.header.alias;
    let begun = app.keystore()?.begun_rotation(alias)?;
    if let Some(begun) = begun {
        app.output.say(&app.text("note-rotation-begun", &[]));
        let next = begun.open(password)?;
        // A wallet of the same name that was replaced may have left one: its keys are another's.
        if begun.header.attached != wallet.header.attached || !next.continues(&opened) {
            return Err(Failure::new(Exit::Config, "err-other-rotation")
                .with("path", app.keystore()?.rotation_path(alias).display()));
        }
        return Ok(Next { wallet: begun, opened: next, is_begun: true });
    }
    let next = if args.new_words {
        // What is not done needs no writing down.
        let are_shown = !app.global.yes && !app.global.dry_run;
        let words = generate(app, args.words, args.count)?;
        if are_shown {
            words::need_terminal(app)?;
            words::show(&words, &mut words::AtTerminal(app))?;
        }
        app.output.say(&app.text("note-old-words-end", &[]));
        opened.with_words(words)
    } else {
        opened.next_key().ok_or(Failure::new(Exit::Refused, "err-no-further-key"))?
    };
    let wallet = wallet.rotated(&next, password)?;
    Ok(Next { wallet, opened: next, is_begun: false })
}

/// Everything that takes another key, the account first.
async fn changes(app: &App, people: &People, next: &Opened) -> Result<Vec<Change>, Failure> {
    let secrets = next.secrets();
    let mut changes = Vec::new();
    if let Some(attached) = &people.wallet.header.attached {
        let key = people.secrets.account_key().clone();
        let reader = Reader { address: attached.address.clone(), key };
        let before = before(&people.client, &reader, secrets.account_key()).await?;
        changes.push(Change { party: None, account: attached.account, reader, before });
    }
    if secrets.subject() == people.secrets.subject() {
        return Ok(changes);
    }
    for party in people.parties()? {
        let (account, reader) = people.towards(party);
        let new = secrets.consent_key(&people.genesis(), party);
        let before = match before(&people.client, &reader, &new).await {
            // Nothing is entered for it, or others took it over: there is no key to exchange.
            Err(error) if is_unknown_reader(&error) || does_not_act(&error) => continue,
            before => before?,
        };
        if let State::Old(body) = &before
            && !keys::suffices(body, &reader.key.public_key())
        {
            let name = people.directory.name(party, app.output.lang);
            app.output.say(&app.text("note-rotation-needs-others", &[("party", &name)]));
            continue;
        }
        changes.push(Change { party: Some(party), account, reader, before });
    }
    Ok(changes)
}

/// Which of the two keys acts.
async fn before(client: &Client, old: &Reader, new: &SigningKey) -> Result<State, ClientError> {
    let refused = match client.account(&old.address, &ByRead::default(), old).await {
        Ok(body) => return Ok(State::Old(Box::new(body))),
        Err(error) if does_not_act(&error) => error,
        Err(error) => return Err(error),
    };
    let new = Reader { address: old.address.clone(), key: new.clone() };
    match client.account(&new.address, &ByRead::default(), &new).await {
        Ok(_) => Ok(State::New),
        Err(error) if does_not_act(&error) => Err(refused),
        Err(error) => Err(error),
    }
}

/// What people are shown and machines learn; nothing is sent as one transaction.
fn plan(app: &App, people: &People, next: &Wallet, changes: &[Change]) -> Result<Plan, Failure> {
    let header = &next.header;
    let mut lines = of_wallet(app, people.client.network(), &people.wallet);
    lines.push((app.text("label-new-key", &[]), header.public_key.to_string()));
    if let Some(Change { party: None, before: State::Old(account), .. }) = changes.first()
        && account.keys.len() > 1
    {
        let count = (account.keys.len() - 1).to_string();
        lines.push((app.text("label-other-keys", &[]), count));
    }
    let count = subjects(changes).count();
    if count > 0 {
        lines.push((app.text("label-consent-keys", &[]), count.to_string()));
    }
    let none: Option<TransactionId> = None;
    let of_subjects: Vec<Value> = subjects(changes)
        .map(|(party, change)| {
            json!({ "party": party, "account": change.reader.address, "transaction": none })
        })
        .collect();
    Ok(Plan {
        operations: Vec::new(),
        lines,
        data: json!({
            "wallet": header.alias,
            "public_key": header.public_key,
            "key_index": header.key_index,
            "subjects": of_subjects,
        }),
        done: "done-rotated",
        next: next_commands(next),
    })
}

fn subjects(changes: &[Change]) -> impl Iterator<Item = (PartyId, &Change)> {
    changes.iter().filter_map(|change| Some((change.party?, change)))
}

/// Sends what is not done yet, and puts the new wallet in the old one's place after the last.
async fn send(
    app: &App,
    people: &People,
    next: &Next,
    changes: Vec<Change>,
    plan: Plan,
) -> Result<Reply, Failure> {
    // Addresses follow from the first keys, which the new words do not give.
    let kept: Subjects =
        subjects(&changes).map(|(party, change)| (party, change.account)).collect();
    if next.opened.secrets().subject() != people.secrets.subject() {
        people.consents.keep_subjects(&people.genesis(), &kept)?;
    }
    let mut data = plan.data;
    let mut of_account = None;
    let mut place = 0;
    for change in changes {
        let receipt = exchange(app, people, &next.opened, &change).await?;
        if change.party.is_none() {
            of_account = receipt;
            continue;
        }
        if let Some(receipt) = receipt {
            data["subjects"][place]["transaction"] = json!(receipt.transaction);
        }
        place += 1;
    }
    let alias = &people.wallet.header.alias;
    app.keystore()?.end_rotation(alias)?;
    Ok(Reply { next: plan.next, ..done(app, of_account.as_ref(), data, place) })
}

/// Puts the new key in the old one's place; keys that are others' stay.
async fn exchange(
    app: &App,
    people: &People,
    next: &Opened,
    change: &Change,
) -> Result<Option<Receipt>, Failure> {
    let State::Old(body) = &change.before else {
        return Ok(None);
    };
    let secrets = next.secrets();
    let new = match change.party {
        None => secrets.account_key().public_key(),
        Some(party) => secrets.consent_key(&people.genesis(), party).public_key(),
    };
    let keys = exchanged(&body.keys, change.reader.key.public_key(), new);
    let keys = keys.ok_or(Failure::new(Exit::Refused, "err-key-not-in-use"))?;
    let operation = Operation::RotateKeys(RotateKeys { keys, threshold: body.threshold });
    let asked = Asked { account: change.account, operations: vec![operation], said: None };
    let sent = match Order::begin(app, &people.client, asked).await? {
        Begun::Before(sent) => sent,
        Begun::New(order) => {
            let sender = Sender::new(change.account, change.reader.clone());
            sender.send(app, &people.client, &order).await?
        }
    };
    Ok(Some(sent.receipt))
}

/// The account's keys with one in another's place and weight.
fn exchanged(keys: &[WeightedKey], old: PublicKey, new: PublicKey) -> Option<Vec<WeightedKey>> {
    let is_there = keys.iter().any(|weighted| weighted.key == old);
    let with_new = keys.iter().map(|weighted| {
        let key = if weighted.key == old { new } else { weighted.key };
        WeightedKey { key, ..*weighted }
    });
    is_there.then(|| with_new.collect())
}

fn done(app: &App, of_account: Option<&Receipt>, mut data: Value, subjects: usize) -> Reply {
    let mut text = match of_account {
        Some(receipt) => {
            data = committed(receipt, &data);
            let (id, height) = (receipt.transaction.to_string(), receipt.height.to_string());
            app.text("done-rotated", &[("transaction", &id), ("height", &height)])
        }
        // The ledger had it before this run, or the wallet has no account.
        None => {
            data["transaction"] = Value::Null;
            app.text("done-rotation-ended", &[])
        }
    };
    if subjects > 0 {
        text.push('\n');
        text.push_str(&app.text("done-rotated-subjects", &[("count", &subjects.to_string())]));
    }
    Reply::new(data, text)
}

fn next_commands(next: &Wallet) -> Vec<String> {
    let alias = &next.header.alias;
    let mut commands = Vec::new();
    if next.header.key_index == 0 {
        commands.push(format!("kyojo wallet backup {alias} --out words.txt"));
    }
    if next.header.attached.is_some() {
        commands.push(format!("kyojo balance --wallet {alias}"));
    }
    commands
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_wallets_own_key_is_exchanged_with_its_weight() {
        let [own, other, new] = [1, 2, 3].map(|byte| PublicKey::Ed25519([byte; 32]));
        let before = [WeightedKey::plain(other, 1), WeightedKey::plain(own, 2)];
        let after = vec![WeightedKey::plain(other, 1), WeightedKey::plain(new, 2)];
        assert_eq!(exchanged(&before, own, new), Some(after));
        assert_eq!(exchanged(&before, new, own), None);
    }
}
