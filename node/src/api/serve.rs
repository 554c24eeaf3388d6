//! The listener: HTTP/1.1, bounded connections, slow headers cut off, a drain at the end.
//!
//! Over TLS where the listener is given a certificate, in the clear otherwise: signed reads carry
//! their own proof, but what is answered can be read on the way.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{ConnectInfo, Request};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use node_api::head::HEAD_BYTES_READ;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;
use tower::ServiceExt as _;

use super::Tls;
use super::limits::Shares;

/// How many connections may be open.
const CONNECTIONS_MAX: usize = 2_048;
/// How many of them may be one peer's; more than a proxy in front of the node needs.
const CONNECTIONS_OF_PEER_MAX: usize = 1_024;
/// How long the headers of a request may take to arrive, in seconds.
const HEADER_SECONDS_MAX: u64 = 30;
/// How long open requests may take once the node stops, in seconds.
const DRAIN_SECONDS_MAX: u64 = 5;
/// How long to wait after the system refused a connection, in milliseconds.
const REFUSED_PAUSE_MS: u64 = 50;

/// Serves until `shutdown` turns true, then lets open requests finish; over TLS where that is given.
///
/// # Errors
/// The operating system's, where the listener has no address.
pub async fn serve(
    listener: TcpListener,
    tls: Option<Tls>,
    router: Router,
    mut shutdown: watch::Receiver<bool>,
) -> Result<(), io::Error> {
    tracing::info!(address = %listener.local_addr()?, tls = tls.is_some(), "serving requests");
    let connections = Arc::new(Semaphore::new(CONNECTIONS_MAX));
    let of_peer = Shares::new(CONNECTIONS_OF_PEER_MAX);
    let mut tasks = JoinSet::new();
    loop {
        let accepted = tokio::select! {
            accepted = accept(&listener, &connections) => accepted,
            _ = shutdown.wait_for(|stop| *stop) => break,
        };
        while tasks.try_join_next().is_some() {}
        let Some((stream, peer, permit)) = accepted else { continue };
        let Some(share) = of_peer.take(peer.ip()) else { continue };
        let (tls, router, shutdown) = (tls.clone(), router.clone(), shutdown.clone());
        tasks.spawn(async move {
            answer(stream, peer, tls, router, shutdown).await;
            drop((permit, share));
        });
    }
    drop(listener);
    let drain = async { while tasks.join_next().await.is_some() {} };
    let drained = tokio::time::timeout(Duration::from_secs(DRAIN_SECONDS_MAX), drain).await;
    if drained.is_err() {
        tracing::warn!("requests were cut off at the end of the drain");
    }
    Ok(())
}

type Accepted = (TcpStream, SocketAddr, tokio::sync::OwnedSemaphorePermit);

async fn accept(listener: &TcpListener, connections: &Arc<Semaphore>) -> Option<Accepted> {
    let permit = Arc::clone(connections).acquire_owned().await.ok()?;
    match listener.accept().await {
        Ok((stream, peer)) => Some((stream, peer, permit)),
        Err(error) => {
            // Out of descriptors, most often: accepting again at once would spin.
            tracing::warn!(%error, "a connection was not accepted");
            tokio::time::sleep(Duration::from_millis(REFUSED_PAUSE_MS)).await;
            None
        }
    }
}

async fn answer(
    stream: TcpStream,
    peer: SocketAddr,
    tls: Option<Tls>,
    router: Router,
    shutdown: watch::Receiver<bool>,
) {
    // Answers are small and written whole: waiting for more to send only delays them.
    let _ = stream.set_nodelay(true);
    let Some(tls) = tls else { return connection(stream, peer, router, shutdown).await };
    match tls.accept(stream).await {
        Ok(stream) => connection(stream, peer, router, shutdown).await,
        Err(error) => tracing::debug!(%error, "a handshake failed"),
    }
}

async fn connection(
    stream: impl AsyncRead + AsyncWrite + Unpin,
    peer: SocketAddr,
    router: Router,
    mut shutdown: watch::Receiver<bool>,
) {
    let service = service_fn(move |request: hyper::Request<Incoming>| {
        let mut request: Request = request.map(axum::body::Body::new);
        request.extensions_mut().insert(ConnectInfo(peer));
        router.clone().oneshot(request)
    });
    let serving = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(Duration::from_secs(HEADER_SECONDS_MAX))
        .max_header_size(HEAD_BYTES_READ)
        .max_buf_size(HEAD_BYTES_READ)
        .serve_connection(TokioIo::new(stream), service);
    let mut serving = std::pin::pin!(serving);
    let result = tokio::select! {
        result = serving.as_mut() => result,
        // What the watch lends is not carried across the drain.
        () = async { drop(shutdown.wait_for(|stop| *stop).await) } => {
            serving.as_mut().graceful_shutdown();
            serving.await
        }
    };
    if let Err(error) = result {
        tracing::debug!(%error, "a connection broke");
    }
}
