//! What a wallet keeps beside its key of what it sends: on disk before the first byte leaves.
//!
//! A transaction whose outcome is not known lies in `pending` as it was signed, with what was asked
//! and what the command answers, so that the same command sends these bytes again and no others.
//! What the ledger would do twice stays in `recent` for a while after it was done. A signed
//! transaction is no secret; what belongs to consents is encrypted: [`crate::consents`].

use std::fs::File;
use std::path::{Path, PathBuf};
use std::time::Duration;

use consent_records::format::Version;
use ledger_types::{AccountId, Hash, Nonce, Operation, Timestamp, Transaction, TransactionId};
use network_clock::{Clock, after};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::client::Signed;
use crate::failure::{Exit, Failure};
use crate::keystore::Existing;
use crate::keystore::file::write_private;
use crate::settings::{self, Folders, file_failure};

/// For how long after a payment the same one is not made again without being asked, in real time.
pub(crate) const RECENT_FOR: Duration = Duration::from_secs(3 * 60);

/// A signed transaction with what belongs to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Record {
    version: Version<1>,
    pub(crate) genesis: Hash,
    pub(crate) account: AccountId,
    /// What was asked: the same for the same command again.
    pub(crate) intent: Hash,
    pub(crate) transaction: TransactionId,
    #[serde(with = "hex::serde")]
    bytes: Vec<u8>,
    /// When it was signed, in the network's time.
    pub(crate) signed_at: Timestamp,
    /// What machines learn once it is committed, beside the receipt.
    pub(crate) data: Value,
    /// The next useful commands then.
    pub(crate) next: Vec<String>,
    /// Where its opening lies.
    opening: Option<PathBuf>,
    /// When it was learnt that it is committed.
    done_at: Option<Timestamp>,
}

/// What opens a commitment of a transaction, kept in clear for its owner alone.
#[derive(Clone, Debug)]
pub(crate) struct Opening {
    /// The member of the command's data that says where it lies.
    pub(crate) member: &'static str,
    /// Under which name; without one, under the transaction's.
    pub(crate) name: Option<String>,
    /// What is kept.
    pub(crate) document: Value,
}

/// What stands in a record beside the transaction.
pub(crate) struct About {
    pub(crate) genesis: Hash,
    pub(crate) intent: Hash,
    pub(crate) signed_at: Timestamp,
    pub(crate) data: Value,
    pub(crate) next: Vec<String>,
}

impl Record {
    /// Whether it pays a part of a batch, whose own record says what was paid.
    pub(crate) fn is_of_batch(&self) -> bool {
        self.data.get("part").is_some()
    }

    /// Whether an account of a network sends it.
    pub(crate) fn is_of(&self, genesis: &Hash, account: &AccountId) -> bool {
        self.genesis == *genesis && self.account == *account
    }

    /// The bytes as they are sent, the first time and every other.
    pub(crate) fn signed(&self) -> Result<Signed, Failure> {
        let transaction = self.decoded()?;
        let (account, nonce) = (transaction.unsigned.account, transaction.unsigned.nonce);
        Ok(Signed { id: self.transaction, account, nonce, bytes: self.bytes.clone().into() })
    }

    pub(crate) fn operations(&self) -> Result<Vec<Operation>, Failure> {
        Ok(self.decoded()?.unsigned.operations)
    }

    pub(crate) fn nonce(&self) -> Result<Nonce, Failure> {
        Ok(self.decoded()?.unsigned.nonce)
    }

    /// From which block time on no block can hold it any more.
    pub(crate) fn valid_until(&self) -> Result<Timestamp, Failure> {
        Ok(self.decoded()?.unsigned.valid_until)
    }

    fn decoded(&self) -> Result<Transaction, Failure> {
        let transaction = Transaction::decode(&self.bytes).map_err(|_| internal())?;
        let is_whole = transaction.id(&self.genesis) == self.transaction
            && transaction.unsigned.account == self.account;
        is_whole.then_some(transaction).ok_or_else(internal)
    }
}

/// See the module.
pub(crate) struct Outbox {
    folder: PathBuf,
}

/// While it lives, no other process of this wallet's folder decides what to send.
pub(crate) struct Turn(#[expect(dead_code, reason = "closing the file ends the turn")] File);

impl Outbox {
    pub(crate) fn of(folders: &Folders) -> Result<Self, Failure> {
        Ok(Self { folder: folders.data()?.to_owned() })
    }

    fn pending(&self) -> PathBuf {
        self.folder.join("pending")
    }

    fn recent(&self) -> PathBuf {
        self.folder.join("recent")
    }

    /// Waits until no other process decides what to send.
    pub(crate) fn turn(&self) -> Result<Turn, Failure> {
        let path = self.folder.join("outbox.lock");
        let failed = |error: std::io::Error| file_failure(&path, &error);
        std::fs::create_dir_all(&self.folder).map_err(failed)?;
        let file = File::options().create(true).append(true).open(&path).map_err(failed)?;
        file.lock().map_err(failed)?;
        Ok(Turn(file))
    }

    /// Writes a signed transaction down, and before it what opens its commitments. Nothing may be
    /// sent where this fails.
    pub(crate) fn keep(
        &self,
        signed: &Signed,
        about: About,
        opening: Option<&Opening>,
    ) -> Result<Record, Failure> {
        let About { genesis, intent, signed_at, mut data, next } = about;
        let opening = match opening {
            None => None,
            Some(opening) => {
                let path = self.keep_opening(&signed.id, opening)?;
                data[opening.member] = json!(path);
                Some(path)
            }
        };
        let record = Record {
            version: Version,
            genesis,
            account: signed.account,
            intent,
            transaction: signed.id,
            bytes: signed.bytes.to_vec(),
            signed_at,
            data,
            next,
            opening,
            done_at: None,
        };
        write(&self.pending(), &record).inspect_err(|_| remove_opening(&record))?;
        Ok(record)
    }

    fn keep_opening(&self, id: &TransactionId, opening: &Opening) -> Result<PathBuf, Failure> {
        let name = opening.name.clone().unwrap_or_else(|| id.to_string());
        let path = self.folder.join("openings").join(format!("{name}.json"));
        let mut document = opening.document.clone();
        if opening.name.is_none() {
            document["transaction"] = json!(id);
        }
        let mut text = serde_json::to_vec_pretty(&document).map_err(|_| internal())?;
        text.push(b'\n');
        settings::write_new(&path, &text)?;
        Ok(path)
    }

    /// The ledger has committed it. Where it `repeats`, the ledger would do the same again.
    pub(crate) fn done(&self, record: &Record, now: Timestamp, repeats: bool) {
        let record = Record { done_at: Some(now), ..record.clone() };
        // One that stays pending is found committed the next time it is asked for.
        if !repeats || write(&self.recent(), &record).is_ok() {
            self.remove(&record);
        }
    }

    /// The ledger has rejected it: only what opens it stays.
    pub(crate) fn rejected(&self, record: &Record) {
        self.remove(record);
    }

    /// It was never taken, or can never come any more.
    pub(crate) fn forget(&self, record: &Record) {
        self.remove(record);
        remove_opening(record);
    }

    fn remove(&self, record: &Record) {
        // One that stays is found settled, or lost, the next time it is looked at.
        let _ = std::fs::remove_file(place(&self.pending(), record));
    }

    /// The pending transaction of this name.
    pub(crate) fn find(&self, id: &TransactionId) -> Result<Option<Record>, Failure> {
        Ok(self.open()?.into_iter().find(|record| record.transaction == *id))
    }

    /// What this wallet sent under this name, where it still has it.
    pub(crate) fn known(&self, id: &TransactionId) -> Result<Option<Record>, Failure> {
        let recent = read_all(&self.recent())?.into_iter();
        Ok(self.open()?.into_iter().chain(recent).find(|record| record.transaction == *id))
    }

    /// What was said with a transaction, where its opening is here.
    pub(crate) fn reference(&self, id: &TransactionId) -> Result<Option<String>, Failure> {
        let path = self.folder.join("openings").join(format!("{id}.json"));
        let text = match std::fs::read(&path) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            text => text.map_err(|error| file_failure(&path, &error))?,
        };
        let document: Option<Value> = serde_json::from_slice(&text).ok();
        Ok(document.and_then(|it| Some(it.get("reference")?.as_str()?.to_owned())))
    }

    /// Every transaction whose outcome is not known, oldest first.
    ///
    /// # Errors
    /// One that cannot be read: what it pays might be paid twice.
    pub(crate) fn open(&self) -> Result<Vec<Record>, Failure> {
        read_all(&self.pending())
    }

    /// What was committed so short a time ago that the same is not done again without being asked.
    pub(crate) fn done_lately(&self, clock: &Clock) -> Result<Vec<Record>, Failure> {
        let (now, within) = (clock.now(), clock.stretched(RECENT_FOR));
        let (lately, before): (Vec<Record>, Vec<Record>) = read_all(&self.recent())?
            .into_iter()
            .partition(|record| record.done_at.is_some_and(|at| now < after(at, within)));
        for record in before {
            // One that stays is only old the next time too.
            let _ = std::fs::remove_file(place(&self.recent(), &record));
        }
        Ok(lately)
    }
}

fn place(folder: &Path, record: &Record) -> PathBuf {
    folder.join(format!("{}.json", record.transaction))
}

fn write(folder: &Path, record: &Record) -> Result<(), Failure> {
    let path = place(folder, record);
    let mut text = serde_json::to_vec_pretty(record).map_err(|_| internal())?;
    text.push(b'\n');
    write_private(&path, &text, Existing::Replace).map_err(|error| file_failure(&path, &error))
}

fn remove_opening(record: &Record) {
    if let Some(path) = &record.opening {
        // An opening of nothing harms nobody.
        let _ = std::fs::remove_file(path);
    }
}

fn read_all(folder: &Path) -> Result<Vec<Record>, Failure> {
    let failed = |error: std::io::Error| file_failure(folder, &error);
    let entries = match std::fs::read_dir(folder) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries.map_err(failed)?,
    };
    let mut records = Vec::new();
    for entry in entries {
        let path = entry.map_err(failed)?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        // What begins with a point was never whole, and so was never sent.
        if name.starts_with('.') || path.extension().is_none_or(|ending| ending != "json") {
            continue;
        }
        match std::fs::read(&path) {
            Ok(text) => records.push(read(&path, &text)?),
            // Another process has just ended it.
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => return Err(file_failure(&path, &error)),
        }
    }
    records.sort_by_key(|record| (record.signed_at, record.transaction));
    Ok(records)
}

fn read(path: &Path, text: &[u8]) -> Result<Record, Failure> {
    let record: Option<Record> = serde_json::from_slice(text).ok();
    let whole = record.filter(|record| record.decoded().is_ok());
    let broken = || Failure::new(Exit::Config, "err-pending-broken").with("path", path.display());
    whole.ok_or_else(broken)
}

fn internal() -> Failure {
    Failure::new(Exit::Other, "err-internal")
}
