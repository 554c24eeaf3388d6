//! What is about to be sent, and what became of it where it was sent before.
//!
//! Everything that the wallet puts on the ledger goes through here. An order is begun before
//! anybody is asked: where the same was sent and its outcome is not known, the same signed bytes
//! are sent again and nothing new is signed, until the ledger has spoken or can take them no more.

use ledger_types::{
    AccountId, Hash, Inadmissible, Nonce, Operation, Receipt, Timestamp, TransactionId, codec,
};
use node_api::query::Wait;
use node_api::{ApiCode, Time};
use serde::Deserialize as _;
use serde_json::{Value, json};

use crate::acting::essence::{Essence, does_again, essence};
use crate::acting::transact::{checked, committed};
use crate::app::App;
use crate::calendar;
use crate::client::{Client, ClientError};
use crate::failure::{Exit, Failure};
use crate::outbox::{Opening, Outbox, Record};
use crate::output::Reply;

/// Tag of the number of what was asked.
const TAG_INTENT: &[u8] = b"kyojo/intent/v1";
/// How long a node is let look for a receipt: it may be a block behind what it judges by.
const RECEIPT_WAIT_MS: u32 = 1_500;

/// The texts of what became of something that was sent before.
const WAS_DONE: &str = "note-was-done";
const WAS_REJECTED: &str = "note-was-rejected";

/// What is to be done, as it was asked.
pub(crate) struct Asked {
    /// The account that does it.
    pub(crate) account: AccountId,
    pub(crate) operations: Vec<Operation>,
    /// What was said to it that only a salted commitment leaves.
    pub(crate) said: Option<String>,
}

/// Something new that is about to be signed and sent.
pub(crate) struct Order {
    pub(crate) operations: Vec<Operation>,
    pub(crate) intent: Hash,
    /// The same before, which `--again` passes over.
    pub(crate) before: Vec<Record>,
    pub(crate) data: Value,
    pub(crate) next: Vec<String>,
    pub(crate) opening: Option<Opening>,
}

/// What was committed.
pub(crate) struct Sent {
    pub(crate) receipt: Receipt,
    /// What machines learn, the receipt's part with it.
    pub(crate) data: Value,
    /// The next useful commands.
    pub(crate) next: Vec<String>,
}

/// What was sent before of the same, and was not known to have ended.
#[derive(Default)]
pub(crate) struct Earlier {
    /// It is committed now.
    pub(crate) sent: Option<Sent>,
    /// It can never come any more.
    pub(crate) is_gone: bool,
    /// `--again` passes it over.
    passed_over: Vec<Record>,
}

/// How an order begins.
pub(crate) enum Begun {
    /// It was sent before, and is committed now.
    Before(Sent),
    /// It is to be signed and sent.
    New(Order),
}

/// What became of a transaction whose outcome was not known.
pub(crate) enum Fate {
    Known(Receipt),
    /// No block can hold it any more.
    Gone,
}

impl Sent {
    fn of(receipt: Receipt, record: &Record) -> Self {
        let data = committed(&receipt, &record.data);
        Self { receipt, data, next: record.next.clone() }
    }

    /// The reply, by the key of the text that says that it is done.
    pub(crate) fn reply(self, app: &App, done: &str) -> Reply {
        self.reply_of(app, done, "")
    }

    /// The same, where the text names what was done.
    pub(crate) fn reply_of(self, app: &App, done: &str, what: &str) -> Reply {
        let (id, height) = (self.receipt.transaction.to_string(), self.receipt.height.to_string());
        let until = self.data.get("until").and_then(|until| Time::deserialize(until).ok());
        let until = until.map(|until| calendar::show(until.get())).unwrap_or_default();
        let variables =
            [("what", what), ("transaction", &id), ("height", &height), ("until", &until)];
        let text = app.text(done, &variables);
        Reply { next: self.next, ..Reply::new(self.data, text) }
    }
}

impl Order {
    /// Looks whether the same was sent before, and brings that to its end first.
    ///
    /// # Errors
    /// The outcome is still not known, or the same was done a moment ago and nobody said `--again`.
    pub(crate) async fn begin(app: &App, client: &Client, asked: Asked) -> Result<Begun, Failure> {
        let genesis = client.network().genesis_hash;
        let intent = intent(app, &genesis, &asked);
        settle_others(app, client, (&genesis, &asked.account), &intent).await?;
        let earlier = sent_before(app, client, &intent).await?;
        if let Some(sent) = earlier.sent {
            return Ok(Begun::Before(sent));
        }
        let mut before = earlier.passed_over;
        let outbox = Outbox::of(&app.settings.folders)?;
        let lately = outbox.done_lately(&client.network().clock)?;
        for record in lately.into_iter().filter(|record| record.intent == intent) {
            if !app.global.again {
                return Err(done_just_now(&record));
            }
            before.push(record);
        }
        let (data, next, opening) = (json!({}), Vec::new(), None);
        let operations = asked.operations;
        Ok(Begun::New(Self { operations, intent, before, data, next, opening }))
    }

    /// What machines learn once it is committed, and the next useful commands.
    pub(crate) fn answering(self, data: Value, next: Vec<String>) -> Self {
        Self { data, next, ..self }
    }

    /// With what opens its commitment.
    pub(crate) fn opening(self, opening: Option<Opening>) -> Self {
        Self { opening, ..self }
    }

    /// What people are shown before they agree, where it is not the first time.
    pub(crate) fn lines(&self, app: &App) -> Vec<(String, String)> {
        let line = |record: &Record| {
            let (id, at) = (record.transaction.to_string(), calendar::show(record.signed_at));
            let text = app.text("note-once-more", &[("transaction", &id), ("at", &at)]);
            (app.text("label-once-more", &[]), text)
        };
        self.before.iter().map(line).collect()
    }

    /// Whether another process has begun the same since this order was.
    pub(crate) fn is_another_under_way(
        &self,
        outbox: &Outbox,
        client: &Client,
    ) -> Result<bool, Failure> {
        let known: Vec<TransactionId> = self.before.iter().map(|it| it.transaction).collect();
        let lately = outbox.done_lately(&client.network().clock)?;
        let same = outbox.open()?.into_iter().chain(lately);
        Ok(same.filter(|it| it.intent == self.intent).any(|it| !known.contains(&it.transaction)))
    }
}

/// Brings what was sent before under this number to its end.
///
/// # Errors
/// The outcome is still not known, or the ledger rejected it.
pub(crate) async fn sent_before(
    app: &App,
    client: &Client,
    intent: &Hash,
) -> Result<Earlier, Failure> {
    let outbox = Outbox::of(&app.settings.folders)?;
    let mut earlier = Earlier::default();
    for record in outbox.open()?.into_iter().filter(|record| record.intent == *intent) {
        if app.global.again {
            earlier.passed_over.push(record);
            continue;
        }
        let (id, at) = (record.transaction.to_string(), calendar::show(record.signed_at));
        app.output.say(&app.text("note-sent-before", &[("transaction", &id), ("at", &at)]));
        match resolve(client, &record).await? {
            Fate::Known(receipt) => {
                let is_over = is_over(&record, client.status().await?.time.get())?;
                match settled(client, &outbox, &record, receipt) {
                    // What changes back in between is not what it was when this was done: the ledger
                    // judges it anew.
                    Ok(_) if is_over && !repeats(&record)? => say_known(app, &record, WAS_DONE),
                    Err(_) if is_over => say_known(app, &record, WAS_REJECTED),
                    answer => {
                        let mut sent = answer?;
                        sent.data["repeated"] = json!(true);
                        earlier.sent = Some(sent);
                    }
                }
            }
            Fate::Gone => {
                outbox.forget(&record);
                earlier.is_gone = true;
                app.output.say(&app.text("note-cannot-come", &[]));
            }
        }
    }
    Ok(earlier)
}

/// Whether the ledger would do some of it again.
fn repeats(record: &Record) -> Result<bool, Failure> {
    Ok(record.operations()?.iter().any(does_again))
}

/// Whether no command of a moment ago can mean it any more.
fn is_over(record: &Record, now: Timestamp) -> Result<bool, Failure> {
    let has_ended =
        |operation: &Operation| operation.as_claim_redeem().is_some_and(|claim| claim.until <= now);
    Ok(now >= record.valid_until()? || record.operations()?.iter().any(has_ended))
}

/// Says by the key of a text what became of it.
fn say_known(app: &App, record: &Record, key: &str) {
    let (id, at) = (record.transaction.to_string(), calendar::show(record.signed_at));
    app.output.say(&app.text(key, &[("transaction", &id), ("at", &at)]));
}

/// Finds out about what else the account sent with an unknown outcome, so that it never answers for
/// what is asked after this order. Payments wait for their own command, or `kyojo receipt`.
async fn settle_others(
    app: &App,
    client: &Client,
    (genesis, account): (&Hash, &AccountId),
    intent: &Hash,
) -> Result<(), Failure> {
    let outbox = Outbox::of(&app.settings.folders)?;
    for record in outbox.open()? {
        let is_other = record.is_of(genesis, account) && record.intent != *intent;
        if !is_other || record.is_of_batch() || repeats(&record)? {
            continue;
        }
        // A node that cannot tell keeps nobody from anything.
        if let Ok(Some(Fate::Known(receipt))) = looked_up(client, &record).await {
            let is_done = settled(client, &outbox, &record, receipt).is_ok();
            say_known(app, &record, if is_done { WAS_DONE } else { WAS_REJECTED });
        }
    }
    Ok(())
}

/// A record whose outcome is known leaves the pending ones, unless its batch has yet to note it; a
/// rejection is a failure.
pub(crate) fn settled(
    client: &Client,
    outbox: &Outbox,
    record: &Record,
    receipt: Receipt,
) -> Result<Sent, Failure> {
    match checked(receipt) {
        Ok(receipt) => {
            if !record.is_of_batch() {
                outbox.done(record, client.network().clock.now(), repeats(record)?);
            }
            Ok(Sent::of(receipt, record))
        }
        Err(rejected) => {
            if !record.is_of_batch() {
                outbox.rejected(record);
            }
            Err(rejected)
        }
    }
}

/// Finds out what became of a transaction; the same bytes are sent again where it may be lost.
///
/// # Errors
/// [`ClientError::OutcomeUnknown`] while a block may still hold it.
pub(crate) async fn resolve(client: &Client, record: &Record) -> Result<Fate, Failure> {
    let id = record.transaction;
    let unknown = ClientError::OutcomeUnknown { transaction: id };
    if let Some(fate) = looked_up(client, record).await? {
        return Ok(fate);
    }
    let error = match client.submit_and_wait(&record.signed()?).await {
        Ok(receipt) => return Ok(Fate::Known(receipt)),
        Err(error) => error,
    };
    if is_nonce_used(&error) {
        // A node that judges by the block that used the nonce also has its receipts.
        return match receipt(client, &id).await {
            Ok(Told::Receipt(receipt)) => Ok(Fate::Known(receipt)),
            Ok(Told::NoBlockHasIt) => Ok(Fate::Gone),
            Ok(Told::Nothing) | Err(_) => Err(unknown.into()),
        };
    }
    // Nothing else that a node says now is about what became of the bytes that left before.
    match looked_up(client, record).await {
        Ok(Some(fate)) => Ok(fate),
        Ok(None) | Err(_) => Err(unknown.into()),
    }
}

/// What the ledger says of a transaction; none while it may still come.
pub(crate) async fn looked_up(client: &Client, record: &Record) -> Result<Option<Fate>, Failure> {
    // The time first: what no block up to then holds, and none after may hold, never comes.
    let status = client.status().await?;
    match receipt(client, &record.transaction).await? {
        Told::Receipt(receipt) => Ok(Some(Fate::Known(receipt))),
        Told::NoBlockHasIt => {
            let is_over = status.time.get() >= record.valid_until()?;
            Ok(is_over.then_some(Fate::Gone))
        }
        Told::Nothing => Ok(None),
    }
}

/// What a node tells of a transaction.
enum Told {
    Receipt(Receipt),
    NoBlockHasIt,
    /// It keeps no index and cannot tell.
    Nothing,
}

async fn receipt(client: &Client, id: &TransactionId) -> Result<Told, Failure> {
    match client.receipt(id, Wait { wait_ms: Some(RECEIPT_WAIT_MS) }).await {
        Ok(receipt) => Ok(Told::Receipt(receipt)),
        Err(error) if error.code() == Some(ApiCode::UnknownTransaction.number()) => {
            Ok(Told::NoBlockHasIt)
        }
        Err(error) if error.code() == Some(ApiCode::IndexDisabled.number()) => Ok(Told::Nothing),
        Err(error) => Err(error.into()),
    }
}

/// Whether a block has used the nonce, be it for another transaction or for this one.
fn is_nonce_used(error: &ClientError) -> bool {
    error.code() == Some(Inadmissible::NonceUsed { nonce: Nonce::new(0) }.code())
}

fn done_just_now(record: &Record) -> Failure {
    Failure::new(Exit::Declined, "err-done-just-now")
        .with("transaction", record.transaction)
        .with("at", calendar::show(record.signed_at))
        .details(json!({ "transaction": record.transaction }))
}

/// The number of what was asked: the same for the same order again, however it is spelt.
///
/// Where an operation has more than what was asked (a salt, a fresh number, the time), the command
/// line and the files that it names say what was.
fn intent(app: &App, genesis: &Hash, asked: &Asked) -> Hash {
    let Asked { account, operations, said } = asked;
    let essences = operations.iter().map(|operation| match essence(operation) {
        Essence::Again(essence) | Essence::Once(essence) => Some(essence),
        Essence::Command => None,
    });
    let Some(essences) = essences.collect::<Option<Vec<Operation>>>() else {
        let names: Vec<&str> = operations.iter().map(Operation::name).collect();
        return intent_of_command(app, genesis, account, &names);
    };
    let (said, essences) = (codec::encode(said), codec::encode(&essences));
    let what = Hash::of(&[b"operations/".as_slice(), &said, &essences]);
    Hash::of(&[TAG_INTENT, genesis.as_bytes(), account.as_bytes(), what.as_bytes()])
}

/// The number of what a command asks for, by the operations that it sends.
pub(crate) fn intent_of_command(
    app: &App,
    genesis: &Hash,
    account: &AccountId,
    names: &[&str],
) -> Hash {
    let names = names.join("/");
    let what = Hash::of(&[b"command/".as_slice(), app.asked.as_bytes(), names.as_bytes()]);
    Hash::of(&[TAG_INTENT, genesis.as_bytes(), account.as_bytes(), what.as_bytes()])
}
