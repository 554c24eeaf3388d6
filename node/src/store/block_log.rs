//! The block log: bodies, certificates and roots, appended to segment files and synced.
//!
//! A body is written once, before it is voted for; deciding it appends its certificate. What was
//! synced is never lost: after a crash only the torn tail of the last segment is cut off, and
//! damage anywhere else stops the node. Records of rounds that were not decided stay in the file
//! as dead bytes, and are forgotten in memory as soon as their height is decided.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use std::time::Duration;

use borsh::{BorshDeserialize, BorshSerialize};
use bytes::Bytes;
use kyojo_disk::File;
use ledger_types::{CommitCertificate, Hash, Height, Round, codec};

use super::error::{StoreError, io};
use super::frame::{HEADER_BYTES, Header, Kind, Salt};
use super::segment::{self, Contents, Entry, FILE_HEADER_BYTES, Undecided, damaged};

mod opening;
mod writer;

use opening::{check_order, open_active, open_sealed, segments};
use writer::Writer;

/// A segment past this size gets no further height.
pub const SEGMENT_BYTES: u64 = 128 * 1024 * 1024;
/// More than any certificate takes.
pub const CERTIFICATE_BYTES_MAX: usize = 64 * 1024;

/// The roots after a block, as the next header carries them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Roots {
    /// Of the state.
    pub state: Hash,
    /// Of the block's receipts.
    pub receipts: Hash,
    /// Of the audit log.
    pub audit_log: Hash,
}

/// A decided block as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decided {
    /// Its certificate.
    pub certificate: CommitCertificate,
    /// Its canonical bytes.
    pub bytes: Bytes,
    /// The roots after it, where the node lived long enough to write them.
    pub roots: Option<Roots>,
}

/// A segment that gets no more records.
#[derive(Clone, Debug)]
struct Sealed {
    path: PathBuf,
    first: Height,
    count: u64,
}

/// The segment that records are appended to.
#[derive(Debug)]
struct Active {
    path: PathBuf,
    file: Arc<File>,
    salt: Salt,
    contents: Contents,
}

#[derive(Debug)]
struct Tables {
    sealed: Vec<Sealed>,
    active: Active,
}

/// See the module.
#[derive(Debug)]
pub struct BlockLog {
    directory: PathBuf,
    genesis: Hash,
    segment_bytes: u64,
    /// Taken before `tables`, by whoever appends.
    writer: Mutex<Writer>,
    tables: RwLock<Tables>,
}

/// Whether an appended record is on disk before the call returns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Durability {
    Now,
    WithTheNext,
}

impl BlockLog {
    /// Opens the log in a directory, or begins one; cuts off a torn tail.
    ///
    /// # Errors
    /// [`StoreError`] where bytes that were synced are damaged, or the system refuses.
    pub fn open(directory: &Path, genesis: Hash, segment_bytes: u64) -> Result<Self, StoreError> {
        kyojo_disk::create_directory(directory).map_err(io("making a directory", directory))?;
        let mut paths = segments(directory)?;
        let active = open_active(&mut paths, directory, &genesis)?;
        let mut sealed = Vec::new();
        for path in paths {
            sealed.push(open_sealed(path, &genesis)?);
        }
        check_order(&sealed, &active)?;
        let synced = active.contents.length;
        let writer = Writer::new(synced);
        Ok(Self {
            directory: directory.to_owned(),
            genesis,
            segment_bytes,
            writer: Mutex::new(writer),
            tables: RwLock::new(Tables { sealed, active }),
        })
    }

    /// The last decided height; genesis where there is none.
    #[must_use]
    pub fn tip(&self) -> Height {
        self.read().tip()
    }

    /// The first decided height that is kept; the tip plus one where there is none.
    #[must_use]
    pub fn earliest(&self) -> Height {
        let tables = self.read();
        let first = tables.sealed.first().map(|sealed| sealed.first);
        first.or(tables.active.contents.first).unwrap_or(Height::new(tables.tip().get() + 1))
    }

    /// How long the last sync of the file took.
    #[must_use]
    pub fn sync_took(&self) -> Duration {
        self.lock().sync_took
    }

    /// Keeps a body, durable when this returns. A body that is there already is not repeated.
    ///
    /// # Errors
    /// [`StoreError`] where it could not be made durable.
    pub fn put_body(&self, height: Height, hash: Hash, bytes: &[u8]) -> Result<(), StoreError> {
        let mut writer = self.lock();
        // Of a height that is decided nothing else will be asked for.
        if height <= self.tip() || self.read().find(height, hash).is_some() {
            return Ok(());
        }
        self.roll(&mut writer, height)?;
        self.append(&mut writer, Kind::Body, height, hash, bytes, Durability::Now)
    }

    /// Keeps a round's proposal, durable when this returns; one that is there is not repeated.
    ///
    /// # Errors
    /// [`StoreError`] where it could not be made durable.
    pub fn put_proposal(
        &self,
        height: Height,
        round: Round,
        record: &[u8],
    ) -> Result<(), StoreError> {
        let mut writer = self.lock();
        if self.read().proposals(height).any(|(at, kept)| at == round && kept == record) {
            return Ok(());
        }
        self.roll(&mut writer, height)?;
        let payload = [&round.get().to_le_bytes(), record].concat();
        self.append(&mut writer, Kind::Proposal, height, Hash::ZERO, &payload, Durability::Now)
    }

    /// Keeps a decision, durable when this returns. A repeated one changes nothing.
    ///
    /// # Errors
    /// [`StoreError::BodyMissing`], [`StoreError::NotNext`], [`StoreError::Conflict`], or where it
    /// could not be made durable.
    pub fn decide(&self, certificate: &CommitCertificate) -> Result<(), StoreError> {
        let (height, hash) = (certificate.height, certificate.block);
        let mut writer = self.lock();
        let tip = self.tip();
        if height <= tip {
            return self.check_repeated(height, hash);
        }
        let starts = tip == Height::GENESIS && self.read().is_empty();
        if !starts && tip.next() != Some(height) {
            return Err(StoreError::NotNext { tip, found: height });
        }
        if self.read().find(height, hash).is_none() {
            return Err(StoreError::BodyMissing { height, hash });
        }
        let payload = codec::encode(certificate);
        self.append(&mut writer, Kind::Decision, height, hash, &payload, Durability::Now)
    }

    fn check_repeated(&self, height: Height, theirs: Hash) -> Result<(), StoreError> {
        match self.decided(height)? {
            Some(decided) if decided.certificate.block != theirs => {
                let ours = decided.certificate.block;
                Err(StoreError::Conflict { height, ours, theirs })
            }
            _ => Ok(()),
        }
    }

    /// Keeps the roots after the last decided block; durable with the next sync. Once a later body
    /// has begun a new segment there is no place for them, and no need: that body names them.
    ///
    /// # Errors
    /// [`StoreError`] where they could not be written.
    pub fn put_roots(&self, height: Height, roots: &Roots) -> Result<(), StoreError> {
        let mut writer = self.lock();
        let tip = self.tip();
        if height != tip {
            return Err(StoreError::NotNext { tip, found: height });
        }
        if self.read().active.contents.decided.is_empty() {
            return Ok(());
        }
        let payload = codec::encode(roots);
        let later = Durability::WithTheNext;
        self.append(&mut writer, Kind::Roots, height, Hash::ZERO, &payload, later)
    }

    /// Makes everything durable that was appended.
    ///
    /// # Errors
    /// [`StoreError`] where the system refuses.
    pub fn sync(&self) -> Result<(), StoreError> {
        let mut writer = self.lock();
        self.sync_active(&mut writer)
    }

    /// A body that was proposed, judged valid, or decided.
    ///
    /// # Errors
    /// [`StoreError`] where it is there but cannot be read.
    pub fn body(&self, height: Height, hash: Hash) -> Result<Option<Bytes>, StoreError> {
        let (active, at) = {
            let tables = self.read();
            if height <= tables.tip() {
                drop(tables);
                let decided = self.decided(height)?;
                return Ok(decided.filter(|d| d.certificate.block == hash).map(|d| d.bytes));
            }
            let Some(at) = tables.find(height, hash) else { return Ok(None) };
            (tables.active.handle(), at)
        };
        active.record(at).map(|(_, bytes)| Some(bytes.into()))
    }

    /// A decided block.
    ///
    /// # Errors
    /// [`StoreError`] where it is there but cannot be read.
    pub fn decided(&self, height: Height) -> Result<Option<Decided>, StoreError> {
        let Some((handle, entry)) = self.locate(height)? else { return Ok(None) };
        let certificate = handle.certificate(&entry)?;
        let (_, bytes) = handle.record(entry.body)?;
        let roots = match entry.roots {
            0 => None,
            at => Some(
                codec::decode(&handle.record(at)?.1, 96)
                    .map_err(|_| damaged(&handle.path, at, "not roots"))?,
            ),
        };
        Ok(Some(Decided { certificate, bytes: bytes.into(), roots }))
    }

    /// How a block was decided, without its body.
    ///
    /// # Errors
    /// [`StoreError`] where it cannot be read.
    pub fn certificate(&self, height: Height) -> Result<Option<CommitCertificate>, StoreError> {
        let found = self.locate(height)?;
        found.map(|(handle, entry)| handle.certificate(&entry)).transpose()
    }

    /// Bytes from inside a decided body, as the index points to them; unchecked.
    ///
    /// # Errors
    /// [`StoreError`] where they cannot be read.
    pub fn body_part(
        &self,
        height: Height,
        offset: u32,
        length_max: usize,
    ) -> Result<Option<Bytes>, StoreError> {
        let Some((handle, entry)) = self.locate(height)? else { return Ok(None) };
        let start = entry.body + HEADER_BYTES as u64;
        let mut length = [0; 4];
        let failed = || io("reading a body", &handle.path);
        handle.file.read_exact_at(&mut length, entry.body + 8).map_err(failed())?;
        let rest = u32::from_le_bytes(length).saturating_sub(offset);
        let mut bytes = vec![0; usize::try_from(rest).unwrap_or(0).min(length_max)];
        handle.file.read_exact_at(&mut bytes, start + u64::from(offset)).map_err(failed())?;
        Ok(Some(bytes.into()))
    }

    /// What [`BlockLog::put_proposal`] kept for a height, in the order of recording.
    #[must_use]
    pub fn proposals(&self, height: Height) -> Vec<(Round, Bytes)> {
        let tables = self.read();
        let all = tables.proposals(height);
        all.map(|(round, record)| (round, Bytes::copy_from_slice(record))).collect()
    }

    /// Undecided bodies of a height: each was made or judged here, on the state before it.
    ///
    /// # Errors
    /// [`StoreError`] where one cannot be read.
    pub fn undecided(&self, height: Height) -> Result<Vec<(Hash, Bytes)>, StoreError> {
        let (handle, found) = {
            let active = &self.read().active;
            let of_height = active.contents.undecided.iter().filter(|u| u.height == height);
            (active.handle(), of_height.map(|u| (u.hash, u.at)).collect::<Vec<_>>())
        };
        let read = |(hash, at)| handle.record(at).map(|(_, bytes)| (hash, Bytes::from(bytes)));
        found.into_iter().map(read).collect()
    }

    fn locate(&self, height: Height) -> Result<Option<(Handle, Entry)>, StoreError> {
        let tables = self.read();
        let contents = &tables.active.contents;
        if let Some(number) = contents.first.and_then(|f| height.get().checked_sub(f.get())) {
            let entry = usize::try_from(number).ok().and_then(|n| contents.decided.get(n));
            return Ok(entry.map(|entry| (tables.active.handle(), *entry)));
        }
        let index = tables.sealed.partition_point(|sealed| sealed.first <= height);
        let Some(sealed) = index.checked_sub(1).and_then(|i| tables.sealed.get(i)).cloned() else {
            return Ok(None);
        };
        drop(tables);
        let number = height.get() - sealed.first.get();
        if number >= sealed.count {
            return Ok(None);
        }
        let entry = segment::table_entry(&sealed.path, number)?;
        let (file, salt) = segment::open(&sealed.path, &self.genesis)?
            .ok_or_else(|| damaged(&sealed.path, 0, "a sealed segment is empty"))?;
        Ok(Some((Handle { path: sealed.path, file: Arc::new(file), salt }, entry)))
    }

    /// Begins a new segment where the last one is full and nothing in it is undecided.
    fn roll(&self, writer: &mut Writer, height: Height) -> Result<(), StoreError> {
        let is_full = {
            let contents = &self.read().active.contents;
            let open = !contents.undecided.is_empty() || !contents.proposals.is_empty();
            !open && !contents.decided.is_empty() && contents.length >= self.segment_bytes
        };
        if !is_full {
            return Ok(());
        }
        self.sync_active(writer)?;
        // A half made segment may hide what would be written to the one before it.
        writer.doubt();
        writer.settle(self.roll_on(height))?;
        writer.synced = FILE_HEADER_BYTES;
        Ok(())
    }

    fn roll_on(&self, height: Height) -> Result<(), StoreError> {
        let mut tables = self.tables.write().unwrap_or_else(PoisonError::into_inner);
        let Active { path, contents, .. } = &tables.active;
        let (Some(first), length) = (contents.first, contents.length) else { return Ok(()) };
        segment::write_table(path, first, &contents.decided, length)?;
        let count = contents.decided.len() as u64;
        let sealed = Sealed { path: path.clone(), first, count };
        let path = segment::path_of(&self.directory, height);
        let (file, salt) = segment::create(&path, &self.genesis)?;
        let contents = Contents { length: FILE_HEADER_BYTES, ..Contents::default() };
        tables.active = Active { path, file: Arc::new(file), salt, contents };
        tables.sealed.push(sealed);
        Ok(())
    }

    #[track_caller]
    fn append(
        &self,
        writer: &mut Writer,
        kind: Kind,
        height: Height,
        hash: Hash,
        payload: &[u8],
        durability: Durability,
    ) -> Result<(), StoreError> {
        writer.is_sound()?;
        let (handle, at) = {
            let active = &self.read().active;
            (active.handle(), active.contents.length)
        };
        let length = u32::try_from(payload.len())
            .map_err(|_| damaged(&handle.path, at, "a record past every limit"))?;
        let header = Header { kind, length, height, synced: writer.synced, hash };
        let head = header.encode(&handle.salt, payload);
        writer.doubt();
        let written = handle.file.write_all_at(&head, at);
        let written =
            written.and_then(|()| handle.file.write_all_at(payload, at + HEADER_BYTES as u64));
        writer.settle(written.map_err(io("appending a record", &handle.path)))?;
        let end = at + HEADER_BYTES as u64 + u64::from(length);
        if durability == Durability::Now {
            writer.sync(&handle.file, &handle.path, end)?;
        }
        let mut tables = self.tables.write().unwrap_or_else(PoisonError::into_inner);
        let contents = &mut tables.active.contents;
        contents.add(&header, payload, at).map_err(|what| damaged(&handle.path, at, what))?;
        contents.length = end;
        Ok(())
    }

    #[track_caller]
    fn sync_active(&self, writer: &mut Writer) -> Result<(), StoreError> {
        let (handle, end) = {
            let active = &self.read().active;
            (active.handle(), active.contents.length)
        };
        writer.sync(&handle.file, &handle.path, end)
    }

    fn read(&self) -> std::sync::RwLockReadGuard<'_, Tables> {
        self.tables.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn lock(&self) -> MutexGuard<'_, Writer> {
        self.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A segment's file, read without any lock.
struct Handle {
    path: PathBuf,
    file: Arc<File>,
    salt: Salt,
}

impl Handle {
    fn certificate(&self, entry: &Entry) -> Result<CommitCertificate, StoreError> {
        let (_, certificate) = self.record(entry.decision)?;
        codec::decode(&certificate, CERTIFICATE_BYTES_MAX)
            .map_err(|_| damaged(&self.path, entry.decision, "not a certificate"))
    }

    fn record(&self, at: u64) -> Result<(Header, Vec<u8>), StoreError> {
        segment::read_record(&self.file, &self.path, &self.salt, at)
    }
}

impl Active {
    fn handle(&self) -> Handle {
        Handle { path: self.path.clone(), file: Arc::clone(&self.file), salt: self.salt }
    }
}

impl Tables {
    fn tip(&self) -> Height {
        let sealed = self.sealed.last().map(|s| Height::new(s.first.get() + s.count - 1));
        self.active.contents.last().or(sealed).unwrap_or(Height::GENESIS)
    }

    fn is_empty(&self) -> bool {
        self.sealed.is_empty() && self.active.contents.decided.is_empty()
    }

    fn find(&self, height: Height, hash: Hash) -> Option<u64> {
        let undecided: &[Undecided] = &self.active.contents.undecided;
        undecided.iter().find(|u| u.height == height && u.hash == hash).map(|u| u.at)
    }

    fn proposals(&self, height: Height) -> impl Iterator<Item = (Round, &[u8])> {
        let all = self.active.contents.proposals.iter();
        all.filter(move |(at, ..)| *at == height).map(|(_, round, record)| (*round, &record[..]))
    }
}
