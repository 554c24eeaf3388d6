//! Hashes, roots and proofs read out of a log's tiles.

use std::collections::BTreeMap;

use ledger_types::merkle::node_hash;
use ledger_types::{Hash, refuse_if};

use super::{TILE_HEIGHT, Tile, TileKind};

/// Where tiles come from: a folder, a network, memory.
pub trait TileSource {
    /// Why a tile cannot be read.
    type Error;

    /// The bytes of a tile of hashes: 32 times its width.
    ///
    /// A source that dropped a partial tile may answer with the beginning of the full one.
    ///
    /// # Errors
    /// Whatever keeps the source from answering.
    fn read(&self, tile: Tile) -> Result<Vec<u8>, Self::Error>;
}

impl<E, F: Fn(Tile) -> Result<Vec<u8>, E>> TileSource for F {
    type Error = E;

    fn read(&self, tile: Tile) -> Result<Vec<u8>, E> {
        self(tile)
    }
}

/// Why a hash or a proof cannot be read from tiles.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TileError<E> {
    /// The source failed.
    #[error("a tile cannot be read")]
    Source(#[source] E),
    /// The tile has not as many hashes as its width says.
    #[error("{} has {length} bytes", tile.path())]
    WrongLength {
        /// Which.
        tile: Tile,
        /// How many bytes it had.
        length: usize,
    },
    /// The log is not that large.
    #[error("the log has no such entries")]
    OutOfRange,
}

/// A log of one size, read through its tiles; each tile is read once.
///
/// What it answers is as true as the tiles: check it against a checkpoint's root.
#[derive(Debug)]
pub struct TileReader<'a, S> {
    source: &'a S,
    size: u64,
    tiles: BTreeMap<Tile, Vec<Hash>>,
}

type Answer<T, S> = Result<T, TileError<<S as TileSource>::Error>>;

impl<'a, S: TileSource> TileReader<'a, S> {
    /// The log of this size in these tiles.
    #[must_use]
    pub const fn new(source: &'a S, size: u64) -> Self {
        Self { source, size, tiles: BTreeMap::new() }
    }

    /// The root.
    ///
    /// # Errors
    /// [`TileError`] where a tile is missing or misshapen.
    pub fn root(&mut self) -> Answer<Hash, S> {
        if self.size == 0 { Ok(Hash::of(&[])) } else { self.range(0, self.size) }
    }

    /// The hash of the leaf at `index`.
    ///
    /// # Errors
    /// [`TileError`] where there is none, or a tile is missing or misshapen.
    pub fn leaf(&mut self, index: u64) -> Answer<Hash, S> {
        let end = index.checked_add(1).filter(|end| *end <= self.size);
        self.range(index, end.ok_or(TileError::OutOfRange)?)
    }

    /// The inclusion path of the leaf at `index`, bottom first (RFC 6962 section 2.1.1).
    ///
    /// # Errors
    /// [`TileError`] where there is none, or a tile is missing or misshapen.
    pub fn inclusion(&mut self, index: u64) -> Answer<Vec<Hash>, S> {
        refuse_if(index >= self.size, TileError::OutOfRange)?;
        let mut path = Vec::new();
        let (mut start, mut end) = (0, self.size);
        while end.abs_diff(start) > 1 {
            let middle = split(start, end);
            if index < middle {
                path.push(self.range(middle, end)?);
                end = middle;
            } else {
                path.push(self.range(start, middle)?);
                start = middle;
            }
        }
        path.reverse();
        Ok(path)
    }

    /// The path that shows how the tree of the first `old_size` entries grew into this one (RFC
    /// 6962 section 2.1.2). Empty from no entries and from all of them.
    ///
    /// # Errors
    /// [`TileError`] where the log is smaller, or a tile is missing or misshapen.
    pub fn consistency(&mut self, old_size: u64) -> Answer<Vec<Hash>, S> {
        refuse_if(old_size > self.size, TileError::OutOfRange)?;
        let mut path = Vec::new();
        if old_size == 0 || old_size == self.size {
            return Ok(path);
        }
        let (mut start, mut end) = (0, self.size);
        while end != old_size {
            let middle = split(start, end);
            if old_size <= middle {
                path.push(self.range(middle, end)?);
                end = middle;
            } else {
                path.push(self.range(start, middle)?);
                start = middle;
            }
        }
        if start != 0 {
            path.push(self.range(start, end)?);
        }
        path.reverse();
        Ok(path)
    }

    /// The root over the entries from `start` to before `end`, where such a subtree exists: `start`
    /// is a multiple of the power of two that `end − start` fits in.
    ///
    /// # Errors
    /// [`TileError`] where it does not, or a tile is missing or misshapen.
    pub fn range(&mut self, start: u64, end: u64) -> Answer<Hash, S> {
        let count = end.checked_sub(start).filter(|count| *count > 0 && end <= self.size);
        let count = count.ok_or(TileError::OutOfRange)?;
        let width = count.checked_next_power_of_two().ok_or(TileError::OutOfRange)?;
        refuse_if(!start.is_multiple_of(width), TileError::OutOfRange)?;
        let (mut full, mut from) = (Vec::new(), start);
        while from < end {
            let left = end.abs_diff(from);
            let level = left.ilog2();
            full.push(self.node(level, from >> level)?);
            from = from.checked_add(1 << level).ok_or(TileError::OutOfRange)?;
        }
        let folded = full.into_iter().rev().reduce(|right, left| node_hash(&left, &right));
        folded.ok_or(TileError::OutOfRange)
    }

    /// The root of the full subtree `index` of height `height`, from the tile that holds it whole.
    fn node(&mut self, height: u32, index: u64) -> Answer<Hash, S> {
        let (level, inside) = (height.div_euclid(TILE_HEIGHT), height.rem_euclid(TILE_HEIGHT));
        let level = u8::try_from(level).map_err(|_| TileError::OutOfRange)?;
        let first = index << inside;
        let kind = TileKind::Hashes { level };
        let tile = Tile::at(kind, first >> TILE_HEIGHT, self.size).ok_or(TileError::OutOfRange)?;
        let hashes = self.tile(tile)?;
        let from = usize::try_from(first & 0xff).unwrap_or(usize::MAX);
        let mut nodes: Vec<Hash> = hashes.iter().skip(from).take(1 << inside).copied().collect();
        while nodes.len() > 1 {
            let pairs = nodes.chunks_exact(2);
            nodes = pairs.filter_map(|pair| pair.first().zip(pair.last())).map(join).collect();
        }
        nodes.first().copied().ok_or(TileError::OutOfRange)
    }

    fn tile(&mut self, tile: Tile) -> Answer<&[Hash], S> {
        if !self.tiles.contains_key(&tile) {
            let hashes = read_hashes(self.source, tile)?;
            self.tiles.insert(tile, hashes);
        }
        Ok(self.tiles.get(&tile).map_or(&[], Vec::as_slice))
    }
}

/// The hashes of a tile.
pub(super) fn read_hashes<S: TileSource>(source: &S, tile: Tile) -> Answer<Vec<Hash>, S> {
    let bytes = source.read(tile).map_err(TileError::Source)?;
    let (hashes, rest) = bytes.as_chunks::<32>();
    if !rest.is_empty() || hashes.len() != usize::from(tile.width) {
        return Err(TileError::WrongLength { tile, length: bytes.len() });
    }
    Ok(hashes.iter().copied().map(Hash::new).collect())
}

fn join((left, right): (&Hash, &Hash)) -> Hash {
    node_hash(left, right)
}

/// Where RFC 6962 splits a range of two entries or more: after the largest power of two below its
/// length.
fn split(start: u64, end: u64) -> u64 {
    let last = end.abs_diff(start).saturating_sub(1);
    start.saturating_add(1_u64.checked_shl(last.ilog2()).unwrap_or(0))
}
