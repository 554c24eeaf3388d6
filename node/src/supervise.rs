//! The start and stop of every part of the node, in the right order.
//!
//! Start: store and state, then the mempool over it, then gossip, interface and consensus. The
//! first part that ends ends the node: consensus first, so that nothing is signed or committed any
//! more, then a last checkpoint, unless there was a fault. A fault is carried out to the exit code,
//! which says whether a service manager may start the node again.

mod clients;
mod gauges;
mod listen;

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use kyojo_cli::Exit;
use ledger_types::genesis::GenesisValidator;
use ledger_types::{Genesis, Hash, Height, PublicKey, SigningKey, ValidatorAddress};
use network_clock::Clock;
use node_consensus::{ConsensusFault, Restart, Situation, Timeouts};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::api::{self, ApiMetrics};
use crate::audit_log::{AuditError, Cosigning, Exchange, Published, Witness, ask_witnesses};
use crate::chain::{Chain, OpenError, Settings, recover};
use crate::config::{ConfigError, Home, PubSub, Role};
use crate::directory::Directories;
use crate::gossip::{self, Carried, GossipError};
use crate::mempool::{Limits, Mempool, Outlet};
use crate::outlook::{Lookout, begins_at};
use crate::query::{Feed, Query, QueryError};
use crate::store::{self, Indexing, StoreError};
use crate::telemetry::{self, Telemetry};

/// How often peers are told this node's tip at most, where validators alone are told: half of what a
/// proposal may take, before which nobody fetches a block.
const STATUS_GAP: Duration = Duration::from_millis(250);
/// How often the others' genesis documents are looked at.
const FOREIGNERS_EVERY: Duration = Duration::from_secs(1);
/// How long the parts have to end by themselves once the node stops.
const DRAIN_WITHIN: Duration = Duration::from_secs(10);

/// Why a node ended by itself.
#[derive(Debug, thiserror::Error)]
pub enum NodeError {
    /// The configuration cannot be used.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// What is on disk cannot be used.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The store failed while the node stopped.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The public side of the audit log cannot start.
    #[error("the audit log: {0}")]
    Audit(#[from] AuditError),
    /// Consensus stopped.
    #[error(transparent)]
    Consensus(#[from] ConsensusFault),
    /// The exchange of transactions stopped.
    #[error(transparent)]
    Gossip(#[from] GossipError),
    /// The read side fell behind and could not read what it missed.
    #[error(transparent)]
    Query(#[from] QueryError),
    /// An address cannot be listened at.
    #[error("[{section}] listen = {at}: {reason}; {mend}")]
    Listen {
        /// The part's section of the configuration.
        section: &'static str,
        /// Where.
        at: SocketAddr,
        /// What the system says.
        reason: String,
        /// What to do.
        mend: String,
    },
    /// The operating system refused.
    #[error("{doing}: {source}")]
    Io {
        /// What was being done.
        doing: &'static str,
        /// What the system says.
        source: std::io::Error,
    },
    /// Too many validators have another genesis document.
    #[error(
        "other validators have another genesis document (ours {ours}; theirs: {others}); compare \
         genesis.json with the other members', replace the one that is wrong, and start again"
    )]
    OtherGenesis {
        /// This node's.
        ours: Hash,
        /// Who has which.
        others: String,
    },
    /// A part of the node ended though nobody asked it to.
    #[error("{part} ended by itself: {reason}")]
    Ended {
        /// Which.
        part: &'static str,
        /// Why, as far as is known.
        reason: String,
    },
}

impl NodeError {
    /// The process's exit code.
    #[must_use]
    pub const fn exit(&self) -> Exit {
        match self {
            Self::Config(error) if error.is_locked() => Exit::Auth,
            Self::Config(_)
            | Self::OtherGenesis { .. }
            | Self::Consensus(ConsensusFault::Configuration { .. })
            | Self::Audit(AuditError::OtherKey { .. } | AuditError::Signers(_)) => Exit::Config,
            Self::Open(error) => error.exit(),
            Self::Store(error) | Self::Audit(AuditError::Store(error)) => error.exit(),
            Self::Listen { .. } | Self::Gossip(GossipError::Listen { .. }) => Exit::NoAddress,
            Self::Audit(AuditError::Checkpoint { .. }) => Exit::DoNotRestart,
            Self::Consensus(ConsensusFault::KeyUsedElsewhere { .. }) => Exit::KeyUsedElsewhere,
            Self::Consensus(fault) => match fault.restart() {
                Restart::DoNot => Exit::DoNotRestart,
                Restart::OnceFreed => Exit::DiskFull,
                Restart::MayHelp => Exit::Other,
            },
            Self::Gossip(_) | Self::Query(_) | Self::Io { .. } | Self::Ended { .. } => Exit::Other,
        }
    }
}

/// The parts of a node that is ready to run.
#[derive(Debug)]
pub struct Node {
    home: Home,
    genesis: Genesis,
    clock: Clock,
    chain: Arc<Chain>,
    outlet: Outlet,
    /// The key with which it votes, where it is a validator that may.
    key: Option<SigningKey>,
    lookout: Arc<Lookout>,
    telemetry: Telemetry,
    measured: ApiMetrics,
    directories: Directories,
    audit: (Cosigning, Published, Exchange),
}

impl Node {
    /// Reads everything that the node needs and recovers its state; blocking.
    ///
    /// # Errors
    /// [`NodeError`] where configuration or disk cannot be used. Nothing was signed or sent.
    pub fn open(home: Home) -> Result<Self, NodeError> {
        let genesis = home.genesis()?;
        let clock = Clock::of(&genesis);
        let directories = home.directories(&genesis)?;
        let key = home.consensus_key()?;
        let network_key = home.network_key()?;
        let role = Role::of(&genesis, key.as_ref(), &network_key);
        let key = key.filter(|_| matches!(role, Role::Validator { .. }));
        let proposer = key.as_ref().map(|key| ValidatorAddress::of(&key.public_key()));
        let further = home.further_accounts(&genesis)?;
        let config = &home.config;
        let indexing = if config.store.index { Indexing::On } else { Indexing::Off };
        let directory = home.path.join(store::DIRECTORY);
        let own = match role {
            Role::Validator { place } => Some((place, home.audit_keys()?)),
            Role::Observer | Role::Mute { .. } => None,
        };
        let recovered = recover(&directory, &genesis, further, indexing)?;
        let (log, due) = (Arc::clone(recovered.store.audit_log()), recovered.store.due());
        let folder = directory.join(store::AUDIT_LOG);
        let audit = Cosigning::open(&folder, &genesis, own, log, due, clock.clone())?;
        let state = Arc::clone(&recovered.state);
        let (mempool, outlet) = Mempool::start(Limits::default(), state, clock.clone())
            .map_err(|source| NodeError::Io { doing: "starting the mempool", source })?;
        let mut telemetry = Telemetry::default();
        let measured = ApiMetrics::register(telemetry.registry());
        let settings = Settings {
            proposer,
            gather_max: Duration::from_millis(genesis.parameters.gather_ms_max),
            idle_interval: config.consensus.idle_interval(),
            clock: clock.clone(),
            drift_max: Duration::from_millis(genesis.parameters.drift_ms_max),
            checkpoint_blocks: config.store.checkpoint_blocks.get(),
            checkpoint_transactions: config.store.checkpoint_transactions.get(),
        };
        let metrics = telemetry.metrics().clone();
        let chain = Arc::new(Chain::new(settings, recovered, mempool, metrics));
        let peers = config.gossip.peers.iter().map(|peer| peer.peer());
        let peers = peers.chain(config.consensus.peers.iter().map(|peer| peer.peer()));
        let configured: BTreeSet<_> = peers.collect();
        let lookout =
            Lookout::new(&genesis, role, Situation::default(), Arc::default(), configured);
        let lookout = Arc::new(lookout);
        Ok(Self {
            home,
            genesis,
            clock,
            chain,
            outlet,
            key,
            lookout,
            telemetry,
            measured,
            directories,
            audit,
        })
    }

    /// The node's chain.
    #[must_use]
    pub const fn chain(&self) -> &Arc<Chain> {
        &self.chain
    }

    /// Runs until `shutdown` holds true or a part fails, then stops the rest and flushes.
    ///
    /// # Errors
    /// [`NodeError`] says which part failed first.
    pub async fn run(self, shutdown: watch::Receiver<bool>) -> Result<(), NodeError> {
        let (stop, stopped) = watch::channel(false);
        let chain = Arc::clone(&self.chain);
        listen::try_all(&self.home.config)?;
        self.say_what_it_is();
        let consensus = self.consensus_config()?;
        let mut parts = JoinSet::new();
        self.start_around(&mut parts, &stopped).await?;
        let application = chain.driven();
        let agreeing = stopped.clone();
        parts.spawn(async move {
            let ended = node_consensus::run(consensus, application, agreeing).await;
            ("consensus", ended.map_err(NodeError::from))
        });
        let mut first = wait(&mut parts, shutdown).await;
        // From here on everything ends: a part whose channel is closed stops too.
        stop.send_replace(true);
        let drained = tokio::time::timeout(DRAIN_WITHIN, async {
            while let Some(ended) = parts.join_next().await {
                let (part, ended) = joined(ended);
                if let (Err(error), Ok(())) = (ended, &first) {
                    first = Err(named(part, error));
                }
            }
        });
        if drained.await.is_err() {
            tracing::warn!("some parts did not end in time and are dropped");
            parts.abort_all();
        }
        if first.is_err() {
            chain.fault();
        }
        let closed = tokio::task::spawn_blocking(move || chain.close()).await;
        let closed = closed
            .unwrap_or_else(|error| Err(StoreError::ArchiveEnded { reason: error.to_string() }));
        first.and(closed.map_err(NodeError::from))
    }

    /// Starts everything but consensus.
    async fn start_around(
        self,
        parts: &mut JoinSet<EndedPart>,
        stopped: &watch::Receiver<bool>,
    ) -> Result<(), NodeError> {
        let options = self.gossip_options()?;
        let names = self.home.config.api.names();
        if names.is_empty() {
            tracing::warn!("[api] has no names: every signed read is refused");
        }
        let listeners = clients::listen(&self.home).await?;
        self.show_steps(parts, stopped).await?;
        let Self { clock, chain, outlet, lookout, telemetry, measured, home, audit, .. } = self;
        let directories = Arc::new(self.directories);
        let (cosigning, published, cosignatures) = audit;
        let witnesses = home.config.witness.iter().map(|witness| Witness {
            key: witness.key.get().clone(),
            url: witness.url.as_str().to_owned(),
        });
        let (asked, answers) = (published.clone(), published.answers());
        let asking = ask_witnesses(witnesses.collect(), asked, answers, stopped.clone());
        parts.spawn(async move {
            asking.await;
            ("asking witnesses", Ok(()))
        });
        let cosigning = cosigning.run(stopped.clone());
        parts.spawn(async move { ("cosigning", cosigning.await.map_err(NodeError::from)) });
        let mempool = Arc::clone(chain.mempool());
        let feed = Feed::new(chain.tip().height);
        let (state, store) = (Arc::clone(chain.state()), Arc::clone(chain.store()));
        let query = Arc::new(Query::new(state, store, feed));
        let following = Arc::clone(&query).follow(chain.subscribe(), stopped.clone());
        parts.spawn(async move { ("the feed", following.await.map_err(NodeError::from)) });
        let peers = Arc::clone(&lookout.peers);
        let seen = Arc::clone(&lookout);
        let metrics = telemetry.metrics().clone();
        let sources = gauges::Sources {
            home: home.path.clone(),
            peers: Arc::clone(&peers),
            mempool: Arc::clone(&mempool),
            query: Arc::clone(&query),
            tls: listeners.iter().find_map(|(_, tls)| tls.clone()),
        };
        let interface = api::Parts {
            query,
            mempool: Arc::clone(&mempool),
            outlook: Box::new(move || seen.look()),
            metrics: Box::new(move || telemetry.text()),
            measured,
            audit_log: published,
            prover: Arc::clone(chain.prover()),
            clock,
            names,
            directories,
            shutdown: stopped.clone(),
        };
        clients::serve(parts, listeners, &api::router(interface), stopped);
        let watching = gauges::watch(metrics, sources, stopped.clone());
        parts.spawn(async move {
            watching.await;
            ("metrics", Ok(()))
        });
        let watching = watch_foreigners(lookout, Arc::clone(&chain), stopped.clone());
        parts.spawn(async move { ("watching peers", watching.await) });
        let carried = Carried { outlet, cosignatures };
        let gossip = gossip::run(options, mempool, carried, peers, stopped.clone());
        parts.spawn(async move { ("gossip", gossip.await.map_err(NodeError::from)) });
        Ok(())
    }

    /// Starts the operators' listener, where the configuration has one.
    async fn show_steps(
        &self,
        parts: &mut JoinSet<EndedPart>,
        stopped: &watch::Receiver<bool>,
    ) -> Result<(), NodeError> {
        let Some(config) = &self.home.config.telemetry else { return Ok(()) };
        let listener = TcpListener::bind(config.listen)
            .await
            .map_err(|error| listen::refused("telemetry", config.listen, &error))?;
        let router = telemetry::router(self.telemetry.metrics().steps.clone());
        let serving = api::serve(listener, None, router, stopped.clone());
        let failed = |source| NodeError::Io { doing: "serving operators", source };
        parts.spawn(async move { ("the operators' listener", serving.await.map_err(failed)) });
        Ok(())
    }

    fn consensus_config(&self) -> Result<node_consensus::ConsensusConfig, NodeError> {
        let config = &self.home.config.consensus;
        let millis = |ms: std::num::NonZeroU64| Duration::from_millis(ms.get());
        Ok(node_consensus::ConsensusConfig {
            home: self.home.path.join("consensus"),
            listen: config.listen.to_string(),
            peers: config.peers.iter().map(ToString::to_string).collect(),
            seats: self.genesis.validators.iter().map(seat).collect(),
            validator_key: self.key.clone(),
            network_key: self.home.network_key()?,
            genesis_hash: self.genesis.hash(),
            moniker: self.home.config.node.moniker.clone(),
            timeouts: Timeouts {
                propose: millis(config.timeout_propose_ms),
                prevote: millis(config.timeout_prevote_ms),
                precommit: millis(config.timeout_precommit_ms),
                round_delta: millis(config.timeout_round_delta_ms),
                rebroadcast: millis(config.timeout_rebroadcast_ms),
                most: millis(config.timeout_max_ms),
            },
            pubsub: match config.pubsub {
                PubSub::Broadcast => node_consensus::PubSub::Broadcast,
                PubSub::Gossipsub => node_consensus::PubSub::GossipSub,
            },
            // Observers learn of blocks by it; a validator that lags needs it later than that.
            status_gap: if self.observers().is_empty() { STATUS_GAP } else { Duration::ZERO },
            situation: self.lookout.situation.clone(),
        })
    }

    fn gossip_options(&self) -> Result<gossip::Options, NodeError> {
        let config = &self.home.config.gossip;
        Ok(gossip::Options {
            network_key: self.home.network_key()?,
            listen: config.listen.to_string(),
            peers: config.peers.iter().map(ToString::to_string).collect(),
            validators: self.genesis.validators.iter().map(|v| v.network_key).collect(),
            observers: self.observers(),
            genesis: self.genesis.hash(),
            situation: self.lookout.situation.clone(),
        })
    }

    /// The network keys of those that may connect though they are no validators: whoever is listed
    /// among the peers of consensus, and who is listed by its key alone.
    fn observers(&self) -> Vec<PublicKey> {
        let config = &self.home.config;
        let peers = config.consensus.peers.iter().filter_map(|peer| gossip::key_of(&peer.peer()));
        let is_validator =
            |key: &PublicKey| self.genesis.validators.iter().any(|entry| entry.network_key == *key);
        let listed = config.gossip.observers.iter().copied();
        peers.filter(|key| !is_validator(key)).chain(listed).collect()
    }

    /// Says at the start what an operator should know before anything happens.
    fn say_what_it_is(&self) {
        let outlook = self.lookout.look();
        if let Role::Mute { place, lacks } = outlook.role {
            tracing::error!("{}", lacks.told(place));
        }
        if let Some((at, left)) = outlook.begins {
            tracing::warn!("{}", begins_at(at, left));
        }
    }
}

/// A validator's network key, and the address of its votes.
fn seat(entry: &GenesisValidator) -> (PublicKey, ValidatorAddress) {
    (entry.network_key, ValidatorAddress::of(&entry.key))
}

/// Ends a node whose genesis document is another one than that of so many validators that nothing was
/// decided here, nor can be.
async fn watch_foreigners(
    lookout: Arc<Lookout>,
    chain: Arc<Chain>,
    mut stopped: watch::Receiver<bool>,
) -> Result<(), NodeError> {
    let mut ticks = tokio::time::interval(FOREIGNERS_EVERY);
    loop {
        tokio::select! {
            _ = ticks.tick() => {}
            _ = stopped.wait_for(|stop| *stop) => return Ok(()),
        }
        let state = chain.read();
        if state.height() > Height::GENESIS {
            break;
        }
        if lookout.foreigners_block(state.validators()) {
            let others = lookout.look().foreign;
            let others = others.iter().map(|(who, theirs)| format!("{who}: {theirs}"));
            let others = others.collect::<Vec<_>>().join(", ");
            return Err(NodeError::OtherGenesis { ours: state.genesis_hash(), others });
        }
    }
    // Something was decided: its document is that of enough others.
    drop(stopped.wait_for(|stop| *stop).await);
    Ok(())
}

/// A part of the node that ended, by name.
type EndedPart = (&'static str, Result<(), NodeError>);

/// Waits for the first part to end, or for the word to stop.
async fn wait(
    parts: &mut JoinSet<EndedPart>,
    mut shutdown: watch::Receiver<bool>,
) -> Result<(), NodeError> {
    tokio::select! {
        // A sender that is gone asks to stop just as well.
        _ = shutdown.wait_for(|stop| *stop) => Ok(()),
        Some(ended) = parts.join_next() => {
            let (part, ended) = joined(ended);
            let silently = || NodeError::Ended { part, reason: "it gave no reason".to_owned() };
            Err(ended.map_or_else(|error| named(part, error), |()| silently()))
        }
    }
}

fn joined(ended: Result<EndedPart, tokio::task::JoinError>) -> EndedPart {
    ended.unwrap_or_else(|error| {
        let reason = error.to_string();
        ("a part of the node", Err(NodeError::Ended { part: "a part of the node", reason }))
    })
}

fn named(part: &'static str, error: NodeError) -> NodeError {
    tracing::error!(part, %error, "the node stops");
    error
}
