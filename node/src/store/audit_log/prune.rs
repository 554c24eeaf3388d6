//! Taking old entries out: their bytes go, their hashes stay.
//!
//! The entries that are kept are copied to a file of their own, which is durable before `pruned`
//! names it; the file before goes last. A crash in between leaves the old file in use.

use std::path::Path;

use kyojo_disk::File;
use ledger_proof::tile::TILE_WIDTH;
use ledger_types::Height;

use super::super::error::{StoreError, io, read_if_there};
use super::{Files, read_head, replace};

const NAME: &str = "pruned";
const COPIED_AT_ONCE: u64 = 1024 * 1024;

/// What is gone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pruned {
    /// How many entries: whole bundles.
    pub entries: u64,
    /// How many bytes.
    pub bytes: u64,
}

impl Pruned {
    /// How many bundles of entries are gone.
    #[must_use]
    pub fn bundles(&self) -> u64 {
        self.entries / u64::from(TILE_WIDTH)
    }

    /// The file that holds the rest.
    pub(super) fn file(&self) -> String {
        if self.entries == 0 { "entries".to_owned() } else { format!("entries-{}", self.entries) }
    }

    pub(super) fn read(directory: &Path) -> Result<Self, StoreError> {
        let path = directory.join(NAME);
        let Some(bytes) = read_if_there("reading what was pruned", &path)? else {
            return Ok(Self::default());
        };
        let ([entries, bytes], []) = bytes.as_chunks::<8>() else {
            return Err(StoreError::Damaged { path, at: 0, what: "a note of another length" });
        };
        Ok(Self { entries: u64::from_le_bytes(*entries), bytes: u64::from_le_bytes(*bytes) })
    }
}

/// Takes the entries of blocks before `height` out of a log that nobody has open.
pub(in crate::store) fn prune(directory: &Path, height: Height) -> Result<Pruned, StoreError> {
    let (head, length) = read_head(directory)?;
    if height > head.height {
        let what = format!("the log ends at height {}, before {height}", head.height);
        return Err(StoreError::Inconsistent { path: directory.to_owned(), what });
    }
    let files = Files::open(directory)?;
    let before = files.pruned;
    let first = match height.get().checked_sub(2) {
        Some(place) => files.number(&files.sizes, "sizes", place)?,
        None => 0,
    };
    let bundle = first / u64::from(TILE_WIDTH);
    if bundle <= before.bundles() {
        return Ok(before);
    }
    let has_begun = bundle < head.size.div_ceil(u64::from(TILE_WIDTH));
    let bytes = if has_begun { files.number(&files.bundles, "bundles", bundle)? } else { length };
    let after = Pruned { entries: bundle * u64::from(TILE_WIDTH), bytes };
    keep(&files, &directory.join(after.file()), bytes, length)?;
    let note: Vec<u8> =
        [after.entries, after.bytes].into_iter().flat_map(u64::to_le_bytes).collect();
    replace(&directory.join(NAME), &note)?;
    let old = directory.join(before.file());
    kyojo_disk::remove_file(&old).map_err(io("removing pruned entries", &old))?;
    Ok(after)
}

/// Copies the entries from one place on to a new file.
fn keep(files: &Files, to: &Path, from: u64, length: u64) -> Result<(), StoreError> {
    let failed = || io("copying entries", to);
    let (begins, length) = (files.in_entries(from)?, length.saturating_sub(from));
    let kept = File::create(to).map_err(failed())?;
    let mut at = 0;
    while at < length {
        let chunk = (length - at).min(COPIED_AT_ONCE);
        let mut bytes = vec![0; usize::try_from(chunk).unwrap_or(0)];
        files.read(&files.entries, "entries", &mut bytes, begins + at)?;
        kept.write_all_at(&bytes, at).map_err(failed())?;
        at += chunk;
    }
    kept.sync_all().map_err(failed())?;
    // Its name too, before `pruned` says it: of two names either may reach the disk first.
    kyojo_disk::sync_name(to).map_err(failed())
}
