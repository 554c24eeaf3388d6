//! A log as files, and copies of it that are wrong in one way each.

use std::fs;
use std::path::Path;

use ledger_proof::tile::{TileReader, encode_entries, entry_tiles, grow};
use ledger_proof::tlog_proof::TlogProof;
use ledger_types::Hash;

use crate::fixture::{Folder, entry, head, leaves, policy, signed};

/// Writes a log of this size: checkpoint, policy, tiles, entries, an older checkpoint and a proof.
pub(crate) fn write_log(to: &Path, size: u64) {
    let put = |path: &str, bytes: &[u8]| {
        let path = to.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    };
    let empty = |tile| Err::<Vec<u8>, _>(tile);
    for (tile, bytes) in grow(&empty, 0, &leaves(size)).unwrap() {
        put(&tile.path(), &bytes);
    }
    for tile in entry_tiles(size) {
        let first = tile.index * 256;
        let entries: Vec<Vec<u8>> = (first..first + u64::from(tile.width)).map(entry).collect();
        put(&tile.path(), &encode_entries(entries.iter().map(Vec::as_slice)).unwrap());
    }
    put("policy", policy().to_string().as_bytes());
    let checkpoint = signed(head(size), &[0, 1, 2]);
    put("checkpoint", checkpoint.to_string().as_bytes());
    put("checkpoint.before", signed(head(size / 2), &[0, 1, 2, 3]).to_string().as_bytes());
    let folder = Folder::of(size);
    let path: Vec<Hash> = TileReader::new(&folder, size).inclusion(size / 3).unwrap();
    let proof = TlogProof { extra: None, index: size / 3, path, checkpoint };
    put("proof.tlog-proof", proof.to_string().as_bytes());
}

/// What is wrong with a copy.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Tampering {
    TileBit,
    TileShort,
    UpperTileBit,
    EntryBit,
    Root,
    Size,
    LogSignature,
    Cosignature,
    Quorum,
    ProofIndex,
    ProofPath,
    Before,
}

impl Tampering {
    pub(crate) const ALL: [Self; 12] = [
        Self::TileBit,
        Self::TileShort,
        Self::UpperTileBit,
        Self::EntryBit,
        Self::Root,
        Self::Size,
        Self::LogSignature,
        Self::Cosignature,
        Self::Quorum,
        Self::ProofIndex,
        Self::ProofPath,
        Self::Before,
    ];
}

/// Copies a log and spoils it; false where the log has not the file that would be spoiled.
pub(crate) fn copy_tampered(from: &Path, to: &Path, tampering: Tampering) -> bool {
    copy(from, to);
    let first_tile = ["tile/0/000", "tile/0/000.p"];
    let tile = first_tile.map(|path| to.join(path)).into_iter().find_map(|path| first_file(&path));
    match tampering {
        Tampering::TileBit => spoil(tile, |bytes| bytes[40] ^= 1),
        Tampering::TileShort => spoil(tile, |bytes| _ = bytes.pop()),
        Tampering::UpperTileBit => spoil(first_file(&to.join("tile/1")), |bytes| bytes[7] ^= 4),
        Tampering::EntryBit => spoil(first_file(&to.join("tile/entries")), |bytes| bytes[5] ^= 1),
        Tampering::Root => line(to, "checkpoint", 2, |line| swap(line, 10)),
        Tampering::Size => line(to, "checkpoint", 1, |line| line.push('0')),
        Tampering::LogSignature => line(to, "checkpoint", 4, |line| swap(line, line.len() - 20)),
        Tampering::Cosignature => cosignatures(to, |line| swap(line, line.len() - 20)),
        Tampering::Quorum => cosignatures(to, String::clear),
        Tampering::ProofIndex => line(to, "proof.tlog-proof", 1, |line| line.push('1')),
        Tampering::ProofPath => line(to, "proof.tlog-proof", 3, |line| swap(line, 5)),
        Tampering::Before => line(to, "checkpoint.before", 2, |line| swap(line, 5)),
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for item in fs::read_dir(from).unwrap() {
        let item = item.unwrap();
        let target = to.join(item.file_name());
        if item.file_type().unwrap().is_dir() {
            copy(&item.path(), &target);
        } else {
            fs::copy(item.path(), target).unwrap();
        }
    }
}

/// The path itself where it is a file; else the first file below it.
fn first_file(path: &Path) -> Option<std::path::PathBuf> {
    if path.is_file() {
        return Some(path.to_owned());
    }
    let mut below: Vec<_> = fs::read_dir(path).ok()?.map(|item| item.unwrap().path()).collect();
    below.sort();
    below.iter().find_map(|path| first_file(path))
}

fn spoil(file: Option<std::path::PathBuf>, change: impl FnOnce(&mut Vec<u8>)) -> bool {
    let Some(file) = file else { return false };
    let mut bytes = fs::read(&file).unwrap();
    change(&mut bytes);
    fs::write(&file, bytes).unwrap();
    true
}

/// Changes every cosignature but the first: a checkpoint may have more than its quorum needs.
fn cosignatures(folder: &Path, change: impl Fn(&mut String)) -> bool {
    let note = fs::read_to_string(folder.join("checkpoint")).unwrap();
    let last = note.lines().count() - 1;
    (6..=last).rev().all(|number| line(folder, "checkpoint", number, &change))
}

/// Changes one line of a text, counted from 0; a line that becomes empty is left out.
fn line(folder: &Path, name: &str, number: usize, change: impl FnOnce(&mut String)) -> bool {
    let path = folder.join(name);
    let Ok(text) = fs::read_to_string(&path) else { return false };
    let mut lines: Vec<String> = text.lines().map(ToOwned::to_owned).collect();
    change(&mut lines[number]);
    if lines[number].is_empty() {
        lines.remove(number);
    }
    fs::write(&path, lines.join("\n") + "\n").unwrap();
    true
}

fn swap(line: &mut String, at: usize) {
    let with = if line.get(at..=at) == Some("A") { "B" } else { "A" };
    line.replace_range(at..=at, with);
}
