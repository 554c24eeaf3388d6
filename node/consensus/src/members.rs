//! Lets members' messages through, and nobody else's.
//!
//! Malachite judges a peer when it identifies itself. A client that connects and never does so is
//! not judged at all: its votes, statuses and history requests reach the engine. This stands
//! between the network and the engine and passes on only what configured peers send (rule 16).

use std::collections::BTreeSet;
use std::sync::Arc;

use arc_malachitebft_app_channel::app::engine::network::{NetworkEvent, NetworkMsg, NetworkRef};
use arc_malachitebft_app_channel::app::engine::util::output_port::OutputPort;
use arc_malachitebft_app_channel::app::types::PeerId;
use async_trait::async_trait;
use ractor::{Actor, ActorProcessingErr, ActorRef, SpawnErr};

use crate::context::Kyojo;

/// The peers that may speak.
pub(crate) type Members = Arc<BTreeSet<PeerId>>;

/// Stands in for the network: what the engine sends passes, what it hears is sifted.
struct Gate {
    members: Members,
}

/// What one part of the engine hears.
struct Sieve {
    members: Members,
    network: NetworkRef<Kyojo>,
    port: OutputPort<NetworkEvent<Kyojo>>,
}

/// Puts a gate before `network`.
///
/// # Errors
/// Where the actor does not start.
pub(crate) async fn admit_only(
    members: Members,
    network: NetworkRef<Kyojo>,
) -> Result<NetworkRef<Kyojo>, SpawnErr> {
    let (gate, _) = Actor::spawn(None, Gate { members }, network.clone()).await?;
    network.link(gate.get_cell());
    Ok(gate)
}

#[async_trait]
impl Actor for Gate {
    type Msg = NetworkMsg<Kyojo>;
    type State = NetworkRef<Kyojo>;
    type Arguments = NetworkRef<Kyojo>;

    async fn pre_start(
        &self,
        _: ActorRef<Self::Msg>,
        network: NetworkRef<Kyojo>,
    ) -> Result<NetworkRef<Kyojo>, ActorProcessingErr> {
        Ok(network)
    }

    async fn handle(
        &self,
        myself: ActorRef<Self::Msg>,
        message: Self::Msg,
        network: &mut NetworkRef<Kyojo>,
    ) -> Result<(), ActorProcessingErr> {
        let message = match message {
            NetworkMsg::Subscribe(subscriber) => {
                let port = OutputPort::with_capacity(128);
                subscriber.subscribe_to_port(&port);
                let members = Arc::clone(&self.members);
                let sieve = Sieve { members, network: network.clone(), port };
                let (sieve, _) = Actor::spawn(None, sieve, ()).await?;
                sieve.link(myself.get_cell());
                NetworkMsg::Subscribe(Box::new(sieve))
            }
            other => other,
        };
        network.cast(message)?;
        Ok(())
    }

    /// Closes the network properly: left to the end of this actor it would be cut off.
    async fn post_stop(
        &self,
        _: ActorRef<Self::Msg>,
        network: &mut NetworkRef<Kyojo>,
    ) -> Result<(), ActorProcessingErr> {
        network.stop_and_wait(None, None).await?;
        Ok(())
    }
}

#[async_trait]
impl Actor for Sieve {
    type Msg = NetworkEvent<Kyojo>;
    type State = ();
    type Arguments = ();

    async fn pre_start(&self, _: ActorRef<Self::Msg>, (): ()) -> Result<(), ActorProcessingErr> {
        Ok(())
    }

    async fn handle(
        &self,
        _: ActorRef<Self::Msg>,
        event: Self::Msg,
        (): &mut (),
    ) -> Result<(), ActorProcessingErr> {
        match sender(&event) {
            Some(peer) if !self.members.contains(peer) => self.refuse(event)?,
            Some(_) | None => self.port.send(event),
        }
        Ok(())
    }
}

impl Sieve {
    fn refuse(&self, event: NetworkEvent<Kyojo>) -> Result<(), ActorProcessingErr> {
        tracing::debug!(?event, "a peer that is no member was not heard");
        if let NetworkEvent::SyncRequest(request, ..) = event {
            self.network.cast(NetworkMsg::CancelInboundRequest(request))?;
        }
        Ok(())
    }
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
