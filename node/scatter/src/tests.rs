//! Swarms over loopback: who hears what, in which order, and who is disconnected.

use std::time::Duration;

use bytes::{Bytes, BytesMut};
use futures::{AsyncWriteExt, StreamExt};
use libp2p::multiaddr::Protocol;
use libp2p::swarm::{NetworkBehaviour, SwarmEvent};
use libp2p::{Multiaddr, PeerId, Swarm, SwarmBuilder, noise, tcp, yamux};

use crate::broken::Broken;
use crate::handler::{Handler, PROTOCOL, WAITING_BYTES_MAX};
use crate::message::Message;
use crate::{Behaviour, Config, Event, Topic};

/// No test waits longer for anything.
const DEADLINE: Duration = Duration::from_secs(20);
const MOST: usize = 1024;

fn swarm<B: NetworkBehaviour>(behaviour: B) -> Swarm<B> {
    SwarmBuilder::with_new_identity()
        .with_tokio()
        .with_tcp(tcp::Config::default().nodelay(true), noise::Config::new, yamux::Config::default)
        .expect("the transport is built")
        .with_behaviour(|_| behaviour)
        .unwrap_or_else(|never| match never {})
        .with_swarm_config(|config| config.with_idle_connection_timeout(DEADLINE))
        .build()
}

fn speaker() -> Swarm<Behaviour> {
    swarm(Behaviour::new(Config { max_buf_size: MOST }))
}

/// Lets it listen on loopback; where that is.
async fn listen<B: NetworkBehaviour>(swarm: &mut Swarm<B>) -> Multiaddr {
    swarm.listen_on("/ip4/127.0.0.1/tcp/0".parse().expect("an address")).expect("it listens");
    loop {
        if let SwarmEvent::NewListenAddr { address, .. } = swarm.select_next_some().await {
            return address.with(Protocol::P2p(*swarm.local_peer_id()));
        }
    }
}

/// Drives both until `done` holds for what happened at the first.
async fn drive<A: NetworkBehaviour, B: NetworkBehaviour>(
    first: &mut Swarm<A>,
    second: &mut Swarm<B>,
    mut done: impl FnMut(&mut Swarm<A>, SwarmEvent<A::ToSwarm>) -> bool,
) {
    let driven = async {
        loop {
            tokio::select! {
                event = first.select_next_some() => if done(first, event) { return },
                _ = second.select_next_some() => {}
            }
        }
    };
    tokio::time::timeout(DEADLINE, driven).await.expect("in time");
}

fn wants(event: &SwarmEvent<Event>, topic: Topic) -> bool {
    matches!(*event, SwarmEvent::Behaviour(Event::Subscribed(_, said)) if said == topic)
}

#[tokio::test]
async fn whoever_wants_a_topic_hears_all_of_it_in_order_and_nothing_else() {
    let (wanted, other) = (Topic::new(b"/wanted"), Topic::new(b"/other"));
    let (mut said, mut heard) = (speaker(), speaker());
    heard.behaviour_mut().subscribe(wanted);
    let address = listen(&mut said).await;
    heard.dial(address).expect("it dials");
    drive(&mut said, &mut heard, |_, event| wants(&event, wanted)).await;
    for number in 0_u32..3_000 {
        let message = number.to_le_bytes().repeat(usize::try_from(number % 256).unwrap_or(0) + 1);
        said.behaviour_mut().broadcast(&other, Bytes::from_static(b"unheard"));
        said.behaviour_mut().broadcast(&wanted, message.into());
    }
    let mut next = 0_u32;
    drive(&mut heard, &mut said, |_, event| {
        if let SwarmEvent::Behaviour(event) = event {
            let Event::Received(_, topic, message) = event else { panic!("{event:?}") };
            assert_eq!((topic, message.first_chunk()), (wanted, Some(&next.to_le_bytes())));
            next += 1;
        }
        next == 3_000
    })
    .await;
}

#[tokio::test]
async fn what_a_peer_wants_is_said_again_on_every_connection() {
    let topic = Topic::new(b"/topic");
    let (mut first, mut second) = (speaker(), speaker());
    second.behaviour_mut().subscribe(topic);
    let address = listen(&mut first).await;
    second.dial(address.clone()).expect("it dials");
    drive(&mut first, &mut second, |_, event| wants(&event, topic)).await;
    let at = address.iter().filter(|part| !matches!(part, Protocol::P2p(_))).collect::<Multiaddr>();
    second.dial(at).expect("it dials once more");
    drive(&mut first, &mut second, |_, event| wants(&event, topic)).await;
    let peer: PeerId = *second.local_peer_id();
    first.disconnect_peer_id(peer).expect("it is connected");
    let mut closed = 0;
    drive(&mut first, &mut second, |_, event| {
        closed += u32::from(matches!(event, SwarmEvent::ConnectionClosed { .. }));
        closed == 2
    })
    .await;
    second.dial(address).expect("it dials anew");
    drive(&mut first, &mut second, |_, event| wants(&event, topic)).await;
}

#[tokio::test]
async fn a_peer_that_breaks_the_protocol_is_disconnected() {
    let too_long = u32::try_from(MOST + 1_000).expect("small").to_le_bytes().to_vec();
    for bytes in
        [vec![2, 0, 0, 0, 9, 0], vec![2, 0, 0, 0, 1, 65], vec![3, 0, 0, 0, 0, 0, 7], too_long]
    {
        let (mut judge, mut rogue) = (speaker(), swarm(libp2p_stream::Behaviour::new()));
        let address = listen(&mut judge).await;
        rogue.dial(address).expect("it dials");
        let peer = *judge.local_peer_id();
        let mut control = rogue.behaviour().new_control();
        let writing = tokio::spawn(async move {
            let mut stream = control.open_stream(peer, PROTOCOL).await.expect("it opens");
            stream.write_all(&bytes).await.expect("it is written");
            let _ = stream.flush().await;
            std::future::pending::<()>().await;
        });
        drive(&mut judge, &mut rogue, |_, event| {
            matches!(event, SwarmEvent::ConnectionClosed { num_established: 0, .. })
        })
        .await;
        writing.abort();
    }
}

#[tokio::test]
async fn a_peer_that_takes_nothing_is_given_up_before_memory_is() {
    let mut handler = Handler::new(Config::default());
    let message = Message::Broadcast(Topic::new(b"/t"), Bytes::from(vec![7; 1024 * 1024]));
    for _ in 0..WAITING_BYTES_MAX / (1024 * 1024) + 2 {
        libp2p::swarm::ConnectionHandler::on_behaviour_event(&mut handler, message.clone());
    }
    let told = std::future::poll_fn(|cx| libp2p::swarm::ConnectionHandler::poll(&mut handler, cx));
    let libp2p::swarm::ConnectionHandlerEvent::NotifyBehaviour(Err(Broken::Slow)) = told.await
    else {
        panic!("the connection is of no more use")
    };
}

#[test]
fn frames_are_these_bytes_and_are_read_however_they_arrive() {
    let topic = Topic::new(b"/t");
    let messages = [
        Message::Subscribe(topic),
        Message::Broadcast(topic, Bytes::from_static(b"said")),
        Message::Unsubscribe(Topic::new(&[b'x'; 70])),
    ];
    let frames: Vec<Bytes> = messages.iter().filter_map(Message::frame).collect();
    assert_eq!(frames[0], &[4, 0, 0, 0, 0, 2, b'/', b't'][..]);
    assert_eq!(frames[1], &[8, 0, 0, 0, 1, 2, b'/', b't', b's', b'a', b'i', b'd'][..]);
    assert_eq!(frames[2].len(), 4 + 2 + Topic::MAX_TOPIC_LENGTH);
    let whole = frames.concat();
    for piece in 1..whole.len() {
        let (mut read, mut taken) = (BytesMut::new(), Vec::new());
        for bytes in whole.chunks(piece) {
            read.extend_from_slice(bytes);
            while let Some(message) = Message::take(&mut read, MOST).expect("well formed") {
                taken.push(message);
            }
        }
        assert_eq!(taken.iter().filter_map(Message::frame).collect::<Vec<_>>(), frames);
        assert!(read.is_empty());
    }
}
