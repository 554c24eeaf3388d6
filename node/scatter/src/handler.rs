//! One connection: writes what waits for the peer on one stream, reads what it says on another.

use core::convert::Infallible;
use core::pin::Pin;
use core::task::{Context, Poll};
use std::collections::VecDeque;
use std::io;

use bytes::{Buf, Bytes, BytesMut};
use futures::{AsyncRead, AsyncWrite};
use libp2p::core::upgrade::ReadyUpgrade;
use libp2p::swarm::handler::{
    ConnectionEvent, DialUpgradeError, FullyNegotiatedInbound, FullyNegotiatedOutbound,
};
use libp2p::swarm::{
    ConnectionHandler, ConnectionHandlerEvent, StreamUpgradeError, SubstreamProtocol,
};
use libp2p::{Stream, StreamProtocol};

use crate::broken::Broken;
use crate::message::{Config, Message};

/// The protocol's name on the wire.
pub(crate) const PROTOCOL: StreamProtocol = StreamProtocol::new("/kyojo/scatter/1");
/// The most bytes that wait for a peer; one that lets more pile up is disconnected.
pub(crate) const WAITING_BYTES_MAX: usize = 64 * 1024 * 1024;
/// How much is read at a time.
const READ_BYTES: usize = 16 * 1024;
/// How much is written at a time; small messages are written together.
const WRITE_BYTES: usize = 64 * 1024;

/// The stream on which this side speaks.
#[derive(Debug)]
enum Speaking {
    NotYet,
    Opening,
    On(Stream),
}

/// See the module.
#[derive(Debug)]
pub struct Handler {
    config: Config,
    heard_on: Option<Stream>,
    read: BytesMut,
    speaking: Speaking,
    waiting: VecDeque<Bytes>,
    waiting_bytes: usize,
    writing: BytesMut,
    is_flushed: bool,
    broken: Option<Broken>,
}

type Told = ConnectionHandlerEvent<ReadyUpgrade<StreamProtocol>, (), Result<Message, Broken>>;

impl Handler {
    pub(crate) fn new(config: Config) -> Self {
        Self {
            config,
            heard_on: None,
            read: BytesMut::new(),
            speaking: Speaking::NotYet,
            waiting: VecDeque::new(),
            waiting_bytes: 0,
            writing: BytesMut::new(),
            is_flushed: true,
            broken: None,
        }
    }

    fn say(&mut self, message: &Message) {
        let Some(frame) = message.frame() else { return };
        if self.waiting_bytes + frame.len() > WAITING_BYTES_MAX {
            self.broken = Some(Broken::Slow);
            return;
        }
        self.waiting_bytes += frame.len();
        self.waiting.push_back(frame);
    }

    /// The next message that the peer said.
    fn hear(&mut self, cx: &mut Context<'_>) -> Poll<Result<Message, Broken>> {
        loop {
            match Message::take(&mut self.read, self.config.max_buf_size) {
                Ok(Some(message)) => return Poll::Ready(Ok(message)),
                Ok(None) => {}
                Err(broken) => return Poll::Ready(Err(broken)),
            }
            let Some(stream) = &mut self.heard_on else { return Poll::Pending };
            let mut chunk = [0; READ_BYTES];
            match Pin::new(stream).poll_read(cx, &mut chunk) {
                Poll::Pending => return Poll::Pending,
                // The end, or a failure: the peer opens another if it has more to say.
                Poll::Ready(Ok(0) | Err(_)) => {
                    self.heard_on = None;
                    self.read.clear();
                }
                Poll::Ready(Ok(count)) => {
                    self.read.extend_from_slice(chunk.get(..count).unwrap_or_default());
                }
            }
        }
    }

    /// Writes what waits; ready only where that fails.
    fn speak(&mut self, cx: &mut Context<'_>) -> Poll<io::Error> {
        let Speaking::On(stream) = &mut self.speaking else { return Poll::Pending };
        loop {
            while self.writing.len() < WRITE_BYTES
                && let Some(frame) = self.waiting.pop_front()
            {
                self.waiting_bytes -= frame.len();
                self.writing.extend_from_slice(&frame);
            }
            let written = if self.writing.is_empty() {
                if self.is_flushed {
                    return Poll::Pending;
                }
                Pin::new(&mut *stream).poll_flush(cx).map_ok(|()| {
                    self.is_flushed = true;
                    0
                })
            } else {
                self.is_flushed = false;
                Pin::new(&mut *stream).poll_write(cx, &self.writing)
            };
            match written {
                Poll::Pending => return Poll::Pending,
                Poll::Ready(Ok(count)) => self.writing.advance(count),
                Poll::Ready(Err(error)) => return Poll::Ready(error),
            }
        }
    }
}

impl ConnectionHandler for Handler {
    type FromBehaviour = Message;
    type ToBehaviour = Result<Message, Broken>;
    type InboundProtocol = ReadyUpgrade<StreamProtocol>;
    type OutboundProtocol = ReadyUpgrade<StreamProtocol>;
    type InboundOpenInfo = ();
    type OutboundOpenInfo = ();

    fn listen_protocol(&self) -> SubstreamProtocol<Self::InboundProtocol> {
        SubstreamProtocol::new(ReadyUpgrade::new(PROTOCOL), ())
    }

    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Told> {
        if let Some(broken) = self.broken.take() {
            return Poll::Ready(ConnectionHandlerEvent::NotifyBehaviour(Err(broken)));
        }
        if let Poll::Ready(heard) = self.hear(cx) {
            return Poll::Ready(ConnectionHandlerEvent::NotifyBehaviour(heard));
        }
        if let Poll::Ready(error) = self.speak(cx) {
            self.speaking = Speaking::NotYet;
            let broken = Err(Broken::Stream(error.kind()));
            return Poll::Ready(ConnectionHandlerEvent::NotifyBehaviour(broken));
        }
        if matches!(self.speaking, Speaking::NotYet) && !self.waiting.is_empty() {
            self.speaking = Speaking::Opening;
            let protocol = SubstreamProtocol::new(ReadyUpgrade::new(PROTOCOL), ());
            return Poll::Ready(ConnectionHandlerEvent::OutboundSubstreamRequest { protocol });
        }
        Poll::Pending
    }

    fn on_behaviour_event(&mut self, message: Message) {
        self.say(&message);
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "the library may add events")]
    fn on_connection_event(
        &mut self,
        event: ConnectionEvent<'_, Self::InboundProtocol, Self::OutboundProtocol>,
    ) {
        match event {
            ConnectionEvent::FullyNegotiatedInbound(FullyNegotiatedInbound {
                protocol, ..
            }) => {
                // The peer is done with the stream before, and with what it left half said.
                self.heard_on = Some(protocol);
                self.read.clear();
            }
            ConnectionEvent::FullyNegotiatedOutbound(FullyNegotiatedOutbound {
                protocol, ..
            }) => self.speaking = Speaking::On(protocol),
            ConnectionEvent::DialUpgradeError(DialUpgradeError { error, .. }) => {
                self.speaking = Speaking::NotYet;
                self.broken = Some(reason(error));
            }
            _ => {}
        }
    }
}

fn reason(error: StreamUpgradeError<Infallible>) -> Broken {
    match error {
        StreamUpgradeError::Timeout => Broken::Stream(io::ErrorKind::TimedOut),
        StreamUpgradeError::NegotiationFailed => Broken::Unsupported,
        StreamUpgradeError::Io(error) => Broken::Stream(error.kind()),
        StreamUpgradeError::Apply(never) => match never {},
    }
}
