//! Transactions between validators: what came in at one is sent once to each, and never relayed.
//!
//! A swarm of its own beside the consensus. Only the network keys that genesis names, and the
//! observers that the configuration names, may connect; everyone else is refused as soon as the
//! handshake says who they are. A peer whose frames are not the protocol's is shut out for
//! [`BARRED_FOR`]. What a peer sends goes to the mempool under the peer's own quota.

mod behaviour;
mod codec;
mod dialer;
mod error;
mod link;
pub mod message;
mod node;
mod outbox;
mod peers;
mod processes;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use ledger_types::{Hash, Height, PublicKey, SigningKey};
use libp2p::multiaddr::Protocol;
use libp2p::{Multiaddr, PeerId, identity};
use node_consensus::Situation;
use rand::RngCore as _;
use tokio::sync::watch;

use crate::audit_log::Exchange;
use crate::mempool::{Mempool, Outlet};
use message::{Request, Status};

pub use error::GossipError;
pub use node::BARRED_FOR;
pub use peers::{Peer, Peers};

/// How the gossip is set up.
#[derive(Clone, Debug)]
pub struct Options {
    /// The node's network key.
    pub network_key: SigningKey,
    /// Where to listen, as a multiaddress.
    pub listen: String,
    /// Whom to dial, as multiaddresses that end in `/p2p/<peer id>`.
    pub peers: Vec<String>,
    /// The network keys of the validators: transactions are sent to these.
    pub validators: Vec<PublicKey>,
    /// Network keys of others that may connect and send.
    pub observers: Vec<PublicKey>,
    /// The network's identity: peers of another are named.
    pub genesis: Hash,
    /// How consensus stands: peers are told whether this node votes.
    pub situation: Situation,
}

/// What the swarm carries for the rest of the node.
#[derive(Debug)]
pub struct Carried {
    /// Transactions that clients gave to this node.
    pub outlet: Outlet,
    /// Cosignatures of the audit log, both ways.
    pub cosignatures: Exchange,
}

/// How often whoever is not connected, or lacks something, is looked after.
const TICK: Duration = Duration::from_millis(250);

/// The identity under which the node with this network key is known.
#[must_use]
pub fn peer_id(network_key: &PublicKey) -> Option<PeerId> {
    let key = identity::ed25519::PublicKey::try_from_bytes(network_key.as_bytes()).ok()?;
    Some(identity::PublicKey::from(key).to_peer_id())
}

/// The network key of an identity; `None` where it is none of an ed25519 key.
#[must_use]
pub fn key_of(peer: &PeerId) -> Option<PublicKey> {
    let multihash = peer.to_bytes();
    // The identity multihash of libp2p's encoding of the key.
    let key = multihash.strip_prefix(&[0x00, 0x24, 0x08, 0x01, 0x12, 0x20])?;
    key.try_into().ok().map(PublicKey::Ed25519)
}

/// Runs until `shutdown` holds true or its sender is gone.
///
/// # Errors
/// [`GossipError`] where the options are not usable or the node cannot listen.
pub async fn run(
    options: Options,
    mempool: Arc<Mempool>,
    carried: Carried,
    peers: Arc<Peers>,
    mut shutdown: watch::Receiver<bool>,
) -> Result<(), GossipError> {
    let network = Network::of(&options)?;
    let seed = options.network_key.seed();
    let identity = identity::Keypair::ed25519_from_bytes(*seed)
        .map_err(|_| GossipError::BadKey { key: options.network_key.public_key() })?;
    let mut swarm = behaviour::swarm(identity, network.allowed())?;
    let listen: Multiaddr = options
        .listen
        .parse()
        .map_err(|_| GossipError::BadAddress { address: options.listen.clone() })?;
    swarm.listen_on(listen).map_err(|error| GossipError::Listen {
        address: options.listen.clone(),
        reason: error.to_string(),
    })?;
    let Carried { outlet, cosignatures: Exchange { votes, outlet: own_votes } } = carried;
    let node = node::Node::new(swarm, network, mempool, peers, votes)?;
    tokio::select! {
        ended = node.run(outlet, own_votes) => ended,
        _ = shutdown.wait_for(|stop| *stop) => Ok(()),
    }
}

/// The nodes that this one has to do with, by identity.
#[derive(Debug)]
struct Network {
    validators: BTreeSet<PeerId>,
    /// Places in genesis.
    places: BTreeMap<PeerId, usize>,
    observers: BTreeSet<PeerId>,
    addresses: BTreeMap<PeerId, Multiaddr>,
    genesis: Hash,
    situation: Situation,
    /// What tells this node from another one with its network key.
    process: u64,
}

impl Network {
    fn of(options: &Options) -> Result<Self, GossipError> {
        let own = options.network_key.public_key();
        let ids = |keys: &[PublicKey]| -> Result<BTreeSet<PeerId>, GossipError> {
            let others = keys.iter().filter(|key| **key != own);
            others.map(|key| peer_id(key).ok_or(GossipError::BadKey { key: *key })).collect()
        };
        let own = peer_id(&own).ok_or(GossipError::BadKey { key: own })?;
        let mut addresses = BTreeMap::new();
        for text in &options.peers {
            let (peer, address) =
                target(text).ok_or_else(|| GossipError::BadAddress { address: text.clone() })?;
            if peer != own {
                addresses.insert(peer, address);
            }
        }
        let (validators, observers) = (ids(&options.validators)?, ids(&options.observers)?);
        let placed = options.validators.iter().enumerate();
        let places = placed.filter_map(|(place, key)| Some((peer_id(key)?, place))).collect();
        let (genesis, situation) = (options.genesis, options.situation.clone());
        let process = rand::rngs::OsRng.next_u64();
        Ok(Self { validators, places, observers, addresses, genesis, situation, process })
    }

    /// What this node, whose tip is at `height`, says of itself.
    fn status(&self, height: Height) -> Bytes {
        let Self { genesis, process, .. } = *self;
        Request::status(Status { height, votes: self.votes(), genesis, process })
    }

    /// Whether this node votes.
    fn votes(&self) -> bool {
        self.situation.stance().votes()
    }

    fn allowed(&self) -> impl Iterator<Item = PeerId> {
        self.validators.union(&self.observers).copied()
    }

    fn is_allowed(&self, peer: &PeerId) -> bool {
        self.validators.contains(peer) || self.observers.contains(peer)
    }
}

/// A peer and where it listens, of an address that ends in `/p2p/<peer id>`.
fn target(text: &str) -> Option<(PeerId, Multiaddr)> {
    let address: Multiaddr = text.parse().ok()?;
    if let Protocol::P2p(peer) = address.iter().last()? { Some((peer, address)) } else { None }
}
