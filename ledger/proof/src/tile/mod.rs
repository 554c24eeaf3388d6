//! Tiles: a log's tree and entries as files of fixed width (<https://c2sp.org/tlog-tiles>).
//!
//! A tile of level `l` holds up to 256 hashes, each the root over `256^l` entries; at level 0 they
//! are the leaves. Entry bundles hold the entries of a level-0 tile. A tile that is not full is
//! *partial* and its path says how wide it is.
//!
//! ```text
//! tile/<level>/<index>[.p/<width>]       tile/entries/<index>[.p/<width>]
//! ```
//!
//! An index is written in groups of three digits, `x` before all but the last: 1234067 is
//! `x001/x234/067`.

mod entries;
mod grow;
mod read;

pub use entries::{BundleError, ENTRY_LENGTH_MAX, decode_entries, encode_entries};
pub use grow::{Written, grow};
pub use read::{TileError, TileReader, TileSource};

/// How many hashes a full tile has.
pub const TILE_WIDTH: u16 = 256;
/// The highest level: above it no log of a 64-bit size has a tile.
pub const LEVEL_MAX: u8 = 7;
/// How many levels of the tree a tile spans.
pub(crate) const TILE_HEIGHT: u32 = 8;

/// What a tile holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum TileKind {
    /// Hashes of a level, 0 to [`LEVEL_MAX`].
    Hashes {
        /// The level.
        level: u8,
    },
    /// Entries.
    Entries,
}

impl TileKind {
    /// How many of this kind's hashes, or entries, a log of this size has.
    #[must_use]
    pub fn count(self, size: u64) -> u64 {
        let level = match self {
            Self::Hashes { level } => u32::from(level),
            Self::Entries => 0,
        };
        size.checked_shr(level.saturating_mul(TILE_HEIGHT)).unwrap_or(0)
    }
}

/// The coordinates of a tile.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Tile {
    /// What it holds.
    pub kind: TileKind,
    /// Its place among the tiles of its kind, from 0.
    pub index: u64,
    /// How many hashes or entries it has: 1 to 256.
    pub width: u16,
}

/// A path is no tile's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the path is no tile's")]
pub struct TilePathError;

impl Tile {
    /// Whether it has its full width.
    #[must_use]
    pub const fn is_full(&self) -> bool {
        self.width == TILE_WIDTH
    }

    /// The tile of this kind and index in a log of this size; `None` where it has none.
    #[must_use]
    pub fn at(kind: TileKind, index: u64, size: u64) -> Option<Self> {
        let before = index.checked_mul(u64::from(TILE_WIDTH))?;
        let left = kind.count(size).checked_sub(before).filter(|left| *left > 0)?;
        let width = u16::try_from(left).unwrap_or(TILE_WIDTH).min(TILE_WIDTH);
        Some(Self { kind, index, width })
    }

    /// The path below the log's prefix, such as `tile/0/x001/067.p/8`.
    #[must_use]
    pub fn path(&self) -> String {
        let kind = match self.kind {
            TileKind::Hashes { level } => level.to_string(),
            TileKind::Entries => "entries".to_owned(),
        };
        let partial = if self.is_full() { String::new() } else { format!(".p/{}", self.width) };
        format!("tile/{kind}/{}{partial}", index_path(self.index))
    }

    /// Reads a path below the log's prefix.
    ///
    /// # Errors
    /// [`TilePathError`] where no tile has it.
    pub fn parse(path: &str) -> Result<Self, TilePathError> {
        let tile = Self::read(path).ok_or(TilePathError)?;
        // A path has one form: the one that is written.
        if tile.path() == path { Ok(tile) } else { Err(TilePathError) }
    }

    fn read(path: &str) -> Option<Self> {
        let (kind, rest) = path.strip_prefix("tile/")?.split_once('/')?;
        let kind = match kind {
            "entries" => TileKind::Entries,
            level => {
                let level = level.parse().ok().filter(|level| *level <= LEVEL_MAX)?;
                TileKind::Hashes { level }
            }
        };
        let (index, width) = match rest.split_once(".p/") {
            Some((index, width)) => (index, width.parse().ok()?),
            None => (rest, TILE_WIDTH),
        };
        let in_range = (1..=TILE_WIDTH).contains(&width);
        in_range.then_some(Self { kind, index: read_index(index)?, width })
    }
}

/// Groups of three digits, `x` before all but the last.
fn index_path(index: u64) -> String {
    let digits = index.to_string();
    let padding = digits.len().next_multiple_of(3).abs_diff(digits.len());
    let padded = format!("{}{digits}", "0".repeat(padding));
    let mut path = String::new();
    for (place, digit) in padded.chars().enumerate() {
        let left = padded.len().abs_diff(place);
        if left.is_multiple_of(3) {
            path.push_str(if place == 0 { "" } else { "/" });
            path.push_str(if left > 3 { "x" } else { "" });
        }
        path.push(digit);
    }
    path
}

fn read_index(path: &str) -> Option<u64> {
    // 20 digits make at most 7 groups of at most 5 characters.
    if path.len() > 35 {
        return None;
    }
    let digits: String = path.chars().filter(char::is_ascii_digit).collect();
    digits.parse().ok()
}

/// Every tile of hashes of a log of this size, level by level: first the full ones, then the
/// partial one.
pub fn hash_tiles(size: u64) -> impl Iterator<Item = Tile> {
    (0..=LEVEL_MAX).flat_map(move |level| added(TileKind::Hashes { level }, 0, size))
}

/// Every entry bundle of a log of this size.
pub fn entry_tiles(size: u64) -> impl Iterator<Item = Tile> {
    added(TileKind::Entries, 0, size)
}

/// The tiles of hashes that a log of `size` has and one of `old_size` had not. A partial tile that
/// grew is another tile.
pub fn added_hash_tiles(old_size: u64, size: u64) -> impl Iterator<Item = Tile> {
    (0..=LEVEL_MAX).flat_map(move |level| added(TileKind::Hashes { level }, old_size, size))
}

/// The entry bundles that a log of `size` has and one of `old_size` had not.
pub fn added_entry_tiles(old_size: u64, size: u64) -> impl Iterator<Item = Tile> {
    added(TileKind::Entries, old_size, size)
}

fn added(kind: TileKind, old_size: u64, size: u64) -> impl Iterator<Item = Tile> {
    let (old, new) = (kind.count(old_size), kind.count(size));
    let first = old >> TILE_HEIGHT;
    let end = if new > old { new.div_ceil(u64::from(TILE_WIDTH)) } else { first };
    (first..end).filter_map(move |index| Tile::at(kind, index, size))
}
