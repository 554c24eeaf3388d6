//! The listener: HTTP/1.1, bounded connections, slow headers cut off, a drain at the end.
//!
//! TLS is a proxy's matter; signed reads carry their own proof.

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
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;
use tower::ServiceExt as _;

/// How many connections may be open.
const CONNECTIONS_MAX: usize = 2_048;
/// How long the headers of a request may take to arrive, in seconds.
const HEADER_SECONDS_MAX: u64 = 30;
/// The most bytes of headers.
const HEADER_BYTES_MAX: usize = 64 * 1024;
/// How long open requests may take once the node stops, in seconds.
const DRAIN_SECONDS_MAX: u64 = 5;
/// How long to wait after the system refused a connection, in milliseconds.
const REFUSED_PAUSE_MS: u64 = 50;

/// Serves until `shutdown` turns true, then lets open requests finish.
///
/// # Errors
/// The operating system's, where the listener has no address.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    mut shutdown: watch::Receiver<bool>,
) -> Result<(), io::Error> {
    tracing::info!(address = %listener.local_addr()?, "serving requests");
    let connections = Arc::new(Semaphore::new(CONNECTIONS_MAX));
    let mut tasks = JoinSet::new();
    loop {
        let accepted = tokio::select! {
            accepted = accept(&listener, &connections) => accepted,
            _ = shutdown.wait_for(|stop| *stop) => break,
        };
        while tasks.try_join_next().is_some() {}
        let Some((stream, peer, permit)) = accepted else { continue };
        let (router, shutdown) = (router.clone(), shutdown.clone());
        tasks.spawn(async move {
            connection(stream, peer, router, shutdown).await;
            drop(permit);
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

async fn connection(
    stream: TcpStream,
    peer: SocketAddr,
    router: Router,
    mut shutdown: watch::Receiver<bool>,
) {
    // Answers are small and written whole: waiting for more to send only delays them.
    let _ = stream.set_nodelay(true);
    let service = service_fn(move |request: hyper::Request<Incoming>| {
        let mut request: Request = request.map(axum::body::Body::new);
        request.extensions_mut().insert(ConnectInfo(peer));
        router.clone().oneshot(request)
    });
    let serving = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(Duration::from_secs(HEADER_SECONDS_MAX))
        .max_buf_size(HEADER_BYTES_MAX)
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
