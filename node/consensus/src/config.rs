//! What an operator sets, and the network identity that follows from it.

use std::path::PathBuf;
use std::time::Duration;

use ledger_types::{Hash, PublicKey, SigningKey, ValidatorAddress};

use crate::situation::Situation;

/// Everything that consensus needs to know before it starts.
#[derive(Clone, Debug)]
pub struct ConsensusConfig {
    /// The directory of the write-ahead log and of our mark beside it.
    pub home: PathBuf,
    /// The multiaddress to listen on, such as `/ip4/0.0.0.0/tcp/26656`.
    pub listen: String,
    /// The multiaddresses of every other member's node, each ending in `/p2p/<id>`: nobody else
    /// may connect.
    pub peers: Vec<String>,
    /// The network key of every validator, and the address that its votes have.
    pub seats: Vec<(PublicKey, ValidatorAddress)>,
    /// The key that signs votes and proposals; a node without one follows only.
    pub validator_key: Option<SigningKey>,
    /// The seed of the network key (ed25519), from which the peer id follows.
    pub network_key: SigningKey,
    /// The network's identity.
    pub genesis_hash: Hash,
    /// The node's name in logs and metrics.
    pub moniker: String,
    /// How long each step waits.
    pub timeouts: Timeouts,
    /// How votes and proposals travel.
    pub pubsub: PubSub,
    /// How long it takes at least from telling peers this node's tip until a newer one is told.
    pub status_gap: Duration,
    /// Where it is told how consensus stands.
    pub situation: Situation,
}

/// How votes and proposals travel. Every node of a network has the same.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PubSub {
    /// Each node sends to each of its peers, once; nobody passes on.
    #[default]
    Broadcast,
    /// libp2p's gossipsub: to all peers at once, and passed on to whoever is not connected to the
    /// sender.
    GossipSub,
}

/// How long each step of a round waits. Every node should have the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timeouts {
    /// For the proposal and its block, in round 0.
    pub propose: Duration,
    /// For a quorum of prevotes to agree, once a quorum has prevoted, in round 0.
    pub prevote: Duration,
    /// For a quorum of precommits to agree, once a quorum has precommitted, in round 0.
    pub precommit: Duration,
    /// What each further round adds to each of them.
    pub round_delta: Duration,
    /// Between repetitions of the last votes while a height does not move.
    pub rebroadcast: Duration,
    /// The most that any of them grows to.
    pub most: Duration,
}

impl Default for Timeouts {
    /// Short: a dead proposer costs half a second, and then it is passed over.
    fn default() -> Self {
        Self {
            propose: Duration::from_millis(500),
            prevote: Duration::from_millis(200),
            precommit: Duration::from_millis(200),
            round_delta: Duration::from_millis(250),
            rebroadcast: Duration::from_millis(300),
            most: Duration::from_secs(10),
        }
    }
}
