//! The tiles that a log writes as it grows.

use ledger_types::Hash;
use ledger_types::merkle::root;

use super::read::read_hashes;
use super::{LEVEL_MAX, TILE_WIDTH, Tile, TileError, TileKind, TileSource};

/// A tile and its bytes.
pub type Written = (Tile, Vec<u8>);

/// Every tile of hashes that a log gets when `leaves` are appended to its first `old_size` entries,
/// with its bytes, level by level.
///
/// The partial tiles of the size before are read from `source`. Nothing is written: store the
/// tiles, then sign a checkpoint.
///
/// # Errors
/// [`TileError`] where a partial tile is missing or misshapen, or sizes end.
pub fn grow<S: TileSource>(
    source: &S,
    old_size: u64,
    leaves: &[Hash],
) -> Result<Vec<Written>, TileError<S::Error>> {
    let added = u64::try_from(leaves.len()).map_err(|_| TileError::OutOfRange)?;
    old_size.checked_add(added).ok_or(TileError::OutOfRange)?;
    let mut tiles = Vec::new();
    let mut hashes = leaves.to_vec();
    for level in 0..=LEVEL_MAX {
        if hashes.is_empty() {
            break;
        }
        let kind = TileKind::Hashes { level };
        let first = kind.count(old_size).div_euclid(u64::from(TILE_WIDTH));
        let mut all = match Tile::at(kind, first, old_size) {
            Some(partial) => read_hashes(source, partial)?,
            None => Vec::new(),
        };
        all.append(&mut hashes);
        for (index, chunk) in (first..).zip(all.chunks(usize::from(TILE_WIDTH))) {
            let width = u16::try_from(chunk.len()).map_err(|_| TileError::OutOfRange)?;
            let tile = Tile { kind, index, width };
            tiles.push((tile, chunk.iter().flat_map(Hash::as_bytes).copied().collect()));
            if tile.is_full() {
                hashes.push(root(chunk));
            }
        }
    }
    Ok(tiles)
}
