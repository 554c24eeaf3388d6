//! Looks into the write-ahead log before the engine does (rule 13).
//!
//! The engine cuts a log at its first damaged entry and only then holds; started again, it would
//! vote without that memory. So a damaged log is refused here, untouched. The format is
//! `arc-malachitebft-wal`'s (`log.rs`): a version (4 bytes) and the height that the entries are for
//! (8 bytes), then entries of a compression flag (1), a length (8), a CRC-32 (4) and the data, all
//! big-endian. Nothing here ever writes to the log.

use std::fs;
use std::io;
use std::path::Path;

use ledger_types::Height;

use crate::fault::ConsensusFault;
use crate::wire::CERTIFICATE_BYTES_MAX;

const VERSION: u32 = 1;
/// More than any entry that this crate's codec makes.
const ENTRY_BYTES_MAX: usize = CERTIFICATE_BYTES_MAX + 64;

/// The height that the log at `path` is for; `None` where there is no log, or an empty one.
///
/// An unfinished last entry is no damage: what was not flushed was not sent.
///
/// # Errors
/// [`ConsensusFault::StoreRolledBack`] where the log is ahead of the chain, whose next height is
/// `next`; [`ConsensusFault::UnreadableLog`] where it is damaged.
pub(crate) fn inspect(path: &Path, next: Height) -> Result<Option<Height>, ConsensusFault> {
    let unreadable = |reason: &str| ConsensusFault::UnreadableLog {
        path: path.into(),
        reason: reason.to_owned(),
    };
    let bytes = match fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(unreadable(&error.to_string())),
    };
    if bytes.is_empty() {
        return Ok(None);
    }
    let mut rest = bytes.as_slice();
    let version = take(&mut rest).map(u32::from_be_bytes);
    if version != Some(VERSION) {
        return Err(unreadable("its version is unknown"));
    }
    let number = take(&mut rest).map(u64::from_be_bytes);
    let height = Height::new(number.ok_or_else(|| unreadable("it ends inside its header"))?);
    if height > next {
        return Err(ConsensusFault::StoreRolledBack {
            path: path.into(),
            wal_height: height,
            next,
        });
    }
    // Entries of a height that is decided will not be read again.
    if height == next && !are_sound(rest) {
        return Err(unreadable("an entry is damaged"));
    }
    Ok(Some(height))
}

fn are_sound(mut rest: &[u8]) -> bool {
    loop {
        let head = (take::<1>(&mut rest), take::<8>(&mut rest), take::<4>(&mut rest));
        let (Some([flag]), Some(length), Some(crc)) = head else { return true };
        let length = usize::try_from(u64::from_be_bytes(length)).unwrap_or(usize::MAX);
        if flag != 0 || length > ENTRY_BYTES_MAX {
            return false;
        }
        let Some((entry, after)) = rest.split_at_checked(length) else { return true };
        if crc32fast::hash(entry) != u32::from_be_bytes(crc) {
            return false;
        }
        rest = after;
    }
}

fn take<const N: usize>(rest: &mut &[u8]) -> Option<[u8; N]> {
    let (taken, after) = rest.split_first_chunk::<N>()?;
    *rest = after;
    Some(*taken)
}

#[cfg(test)]
mod tests {
    use ledger_types::Height;

    use super::inspect;
    use crate::fault::ConsensusFault;

    fn log(height: u64, entries: &[&[u8]]) -> Vec<u8> {
        let mut bytes = vec![0, 0, 0, 1];
        bytes.extend_from_slice(&height.to_be_bytes());
        for entry in entries {
            bytes.push(0);
            bytes.extend_from_slice(&(entry.len() as u64).to_be_bytes());
            bytes.extend_from_slice(&crc32fast::hash(entry).to_be_bytes());
            bytes.extend_from_slice(entry);
        }
        bytes
    }

    fn inspected(bytes: &[u8], next: u64) -> Result<Option<Height>, ConsensusFault> {
        let home = tempfile::tempdir().expect("a directory");
        let path = home.path().join("log");
        std::fs::write(&path, bytes).expect("writes");
        let outcome = inspect(&path, Height::new(next));
        assert_eq!(std::fs::read(&path).expect("reads"), bytes, "the log is left alone");
        outcome
    }

    #[test]
    fn a_sound_log_tells_its_height() {
        let whole = log(7, &[b"a vote", b"another vote"]);
        assert_eq!(inspected(&whole, 7).expect("sound"), Some(Height::new(7)));
        assert_eq!(inspected(&whole, 8).expect("of the height before"), Some(Height::new(7)));
        let unfinished = &whole[..whole.len() - 3];
        assert_eq!(inspected(unfinished, 7).expect("no damage"), Some(Height::new(7)));
        assert_eq!(inspected(&[], 7).expect("empty"), None);
        assert_eq!(
            inspect(std::path::Path::new("/nowhere/log"), Height::new(7)).expect("none"),
            None
        );
    }

    #[test]
    fn a_damaged_log_is_refused_wherever_its_entries_are_damaged() {
        let whole = log(7, &[b"a vote", b"another vote"]);
        // A damaged length of the last entries may look like an entry that was not finished.
        let lengths = [13..21, 32..40];
        let is_length = |index: &usize| lengths.iter().any(|length| length.contains(index));
        for index in (12..whole.len()).filter(|index| !is_length(index)) {
            let mut damaged = whole.clone();
            damaged[index] ^= 0x80;
            let fault = inspected(&damaged, 7).expect_err("damaged");
            assert!(fault.do_not_restart(), "byte {index}");
        }
        assert!(inspected(&[0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 7], 7).is_err(), "its version");
        assert!(inspected(&[0, 0, 0, 1, 0, 0], 7).is_err(), "its header");
    }

    #[test]
    fn a_log_ahead_of_the_chain_is_refused() {
        let fault = inspected(&log(8, &[]), 7).expect_err("ahead");
        assert!(matches!(fault, ConsensusFault::StoreRolledBack { .. }), "{fault}");
        assert!(fault.do_not_restart());
    }
}
