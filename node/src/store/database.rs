//! How both `RocksDB` databases are opened and written.
//!
//! Their write-ahead log is off: what they hold can be made again from the block log. A batch is
//! applied whole or not at all, and a database that lost its last writes holds an earlier moment,
//! whole; each keeps a marker in the same batch that says which.

use std::path::{Path, PathBuf};

use rocksdb::{
    DB, DBCompressionType, IngestExternalFileOptions, Options, SstFileWriter, WriteBatch,
    WriteOptions,
};

use super::error::{StoreError, io};

/// A key and its value.
pub(super) type Pair = (Box<[u8]>, Box<[u8]>);

/// How many pairs go into one table that is brought in whole: some tens of megabytes.
const TABLE_PAIRS: usize = 500_000;

/// A database without a write-ahead log.
pub(super) struct Database {
    path: PathBuf,
    db: DB,
}

impl core::fmt::Debug for Database {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Database({})", self.path.display())
    }
}

impl Database {
    /// Opens the database, or begins one.
    pub(super) fn open(path: &Path, write_buffer_bytes: usize) -> Result<Self, StoreError> {
        kyojo_disk::crash::step(path).map_err(io("opening a database", path))?;
        let mut options = table_options();
        options.create_if_missing(true);
        options.set_write_buffer_size(write_buffer_bytes);
        options.set_max_background_jobs(2);
        options.set_max_open_files(256);
        options.set_keep_log_file_num(2);
        options.set_level_compaction_dynamic_level_bytes(true);
        let db =
            DB::open(&options, path).map_err(|source| StoreError::of_database(path, source))?;
        let database = Self { path: path.to_owned(), db };
        database.is_durable()?;
        Ok(database)
    }

    pub(super) fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        self.db.get(key).map_err(|source| self.failed(source))
    }

    pub(super) fn write(&self, batch: WriteBatch) -> Result<(), StoreError> {
        self.step()?;
        let mut options = WriteOptions::default();
        options.disable_wal(true);
        self.db.write_opt(batch, &options).map_err(|source| self.failed(source))
    }

    /// Brings many pairs, in ascending order of key, in as finished tables, durable when this
    /// returns: they pass neither the write buffer nor a compaction. Over those there before.
    pub(super) fn bring_in(
        &self,
        pairs: impl Iterator<Item = (Vec<u8>, Vec<u8>)>,
    ) -> Result<(), StoreError> {
        self.step()?;
        let options = table_options();
        let mut pairs = pairs.peekable();
        let mut tables = Vec::new();
        while pairs.peek().is_some() {
            let table = self.path.join(format!("brought-in-{}", tables.len()));
            let mut writer = SstFileWriter::create(&options);
            writer.open(&table).map_err(|source| self.failed(source))?;
            for (key, value) in pairs.by_ref().take(TABLE_PAIRS) {
                writer.put(key, value).map_err(|source| self.failed(source))?;
            }
            writer.finish().map_err(|source| self.failed(source))?;
            tables.push(table);
        }
        if tables.is_empty() {
            return Ok(());
        }
        let mut options = IngestExternalFileOptions::default();
        options.set_move_files(true);
        self.db
            .ingest_external_file_opts(&options, tables)
            .map_err(|source| self.failed(source))?;
        self.is_durable()
    }

    /// Makes everything written so far durable.
    #[track_caller]
    pub(super) fn flush(&self) -> Result<(), StoreError> {
        self.step()?;
        self.db.flush().map_err(|source| self.failed(source))?;
        self.is_durable()
    }

    /// Something is about to be written. The database asks the system itself, past our own layer.
    fn step(&self) -> Result<(), StoreError> {
        kyojo_disk::crash::step(&self.path).map_err(io("writing a database", &self.path))
    }

    /// The database has said that what it holds in files is durable.
    #[track_caller]
    fn is_durable(&self) -> Result<(), StoreError> {
        let kept = kyojo_disk::crash::kept_whole(&self.path);
        kept.map_err(io("keeping a database", &self.path))
    }

    /// Keys and values from `from` on, in order of key.
    pub(super) fn scan_from<'a>(
        &'a self,
        from: &[u8],
    ) -> impl Iterator<Item = Result<Pair, StoreError>> + use<'a> {
        let mode = rocksdb::IteratorMode::From(from, rocksdb::Direction::Forward);
        self.db.iterator(mode).map(|item| item.map_err(|source| self.failed(source)))
    }

    /// What stands behind a prefix in the keys that begin with it, in order, at most `limit`; `after`
    /// is the last one seen.
    pub(super) fn behind(
        &self,
        prefix: &[u8],
        after: Option<&[u8]>,
        limit: usize,
    ) -> Result<Vec<Vec<u8>>, StoreError> {
        // The byte after a key begins the next: the one seen is not given again.
        let from = after.map_or_else(|| prefix.to_vec(), |after| [prefix, after, &[0]].concat());
        let mut found = Vec::new();
        for item in self.scan_from(&from).take(limit) {
            let (key, _) = item?;
            let Some(rest) = key.strip_prefix(prefix) else { break };
            found.push(rest.to_vec());
        }
        Ok(found)
    }

    pub(super) fn inconsistent(&self, what: impl Into<String>) -> StoreError {
        StoreError::Inconsistent { path: self.path.clone(), what: what.into() }
    }

    fn failed(&self, source: rocksdb::Error) -> StoreError {
        StoreError::of_database(&self.path, source)
    }
}

/// How tables are written, through the database or beside it.
fn table_options() -> Options {
    let mut options = Options::default();
    options.set_compression_type(DBCompressionType::Lz4);
    options
}
