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
        let is_new = !folder.exists();
        std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
        if let (true, Some(above)) = (is_new, folder.parent()) {
            // Else a loss of power could take the folder with all that is in it.
            let above = if above.as_os_str().is_empty() { Path::new(".") } else { above };
            std::fs::File::open(above)?.sync_all()?;
        }
    }
    let name = path.file_name().ok_or(io::ErrorKind::InvalidInput)?;
    let mark = rand::rngs::OsRng.next_u64();
    let beside = path.with_file_name(format!(".{}.{mark:016x}", name.to_string_lossy()));
    let written = write_new(&beside, bytes).and_then(|()| match existing {
        Existing::Replace => std::fs::rename(&beside, path),
        // A hard link fails where the name is taken, so two writers cannot both believe they won.
        Existing::Keep => std::fs::hard_link(&beside, path),
    });
    if written.is_err() || existing == Existing::Keep {
        // What is left is our own half; the outcome above is what counts.
        let _ = std::fs::remove_file(&beside);
    }
    written?;
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    std::fs::File::open(folder)?.sync_all()
}

fn write_new(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file =
        std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}
