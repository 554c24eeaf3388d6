//! What the node can say of itself and of the others: its role, who is here, and what it waits for.
//!
//! A network decides where validators with a quorum of votes hear each other and vote. Each of these is
//! asked for here: a validator counts where it is connected for consensus, where its gossip answered
//! of late, and where it says that it votes. An idle network makes few blocks, so that nothing of this
//! is concluded from the age of the last one.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use ledger_types::instant::Time;
use ledger_types::{Genesis, Hash, Height, Timestamp, ValidatorAddress, ValidatorSet};
use libp2p::PeerId;
use network_clock::Clock;
use node_api::body::{NodeBody, PeerBody};
use node_consensus::{Situation, Stance};

use crate::config::{NETWORK_KEY_FILE, Role};
use crate::gossip::{Peer, Peers, peer_id};

/// How many blocks a node may be behind its peers and still be of use.
const LAG_BLOCKS_MAX: u64 = 10;
/// How old the last commit may be while transactions wait, in seconds.
const STALL_SECONDS_MAX: u64 = 10;
/// Japan's time is so far ahead of UTC, in milliseconds.
const JAPAN_MS: u64 = 9 * 3_600_000;

/// Where a validator of genesis stands, as this node sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seat {
    /// Its number in genesis and the name of the member that runs it.
    pub name: String,
    /// Its votes.
    pub power: u64,
    /// The identity of its node, as text.
    pub peer: String,
    /// Whether it is connected for consensus.
    pub is_connected: bool,
    /// What its gossip said, where that is connected.
    pub said: Option<Peer>,
}

impl Seat {
    /// Whether its votes are counted on.
    fn is_voting(&self) -> bool {
        self.is_connected && self.said.is_some_and(|said| said.answers && said.votes)
    }
}

/// The node and the others, at one moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outlook {
    /// What it is by its keys.
    pub role: Role,
    /// What it does in consensus.
    pub stance: Stance,
    /// Its own votes.
    pub power: u64,
    /// The other validators, by their places.
    pub seats: BTreeMap<usize, Seat>,
    /// How many peers are connected, observers among them.
    pub connected: usize,
    /// How many there are to connect to.
    pub configured: usize,
    /// Whether those that it is to connect to would make a quorum with it.
    pub may_see_quorum: bool,
    /// How long consent decisions may be relied on, in real time.
    pub validity: Duration,
    /// The height that at least half of the peers have.
    pub highest: Height,
    /// When the network begins, where that is still to come, and how long it takes until then.
    pub begins: Option<(Timestamp, Duration)>,
    /// Peers of another genesis: who, and which.
    pub foreign: Vec<(String, Hash)>,
    /// This network's genesis.
    pub genesis: Hash,
    /// Validators whose key signed two things where one may be signed, and at which height.
    pub doubled: Vec<(String, Height)>,
    /// Nodes under whose network key two speak.
    pub shared: Vec<String>,
    /// Who says that another node speaks under this one's network key.
    pub twins: Vec<String>,
}

/// The rest of what readiness depends on.
#[derive(Clone, Copy, Debug)]
pub struct Now {
    /// The height of the tip.
    pub height: Height,
    /// How many transactions wait.
    pub waiting: usize,
    /// How long ago the last block was committed, or the node started.
    pub since_commit: Duration,
    /// Whether the node is stopping.
    pub is_stopping: bool,
}

impl Outlook {
    /// What the node waits for; nothing where it is of use.
    #[must_use]
    pub fn waits(&self, validators: &ValidatorSet, now: &Now) -> Vec<String> {
        let mut waits = Vec::new();
        if now.is_stopping {
            waits.push("the node is stopping".to_owned());
        }
        waits.extend(self.begins.map(|(at, left)| begins_at(at, left)));
        waits.extend(self.own(validators));
        if self.configured > 0 && self.connected == 0 {
            waits.push(format!("none of {} peers is connected", self.configured));
        }
        if let Some(missing) = self.quorum(validators, now) {
            waits.push(missing);
            waits.extend(self.other_genesis());
        }
        let lag = self.highest.get().saturating_sub(now.height.get());
        if lag > LAG_BLOCKS_MAX {
            waits.push(format!("{lag} blocks behind a peer at height {}", self.highest));
        }
        if now.waiting > 0 && now.since_commit > Duration::from_secs(STALL_SECONDS_MAX) {
            let (waiting, seconds) = (now.waiting, now.since_commit.as_secs());
            waits.push(format!("{waiting} transactions wait, the last commit is {seconds} s old"));
        }
        waits
    }

    /// What is to be known although the node is of use.
    #[must_use]
    pub fn warnings(&self) -> Vec<String> {
        let doubled = self.doubled.iter().map(|(name, height)| {
            format!(
                "the key of {name} signed two things at height {height}: two nodes have it, or \
                 somebody does who should not; its operator stops both and finds out which"
            )
        });
        doubled.chain(self.one_key()).chain(self.other_genesis()).collect()
    }

    /// Two nodes with one network key, this one's first.
    fn one_key(&self) -> impl Iterator<Item = String> {
        let own = (!self.twins.is_empty()).then(|| {
            format!(
                "another node runs with this node's {NETWORK_KEY_FILE} (seen by {}): find the machine \
                 that has a copy of this home and stop it, and give it a home of its own (kyojo-node \
                 init)",
                self.twins.join(", ")
            )
        });
        let others = self.shared.iter().map(|name| {
            format!(
                "two nodes run with the {NETWORK_KEY_FILE} of {name}: its operator stops the one \
                 that has a copy of the home, and gives it a home of its own (kyojo-node init)"
            )
        });
        own.into_iter().chain(others)
    }

    /// The same for the interface.
    #[must_use]
    pub fn body(&self, validators: &ValidatorSet, now: &Now) -> NodeBody {
        let waits_for = self.waits(validators, now);
        let peers = self.seats.iter().map(|(place, seat)| PeerBody {
            validator: u32::try_from(*place).unwrap_or(u32::MAX),
            name: seat.name.clone(),
            peer: seat.peer.clone(),
            connected: seat.is_connected,
            answers: seat.said.is_some_and(|said| said.answers),
            votes: seat.said.is_some_and(|said| said.votes),
            height: seat.said.and_then(|said| said.height),
        });
        NodeBody {
            role: self.role.name().to_owned(),
            validator: self.role.place().and_then(|place| u32::try_from(place).ok()),
            stance: name_of(self.stance).to_owned(),
            ready: waits_for.is_empty(),
            waits_for,
            warnings: self.warnings(),
            peers: peers.collect(),
        }
    }

    /// What keeps a validator of genesis from voting.
    fn own(&self, validators: &ValidatorSet) -> Option<String> {
        if let Role::Mute { place, lacks } = self.role {
            return Some(lacks.told(place));
        }
        match self.stance {
            Stance::Starting => Some("consensus has not started yet".to_owned()),
            Stance::Asking => Some(format!(
                "before this validator votes again it asks where the others are, and validators with \
                 {} of {} votes are connected",
                self.here(),
                validators.total_power()
            )),
            Stance::Following { live } => Some(format!(
                "this validator has no memory of its votes (its folder `consensus` is new or a copy: a \
                 new disk, or a backup that was put back): it follows, and votes once it has seen two \
                 heights decided{}; nothing is to be done while the others make a quorum",
                live.map(|live| format!(", of which {live} is the first")).unwrap_or_default()
            )),
            Stance::Beginning => Some(
                "this validator has no block and no memory: it waits for the first one, and knows then \
                 whether the network begins or its own disk is new"
                    .to_owned(),
            ),
            Stance::Observing | Stance::Voting => None,
        }
    }

    /// The votes of those who are connected for consensus, this node's among them.
    fn here(&self) -> u64 {
        let connected = self.seats.values().filter(|seat| seat.is_connected);
        connected.fold(self.power, |sum, seat| sum.saturating_add(seat.power))
    }

    /// What is missing for a quorum.
    fn quorum(&self, validators: &ValidatorSet, now: &Now) -> Option<String> {
        if !self.may_see_quorum {
            // Connected to few, it sees that the network decides by its blocks alone.
            let is_old = now.since_commit > self.validity / 2;
            let seconds = now.since_commit.as_secs();
            return is_old.then(|| format!("the last block came {seconds} s ago"));
        }
        let own = if self.stance.votes() { self.power } else { 0 };
        let voting = self.seats.values().filter(|seat| seat.is_voting());
        let voting = voting.fold(own, |sum, seat| sum.saturating_add(seat.power));
        if validators.is_quorum(voting) {
            return None;
        }
        let missing = self.seats.values().filter(|seat| !seat.is_voting());
        let missing: Vec<String> = missing.map(why_missing).collect();
        Some(format!(
            "validators with {voting} of {} votes are here and vote: no quorum; missing: {}",
            validators.total_power(),
            if missing.is_empty() { "this node's own".to_owned() } else { missing.join(", ") }
        ))
    }

    fn other_genesis(&self) -> impl Iterator<Item = String> {
        self.foreign.iter().map(|(who, theirs)| {
            format!(
                "{who} has another genesis document (theirs {theirs}, ours {}): compare \
                 genesis.json with the other members', and replace the one that is wrong",
                self.genesis
            )
        })
    }
}

fn why_missing(seat: &Seat) -> String {
    let why = match seat.said {
        None if !seat.is_connected => "not connected",
        None => "its gossip port is not connected",
        Some(said) if !said.answers => "does not answer",
        Some(_) if !seat.is_connected => "its consensus port is not connected",
        Some(_) => "does not vote",
    };
    format!("{} ({why})", seat.name)
}

const fn name_of(stance: Stance) -> &'static str {
    match stance {
        Stance::Starting => "starting",
        Stance::Observing => "observing",
        Stance::Asking => "asking",
        Stance::Beginning => "beginning",
        Stance::Following { .. } => "following",
        Stance::Voting => "voting",
    }
}

/// When a network begins, in Japan's time.
#[must_use]
pub fn begins_at(at: Timestamp, left: Duration) -> String {
    let shown = Timestamp::from_millis(at.as_millis().saturating_add(JAPAN_MS));
    let shown = Time::new(shown).to_string().replace('Z', "+09:00");
    format!(
        "the network begins at {shown}, in {} s (`time` of genesis.json): nothing is to be done until \
         then, unless that day or this machine's clock is wrong",
        left.as_secs()
    )
}

/// Where an outlook is made from.
#[derive(Debug)]
pub struct Lookout {
    /// What the node is.
    pub role: Role,
    /// How consensus stands.
    pub situation: Situation,
    /// Who is connected for transactions.
    pub peers: Arc<Peers>,
    /// The network's clock.
    pub clock: Clock,
    /// Where the node is to connect to.
    pub configured: BTreeSet<PeerId>,
    own: Option<ValidatorAddress>,
    power: u64,
    seats: Vec<Named>,
    begins: Timestamp,
    validity: Duration,
    genesis: Hash,
}

/// A validator of genesis.
#[derive(Debug)]
struct Named {
    name: String,
    power: u64,
    peer: Option<PeerId>,
    address: ValidatorAddress,
}

impl Lookout {
    /// One for a node with this role.
    #[must_use]
    pub fn new(
        genesis: &Genesis,
        role: Role,
        situation: Situation,
        peers: Arc<Peers>,
        configured: BTreeSet<PeerId>,
    ) -> Self {
        let seats: Vec<Named> = (0..genesis.validators.len())
            .filter_map(|place| {
                let entry = genesis.validators.get(place)?;
                Some(Named {
                    name: name_in(genesis, place),
                    power: entry.power,
                    peer: peer_id(&entry.network_key),
                    address: ValidatorAddress::of(&entry.key),
                })
            })
            .collect();
        let own = role.place().and_then(|place| seats.get(place));
        let rate = genesis.lab.map_or(1, |lab| u64::from(lab.rate.get()));
        Self {
            role,
            situation,
            peers,
            clock: Clock::of(genesis),
            configured,
            own: own.map(|own| own.address),
            power: own.map_or(0, |own| own.power),
            begins: genesis.time,
            validity: Duration::from_millis(genesis.parameters.decision_validity_ms / rate),
            genesis: genesis.hash(),
            seats,
        }
    }

    /// What can be said now.
    #[must_use]
    pub fn look(&self) -> Outlook {
        let heard = self.peers.all();
        let connected = self.situation.connected();
        let others = self.seats.iter().enumerate();
        let others = others.filter(|(_, seat)| Some(seat.address) != self.own);
        let seats: BTreeMap<usize, Seat> = others
            .map(|(place, seat)| {
                let said = seat.peer.and_then(|peer| heard.get(&peer)).copied();
                let peer = seat.peer.map(|peer| peer.to_string()).unwrap_or_default();
                let is_connected = connected.contains(&seat.address);
                let (name, power) = (seat.name.clone(), seat.power);
                (place, Seat { name, power, peer, is_connected, said })
            })
            .collect();
        let doubled = self.situation.doubled();
        let named = |address: &ValidatorAddress| {
            self.seats.iter().find(|seat| seat.address == *address).map(|seat| seat.name.clone())
        };
        let left = self.begins.as_millis().saturating_sub(self.clock.now().as_millis());
        Outlook {
            role: self.role,
            stance: self.situation.stance(),
            power: self.power,
            seats,
            connected: self.peers.connected(),
            configured: self.configured.len(),
            may_see_quorum: self.may_see_quorum(),
            validity: self.validity,
            highest: self.peers.height().unwrap_or_default(),
            begins: (left > 0).then(|| (self.begins, Duration::from_millis(left))),
            foreign: self.foreign(),
            genesis: self.genesis,
            doubled: doubled
                .iter()
                .filter_map(|(address, height)| Some((named(address)?, *height)))
                .collect(),
            shared: self.named(&self.peers.doubled()),
            twins: self.named(&self.peers.twins()),
        }
    }

    fn named(&self, peers: &[PeerId]) -> Vec<String> {
        peers.iter().map(|peer| self.name(peer)).collect()
    }

    /// A validator's name, another peer's identity.
    fn name(&self, peer: &PeerId) -> String {
        let seat = self.seats.iter().find(|seat| seat.peer == Some(*peer));
        seat.map_or_else(|| format!("peer {peer}"), |seat| seat.name.clone())
    }

    /// Peers of another genesis, by name, and which theirs is.
    fn foreign(&self) -> Vec<(String, Hash)> {
        self.peers.foreign().iter().map(|(peer, hash)| (self.name(peer), *hash)).collect()
    }

    /// Whether validators of another genesis are so many that this node's network cannot decide.
    #[must_use]
    pub fn foreigners_block(&self, validators: &ValidatorSet) -> bool {
        let foreign = self.peers.foreign();
        let foreign = self
            .seats
            .iter()
            .filter(|seat| seat.peer.is_some_and(|peer| foreign.contains_key(&peer)));
        let foreign = foreign.fold(0_u64, |sum, seat| sum.saturating_add(seat.power));
        foreign > 0 && !validators.is_quorum(validators.total_power().saturating_sub(foreign))
    }

    /// Whether those that it is to connect to make a quorum with it.
    fn may_see_quorum(&self) -> bool {
        let is_there = |seat: &&Named| {
            Some(seat.address) == self.own
                || seat.peer.is_some_and(|peer| self.configured.contains(&peer))
        };
        let there = self.seats.iter().filter(is_there).map(|seat| u128::from(seat.power));
        let all: u128 = self.seats.iter().map(|seat| u128::from(seat.power)).sum();
        self.own.is_some() || there.sum::<u128>() * 3 > all * 2
    }
}

/// A validator's number and the name of the member that runs it.
fn name_in(genesis: &Genesis, place: usize) -> String {
    let entry = genesis.validators.get(place);
    let member =
        entry.and_then(|entry| genesis.members.iter().find(|member| member.member == entry.member));
    match member {
        Some(member) => format!("validator {place} ({})", member.name),
        None => format!("validator {place}"),
    }
}

#[cfg(test)]
pub(crate) mod tests;
