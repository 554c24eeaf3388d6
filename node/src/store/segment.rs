//! One file of the block log: made, scanned after a crash, sealed, and read.
//!
//! A sealed segment has a table of its blocks in a file beside it, so that a start reads no more
//! than the last segment.

use std::path::{Path, PathBuf};

use kyojo_disk::File;
use ledger_types::{Hash, Height, Round};

use super::error::{StoreError, io};
use super::frame::{self, HEADER_BYTES, Header, Kind, SALT_BYTES, Salt};

const FILE_MAGIC: [u8; 8] = *b"KYOJOBL1";
/// Magic, genesis hash, salt, and a check over them.
pub(super) const FILE_HEADER_BYTES: u64 = HEAD_BYTES as u64;
const HEAD_BYTES: usize = CHECKED_BYTES + 8;
const CHECKED_BYTES: usize = 8 + 32 + SALT_BYTES;
const TABLE_MAGIC: [u8; 8] = *b"KYOJOIX1";
/// Magic, first height, count, length of the log file.
const TABLE_HEADER_BYTES: u64 = 32;
const ENTRY_BYTES: u64 = 24;

/// Where a decided block's records begin in its segment; 0 is nowhere.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) body: u64,
    pub(super) decision: u64,
    pub(super) roots: u64,
}

/// Where an undecided block's body begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Undecided {
    pub(super) height: Height,
    pub(super) hash: Hash,
    pub(super) at: u64,
}

/// What a scan of the last segment found.
#[derive(Debug, Default)]
pub(super) struct Contents {
    /// The first decided height, where there is one.
    pub(super) first: Option<Height>,
    pub(super) decided: Vec<Entry>,
    pub(super) undecided: Vec<Undecided>,
    pub(super) proposals: Vec<(Height, Round, Vec<u8>)>,
    /// The length of the file up to which everything checks.
    pub(super) length: u64,
}

impl Contents {
    /// The last decided height, where there is one.
    pub(super) fn last(&self) -> Option<Height> {
        let count = u64::try_from(self.decided.len()).ok()?.checked_sub(1)?;
        self.first.map(|first| Height::new(first.get() + count))
    }

    /// Takes in the record that begins at `at`.
    pub(super) fn add(
        &mut self,
        header: &Header,
        payload: &[u8],
        at: u64,
    ) -> Result<(), &'static str> {
        let Header { height, hash, .. } = *header;
        match header.kind {
            Kind::Body => self.undecided.push(Undecided { height, hash, at }),
            Kind::Decision => self.decide(height, hash, at)?,
            Kind::Roots => {
                let last = self.decided.last_mut().ok_or("roots of no block")?;
                last.roots = at;
            }
            Kind::Proposal => {
                let (round, record) =
                    payload.split_first_chunk::<4>().ok_or("a proposal without its round")?;
                let round = Round::new(u32::from_le_bytes(*round));
                self.proposals.push((height, round, record.to_vec()));
            }
        }
        Ok(())
    }

    fn decide(&mut self, height: Height, hash: Hash, at: u64) -> Result<(), &'static str> {
        if self.last().is_some_and(|last| last.next() != Some(height)) {
            return Err("a decision out of order");
        }
        let body = self.undecided.iter().find(|u| u.height == height && u.hash == hash);
        let body = body.ok_or("a decision without its body")?.at;
        self.first.get_or_insert(height);
        self.decided.push(Entry { body, decision: at, roots: 0 });
        self.undecided.retain(|undecided| undecided.height > height);
        self.proposals.retain(|(of, ..)| *of > height);
        Ok(())
    }
}

/// The segment's file name: its first height.
pub(super) fn path_of(directory: &Path, first: Height) -> PathBuf {
    directory.join(format!("{:020}.log", first.get()))
}

/// Makes an empty segment, durable when this returns.
pub(super) fn create(path: &Path, genesis: &Hash) -> Result<(File, Salt), StoreError> {
    let salt: Salt = rand::random();
    let file = File::create_new(path).map_err(io("making a segment", path))?;
    let mut header = FILE_MAGIC.to_vec();
    header.extend_from_slice(genesis.as_bytes());
    header.extend_from_slice(&salt);
    header.extend_from_slice(&head_check(&header));
    file.write_all_at(&header, 0).map_err(io("writing a segment", path))?;
    file.sync_all().map_err(io("syncing a segment", path))?;
    kyojo_disk::sync_name(path).map_err(io("syncing a directory", path))?;
    Ok((file, salt))
}

fn head_check(header: &[u8]) -> [u8; 8] {
    let mut check = [0; 8];
    check.copy_from_slice(Hash::of(&[header]).as_bytes().split_at(8).0);
    check
}

/// Opens a segment; its salt, or `None` where the file ends inside its own header (a crash while
/// it was made: nothing was ever written to it).
pub(super) fn open(path: &Path, genesis: &Hash) -> Result<Option<(File, Salt)>, StoreError> {
    let file = File::open(path).map_err(io("opening a segment", path))?;
    let length = file.length().map_err(io("opening a segment", path))?;
    if length < FILE_HEADER_BYTES {
        return Ok(None);
    }
    let mut header = [0; HEAD_BYTES];
    file.read_exact_at(&mut header, 0).map_err(io("reading a segment", path))?;
    let (checked, check) = header.split_at(CHECKED_BYTES);
    let (magic, rest) = checked.split_at(8);
    let (found, salt) = rest.split_at(32);
    if magic != FILE_MAGIC || check != head_check(checked) {
        let was_never_written = header == [0; HEAD_BYTES] && length == FILE_HEADER_BYTES;
        let damage = damaged(path, 0, "not the head of a block log's segment");
        return if was_never_written { Ok(None) } else { Err(damage) };
    }
    let mut bytes = [0; 32];
    bytes.copy_from_slice(found);
    let found = Hash::new(bytes);
    if found != *genesis {
        let path = path.to_owned();
        return Err(StoreError::OtherGenesis { path, expected: *genesis, found });
    }
    let mut out = [0; SALT_BYTES];
    out.copy_from_slice(salt);
    Ok(Some((file, out)))
}

/// Reads every record of a segment; a torn tail ends the scan, damage fails it.
pub(super) fn scan(path: &Path, salt: &Salt) -> Result<Contents, StoreError> {
    let bytes = std::fs::read(path).map_err(io("reading a segment", path))?;
    let mut contents = Contents::default();
    let mut at = usize::try_from(FILE_HEADER_BYTES).unwrap_or(usize::MAX);
    while let Some((header, payload)) = bytes.get(at..).and_then(|rest| frame::read(rest, salt)) {
        let offset = at as u64;
        contents.add(&header, payload, offset).map_err(|what| damaged(path, offset, what))?;
        at += HEADER_BYTES + payload.len();
    }
    contents.length = at as u64;
    if let Some(tail) = bytes.get(at..)
        && was_finished(tail, salt, contents.length)
    {
        return Err(damaged(path, contents.length, "a record that was synced does not check"));
    }
    Ok(contents)
}

/// Whether the record with which `tail` begins, at `offset`, is more than a torn one: a later record
/// says that it was synced, or it is whole up to there or to the end, but for its length.
fn was_finished(tail: &[u8], salt: &Salt, offset: u64) -> bool {
    let mut ends = vec![tail.len()];
    for (at, header) in records_in(tail, salt) {
        if header.synced > offset {
            return true;
        }
        ends.push(at);
    }
    let up_to = |end: &usize| tail.get(..*end);
    ends.iter().filter_map(up_to).any(|bytes| frame::has_damaged_length(bytes, salt))
}

/// The records that check somewhere in `tail`, with where each begins.
fn records_in<'a>(tail: &'a [u8], salt: &'a Salt) -> impl Iterator<Item = (usize, Header)> + 'a {
    let starts = tail.windows(frame::MAGIC.len()).enumerate();
    starts
        .filter(|(_, window)| *window == frame::MAGIC)
        .filter_map(|(start, _)| Some((start, frame::read(tail.get(start..)?, salt)?.0)))
}

/// Reads one record and checks it.
pub(super) fn read_record(
    file: &File,
    path: &Path,
    salt: &Salt,
    at: u64,
) -> Result<(Header, Vec<u8>), StoreError> {
    let mut bytes = vec![0; HEADER_BYTES];
    file.read_exact_at(&mut bytes, at).map_err(io("reading a record", path))?;
    let length = u32::from_le_bytes([bytes[8], bytes[9], bytes[10], bytes[11]]) as usize;
    if length > frame::PAYLOAD_BYTES_MAX {
        return Err(damaged(path, at, "a record's length is past every limit"));
    }
    bytes.resize(HEADER_BYTES + length, 0);
    let payload = bytes.split_at_mut(HEADER_BYTES).1;
    file.read_exact_at(payload, at + HEADER_BYTES as u64).map_err(io("reading a record", path))?;
    let Some((header, _)) = frame::read(&bytes, salt) else {
        return Err(damaged(path, at, "a record does not check"));
    };
    bytes.drain(..HEADER_BYTES);
    Ok((header, bytes))
}

fn table_path(segment: &Path) -> PathBuf {
    segment.with_extension("idx")
}

/// Writes the table of a segment that gets no more records.
pub(super) fn write_table(
    segment: &Path,
    first: Height,
    entries: &[Entry],
    length: u64,
) -> Result<(), StoreError> {
    let path = table_path(segment);
    let mut bytes = TABLE_MAGIC.to_vec();
    for number in [first.get(), entries.len() as u64, length] {
        bytes.extend_from_slice(&number.to_le_bytes());
    }
    for entry in entries {
        for offset in [entry.body, entry.decision, entry.roots] {
            bytes.extend_from_slice(&offset.to_le_bytes());
        }
    }
    kyojo_disk::replace(&path, &bytes).map_err(io("writing a segment's table", &path))
}

/// First height and number of blocks of a sealed segment, or `None` where its table is missing or
/// not of this file.
pub(super) fn read_table(segment: &Path) -> Result<Option<(Height, u64)>, StoreError> {
    let path = table_path(segment);
    // Whatever is wrong with a table, it is made again.
    let Ok(file) = File::open(&path) else { return Ok(None) };
    let mut header = [0; 32];
    let length = std::fs::metadata(segment).map_err(io("reading a segment", segment))?.len();
    let size = file.length().map_err(io("reading a table", &path))?;
    if file.read_exact_at(&mut header, 0).is_err() || header[..8] != TABLE_MAGIC {
        return Ok(None);
    }
    let [_, first, count, of] = numbers(&header);
    let whole = count.checked_mul(ENTRY_BYTES).and_then(|n| n.checked_add(TABLE_HEADER_BYTES));
    Ok((of == length && whole == Some(size)).then_some((Height::new(first), count)))
}

/// The place of block `number` (from 0) of a sealed segment.
pub(super) fn table_entry(segment: &Path, number: u64) -> Result<Entry, StoreError> {
    let path = table_path(segment);
    let mut bytes = [0; 32];
    let entry = bytes.split_at_mut(24).0;
    File::open(&path)
        .and_then(|file| file.read_exact_at(entry, TABLE_HEADER_BYTES + number * ENTRY_BYTES))
        .map_err(io("reading a segment's table", &path))?;
    let [body, decision, roots, _] = numbers(&bytes);
    Ok(Entry { body, decision, roots })
}

fn numbers(bytes: &[u8; 32]) -> [u64; 4] {
    let mut out = [0; 4];
    for (number, chunk) in out.iter_mut().zip(bytes.as_chunks::<8>().0) {
        *number = u64::from_le_bytes(*chunk);
    }
    out
}

pub(super) fn damaged(path: &Path, at: u64, what: &'static str) -> StoreError {
    StoreError::Damaged { path: path.to_owned(), at, what }
}
