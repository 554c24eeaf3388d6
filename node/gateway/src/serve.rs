//! The listeners and the client: HTTP/1.1, bounded connections, slow headers cut off, a drain.
//!
//! TLS towards requesters is a proxy's matter, as for nodes; towards upstreams, holders and issuers
//! it is rustls with ring.

use std::io;
use std::sync::{Arc, Once};
use std::time::Duration;

use axum::Router;
use axum::extract::Request;
use axum::http::Version;
use axum::response::IntoResponse as _;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use node_api::head::{self, HEAD_BYTES_READ, HeadFault};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;
use tower::ServiceExt as _;

use crate::code::{Code, Refusal};

/// How many connections a listener holds open.
const CONNECTIONS_MAX: usize = 512;
/// How long the headers of a request may take to arrive.
const HEADER_TIME_MAX: Duration = Duration::from_secs(15);
/// How long requests under way may take once the process is told to stop.
const DRAIN_TIME_MAX: Duration = Duration::from_secs(10);

/// Serves until told to stop, then lets requests under way finish.
pub async fn serve(listener: TcpListener, router: Router, mut shutdown: watch::Receiver<bool>) {
    let room = Arc::new(Semaphore::new(CONNECTIONS_MAX));
    let mut connections = JoinSet::new();
    loop {
        let accepted = tokio::select! {
            accepted = accept(&listener, &room) => accepted,
            _ = shutdown.wait_for(|stop| *stop) => break,
        };
        while connections.try_join_next().is_some() {}
        let Ok((stream, permit)) = accepted else {
            // Out of descriptors, most often: accepting again at once would spin.
            tokio::time::sleep(Duration::from_millis(50)).await;
            continue;
        };
        let (router, stop) = (router.clone(), shutdown.clone());
        connections.spawn(async move {
            connection(stream, router, stop).await;
            drop(permit);
        });
    }
    drop(listener);
    let drained = async { while connections.join_next().await.is_some() {} };
    if tokio::time::timeout(DRAIN_TIME_MAX, drained).await.is_err() {
        tracing::warn!("requests were cut off at the end of the drain");
    }
}

async fn accept(
    listener: &TcpListener,
    room: &Arc<Semaphore>,
) -> io::Result<(TcpStream, tokio::sync::OwnedSemaphorePermit)> {
    let permit = Arc::clone(room).acquire_owned().await.map_err(io::Error::other)?;
    let (stream, _) = listener.accept().await?;
    Ok((stream, permit))
}

async fn connection(stream: TcpStream, router: Router, mut shutdown: watch::Receiver<bool>) {
    // Answers are written whole or in large pieces: waiting for more to send only delays them.
    let _ = stream.set_nodelay(true);
    let service = service_fn(move |request: hyper::Request<Incoming>| {
        let request: Request = request.map(axum::body::Body::new);
        let router = router.clone();
        async move {
            match whole_head(&request) {
                Ok(()) => router.oneshot(request).await,
                Err(refusal) => Ok(refusal.into_response()),
            }
        }
    });
    let serving = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEADER_TIME_MAX)
        .max_header_size(HEAD_BYTES_READ)
        .max_buf_size(HEAD_BYTES_READ)
        .serve_connection(TokioIo::new(stream), service);
    let mut serving = std::pin::pin!(serving);
    let ended = tokio::select! {
        ended = serving.as_mut() => ended,
        () = async { drop(shutdown.wait_for(|stop| *stop).await) } => {
            serving.as_mut().graceful_shutdown();
            serving.await
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%error, "a connection broke");
    }
}

/// Refuses what does not name its host once, or has a head that is too large.
fn whole_head(request: &Request) -> Result<(), Refusal> {
    let target = request.uri().to_string().len();
    // The version is always as long as this one.
    let line = request.method().as_str().len() + target + "  HTTP/1.1".len();
    let fields = request.headers().iter().map(|(name, value)| (name.as_str(), value.as_bytes()));
    head::check(request.version() >= Version::HTTP_11, line, fields).map_err(|fault| {
        let code = match fault {
            HeadFault::TooLarge(_) => Code::HeadTooLarge,
            HeadFault::NoHost | HeadFault::ManyHosts(_) | HeadFault::NotAHost => Code::Malformed,
        };
        Refusal::new(code, fault.to_string())
    })
}

/// A client that follows no redirection, uses no proxy and ends within a time.
///
/// # Errors
/// A sentence, where the certificates cannot be used.
pub fn http_client(ca_pem: Option<&[u8]>, timeout: Duration) -> Result<reqwest::Client, String> {
    static PROVIDER: Once = Once::new();
    // Another part of the process may have chosen a provider before; any one will do.
    PROVIDER.call_once(|| drop(rustls::crypto::ring::default_provider().install_default()));
    let mut builder = reqwest::Client::builder()
        .connect_timeout(Duration::from_secs(5).min(timeout))
        .timeout(timeout)
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy();
    if let Some(pem) = ca_pem {
        let certificates = reqwest::Certificate::from_pem_bundle(pem);
        let certificates = certificates.map_err(|error| error.to_string())?;
        builder = builder.tls_certs_only(certificates);
    }
    builder.build().map_err(|error| error.to_string())
}

/// Reads an answer's body to its end; none where it is longer than allowed.
///
/// # Errors
/// The connection's.
pub async fn bounded(
    response: reqwest::Response,
    bytes_max: usize,
) -> Result<Option<bytes::Bytes>, reqwest::Error> {
    use futures::StreamExt as _;
    if response.content_length().is_some_and(|length| length > bytes_max as u64) {
        return Ok(None);
    }
    let mut body = bytes::BytesMut::new();
    let mut pieces = response.bytes_stream();
    while let Some(piece) = pieces.next().await {
        let piece = piece?;
        if body.len() + piece.len() > bytes_max {
            return Ok(None);
        }
        body.extend_from_slice(&piece);
    }
    Ok(Some(body.freeze()))
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    use super::*;

    async fn raw(address: std::net::SocketAddr, request: &str) -> String {
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut bytes = Vec::new();
        let reading = stream.read_to_end(&mut bytes);
        // Where the listener closes with bytes unread, the end of its answer may be a reset.
        let _ = tokio::time::timeout(Duration::from_secs(20), reading).await.unwrap();
        String::from_utf8_lossy(&bytes).into_owned()
    }

    #[tokio::test]
    async fn a_request_names_its_host_once_and_its_head_has_the_size_that_the_limit_says() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, told) = watch::channel(false);
        let router = Router::new().route("/", axum::routing::get(|| async { "fine" }));
        let serving = tokio::spawn(serve(listener, router, told));
        let head = |fields: &str| format!("GET / HTTP/1.1\r\nconnection: close\r\n{fields}\r\n");
        for (fields, status, code) in [
            ("host: n\r\n", 200, None),
            ("", 400, Some(7201)),
            ("host: n\r\nhost: n\r\n", 400, Some(7201)),
            ("host: a b\r\n", 400, Some(7201)),
        ] {
            let answer = raw(address, &head(fields)).await;
            assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{fields:?}: {answer}");
            let code = code.map(|code: u16| format!("\"code\":{code}"));
            assert!(code.is_none_or(|code| answer.contains(&code)), "{answer}");
        }
        let padded = |length: usize| {
            let rest = head("host: n\r\na: \r\n").len();
            head(&format!("host: n\r\na: {}\r\n", "x".repeat(length - rest)))
        };
        let fits = raw(address, &padded(head::HEAD_BYTES_MAX)).await;
        assert!(fits.starts_with("HTTP/1.1 200"), "{fits}");
        let larger = raw(address, &padded(head::HEAD_BYTES_MAX + 1)).await;
        let told = larger.starts_with("HTTP/1.1 431") && larger.contains("\"code\":7205");
        assert!(told, "{larger}");
        stop.send(true).unwrap();
        serving.await.unwrap();
    }
}
