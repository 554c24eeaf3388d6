//! The gossip over loopback: who gets through, who does not, and what reaches whom.

#![expect(clippy::wildcard_enum_match_arm, reason = "the library's enums may grow")]

use std::time::Instant;

use bytes::Bytes;
use futures::{AsyncWriteExt as _, StreamExt};
use libp2p::swarm::dial_opts::DialOpts;
use network_clock::Clock;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::mpsc;

use super::behaviour::Swarm;
use super::codec::{self, PROTOCOL};
use super::message::{REQUEST_BYTES_MAX, RESPONSE_BYTES, Request};
use super::*;
use crate::audit_log::{COSIGNATURE_BYTES, VOTES_MAX, Vote};
use crate::mempool::testing::{World, network_seed, world};
use crate::mempool::{Limits, Source};

/// No test waits longer for anything.
const DEADLINE: Duration = Duration::from_secs(20);

/// A node that stops when it is dropped.
struct Running {
    mempool: Arc<Mempool>,
    peers: Arc<Peers>,
    votes: mpsc::Receiver<Vote>,
    cosign: mpsc::Sender<Vote>,
    _stop: watch::Sender<bool>,
}

impl Running {
    /// Where it listens, with its identity.
    fn address(&self, key: &SigningKey) -> String {
        let address = self.peers.listening().expect("it listens");
        format!("{address}/p2p/{}", identity_of(key))
    }

    async fn submit(&self, bundle: Vec<Bytes>) {
        let verdicts = self.mempool.submit(bundle, Source::Client).await;
        assert!(verdicts.iter().all(Result::is_ok), "{verdicts:?}");
    }
}

fn network_key(world: &World, validator: usize) -> SigningKey {
    SigningKey::from_seed(&network_seed(&world.validators[validator]))
}

fn identity_of(key: &SigningKey) -> PeerId {
    peer_id(&key.public_key()).expect("the key is a point")
}

/// Starts a node with this network key that dials `peers`, and waits until it listens.
async fn node(world: &World, key: &SigningKey, peers: Vec<String>) -> Running {
    let observer = observer().public_key();
    let options = Options {
        network_key: key.clone(),
        listen: "/ip4/127.0.0.1/tcp/0".to_owned(),
        peers,
        validators: world.genesis.validators.iter().map(|v| v.network_key).collect(),
        observers: vec![observer],
        genesis: world.genesis_hash,
        situation: Situation::default(),
    };
    let (mempool, outlet) =
        Mempool::start(Limits::default(), world.state(), Clock::real()).expect("threads start");
    let peers = Arc::new(Peers::default());
    let (stop, stopped) = watch::channel(false);
    let (carried, votes, cosign) = carried(outlet);
    tokio::spawn(run(options, Arc::clone(&mempool), carried, Arc::clone(&peers), stopped));
    let running = Running { mempool, peers, votes, cosign, _stop: stop };
    eventually("it listens", || running.peers.listening().is_some()).await;
    running
}

/// What the swarm carries, and the other ends of the cosignatures.
fn carried(outlet: Outlet) -> (Carried, mpsc::Receiver<Vote>, mpsc::Sender<Vote>) {
    let (votes, received) = mpsc::channel(VOTES_MAX);
    let (cosign, outlet_of_votes) = mpsc::channel(VOTES_MAX);
    let cosignatures = Exchange { votes, outlet: outlet_of_votes };
    (Carried { outlet, cosignatures }, received, cosign)
}

fn status(world: &World, height: u64) -> Bytes {
    let height = ledger_types::Height::new(height);
    Request::status(Status { height, votes: true, genesis: world.genesis_hash, process: 1 })
}

fn observer() -> SigningKey {
    SigningKey::from_seed(&[0x77; 32])
}

async fn eventually(what: &str, holds: impl Fn() -> bool) {
    let start = Instant::now();
    while !holds() {
        assert!(start.elapsed() < DEADLINE, "never: {what}");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// A swarm that does as the test says, connected to nobody yet.
fn rogue(key: &SigningKey, whom: PeerId) -> Swarm {
    let identity = identity::Keypair::ed25519_from_bytes(*key.seed()).expect("32 bytes");
    behaviour::swarm(identity, [whom]).expect("the swarm is built")
}

/// Lets a rogue dial and send one frame on a stream; gives the response, where there is one.
async fn send_frame(rogue: &mut Swarm, address: &str, frame: Bytes) -> Option<Bytes> {
    let (peer, address) = target(address).expect("an address");
    if !rogue.is_connected(&peer) {
        rogue.dial(DialOpts::peer_id(peer).addresses(vec![address]).build()).expect("it dials");
    }
    let mut control = rogue.behaviour().streams.new_control();
    let exchange = async {
        let mut stream = control.open_stream(peer, PROTOCOL).await.ok()?;
        codec::write(&mut stream, &frame).await.ok()?;
        stream.flush().await.ok()?;
        codec::read(&mut stream, RESPONSE_BYTES).await.ok()
    };
    let answered = async {
        tokio::select! {
            answer = exchange => answer,
            () = async { loop { rogue.select_next_some().await; } } => None,
        }
    };
    tokio::time::timeout(DEADLINE, answered).await.expect("in time")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn cosignatures_arrive_under_the_name_of_whoever_sent_them() {
    let world = world(1);
    let keys: Vec<SigningKey> = (0..2).map(|n| network_key(&world, n)).collect();
    let first = node(&world, &keys[0], vec![]).await;
    let mut second = node(&world, &keys[1], vec![first.address(&keys[0])]).await;
    eventually("they are connected", || {
        first.peers.connected() == 1 && second.peers.connected() == 1
    })
    .await;
    // Whatever validator it names here, its connection says who it is.
    let vote = Vote { validator: 3, size: 7, cosignature: [9; COSIGNATURE_BYTES] };
    first.cosign.send(vote).await.expect("the swarm runs");
    let received = tokio::time::timeout(DEADLINE, second.votes.recv()).await.expect("in time");
    assert_eq!(received, Some(Vote { validator: 0, ..vote }));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_nodes_with_one_network_key_are_named_to_the_others_and_to_both() {
    let world = world(1);
    let keys: Vec<SigningKey> = (0..2).map(|n| network_key(&world, n)).collect();
    let first = node(&world, &keys[0], vec![]).await;
    let at = vec![first.address(&keys[0])];
    let second = node(&world, &keys[1], at.clone()).await;
    eventually("they are connected", || second.peers.connected() == 1).await;
    assert_eq!((first.peers.doubled(), second.peers.twins()), (vec![], vec![]));
    let copy = node(&world, &keys[1], at).await;
    eventually("the key is named", || first.peers.doubled() == [identity_of(&keys[1])]).await;
    for one in [&second, &copy] {
        eventually("they are told", || one.peers.twins() == [identity_of(&keys[0])]).await;
    }
    assert_eq!(first.peers.twins(), []);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn listed_nodes_exchange_what_their_clients_send() {
    let world = world(120);
    let keys: Vec<SigningKey> = (0..3).map(|n| network_key(&world, n)).collect();
    let first = node(&world, &keys[0], vec![]).await;
    let second = node(&world, &keys[1], vec![first.address(&keys[0])]).await;
    let both = vec![first.address(&keys[0]), second.address(&keys[1])];
    let third = node(&world, &keys[2], both).await;
    let all = [&first, &second, &third];
    eventually("everyone is connected", || all.iter().all(|n| n.peers.connected() == 2)).await;
    for (round, running) in all.iter().enumerate() {
        let citizens = round * 40..(round + 1) * 40;
        running.submit(citizens.map(|citizen| world.signed(citizen, 0)).collect()).await;
        let expected = (round + 1) * 40;
        eventually("all have it", || all.iter().all(|n| n.mempool.len() == expected)).await;
    }
    eventually("heights are known", || all.iter().all(|n| n.peers.height().is_some())).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_relays() {
    let world = world(2);
    let keys: Vec<SigningKey> = (0..3).map(|n| network_key(&world, n)).collect();
    let left = node(&world, &keys[0], vec![]).await;
    let right = node(&world, &keys[2], vec![]).await;
    let ends = vec![left.address(&keys[0]), right.address(&keys[2])];
    let middle = node(&world, &keys[1], ends).await;
    eventually("the middle has both ends", || middle.peers.connected() == 2).await;
    left.submit(vec![world.signed(0, 0)]).await;
    eventually("the middle has it", || middle.mempool.len() == 1).await;
    // Bundles to one validator keep their order: had the first been relayed, it would come first.
    middle.submit(vec![world.signed(1, 0)]).await;
    eventually("the ends have the middle's", || {
        left.mempool.len() == 2 && !right.mempool.is_empty()
    })
    .await;
    assert_eq!(right.mempool.len(), 1);
    assert_eq!(right.mempool.local(usize::MAX).len(), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_connects_later_gets_what_still_waits() {
    let world = world(700);
    let keys: Vec<SigningKey> = (0..2).map(|n| network_key(&world, n)).collect();
    let first = node(&world, &keys[0], vec![]).await;
    first.submit((0..700).map(|citizen| world.signed(citizen, 0)).collect()).await;
    let second = node(&world, &keys[1], vec![first.address(&keys[0])]).await;
    eventually("the second has all", || second.mempool.len() == 700).await;
    drop(second);
    eventually("the second is gone", || first.peers.connected() == 0).await;
    first.submit(vec![world.signed(0, 1)]).await;
    let again = node(&world, &keys[1], vec![first.address(&keys[0])]).await;
    eventually("it has all again", || again.mempool.len() == 701).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_observer_sends_and_is_not_sent_anything() {
    let world = world(3);
    let keys: Vec<SigningKey> = (0..2).map(|n| network_key(&world, n)).collect();
    let first = node(&world, &keys[0], vec![]).await;
    let watching = node(&world, &observer(), vec![first.address(&keys[0])]).await;
    let second = node(&world, &keys[1], vec![first.address(&keys[0])]).await;
    eventually("both are connected", || first.peers.connected() == 2).await;
    first.submit(vec![world.signed(0, 0)]).await;
    eventually("the validator has it", || second.mempool.len() == 1).await;
    watching.submit(vec![world.signed(1, 0)]).await;
    eventually("the observer's arrives", || first.mempool.len() == 2).await;
    assert_eq!(watching.mempool.len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_unlisted_identity_gets_nothing_through() {
    let world = world(2);
    let keys: Vec<SigningKey> = (0..2).map(|n| network_key(&world, n)).collect();
    let first = node(&world, &keys[0], vec![]).await;
    let address = first.address(&keys[0]);
    let stranger = SigningKey::from_seed(&[0x66; 32]);
    let mut stranger = rogue(&stranger, identity_of(&keys[0]));
    for bundle in message::bundles(&[world.signed(0, 0)]) {
        assert_eq!(send_frame(&mut stranger, &address, bundle).await, None);
    }
    let status = status(&world, 9);
    assert_eq!(send_frame(&mut stranger, &address, status).await, None);
    assert_eq!((first.peers.connected(), first.mempool.len()), (0, 0));

    let second = node(&world, &keys[1], vec![address]).await;
    second.submit(vec![world.signed(1, 0)]).await;
    eventually("a listed node is not disturbed", || first.mempool.len() == 1).await;
    assert_eq!(first.peers.ids(), [identity_of(&keys[1])]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn clients_that_never_say_who_they_are_disturb_nobody() {
    let world = world(2);
    let keys: Vec<SigningKey> = (0..2).map(|n| network_key(&world, n)).collect();
    let first = node(&world, &keys[0], vec![]).await;
    let at = first.peers.listening().expect("it listens");
    let port = at.iter().find_map(|part| match part {
        Protocol::Tcp(port) => Some(port),
        _ => None,
    });
    let port = port.expect("it listens on TCP");
    let mut silent = Vec::new();
    for number in 0_u8..30 {
        let mut raw = TcpStream::connect(("127.0.0.1", port)).await.expect("it connects");
        if number % 2 == 0 {
            raw.write_all(&[number; 300]).await.expect("it is written");
        }
        silent.push(raw);
    }
    let second = node(&world, &keys[1], vec![first.address(&keys[0])]).await;
    second.submit(vec![world.signed(1, 0)]).await;
    eventually("a listed node is not disturbed", || first.mempool.len() == 1).await;
    assert_eq!(first.peers.ids(), [identity_of(&keys[1])]);
    let closed = async {
        for raw in &mut silent {
            // A few bytes of the negotiation may come; then the end or a reset.
            let mut bytes = Vec::new();
            let _ = raw.read_to_end(&mut bytes).await;
        }
    };
    tokio::time::timeout(DEADLINE, closed).await.expect("silent clients are closed");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn malformed_and_oversized_frames_shut_their_sender_out() {
    let world = world(2);
    let keys: Vec<SigningKey> = (0..3).map(|n| network_key(&world, n)).collect();
    let frames = [Bytes::from_static(b"\x07nonsense"), Bytes::from(vec![1; REQUEST_BYTES_MAX + 1])];
    for frame in frames {
        let first = node(&world, &keys[0], vec![]).await;
        let address = first.address(&keys[0]);
        let mut bad = rogue(&keys[1], identity_of(&keys[0]));
        let status = status(&world, 3);
        assert!(send_frame(&mut bad, &address, status.clone()).await.is_some());
        assert_eq!(send_frame(&mut bad, &address, frame).await, None);
        eventually("it is cut off", || first.peers.connected() == 0).await;
        for bundle in message::bundles(&[world.signed(0, 0)]) {
            assert_eq!(send_frame(&mut bad, &address, bundle).await, None);
        }
        assert_eq!(first.mempool.len(), 0);

        let other = node(&world, &keys[2], vec![address]).await;
        other.submit(vec![world.signed(1, 0)]).await;
        eventually("others are not disturbed", || first.mempool.len() == 1).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_peer_of_another_genesis_is_named_on_both_sides() {
    let (ours, mut theirs) = (world(2), world(2));
    theirs.genesis_hash = Hash::of(&[b"other"]);
    let keys: Vec<SigningKey> = (0..2).map(|n| network_key(&ours, n)).collect();
    let first = node(&ours, &keys[0], vec![]).await;
    let second = node(&theirs, &keys[1], vec![first.address(&keys[0])]).await;
    eventually("each names the other", || {
        let (one, other) = (first.peers.foreign(), second.peers.foreign());
        one == [(identity_of(&keys[1]), theirs.genesis_hash)].into()
            && other == [(identity_of(&keys[0]), ours.genesis_hash)].into()
    })
    .await;
    assert!(first.peers.all().is_empty() && second.peers.all().is_empty());
}

#[test]
fn an_identity_gives_its_key_back() {
    let key = observer().public_key();
    assert_eq!(peer_id(&key).and_then(|peer| key_of(&peer)), Some(key));
}

#[tokio::test]
async fn options_that_cannot_work_are_named() {
    let world = world(1);
    let start = |listen: &str, peers: Vec<String>| {
        let options = Options {
            network_key: network_key(&world, 0),
            listen: listen.to_owned(),
            peers,
            validators: vec![],
            observers: vec![],
            genesis: world.genesis_hash,
            situation: Situation::default(),
        };
        let (mempool, outlet) =
            Mempool::start(Limits::default(), world.state(), Clock::real()).expect("threads start");
        let (_, stopped) = watch::channel(false);
        run(options, mempool, carried(outlet).0, Arc::new(Peers::default()), stopped)
    };
    let bad = |address: &str| Err(GossipError::BadAddress { address: address.to_owned() });
    let nameless = "/ip4/127.0.0.1/tcp/1".to_owned();
    assert_eq!(start("127.0.0.1:1", vec![]).await, bad("127.0.0.1:1"));
    let listen = "/ip4/127.0.0.1/tcp/0";
    assert_eq!(start(listen, vec![nameless.clone()]).await, bad(&nameless));
}
