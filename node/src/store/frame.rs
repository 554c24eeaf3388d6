//! One record of the block log: a fixed header, its payload, and a check over both.
//!
//! Each header says how much of the file was known to be synced when the record was appended. So a
//! record that does not check can be told apart: nothing after it says that it was synced, then it
//! is a torn tail; something does, then the disk is damaged. So it is where a record is whole but for
//! its length.

use ledger_types::limits::BLOCK_BYTES_MAX;
use ledger_types::{Hash, Height};
use sha2::{Digest, Sha256};

/// The first bytes of every record.
pub(super) const MAGIC: [u8; 4] = *b"KJR1";
/// The bytes of a record before its payload.
pub(super) const HEADER_BYTES: usize = 68;
/// The bytes of the header that the check covers.
const CHECKED_BYTES: usize = 60;
/// The largest payload: a block, or something smaller.
pub(super) const PAYLOAD_BYTES_MAX: usize = BLOCK_BYTES_MAX + 4096;
/// The salt's size: it keeps the content of transactions from looking like a record.
pub(super) const SALT_BYTES: usize = 16;

const _: () = assert!(PAYLOAD_BYTES_MAX < u32::MAX as usize, "a length fits its field");

/// The file's salt, drawn when the file is made.
pub(super) type Salt = [u8; SALT_BYTES];

/// What a record is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A block's bytes, proposed or judged valid.
    Body,
    /// A commit certificate: the block with its hash is decided.
    Decision,
    /// The roots after a decided block.
    Roots,
    /// A round's proposal, opaque to the node.
    Proposal,
}

impl Kind {
    const fn code(self) -> u8 {
        match self {
            Self::Body => 1,
            Self::Decision => 2,
            Self::Roots => 3,
            Self::Proposal => 4,
        }
    }

    const fn of(code: u8) -> Option<Self> {
        match code {
            1 => Some(Self::Body),
            2 => Some(Self::Decision),
            3 => Some(Self::Roots),
            4 => Some(Self::Proposal),
            _ => None,
        }
    }
}

/// A record's header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Header {
    pub(super) kind: Kind,
    /// The payload's bytes.
    pub(super) length: u32,
    pub(super) height: Height,
    /// How much of the file was synced when the record was appended.
    pub(super) synced: u64,
    /// The block's hash; zero for a proposal's record.
    pub(super) hash: Hash,
}

impl Header {
    /// The bytes before the payload.
    pub(super) fn encode(&self, salt: &Salt, payload: &[u8]) -> [u8; HEADER_BYTES] {
        let mut bytes = [0; HEADER_BYTES];
        bytes[..4].copy_from_slice(&MAGIC);
        bytes[4] = self.kind.code();
        bytes[8..12].copy_from_slice(&self.length.to_le_bytes());
        bytes[12..20].copy_from_slice(&self.height.get().to_le_bytes());
        bytes[20..28].copy_from_slice(&self.synced.to_le_bytes());
        bytes[28..60].copy_from_slice(self.hash.as_bytes());
        let check = check(salt, &bytes[..CHECKED_BYTES], payload);
        bytes[CHECKED_BYTES..].copy_from_slice(&check);
        bytes
    }

    /// The header at the start of `bytes`, its payload not yet checked.
    fn decode(bytes: &[u8; HEADER_BYTES]) -> Option<Self> {
        let well_formed = bytes[..4] == MAGIC && bytes[5..8] == [0; 3];
        let length = u32::from_le_bytes(field(bytes, 8));
        let fits = usize::try_from(length).is_ok_and(|length| length <= PAYLOAD_BYTES_MAX);
        if !well_formed || !fits {
            return None;
        }
        Some(Self {
            kind: Kind::of(bytes[4])?,
            length,
            height: Height::new(u64::from_le_bytes(field(bytes, 12))),
            synced: u64::from_le_bytes(field(bytes, 20)),
            hash: Hash::new(field(bytes, 28)),
        })
    }
}

/// The record at the start of `bytes`: its header and payload; `None` where nothing checks.
pub(super) fn read<'a>(bytes: &'a [u8], salt: &Salt) -> Option<(Header, &'a [u8])> {
    let (head, rest) = bytes.split_first_chunk::<HEADER_BYTES>()?;
    let header = Header::decode(head)?;
    let payload = rest.get(..usize::try_from(header.length).ok()?)?;
    let expected = check(salt, &head[..CHECKED_BYTES], payload);
    (head[CHECKED_BYTES..] == expected).then_some((header, payload))
}

/// Whether `bytes` are one record whole, but for its length: then that is damaged, and the record
/// was finished.
pub(super) fn has_damaged_length(bytes: &[u8], salt: &Salt) -> bool {
    let Some((head, payload)) = bytes.split_first_chunk::<HEADER_BYTES>() else { return false };
    let Ok(length) = u32::try_from(payload.len()) else { return false };
    let mut mended = *head;
    mended[8..12].copy_from_slice(&length.to_le_bytes());
    mended[CHECKED_BYTES..] == check(salt, &mended[..CHECKED_BYTES], payload)
}

/// The first 8 bytes of SHA-256 over salt, header and payload.
fn check(salt: &Salt, header: &[u8], payload: &[u8]) -> [u8; 8] {
    let mut hasher = Sha256::new();
    hasher.update(salt);
    hasher.update(header);
    hasher.update(payload);
    field(&hasher.finalize(), 0)
}

/// `N` bytes at an offset that lies inside by construction.
fn field<const N: usize>(bytes: &[u8], at: usize) -> [u8; N] {
    let mut out = [0; N];
    out.copy_from_slice(&bytes[at..at + N]);
    out
}
