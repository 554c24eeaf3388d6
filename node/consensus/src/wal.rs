//! Looks into the write-ahead log before the engine does (rule 13).
//!
//! The engine cuts a log at its first damaged entry and only then holds; started again, it would
//! vote without that memory. So a damaged log is refused here, untouched. The format is
//! `arc-malachitebft-wal`'s (`log.rs`): a version (4 bytes) and the height that the entries are for
//! (8 bytes), then entries of a compression flag (1), a length (8), a CRC-32 (4) and the data, all
//! big-endian. Nothing here ever writes to the log.
//!
//! Neither the height nor a length is covered by a check of its own. A damaged length makes the last
//! entry look as if it had not been finished, and what was signed in it would be forgotten: so an
//! entry counts as unfinished only where no part of what is there is whole under its CRC. A damaged
//! height would have the engine throw everything away: so what was signed must be of that height.

use std::fs;
use std::io;
use std::path::Path;

use arc_malachitebft_app_channel::app::types::codec::Codec;
use arc_malachitebft_app_channel::app::types::core::PolkaCertificate;
use arc_malachitebft_app_channel::app::types::{ProposedValue, SignedConsensusMsg};
use bytes::Bytes;
use ledger_types::Height;

use crate::context::Kyojo;
use crate::fault::ConsensusFault;
use crate::wire::{CERTIFICATE_BYTES_MAX, Wire};

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
    let entries = entries(rest);
    // Entries of a height that is decided will not be read again: they may be damaged, but they may
    // not say that the height is. (Entries of a height before are those of a log that was to be
    // emptied when the process ended.)
    let known = entries.as_deref().unwrap_or_else(|sound| sound.as_slice());
    if known.iter().filter_map(|entry| height_of(entry)).any(|of| of > height) {
        return Err(unreadable("its height is damaged: an entry is of a later one"));
    }
    if height == next && entries.is_err() {
        return Err(unreadable("an entry is damaged"));
    }
    Ok(Some(height))
}

/// The entries that are whole; as an error those before the first that is damaged.
fn entries(mut rest: &[u8]) -> Result<Vec<&[u8]>, Vec<&[u8]>> {
    let mut found = Vec::new();
    loop {
        let head = (take::<1>(&mut rest), take::<8>(&mut rest), take::<4>(&mut rest));
        let (Some([flag]), Some(length), Some(crc)) = head else { return Ok(found) };
        let length = usize::try_from(u64::from_be_bytes(length)).unwrap_or(usize::MAX);
        let crc = u32::from_be_bytes(crc);
        // The engine writes no empty entry.
        if flag != 0 || length == 0 || length > ENTRY_BYTES_MAX {
            return Err(found);
        }
        let Some((entry, after)) = rest.split_at_checked(length) else {
            return if begins_with_an_entry(rest, crc) { Err(found) } else { Ok(found) };
        };
        if crc32fast::hash(entry) != crc {
            return Err(found);
        }
        found.push(entry);
        rest = after;
    }
}

/// Whether the first bytes of `rest`, however many, are what the CRC is of: then the entry was
/// finished, and it is its length that is damaged.
fn begins_with_an_entry(rest: &[u8], crc: u32) -> bool {
    let mut hasher = crc32fast::Hasher::new();
    rest.iter().any(|byte| {
        hasher.update(&[*byte]);
        hasher.clone().finalize() == crc
    })
}

/// The height that an entry is of; none where it says none (a timeout), or is not of this network.
///
/// A tag, a length (8 bytes, big-endian), and a message in this crate's own encoding.
fn height_of(entry: &[u8]) -> Option<Height> {
    let (tag, payload) = entry.split_first()?;
    let (_, payload) = payload.split_first_chunk::<8>()?;
    let bytes = Bytes::copy_from_slice(payload);
    match tag {
        1 => {
            let message: SignedConsensusMsg<Kyojo> = Wire.decode(bytes).ok()?;
            Some(match message {
                SignedConsensusMsg::Vote(vote) => vote.message.height.0,
                SignedConsensusMsg::Proposal(proposal) => proposal.message.height.0,
            })
        }
        4 => {
            let value: ProposedValue<Kyojo> = Wire.decode(bytes).ok()?;
            Some(value.height.0)
        }
        8 => {
            let certificate: PolkaCertificate<Kyojo> = Wire.decode(bytes).ok()?;
            Some(certificate.height.0)
        }
        _ => None,
    }
}

fn take<const N: usize>(rest: &mut &[u8]) -> Option<[u8; N]> {
    let (taken, after) = rest.split_first_chunk::<N>()?;
    *rest = after;
    Some(*taken)
}

#[cfg(test)]
mod tests {
    use arc_malachitebft_app_channel::app::types::SignedConsensusMsg;
    use arc_malachitebft_app_channel::app::types::codec::Codec as _;
    use arc_malachitebft_app_channel::app::types::core::{NilOrVal, SignedVote};
    use ledger_types::Height;

    use super::inspect;
    use crate::context::{Address, BlockHeight, Vote, engine_round, type_of};
    use crate::fault::ConsensusFault;
    use crate::wire::Wire;

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
        for index in 12..whole.len() {
            let mut damaged = whole.clone();
            damaged[index] ^= 0x80;
            let fault = inspected(&damaged, 7).expect_err("damaged");
            assert!(fault.do_not_restart(), "byte {index}");
        }
        assert!(inspected(&[0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 7], 7).is_err(), "its version");
        assert!(inspected(&[0, 0, 0, 1, 0, 0], 7).is_err(), "its header");
    }

    #[test]
    fn a_damaged_length_is_damage_and_no_unfinished_entry() {
        let whole = log(7, &[b"a vote", b"another vote"]);
        for (place, bit) in
            [13..21, 32..40].into_iter().flatten().flat_map(|at| (0..8).map(move |bit| (at, bit)))
        {
            let mut damaged = whole.clone();
            damaged[place] ^= 1 << bit;
            let fault = inspected(&damaged, 7).expect_err("what was signed would be forgotten");
            assert!(fault.do_not_restart(), "bit {bit} of byte {place}");
        }
        let beginning = log(7, &[b"a vote"]).len();
        for length in beginning + 1..whole.len() {
            let unfinished = inspected(&whole[..length], 7).expect("no damage");
            assert_eq!(unfinished, Some(Height::new(7)), "cut at {length}");
        }
        let zeros = [whole, vec![0; 40]].concat();
        assert!(inspected(&zeros, 7).is_err(), "the engine would stop at an empty entry");
    }

    /// An entry as the engine logs a vote.
    fn vote_of(height: u64) -> Vec<u8> {
        let key = ledger_types::SigningKey::from_seed(&[4; 32]);
        let vote = ledger_types::Vote {
            kind: ledger_types::VoteKind::Prevote,
            height: Height::new(height),
            round: ledger_types::Round::new(0),
            block: None,
            validator: ledger_types::ValidatorAddress::of(&key.public_key()),
        };
        let signature = key.sign(&vote.signed_bytes(&ledger_types::Hash::ZERO));
        let vote = Vote {
            kind: type_of(vote.kind),
            height: BlockHeight(vote.height),
            round: engine_round(vote.round),
            value: NilOrVal::Nil,
            validator: Address(vote.validator),
        };
        let vote = SignedVote::new(vote, signature);
        let bytes = Wire.encode(&SignedConsensusMsg::Vote(vote)).expect("it has bytes");
        [&[1], &(bytes.len() as u64).to_be_bytes()[..], &bytes].concat()
    }

    #[test]
    fn a_damaged_height_is_damage_and_throws_nothing_away() {
        let whole = log(7, &[&vote_of(7)]);
        assert_eq!(inspected(&whole, 7).expect("sound"), Some(Height::new(7)));
        for bit in 0..64 {
            let damaged = log(7 ^ (1 << bit), &[&vote_of(7)]);
            assert!(inspected(&damaged, 7).is_err(), "bit {bit}");
        }
    }

    #[test]
    fn a_log_ahead_of_the_chain_is_refused() {
        let fault = inspected(&log(8, &[]), 7).expect_err("ahead");
        assert!(matches!(fault, ConsensusFault::StoreRolledBack { .. }), "{fault}");
        assert!(fault.do_not_restart());
    }
}
