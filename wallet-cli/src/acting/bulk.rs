//! Many payments of one payer: checked before the first is sent, sent as many at once as her nonces
//! allow, and gone on with after an interruption.
//!
//! What was paid of a batch stands in [`crate::acting::batches`], what was sent and may still come
//! in [`crate::outbox`]; both before anybody is told. A batch only grows: where a row that was sent
//! is no longer in the file, nothing more is sent, for nobody can tell a changed row from a new one.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::time::{Duration, Instant};

use ledger_types::{Hash, Nonce, Operation, Receipt, Yen, ZoneId};
use node_api::body::AccountBody;
use node_api::query::ByRead;
use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::acting::batches::{Batch, Key, Paid, Part};
use crate::acting::order::{Fate, looked_up, resolve};
use crate::acting::rows::{Rows, sum};
use crate::acting::transact::{Sender, Session, checked, dry_run, lost_nonce, merged};
use crate::amount;
use crate::app::App;
use crate::client::{Client, ClientError, Nonces};
use crate::commitment::{Salt, TAG_REFERENCE};
use crate::failure::{Exit, Failure};
use crate::outbox::{About, Opening, Outbox, Record};
use crate::output::{Reply, short};
use crate::refusal;

/// Tag of the number of a batch, and of each part of one.
const TAG_BATCH: &[u8] = b"kyojo/batch/v1";
/// How many transactions are under way at once: the window of nonces.
const AT_ONCE: usize = 128;
/// For how long nothing may be taken before the rest is left for another time.
const PATIENCE: Duration = Duration::from_secs(10 * 60);
/// The shortest pause after a node took nothing for now.
const PAUSE: Duration = Duration::from_secs(1);
/// After how many rows something is said of the progress.
const PROGRESS_EVERY: usize = 500;
/// How many rows that failed are named for people.
const NAMED_MAX: usize = 20;

/// What kind of batch it is.
pub(crate) struct Kind<'a> {
    /// Its number: the same for the same batch again.
    pub(crate) id: Hash,
    /// How many rows one transaction pays.
    pub(crate) rows_a_part: usize,
    /// Out of what it pays.
    pub(crate) from: Purse,
    /// Whether the ledger knows the parts by numbers, and takes each number once.
    pub(crate) is_numbered: bool,
    /// The key of the words that say what it does.
    pub(crate) what: &'static str,
    /// What is shown beside, before anybody agrees.
    pub(crate) lines: Vec<(String, String)>,
    /// What machines learn beside.
    pub(crate) data: Value,
    /// What one transaction does, by its part and the salted commitment to its reference; none where
    /// a part cannot be of the kind.
    pub(crate) operation: &'a (dyn Fn(&Part, Option<Hash>) -> Option<Operation> + Sync),
}

/// Out of what a batch pays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purse {
    /// The payer's account.
    Account,
    /// The payer's part of a zone.
    Zone(ZoneId),
    /// What a bank may still issue. References are then the core banking system's: the operation has
    /// them, and nothing needs to be opened.
    Issue {
        /// How much that is.
        left: Yen,
    },
}

impl Kind<'_> {
    /// The number of a batch of a payer.
    pub(crate) fn id(session: &Session, words: &[&[u8]]) -> Hash {
        let attached = &session.attached;
        let (genesis, account) = (attached.genesis_hash.as_bytes(), attached.account.as_bytes());
        let mut all = vec![TAG_BATCH, genesis.as_slice(), account.as_slice()];
        let lengths: Vec<[u8; 8]> = words.iter().map(|w| (w.len() as u64).to_be_bytes()).collect();
        for (word, length) in words.iter().zip(&lengths) {
            all.extend([length.as_slice(), word]);
        }
        Hash::of(&all)
    }
}

/// What became of a row.
#[derive(Clone, Debug)]
enum Outcome {
    /// Paid, in this run or before it.
    Paid { paid: Value, is_before: bool },
    /// Rejected by the ledger, or refused by a node.
    Failed(Failure),
    /// Sent; nobody knows yet.
    Unknown,
}

/// A run of a batch.
struct Run<'a> {
    app: &'a App,
    client: &'a Client,
    sender: &'a Sender,
    kind: &'a Kind<'a>,
    outbox: Outbox,
    batch: Batch,
    outcomes: BTreeMap<Key, Outcome>,
    /// Why no more is sent.
    stopped: Option<Failure>,
    progressed: Instant,
    paused_until: Option<Instant>,
}

/// Pays what of a file was not paid yet.
pub(crate) async fn pay(
    app: &App,
    session: &Session,
    kind: &Kind<'_>,
    rows: &Rows,
) -> Result<Reply, Failure> {
    let warnings = rows.warnings.clone();
    match pay_rows(app, session, kind, rows).await {
        Ok(reply) => Ok(Reply { warnings, ..reply }),
        Err(failure) => Err(failure.warned(warnings)),
    }
}

async fn pay_rows(
    app: &App,
    session: &Session,
    kind: &Kind<'_>,
    rows: &Rows,
) -> Result<Reply, Failure> {
    let keys: Vec<Key> = rows.rows.iter().map(Key::of).collect();
    let total = sum(keys.iter().map(|key| key.amount))?;
    let mut lines = session.lines(app);
    lines.push((app.text("label-act", &[]), app.text(kind.what, &[])));
    lines.extend(kind.lines.clone());
    lines.push((app.text("label-count", &[]), keys.len().to_string()));
    lines.push((app.text("label-amount", &[]), amount::show(total)));
    lines.extend(rows.twins(app));
    let data = merged(json!({ "rows": keys.len(), "amount": total }), &kind.data);
    if app.global.dry_run {
        return Ok(dry_run(app, &lines, &data));
    }
    let unlocked = app.unlock(&session.wallet)?;
    let mut sender = Sender::of(&unlocked);
    if let Some(key) = app.checker_key()? {
        sender = sender.with_cosigner(key);
    }
    let mut run = Run {
        app,
        client: &session.client,
        sender: &sender,
        kind,
        outbox: Outbox::of(&app.settings.folders)?,
        batch: Batch::open(&app.settings.folders, &kind.id)?,
        outcomes: BTreeMap::new(),
        stopped: None,
        progressed: Instant::now(),
        paused_until: None,
    };
    run.settle_earlier(&keys).await?;
    let todo = run.not_paid_yet(&keys)?;
    let before = keys.len() - todo.len();
    if !todo.is_empty() {
        let left = sum(todo.iter().map(|key| key.amount))?;
        let reader = unlocked.reader();
        let account = session.client.account(&reader.address, &ByRead::default(), &reader).await?;
        let available = available(&account, kind.from);
        if left > available {
            return Err(Failure::new(Exit::Balance, "err-batch-short")
                .with("sum", amount::show(left))
                .with("available", amount::show(available))
                .details(json!({ "amount": left, "available": available })));
        }
        lines.push((app.text("label-paid-before", &[]), before.to_string()));
        lines.push((app.text("label-to-pay", &[]), amount::show(left)));
        app.confirm(&lines)?;
        let parts = run.parts(&todo);
        run.send(parts).await?;
    }
    run.reply(rows, data)
}

/// What may be paid: of the account, of its part in a zone, or what may still be issued.
fn available(account: &AccountBody, from: Purse) -> Yen {
    let money = account.money.as_ref();
    match from {
        Purse::Account => money.map_or(Yen::ZERO, |money| money.available),
        Purse::Zone(zone) => {
            let mut zones = money.iter().flat_map(|money| &money.zones);
            zones.find(|own| own.zone == zone).map_or(Yen::ZERO, |own| own.balance)
        }
        Purse::Issue { left } => left,
    }
}

impl Run<'_> {
    /// Brings to its end what an earlier run sent, before anything new is signed.
    async fn settle_earlier(&mut self, keys: &[Key]) -> Result<(), Failure> {
        let wanted: BTreeSet<&Key> = keys.iter().collect();
        let mut asked = JoinSet::new();
        for record in self.outbox.open()? {
            let Some(part) = Part::kept_in(&record.data).filter(|part| part.batch == self.kind.id)
            else {
                continue;
            };
            let client = self.client.clone();
            // What is no longer in the file is not sent again, but it may have arrived before.
            let is_wanted = part.rows.iter().all(|key| wanted.contains(key));
            asked.spawn(async move {
                let fate = if is_wanted {
                    resolve(&client, &record).await
                } else {
                    looked_up(&client, &record).await.and_then(|fate| {
                        let transaction = record.transaction;
                        fate.ok_or_else(|| ClientError::OutcomeUnknown { transaction }.into())
                    })
                };
                (record, part, fate)
            });
        }
        let mut unknown = None;
        while let Some(done) = asked.join_next().await {
            let (record, part, fate) = done.map_err(|_| internal())?;
            match fate {
                Ok(Fate::Known(receipt)) => self.ended(&record, part, receipt)?,
                Ok(Fate::Gone) => self.outbox.forget(&record),
                Err(failure) => unknown = Some(failure),
            }
        }
        // What was rejected then may be tried again.
        self.outcomes.clear();
        unknown.map_or(Ok(()), Err)
    }

    /// The rows of the file that no part has paid.
    fn not_paid_yet(&mut self, keys: &[Key]) -> Result<Vec<Key>, Failure> {
        let wanted: BTreeSet<&Key> = keys.iter().collect();
        let mut missing = Vec::new();
        for paid in &self.batch.paid {
            for key in &paid.part.rows {
                if wanted.contains(key) {
                    let outcome = Outcome::Paid { paid: of_paid(paid), is_before: true };
                    self.outcomes.insert(key.clone(), outcome);
                } else {
                    missing.push(json!({
                        "to": self.address(key), "amount": key.amount,
                        "reference": key.reference, "transaction": paid.transaction,
                    }));
                }
            }
        }
        if let Some(first) = missing.first() {
            let text = |member: &str| first[member].as_str().unwrap_or_default().to_owned();
            return Err(Failure::new(Exit::Usage, "err-batch-changed")
                .with("count", missing.len())
                .with("to", short(&text("to")))
                .with("amount", format!("{}円", text("amount")))
                .details(json!({ "rows": missing })));
        }
        Ok(keys.iter().filter(|key| !self.outcomes.contains_key(*key)).cloned().collect())
    }

    fn address(&self, key: &Key) -> String {
        key.to.to_address(&self.client.network().address_prefix)
    }

    /// Rows in parts, each with the next number.
    fn parts(&self, rows: &[Key]) -> VecDeque<Part> {
        let used = self.batch.paid.iter().map(|paid| paid.part.number).max();
        let first = used.map_or(0, |last| last.saturating_add(1));
        let parts = rows.chunks(self.kind.rows_a_part.max(1)).zip(first..);
        parts
            .map(|(rows, number)| Part { batch: self.kind.id, number, rows: rows.to_vec() })
            .collect()
    }

    /// Sends parts until all have ended or no more may be sent.
    async fn send(&mut self, mut parts: VecDeque<Part>) -> Result<(), Failure> {
        let mut nonces = self.sender.free_nonces(self.client, &self.outbox).await?;
        let mut flights = JoinSet::new();
        loop {
            while self.stopped.is_none() && !self.is_paused() && flights.len() < AT_ONCE {
                let Some(part) = parts.pop_front() else { break };
                let Some(nonce) = nonces.take() else {
                    parts.push_front(part);
                    break;
                };
                match self.keep(&part, nonce) {
                    Ok(record) => {
                        let (client, signed) = (self.client.clone(), record.signed()?);
                        flights.spawn(async move {
                            let sent = client.submit_and_wait(&signed).await;
                            (record, part, nonce, sent)
                        });
                    }
                    // What is under way comes to its end all the same.
                    Err(failure) => self.stopped = Some(failure),
                }
            }
            let Some(done) = flights.join_next().await else {
                if self.stopped.is_some() || parts.is_empty() {
                    return Ok(());
                }
                if let Some(until) = self.paused_until.take() {
                    tokio::time::sleep_until(until.into()).await;
                } else {
                    // All nonces are held by what other programs sent.
                    self.stopped = Some(Failure::new(Exit::Refused, "err-window-full"));
                }
                continue;
            };
            let (record, part, nonce, sent) = done.map_err(|_| internal())?;
            self.landed(&mut nonces, &mut parts, (record, part, nonce), sent)?;
        }
    }

    fn is_paused(&mut self) -> bool {
        self.paused_until.is_some_and(|until| Instant::now() < until)
    }

    /// Signs a part and writes it down.
    fn keep(&self, part: &Part, nonce: Nonce) -> Result<Record, Failure> {
        let network = self.client.network();
        let is_opened = !matches!(self.kind.from, Purse::Issue { .. });
        let reference = match part.rows.as_slice() {
            [one] if is_opened => one.reference.as_ref().map(|text| (text, Salt::fresh())),
            _ => None,
        };
        let commitment = reference.as_ref().map(|(text, salt)| {
            let (text, salt): (&String, &Salt) = (text, salt);
            salt.commit(TAG_REFERENCE, text.as_bytes())
        });
        let opening = reference.map(|(text, salt)| {
            let document = json!({ "reference": text, "salt": salt });
            Opening { member: "reference_opening", name: None, document }
        });
        let operation = (self.kind.operation)(part, commitment).ok_or_else(internal)?;
        let signed = self.sender.sign(network, nonce, vec![operation]);
        let number = part.number.to_be_bytes();
        let rows = serde_json::to_vec(&part.rows).map_err(|_| internal())?;
        let about = About {
            genesis: network.genesis_hash,
            intent: Hash::of(&[TAG_BATCH, self.kind.id.as_bytes(), &number, &rows]),
            signed_at: network.clock.now(),
            data: json!({ "part": part }),
            next: Vec::new(),
        };
        let _turn = self.outbox.turn()?;
        self.outbox.keep(&signed, about, opening.as_ref())
    }

    /// What follows from how a part's sending ended.
    fn landed(
        &mut self,
        nonces: &mut Nonces,
        parts: &mut VecDeque<Part>,
        (record, part, nonce): (Record, Part, Nonce),
        sent: Result<Receipt, ClientError>,
    ) -> Result<(), Failure> {
        match sent {
            Ok(receipt) => {
                nonces.settle(nonce);
                self.progressed = Instant::now();
                self.ended(&record, part, receipt)?;
            }
            Err(error @ ClientError::OutcomeUnknown { .. }) => {
                self.tell(part, &Outcome::Unknown);
                self.stopped = Some(error.into());
            }
            Err(error) => {
                // Nothing of it arrived anywhere.
                self.outbox.forget(&record);
                if lost_nonce(&error) {
                    nonces.settle(nonce);
                    parts.push_front(part);
                    return Ok(());
                }
                nonces.give_back(nonce);
                if refusal::is_for_now(&error) && self.progressed.elapsed() < PATIENCE {
                    let pause = error.retry_after().unwrap_or(PAUSE).max(PAUSE);
                    self.paused_until = Some(Instant::now() + pause);
                    parts.push_front(part);
                    return Ok(());
                }
                let failure = Failure::from(error);
                self.tell(part, &Outcome::Failed(failure.clone()));
                self.stopped = Some(failure);
            }
        }
        Ok(())
    }

    /// The ledger has spoken of a part.
    fn ended(&mut self, record: &Record, part: Part, receipt: Receipt) -> Result<(), Failure> {
        let now = self.client.network().clock.now();
        match checked(receipt) {
            Ok(Receipt { transaction, height, .. }) => {
                let paid = Paid { part: part.clone(), transaction, height };
                let told = of_paid(&paid);
                self.batch.note(paid)?;
                self.outbox.done(record, now, false);
                self.tell(part, &Outcome::Paid { paid: told, is_before: false });
            }
            Err(failure) => {
                self.outbox.rejected(record);
                if self.kind.is_numbered && failure.code() == PAID_ELSEWHERE {
                    let number = part.number.to_string();
                    let elsewhere = Failure::new(Exit::Refused, "err-batch-elsewhere");
                    self.stopped = Some(elsewhere.with("number", number));
                }
                self.tell(part, &Outcome::Failed(failure));
            }
        }
        let count = self.outcomes.len();
        if count.is_multiple_of(PROGRESS_EVERY) {
            let text = self.app.text("note-progress", &[("count", &count.to_string())]);
            self.app.output.say(&text);
        }
        Ok(())
    }

    fn tell(&mut self, part: Part, outcome: &Outcome) {
        self.outcomes.extend(part.rows.into_iter().map(|key| (key, outcome.clone())));
    }

    /// A result for each row of the file.
    fn reply(self, rows: &Rows, data: Value) -> Result<Reply, Failure> {
        let (mut paid, mut before) = (0_usize, 0_usize);
        let (mut results, mut named, mut first) = (Vec::new(), Vec::new(), None);
        for row in &rows.rows {
            let key = Key::of(row);
            let mut result = json!({
                "line": row.line, "to": self.address(&key), "amount": row.amount,
            });
            if let Some(reference) = &row.reference {
                result["reference"] = json!(reference);
            }
            let told = match self.outcomes.get(&key) {
                Some(Outcome::Paid { paid: told, is_before }) => {
                    paid += usize::from(!is_before);
                    before += usize::from(*is_before);
                    merged(json!({ "outcome": "committed", "before": is_before }), told)
                }
                Some(Outcome::Failed(failure)) => {
                    let message = failure.message(self.app.output.lang);
                    named.push((row.line, message.clone()));
                    first = first.or(Some(failure.clone()));
                    json!({ "outcome": "rejected", "code": failure.code(), "message": message })
                }
                Some(Outcome::Unknown) => {
                    named.push((row.line, self.app.text("label-outcome-unknown", &[])));
                    json!({ "outcome": "unknown" })
                }
                None => {
                    named.push((row.line, self.app.text("label-not-sent", &[])));
                    json!({ "outcome": "not_sent" })
                }
            };
            results.push(merged(result, &told));
        }
        let counts = json!({ "paid": paid, "paid_before": before, "results": results });
        let data = merged(data, &counts);
        let (now, earlier) = (paid.to_string(), before.to_string());
        let Some(failure) = self.stopped.or(first) else {
            let text = self.app.text("done-batch", &[("paid", &now), ("before", &earlier)]);
            return Ok(Reply::new(data, text).next("kyojo balance"));
        };
        let lines = named.iter().take(NAMED_MAX).map(|(line, why)| {
            let variables = [("line", line.to_string()), ("reason", why.clone())];
            let variables = variables.each_ref().map(|(name, value)| (*name, value.as_str()));
            format!("\n{}", self.app.text("note-row", &variables))
        });
        let lines: Vec<String> = lines.collect();
        Err(Failure::new(failure.exit, "err-batch-unfinished")
            .with("paid", paid + before)
            .with("all", rows.rows.len())
            .with("reason", failure.message(self.app.output.lang))
            .with("lines", lines.concat())
            .details(data))
    }
}

/// The code of a number of a part that was used already.
const PAID_ELSEWHERE: &str = "code-4100";

fn of_paid(paid: &Paid) -> Value {
    json!({ "transaction": paid.transaction, "height": paid.height })
}

fn internal() -> Failure {
    Failure::new(Exit::Other, "err-internal")
}
