//! Whoever has no key at all, on the port of the API: bodies that are none, too large or never come
//! to an end, headers without end, waits and streams that are held.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use bytes_of::{bytes, lying_frames, nested};
use ledger_types::Height;
use node_api::{BULK_BYTES_MAX, BULK_TRANSACTIONS_MAX, JSON_BYTES_MAX, OCTET_STREAM, path};
use reqwest::RequestBuilder;
use tokio::io::AsyncWriteExt as _;
use tokio::net::{TcpSocket, TcpStream};

use crate::foe::{Deeds, Foe, Law};

/// From where connections are held open.
const ADDRESS: IpAddr = IpAddr::V4(Ipv4Addr::new(127, 0, 2, 1));
/// How many connections are held open, over all nodes.
const HELD: usize = 512;
/// How much of a body comes before nothing more does.
const STALLED_BYTES: usize = 256 * 1024;

/// Attacks until the time is over.
pub(crate) async fn attack(mut foe: Foe) -> anyhow::Result<Deeds> {
    let mut held: Vec<TcpStream> = Vec::new();
    while let Some(turn) = foe.turn().await {
        if turn % 2 == 0 {
            let what = requests(&foe, turn / 2);
            let name = format!("request {}", turn / 2 % KINDS);
            foe.ask(what, &name, Law::Forbidden).await;
            continue;
        }
        if held.len() == HELD {
            let mut oldest = held.remove(0);
            // One byte more, and then it is let go.
            let _ = oldest.write_all(b" ").await;
        }
        match hold(&foe.url(0), turn / 2).await {
            Some(stream) => held.push(stream),
            None => foe.deeds.cut_off += 1,
        }
        foe.deeds.requests += 1;
    }
    Ok(foe.deeds)
}

/// How many kinds of requests there are.
const KINDS: usize = 14;

/// Requests of which none is answered as it wishes.
fn requests(foe: &Foe, turn: usize) -> RequestBuilder {
    let url = foe.url(0);
    let (submit, bulk) =
        (format!("{url}{}", path::submit()), format!("{url}{}", path::submit_bulk()));
    let post = |url: &str, media: &str, body: Vec<u8>| {
        foe.http().post(url).header("content-type", media.to_owned()).body(body)
    };
    let json = "application/json";
    match turn % KINDS {
        0 => post(&submit, json, b"{".to_vec()),
        1 => post(&submit, json, nested(JSON_BYTES_MAX)),
        2 => post(&submit, json, bytes(JSON_BYTES_MAX + 1)),
        3 => post(&submit, OCTET_STREAM, bytes(600)),
        4 => post(&submit, OCTET_STREAM, bytes(64 * 1024 + 1)),
        5 => post(&submit, "text/html", bytes(600)),
        6 => post(&bulk, OCTET_STREAM, lying_frames()),
        7 => post(&bulk, OCTET_STREAM, vec![0; 4 * (BULK_TRANSACTIONS_MAX + 1)]),
        8 => post(&bulk, OCTET_STREAM, bytes(BULK_BYTES_MAX + 1)),
        9 => post(&format!("{submit}?wait_ms=99999999"), OCTET_STREAM, bytes(600)),
        10 => foe.http().get(format!("{url}{}", path::account(&"a".repeat(8_000)))),
        11 => foe.http().get(format!("{url}{}9999999999", path::block(Height::new(u64::MAX)))),
        12 => foe.http().get(&url).header("x-long", "a".repeat(100 * 1024)),
        _ => foe.http().delete(&submit),
    }
}

/// A connection that says something and then waits: for a body, for headers, or for nothing.
async fn hold(url: &str, turn: usize) -> Option<TcpStream> {
    let address: SocketAddr = url.trim_start_matches("http://").parse().ok()?;
    let socket = TcpSocket::new_v4().ok()?;
    socket.bind(SocketAddr::new(ADDRESS, 0)).ok()?;
    let mut stream = socket.connect(address).await.ok()?;
    let (submit, bulk, events) = (path::submit(), path::submit_bulk(), path::events());
    let head = |path: &path::Path, length: usize, media: &str| {
        format!(
            "POST {path} HTTP/1.1\r\nhost: {address}\r\ncontent-type: {media}\r\n\
             content-length: {length}\r\n\r\n"
        )
    };
    let (said, body) = match turn % 5 {
        0 => (head(&bulk, BULK_BYTES_MAX, OCTET_STREAM), STALLED_BYTES),
        1 => (head(&submit, JSON_BYTES_MAX, "application/json"), JSON_BYTES_MAX - 1),
        2 => (format!("GET {events} HTTP/1.1\r\nhost: {address}\r\n\r\n"), 0),
        3 => (format!("GET / HTTP/1.1\r\nhost: {address}\r\nx-slow: "), 0),
        _ => ("\u{16}\u{3}\u{1} no HTTP".to_owned(), 0),
    };
    stream.write_all(said.as_bytes()).await.ok()?;
    stream.write_all(&vec![b' '; body]).await.ok()?;
    Some(stream)
}

/// Bodies.
mod bytes_of {
    /// So many that say nothing.
    pub(super) fn bytes(count: usize) -> Vec<u8> {
        vec![0x5a; count]
    }

    /// Lists in lists, as deep as fits.
    pub(super) fn nested(count: usize) -> Vec<u8> {
        vec![b'['; count]
    }

    /// A frame that says to be longer than what is there.
    pub(super) fn lying_frames() -> Vec<u8> {
        let mut body = u32::MAX.to_le_bytes().to_vec();
        body.extend(bytes(64 * 1024));
        body
    }
}
