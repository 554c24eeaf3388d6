//! Puts proposals together from their parts, whatever order they come in and whoever sends them.
//!
//! Streams belong to the peer that sends them, so no peer can touch another's. Everything kept for
//! a peer is bounded: past the bounds its own oldest stream is dropped, nobody else's. A stream's
//! first opening counts; whether it is signed is asked once, before its bytes are kept further.

use std::collections::{BTreeMap, VecDeque};

use bytes::{Bytes, BytesMut};
use ledger_types::Height;
use ledger_types::limits::BLOCK_BYTES_MAX;

use crate::part::{Init, PART_BYTES, PARTS_MAX, Part, part_count};

/// The most streams kept for one peer.
pub(crate) const PEER_STREAMS_MAX: usize = 6;
/// The most bytes kept for one peer: two blocks.
pub(crate) const PEER_BYTES_MAX: usize = 2 * BLOCK_BYTES_MAX;
/// How many heights a stream without an opening is kept.
const HEADLESS_HEIGHTS: u64 = 2;

/// What a part led to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Assembled {
    /// Nothing yet.
    Incomplete,
    /// The part, or with it its whole stream, was dropped.
    Refused,
    /// A stream opened; more parts are needed.
    Opened(Init),
    /// All bytes are there. The stream is forgotten.
    Complete(Init, Bytes),
}

/// Streams under way. `P` names a peer.
#[derive(Debug)]
pub(crate) struct Assembler<P> {
    peers: BTreeMap<P, Peer>,
}

#[derive(Debug, Default)]
struct Peer {
    /// Oldest first.
    streams: VecDeque<Stream>,
}

#[derive(Debug)]
struct Stream {
    name: Bytes,
    born: Height,
    opening: Option<Opening>,
    /// By sequence; 0 belongs to the opening.
    pieces: BTreeMap<usize, Bytes>,
    bytes: usize,
}

#[derive(Clone, Copy, Debug)]
struct Opening {
    init: Init,
    length: usize,
}

impl<P: Ord + Copy> Assembler<P> {
    /// No streams.
    pub(crate) const fn new() -> Self {
        Self { peers: BTreeMap::new() }
    }

    /// Takes a part that `peer` sent. `accepts` says whether an opening may be followed: whether
    /// its signature is right and its height and round are of interest.
    pub(crate) fn add(
        &mut self,
        now: Height,
        peer: P,
        name: &Bytes,
        sequence: u64,
        part: Part,
        accepts: impl FnOnce(&Init) -> bool,
    ) -> Assembled {
        let Some(sequence) = usize::try_from(sequence).ok().filter(|number| *number < PARTS_MAX)
        else {
            return Assembled::Refused;
        };
        let streams = &mut self.peers.entry(peer).or_default().streams;
        let position = streams.iter().position(|stream| stream.name == *name);
        let mut stream = position
            .and_then(|index| streams.remove(index))
            .unwrap_or_else(|| Stream::new(name.clone(), now));
        let outcome = stream.add(sequence, part, accepts);
        match outcome {
            Assembled::Complete(..) => {}
            Assembled::Refused if !stream.is_worth_keeping() => {}
            Assembled::Refused | Assembled::Incomplete | Assembled::Opened(_) => {
                streams.insert(position.unwrap_or(streams.len()).min(streams.len()), stream);
                keep_within_bounds(streams);
            }
        }
        if streams.is_empty() {
            self.peers.remove(&peer);
        }
        outcome
    }

    /// The openings of the streams under way.
    pub(crate) fn opened(&self) -> impl Iterator<Item = &Init> {
        let streams = self.peers.values().flat_map(|peer| &peer.streams);
        streams.filter_map(|stream| stream.opening.as_ref().map(|opening| &opening.init))
    }

    /// Forgets what heights up to `decided` no longer need.
    pub(crate) fn advance(&mut self, decided: Height) {
        self.peers.retain(|_, peer| {
            peer.streams.retain(|stream| stream.is_needed_after(decided));
            !peer.streams.is_empty()
        });
    }

    /// How many bytes are kept for a peer.
    #[cfg(test)]
    pub(crate) fn bytes_of(&self, peer: P) -> usize {
        self.peers.get(&peer).map_or(0, |peer| peer.streams.iter().map(|s| s.bytes).sum())
    }

    /// How many streams are kept for a peer.
    #[cfg(test)]
    pub(crate) fn streams_of(&self, peer: P) -> usize {
        self.peers.get(&peer).map_or(0, |peer| peer.streams.len())
    }
}

fn keep_within_bounds(streams: &mut VecDeque<Stream>) {
    let total = |streams: &VecDeque<Stream>| -> usize {
        streams.iter().fold(0, |sum, stream| sum.saturating_add(stream.bytes))
    };
    while streams.len() > PEER_STREAMS_MAX || total(streams) > PEER_BYTES_MAX {
        streams.pop_front();
    }
}

impl Stream {
    const fn new(name: Bytes, born: Height) -> Self {
        Self { name, born, opening: None, pieces: BTreeMap::new(), bytes: 0 }
    }

    fn add(
        &mut self,
        sequence: usize,
        part: Part,
        accepts: impl FnOnce(&Init) -> bool,
    ) -> Assembled {
        match part {
            Part::First { init, length, bytes } => {
                if sequence != 0 || self.opening.is_some() {
                    return Assembled::Refused;
                }
                let length = usize::try_from(length).unwrap_or(usize::MAX);
                if length > BLOCK_BYTES_MAX || !accepts(&init) {
                    self.pieces.clear();
                    self.bytes = 0;
                    return Assembled::Refused;
                }
                self.opening = Some(Opening { init, length });
                self.keep(0, bytes);
                match self.complete() {
                    Assembled::Incomplete => Assembled::Opened(init),
                    other => other,
                }
            }
            Part::Further { bytes } => {
                if sequence == 0 || self.pieces.contains_key(&sequence) {
                    return Assembled::Refused;
                }
                self.keep(sequence, bytes);
                self.complete()
            }
        }
    }

    fn keep(&mut self, sequence: usize, bytes: Bytes) {
        self.bytes = self.bytes.saturating_add(bytes.len());
        self.pieces.insert(sequence, bytes);
    }

    /// The block where every piece is there, each as long as it must be.
    fn complete(&mut self) -> Assembled {
        let Some(Opening { init, length }) = self.opening else { return Assembled::Incomplete };
        let count = part_count(length);
        let expected = |sequence: usize| {
            let start = sequence.saturating_mul(PART_BYTES);
            length.saturating_sub(start).min(PART_BYTES)
        };
        let is_sound = |(sequence, bytes): (&usize, &Bytes)| {
            *sequence < count && bytes.len() == expected(*sequence)
        };
        if !self.pieces.iter().all(is_sound) {
            self.forget();
            return Assembled::Refused;
        }
        if self.pieces.len() < count {
            return Assembled::Incomplete;
        }
        let mut pieces = core::mem::take(&mut self.pieces).into_values();
        if count == 1 {
            return Assembled::Complete(init, pieces.next().unwrap_or_default());
        }
        let mut block = BytesMut::with_capacity(length);
        pieces.for_each(|piece| block.extend_from_slice(&piece));
        Assembled::Complete(init, block.freeze())
    }

    fn forget(&mut self) {
        self.opening = None;
        self.pieces.clear();
        self.bytes = 0;
    }

    fn is_worth_keeping(&self) -> bool {
        self.opening.is_some() || !self.pieces.is_empty()
    }

    fn is_needed_after(&self, decided: Height) -> bool {
        match &self.opening {
            Some(opening) => opening.init.claim.height > decided,
            None => self.born.get().saturating_add(HEADLESS_HEIGHTS) > decided.get(),
        }
    }
}

#[cfg(test)]
mod tests;
