//! A disk that loses what was not synced, for tests: what may be on it after the power failed.
//!
//! A [`Disk`] watches the files under a directory as they are synced. Of each it keeps what the last
//! sync of the file made durable, and of each directory the names that its last sync did. From these
//! and from what the system has now it makes [`Disk::survivors`]: directories as they may be found
//! after a crash at this instant, from the worst (nothing but what was synced) to the luckiest.
//! It can also end at a step ([`Disk::end_after`]): power that fails, or room that runs out. And it can
//! take no notice of the syncs of one line of the source ([`Disk::miss`]), as if they were not there:
//! so a test can show of each that it is needed.
//!
//! Databases sync by themselves: their directories are kept whole when they say that they are
//! durable ([`kept_whole`]), and survive as they were then.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::fs;
use std::io;
use std::os::unix::fs::{FileExt as _, MetadataExt as _};
use std::panic::Location;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

/// Whether any disk is watched in this process: else every question here is answered at once.
static IS_WATCHING: AtomicBool = AtomicBool::new(false);
static DISKS: Mutex<Vec<Weak<Watched>>> = Mutex::new(Vec::new());

/// The system's number for "no space left on device".
const NO_SPACE: i32 = 28;
/// What a disk writes at a time: a crash leaves each of them old or new.
const SECTOR_BYTES: usize = 512;

/// How a disk ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// Nothing reaches it any more.
    Power,
    /// It takes nothing more; half of the write that fills it is taken.
    Room,
}

/// What is taken to have reached the disk beside what was synced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Luck {
    /// Nothing.
    None,
    /// One change of a name alone, by its number, with what is behind it.
    OneName(usize),
    /// All names and lengths, and zeros for what was written.
    Names,
    /// The same, and of what was written the first sector.
    FirstSector,
    /// Everything.
    All,
}

/// A directory whose files are watched, until this is dropped.
#[derive(Debug)]
pub struct Disk(Arc<Watched>);

#[derive(Debug)]
struct Watched {
    root: PathBuf,
    kept: Mutex<Kept>,
}

#[derive(Debug, Default)]
struct Kept {
    /// By directory: its names, and the file behind each.
    names: BTreeMap<PathBuf, BTreeMap<OsString, u64>>,
    /// By file: what was in it, and a handle, so that no other file takes its number.
    bytes: BTreeMap<u64, (Vec<u8>, fs::File)>,
    /// Directories of databases.
    whole: BTreeSet<PathBuf>,
    ends: Option<(u64, End)>,
    /// How many steps there were.
    steps: u64,
    /// Where the source syncs.
    sites: BTreeSet<Site>,
    missed: Option<Site>,
}

/// A line of the source that syncs.
pub type Site = &'static Location<'static>;

impl Disk {
    /// Watches a directory, and takes what is in it to be durable.
    ///
    /// # Errors
    /// Where the system refuses, as everywhere here.
    pub fn watch(root: &Path) -> io::Result<Self> {
        let watched = Arc::new(Watched { root: root.to_owned(), kept: Mutex::default() });
        watched.kept().take_in(root)?;
        disks().push(Arc::downgrade(&watched));
        IS_WATCHING.store(true, Ordering::Release);
        Ok(Self(watched))
    }

    /// Lets so many further steps succeed and none after them.
    pub fn end_after(&self, steps: u64, end: End) {
        let mut kept = self.0.kept();
        kept.steps = 0;
        kept.ends = Some((steps, end));
    }

    /// Mends the disk; says whether it had ended.
    pub fn mend(&self) -> bool {
        let mut kept = self.0.kept();
        let ended = kept.ends.take();
        ended.is_some_and(|(steps, _)| kept.steps > steps)
    }

    /// The lines that have synced something here.
    #[must_use]
    pub fn sites(&self) -> Vec<Site> {
        self.0.kept().sites.iter().copied().collect()
    }

    /// Takes no notice of the syncs of a line.
    pub fn miss(&self, site: Site) {
        self.0.kept().missed = Some(site);
    }

    /// What may be found after a crash now, each in a directory of its own under `to`.
    pub fn survivors(&self, to: &Path) -> io::Result<Vec<PathBuf>> {
        let kept = self.0.kept();
        let changes = kept.changed_names(&self.0.root)?;
        let single = (0..changes).map(Luck::OneName);
        let lucks = [Luck::None, Luck::Names, Luck::FirstSector, Luck::All].into_iter();
        let mut places = Vec::new();
        for (number, luck) in lucks.chain(single).enumerate() {
            let place = to.join(number.to_string());
            let mut change = 0;
            kept.write_out(&self.0.root, &place, luck, &mut change)?;
            places.push(place);
        }
        Ok(places)
    }
}

impl Watched {
    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Kept {
    /// Whether the syncs of a line count.
    fn notices(&mut self, site: Site) -> bool {
        self.sites.insert(site);
        self.missed != Some(site)
    }

    /// Everything in a directory is durable now.
    fn take_in(&mut self, directory: &Path) -> io::Result<()> {
        self.sync_names(directory)?;
        for entry in fs::read_dir(directory)? {
            let path = entry?.path();
            // A database removes files of its own meanwhile.
            let Ok(file) = fs::File::open(&path) else { continue };
            if file.metadata()?.is_dir() { self.take_in(&path)? } else { self.sync_bytes(&file)? }
        }
        Ok(())
    }

    fn sync_names(&mut self, directory: &Path) -> io::Result<()> {
        let names = listing(directory)?;
        for (name, number) in &names {
            if let Ok(file) = fs::File::open(directory.join(name))
                && !self.bytes.contains_key(number)
            {
                self.bytes.insert(*number, (Vec::new(), file));
            }
        }
        self.names.insert(directory.to_owned(), names);
        Ok(())
    }

    fn sync_bytes(&mut self, file: &fs::File) -> io::Result<()> {
        let bytes = contents(file)?;
        self.bytes.insert(file.metadata()?.ino(), (bytes, file.try_clone()?));
        Ok(())
    }

    /// The names of a directory as one luck has them.
    fn names(
        &self,
        directory: &Path,
        luck: Luck,
        change: &mut usize,
    ) -> io::Result<BTreeMap<OsString, u64>> {
        let mut names = self.names.get(directory).cloned().unwrap_or_default();
        if luck == Luck::None || self.whole.contains(directory) {
            return Ok(names);
        }
        let now = listing(directory)?;
        let Luck::OneName(wanted) = luck else { return Ok(now) };
        let all: BTreeSet<_> = names.keys().chain(now.keys()).cloned().collect();
        for name in all {
            if names.get(&name) == now.get(&name) {
                continue;
            }
            if *change == wanted {
                match now.get(&name) {
                    Some(number) => _ = names.insert(name, *number),
                    None => _ = names.remove(&name),
                }
            }
            *change += 1;
        }
        Ok(names)
    }

    fn changed_names(&self, directory: &Path) -> io::Result<usize> {
        let mut change = 0;
        self.names(directory, Luck::OneName(usize::MAX), &mut change)?;
        for path in directories(directory)? {
            change += self.changed_names(&path)?;
        }
        Ok(change)
    }

    fn write_out(&self, from: &Path, to: &Path, luck: Luck, change: &mut usize) -> io::Result<()> {
        fs::create_dir_all(to)?;
        for (name, number) in self.names(from, luck, change)? {
            let (source, target) = (from.join(&name), to.join(&name));
            if source.is_dir() {
                self.write_out(&source, &target, luck, change)?;
                continue;
            }
            let held = self.bytes.get(&number).map(|(bytes, file)| (bytes.clone(), file));
            let (synced, now) = match held {
                Some((synced, file)) => (synced, contents(file)?),
                None => (Vec::new(), fs::read(&source).unwrap_or_default()),
            };
            let is_whole = self.whole.contains(from);
            let bytes = if is_whole { synced } else { survives(synced, now, luck) };
            fs::write(target, bytes)?;
        }
        Ok(())
    }
}

/// What is left of a file that held `synced` at its last sync and holds `now`.
fn survives(synced: Vec<u8>, now: Vec<u8>, luck: Luck) -> Vec<u8> {
    match luck {
        Luck::None => synced,
        Luck::All | Luck::OneName(_) => now,
        Luck::Names | Luck::FirstSector => {
            let mut left = synced;
            left.resize(now.len(), 0);
            if luck == Luck::FirstSector
                && let Some(first) = (0..now.len()).find(|at| left[*at] != now[*at])
            {
                let end = (first / SECTOR_BYTES + 1) * SECTOR_BYTES;
                let sector = first..end.min(now.len());
                left[sector.clone()].copy_from_slice(&now[sector]);
            }
            left
        }
    }
}

/// Keeps a database's directory as it is: it has said that this much is durable.
///
/// # Errors
/// Where it cannot be read.
#[track_caller]
pub fn kept_whole(directory: &Path) -> io::Result<()> {
    let site = Location::caller();
    tell(directory, |kept| {
        kept.whole.insert(directory.to_owned());
        if kept.notices(site) { kept.take_in(directory) } else { Ok(()) }
    })
}

/// Something is about to be done to the disk.
///
/// # Errors
/// Where it has ended.
pub fn step(path: &Path) -> io::Result<()> {
    tell(path, |kept| {
        kept.steps += 1;
        match kept.ends {
            Some((steps, End::Power)) if kept.steps > steps => {
                Err(io::Error::other("the power is off"))
            }
            Some((steps, End::Room)) if kept.steps > steps => {
                Err(io::Error::from_raw_os_error(NO_SPACE))
            }
            Some(_) | None => Ok(()),
        }
    })
}

#[track_caller]
pub(crate) fn synced_file(path: &Path, file: &fs::File) -> io::Result<()> {
    let site = Location::caller();
    tell(path, |kept| if kept.notices(site) { kept.sync_bytes(file) } else { Ok(()) })
}

#[track_caller]
pub(crate) fn synced_directory(path: &Path) -> io::Result<()> {
    let site = Location::caller();
    tell(path, |kept| if kept.notices(site) { kept.sync_names(path) } else { Ok(()) })
}

/// Tells the disk that has a path, where one is watched.
fn tell(path: &Path, what: impl FnOnce(&mut Kept) -> io::Result<()>) -> io::Result<()> {
    if !IS_WATCHING.load(Ordering::Acquire) {
        return Ok(());
    }
    let mut disks = disks();
    disks.retain(|disk| disk.strong_count() > 0);
    let found = disks.iter().filter_map(Weak::upgrade).find(|disk| path.starts_with(&disk.root));
    drop(disks);
    found.map_or(Ok(()), |disk| what(&mut disk.kept()))
}

fn disks() -> MutexGuard<'static, Vec<Weak<Watched>>> {
    DISKS.lock().unwrap_or_else(PoisonError::into_inner)
}

fn listing(directory: &Path) -> io::Result<BTreeMap<OsString, u64>> {
    let mut names = BTreeMap::new();
    for entry in fs::read_dir(directory)? {
        let entry = entry?;
        names.insert(entry.file_name(), entry.metadata().map_or(0, |metadata| metadata.ino()));
    }
    Ok(names)
}

fn directories(directory: &Path) -> io::Result<Vec<PathBuf>> {
    let entries: io::Result<Vec<_>> = fs::read_dir(directory)?.collect();
    Ok(entries?.into_iter().map(|entry| entry.path()).filter(|path| path.is_dir()).collect())
}

fn contents(file: &fs::File) -> io::Result<Vec<u8>> {
    let metadata = file.metadata()?;
    if metadata.is_dir() {
        return Ok(Vec::new());
    }
    let mut bytes = vec![0; usize::try_from(metadata.len()).unwrap_or(0)];
    file.read_exact_at(&mut bytes, 0)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{Disk, End, Site};
    use crate::{File, create_directory, is_full, rename, replace, sync_directory};

    fn found(disk: &Disk, name: &str) -> Vec<Option<Vec<u8>>> {
        let images = tempfile::tempdir().expect("a directory");
        let places = disk.survivors(images.path()).expect("survives");
        places.iter().map(|place| std::fs::read(place.join(name)).ok()).collect()
    }

    fn written(path: &Path, bytes: &[u8]) -> File {
        let file = File::create(path).expect("makes");
        file.write_all_at(bytes, 0).expect("writes");
        file
    }

    #[test]
    fn what_was_not_synced_may_be_lost_whole_in_part_or_in_name() {
        let root = tempfile::tempdir().expect("a directory");
        let disk = Disk::watch(root.path()).expect("watches");
        let file = written(&root.path().join("a"), &[7; 1000]);
        let mut sector = vec![7; 512];
        sector.resize(1000, 0);
        let [zeros, all] = [vec![0; 1000], vec![7; 1000]];
        let lucks = [None, Some(zeros.clone()), Some(sector), Some(all.clone()), Some(all.clone())];
        assert_eq!(found(&disk, "a"), lucks);
        file.sync_all().expect("syncs");
        assert_eq!(found(&disk, "a")[..2], [None, Some(all.clone())], "its name is not synced");
        sync_directory(root.path()).expect("syncs");
        assert!(found(&disk, "a").iter().all(|found| *found == Some(all.clone())));
        rename(&root.path().join("a"), &root.path().join("b")).expect("renames");
        assert_eq!(found(&disk, "b")[0], None);
        assert_eq!(found(&disk, "a")[0], Some(all));
    }

    #[test]
    fn a_file_put_in_place_is_the_old_or_the_new_one_and_a_directory_keeps_its_name() {
        let root = tempfile::tempdir().expect("a directory");
        let disk = Disk::watch(root.path()).expect("watches");
        let folder = root.path().join("deep/er");
        create_directory(&folder).expect("makes");
        replace(&folder.join("file"), b"old").expect("writes");
        assert!(found(&disk, "deep/er/file").iter().all(|found| found.as_deref() == Some(b"old")));
        for steps in 0..6 {
            disk.end_after(steps, End::Power);
            let put = replace(&folder.join("file"), b"new");
            assert!(disk.mend() || put.is_ok());
            for found in found(&disk, "deep/er/file") {
                let found = found.expect("one of them");
                assert!(found == b"new" || (put.is_err() && found == b"old"), "{found:?}");
            }
            replace(&folder.join("file"), b"old").expect("writes");
        }
    }

    #[test]
    fn each_sync_of_the_layer_is_needed() {
        let keeps = |missed: Option<Site>| {
            let root = tempfile::tempdir().expect("a directory");
            let disk = Disk::watch(root.path()).expect("watches");
            if let Some(site) = missed {
                disk.miss(site);
            }
            create_directory(&root.path().join("deep")).expect("makes");
            replace(&root.path().join("deep/file"), b"new").expect("writes");
            let kept =
                found(&disk, "deep/file").iter().all(|found| found.as_deref() == Some(b"new"));
            (kept, disk.sites())
        };
        let (kept, sites) = keeps(None);
        assert!(kept);
        assert_eq!(sites.len(), 3, "a directory's name, a file, a file's name: {sites:#?}");
        for site in sites {
            assert!(!keeps(Some(site)).0, "nothing is lost without the sync at {site}");
        }
    }

    #[test]
    fn a_full_disk_takes_half_of_a_write_and_says_what_it_is() {
        let root = tempfile::tempdir().expect("a directory");
        let disk = Disk::watch(root.path()).expect("watches");
        let path = root.path().join("a");
        let file = File::create(&path).expect("makes");
        disk.end_after(0, End::Room);
        let refused = file.write_all_at(&[1; 10], 0).expect_err("full");
        assert!(is_full(&refused) && crate::has_no_room(root.path()));
        assert_eq!(std::fs::read(&path).expect("reads").len(), 5);
        assert!(disk.mend());
        file.write_all_at(&[1; 10], 0).expect("there is room");
        assert!(!crate::has_no_room(root.path()));
    }
}
