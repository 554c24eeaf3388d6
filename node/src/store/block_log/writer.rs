//! How far the block log is written, and whether it may still be: after a write or a sync that
//! failed nobody knows what is on disk.

use std::path::Path;
use std::time::{Duration, Instant};

use kyojo_disk::File;

use super::super::error::{StoreError, io};

/// See the module.
#[derive(Debug)]
pub(super) struct Writer {
    /// How much of the active segment is known to be on disk.
    pub(super) synced: u64,
    poisoned: Option<Poison>,
    /// How long the last sync took.
    pub(super) sync_took: Duration,
}

/// A write or a sync did not return well: what is on disk since then is unknown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Poison {
    is_full: bool,
}

impl Writer {
    /// Of a segment that is on disk up to `synced`.
    pub(super) const fn new(synced: u64) -> Self {
        Self { synced, poisoned: None, sync_took: Duration::ZERO }
    }

    /// # Errors
    /// [`StoreError::Poisoned`] once something failed.
    pub(super) const fn is_sound(&self) -> Result<(), StoreError> {
        match self.poisoned {
            None => Ok(()),
            Some(Poison { is_full }) => Err(StoreError::Poisoned { is_full }),
        }
    }

    /// Something is about to be done after which, where it fails, nothing may be done any more.
    pub(super) const fn doubt(&mut self) {
        self.poisoned = Some(Poison { is_full: false });
    }

    /// How it ended.
    pub(super) fn settle(&mut self, done: Result<(), StoreError>) -> Result<(), StoreError> {
        let poison = |error: &StoreError| Poison { is_full: error.is_full() };
        self.poisoned = done.as_ref().err().map(poison);
        done
    }

    /// Makes a segment's file durable up to `end`.
    #[track_caller]
    pub(super) fn sync(&mut self, file: &File, path: &Path, end: u64) -> Result<(), StoreError> {
        self.is_sound()?;
        let began = Instant::now();
        // After a failed sync the kernel may have dropped the pages: it is never tried again.
        self.doubt();
        let synced = file.sync_data();
        self.settle(synced.map_err(io("syncing the block log", path)))?;
        self.synced = end;
        self.sync_took = began.elapsed();
        Ok(())
    }
}
