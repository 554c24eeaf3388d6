//! A chain in RAM behind the application trait, and nodes that run it on loopback.

pub(crate) mod cluster;
pub(crate) mod forger;
pub(crate) mod raw;
pub(crate) mod relay;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, Instant};

use bytes::Bytes;
use ledger_types::{
    CommitCertificate, Hash, Height, Rotation, Round, SigningKey, Timestamp, Validator,
    ValidatorAddress, ValidatorSet, codec,
};
use node_consensus::{
    Application, ConsensusConfig, ConsensusFault, Fault, NextHeight, Proposed, PubSub, Situation,
    Timeouts, Validity,
};
use tokio::sync::{Notify, watch};
use tokio::task::JoinHandle;

/// How long a test waits for what must happen.
pub(crate) const WITHIN: Duration = Duration::from_secs(60);
/// How long an idle chain waits between blocks here.
pub(crate) const IDLE: Duration = Duration::from_millis(20);

/// A block: its height, the round in which its parent was decided, and whatever fills it.
type ToyBlock = (Height, Round, Vec<u8>);

/// What one node keeps: it outlives the node's process, as a disk does.
pub(crate) struct Toy {
    set: ValidatorSet,
    idle: Duration,
    payload_bytes: usize,
    state: Mutex<State>,
    pub(crate) decided: Notify,
}

struct State {
    rotation: Rotation,
    chain: Vec<(CommitCertificate, Bytes)>,
    bodies: BTreeMap<(Height, Hash), Bytes>,
    judged: BTreeSet<Hash>,
    records: BTreeMap<Height, Vec<(Round, Bytes)>>,
    made: u64,
    /// How often a peer asked for decided blocks.
    asked: u64,
    fails_at: Option<u64>,
}

impl Toy {
    pub(crate) fn new(set: ValidatorSet, idle: Duration, payload_bytes: usize) -> Arc<Self> {
        let state = State {
            rotation: Rotation::default(),
            chain: Vec::new(),
            bodies: BTreeMap::new(),
            judged: BTreeSet::new(),
            records: BTreeMap::new(),
            made: 0,
            asked: 0,
            fails_at: None,
        };
        let state = Mutex::new(state);
        Arc::new(Self { set, idle, payload_bytes, state, decided: Notify::new() })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("no test panics while it holds the lock")
    }

    pub(crate) fn height(&self) -> u64 {
        self.state().chain.len() as u64
    }

    pub(crate) fn asked(&self) -> u64 {
        self.state().asked
    }

    pub(crate) fn chain(&self) -> Vec<(CommitCertificate, Bytes)> {
        self.state().chain.clone()
    }

    /// Whether a block reached the application as a live proposal: it was asked to judge it.
    pub(crate) fn has_judged(&self, hash: &Hash) -> bool {
        self.state().judged.contains(hash)
    }

    fn keep_if_valid(&self, height: Height, hash: Hash, bytes: Bytes) -> Validity {
        let validity = judge(&bytes, height, hash);
        if validity == Validity::Valid {
            self.state().bodies.insert((height, hash), bytes);
        }
        validity
    }

    /// The same member, with nothing on its disk.
    pub(crate) fn empty(&self) -> Arc<Self> {
        Self::new(self.set.clone(), self.idle, self.payload_bytes)
    }

    /// The same member with the disk that it had at a height.
    pub(crate) async fn as_of(&self, height: u64) -> Arc<Self> {
        let older = self.empty();
        let kept = self.chain().into_iter().zip(0..height);
        for ((certificate, bytes), _) in kept {
            older.state().bodies.insert((certificate.height, certificate.block), bytes);
            older.decided(certificate).await.expect("it was decided before");
        }
        older
    }

    /// Makes the commit of a height fail.
    pub(crate) fn fail_at(&self, height: u64) {
        self.state().fails_at = Some(height);
    }

    /// Waits until a proposal for `height` is on record.
    pub(crate) async fn has_record_of(&self, height: u64) {
        until("a proposal is on record", || !self.proposals(Height::new(height)).is_empty()).await;
    }

    /// However often a node restarted, it proposed one block for each round.
    pub(crate) fn assert_one_block_per_round(&self, height: u64) {
        let mut rounds: Vec<_> =
            self.proposals(Height::new(height)).into_iter().map(|(round, _)| round).collect();
        let proposals = rounds.len();
        rounds.dedup();
        assert_eq!(rounds.len(), proposals, "a round has two proposals");
    }

    /// Waits until the chain has `height` blocks.
    pub(crate) async fn reaches(&self, height: u64, within: Duration) {
        let deadline = Instant::now() + within;
        while self.height() < height {
            let left = deadline.saturating_duration_since(Instant::now());
            let tip = self.height();
            assert!(!left.is_zero(), "the chain is at {tip}, not yet at {height}");
            let _ =
                tokio::time::timeout(left.min(Duration::from_millis(50)), self.decided.notified())
                    .await;
        }
    }
}

/// Waits until something holds.
pub(crate) async fn until(what: &str, holds: impl Fn() -> bool) {
    let deadline = Instant::now() + WITHIN;
    while !holds() {
        assert!(Instant::now() < deadline, "{what}, in vain");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

fn index(height: Height) -> usize {
    usize::try_from(height.get()).expect("a toy chain is short")
}

fn hash_of(bytes: &[u8]) -> Hash {
    Hash::of(&[b"toy", bytes])
}

/// A block and its hash.
pub(crate) fn toy_block(height: Height, parent_round: Round, payload: Vec<u8>) -> (Hash, Bytes) {
    let block: ToyBlock = (height, parent_round, payload);
    let bytes = Bytes::from(codec::encode(&block));
    (hash_of(&bytes), bytes)
}

fn judge(bytes: &Bytes, height: Height, hash: Hash) -> Validity {
    match codec::decode::<ToyBlock>(bytes, 4 * 1024 * 1024) {
        Ok((number, ..)) if number == height && hash_of(bytes) == hash => Validity::Valid,
        _ => Validity::NotTheBlock { reason: "not the toy block".to_owned() },
    }
}

impl Application for Toy {
    fn next(&self) -> NextHeight {
        let state = self.state();
        let height = Height::new(state.chain.len() as u64 + 1);
        NextHeight { height, validators: self.set.clone(), rotation: state.rotation.clone() }
    }

    async fn propose(&self, height: Height, _: Duration) -> Result<Proposed, Fault> {
        let mut state = self.state();
        state.made += 1;
        let round = state.chain.last().map_or(Round::new(0), |(parent, _)| parent.round);
        let mut payload = vec![0; self.payload_bytes.max(8)];
        payload[..8].copy_from_slice(&state.made.to_le_bytes());
        let (hash, bytes) = toy_block(height, round, payload);
        state.bodies.insert((height, hash), bytes.clone());
        Ok(Proposed { hash, bytes })
    }

    async fn check(&self, height: Height, hash: Hash, bytes: Bytes) -> Result<Validity, Fault> {
        self.state().judged.insert(hash);
        Ok(self.keep_if_valid(height, hash, bytes))
    }

    async fn check_synced(
        &self,
        certificate: CommitCertificate,
        bytes: Bytes,
    ) -> Result<Validity, Fault> {
        Ok(self.keep_if_valid(certificate.height, certificate.block, bytes))
    }

    fn body(&self, height: Height, hash: Hash) -> Option<Bytes> {
        self.state().bodies.get(&(height, hash)).cloned()
    }

    fn record_proposal(&self, height: Height, round: Round, record: Bytes) -> Result<(), Fault> {
        let mut state = self.state();
        let records = state.records.entry(height).or_default();
        if !records.contains(&(round, record.clone())) {
            records.push((round, record));
        }
        Ok(())
    }

    fn proposals(&self, height: Height) -> Vec<(Round, Bytes)> {
        self.state().records.get(&height).cloned().unwrap_or_default()
    }

    async fn decided(&self, certificate: CommitCertificate) -> Result<(), Fault> {
        let mut state = self.state();
        if state.fails_at.is_some_and(|height| certificate.height.get() >= height) {
            return Err(Fault::lasting("the disk is gone"));
        }
        let (height, number) = (certificate.height, index(certificate.height));
        if number <= state.chain.len() {
            return Ok(());
        }
        assert_eq!(number, state.chain.len() + 1, "heights are decided in order");
        let missing = || Fault::lasting("a decided block has no body");
        let bytes = state.bodies.get(&(height, certificate.block)).ok_or_else(missing)?.clone();
        let (_, parent_round, _): ToyBlock =
            codec::decode(&bytes, 4 * 1024 * 1024).map_err(Fault::lasting)?;
        if let Some(parent) = height.previous().filter(|parent| parent.get() > 0) {
            // Time is a second a height here.
            let time = Timestamp::from_millis(1000 * height.get());
            state.rotation = state.rotation.after(&self.set, parent, parent_round, time);
        }
        state.records.remove(&height);
        state.chain.push((certificate, bytes));
        drop(state);
        self.decided.notify_waiters();
        Ok(())
    }

    fn begins(&self, _: Height) {}

    async fn pace(&self, _: Height) {
        tokio::time::sleep(self.idle).await;
    }

    fn history(&self, from: Height, to: Height, most: usize) -> Vec<(CommitCertificate, Bytes)> {
        let mut state = self.state();
        state.asked += 1;
        let first = index(from).saturating_sub(1);
        let count = (index(to) + 1).saturating_sub(index(from));
        let mut left = most;
        let mut blocks = Vec::new();
        for (certificate, bytes) in state.chain.iter().skip(first).take(count) {
            if bytes.len() > left && !blocks.is_empty() {
                break;
            }
            left = left.saturating_sub(bytes.len());
            blocks.push((certificate.clone(), bytes.clone()));
        }
        blocks
    }

    fn earliest(&self) -> Height {
        Height::new(1)
    }
}

/// The members of a network on loopback.
pub(crate) struct Network {
    pub(crate) genesis: Hash,
    pub(crate) set: ValidatorSet,
    keys: Vec<SigningKey>,
    addresses: Vec<String>,
    name: String,
    pub(crate) pubsub: PubSub,
}

/// A node that runs.
pub(crate) struct Running {
    stop: watch::Sender<bool>,
    task: JoinHandle<Result<(), ConsensusFault>>,
}

impl Running {
    /// Stops it and waits until it has.
    pub(crate) async fn stop(self) -> Result<(), ConsensusFault> {
        self.stop.send_replace(true);
        self.task.await.expect("consensus does not panic")
    }

    /// Waits until it stops by itself.
    pub(crate) async fn ends(self, within: Duration) -> Result<(), ConsensusFault> {
        let ended = tokio::time::timeout(within, self.task).await;
        ended.expect("consensus stops by itself").expect("consensus does not panic")
    }
}

fn seed(name: &str, what: &str, index: usize) -> [u8; 32] {
    *Hash::of(&[name.as_bytes(), what.as_bytes(), &index.to_le_bytes()]).as_bytes()
}

impl Network {
    /// A network of `count` validators of equal power; `name` makes its keys.
    pub(crate) fn new(name: &str, count: usize) -> Self {
        let keys: Vec<_> =
            (0..count).map(|index| SigningKey::from_seed(&seed(name, "vote", index))).collect();
        let validators =
            keys.iter().map(|key| Validator { key: key.public_key(), power: 10 }).collect();
        let set = ValidatorSet::new(validators).expect("a sound set");
        let listeners: Vec<_> = (0..count)
            .map(|_| std::net::TcpListener::bind("127.0.0.1:0").expect("a free port"))
            .collect();
        let address = |listener: &std::net::TcpListener| {
            let port = listener.local_addr().expect("bound").port();
            format!("/ip4/127.0.0.1/tcp/{port}")
        };
        let addresses = listeners.iter().map(address).collect();
        let genesis = Hash::of(&[b"toy genesis", name.as_bytes()]);
        let pubsub = PubSub::default();
        Self { genesis, set, keys, addresses, name: name.to_owned(), pubsub }
    }

    pub(crate) fn toy(&self, idle: Duration, payload_bytes: usize) -> Arc<Toy> {
        Toy::new(self.set.clone(), idle, payload_bytes)
    }

    pub(crate) fn config(&self, index: usize, home: &Path) -> ConsensusConfig {
        let others = (0..self.keys.len()).filter(|other| *other != index);
        ConsensusConfig {
            home: home.to_owned(),
            listen: self.addresses[index].clone(),
            peers: others.map(|other| self.address_of_node(other)).collect(),
            seats: (0..self.keys.len())
                .map(|index| (self.network_key(index).public_key(), self.address(index)))
                .collect(),
            validator_key: Some(self.keys[index].clone()),
            network_key: self.network_key(index),
            genesis_hash: self.genesis,
            moniker: format!("{}-{index}", self.name),
            timeouts: Timeouts::default(),
            pubsub: self.pubsub,
            status_gap: Duration::ZERO,
            situation: Situation::default(),
        }
    }

    /// A validator's key.
    pub(crate) fn key(&self, index: usize) -> &SigningKey {
        &self.keys[index]
    }

    /// A validator's address.
    pub(crate) fn address(&self, index: usize) -> ValidatorAddress {
        ValidatorAddress::of(&self.keys[index].public_key())
    }

    /// Whose turn the first round of the first height is.
    pub(crate) fn first_proposer(&self) -> usize {
        let proposer =
            Rotation::default().proposer(&self.set, Height::new(1), Round::new(0)).expect("a set");
        let indices = 0..self.keys.len();
        indices.into_iter().find(|index| self.address(*index) == proposer).expect("a member")
    }

    /// Where a node listens, with its id.
    pub(crate) fn address_of_node(&self, index: usize) -> String {
        let id = node_consensus::peer_id(&self.network_key(index).public_key());
        format!("{}/p2p/{id}", self.addresses[index])
    }

    /// The port on which a node listens.
    pub(crate) fn port(&self, index: usize) -> u16 {
        let (_, port) = self.addresses[index].rsplit_once('/').expect("a port");
        port.parse().expect("a port")
    }

    /// A node's network key.
    pub(crate) fn network_key(&self, index: usize) -> SigningKey {
        SigningKey::from_seed(&seed(&self.name, "network", index))
    }

    /// Starts a node.
    pub(crate) fn start(&self, index: usize, home: &Path, toy: &Arc<Toy>) -> Running {
        self.start_with(self.config(index, home), toy)
    }

    /// Starts a node with a configuration of its own.
    pub(crate) fn start_with(&self, config: ConsensusConfig, toy: &Arc<Toy>) -> Running {
        let (stop, stopped) = watch::channel(false);
        let task = tokio::spawn(node_consensus::run(config, Arc::clone(toy), stopped));
        Running { stop, task }
    }
}
