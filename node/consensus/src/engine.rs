//! Starts and stops Malachite's engine, with every setting that differs from its defaults.
//!
//! Rarely edited on purpose: the engine's generics are instantiated here, and that is slow to
//! compile.

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use arc_malachitebft_app_channel::app::config::{
    self as malachite, DiscoveryConfig, GossipSubConfig, NodeConfig, P2pConfig, PubSubProtocol,
    ValuePayload, ValueSyncConfig,
};
use arc_malachitebft_app_channel::app::engine::network::NetworkRef;
use arc_malachitebft_app_channel::app::metrics::SharedRegistry;
use arc_malachitebft_app_channel::app::net::Multiaddr;
use arc_malachitebft_app_channel::app::types::{Keypair, PeerId};
use arc_malachitebft_app_channel::{
    Channels, ConsensusContext, EngineBuilder, EngineHandle, NetworkIdentity, RequestContext,
    Signer, SyncContext, WalContext, spawn::spawn_network_actor,
};
use ledger_types::{Hash, PublicKey, ValidatorAddress, Vote};
use ractor::RactorErr;
use tokio::sync::mpsc;
use tokio::time::{sleep, timeout};

use crate::audience::attend;
use crate::config::{ConsensusConfig, PubSub};
use crate::context::{Address, Kyojo};
use crate::fault::ConsensusFault;
use crate::members::{Members, admit_only};
use crate::own::OwnVotes;
use crate::roll::Roll;
use crate::signing::{NetworkVerifier, ValidatorSigner};
use crate::tips::{Patience, UnderWay};
use crate::wire::Wire;

/// How long an engine may take to stop.
const STOP_WITHIN: Duration = Duration::from_secs(5);
/// How often it is asked whether the log is free.
const POLL: Duration = Duration::from_millis(5);
/// The largest pubsub message: a part with its envelope is far smaller.
const PUBSUB_BYTES_MAX: &str = "2 MiB";
/// Members may share an address, as on one machine.
const CONNECTIONS_PER_IP_MAX: usize = 1024;
/// How many heights ahead gossip is kept, and how many messages for each.
const QUEUED_HEIGHTS: usize = 10;
const QUEUED_MESSAGES: usize = 2048;

/// What part this node takes.
#[derive(Clone, Debug)]
pub(crate) enum Role {
    /// It proposes and votes.
    Validator(Arc<ValidatorSigner>, ValidatorAddress),
    /// It hears everything and says nothing, until it may vote again.
    Follower,
    /// It only fetches decided blocks.
    Observer,
}

/// A running engine.
pub(crate) struct Engine {
    log: PathBuf,
    network: NetworkRef<Kyojo>,
    /// What is heard of our votes, where we vote.
    pub(crate) own: Option<OwnVotes>,
    /// Votes of our key that we did not sign.
    pub(crate) foreign: Option<mpsc::UnboundedReceiver<Vote>>,
    pub(crate) channels: Channels<Kyojo>,
    pub(crate) handle: EngineHandle,
}

/// The addresses of a configuration, parsed.
#[derive(Clone, Debug)]
pub(crate) struct Addresses {
    listen: Multiaddr,
    peers: Vec<Multiaddr>,
    members: Members,
}

impl Addresses {
    /// Parses them.
    ///
    /// # Errors
    /// [`ConsensusFault::Configuration`] where one is not a TCP address, or a peer has no id.
    pub(crate) fn parse(config: &ConsensusConfig) -> Result<Self, ConsensusFault> {
        let peers = config.peers.iter().map(|text| parse("peers", text));
        let ids = config.peers.iter().map(|text| peer_of(text));
        Ok(Self {
            listen: parse("listen", &config.listen)?,
            peers: peers.collect::<Result<_, _>>()?,
            members: Arc::new(ids.collect::<Result<_, _>>()?),
        })
    }
}

/// The id at the end of a peer's address.
fn peer_of(text: &str) -> Result<PeerId, ConsensusFault> {
    let id = text.rsplit_once("/p2p/").and_then(|(_, id)| id.parse().ok());
    id.ok_or_else(|| ConsensusFault::Configuration {
        what: "peers",
        reason: format!("{text} does not end in /p2p/<id>"),
    })
}

fn parse(what: &'static str, text: &str) -> Result<Multiaddr, ConsensusFault> {
    let refuse = |reason: String| ConsensusFault::Configuration { what, reason };
    let address: Multiaddr = text.parse().map_err(|error| refuse(format!("{text}: {error}")))?;
    if !text.contains("/tcp/") {
        return Err(refuse(format!("{text} is not a TCP address")));
    }
    Ok(address)
}

/// The network key pair of a configuration.
pub(crate) fn keypair(config: &ConsensusConfig) -> Result<Keypair, ConsensusFault> {
    let mut seed = config.network_key.seed();
    Keypair::ed25519_from_bytes(seed.as_mut_slice()).map_err(|error| {
        ConsensusFault::Configuration { what: "network_key", reason: error.to_string() }
    })
}

/// A node's peer id, as `/p2p/<id>` names it: it follows from its network key.
#[must_use]
pub fn peer_id(network_key: &PublicKey) -> String {
    // The identity multihash of libp2p's encoding of the key (libp2p specification, "peer-ids").
    let mut multihash = vec![0x00, 0x24, 0x08, 0x01, 0x12, 0x20];
    multihash.extend_from_slice(network_key.as_bytes());
    let id = PeerId::from_bytes(&multihash);
    id.expect("an identity multihash of 36 bytes is a peer id").to_base58()
}

/// The same as the engine has it.
pub(crate) fn id_of(network_key: &PublicKey) -> Option<PeerId> {
    peer_id(network_key).parse().ok()
}

/// Starts an engine.
///
/// # Errors
/// [`ConsensusFault::EngineStopped`] where it does not start, for instance because its port or its
/// log is in use.
pub(crate) async fn start(
    config: &ConsensusConfig,
    addresses: &Addresses,
    role: &Role,
    log: PathBuf,
    under_way: UnderWay,
    roll: Roll,
    instance: u32,
) -> Result<Engine, ConsensusFault> {
    let keypair = keypair(config)?;
    let verifier = Box::new(NetworkVerifier::new(config.genesis_hash));
    let consensus = match role {
        Role::Validator(signer, address) => {
            let signer: Arc<dyn Signer<Kyojo>> = Arc::<ValidatorSigner>::clone(signer);
            ConsensusContext::new_validator(Address(*address), verifier, Box::new(signer))
        }
        Role::Follower | Role::Observer => ConsensusContext::new_full_node(nobody(), verifier),
    };
    let settings = settings(config, addresses, role, instance);
    let identity = NetworkIdentity::new(config.moniker.clone(), keypair, None);
    let failed = |error: &dyn core::fmt::Display| ConsensusFault::EngineStopped {
        reason: format!("it did not start: {error:#}"),
    };
    let registry = SharedRegistry::global().with_moniker(settings.moniker.clone());
    let (network, to_network) =
        spawn_network_actor(identity, &settings.consensus, &settings.value_sync, &registry, Wire)
            .await
            .map_err(|error| failed(&error))?;
    // An observer decides nothing itself: it lags whenever somebody is ahead.
    let propose = match role {
        Role::Validator(..) | Role::Follower => config.timeouts.propose,
        Role::Observer => Duration::ZERO,
    };
    let patience = Patience { under_way, propose, roll, situation: config.situation.clone() };
    let (own, foreign) = match role {
        Role::Validator(signer, address) => Some(OwnVotes::new(Arc::clone(signer), *address)),
        Role::Follower | Role::Observer => None,
    }
    .unzip();
    let members = Arc::clone(&addresses.members);
    let gate = admit_only(members, patience, own.clone(), config.status_gap, network.clone())
        .await
        .map_err(|error| failed(&error))?;
    if !matches!(role, Role::Observer) {
        attend(Arc::clone(&addresses.members), network.clone())
            .await
            .map_err(|error| failed(&error))?;
    }
    let built = EngineBuilder::new(Kyojo, settings)
        .with_custom_network(gate.clone(), to_network)
        .with_default_wal(WalContext::new(log.clone(), Wire))
        .with_default_sync(SyncContext::new(Wire))
        .with_default_consensus(consensus)
        .with_default_request(RequestContext::new(16))
        .build()
        .await;
    match built {
        Ok((channels, handle)) => {
            network.link(handle.actor.get_cell());
            Ok(Engine { log, network, own, foreign, channels, handle })
        }
        Err(error) => {
            gate.stop(None);
            network.stop(None);
            Err(failed(&error))
        }
    }
}

impl Engine {
    /// Stops it: nothing is signed after this returns.
    pub(crate) async fn stop(self) {
        let Self { log, network, channels, handle, .. } = self;
        let _quiet = Stopping::begin();
        drop(channels);
        // First, and not with the others: it must close its swarm.
        if is_late(&network.stop_and_wait(None, Some(STOP_WITHIN)).await) {
            tracing::warn!("the network takes long to stop");
        }
        let cell = handle.actor.get_cell();
        cell.stop_children_and_wait(Some("stopped by the node".to_owned()), Some(STOP_WITHIN))
            .await;
        if is_late(&handle.actor.stop_and_wait(None, Some(STOP_WITHIN)).await) {
            tracing::warn!("the consensus engine takes long to stop");
        }
        if timeout(STOP_WITHIN, released(&log)).await.is_err() {
            tracing::warn!("the write-ahead log is still in use");
        }
    }
}

/// Whether an actor did not stop in time; one that had ended already is no such thing.
fn is_late<T>(stopped: &Result<(), RactorErr<T>>) -> bool {
    matches!(stopped, Err(RactorErr::Timeout))
}

/// How many engines of this process are being stopped.
static STOPPING: AtomicUsize = AtomicUsize::new(0);

/// Whether an engine is being stopped: what its parts then log of each other's end means nothing.
#[must_use]
pub fn is_engine_stopping() -> bool {
    STOPPING.load(Ordering::Relaxed) > 0
}

struct Stopping;

impl Stopping {
    fn begin() -> Self {
        STOPPING.fetch_add(1, Ordering::Relaxed);
        Self
    }
}

impl Drop for Stopping {
    fn drop(&mut self) {
        STOPPING.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Waits until the log is free: the thread that writes it ends after its actor has.
async fn released(log: &Path) {
    while File::open(log).is_ok_and(|file| matches!(file.try_lock(), Err(TryLockError::WouldBlock)))
    {
        sleep(POLL).await;
    }
}

/// An address that no validator has: of a key that may not be registered.
fn nobody() -> Address {
    Address(ValidatorAddress::of(&PublicKey::Ed25519([0; 32])))
}

struct Settings {
    moniker: String,
    consensus: malachite::ConsensusConfig,
    value_sync: ValueSyncConfig,
}

impl NodeConfig for Settings {
    fn moniker(&self) -> &str {
        &self.moniker
    }

    fn consensus(&self) -> &malachite::ConsensusConfig {
        &self.consensus
    }

    fn consensus_mut(&mut self) -> &mut malachite::ConsensusConfig {
        &mut self.consensus
    }

    fn value_sync(&self) -> &ValueSyncConfig {
        &self.value_sync
    }

    fn value_sync_mut(&mut self) -> &mut ValueSyncConfig {
        &mut self.value_sync
    }
}

fn settings(
    config: &ConsensusConfig,
    addresses: &Addresses,
    role: &Role,
    instance: u32,
) -> Settings {
    // Two engines of one process must not share a label in its one registry of metrics.
    let moniker = match instance {
        0 => config.moniker.clone(),
        _ => format!("{}/{instance}", config.moniker),
    };
    let mut consensus = malachite::ConsensusConfig {
        enabled: !matches!(role, Role::Observer),
        p2p: P2pConfig {
            listen_addr: addresses.listen.clone(),
            persistent_peers: addresses.peers.clone(),
            persistent_peers_only: true,
            discovery: DiscoveryConfig {
                enabled: false,
                max_connections_per_ip: CONNECTIONS_PER_IP_MAX,
                // A member that restarts must not wait before it may connect again.
                ip_throttle_duration: Duration::ZERO,
                ..DiscoveryConfig::default()
            },
            protocol: protocol(config.pubsub),
            protocol_names: protocol_names(&config.genesis_hash),
            ..P2pConfig::default()
        },
        value_payload: ValuePayload::ProposalAndParts,
        queue_capacity: QUEUED_HEIGHTS,
        queue_per_height_capacity: QUEUED_MESSAGES,
    };
    if let Ok(size) = PUBSUB_BYTES_MAX.parse() {
        consensus.p2p.pubsub_max_size = size;
    }
    let value_sync = ValueSyncConfig {
        status_update_interval: Duration::ZERO,
        request_timeout: Duration::from_secs(5),
        ..ValueSyncConfig::default()
    };
    Settings { moniker, consensus, value_sync }
}

/// Gossipsub with what suits a few members that all know each other: everybody is an explicit peer,
/// and what is published goes to all of them without waiting for a mesh.
fn protocol(pubsub: PubSub) -> PubSubProtocol {
    match pubsub {
        PubSub::Broadcast => PubSubProtocol::Broadcast,
        PubSub::GossipSub => {
            PubSubProtocol::GossipSub(GossipSubConfig::new(6, 12, 4, 2, false, true, true))
        }
    }
}

/// Networks differ in their protocols' names, so that nodes of two never talk.
fn protocol_names(genesis: &Hash) -> malachite::ProtocolNames {
    let name = |what: &str| format!("/kyojo/{}/{what}/1", genesis.network());
    malachite::ProtocolNames {
        consensus: name("consensus"),
        discovery_kad: name("kad"),
        discovery_regres: name("peers"),
        sync: name("sync"),
        validator_proof: name("validator-proof"),
    }
}
