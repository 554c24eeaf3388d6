//! A raw libp2p client of one node: it speaks broadcast and history, and never identifies itself.
//!
//! With a member's network key it is a Byzantine member, with any other key an outsider.

use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use arc_malachitebft_sync as history;
use bytes::Bytes;
use ledger_types::{Height, SigningKey, codec};
use libp2p::futures::StreamExt;
use libp2p::identity::Keypair;
use libp2p::request_response::{self, Message};
use libp2p::swarm::{NetworkBehaviour, SwarmEvent};
use libp2p::{Multiaddr, PeerId, Swarm, SwarmBuilder, noise, tcp, yamux};
use libp2p_scatter::{self as broadcast, Topic};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use super::{Network, WITHIN};

/// The topics of consensus: what every validator reads.
pub(crate) const CONSENSUS: &str = "/consensus";
pub(crate) const PARTS: &str = "/proposal_parts";
pub(crate) const LIVENESS: &str = "/liveness";
pub(crate) const STATUS: &str = "/sync";
const TOPICS: [&str; 4] = [CONSENSUS, PARTS, LIVENESS, STATUS];

#[derive(NetworkBehaviour)]
struct Protocols {
    broadcast: broadcast::Behaviour,
    history: history::Behaviour,
}

/// What the client met.
#[derive(Debug, Default)]
pub(crate) struct Met {
    /// What the node subscribed to: it is sent what we publish there.
    pub(crate) subscriptions: Vec<Topic>,
    /// What the node published, by topic.
    pub(crate) messages: Vec<(Topic, Bytes)>,
    /// The bytes of each answered request.
    pub(crate) answers: Vec<usize>,
    /// Requests that failed.
    pub(crate) failures: usize,
    /// Connections that opened and closed.
    pub(crate) opened: usize,
    pub(crate) closed: usize,
}

impl Met {
    /// Whether no connection is left.
    pub(crate) const fn is_cut_off(&self) -> bool {
        self.opened > 0 && self.opened == self.closed
    }
}

enum Order {
    Publish(&'static str, Bytes),
    Subscribe(&'static str),
    Ask,
    Dial,
}

/// The client; it is gone when dropped.
pub(crate) struct Client {
    orders: mpsc::UnboundedSender<Order>,
    met: Arc<Mutex<Met>>,
    task: JoinHandle<()>,
}

impl Drop for Client {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Client {
    /// Dials a node with this network key.
    pub(crate) fn dial(network: &Network, key: &SigningKey, node: usize) -> Self {
        let (orders, receiver) = mpsc::unbounded_channel();
        let met = Arc::new(Mutex::new(Met::default()));
        let address: Multiaddr = network.address_of_node(node).parse().expect("an address");
        let swarm = swarm(network, key);
        let task = tokio::spawn(drive(swarm, address, receiver, Arc::clone(&met)));
        let client = Self { orders, met, task };
        client.order(Order::Dial);
        client
    }

    pub(crate) fn met(&self) -> MutexGuard<'_, Met> {
        self.met.lock().expect("no client panics while it holds the lock")
    }

    /// Sends a message on a topic, if the node subscribed to it.
    pub(crate) fn publish(&self, topic: &'static str, message: Bytes) {
        self.order(Order::Publish(topic, message));
    }

    /// Asks to be sent a topic's messages.
    pub(crate) fn subscribe(&self, topic: &'static str) {
        self.order(Order::Subscribe(topic));
    }

    /// Asks for the first three blocks.
    pub(crate) fn ask(&self) {
        self.order(Order::Ask);
    }

    /// Waits until the node has subscribed to everything that a validator reads.
    pub(crate) async fn is_read(&self) {
        let has = |topic: &&str| self.met().subscriptions.contains(&Topic::new(topic.as_bytes()));
        super::until("the node subscribes", || TOPICS.iter().all(has)).await;
    }

    fn order(&self, order: Order) {
        assert!(self.orders.send(order).is_ok(), "the client runs");
    }
}

fn swarm(network: &Network, key: &SigningKey) -> Swarm<Protocols> {
    let mut seed = key.seed();
    let keypair = Keypair::ed25519_from_bytes(seed.as_mut_slice()).expect("a key");
    let protocol = format!("/kyojo/{}/sync/1", network.genesis.network());
    let config = history::Config::default().with_request_timeout(Duration::from_secs(3));
    let history = history::Behaviour::new(config, protocol).expect("a protocol's name");
    let broadcast = broadcast::Behaviour::new(broadcast::Config::default());
    SwarmBuilder::with_existing_identity(keypair)
        .with_tokio()
        .with_tcp(tcp::Config::default(), noise::Config::new, yamux::Config::default)
        .expect("a transport")
        .with_behaviour(|_| Protocols { broadcast, history })
        .expect("a behaviour")
        .with_swarm_config(|config| config.with_idle_connection_timeout(2 * WITHIN))
        .build()
}

async fn drive(
    mut swarm: Swarm<Protocols>,
    address: Multiaddr,
    mut orders: mpsc::UnboundedReceiver<Order>,
    met: Arc<Mutex<Met>>,
) {
    let id = address.to_string();
    let peer: PeerId = id.rsplit_once('/').expect("an id").1.parse().expect("a peer id");
    loop {
        tokio::select! {
            order = orders.recv() => match order {
                Some(order) => obey(&mut swarm, order, &address, peer),
                None => return,
            },
            event = swarm.select_next_some() => {
                if matches!(event, SwarmEvent::OutgoingConnectionError { .. }) {
                    // The node does not listen yet.
                    tokio::time::sleep(Duration::from_millis(20)).await;
                    obey(&mut swarm, Order::Dial, &address, peer);
                }
                note(event, &mut met.lock().expect("no test panics while it holds the lock"));
            }
        }
    }
}

fn obey(swarm: &mut Swarm<Protocols>, order: Order, address: &Multiaddr, peer: PeerId) {
    let topic = |name: &str| Topic::new(name.as_bytes());
    match order {
        Order::Dial => swarm.dial(address.clone()).expect("dials"),
        Order::Subscribe(name) => swarm.behaviour_mut().broadcast.subscribe(topic(name)),
        Order::Publish(name, message) => {
            swarm.behaviour_mut().broadcast.broadcast(&topic(name), message);
        }
        Order::Ask => {
            let range = codec::encode(&(Height::new(1), Height::new(3)));
            swarm.behaviour_mut().history.send_request(peer, range.into());
        }
    }
}

fn note(event: SwarmEvent<ProtocolsEvent>, met: &mut Met) {
    match event {
        SwarmEvent::ConnectionEstablished { .. } => met.opened += 1,
        SwarmEvent::ConnectionClosed { .. } => met.closed += 1,
        SwarmEvent::Behaviour(ProtocolsEvent::Broadcast(event)) => match event {
            broadcast::Event::Subscribed(_, topic) => met.subscriptions.push(topic),
            broadcast::Event::Received(_, topic, message) => met.messages.push((topic, message)),
            broadcast::Event::Unsubscribed(..) => {}
        },
        SwarmEvent::Behaviour(ProtocolsEvent::History(event)) => match event {
            request_response::Event::Message {
                message: Message::Response { response, .. },
                ..
            } => met.answers.push(response.0.len()),
            request_response::Event::OutboundFailure { .. } => met.failures += 1,
            _ => {}
        },
        _ => {}
    }
}
