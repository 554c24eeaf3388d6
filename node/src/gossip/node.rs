//! The gossip's loop: one task that owns the swarm and reacts to what happens.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use futures::StreamExt;
use ledger_types::Hash;
use libp2p::swarm::SwarmEvent;
use libp2p::swarm::dial_opts::{DialOpts, PeerCondition};
use libp2p::{PeerId, Stream};
use libp2p_stream::{Control, IncomingStreams};
use tokio::sync::mpsc;
use tokio::task::AbortHandle;
use tokio::time::{Interval, MissedTickBehavior};

use super::behaviour::{BehaviourEvent, Swarm};
use super::codec::PROTOCOL;
use super::dialer::Dialer;
use super::error::GossipError;
use super::link::{Answering, HAPPENED_MAX, Happened, Link};
use super::message::{self, Acceptance, Request, Response};
use super::outbox::Outbox;
use super::peers::Peers;
use super::{Network, TICK};
use crate::audit_log::Vote;
use crate::mempool::{Mempool, Outlet};

/// How long a peer that broke the protocol is shut out.
pub const BARRED_FOR: Duration = Duration::from_secs(10);
/// How often peers are told this node's height.
const STATUS_INTERVAL: Duration = Duration::from_secs(1);
/// How many of the outlet's bundles are taken at a time.
const OUTLET_TAKEN_MAX: usize = 64;
/// The most bytes of the pool that are sent again to a validator that lacks something.
const RESEND_BYTES_MAX: usize = 4 * 1024 * 1024;

/// See the module.
pub(super) struct Node {
    swarm: Swarm,
    network: Network,
    mempool: Arc<Mempool>,
    peers: Arc<Peers>,
    control: Control,
    incoming: IncomingStreams,
    links: BTreeMap<PeerId, Link>,
    /// Who answers each peer's stream.
    answering: BTreeMap<PeerId, AbortHandle>,
    answerer: Answering,
    happened: mpsc::Receiver<Happened>,
    dialer: Dialer,
    outbox: Outbox,
    barred: BTreeMap<PeerId, Instant>,
    status_due: Instant,
    /// Whether peers were told that this node votes.
    told_votes: bool,
}

impl Node {
    pub(super) fn new(
        swarm: Swarm,
        network: Network,
        mempool: Arc<Mempool>,
        peers: Arc<Peers>,
        votes: mpsc::Sender<Vote>,
    ) -> Result<Self, GossipError> {
        let dialer = Dialer::new(network.addresses.clone(), Instant::now());
        let mut control = swarm.behaviour().streams.new_control();
        let incoming = control
            .accept(PROTOCOL)
            .map_err(|error| GossipError::Transport { reason: error.to_string() })?;
        let (teller, happened) = mpsc::channel(HAPPENED_MAX);
        let answerer = Answering {
            mempool: Arc::clone(&mempool),
            peers: Arc::clone(&peers),
            votes,
            happened: teller,
            genesis: network.genesis,
        };
        Ok(Self {
            swarm,
            network,
            mempool,
            peers,
            control,
            incoming,
            links: BTreeMap::new(),
            answering: BTreeMap::new(),
            answerer,
            happened,
            dialer,
            outbox: Outbox::default(),
            barred: BTreeMap::new(),
            status_due: Instant::now(),
            told_votes: false,
        })
    }

    /// Runs for good; ends only where the node can no longer listen.
    pub(super) async fn run(
        mut self,
        mut outlet: Outlet,
        mut own_votes: mpsc::Receiver<Vote>,
    ) -> Result<(), GossipError> {
        let mut tick = ticks();
        let mut bundles: Vec<Vec<Bytes>> = Vec::new();
        loop {
            let due = self.outbox.due(Instant::now());
            tokio::select! {
                event = self.swarm.select_next_some() => self.on_swarm(event)?,
                Some((peer, stream)) = self.incoming.next() => self.on_stream(peer, stream),
                Some(happened) = self.happened.recv() => self.on_happened(happened),
                taken = outlet.recv_many(&mut bundles, OUTLET_TAKEN_MAX), if !outlet.is_closed() => {
                    if taken > 0 {
                        bundles.drain(..).flatten().for_each(|t| self.outbox.add(&t));
                    }
                }
                Some(vote) = own_votes.recv() => {
                    self.send_to_all(&Request::cosignature(vote.size, &vote.cosignature));
                }
                () = until(due) => {
                    self.outbox.seal(Instant::now());
                    self.send();
                }
                _ = tick.tick() => self.on_tick(),
            }
        }
    }

    fn on_tick(&mut self) {
        let now = Instant::now();
        let freed: Vec<PeerId> =
            self.barred.iter().filter(|(_, until)| **until <= now).map(|(peer, _)| *peer).collect();
        for peer in freed {
            self.barred.remove(&peer);
            self.swarm.behaviour_mut().allowed.allow_peer(peer);
        }
        let (swarm, barred) = (&self.swarm, &self.barred);
        let network = &self.network;
        let is_wanted = |peer: &PeerId| {
            network.is_allowed(peer) && !swarm.is_connected(peer) && !barred.contains_key(peer)
        };
        for (peer, address) in self.dialer.due(now, is_wanted) {
            let options = DialOpts::peer_id(peer)
                .addresses(vec![address])
                .condition(PeerCondition::DisconnectedAndNotDialing)
                .build();
            // A refusal to dial now (it is being dialled already) is tried again in its turn.
            let _ = self.swarm.dial(options);
        }
        let votes = self.network.votes();
        if self.status_due <= now || votes != self.told_votes {
            self.told_votes = votes;
            self.status_due = now.checked_add(STATUS_INTERVAL).unwrap_or(now);
            self.send_to_all(&self.network.status(self.mempool.height()));
        }
        if self.mempool.take_missed() {
            self.outbox.missed();
        }
        self.catch_up();
        self.send();
    }

    /// Sends a request to every peer once: what one misses, the next makes up for.
    fn send_to_all(&mut self, request: &Bytes) {
        for link in self.links.values() {
            link.send(request.clone());
        }
    }

    /// Sends validators that lack something what waits in the pool.
    fn catch_up(&mut self) {
        let behind = self.outbox.take_behind();
        if behind.is_empty() {
            return;
        }
        let bundles = message::bundles(&self.mempool.local(RESEND_BYTES_MAX));
        for validator in behind {
            self.outbox.resend(&validator, &bundles);
        }
    }

    /// Sends each validator what waits for it, as far as it may have it now.
    fn send(&mut self) {
        let now = Instant::now();
        for validator in self.outbox.validators() {
            while let Some(bundle) = self.outbox.next(&validator, now) {
                if !self.links.get(&validator).is_some_and(|link| link.send(bundle)) {
                    self.outbox.lost(&validator);
                    break;
                }
            }
        }
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "the library may add events")]
    fn on_swarm(&mut self, event: SwarmEvent<BehaviourEvent>) -> Result<(), GossipError> {
        match event {
            SwarmEvent::NewListenAddr { address, .. } => self.peers.set_listening(address),
            SwarmEvent::ConnectionEstablished { peer_id, num_established, .. }
                if num_established.get() == 1 =>
            {
                self.on_connected(peer_id);
            }
            SwarmEvent::ConnectionClosed { peer_id, num_established: 0, .. } => {
                tracing::info!(peer = %peer_id, "peer disconnected");
                self.peers.set_disconnected(&peer_id);
                self.outbox.disconnect(&peer_id);
                self.links.remove(&peer_id);
                if let Some(answering) = self.answering.remove(&peer_id) {
                    answering.abort();
                }
            }
            SwarmEvent::ListenerClosed { addresses, reason, .. } => {
                let address = addresses.first().map(ToString::to_string).unwrap_or_default();
                let reason = reason.err().map_or_else(|| "closed".to_owned(), |e| e.to_string());
                return Err(GossipError::Listen { address, reason });
            }
            SwarmEvent::OutgoingConnectionError { peer_id, error, .. } => {
                tracing::debug!(peer = ?peer_id, %error, "dialling failed");
            }
            SwarmEvent::IncomingConnectionError { error, .. } => {
                tracing::debug!(%error, "incoming connection refused");
            }
            _ => {}
        }
        Ok(())
    }

    fn on_connected(&mut self, peer: PeerId) {
        tracing::info!(%peer, "peer connected");
        self.peers.set_connected(peer);
        self.dialer.connected(&peer);
        let happened = self.answerer.happened.clone();
        let link = Link::open(peer, self.control.clone(), happened);
        link.send(self.network.status(self.mempool.height()));
        self.links.insert(peer, link);
        if self.network.validators.contains(&peer) {
            self.outbox.connect(peer);
            self.catch_up();
            self.send();
        }
    }

    /// Answers a peer's stream in the place of the one before: it is done with that one.
    fn on_stream(&mut self, peer: PeerId, stream: Stream) {
        let place = self.network.places.get(&peer).copied();
        let task = tokio::spawn(self.answerer.clone().run(peer, place, stream));
        if let Some(before) = self.answering.insert(peer, task.abort_handle()) {
            before.abort();
        }
    }

    fn on_happened(&mut self, happened: Happened) {
        match happened {
            Happened::Answered { peer, request, response: Response { standing, height } } => {
                self.peers.set_height(&peer, height);
                if standing == Acceptance::Doubled {
                    self.peers.set_twin(peer);
                }
                if message::is_bundle(&request) {
                    self.outbox.answered(&peer, request, standing, Instant::now());
                    self.send();
                }
            }
            Happened::Lost(peer) => self.outbox.lost(&peer),
            Happened::Offended(peer) => self.bar(peer),
            Happened::Foreign(peer, genesis) => self.on_foreign(peer, genesis),
        }
    }

    /// A peer of another network gets none of this one's transactions.
    fn on_foreign(&mut self, peer: PeerId, theirs: Hash) {
        self.outbox.disconnect(&peer);
        if self.peers.set_foreign(peer, theirs) {
            let ours = self.network.genesis;
            let address = self.network.addresses.get(&peer).map(ToString::to_string);
            tracing::error!(
                address = address.unwrap_or_else(|| format!("/p2p/{peer}")), %theirs, %ours,
                "a peer has another genesis document: compare genesis.json with the other \
                 members', and replace the one that is wrong"
            );
        }
    }

    /// Closes a peer's connections and lets none in for a while.
    fn bar(&mut self, peer: PeerId) {
        tracing::warn!(%peer, seconds = BARRED_FOR.as_secs(), "peer broke the protocol; barred");
        self.swarm.behaviour_mut().allowed.disallow_peer(peer);
        let now = Instant::now();
        self.barred.insert(peer, now.checked_add(BARRED_FOR).unwrap_or(now));
    }
}

fn ticks() -> Interval {
    let mut ticks = tokio::time::interval(TICK);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    ticks
}

async fn until(due: Option<Instant>) {
    match due {
        Some(at) => tokio::time::sleep_until(at.into()).await,
        None => std::future::pending().await,
    }
}
