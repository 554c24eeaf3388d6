//! Private files: written whole or not at all, readable by their owner only.

use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::Path;

use rand::RngCore;

use super::Existing;

/// Writes a file of mode 0600 in a folder made with mode 0700 where it is missing.
///
/// # Errors
/// `AlreadyExists` where the file is there and was to be kept; nothing changed then, nor on any
/// other error.
pub(crate) fn write_private(path: &Path, bytes: &[u8], existing: Existing) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    if !folder.as_os_str().is_empty() {
        make_folder(folder)?;
    }
    let name = path.file_name().ok_or(io::ErrorKind::InvalidInput)?;
    let mark = rand::rngs::OsRng.next_u64();
    let beside = path.with_file_name(format!(".{}.{mark:016x}", name.to_string_lossy()));
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let folder = std::fs::File::open(folder)?;
    let written = write_new(&beside, bytes).and_then(|()| match existing {
        Existing::Replace => std::fs::rename(&beside, path),
        Existing::Keep => rename_new(&folder, &beside, path),
    });
    if written.is_err() {
        // What is left is our own half; the outcome above is what counts.
        let _ = std::fs::remove_file(&beside);
    }
    written?;
    folder.sync_all()
}

/// Makes a folder of mode 0700 where it is missing.
///
/// # Errors
/// Those of the file system.
pub(crate) fn make_folder(folder: &Path) -> io::Result<()> {
    let is_new = !folder.exists();
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    if let (true, Some(above)) = (is_new, folder.parent()) {
        // Else a loss of power could take the folder with all that is in it.
        let above = if above.as_os_str().is_empty() { Path::new(".") } else { above };
        std::fs::File::open(above)?.sync_all()?;
    }
    Ok(())
}

/// Gives a file its name where that is free. The folder is locked meanwhile, so that two writers
/// cannot both believe they won; hard links would do that too, but not every file system has them.
fn rename_new(folder: &std::fs::File, from: &Path, to: &Path) -> io::Result<()> {
    folder.lock()?;
    let renamed = match std::fs::symlink_metadata(to) {
        Ok(_) => Err(io::ErrorKind::AlreadyExists.into()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => std::fs::rename(from, to),
        Err(error) => Err(error),
    };
    // It ends with the folder's handle too.
    let _ = folder.unlock();
    renamed
}

fn write_new(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file =
        std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::MetadataExt as _;

    use super::*;

    #[test]
    fn of_two_writers_of_a_new_file_one_wins_and_no_link_is_needed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("new");
        let wins: usize = std::thread::scope(|scope| {
            let writers: Vec<_> = (0..8_u8)
                .map(|byte| {
                    let path = &path;
                    scope.spawn(move || write_private(path, &[byte; 100], Existing::Keep))
                })
                .collect();
            let ended = writers.into_iter().map(|writer| writer.join().unwrap());
            let won = ended.map(|ended| match ended {
                Ok(()) => 1,
                Err(error) => {
                    assert_eq!(error.kind(), io::ErrorKind::AlreadyExists);
                    0
                }
            });
            won.sum()
        });
        assert_eq!(wins, 1);
        let written = std::fs::read(&path).unwrap();
        assert!(written.len() == 100 && written.iter().all(|byte| *byte == written[0]));
        assert_eq!(std::fs::metadata(&path).unwrap().nlink(), 1);
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is left beside");
    }
}
