//! Looks into the write-ahead log before the engine does (rule 13).
//!
//! The log's header is a version (4 bytes) and the height that its entries are for (8 bytes), both
//! big-endian (`arc-malachitebft-wal`, `log.rs`). Nothing here ever writes to the log.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use ledger_types::Height;

use crate::fault::ConsensusFault;

const VERSION: u32 = 1;
const HEADER_BYTES: u64 = 12;

/// The height that the log at `path` is for; `None` where there is no log, or an empty one.
///
/// # Errors
/// [`ConsensusFault::UnreadableLog`] where there is something that is not such a log.
pub(crate) fn height_of(path: &Path) -> Result<Option<Height>, ConsensusFault> {
    let unreadable = |reason: String| ConsensusFault::UnreadableLog { path: path.into(), reason };
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(unreadable(error.to_string())),
    };
    let mut header = Vec::new();
    file.take(HEADER_BYTES)
        .read_to_end(&mut header)
        .map_err(|error| unreadable(error.to_string()))?;
    match header.as_slice() {
        [] => Ok(None),
        [v0, v1, v2, v3, h0, h1, h2, h3, h4, h5, h6, h7] => {
            if u32::from_be_bytes([*v0, *v1, *v2, *v3]) != VERSION {
                return Err(unreadable("its version is unknown".to_owned()));
            }
            let number = u64::from_be_bytes([*h0, *h1, *h2, *h3, *h4, *h5, *h6, *h7]);
            Ok(Some(Height::new(number)))
        }
        _ => Err(unreadable("it ends inside its header".to_owned())),
    }
}

/// Refuses a log that is ahead of the chain.
///
/// # Errors
/// [`ConsensusFault::StoreRolledBack`].
pub(crate) fn check(
    path: &Path,
    height: Option<Height>,
    next: Height,
) -> Result<(), ConsensusFault> {
    match height {
        Some(wal_height) if wal_height > next => {
            Err(ConsensusFault::StoreRolledBack { path: path.into(), wal_height, next })
        }
        _ => Ok(()),
    }
}
