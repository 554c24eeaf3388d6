//! The node and its network in one look.

use ledger_types::lab::LabRateError;
use ledger_types::{Hash, Height, Lab, LabRate, PublicKey};
use network_clock::LabTime;

use crate::form::body;
use crate::text::schema;
use crate::time::Time;

body! {
    /// What a client must know before it signs anything, and how far the node is.
    pub struct StatusBody {
        /// The network: the first 8 hexadecimal digits of the genesis hash.
        #[schema(pattern = "^[0-9a-f]{8}$")]
        network: String,
        /// The genesis hash: part of everything that is signed.
        genesis_hash: Hash as schema::Hex32,
        /// The prefix of addresses.
        #[schema(example = "aizu")]
        address_prefix: String,
        /// The node's software version.
        version: String,
        /// The height of the last block.
        height: Height as u64,
        /// Its header's hash.
        header_hash: Hash as schema::Hex32,
        /// Its time.
        time: Time as schema::Instant,
        /// Root of the state after it.
        state_root: Hash as schema::Hex32,
        /// How many entries the audit log has.
        audit_log_size: u64,
        /// Root of the audit log.
        audit_log_root: Hash as schema::Hex32,
        /// How many validators there are.
        validators: u32,
        /// How many transactions wait on this node.
        waiting: u64,
        /// Δ: how long a consent decision may be relied on, in milliseconds.
        decision_validity_ms: u64,
        /// How long what a counter gives for somebody waits before it begins, in milliseconds.
        counter_delay_ms: u64,
        /// Keys of genesis that sign directories of public names; no such member where there are none.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        directory_keys: Vec<PublicKey> as Vec<schema::Key>,
        /// How time runs, in a lab network alone; elsewhere there is no such member.
        #[schema(nullable = false)]
        lab?: LabBody,
        /// The node itself: what it is, who is here, and what it waits for.
        #[schema(nullable = false)]
        node?: NodeBody,
    }

    /// What a node says of itself, and of the validators as it sees them.
    pub struct NodeBody {
        /// `validator`, `observer`, or `mute validator`: one of genesis without its keys.
        #[schema(example = "validator")]
        role: String,
        /// Its place among the validators of genesis.
        #[schema(nullable = false)]
        validator?: u32,
        /// What it does in consensus: `starting`, `observing`, `asking` (where the others are, before
        /// it votes again), `beginning` (it has no block: the network begins, or its disk is new),
        /// `following` (it has no memory of its votes) or `voting`.
        #[schema(example = "voting")]
        stance: String,
        /// Whether it is of use; the same as `/readyz` says.
        ready: bool,
        /// What it waits for, each with what to do; empty where it is of use.
        waits_for: Vec<String>,
        /// What is to be known although it is of use.
        warnings: Vec<String>,
        /// The other validators.
        peers: Vec<PeerBody>,
    }

    /// Another validator, as a node sees it.
    pub struct PeerBody {
        /// Its place among the validators of genesis.
        validator: u32,
        /// Its number and the name of the member that runs it.
        name: String,
        /// The identity of its node.
        peer: String,
        /// Whether it is connected for consensus.
        connected: bool,
        /// Whether it said something of late.
        answers: bool,
        /// Whether it says that it votes.
        votes: bool,
        /// The height of its tip, where it said it.
        #[schema(nullable = false)]
        height?: Height as u64,
    }

    /// A lab network: its time is `genesis_time` + (real time − `start`) × `rate`.
    #[serde(deny_unknown_fields)]
    pub struct LabBody {
        /// How many seconds pass in the network while one passes outside.
        #[schema(minimum = 2, maximum = 10_000)]
        rate: u32,
        /// The real time at which the network's time is that of genesis.
        start: Time as schema::Instant,
        /// The time of genesis.
        genesis_time: Time as schema::Instant,
    }
}

impl From<LabTime> for LabBody {
    fn from(LabTime { genesis_time, lab }: LabTime) -> Self {
        let Lab { rate, start } = lab;
        Self { rate: rate.get(), start: start.into(), genesis_time: genesis_time.into() }
    }
}

impl TryFrom<&LabBody> for LabTime {
    type Error = LabRateError;

    fn try_from(body: &LabBody) -> Result<Self, LabRateError> {
        let rate = LabRate::try_from(body.rate)?;
        let lab = Lab { rate, start: body.start.get() };
        Ok(Self { genesis_time: body.genesis_time.get(), lab })
    }
}

body! {
    /// The answer of `/healthz` and, when it is ready, of `/readyz`.
    pub struct Health {
        /// `ok`.
        status: String,
        /// The height of the last block.
        height: Height as u64,
    }
}
