//! Event streams and the real listener: resumption, blocks that were missed, limits, the drain.

use std::time::Duration;

use axum::body::Body;
use axum::http::Request;
use http_body_util::BodyExt as _;
use ledger_types::Height;
use node_api::body::BlockEvent;
use node_api::head::{HEAD_BYTES_MAX, HEAD_BYTES_READ};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use super::World;
use super::world::{Asked, transfer};
use crate::api::serve;

/// An open stream of events.
struct Stream {
    body: Body,
    text: String,
}

impl Stream {
    async fn open(world: &World, last: Option<&str>) -> Self {
        let mut request = Request::get("/v1/events");
        if let Some(last) = last {
            request = request.header("last-event-id", last);
        }
        let response = world.ask(request.body(Body::empty()).unwrap()).await;
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        Self { body: response.into_body(), text: String::new() }
    }

    /// The next event, or `None` where the stream ends.
    async fn next(&mut self) -> Option<BlockEvent> {
        loop {
            if let Some((event, rest)) = self.text.split_once("\n\n") {
                let lines: Vec<&str> = event.lines().collect();
                let data = lines.iter().find_map(|line| line.strip_prefix("data: "));
                let event: Option<BlockEvent> =
                    data.map(|data| serde_json::from_str(data).unwrap());
                if let Some(event) = &event {
                    assert!(lines.contains(&"event: block"));
                    assert!(lines.contains(&&*format!("id: {}", event.height)));
                }
                self.text = rest.to_owned();
                if event.is_some() {
                    return event;
                }
                continue;
            }
            let frame = tokio::time::timeout(Duration::from_secs(20), self.body.frame()).await;
            let data = frame.expect("an event in time")?.unwrap().into_data().unwrap();
            self.text.push_str(core::str::from_utf8(&data).unwrap());
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn events_come_once_a_block_and_resume_where_they_ended() {
    let mut world = World::new();
    world.settle(&[world.transaction("alice", 0, vec![transfer("bob", 1)])]).await;
    let mut live = Stream::open(&world, None).await;
    let rejected = world.transaction("alice", 1, vec![transfer("bob", 99_999)]);
    world.settle(&[rejected, world.transaction("bob", 0, vec![transfer("alice", 1)])]).await;
    world.commit();
    let (second, third) = (live.next().await.unwrap(), live.next().await.unwrap());
    assert_eq!((second.height.get(), third.height.get()), (2, 3));
    assert_eq!((second.transactions, second.committed, second.rejected), (2, 1, 1));
    assert_eq!((third.transactions, third.hash), (0, world.chain.tip().hash));
    let mut resumed = Stream::open(&world, Some("0")).await;
    let all = [resumed.next().await, resumed.next().await, resumed.next().await];
    let heights: Vec<u64> = all.iter().flatten().map(|event| event.height.get()).collect();
    assert_eq!(heights, [1, 2, 3]);
    assert_eq!(all[1].as_ref(), Some(&second));
    world.shutdown.send(true).unwrap();
    assert_eq!(resumed.next().await, None);
    assert_eq!(live.next().await, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_that_resumes_before_the_feed_reads_the_store() {
    let mut world = World::new();
    world.settle(&[world.transaction("alice", 0, vec![transfer("bob", 1)])]).await;
    let expected = world.query.feed().event(Height::new(1)).unwrap();
    let feed = crate::query::Feed::new(world.chain.tip().height);
    let (state, store) = (world.chain.state().clone(), world.chain.store().clone());
    let query = crate::query::Query::new(state, store, feed);
    assert_eq!(query.feed().event(Height::new(1)), None);
    assert_eq!(query.event(Height::new(1)).unwrap(), Some(expected));
    let again = query.receipts(Height::new(1)).unwrap();
    assert_eq!(again, world.query.receipts(Height::new(1)).unwrap());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_feed_fills_in_blocks_that_it_missed() {
    let world = World::new();
    let (sender, receiver) = tokio::sync::broadcast::channel(1);
    let mut committed = world.chain.subscribe();
    let mut events = Stream::open(&world, None).await;
    for nonce in 0..4 {
        let transaction = world.transaction("alice", nonce, vec![transfer("bob", 1)]);
        let octets = ledger_types::codec::encode(&transaction);
        world.post("/v1/transactions", node_api::OCTET_STREAM, &octets).await.expect_status(202);
        world.commit_unfed();
        sender.send(committed.try_recv().unwrap()).unwrap();
    }
    let (stop, stops) = tokio::sync::watch::channel(false);
    let following = tokio::spawn(world.query.clone().follow(receiver, stops));
    for height in 1..=4 {
        let event = events.next().await.unwrap();
        assert_eq!((event.height.get(), event.committed), (height, 1));
    }
    stop.send(true).unwrap();
    following.await.unwrap().unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn streams_are_bounded_and_their_start_is_checked() {
    let world = World::new();
    let bad = Request::get("/v1/events").header("last-event-id", "latest");
    assert_eq!(world.ask(bad.body(Body::empty()).unwrap()).await.status(), 400);
    let past = Request::get("/v1/events").header("last-event-id", "1");
    let past = world.ask(past.body(Body::empty()).unwrap()).await;
    Asked::of(past).await.expect_problem(6203);
    let mut open = Vec::new();
    loop {
        let response = world.ask(Request::get("/v1/events").body(Body::empty()).unwrap()).await;
        if response.status() == 503 {
            break;
        }
        open.push(response);
        assert!(open.len() <= 256);
    }
    open.pop();
    let response = world.ask(Request::get("/v1/events").body(Body::empty()).unwrap()).await;
    assert_eq!(response.status(), 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_listener_serves_and_drains() {
    let world = World::new();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stops) = tokio::sync::watch::channel(false);
    let serving = tokio::spawn(serve(listener, None, world.router.clone(), stops));
    let mut stream = TcpStream::connect(address).await.unwrap();
    for path in ["/healthz", "/v1/nothing"] {
        let request = format!("GET {path} HTTP/1.1\r\nhost: {address}\r\n\r\n");
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut bytes = vec![0; 4096];
        let read = tokio::time::timeout(Duration::from_secs(20), stream.read(&mut bytes)).await;
        let text = String::from_utf8_lossy(&bytes[..read.unwrap().unwrap()]).into_owned();
        let expected = if path == "/healthz" { "HTTP/1.1 200" } else { "HTTP/1.1 404" };
        assert!(text.starts_with(expected), "{text}");
    }
    stop.send(true).unwrap();
    let drained = tokio::time::timeout(Duration::from_secs(20), serving).await;
    drained.unwrap().unwrap().unwrap();
    assert!(TcpStream::connect(address).await.is_err());
}

/// What a listener answers to bytes on a connection of its own, until it closes.
async fn raw(address: std::net::SocketAddr, request: &[u8]) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(request).await.unwrap();
    let mut bytes = Vec::new();
    let read = tokio::time::timeout(Duration::from_secs(20), stream.read_to_end(&mut bytes)).await;
    // Where the listener closes with bytes unread, the end of its answer may be a reset.
    let _ = read.expect("an answer in time");
    String::from_utf8_lossy(&bytes).into_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_names_its_host_once_and_its_head_has_the_size_that_the_limit_says() {
    let world = World::new();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stops) = tokio::sync::watch::channel(false);
    let serving = tokio::spawn(serve(listener, None, world.router.clone(), stops));
    let head = |version: &str, fields: &str| {
        format!("GET /healthz {version}\r\nconnection: close\r\n{fields}\r\n")
    };
    for (version, fields, status, code) in [
        ("HTTP/1.1", "host: n\r\n", 200, None),
        ("HTTP/1.0", "", 200, None),
        ("HTTP/1.1", "", 400, Some(6014)),
        ("HTTP/1.1", "host: n\r\nhost: n\r\n", 400, Some(6014)),
        ("HTTP/1.0", "host: n\r\nHost: m\r\n", 400, Some(6014)),
        ("HTTP/1.1", "host: a b\r\n", 400, Some(6014)),
    ] {
        let answer = raw(address, head(version, fields).as_bytes()).await;
        assert!(answer.contains(&format!(" {status} ")), "{fields:?}: {answer}");
        if let Some(code) = code {
            assert!(answer.contains("application/problem+json"), "{answer}");
            assert!(answer.contains(&format!("\"code\":{code}")), "{answer}");
        }
    }
    let padded = |length: usize| {
        let rest = head("HTTP/1.1", "host: n\r\na: \r\n").len();
        head("HTTP/1.1", &format!("host: n\r\na: {}\r\n", "x".repeat(length - rest)))
    };
    let fits = raw(address, padded(HEAD_BYTES_MAX).as_bytes()).await;
    assert!(fits.starts_with("HTTP/1.1 200"), "{fits}");
    let larger = raw(address, padded(HEAD_BYTES_MAX + 1).as_bytes()).await;
    assert!(larger.starts_with("HTTP/1.1 431") && larger.contains("\"code\":6012"), "{larger}");
    let far = raw(address, padded(HEAD_BYTES_READ + 1).as_bytes()).await;
    assert!(far.starts_with("HTTP/1.1 431"), "{far}");
    stop.send(true).unwrap();
    serving.await.unwrap().unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_must_be_signed_says_how() {
    let world = World::new();
    let path = format!("/v1/accounts/{}", world.address("alice"));
    let asked = world.get(&path).await;
    asked.expect_problem(6101);
    assert_eq!(asked.headers["www-authenticate"], node_api::signature::CHALLENGE);
    let asked = world.get("/v1/nothing").await;
    assert!(!asked.headers.contains_key("www-authenticate"));
}
