//! What survives a restart: which accesses have served, and both halves on their way to the ledger.
//!
//! A `RocksDB` database whose every write is synced before it counts, because an answer leaves on
//! the strength of it. Values are sealed (XChaCha20-Poly1305) under a key of the gateway's own and
//! bound to their place; what shows on the disk are the identities of accesses, which the ledger
//! shows too.
//!
//! | key | value |
//! |---|---|
//! | `h` ‖ half ‖ access | the half's record, for ever: it is what the law asks to be kept |
//! | `o` ‖ half ‖ access | that the half has not met its counterpart yet, or something of it is on its way |
//! | `s` ‖ access | that a holder served the access |

mod record;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use chacha20poly1305::aead::{Aead as _, KeyInit as _, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use ledger_types::Hash;
use ledger_types::operation::Half;
use rand::RngCore as _;
use rocksdb::{DB, Direction, IteratorMode, Options, WriteBatch, WriteOptions};
use zeroize::Zeroizing;

pub use record::{Errand, HalfRecord, HalfState, Naming, Sealed};

const TAG: &[u8] = b"kyojo/gateway-store/v1";
const NONCE_BYTES: usize = 24;
const RECORD: u8 = b'h';
const OPEN: u8 = b'o';
const SERVED: u8 = b's';

/// The store; clones share it.
#[derive(Clone)]
pub struct Store {
    inner: Arc<Inner>,
}

struct Inner {
    path: PathBuf,
    database: DB,
    key: Zeroizing<[u8; 32]>,
}

impl core::fmt::Debug for Store {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Store({})", self.inner.path.display())
    }
}

/// Why the store refuses.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database does not open, read or write.
    #[error("{}: {source}", path.display())]
    Database {
        /// Where.
        path: PathBuf,
        /// What it says.
        source: rocksdb::Error,
    },
    /// A value does not open: it was changed, or the key is another.
    #[error("{}: a record does not open: it was changed, or the key is another", path.display())]
    Broken {
        /// Where.
        path: PathBuf,
    },
    /// The access has served before.
    #[error("the access has served before")]
    Served,
}

/// Whether a process changes the store or looks at it beside the one that does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// The gateway itself: one process at a time.
    Serve,
    /// A look at what is there now.
    Look,
}

impl Store {
    /// Opens the store in a folder; it is begun where it is missing and the purpose is to serve.
    ///
    /// # Errors
    /// [`StoreError::Database`], also where another process serves from it.
    pub fn open(path: &Path, key: &[u8; 32], purpose: Purpose) -> Result<Self, StoreError> {
        let mut options = Options::default();
        options.create_if_missing(purpose == Purpose::Serve);
        options.set_keep_log_file_num(2);
        options.set_max_open_files(128);
        options.set_write_buffer_size(4 * 1024 * 1024);
        let opened = match purpose {
            Purpose::Serve => DB::open(&options, path),
            Purpose::Look => DB::open_for_read_only(&options, path, false),
        };
        let database =
            opened.map_err(|source| StoreError::Database { path: path.to_owned(), source })?;
        let derived = Hash::of(&[TAG, key]);
        let key = Zeroizing::new(*derived.as_bytes());
        Ok(Self { inner: Arc::new(Inner { path: path.to_owned(), database, key }) })
    }

    /// Whether a holder served the access.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn has_served(&self, access: &Hash) -> Result<bool, StoreError> {
        let found = self.inner.database.get(keyed(SERVED, access));
        Ok(found.map_err(|source| self.failed(source))?.is_some())
    }

    /// Queues a half, durable when this returns; a holder's also marks its access as served.
    ///
    /// # Errors
    /// [`StoreError::Served`] where there is such a half already; nothing is written then.
    pub fn queue(&self, record: &HalfRecord) -> Result<(), StoreError> {
        let access = record.access();
        if self.record(record.half, &access)?.is_some() {
            return Err(StoreError::Served);
        }
        let mut batch = WriteBatch::default();
        self.put(&mut batch, record);
        if record.half == Half::Holder {
            batch.put(keyed(SERVED, &access), []);
        }
        self.write(batch)
    }

    /// Puts a half's new state in the place of the one before, durable when this returns.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn update(&self, record: &HalfRecord) -> Result<(), StoreError> {
        let mut batch = WriteBatch::default();
        self.put(&mut batch, record);
        self.write(batch)
    }

    /// A half's record.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn record(&self, half: Half, access: &Hash) -> Result<Option<HalfRecord>, StoreError> {
        let key = half_key(RECORD, half, access);
        let found = self.inner.database.get(&key).map_err(|source| self.failed(source))?;
        found.map(|sealed| self.opened(&key, &sealed)).transpose()
    }

    /// Every half that has not met its counterpart, in order of access.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn open_halves(&self) -> Result<Vec<HalfRecord>, StoreError> {
        let mut records = Vec::new();
        for key in self.keys(OPEN) {
            let mut key = key?;
            if let Some(first) = key.first_mut() {
                *first = RECORD;
            }
            let found = self.inner.database.get(&key).map_err(|source| self.failed(source))?;
            let sealed = found.ok_or_else(|| self.broken())?;
            records.push(self.opened(&key, &sealed)?);
        }
        Ok(records)
    }

    /// Every half that was ever queued, in order of access.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn all_halves(&self) -> Result<Vec<HalfRecord>, StoreError> {
        let mut records = Vec::new();
        for item in self.scan(RECORD) {
            let (key, sealed) = item?;
            records.push(self.opened(&key, &sealed)?);
        }
        Ok(records)
    }

    fn put(&self, batch: &mut WriteBatch, record: &HalfRecord) {
        let key = half_key(RECORD, record.half, &record.access());
        batch.put(&key, self.sealed(&key, record));
        let open = half_key(OPEN, record.half, &record.access());
        if record.is_open() {
            batch.put(open, []);
        } else {
            batch.delete(open);
        }
    }

    fn write(&self, batch: WriteBatch) -> Result<(), StoreError> {
        let mut options = WriteOptions::default();
        options.set_sync(true);
        self.inner.database.write_opt(batch, &options).map_err(|source| self.failed(source))
    }

    fn keys(&self, kind: u8) -> impl Iterator<Item = Result<Vec<u8>, StoreError>> + '_ {
        self.scan(kind).map(|item| item.map(|(key, _)| key))
    }

    fn scan(&self, kind: u8) -> impl Iterator<Item = Result<(Vec<u8>, Vec<u8>), StoreError>> + '_ {
        self.inner
            .database
            .iterator(IteratorMode::From(&[kind], Direction::Forward))
            .map(|item| item.map_err(|source| self.failed(source)))
            .map(|item| item.map(|(key, value)| (key.into_vec(), value.into_vec())))
            .take_while(move |item| {
                item.as_ref().map_or(true, |(key, _)| key.first() == Some(&kind))
            })
    }

    fn sealed(&self, key: &[u8], record: &HalfRecord) -> Vec<u8> {
        let mut nonce = [0; NONCE_BYTES];
        rand::rngs::OsRng.fill_bytes(&mut nonce);
        let text = Zeroizing::new(record.to_bytes());
        let payload = Payload { msg: &text, aad: key };
        let ciphertext = XChaCha20Poly1305::new((&*self.inner.key).into())
            .encrypt(XNonce::from_slice(&nonce), payload)
            .expect("a record is far below what the cipher can take");
        [&nonce[..], &ciphertext].concat()
    }

    fn opened(&self, key: &[u8], sealed: &[u8]) -> Result<HalfRecord, StoreError> {
        let text = sealed.split_at_checked(NONCE_BYTES).and_then(|(nonce, ciphertext)| {
            let payload = Payload { msg: ciphertext, aad: key };
            let cipher = XChaCha20Poly1305::new((&*self.inner.key).into());
            cipher.decrypt(XNonce::from_slice(nonce), payload).map(Zeroizing::new).ok()
        });
        text.and_then(|text| HalfRecord::from_bytes(&text)).ok_or_else(|| self.broken())
    }

    fn failed(&self, source: rocksdb::Error) -> StoreError {
        StoreError::Database { path: self.inner.path.clone(), source }
    }

    fn broken(&self) -> StoreError {
        StoreError::Broken { path: self.inner.path.clone() }
    }
}

fn keyed(kind: u8, access: &Hash) -> Vec<u8> {
    [&[kind], access.as_bytes().as_slice()].concat()
}

fn half_key(kind: u8, half: Half, access: &Hash) -> Vec<u8> {
    let half = match half {
        Half::Holder => b'h',
        Half::Recipient => b'r',
    };
    [&[kind, half], access.as_bytes().as_slice()].concat()
}

#[cfg(test)]
mod tests;
