//! Lets members' messages through, and nobody else's.
//!
//! Malachite judges a peer when it identifies itself. A client that connects and never does so is
//! not judged at all: its votes, statuses and history requests reach the engine, and whatever it
//! subscribes to is sent to it. This stands between the network and the engine, passes on only what
//! configured peers send (rule 16), and disconnects anybody else at the first sign of life. What
//! members say of their tips it passes on when it is news.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

use arc_malachitebft_app_channel::app::engine::network::{
    NetworkEvent, NetworkMsg, NetworkRef, Status,
};
use arc_malachitebft_app_channel::app::engine::util::output_port::OutputPort;
use arc_malachitebft_app_channel::app::types::PeerId;
use arc_malachitebft_network::Channel;
use arc_malachitebft_network::validator_proof::ProofVerificationResult;
use async_trait::async_trait;
use ractor::{Actor, ActorProcessingErr, ActorRef, SpawnErr};
use tokio::sync::watch;

use crate::context::{BlockHeight, Kyojo};
use crate::own::OwnVotes;
use crate::tips::{Patience, Tips};

/// The peers that may speak.
pub(crate) type Members = Arc<BTreeSet<PeerId>>;

/// Stands in for the network: what the engine sends passes, what it hears is sifted.
struct Gate {
    members: Members,
    patience: Patience,
    own: Option<OwnVotes>,
    /// How long it takes at least from telling a tip until a newer one is told.
    status_gap: Duration,
}

/// Where the gate sends on.
struct Way {
    network: NetworkRef<Kyojo>,
    /// The last tip that is to be told.
    tip: watch::Sender<Option<Status<Kyojo>>>,
}

/// What one part of the engine hears.
struct Sieve {
    members: Members,
    network: NetworkRef<Kyojo>,
    port: OutputPort<NetworkEvent<Kyojo>>,
    patience: Patience,
    own: Option<OwnVotes>,
}

/// What a sieve is told.
#[derive(Clone, Debug)]
#[allow(clippy::large_enum_variant, reason = "nearly every one is an event")]
enum Heard {
    Event(NetworkEvent<Kyojo>),
    /// Time has passed for what was held back.
    Later,
}

impl From<NetworkEvent<Kyojo>> for Heard {
    fn from(event: NetworkEvent<Kyojo>) -> Self {
        Self::Event(event)
    }
}

/// What a sieve holds back.
struct Withheld {
    tips: Tips,
    /// Whether [`Heard::Later`] is on its way.
    is_looked_after: bool,
}

/// Puts a gate before `network`, which keeps a supervisor of its own: as a child of the gate it
/// would be cut off with it, and its swarm would go on dialling.
///
/// # Errors
/// Where the actor does not start.
pub(crate) async fn admit_only(
    members: Members,
    patience: Patience,
    own: Option<OwnVotes>,
    status_gap: Duration,
    network: NetworkRef<Kyojo>,
) -> Result<NetworkRef<Kyojo>, SpawnErr> {
    let gate = Gate { members, patience, own, status_gap };
    let (gate, _) = Actor::spawn(None, gate, network).await?;
    Ok(gate)
}

/// Tells tips, the first at once and never an old one, until the gate is gone.
async fn tell(
    mut tip: watch::Receiver<Option<Status<Kyojo>>>,
    gap: Duration,
    network: NetworkRef<Kyojo>,
) {
    while tip.changed().await.is_ok() {
        let told = tip.borrow_and_update().clone();
        if told.is_some_and(|status| network.cast(NetworkMsg::BroadcastStatus(status)).is_err()) {
            return;
        }
        tokio::time::sleep(gap).await;
    }
}

#[async_trait]
impl Actor for Gate {
    type Msg = NetworkMsg<Kyojo>;
    type State = Way;
    type Arguments = NetworkRef<Kyojo>;

    async fn pre_start(
        &self,
        _: ActorRef<Self::Msg>,
        network: NetworkRef<Kyojo>,
    ) -> Result<Way, ActorProcessingErr> {
        let (tip, told) = watch::channel(None);
        tokio::spawn(tell(told, self.status_gap, network.clone()));
        Ok(Way { network, tip })
    }

    async fn handle(
        &self,
        myself: ActorRef<Self::Msg>,
        message: Self::Msg,
        way: &mut Way,
    ) -> Result<(), ActorProcessingErr> {
        let network = &way.network;
        let message = match message {
            NetworkMsg::BroadcastStatus(status) => {
                way.tip.send_replace(Some(status));
                return Ok(());
            }
            NetworkMsg::Subscribe(subscriber) => {
                let port = OutputPort::with_capacity(128);
                subscriber.subscribe_to_port(&port);
                let members = Arc::clone(&self.members);
                let (network, own) = (network.clone(), self.own.clone());
                let patience = self.patience.clone();
                let sieve = Sieve { members, network, port, patience, own };
                let (sieve, _) = Actor::spawn(None, sieve, self.patience.clone()).await?;
                sieve.link(myself.get_cell());
                NetworkMsg::Subscribe(Box::new(sieve))
            }
            other => other,
        };
        network.cast(message)?;
        Ok(())
    }
}

#[async_trait]
impl Actor for Sieve {
    type Msg = Heard;
    type State = Withheld;
    type Arguments = Patience;

    async fn pre_start(
        &self,
        _: ActorRef<Self::Msg>,
        patience: Patience,
    ) -> Result<Withheld, ActorProcessingErr> {
        Ok(Withheld { tips: Tips::new(patience), is_looked_after: false })
    }

    async fn handle(
        &self,
        myself: ActorRef<Self::Msg>,
        heard: Self::Msg,
        withheld: &mut Withheld,
    ) -> Result<(), ActorProcessingErr> {
        match heard {
            Heard::Event(event) => match sender(&event) {
                Some(peer) if !self.members.contains(peer) => self.refuse(*peer, event)?,
                Some(_) | None => {
                    self.call_the_roll(&event)?;
                    self.pass(event, withheld);
                }
            },
            Heard::Later => withheld.is_looked_after = false,
        }
        let now = Instant::now();
        for (peer, status) in withheld.tips.release(now) {
            self.port.send(NetworkEvent::Status(peer, status));
        }
        if let Some(wait) = withheld.tips.wait(now).filter(|_| !withheld.is_looked_after) {
            withheld.is_looked_after = true;
            // Ends with the actor.
            drop(myself.send_after(wait, || Heard::Later));
        }
        Ok(())
    }
}

impl Sieve {
    /// Hands a member's event to the engine, a status only where it is news.
    fn pass(&self, event: NetworkEvent<Kyojo>, withheld: &mut Withheld) {
        if let Some(own) = &self.own {
            own.hear(&event);
        }
        self.note_who_is_here(&event);
        let event = match event {
            NetworkEvent::Status(peer, status) => withheld
                .tips
                .sift(peer, status, Instant::now())
                .map(|status| NetworkEvent::Status(peer, status)),
            NetworkEvent::PeerDisconnected(peer) => {
                withheld.tips.forget(&peer);
                Some(NetworkEvent::PeerDisconnected(peer))
            }
            other => Some(other),
        };
        if let Some(event) = event {
            self.port.send(event);
        }
    }

    /// Notes which members are connected.
    fn note_who_is_here(&self, event: &NetworkEvent<Kyojo>) {
        match event {
            NetworkEvent::PeerConnected(peer) => self.patience.situation.connect(*peer),
            NetworkEvent::PeerDisconnected(peer) => self.patience.situation.disconnect(peer),
            _ => {}
        }
    }

    /// Notes how far a peer says that it is, and while that is asked says the same of this node,
    /// whose engine has not begun and says nothing: the others may be asking too.
    fn call_the_roll(&self, event: &NetworkEvent<Kyojo>) -> Result<(), ActorProcessingErr> {
        let Patience { under_way, roll, .. } = &self.patience;
        match event {
            NetworkEvent::Status(peer, status) => roll.note(*peer, status.tip_height.0),
            NetworkEvent::PeerDisconnected(peer) => roll.forget(peer),
            NetworkEvent::PeerSubscribed(_, Channel::Sync) if roll.is_open() => {
                let tip = BlockHeight(under_way.height().previous().unwrap_or_default());
                self.network.cast(NetworkMsg::BroadcastStatus(Status::new(tip, tip)))?;
            }
            _ => {}
        }
        Ok(())
    }

    fn refuse(&self, peer: PeerId, event: NetworkEvent<Kyojo>) -> Result<(), ActorProcessingErr> {
        tracing::debug!(?event, "a peer that is no member was not heard");
        match event {
            NetworkEvent::PeerDisconnected(_) => return Ok(()),
            NetworkEvent::SyncRequest(request, ..) => {
                self.network.cast(NetworkMsg::CancelInboundRequest(request))?;
            }
            _ => {}
        }
        disconnect(&self.network, peer)
    }
}

/// Closes every connection with a peer. A member's is dialled again at once.
///
/// The network has no message for it but this: a peer whose proof is wrong is disconnected
/// (Malachite's network crate, `handle_ctrl_msg`). No other use is made of proofs here.
pub(crate) fn disconnect(
    network: &NetworkRef<Kyojo>,
    peer: PeerId,
) -> Result<(), ActorProcessingErr> {
    let result = ProofVerificationResult::Invalid;
    let message = NetworkMsg::ValidatorProofVerified { peer_id: peer, result, public_key: None };
    network.cast(message).map_err(ActorProcessingErr::from)
}

/// Whose message an event is; none for what no peer caused.
const fn sender(event: &NetworkEvent<Kyojo>) -> Option<&PeerId> {
    match event {
        NetworkEvent::Listening(_) => None,
        NetworkEvent::PeerConnected(peer)
        | NetworkEvent::PeerDisconnected(peer)
        | NetworkEvent::PeerSubscribed(peer, _)
        | NetworkEvent::Vote(peer, _)
        | NetworkEvent::Proposal(peer, _)
        | NetworkEvent::ProposalPart(peer, ..)
        | NetworkEvent::PolkaCertificate(peer, _)
        | NetworkEvent::RoundCertificate(peer, _)
        | NetworkEvent::ValidatorProofReceived { peer_id: peer, .. }
        | NetworkEvent::Status(peer, _)
        | NetworkEvent::SyncRequest(_, peer, _)
        | NetworkEvent::SyncResponse(_, peer, _)
        | NetworkEvent::SyncRequestFailed(_, peer, _)
        | NetworkEvent::SyncInboundRequestFailed(_, peer) => Some(peer),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::time::Duration;

    use arc_malachitebft_app_channel::app::engine::network::{NetworkEvent, NetworkMsg, Status};
    use arc_malachitebft_app_channel::app::types::PeerId;
    use arc_malachitebft_app_channel::app::types::sync::Request;
    use arc_malachitebft_sync::{InboundRequestId, ValueRequest};
    use async_trait::async_trait;
    use ledger_types::{Height, SigningKey};
    use ractor::{Actor, ActorProcessingErr, ActorRef};
    use tokio::sync::mpsc;

    use super::admit_only;
    use crate::context::{BlockHeight, Kyojo};
    use crate::engine::peer_id;
    use crate::roll::Roll;
    use crate::situation::Situation;
    use crate::tips::{Patience, UnderWay};

    /// Hands on whatever it is sent.
    struct Probe<T>(mpsc::UnboundedSender<T>);

    #[async_trait]
    impl<T: ractor::Message> Actor for Probe<T> {
        type Msg = T;
        type State = ();
        type Arguments = ();

        async fn pre_start(&self, _: ActorRef<T>, (): ()) -> Result<(), ActorProcessingErr> {
            Ok(())
        }

        async fn handle(
            &self,
            _: ActorRef<T>,
            message: T,
            (): &mut (),
        ) -> Result<(), ActorProcessingErr> {
            self.0.send(message).map_err(|_| "nobody listens to the probe")?;
            Ok(())
        }
    }

    async fn probe<T: ractor::Message>() -> (ActorRef<T>, mpsc::UnboundedReceiver<T>) {
        let (sender, receiver) = mpsc::unbounded_channel();
        let (actor, _) = Actor::spawn(None, Probe(sender), ()).await.expect("spawns");
        (actor, receiver)
    }

    fn peer(number: u8) -> PeerId {
        let key = SigningKey::from_seed(&[number; 32]).public_key();
        peer_id(&key).parse().expect("a peer id")
    }

    fn status(from: PeerId, tip: u64) -> NetworkEvent<Kyojo> {
        let height = |number| BlockHeight(Height::new(number));
        NetworkEvent::Status(from, Status::new(height(tip), height(1)))
    }

    fn request(from: PeerId, name: &str) -> NetworkEvent<Kyojo> {
        let height = |number| BlockHeight(Height::new(number));
        let range = Request::ValueRequest(ValueRequest::new(height(1)..=height(3)));
        NetworkEvent::SyncRequest(InboundRequestId::new(name), from, range)
    }

    #[tokio::test]
    async fn of_many_tips_the_last_is_told_and_few_others() {
        const TIPS: u64 = 1000;
        let (network, mut asked) = probe::<NetworkMsg<Kyojo>>().await;
        let under_way = UnderWay::new(Height::new(5));
        let (propose, roll, situation) = (Duration::ZERO, Roll::default(), Situation::default());
        let patience = Patience { under_way, propose, roll, situation };
        let gap = Duration::from_millis(250);
        let gate = admit_only(Arc::default(), patience, None, gap, network).await.expect("spawns");
        let height = |number| BlockHeight(Height::new(number));
        for tip in 1..=TIPS {
            let status = Status::new(height(tip), height(1));
            gate.cast(NetworkMsg::BroadcastStatus(status)).expect("the gate runs");
        }
        let mut told = Vec::new();
        while told.last() != Some(&TIPS) {
            let Some(NetworkMsg::BroadcastStatus(status)) = asked.recv().await else {
                panic!("the gate asks nothing else of the network");
            };
            told.push(status.tip_height.0.get());
        }
        assert!(told.is_sorted() && told.len() <= 4, "{told:?}");
    }

    #[tokio::test]
    async fn members_are_heard_and_strangers_are_not() {
        let (network, mut asked) = probe::<NetworkMsg<Kyojo>>().await;
        let (engine, mut heard) = probe::<NetworkEvent<Kyojo>>().await;
        let (member, stranger) = (peer(1), peer(2));
        let under_way = UnderWay::new(Height::new(5));
        let (propose, roll) = (Duration::from_millis(50), Roll::default());
        let patience = Patience { under_way, propose, roll, situation: Situation::default() };
        let members = Arc::new([member].into());
        let gate =
            admit_only(members, patience, None, Duration::ZERO, network).await.expect("spawns");
        gate.cast(NetworkMsg::Subscribe(Box::new(engine))).expect("the gate runs");
        let Some(NetworkMsg::Subscribe(sieve)) = asked.recv().await else {
            panic!("the gate subscribes in the engine's place");
        };

        sieve.send(status(stranger, 9));
        sieve.send(request(stranger, "strange"));
        sieve.send(NetworkEvent::PeerConnected(stranger));
        sieve.send(status(member, 3));
        sieve.send(status(member, 5));
        sieve.send(request(member, "familiar"));
        assert_eq!(heard.recv().await, Some(status(member, 3)));
        assert_eq!(heard.recv().await, Some(request(member, "familiar")));
        assert_eq!(heard.recv().await, Some(status(member, 5)), "once this node is late");
        assert!(heard.try_recv().is_err(), "nothing else was heard");
        let mut cancelled = Vec::new();
        let mut disconnected = Vec::new();
        while let Ok(message) = asked.try_recv() {
            match message {
                NetworkMsg::CancelInboundRequest(request) => cancelled.push(request),
                NetworkMsg::ValidatorProofVerified { peer_id, .. } => disconnected.push(peer_id),
                _ => panic!("the gate asks nothing else of the network"),
            }
        }
        let strange = [InboundRequestId::new("strange")];
        assert_eq!(cancelled, strange, "the stranger's request is dropped, not left open");
        assert_eq!(disconnected, [stranger; 3], "once for every sign of life");
    }
}
