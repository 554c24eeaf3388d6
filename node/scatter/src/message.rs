//! What is said on a stream: frames of a length, a kind, a topic and a payload.
//!
//! ```text
//! frame = length of the rest (u32 LE) ‖ kind (0 subscribe | 1 broadcast | 2 unsubscribe)
//!         ‖ length of the topic (u8) ‖ topic ‖ payload (of a broadcast alone)
//! ```

use core::fmt;

use bytes::{Buf, BufMut, Bytes, BytesMut};

use crate::broken::Broken;

/// The length before a frame.
const PREFIX_BYTES: usize = 4;
/// A frame's kind and its topic's length.
const HEAD_BYTES: usize = 2;
const SUBSCRIBE: u8 = 0;
const BROADCAST: u8 = 1;
const UNSUBSCRIBE: u8 = 2;

/// What messages are about: at most [`Topic::MAX_TOPIC_LENGTH`] bytes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Topic {
    padded: [u8; Self::MAX_TOPIC_LENGTH],
    length: u8,
}

impl Topic {
    /// The most bytes of a topic.
    pub const MAX_TOPIC_LENGTH: usize = 64;

    /// A topic of these bytes, or of the first that fit.
    #[must_use]
    pub fn new(topic: &[u8]) -> Self {
        let mut padded = [0; Self::MAX_TOPIC_LENGTH];
        let mut length = 0_u8;
        for (place, byte) in padded.iter_mut().zip(topic) {
            *place = *byte;
            length += 1;
        }
        Self { padded, length }
    }
}

impl AsRef<[u8]> for Topic {
    fn as_ref(&self) -> &[u8] {
        self.padded.get(..usize::from(self.length)).unwrap_or(&self.padded)
    }
}

impl fmt::Display for Topic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&String::from_utf8_lossy(self.as_ref()))
    }
}

impl fmt::Debug for Topic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Topic({self})")
    }
}

/// What one side says to the other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Message {
    /// It wants messages of the topic.
    Subscribe(Topic),
    /// A message of the topic.
    Broadcast(Topic, Bytes),
    /// It wants none any more.
    Unsubscribe(Topic),
}

impl Message {
    const fn parts(&self) -> (u8, &Topic, Option<&Bytes>) {
        match self {
            Self::Subscribe(topic) => (SUBSCRIBE, topic, None),
            Self::Broadcast(topic, payload) => (BROADCAST, topic, Some(payload)),
            Self::Unsubscribe(topic) => (UNSUBSCRIBE, topic, None),
        }
    }

    /// The frame; none where the payload is larger than any can be.
    pub(crate) fn frame(&self) -> Option<Bytes> {
        let (kind, topic, payload) = self.parts();
        let payload = payload.map_or(&[][..], |payload| payload);
        let topic = topic.as_ref();
        let length = HEAD_BYTES + topic.len() + payload.len();
        let mut frame = BytesMut::with_capacity(PREFIX_BYTES + length);
        frame.put_u32_le(u32::try_from(length).ok()?);
        frame.put_u8(kind);
        frame.put_u8(u8::try_from(topic.len()).ok()?);
        frame.put_slice(topic);
        frame.put_slice(payload);
        Some(frame.freeze())
    }

    /// Takes the first message out of what was read; none where it is not whole yet.
    ///
    /// # Errors
    /// [`Broken::Malformed`] for a frame longer than a payload of `most` bytes needs, as soon as
    /// its length is known, and for one of another form.
    pub(crate) fn take(read: &mut BytesMut, most: usize) -> Result<Option<Self>, Broken> {
        let Some(Ok(length)) =
            read.first_chunk().map(|bytes| u32::from_le_bytes(*bytes).try_into())
        else {
            return Ok(None);
        };
        let length: usize = length;
        if length > most.saturating_add(HEAD_BYTES + Topic::MAX_TOPIC_LENGTH) {
            return Err(Broken::Malformed);
        }
        if read.len() < PREFIX_BYTES + length {
            return Ok(None);
        }
        read.advance(PREFIX_BYTES);
        Self::parse(read.split_to(length).freeze()).map(Some)
    }

    fn parse(mut frame: Bytes) -> Result<Self, Broken> {
        let malformed = |_| Broken::Malformed;
        let kind = frame.try_get_u8().map_err(malformed)?;
        let length = usize::from(frame.try_get_u8().map_err(malformed)?);
        if length > Topic::MAX_TOPIC_LENGTH || length > frame.len() {
            return Err(Broken::Malformed);
        }
        let topic = Topic::new(&frame.split_to(length));
        match kind {
            BROADCAST => Ok(Self::Broadcast(topic, frame)),
            SUBSCRIBE if frame.is_empty() => Ok(Self::Subscribe(topic)),
            UNSUBSCRIBE if frame.is_empty() => Ok(Self::Unsubscribe(topic)),
            _ => Err(Broken::Malformed),
        }
    }
}

/// How the behaviour is set up.
#[derive(Clone, Copy, Debug)]
pub struct Config {
    /// The most bytes of a message.
    pub max_buf_size: usize,
}

impl Default for Config {
    fn default() -> Self {
        Self { max_buf_size: 4 * 1024 * 1024 }
    }
}
