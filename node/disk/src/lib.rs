//! Every file that a node writes itself: made, written, synced, renamed and removed here alone.
//!
//! A promise that something is durable rests on a sync of the file and on one of the directory that
//! names it. Both are easily forgotten and never missed until the power fails, so there is one place
//! that asks the system for them, and [`crash`] can be put under it: a disk that loses what was not
//! synced, is cut off at any step, or has no room left. Nothing is watched unless a test asks.

pub mod crash;

use std::fs::{self, OpenOptions, TryLockError};
use std::io;
use std::os::unix::fs::{FileExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

/// How much is written to find out whether there is room: more than any file grows by at once
/// without the system noticing.
const ROOM_BYTES: usize = 1024 * 1024;

/// A file that is read and written at given places.
#[derive(Debug)]
pub struct File {
    file: fs::File,
    path: PathBuf,
}

impl File {
    /// Opens a file that is there.
    ///
    /// # Errors
    /// Where the system refuses, as everywhere below.
    pub fn open(path: &Path) -> io::Result<Self> {
        Self::with(path, OpenOptions::new().read(true).write(true))
    }

    /// Opens a file, or makes an empty one.
    pub fn open_or_create(path: &Path) -> io::Result<Self> {
        crash::step(path)?;
        Self::with(path, OpenOptions::new().read(true).write(true).create(true).truncate(false))
    }

    /// Makes an empty file, in place of one that is there.
    pub fn create(path: &Path) -> io::Result<Self> {
        crash::step(path)?;
        Self::with(path, OpenOptions::new().read(true).write(true).create(true).truncate(true))
    }

    /// Makes an empty file where there is none.
    pub fn create_new(path: &Path) -> io::Result<Self> {
        crash::step(path)?;
        Self::with(path, OpenOptions::new().read(true).write(true).create_new(true))
    }

    /// Makes an empty file that its owner alone reads, in place of one that is there.
    fn create_private(path: &Path) -> io::Result<Self> {
        crash::step(path)?;
        let mut options = OpenOptions::new();
        Self::with(path, options.read(true).write(true).create(true).truncate(true).mode(0o600))
    }

    fn with(path: &Path, options: &OpenOptions) -> io::Result<Self> {
        Ok(Self { file: options.open(path)?, path: path.to_owned() })
    }

    /// Writes all of `bytes` at a place.
    pub fn write_all_at(&self, bytes: &[u8], at: u64) -> io::Result<()> {
        if let Err(refused) = crash::step(&self.path) {
            // A disk that fills up takes the first part.
            if is_full(&refused) {
                self.file.write_all_at(&bytes[..bytes.len() / 2], at)?;
            }
            return Err(refused);
        }
        self.file.write_all_at(bytes, at)
    }

    /// Reads as many bytes as `bytes` has, from a place.
    pub fn read_exact_at(&self, bytes: &mut [u8], at: u64) -> io::Result<()> {
        self.file.read_exact_at(bytes, at)
    }

    /// The file's length.
    pub fn length(&self) -> io::Result<u64> {
        Ok(self.file.metadata()?.len())
    }

    /// Cuts the file to a length, or fills it up with zeros.
    pub fn set_len(&self, length: u64) -> io::Result<()> {
        crash::step(&self.path)?;
        self.file.set_len(length)
    }

    /// Makes the file's contents durable, and its length where it grew.
    #[track_caller]
    pub fn sync_data(&self) -> io::Result<()> {
        crash::step(&self.path)?;
        self.file.sync_data()?;
        crash::synced_file(&self.path, &self.file)
    }

    /// Makes contents and everything known of the file durable.
    #[track_caller]
    pub fn sync_all(&self) -> io::Result<()> {
        crash::step(&self.path)?;
        self.file.sync_all()?;
        crash::synced_file(&self.path, &self.file)
    }

    /// Takes the file's lock, which the system frees however the process ends.
    ///
    /// # Errors
    /// [`TryLockError`] where another has it, or the system refuses.
    pub fn try_lock(&self) -> Result<(), TryLockError> {
        self.file.try_lock()
    }
}

/// Makes a directory and those before it, their names durable when this returns. One that is there
/// may have been made a moment before the power failed: its name is synced all the same.
pub fn create_directory(path: &Path) -> io::Result<()> {
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty());
    if let Some(parent) = parent.filter(|parent| !parent.exists()) {
        create_directory(parent)?;
    }
    match fs::create_dir(path) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists || !path.is_dir() => {
            return Err(leads_nowhere(path).unwrap_or(error));
        }
        _ => crash::step(path)?,
    }
    sync_directory(parent.unwrap_or_else(|| Path::new(".")))
}

/// What is wrong with a link whose end is not there, such as a disk that was not mounted: that
/// something has its name already would be no help.
fn leads_nowhere(path: &Path) -> Option<io::Error> {
    let end = fs::read_link(path).ok().filter(|_| !path.exists())?;
    let what = format!("it is a link to {}, which is not there", end.display());
    Some(io::Error::new(io::ErrorKind::NotFound, what))
}

/// Makes the names in a directory durable.
#[track_caller]
pub fn sync_directory(path: &Path) -> io::Result<()> {
    crash::step(path)?;
    fs::File::open(path)?.sync_all()?;
    crash::synced_directory(path)
}

/// Makes the name of a file durable.
#[track_caller]
pub fn sync_name(path: &Path) -> io::Result<()> {
    match path.parent() {
        Some(directory) => sync_directory(directory),
        None => Ok(()),
    }
}

/// Gives a file another name, in place of one that has it.
pub fn rename(from: &Path, to: &Path) -> io::Result<()> {
    crash::step(from)?;
    fs::rename(from, to)
}

/// Removes a file.
pub fn remove_file(path: &Path) -> io::Result<()> {
    crash::step(path)?;
    fs::remove_file(path)
}

/// Puts a file in place whole, durable when this returns: after a crash there is the old one or the
/// new one.
pub fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let beside = path.with_extension("new");
    put(&File::create(&beside)?, &beside, path, bytes)
}

/// The same, where its owner alone may read it.
pub fn replace_private(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let beside = path.with_extension("new");
    put(&File::create_private(&beside)?, &beside, path, bytes)
}

/// Fills a new file and gives it the place of another.
fn put(file: &File, beside: &Path, path: &Path, bytes: &[u8]) -> io::Result<()> {
    file.write_all_at(bytes, 0)?;
    // Before the name: else a crash could leave the name on an empty file.
    file.sync_all()?;
    rename(beside, path)?;
    sync_name(path)
}

/// Whether the system refused because the disk is full, a quota is used up, or a file may grow no
/// further: whoever frees space, or raises the limit, has mended it.
#[must_use]
pub fn is_full(error: &io::Error) -> bool {
    use io::ErrorKind::{FileTooLarge, QuotaExceeded, StorageFull, WriteZero};
    matches!(error.kind(), StorageFull | QuotaExceeded | FileTooLarge | WriteZero)
}

/// The same of a text in which a library says what the system told it.
#[must_use]
pub fn says_full(text: &str) -> bool {
    ["No space left on device", "Disk quota exceeded", "File too large"]
        .iter()
        .any(|words| text.contains(words))
}

/// Whether a directory has no room for a file: tried out with one that is removed again.
#[must_use]
pub fn has_no_room(directory: &Path) -> bool {
    let path = directory.join("room.new");
    let tried = File::create(&path).and_then(|file| {
        file.write_all_at(&vec![1; ROOM_BYTES], 0)?;
        file.sync_all()
    });
    // What cannot be removed is written over by the next trial.
    let _ = fs::remove_file(&path);
    tried.is_err_and(|error| is_full(&error))
}
