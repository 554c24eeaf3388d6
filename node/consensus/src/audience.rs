//! Sees to it that every member hears us: one that does not is connected anew.
//!
//! Malachite's broadcast says what a node subscribes to on the first connection with a peer only.
//! Where that connection is lost for us and not for the peer (its machine never learnt of it), our
//! next one is the peer's second: nothing is said, nothing is sent to the peer, and it stays deaf
//! to us for as long as that connection lasts. Malachite repeats the subscription to statuses
//! (network crate, `reannounce_sync_subscription`), and no other. Only we can see it: a member that
//! identified itself and does not want what validators say. Closing all its connections, again
//! where that was too early, mends it.

use std::collections::{BTreeMap, HashSet};
use std::time::{Duration, Instant};

use arc_malachitebft_app_channel::app::engine::network::{NetworkEvent, NetworkMsg, NetworkRef};
use arc_malachitebft_app_channel::app::types::PeerId;
use arc_malachitebft_network::Channel;
use async_trait::async_trait;
use ractor::{Actor, ActorProcessingErr, ActorRef, SpawnErr};

use crate::context::Kyojo;
use crate::members::{Members, disconnect};

/// How long a connected member may leave its subscriptions unsaid; twice as long each time.
const GRACE: Duration = Duration::from_secs(2);
/// How often a member is connected anew at most, until it hears us: an observer never wants what
/// validators say, and is left alone after that.
const ATTEMPTS_MAX: u32 = 5;
/// How often the members are looked at.
const LOOK: Duration = Duration::from_millis(500);

/// Looks after the members for as long as `network` runs. Not for an observer's network, which
/// ignores what others subscribe to.
///
/// # Errors
/// Where the actor does not start.
pub(crate) async fn attend(members: Members, network: NetworkRef<Kyojo>) -> Result<(), SpawnErr> {
    let supervisor = network.get_cell();
    let (usher, _) = Actor::spawn(None, Usher { members, network }, ()).await?;
    usher.link(supervisor);
    Ok(())
}

struct Usher {
    members: Members,
    network: NetworkRef<Kyojo>,
}

/// What the usher hears.
#[derive(Clone, Debug)]
enum Notice {
    Connected(PeerId),
    Disconnected(PeerId),
    Subscribed(PeerId, Channel),
    Look,
    Other,
}

impl From<NetworkEvent<Kyojo>> for Notice {
    fn from(event: NetworkEvent<Kyojo>) -> Self {
        match event {
            NetworkEvent::PeerConnected(peer) => Self::Connected(peer),
            NetworkEvent::PeerDisconnected(peer) => Self::Disconnected(peer),
            NetworkEvent::PeerSubscribed(peer, channel) => Self::Subscribed(peer, channel),
            _ => Self::Other,
        }
    }
}

/// The members that are connected.
#[derive(Debug, Default)]
struct Audience {
    seats: BTreeMap<PeerId, Seat>,
    attempts: BTreeMap<PeerId, u32>,
}

#[derive(Debug, Default)]
struct Seat {
    /// When it identified itself, or was last connected anew.
    since: Option<Instant>,
    wants: HashSet<Channel>,
}

impl Audience {
    fn note(&mut self, notice: &Notice, now: Instant) {
        match notice {
            Notice::Connected(peer) => self.seats.entry(*peer).or_default().since = Some(now),
            Notice::Disconnected(peer) => _ = self.seats.remove(peer),
            Notice::Subscribed(peer, channel) => {
                let seat = self.seats.entry(*peer).or_default();
                seat.wants.insert(*channel);
                if seat.hears() {
                    self.attempts.remove(peer);
                }
            }
            Notice::Look | Notice::Other => {}
        }
    }

    /// The members to connect anew; each is counted as connected anew.
    fn deaf(&mut self, now: Instant) -> Vec<PeerId> {
        let mut deaf = Vec::new();
        for (peer, seat) in &mut self.seats {
            let attempts = self.attempts.entry(*peer).or_default();
            let grace = GRACE.saturating_mul(1 << *attempts);
            let is_late = seat.since.is_some_and(|since| now.duration_since(since) >= grace);
            if is_late && !seat.hears() && *attempts < ATTEMPTS_MAX {
                *attempts = attempts.saturating_add(1);
                seat.since = Some(now);
                deaf.push(*peer);
            }
        }
        deaf
    }
}

impl Seat {
    fn hears(&self) -> bool {
        Channel::consensus().iter().all(|channel| self.wants.contains(channel))
    }
}

#[async_trait]
impl Actor for Usher {
    type Msg = Notice;
    type State = Audience;
    type Arguments = ();

    async fn pre_start(
        &self,
        myself: ActorRef<Notice>,
        (): (),
    ) -> Result<Audience, ActorProcessingErr> {
        self.network.cast(NetworkMsg::Subscribe(Box::new(myself.clone())))?;
        // Ends with the actor.
        drop(myself.send_interval(LOOK, || Notice::Look));
        Ok(Audience::default())
    }

    async fn handle(
        &self,
        _: ActorRef<Notice>,
        notice: Notice,
        audience: &mut Audience,
    ) -> Result<(), ActorProcessingErr> {
        let now = Instant::now();
        match &notice {
            Notice::Connected(peer) | Notice::Subscribed(peer, _)
                if !self.members.contains(peer) => {}
            Notice::Look => {
                for peer in audience.deaf(now) {
                    tracing::info!(%peer, "a member does not hear us: it is connected anew");
                    disconnect(&self.network, peer)?;
                }
            }
            _ => audience.note(&notice, now),
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use arc_malachitebft_app_channel::app::types::PeerId;
    use arc_malachitebft_network::Channel;
    use ledger_types::SigningKey;

    use super::{ATTEMPTS_MAX, Audience, GRACE, Notice};
    use crate::engine::peer_id;

    fn member() -> PeerId {
        peer_id(&SigningKey::from_seed(&[1; 32]).public_key()).parse().expect("a peer id")
    }

    fn subscribe(audience: &mut Audience, channels: &[Channel], now: Instant) {
        for channel in channels {
            audience.note(&Notice::Subscribed(member(), *channel), now);
        }
    }

    #[test]
    fn a_member_that_hears_us_is_left_alone() {
        let (mut audience, now) = (Audience::default(), Instant::now());
        subscribe(&mut audience, Channel::consensus(), now);
        audience.note(&Notice::Connected(member()), now);
        assert_eq!(audience.deaf(now + 100 * GRACE), []);
    }

    #[test]
    fn a_deaf_member_is_connected_anew_ever_more_rarely_until_it_hears() {
        let (mut audience, mut now) = (Audience::default(), Instant::now());
        for attempt in 0..ATTEMPTS_MAX {
            audience.note(&Notice::Connected(member()), now);
            subscribe(&mut audience, &[Channel::Sync], now);
            let due = now + GRACE * 2_u32.pow(attempt);
            assert_eq!(audience.deaf(due - Duration::from_millis(1)), []);
            assert_eq!(audience.deaf(due), [member()]);
            assert_eq!(audience.deaf(due), [], "once");
            audience.note(&Notice::Disconnected(member()), due);
            now = due;
        }
        audience.note(&Notice::Connected(member()), now);
        assert_eq!(audience.deaf(now + 1000 * GRACE), [], "an observer is left alone at last");

        subscribe(&mut audience, Channel::consensus(), now);
        audience.note(&Notice::Disconnected(member()), now);
        audience.note(&Notice::Connected(member()), now);
        assert_eq!(audience.deaf(now + GRACE), [member()], "whoever heard us is given new tries");
    }
}
