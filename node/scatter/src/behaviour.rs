//! Who is connected, who wants what, and what is on its way to whom.

use core::fmt;
use core::task::{Context, Poll};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

use bytes::Bytes;
use libp2p::core::Endpoint;
use libp2p::core::transport::PortUse;
use libp2p::swarm::behaviour::{ConnectionClosed, ConnectionEstablished};
use libp2p::swarm::{
    CloseConnection, ConnectionDenied, ConnectionId, FromSwarm, NetworkBehaviour, NotifyHandler,
    ToSwarm,
};
use libp2p::{Multiaddr, PeerId};
use prometheus_client::registry::Registry;

use crate::broken::Broken;
use crate::handler::Handler;
use crate::message::{Config, Message, Topic};
use crate::metrics::Metrics;

/// How many topics of one peer are kept.
const TOPICS_MAX: usize = 32;

/// What the owner of the swarm is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// A peer wants a topic, said anew on each connection.
    Subscribed(PeerId, Topic),
    /// A peer no longer wants a topic.
    Unsubscribed(PeerId, Topic),
    /// A peer said something.
    Received(PeerId, Topic, Bytes),
}

/// A connected peer.
#[derive(Debug, Default)]
struct Peer {
    /// The newest last: that is the one which works where the peer came back.
    connections: Vec<ConnectionId>,
    topics: BTreeSet<Topic>,
}

/// See the module.
#[derive(Default)]
pub struct Behaviour {
    config: Config,
    subscriptions: BTreeSet<Topic>,
    peers: BTreeMap<PeerId, Peer>,
    events: VecDeque<ToSwarm<Event, Message>>,
    metrics: Metrics,
}

impl fmt::Debug for Behaviour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Behaviour")
            .field("subscriptions", &self.subscriptions)
            .field("peers", &self.peers)
            .finish_non_exhaustive()
    }
}

impl Behaviour {
    /// A behaviour that wants nothing yet.
    #[must_use]
    pub fn new(config: Config) -> Self {
        Self { config, ..Self::default() }
    }

    /// The same, with its counts in a registry.
    #[must_use]
    pub fn new_with_metrics(config: Config, registry: &mut Registry) -> Self {
        Self { config, metrics: Metrics::new(registry), ..Self::default() }
    }

    /// What it wants.
    pub fn subscribed(&self) -> impl Iterator<Item = &Topic> + '_ {
        self.subscriptions.iter()
    }

    /// Wants a topic, and tells every peer, again where it did before.
    pub fn subscribe(&mut self, topic: Topic) {
        self.subscriptions.insert(topic);
        self.say_to(|_| true, &Message::Subscribe(topic));
    }

    /// Wants a topic no longer, and tells those that send it.
    pub fn unsubscribe(&mut self, topic: &Topic) {
        self.subscriptions.remove(topic);
        self.say_to(|_| true, &Message::Unsubscribe(*topic));
    }

    /// Sends a message to every peer that wants its topic.
    pub fn broadcast(&mut self, topic: &Topic, message: Bytes) {
        let bytes = message.len();
        let sent =
            self.say_to(|peer| peer.topics.contains(topic), &Message::Broadcast(*topic, message));
        self.metrics.sent(topic, sent, bytes);
    }

    /// Says something to some peers; how many they are.
    fn say_to(&mut self, wants: impl Fn(&Peer) -> bool, message: &Message) -> usize {
        let before = self.events.len();
        for (peer_id, peer) in self.peers.iter().filter(|(_, peer)| wants(peer)) {
            if let Some(connection) = peer.connections.last() {
                self.events.push_back(ToSwarm::NotifyHandler {
                    peer_id: *peer_id,
                    event: message.clone(),
                    handler: NotifyHandler::One(*connection),
                });
            }
        }
        self.events.len() - before
    }

    fn on_connected(&mut self, peer_id: PeerId, connection: ConnectionId) {
        self.peers.entry(peer_id).or_default().connections.push(connection);
        for topic in &self.subscriptions {
            self.events.push_back(ToSwarm::NotifyHandler {
                peer_id,
                event: Message::Subscribe(*topic),
                handler: NotifyHandler::One(connection),
            });
        }
    }

    fn on_closed(&mut self, peer_id: PeerId, connection: ConnectionId) {
        let Some(peer) = self.peers.get_mut(&peer_id) else { return };
        peer.connections.retain(|open| *open != connection);
        if peer.connections.is_empty() {
            self.peers.remove(&peer_id);
        }
    }
}

impl NetworkBehaviour for Behaviour {
    type ConnectionHandler = Handler;
    type ToSwarm = Event;

    fn handle_established_inbound_connection(
        &mut self,
        _: ConnectionId,
        _: PeerId,
        _: &Multiaddr,
        _: &Multiaddr,
    ) -> Result<Handler, ConnectionDenied> {
        Ok(Handler::new(self.config))
    }

    fn handle_established_outbound_connection(
        &mut self,
        _: ConnectionId,
        _: PeerId,
        _: &Multiaddr,
        _: Endpoint,
        _: PortUse,
    ) -> Result<Handler, ConnectionDenied> {
        Ok(Handler::new(self.config))
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "the library may add events")]
    fn on_swarm_event(&mut self, event: FromSwarm<'_>) {
        match event {
            FromSwarm::ConnectionEstablished(ConnectionEstablished {
                peer_id,
                connection_id,
                ..
            }) => self.on_connected(peer_id, connection_id),
            FromSwarm::ConnectionClosed(ConnectionClosed { peer_id, connection_id, .. }) => {
                self.on_closed(peer_id, connection_id);
            }
            _ => {}
        }
    }

    fn on_connection_handler_event(
        &mut self,
        peer_id: PeerId,
        connection: ConnectionId,
        heard: Result<Message, Broken>,
    ) {
        let event = match heard {
            Ok(Message::Subscribe(topic)) => {
                let peer = self.peers.get_mut(&peer_id);
                if let Some(peer) = peer.filter(|peer| peer.topics.len() < TOPICS_MAX) {
                    peer.topics.insert(topic);
                }
                Event::Subscribed(peer_id, topic)
            }
            Ok(Message::Unsubscribe(topic)) => {
                if let Some(peer) = self.peers.get_mut(&peer_id) {
                    peer.topics.remove(&topic);
                }
                Event::Unsubscribed(peer_id, topic)
            }
            Ok(Message::Broadcast(topic, message)) => {
                self.metrics.received(&topic, message.len());
                Event::Received(peer_id, topic, message)
            }
            Err(reason) => {
                tracing::debug!(peer = %peer_id, %reason, "a connection is of no more use");
                self.events.push_back(ToSwarm::CloseConnection {
                    peer_id,
                    connection: CloseConnection::One(connection),
                });
                return;
            }
        };
        self.events.push_back(ToSwarm::GenerateEvent(event));
    }

    fn poll(&mut self, _: &mut Context<'_>) -> Poll<ToSwarm<Event, Message>> {
        // Whoever adds an event is polled by the swarm next: there is nothing to wake.
        self.events.pop_front().map_or(Poll::Pending, Poll::Ready)
    }
}
