//! Tiles: paths, which a log has, and proofs read from them at every size.

use std::collections::BTreeSet;

use ledger_proof::tile::{
    BundleError, Tile, TileError, TileKind, TileReader, added_entry_tiles, added_hash_tiles,
    decode_entries, encode_entries, entry_tiles, hash_tiles,
};
use ledger_types::Hash;
use ledger_types::merkle::{inclusion_path, leaf_hash, root, verify_consistency, verify_inclusion};
use proptest::prelude::*;

use crate::fixture::{Folder, entry, leaves};

#[test]
fn paths_are_grouped_in_threes() {
    let hashes = |level, index, width| Tile { kind: TileKind::Hashes { level }, index, width };
    let entries = |index, width| Tile { kind: TileKind::Entries, index, width };
    let table = [
        (hashes(0, 0, 256), "tile/0/000"),
        (hashes(0, 1_234_067, 256), "tile/0/x001/x234/067"),
        (hashes(7, 5, 1), "tile/7/005.p/1"),
        (hashes(1, 999, 255), "tile/1/999.p/255"),
        (entries(1000, 256), "tile/entries/x001/000"),
        (entries(273, 112), "tile/entries/273.p/112"),
        (hashes(0, u64::MAX, 256), "tile/0/x018/x446/x744/x073/x709/x551/615"),
    ];
    for (tile, path) in table {
        assert_eq!(tile.path(), path);
        assert_eq!(Tile::parse(path), Ok(tile));
    }
    for bad in [
        "",
        "tile",
        "tile/0",
        "tile/0/",
        "tile/0/0",
        "tile/0/0000",
        "tile/0/x000/001",
        "tile/8/000",
        "tile/00/000",
        "tile/+1/000",
        "tile/0/001/x067",
        "tile/0/x001067",
        "tile/0/000.p/0",
        "tile/0/000.p/256",
        "tile/0/000.p/01",
        "tile/0/000.p/",
        "tile/0/000/",
        "tile/8/0/000",
        "tile/entries/00a",
        "tile/0/x018/x446/x744/x073/x709/x551/616",
        "/tile/0/000",
    ] {
        assert!(Tile::parse(bad).is_err(), "{bad}");
    }
}

/// The specification's own example, and the edge that it names.
#[test]
fn a_log_of_70000_has_the_tiles_that_the_specification_counts() {
    let count = |tiles: &[Tile], level, full| {
        let kind = TileKind::Hashes { level };
        tiles.iter().filter(|tile| tile.kind == kind && tile.is_full() == full).count()
    };
    let tiles: Vec<Tile> = hash_tiles(70_000).collect();
    let counts = [(0, true), (0, false), (1, true), (1, false), (2, true), (2, false)]
        .map(|(level, full)| count(&tiles, level, full));
    assert_eq!(counts, [273, 1, 1, 1, 0, 1]);
    let partial: Vec<u16> = tiles.iter().filter(|t| !t.is_full()).map(|t| t.width).collect();
    assert_eq!(partial, [112, 17, 1]);
    assert_eq!(entry_tiles(70_000).count(), 274);
    let paths: Vec<String> = hash_tiles(256).map(|tile| tile.path()).collect();
    assert_eq!(paths, ["tile/0/000", "tile/1/000.p/1"]);
    assert_eq!(hash_tiles(0).count(), 0);
}

#[test]
fn growing_writes_exactly_the_tiles_that_are_new() {
    let steps = [0_u64, 1, 0, 2, 252, 1, 1, 255, 256, 300, 700];
    let (mut folder, mut size) = (Folder::default(), 0);
    let all = leaves(steps.iter().sum());
    for step in steps {
        let before: BTreeSet<Tile> = folder.tiles.keys().copied().collect();
        let (from, to) = (usize::try_from(size).unwrap(), usize::try_from(size + step).unwrap());
        folder.append(&all[from..to]);
        let after: BTreeSet<Tile> = folder.tiles.keys().copied().collect();
        let written: BTreeSet<Tile> = after.difference(&before).copied().collect();
        let expected: BTreeSet<Tile> = added_hash_tiles(size, size + step).collect();
        assert_eq!(written, expected, "from {size} by {step}");
        size += step;
        assert!(hash_tiles(size).all(|tile| folder.tiles.contains_key(&tile)));
        assert_eq!(TileReader::new(&folder, size).root(), Ok(root(&all[..to])));
    }
    let bundles: Vec<String> = added_entry_tiles(255, 513).map(|tile| tile.path()).collect();
    assert_eq!(bundles, ["tile/entries/000", "tile/entries/001", "tile/entries/002.p/1"]);
}

#[test]
fn every_inclusion_read_from_tiles_is_the_lists_own_and_verifies() {
    let all = leaves(600);
    for size in (1..=40_u64).chain([255, 256, 257, 300, 511, 512, 513, 600]) {
        let folder = Folder::of(size);
        let list = &all[..usize::try_from(size).unwrap()];
        let (mut reader, whole) = (TileReader::new(&folder, size), root(list));
        for (index, leaf) in (0..).zip(list) {
            let path = reader.inclusion(index).unwrap();
            assert_eq!(path, inclusion_path(list, usize::try_from(index).unwrap()));
            assert!(verify_inclusion(*leaf, index, size, &path, &whole), "{index} of {size}");
            assert_eq!(reader.leaf(index), Ok(*leaf));
        }
        assert_eq!(reader.inclusion(size), Err(TileError::OutOfRange));
        assert_eq!(reader.leaf(size), Err(TileError::OutOfRange));
    }
}

#[test]
fn every_pair_of_sizes_is_consistent_and_no_other_root_is() {
    let all = leaves(300);
    let roots: Vec<Hash> = (0..=300).map(|size| root(&all[..size])).collect();
    for size in (0..=70_u64).chain([127, 128, 129, 255, 256, 257, 299, 300]) {
        let folder = Folder::of(size);
        let mut reader = TileReader::new(&folder, size);
        let whole = roots[usize::try_from(size).unwrap()];
        for old in 0..=size {
            let path = reader.consistency(old).unwrap();
            let before = roots[usize::try_from(old).unwrap()];
            assert!(verify_consistency(old, &before, size, &whole, &path), "{old} to {size}");
            assert!(!verify_consistency(old, &Hash::ZERO, size, &whole, &path));
            assert!(old == 0 || !verify_consistency(old, &before, size, &Hash::ZERO, &path));
            let longer = [path.as_slice(), &[Hash::ZERO]].concat();
            assert!(!verify_consistency(old, &before, size, &whole, &longer));
            if let Some((_, shorter)) = path.split_last() {
                assert!(!verify_consistency(old, &before, size, &whole, shorter));
            }
        }
        assert_eq!(reader.consistency(size + 1), Err(TileError::OutOfRange));
    }
}

#[test]
fn every_bit_of_small_proofs_counts() {
    let all = leaves(13);
    let (old, whole) = (root(&all[..6]), root(&all));
    let folder = Folder::of(13);
    let mut reader = TileReader::new(&folder, 13);
    let flip = |path: &[Hash], at: usize| {
        let mut bytes: Vec<[u8; 32]> = path.iter().map(|hash| *hash.as_bytes()).collect();
        bytes[at / 256][at % 256 / 8] ^= 1 << (at % 8);
        bytes.into_iter().map(Hash::new).collect::<Vec<Hash>>()
    };
    let path = reader.consistency(6).unwrap();
    for at in 0..path.len() * 256 {
        assert!(!verify_consistency(6, &old, 13, &whole, &flip(&path, at)));
    }
    for (index, leaf) in (0..).zip(&all) {
        let path = reader.inclusion(index).unwrap();
        for at in 0..path.len() * 256 {
            assert!(!verify_inclusion(*leaf, index, 13, &flip(&path, at), &whole));
        }
    }
}

#[test]
fn a_misshapen_or_missing_tile_is_an_error() {
    let mut folder = Folder::of(300);
    let tile = Tile::at(TileKind::Hashes { level: 0 }, 1, 300).unwrap();
    folder.tiles.get_mut(&tile).unwrap().pop();
    let length = usize::from(tile.width) * 32 - 1;
    let wrong = TileError::WrongLength { tile, length };
    assert_eq!(TileReader::new(&folder, 300).root(), Err(wrong));
    folder.tiles.remove(&tile);
    assert_eq!(TileReader::new(&folder, 300).root(), Err(TileError::Source(tile)));
}

#[test]
fn bundles_hold_up_to_256_entries_of_up_to_65535_bytes() {
    let entries: Vec<Vec<u8>> = (0..256).map(entry).collect();
    let slices: Vec<&[u8]> = entries.iter().map(Vec::as_slice).collect();
    let bytes = encode_entries(slices.iter().copied()).unwrap();
    assert_eq!(bytes[..15], *b"\x00\x0cconsent-tx-0\x00");
    assert_eq!(decode_entries(&bytes), Ok(slices.clone()));
    let many = slices.iter().copied().chain([&b"x"[..]]);
    assert_eq!(encode_entries(many), Err(BundleError::TooManyEntries));
    let more = [bytes.as_slice(), b"\x00\x00"].concat();
    assert_eq!(decode_entries(&more), Err(BundleError::TooManyEntries));
    assert_eq!(encode_entries([vec![0; 65_536].as_slice()]), Err(BundleError::EntryTooLong));
    assert_eq!(encode_entries([vec![0; 65_535].as_slice()]).map(|bytes| bytes.len()), Ok(65_537));
    for cut in [b"\x00".as_slice(), b"\x00\x02x"] {
        assert_eq!(decode_entries(cut), Err(BundleError::Truncated));
    }
    assert_eq!(leaf_hash(&entries[0]), leaves(1)[0]);
}

proptest! {
    #[test]
    fn every_path_reads_back(level in 0..=7_u8, index: u64, width in 1..=256_u16, entries: bool) {
        let kind = if entries { TileKind::Entries } else { TileKind::Hashes { level } };
        let tile = Tile { kind, index, width };
        prop_assert_eq!(Tile::parse(&tile.path()), Ok(tile));
    }

    #[test]
    fn a_path_that_is_read_is_written_the_same(path in "tile/[0-9e][ntries]{0,6}/[x0-9/.p]{0,24}") {
        if let Ok(tile) = Tile::parse(&path) {
            prop_assert_eq!(tile.path(), path);
        }
    }

    #[test]
    fn reading_never_panics_whatever_the_sizes(size: u64, old: u64, index: u64, span in 0..9_u64) {
        let empty = |tile: Tile| -> Result<Vec<u8>, Tile> { Err(tile) };
        let mut reader = TileReader::new(&empty, size);
        let _ = reader.root();
        let _ = reader.leaf(index);
        let _ = reader.inclusion(index);
        let _ = reader.consistency(old);
        let _ = reader.range(index, index.saturating_add(span));
        let _ = ledger_proof::tile::grow(&empty, size, &leaves(span));
        prop_assert!(hash_tiles(size).take(10).all(|tile| Tile::parse(&tile.path()) == Ok(tile)));
        prop_assert!(added_hash_tiles(old, size).take(10).all(|tile| tile.width > 0));
    }
}
