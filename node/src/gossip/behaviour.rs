//! Who may connect, how often, and the one protocol spoken.

use std::time::Duration;

use libp2p::allow_block_list::{self, AllowedPeers};
use libp2p::connection_limits::{self, ConnectionLimits};
use libp2p::swarm::NetworkBehaviour;
use libp2p::{PeerId, SwarmBuilder, identity, noise, tcp, yamux};

use super::error::GossipError;

/// How long a connection may take to name its peer; a silent one is closed then.
pub(super) const UPGRADE_TIMEOUT: Duration = Duration::from_secs(5);
/// How long a connection without a stream stays open.
const IDLE_TIMEOUT: Duration = Duration::from_secs(60);
/// The most incoming connections whose peer is not known yet.
const PENDING_INCOMING_MAX: u32 = 64;
/// Both sides may dial at once; more than that is never needed.
const CONNECTIONS_PER_PEER_MAX: u32 = 4;

/// Refusals come first: nobody unlisted gets as far as the protocol.
#[derive(NetworkBehaviour)]
pub(super) struct Behaviour {
    pub(super) limits: connection_limits::Behaviour,
    pub(super) allowed: allow_block_list::Behaviour<AllowedPeers>,
    pub(super) streams: libp2p_stream::Behaviour,
}

/// The swarm.
pub(super) type Swarm = libp2p::Swarm<Behaviour>;

/// A swarm with this identity to which these peers may connect.
pub(super) fn swarm(
    identity: identity::Keypair,
    allowed: impl IntoIterator<Item = PeerId>,
) -> Result<Swarm, GossipError> {
    let limits = ConnectionLimits::default()
        .with_max_pending_incoming(Some(PENDING_INCOMING_MAX))
        .with_max_established_per_peer(Some(CONNECTIONS_PER_PEER_MAX));
    let mut behaviour = Behaviour {
        limits: connection_limits::Behaviour::new(limits),
        allowed: allow_block_list::Behaviour::default(),
        streams: libp2p_stream::Behaviour::new(),
    };
    for peer in allowed {
        behaviour.allowed.allow_peer(peer);
    }
    let transport =
        |error: &dyn std::error::Error| GossipError::Transport { reason: error.to_string() };
    let swarm = SwarmBuilder::with_existing_identity(identity)
        .with_tokio()
        .with_tcp(tcp::Config::default().nodelay(true), noise::Config::new, yamux::Config::default)
        .map_err(|error| transport(&error))?
        .with_behaviour(|_| behaviour)
        .map_err(|error| transport(&error))?
        .with_swarm_config(|config| config.with_idle_connection_timeout(IDLE_TIMEOUT))
        .with_connection_timeout(UPGRADE_TIMEOUT)
        .build();
    Ok(swarm)
}
