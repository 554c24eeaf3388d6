//! The gossip's loop: one task that owns the swarm and reacts to what happens.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use futures::StreamExt;
use libp2p::PeerId;
use libp2p::request_response::{Event, Message, OutboundRequestId, ResponseChannel};
use libp2p::swarm::SwarmEvent;
use libp2p::swarm::dial_opts::{DialOpts, PeerCondition};
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::{Interval, MissedTickBehavior};

use super::behaviour::{BehaviourEvent, Swarm};
use super::dialer::Dialer;
use super::error::GossipError;
use super::message::{self, Acceptance, Request, Response};
use super::outbox::{Delivery, Outbox};
use super::peers::Peers;
use super::{Network, TICK};
use crate::audit_log::Vote;
use crate::mempool::{Mempool, Outlet, Source, SubmitError};

/// How long a peer that broke the protocol is shut out.
pub const BARRED_FOR: Duration = Duration::from_secs(10);
/// How often peers are told this node's height.
const STATUS_INTERVAL: Duration = Duration::from_secs(1);
/// How many bundles of one peer may be on their way through the mempool.
const SUBMISSIONS_MAX: usize = 8;
/// How many of the outlet's bundles are taken at a time.
const OUTLET_TAKEN_MAX: usize = 64;
/// The most bytes of the pool that are sent again to a validator that lacks something.
const RESEND_BYTES_MAX: usize = 4 * 1024 * 1024;

type Channel = ResponseChannel<Bytes>;

/// See the module.
pub(super) struct Node {
    swarm: Swarm,
    network: Network,
    mempool: Arc<Mempool>,
    peers: Arc<Peers>,
    votes: mpsc::Sender<Vote>,
    dialer: Dialer,
    outbox: Outbox,
    barred: BTreeMap<PeerId, Instant>,
    status_due: Instant,
    /// Bundles of each peer in the mempool's hands.
    submitting: BTreeMap<PeerId, usize>,
    submissions: JoinSet<(PeerId, Channel, Acceptance)>,
}

impl Node {
    pub(super) fn new(
        swarm: Swarm,
        network: Network,
        mempool: Arc<Mempool>,
        peers: Arc<Peers>,
        votes: mpsc::Sender<Vote>,
    ) -> Self {
        let dialer = Dialer::new(network.addresses.clone(), Instant::now());
        Self {
            swarm,
            network,
            mempool,
            peers,
            votes,
            dialer,
            outbox: Outbox::default(),
            barred: BTreeMap::new(),
            status_due: Instant::now(),
            submitting: BTreeMap::new(),
            submissions: JoinSet::new(),
        }
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
                Some(ended) = self.submissions.join_next() => {
                    if let Ok((peer, channel, standing)) = ended {
                        self.answer_bundle(peer, channel, standing);
                    }
                }
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
        if self.status_due <= now {
            self.status_due = now.checked_add(STATUS_INTERVAL).unwrap_or(now);
            self.send_to_all(&Request::status(self.mempool.height()));
        }
        if self.mempool.take_missed() {
            self.outbox.missed();
        }
        self.catch_up();
        self.send();
    }

    /// Sends a request to every peer once: what one misses, the next makes up for.
    fn send_to_all(&mut self, request: &Bytes) {
        for peer in self.peers.ids() {
            self.swarm.behaviour_mut().exchange.send_request(&peer, request.clone());
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
                let exchange = &mut self.swarm.behaviour_mut().exchange;
                let request = exchange.send_request(&validator, bundle.clone());
                self.outbox.sent(&validator, request, bundle);
            }
        }
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "the library may add events")]
    fn on_swarm(&mut self, event: SwarmEvent<BehaviourEvent>) -> Result<(), GossipError> {
        match event {
            SwarmEvent::Behaviour(BehaviourEvent::Exchange(event)) => self.on_exchange(event),
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
        if self.network.validators.contains(&peer) {
            self.outbox.connect(peer);
            self.catch_up();
            self.send();
        }
    }

    fn on_exchange(&mut self, event: Event<Bytes, Bytes>) {
        match event {
            Event::Message { peer, message: Message::Request { request, channel, .. }, .. } => {
                self.on_request(peer, request, channel);
            }
            Event::Message {
                peer, message: Message::Response { request_id, response }, ..
            } => self.on_response(peer, request_id, &response),
            Event::OutboundFailure { peer, request_id, .. } => {
                self.outbox.ended(&peer, request_id, Delivery::Lost, Instant::now());
            }
            Event::InboundFailure { .. } | Event::ResponseSent { .. } => {}
        }
    }

    fn on_request(&mut self, peer: PeerId, request: Bytes, channel: Channel) {
        match Request::parse(request) {
            Ok(Request::Status { height }) => {
                self.peers.set_height(&peer, height);
                self.respond(channel, Acceptance::Taken);
            }
            Ok(Request::Bundle { transactions }) => {
                let submitting = self.submitting.entry(peer).or_default();
                if *submitting >= SUBMISSIONS_MAX {
                    self.respond(channel, Acceptance::Busy);
                    return;
                }
                *submitting += 1;
                let mempool = Arc::clone(&self.mempool);
                self.submissions.spawn(async move {
                    let verdicts = mempool.submit(transactions, Source::Peer(peer)).await;
                    let again = verdicts.contains(&Err(SubmitError::Busy));
                    (peer, channel, if again { Acceptance::Busy } else { Acceptance::Taken })
                });
            }
            Ok(Request::Cosignature { size, cosignature }) => {
                if let Some(validator) = self.network.places.get(&peer).copied() {
                    // A full board is behind: the next cosignature makes up for this one.
                    let _ = self.votes.try_send(Vote { validator, size, cosignature });
                }
                self.respond(channel, Acceptance::Taken);
            }
            Err(message::Malformed) => self.bar(peer),
        }
    }

    fn answer_bundle(&mut self, peer: PeerId, channel: Channel, standing: Acceptance) {
        if let Some(submitting) = self.submitting.get_mut(&peer) {
            *submitting -= 1;
        }
        self.respond(channel, standing);
    }

    fn respond(&mut self, channel: Channel, standing: Acceptance) {
        let response = Response { standing, height: self.mempool.height() };
        // The peer may have gone; it will ask again.
        let _ = self.swarm.behaviour_mut().exchange.send_response(channel, response.encode());
    }

    fn on_response(&mut self, peer: PeerId, request: OutboundRequestId, response: &Bytes) {
        let Ok(response) = Response::parse(response) else {
            self.bar(peer);
            return;
        };
        self.peers.set_height(&peer, response.height);
        let delivery = match response.standing {
            Acceptance::Taken => Delivery::Taken,
            Acceptance::Busy => Delivery::Busy,
        };
        self.outbox.ended(&peer, request, delivery, Instant::now());
        self.send();
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
