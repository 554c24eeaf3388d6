//! The audit log on disk: its entries and the hashes of its tree, only ever appended.
//!
//! Flat files make every tile a slice: `hashes-L` holds level L's hashes one after another, so that
//! a partial tile is the beginning of the full one; `entries` holds the bundles, of which `bundles`
//! says where each begins; `sizes` holds the log's size after each height. `head` says up to where
//! the rest is durable: what lies behind it is cut off at the start and appended again by replay.
//! Old entries can be taken out ([`prune`]): their hashes stay, and with them every proof of the rest.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use kyojo_disk::File;
use ledger_proof::tile::{LEVEL_MAX, TILE_WIDTH, Tile, TileKind, TileSource, encode_entries};
use ledger_types::{BlockCommit, Entry, Hash, Height, merkle};
use tokio::sync::watch;

use super::committed::Committed;
use super::error::{StoreError, io, read_if_there};

mod prune;
#[cfg(test)]
pub(crate) mod tests;

pub use prune::Pruned;
pub(super) use prune::prune;

const HASH_BYTES: u64 = 32;
const NUMBER_BYTES: u64 = 8;
const HEAD: &str = "head";
/// Height, size, and length of the entries.
const HEAD_BYTES: usize = 24;

/// How far the log is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Head {
    /// The last block whose entries are in it.
    pub height: Height,
    /// How many entries it has.
    pub size: u64,
}

/// The log as it is read, by any thread, up to its head.
#[derive(Debug)]
pub struct AuditLog {
    files: Files,
    head: watch::Receiver<Head>,
}

#[derive(Debug)]
struct Files {
    directory: PathBuf,
    /// By level.
    hashes: Vec<File>,
    entries: File,
    bundles: File,
    sizes: File,
    /// What was taken out of the entries.
    pruned: Pruned,
}

/// The end that appends: one thread's.
#[derive(Debug)]
pub(super) struct Writer {
    log: Arc<AuditLog>,
    tell: watch::Sender<Head>,
    entries_length: u64,
    /// By level: the hashes after the last full tile.
    edges: Vec<Vec<Hash>>,
}

impl AuditLog {
    /// Opens the log in a directory, or begins one, and cuts off what was not made durable.
    ///
    /// # Errors
    /// [`StoreError`] where files are missing or shorter than the head says, or the system refuses.
    pub(super) fn open(directory: &Path) -> Result<(Arc<Self>, Writer), StoreError> {
        kyojo_disk::create_directory(directory).map_err(io("making a directory", directory))?;
        let (head, entries_length) = read_head(directory)?;
        let files = Files::open(directory)?;
        files.check(head, entries_length)?;
        files.cut(head, entries_length)?;
        let (tell, told) = watch::channel(head);
        let log = Arc::new(Self { files, head: told });
        let edges = log.edges(head.size)?;
        let writer = Writer { log: Arc::clone(&log), tell, entries_length, edges };
        Ok((log, writer))
    }

    /// How far the log is, as it grows.
    #[must_use]
    pub fn head(&self) -> watch::Receiver<Head> {
        self.head.clone()
    }

    /// The log's size after a height; none before its first or after its last.
    ///
    /// # Errors
    /// [`StoreError`] where the system refuses.
    pub fn size_after(&self, height: Height) -> Result<Option<u64>, StoreError> {
        if height > self.head.borrow().height {
            return Ok(None);
        }
        let Some(place) = height.get().checked_sub(1) else { return Ok(Some(0)) };
        self.files.number(&self.files.sizes, "sizes", place).map(Some)
    }

    /// The bytes of a tile of hashes or a bundle of entries; none where the log has no such one.
    ///
    /// # Errors
    /// [`StoreError`] where the system refuses.
    pub fn tile(&self, tile: Tile) -> Result<Option<Vec<u8>>, StoreError> {
        let size = self.head.borrow().size;
        let Some(largest) = Tile::at(tile.kind, tile.index, size) else { return Ok(None) };
        if tile.width > largest.width {
            return Ok(None);
        }
        match tile.kind {
            TileKind::Hashes { level } => self.files.hashes_of(level, tile).map(Some),
            TileKind::Entries if tile.index < self.files.pruned.bundles() => Ok(None),
            TileKind::Entries => self.files.bundle(tile, largest.width).map(Some),
        }
    }

    /// What was taken out of the entries.
    #[must_use]
    pub const fn pruned(&self) -> Pruned {
        self.files.pruned
    }

    /// The entry at a place, counted from 0; none after the last, and none that was taken out.
    ///
    /// # Errors
    /// [`StoreError`] where the system refuses.
    pub fn entry(&self, index: u64) -> Result<Option<Vec<u8>>, StoreError> {
        let (number, place) = (index / u64::from(TILE_WIDTH), index % u64::from(TILE_WIDTH));
        let width = u16::try_from(place + 1).unwrap_or(TILE_WIDTH);
        let tile = Tile { kind: TileKind::Entries, index: number, width };
        let Some(bundle) = self.tile(tile)? else { return Ok(None) };
        let entries = ledger_proof::tile::decode_entries(&bundle);
        let last = entries.ok().and_then(|entries| entries.last().map(|entry| entry.to_vec()));
        last.map(Some).ok_or_else(|| self.files.damaged("entries", "a bundle that is none"))
    }

    fn edges(&self, size: u64) -> Result<Vec<Vec<Hash>>, StoreError> {
        let mut edges = Vec::new();
        for level in 0..=LEVEL_MAX {
            let kind = TileKind::Hashes { level };
            let last = kind.count(size) / u64::from(TILE_WIDTH);
            let bytes = match Tile::at(kind, last, size) {
                Some(partial) => self.files.hashes_of(level, partial)?,
                None => Vec::new(),
            };
            edges.push(bytes.as_chunks::<32>().0.iter().map(|bytes| Hash::new(*bytes)).collect());
        }
        Ok(edges)
    }
}

impl TileSource for AuditLog {
    type Error = StoreError;

    fn read(&self, tile: Tile) -> Result<Vec<u8>, StoreError> {
        self.tile(tile)?.ok_or_else(|| self.files.damaged("hashes", "a tile that is not there"))
    }
}

impl Writer {
    /// Appends a block's entries; those of a block that is in the log change nothing.
    pub(super) fn enter(&mut self, committed: &Committed) -> Result<Head, StoreError> {
        let before = *self.tell.borrow();
        let height = committed.applied.height;
        if height <= before.height {
            return Ok(before);
        }
        if before.height.next() != Some(height) {
            let what = format!("block {height} would be entered after block {}", before.height);
            let path = self.log.files.directory.clone();
            return Err(StoreError::Inconsistent { path, what });
        }
        let entries = entries_of(committed, before.size);
        self.append_hashes(before.size, &entries)?;
        self.append_entries(before.size, &entries)?;
        let size = before.size + count(entries.len());
        let sizes = &self.log.files.sizes;
        let at = (height.get() - 1) * NUMBER_BYTES;
        self.log.files.write(sizes, "sizes", &size.to_le_bytes(), at)?;
        let head = Head { height, size };
        self.tell.send_replace(head);
        Ok(head)
    }

    /// Makes everything appended so far durable.
    pub(super) fn flush(&self) -> Result<(), StoreError> {
        let files = &self.log.files;
        for file in files.hashes.iter().chain([&files.entries, &files.bundles, &files.sizes]) {
            file.sync_data().map_err(io("syncing the audit log", &files.directory))?;
        }
        let Head { height, size } = *self.tell.borrow();
        let mut bytes = Vec::with_capacity(HEAD_BYTES);
        for number in [height.get(), size, self.entries_length] {
            bytes.extend_from_slice(&number.to_le_bytes());
        }
        replace(&files.directory.join(HEAD), &bytes)
    }

    /// Each full tile of a level gives one hash of the level above.
    fn append_hashes(&mut self, size: u64, entries: &[Vec<u8>]) -> Result<(), StoreError> {
        let files = &self.log.files;
        let mut added: Vec<Hash> = entries.iter().map(|entry| merkle::leaf_hash(entry)).collect();
        for (level, edge) in (0_u8..).zip(&mut self.edges) {
            let Some(file) = files.hashes.get(usize::from(level)) else { break };
            if added.is_empty() {
                break;
            }
            let at = TileKind::Hashes { level }.count(size) * HASH_BYTES;
            let bytes: Vec<u8> = added.iter().flat_map(Hash::as_bytes).copied().collect();
            files.write(file, "hashes", &bytes, at)?;
            let mut above = Vec::new();
            for hash in added {
                edge.push(hash);
                if edge.len() == usize::from(TILE_WIDTH) {
                    above.push(merkle::root(edge));
                    edge.clear();
                }
            }
            added = above;
        }
        Ok(())
    }

    fn append_entries(&mut self, size: u64, entries: &[Vec<u8>]) -> Result<(), StoreError> {
        let files = &self.log.files;
        let mut bytes = Vec::new();
        for (index, entry) in (size..).zip(entries) {
            if index.is_multiple_of(u64::from(TILE_WIDTH)) {
                let begins = self.entries_length + count(bytes.len());
                let at = index / u64::from(TILE_WIDTH) * NUMBER_BYTES;
                files.write(&files.bundles, "bundles", &begins.to_le_bytes(), at)?;
            }
            let encoded = encode_entries([entry.as_slice()]);
            bytes.extend(encoded.map_err(|_| files.damaged("entries", "too long an entry"))?);
        }
        let at = files.in_entries(self.entries_length)?;
        files.write(&files.entries, "entries", &bytes, at)?;
        self.entries_length += count(bytes.len());
        Ok(())
    }
}

impl Files {
    fn open(directory: &Path) -> Result<Self, StoreError> {
        let open = |name: &str| {
            let path = directory.join(name);
            File::open_or_create(&path).map_err(io("opening the audit log", &path))
        };
        let hashes: Result<Vec<File>, StoreError> =
            (0..=LEVEL_MAX).map(|level| open(&format!("hashes-{level}"))).collect();
        let pruned = Pruned::read(directory)?;
        Ok(Self {
            hashes: hashes?,
            entries: open(&pruned.file())?,
            pruned,
            bundles: open("bundles")?,
            sizes: open("sizes")?,
            directory: directory.to_owned(),
        })
    }

    /// Whether the head fits the files that it speaks of: one whose numbers are damaged must not have
    /// them cut.
    fn check(&self, head: Head, entries_length: u64) -> Result<(), StoreError> {
        let wrong = || self.damaged(HEAD, "its numbers are not those of the log");
        let kept = self.sizes.length().map_err(io("reading a length", &self.directory))?;
        if kept / NUMBER_BYTES < head.height.get() {
            return Err(wrong());
        }
        let size = match head.height.get().checked_sub(1) {
            Some(place) => self.number(&self.sizes, "sizes", place)?,
            None => 0,
        };
        if size != head.size {
            return Err(wrong());
        }
        let Some(last) = size.checked_sub(1).map(|last| last / u64::from(TILE_WIDTH)) else {
            return if entries_length == 0 { Ok(()) } else { Err(wrong()) };
        };
        if last < self.pruned.bundles() {
            return if entries_length == self.pruned.bytes { Ok(()) } else { Err(wrong()) };
        }
        let width = size - last * u64::from(TILE_WIDTH);
        let begins = self.number(&self.bundles, "bundles", last)?;
        let ends = (0..width).try_fold(begins, |at, _| {
            let mut length = [0; 2];
            self.read(&self.entries, "entries", &mut length, self.in_entries(at)?)?;
            Ok(at + 2 + u64::from(u16::from_be_bytes(length)))
        })?;
        if ends == entries_length { Ok(()) } else { Err(wrong()) }
    }

    /// Cuts every file to what the head says; one that is shorter lost what was synced.
    fn cut(&self, head: Head, entries_length: u64) -> Result<(), StoreError> {
        let cut = |file: &File, length: u64| {
            let found = file.length().map_err(io("reading a length", &self.directory))?;
            if found < length {
                return Err(self.damaged("the audit log", "a file is shorter than what was synced"));
            }
            file.set_len(length).map_err(io("cutting the audit log", &self.directory))
        };
        for (level, file) in (0_u8..).zip(&self.hashes) {
            cut(file, TileKind::Hashes { level }.count(head.size) * HASH_BYTES)?;
        }
        cut(&self.entries, self.in_entries(entries_length)?)?;
        cut(&self.bundles, head.size.div_ceil(u64::from(TILE_WIDTH)) * NUMBER_BYTES)?;
        cut(&self.sizes, head.height.get() * NUMBER_BYTES)
    }

    fn hashes_of(&self, level: u8, tile: Tile) -> Result<Vec<u8>, StoreError> {
        let Some(file) = self.hashes.get(usize::from(level)) else {
            return Err(self.damaged("hashes", "a level that no log has"));
        };
        let at = tile.index * u64::from(TILE_WIDTH) * HASH_BYTES;
        let mut bytes = vec![0; usize::from(tile.width) * Hash::ZERO.as_bytes().len()];
        self.read(file, "hashes", &mut bytes, at)?;
        Ok(bytes)
    }

    /// The first entries of a bundle, of which `available` are there.
    fn bundle(&self, tile: Tile, available: u16) -> Result<Vec<u8>, StoreError> {
        let begins = self.in_entries(self.number(&self.bundles, "bundles", tile.index)?)?;
        let mut bytes = Vec::new();
        let ends = if available == TILE_WIDTH {
            let ends = self.number(&self.bundles, "bundles", tile.index + 1).ok();
            ends.map(|ends| self.in_entries(ends)).transpose()?
        } else {
            None
        };
        match ends {
            Some(ends) if tile.is_full() => {
                bytes.resize(usize::try_from(ends.saturating_sub(begins)).unwrap_or(0), 0);
                self.read(&self.entries, "entries", &mut bytes, begins)?;
            }
            _ => {
                for _ in 0..tile.width {
                    let at = begins + count(bytes.len());
                    let mut length = [0; 2];
                    self.read(&self.entries, "entries", &mut length, at)?;
                    let start = bytes.len();
                    bytes.extend_from_slice(&length);
                    bytes.resize(start + 2 + usize::from(u16::from_be_bytes(length)), 0);
                    let entry = bytes.get_mut(start + 2..).unwrap_or_default();
                    self.read(&self.entries, "entries", entry, at + 2)?;
                }
            }
        }
        Ok(bytes)
    }

    /// Where a place among all entries' bytes lies in the file.
    fn in_entries(&self, place: u64) -> Result<u64, StoreError> {
        let at = place.checked_sub(self.pruned.bytes);
        at.ok_or_else(|| self.damaged("entries", "a place before what is kept"))
    }

    fn number(&self, file: &File, name: &'static str, place: u64) -> Result<u64, StoreError> {
        let mut bytes = [0; 8];
        self.read(file, name, &mut bytes, place * NUMBER_BYTES)?;
        Ok(u64::from_le_bytes(bytes))
    }

    fn read(
        &self,
        file: &File,
        name: &'static str,
        bytes: &mut [u8],
        at: u64,
    ) -> Result<(), StoreError> {
        let path = self.directory.join(name);
        file.read_exact_at(bytes, at).map_err(io("reading the audit log", &path))
    }

    fn write(
        &self,
        file: &File,
        name: &'static str,
        bytes: &[u8],
        at: u64,
    ) -> Result<(), StoreError> {
        let path = self.directory.join(name);
        file.write_all_at(bytes, at).map_err(io("writing the audit log", &path))
    }

    fn damaged(&self, name: &str, what: &'static str) -> StoreError {
        StoreError::Damaged { path: self.directory.join(name), at: 0, what }
    }
}

/// A block's entries in order: its receipts, then its commit entry.
fn entries_of(committed: &Committed, first_index: u64) -> Vec<Vec<u8>> {
    let Committed { block, applied, .. } = committed;
    let commit = BlockCommit {
        height: applied.height,
        time: block.header.time,
        state_root: applied.state_root,
        validators_hash: block.header.validators_hash,
        first_index,
    };
    let receipts = applied.receipts.iter().map(|receipt| Entry::Receipt(*receipt).encode());
    receipts.chain([Entry::BlockCommit(commit).encode()]).collect()
}

fn read_head(directory: &Path) -> Result<(Head, u64), StoreError> {
    let path = directory.join(HEAD);
    let Some(bytes) = read_if_there("reading the head", &path)? else {
        return Ok((Head::default(), 0));
    };
    let ([height, size, entries], []) = bytes.as_chunks::<8>() else {
        return Err(StoreError::Damaged { path, at: 0, what: "a head of another length" });
    };
    let number = |bytes: &[u8; 8]| u64::from_le_bytes(*bytes);
    let head = Head { height: Height::new(number(height)), size: number(size) };
    Ok((head, number(entries)))
}

/// Puts a file in place whole: after a crash there is the old one or the new one.
pub(crate) fn replace(path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
    kyojo_disk::replace(path, bytes).map_err(io("putting a file in place", path))
}

fn count(n: usize) -> u64 {
    u64::try_from(n).unwrap_or(u64::MAX)
}
