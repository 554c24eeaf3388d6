//! Opening the block log: finds its segments, repairs the last one's tail, and checks their order.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use ledger_types::{Hash, Height};

use super::super::error::{StoreError, io};
use super::super::segment::{self, Contents, FILE_HEADER_BYTES, damaged};
use super::{Active, Sealed};

pub(super) fn segments(directory: &Path) -> Result<Vec<PathBuf>, StoreError> {
    let mut paths = Vec::new();
    for entry in std::fs::read_dir(directory).map_err(io("listing segments", directory))? {
        let path = entry.map_err(io("listing segments", directory))?.path();
        if path.extension().is_some_and(|extension| extension == "log") {
            paths.push(path);
        }
    }
    paths.sort();
    Ok(paths)
}

/// Takes the last segment off `paths` and repairs its tail; makes the first where there is none.
pub(super) fn open_active(
    paths: &mut Vec<PathBuf>,
    directory: &Path,
    genesis: &Hash,
) -> Result<Active, StoreError> {
    while let Some(path) = paths.pop() {
        let Some((file, salt)) = segment::open(&path, genesis)? else {
            kyojo_disk::remove_file(&path).map_err(io("removing an empty segment", &path))?;
            kyojo_disk::sync_name(&path).map_err(io("syncing a directory", &path))?;
            continue;
        };
        let contents = segment::scan(&path, &salt)?;
        let length = file.length().map_err(io("reading a segment", &path))?;
        if length != contents.length {
            tracing::warn!(
                file = %path.display(), from = length, to = contents.length,
                "cutting off the torn tail of the block log"
            );
            file.set_len(contents.length).map_err(io("cutting off a torn tail", &path))?;
        }
        // A process that was killed leaves what it wrote to the system, which may not have written it
        // out: from here on everything in the file counts as durable.
        file.sync_all().map_err(io("syncing a segment", &path))?;
        return Ok(Active { path, file: Arc::new(file), salt, contents });
    }
    let path = segment::path_of(directory, Height::new(1));
    let (file, salt) = segment::create(&path, genesis)?;
    let contents = Contents { length: FILE_HEADER_BYTES, ..Contents::default() };
    Ok(Active { path, file: Arc::new(file), salt, contents })
}

pub(super) fn open_sealed(path: PathBuf, genesis: &Hash) -> Result<Sealed, StoreError> {
    if let Some((first, count)) = segment::read_table(&path)? {
        return Ok(Sealed { path, first, count });
    }
    let opened = segment::open(&path, genesis)?;
    let (file, salt) = opened.ok_or_else(|| damaged(&path, 0, "a sealed segment is empty"))?;
    let contents = segment::scan(&path, &salt)?;
    let length = file.length().map_err(io("reading a segment", &path))?;
    let (Some(first), true) = (contents.first, length == contents.length) else {
        return Err(damaged(&path, contents.length, "a record that was synced does not check"));
    };
    segment::write_table(&path, first, &contents.decided, length)?;
    Ok(Sealed { path, first, count: contents.decided.len() as u64 })
}

/// Every segment must begin where the one before ends.
pub(super) fn check_order(sealed: &[Sealed], active: &Active) -> Result<(), StoreError> {
    let ends = sealed.iter().map(|segment| segment.first.get() + segment.count);
    let later = sealed.iter().skip(1).map(|segment| Some(segment.first));
    for (end, first) in ends.zip(later.chain([active.contents.first])) {
        if first.is_some_and(|first| first.get() != end) {
            return Err(damaged(&active.path, 0, "a segment before this one is missing"));
        }
    }
    Ok(())
}
