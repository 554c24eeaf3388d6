//! This validator's cosignature: over one tree only, never a smaller one, stored before it is made.

use std::path::{Path, PathBuf};

use ledger_proof::checkpoint::Checkpoint;
use ledger_proof::note::{NoteSignature, NoteSigner};
use ledger_proof::tile::{TileError, TileReader};
use ledger_types::Hash;

use crate::store::{AuditLog, StoreError, read_if_there, replace};

/// Size and root of the largest tree cosigned, with a check over them.
const FILE_BYTES: usize = 48;

/// Why a checkpoint is not cosigned. Consensus goes on (protocol rule 18).
#[derive(Debug, thiserror::Error)]
pub enum CosignError {
    /// A larger tree was cosigned before.
    #[error("size {size} was cosigned before, {found} is smaller")]
    Smaller {
        /// The largest size cosigned.
        size: u64,
        /// What was asked for.
        found: u64,
    },
    /// The log is not the one that was cosigned before.
    #[error("the log's root at size {size} is not the one cosigned before: two logs would differ")]
    Differs {
        /// The size at which they differ.
        size: u64,
    },
    /// The log cannot be read.
    #[error("the log cannot be read: {0}")]
    Tiles(#[from] TileError<StoreError>),
    /// What was cosigned could not be read or made durable.
    #[error(transparent)]
    Store(#[from] StoreError),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Latest {
    size: u64,
    root: Hash,
}

/// See the module.
#[derive(Debug)]
pub(super) struct Cosigner {
    signer: NoteSigner,
    path: PathBuf,
    latest: Option<Latest>,
    /// Whether the log was found to have the latest root since this process began.
    compared: bool,
}

impl Cosigner {
    /// The cosigner whose memory is the file at `path`.
    pub(super) fn open(path: &Path, signer: NoteSigner) -> Result<Self, StoreError> {
        let latest = read(path)?;
        Ok(Self { signer, path: path.to_owned(), latest, compared: latest.is_none() })
    }

    /// Cosigns a checkpoint of `log` at `time`, in seconds since the Unix epoch; blocking.
    ///
    /// # Errors
    /// [`CosignError`] says why not; nothing was signed.
    pub(super) fn cosign(
        &mut self,
        log: &AuditLog,
        checkpoint: &Checkpoint,
        time: u64,
    ) -> Result<NoteSignature, CosignError> {
        let asked = Latest { size: checkpoint.size, root: checkpoint.root };
        if let Some(latest) = self.latest {
            if asked.size < latest.size {
                return Err(CosignError::Smaller { size: latest.size, found: asked.size });
            }
            self.compare(log, latest)?;
            if asked.size == latest.size && asked.root != latest.root {
                return Err(CosignError::Differs { size: asked.size });
            }
        }
        if self.latest != Some(asked) {
            write(&self.path, asked)?;
            self.latest = Some(asked);
        }
        Ok(self.signer.cosign(&checkpoint.to_string(), time))
    }

    /// The log grows by appending alone, so one comparison after a start is enough.
    fn compare(&mut self, log: &AuditLog, latest: Latest) -> Result<(), CosignError> {
        if !self.compared {
            if TileReader::new(log, latest.size).root()? != latest.root {
                return Err(CosignError::Differs { size: latest.size });
            }
            self.compared = true;
        }
        Ok(())
    }
}

fn read(path: &Path) -> Result<Option<Latest>, StoreError> {
    let Some(bytes) = read_if_there("reading what was cosigned", path)? else { return Ok(None) };
    parse(&bytes).map(Some).ok_or_else(|| StoreError::Damaged {
        path: path.to_owned(),
        at: 0,
        what: "it does not say what was cosigned",
    })
}

fn parse(bytes: &[u8]) -> Option<Latest> {
    let (stated, check) = bytes.split_at_checked(FILE_BYTES - 8)?;
    if check != check_of(stated) {
        return None;
    }
    let (size, root) = stated.split_first_chunk::<8>()?;
    let root = Hash::new(root.try_into().ok()?);
    Some(Latest { size: u64::from_le_bytes(*size), root })
}

fn write(path: &Path, latest: Latest) -> Result<(), StoreError> {
    let mut bytes = latest.size.to_le_bytes().to_vec();
    bytes.extend_from_slice(latest.root.as_bytes());
    let check = check_of(&bytes);
    bytes.extend_from_slice(&check);
    replace(path, &bytes)
}

fn check_of(bytes: &[u8]) -> [u8; 8] {
    let mut check = [0; 8];
    check.copy_from_slice(Hash::of(&[bytes]).as_bytes().split_at(8).0);
    check
}
