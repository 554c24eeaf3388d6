//! A TCP relay that delays both directions: a wide network between processes of one machine.
//!
//! What arrives leaves so much later, in its order and as fast as it came. Connections themselves
//! are made at once.

use std::io;
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::{Instant, sleep, sleep_until};

/// The most bytes that are taken at a time.
const CHUNK_BYTES: usize = 64 * 1024;
/// How many chunks may be on their way in one direction: what is slower than that is the reader.
const CHUNKS_MAX: usize = 4_096;
/// How long to wait after the system refused a connection.
const REFUSED_PAUSE: Duration = Duration::from_millis(50);

/// The relay; it ends, with all its connections, when it is dropped.
#[derive(Debug)]
pub struct Relay {
    port: u16,
    accepting: JoinHandle<()>,
}

impl Relay {
    /// Starts a relay to a port of this machine, on the runtime that this is called in.
    ///
    /// # Errors
    /// The system has no port.
    pub fn to(port: u16, delay: Duration) -> io::Result<Self> {
        let listener = std::net::TcpListener::bind(("127.0.0.1", 0))?;
        listener.set_nonblocking(true)?;
        let listener = TcpListener::from_std(listener)?;
        let own = listener.local_addr()?.port();
        let accepting = tokio::spawn(accept(listener, port, delay));
        Ok(Self { port: own, accepting })
    }

    /// Where it listens.
    #[must_use]
    pub const fn port(&self) -> u16 {
        self.port
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

async fn accept(listener: TcpListener, port: u16, delay: Duration) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((client, _)) => _ = connections.spawn(pass(client, port, delay)),
                Err(_) => sleep(REFUSED_PAUSE).await,
            },
            // How a connection ended, both its ends know.
            Some(_) = connections.join_next() => {}
        }
    }
}

async fn pass(client: TcpStream, port: u16, delay: Duration) -> io::Result<()> {
    let node = TcpStream::connect(("127.0.0.1", port)).await?;
    client.set_nodelay(true)?;
    node.set_nodelay(true)?;
    let (from_client, to_client) = client.into_split();
    let (from_node, to_node) = node.into_split();
    let mut directions = JoinSet::new();
    directions.spawn(direction(from_client, to_node, delay));
    directions.spawn(direction(from_node, to_client, delay));
    while let Some(ended) = directions.join_next().await {
        // Where one direction breaks, the other is dropped with it.
        ended.map_err(io::Error::other)??;
    }
    Ok(())
}

async fn direction(from: OwnedReadHalf, to: OwnedWriteHalf, delay: Duration) -> io::Result<()> {
    let (sender, receiver) = mpsc::channel(CHUNKS_MAX);
    tokio::try_join!(take(from, sender, delay), give(receiver, to)).map(|_| ())
}

/// A chunk and the instant at which it leaves.
type Due = (Instant, Vec<u8>);

async fn take(
    mut from: OwnedReadHalf,
    queue: mpsc::Sender<Due>,
    delay: Duration,
) -> io::Result<()> {
    let mut buffer = vec![0; CHUNK_BYTES];
    loop {
        let count = from.read(&mut buffer).await?;
        let due = Instant::now() + delay;
        if count == 0 {
            // The end arrives as late as everything else: the queue closes then.
            sleep_until(due).await;
            return Ok(());
        }
        if queue.send((due, buffer[..count].to_vec())).await.is_err() {
            return Ok(());
        }
    }
}

async fn give(mut queue: mpsc::Receiver<Due>, mut to: OwnedWriteHalf) -> io::Result<()> {
    while let Some((due, chunk)) = queue.recv().await {
        sleep_until(due).await;
        to.write_all(&chunk).await?;
    }
    to.shutdown().await
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A server that sends back what it is sent, and a relay before it.
    async fn echo(delay: Duration) -> (Relay, JoinHandle<()>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let port = listener.local_addr().expect("bound").port();
        let server = tokio::spawn(async move {
            while let Ok((mut client, _)) = listener.accept().await {
                let (mut from, mut to) = client.split();
                // A client that is gone ends its copy, whatever the copy says.
                let _ = tokio::io::copy(&mut from, &mut to).await;
            }
        });
        (Relay::to(port, delay).expect("a relay"), server)
    }

    async fn connected(relay: &Relay) -> TcpStream {
        TcpStream::connect(("127.0.0.1", relay.port())).await.expect("the relay listens")
    }

    #[tokio::test]
    async fn a_round_trip_takes_twice_the_delay() {
        let delay = Duration::from_millis(30);
        let (relay, server) = echo(delay).await;
        let mut client = connected(&relay).await;
        for _ in 0..3 {
            let begun = Instant::now();
            client.write_all(b"ping").await.expect("open");
            let mut answer = [0; 4];
            client.read_exact(&mut answer).await.expect("answered");
            assert_eq!(&answer, b"ping");
            assert!(begun.elapsed() >= 2 * delay, "{:?}", begun.elapsed());
        }
        server.abort();
    }

    #[tokio::test]
    async fn much_passes_in_order_without_waiting_for_each_other() {
        let delay = Duration::from_millis(100);
        let (relay, server) = echo(delay).await;
        let (mut from, mut to) = connected(&relay).await.into_split();
        let sent: Vec<u8> = (0..4_000_000_u32).map(|n| n.to_le_bytes()[n as usize % 4]).collect();
        let expected = sent.clone();
        let begun = Instant::now();
        let sending = tokio::spawn(async move { to.write_all(&sent).await });
        let mut received = vec![0; expected.len()];
        from.read_exact(&mut received).await.expect("answered");
        let took = begun.elapsed();
        assert!(received == expected, "other bytes, or in another order");
        // One after the other, its chunks would take more than twelve seconds.
        assert!(took >= 2 * delay && took < Duration::from_secs(6), "{took:?}");
        sending.await.expect("no panic").expect("open");
        server.abort();
    }

    #[tokio::test]
    async fn the_end_of_a_connection_passes() {
        let (relay, server) = echo(Duration::from_millis(1)).await;
        let mut client = connected(&relay).await;
        client.write_all(b"last words").await.expect("open");
        client.shutdown().await.expect("open");
        let mut answer = Vec::new();
        client.read_to_end(&mut answer).await.expect("answered");
        assert_eq!(answer, b"last words");
        server.abort();
    }
}
