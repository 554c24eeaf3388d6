//! A typed client of the node's REST API: a method for every path, signed where a path asks who reads.
//!
//! Everything that can be asked again without harm is asked again: reads, and submissions of the
//! same signed bytes, which the ledger commits at most once. A submission whose outcome is not
//! known when time is up says so ([`ClientError::OutcomeUnknown`]) and is never reported as failed.

mod error;
mod nonces;
mod reads;
mod receipts;
mod signed;
mod sse;
mod submit;

use std::sync::{Arc, Once};
use std::time::{Duration, Instant};

use bytes::Bytes;
use ledger_types::limits::VALID_UNTIL_AHEAD_MS_MAX;
use ledger_types::{AddressPrefix, Hash, NetworkId, PublicKey, SigningKey, Timestamp};
use network_clock::{Clock, LabTime, after};
use node_api::body::StatusBody;
use node_api::signature::{self, Message, Moment};
use node_api::{OCTET_STREAM, Path, Problem, path};
use reqwest::{Method, StatusCode, Url, header};

pub use error::ClientError;
pub use nonces::Nonces;
pub use receipts::{BlockReceipts, Follow};
pub use signed::Signed;
pub use submit::{bulk_body, bulk_chunks};

/// How long a signed transaction stays valid unless the caller says otherwise, in real time.
pub const VALIDITY: Duration = Duration::from_secs(10 * 60);
/// The longest that [`Network::valid_until`] gives, in milliseconds of the network's time.
const VALIDITY_MS_MAX: u64 = VALID_UNTIL_AHEAD_MS_MAX - 60 * 60 * 1000;
/// The first pause before asking again; it doubles up to [`PAUSE_MAX`].
const PAUSE_MIN: Duration = Duration::from_millis(50);
/// The longest pause before asking again.
const PAUSE_MAX: Duration = Duration::from_secs(1);
/// The most bytes of an answer that is read.
const ANSWER_BYTES_MAX: usize = 64 * 1024 * 1024;

/// How to reach a node.
#[derive(Clone, Debug)]
pub struct Options {
    /// `http://host:port` or `https://host:port`, without a path.
    pub url: String,
    /// Certificates in PEM that may vouch for an https node, instead of the system's.
    pub ca_pem: Option<Vec<u8>>,
    /// How long one operation may take in all, repetitions included.
    pub timeout: Duration,
}

impl Options {
    /// The node at `url`, with the system's certificates and 30 seconds an operation.
    #[must_use]
    pub fn new(url: impl Into<String>) -> Self {
        Self { url: url.into(), ca_pem: None, timeout: Duration::from_secs(30) }
    }
}

/// What a client must know of a network before it signs.
#[derive(Clone, Debug)]
pub struct Network {
    /// Its identity.
    pub genesis_hash: Hash,
    /// Its prefix of addresses.
    pub address_prefix: AddressPrefix,
    /// Keys that sign its directories of public names, as the node says.
    pub directory_keys: Vec<PublicKey>,
    /// Its time.
    pub clock: Clock,
}

impl Network {
    /// Its name on the wire.
    #[must_use]
    pub fn id(&self) -> NetworkId {
        self.genesis_hash.network()
    }

    /// Until when a transaction signed now may be valid, in the network's time.
    ///
    /// How long it needs to get into a block is real, so in a lab it is given as much of the
    /// network's time as passes meanwhile, up to an hour short of the most that is admitted.
    #[must_use]
    pub fn valid_until(&self, validity: Duration) -> Timestamp {
        let stretched = self.clock.stretched(validity);
        after(self.clock.now(), stretched.min(VALIDITY_MS_MAX))
    }
}

/// Who signs a read.
#[derive(Clone, Debug)]
pub struct Reader {
    /// The reader's address; the key's own text, where it asks for whom it acts.
    pub address: String,
    /// A key that acts for it.
    pub key: SigningKey,
}

impl Reader {
    /// A key that asks for whom it acts.
    #[must_use]
    pub fn by_key(key: SigningKey) -> Self {
        Self { address: key.public_key().to_string(), key }
    }
}

/// A client of one node. Clones share connections.
#[derive(Clone, Debug)]
pub struct Client {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    http: reqwest::Client,
    base: Url,
    authority: String,
    timeout: Duration,
    network: Network,
}

impl Client {
    /// Connects: asks the node which network it serves.
    ///
    /// # Errors
    /// [`ClientError`] where the URL is none, no node answers, or its answer makes no sense.
    pub async fn connect(options: &Options) -> Result<Self, ClientError> {
        let status = Self::nameless(options)?.status().await?;
        Self::of_status(options, &status)
    }

    /// The same, where the node must say within `first` which network it serves: nobody waits longer
    /// for a node that is not there. A node that is there but busy is asked again meanwhile.
    ///
    /// # Errors
    /// As [`Client::connect`].
    pub async fn connect_within(options: &Options, first: Duration) -> Result<Self, ClientError> {
        let (client, deadline) = (Self::nameless(options)?, Instant::now() + first);
        let path = path::status();
        let request = Request { path: &path, reader: None, accept: None, body: None };
        let status = loop {
            let left = deadline.saturating_duration_since(Instant::now());
            match client.ask_once(&request, left).await {
                Ok(status) => break status,
                Err(error) if error.is_of_node() && error.may_pass() && left > PAUSE_MIN => {
                    tokio::time::sleep(PAUSE_MIN).await;
                }
                Err(error) => return Err(error),
            }
        };
        let status = serde_json::from_slice(&status).map_err(ClientError::answer)?;
        Self::of_status(options, &status)
    }

    fn nameless(options: &Options) -> Result<Self, ClientError> {
        let nameless = Network {
            genesis_hash: Hash::ZERO,
            address_prefix: AddressPrefix::new("x").ok_or(ClientError::Internal)?,
            directory_keys: Vec::new(),
            clock: Clock::real(),
        };
        Self::offline(options, nameless)
    }

    fn of_status(options: &Options, status: &StatusBody) -> Result<Self, ClientError> {
        let address_prefix = AddressPrefix::new(&status.address_prefix)
            .ok_or_else(|| ClientError::answer("the address prefix is none"))?;
        let lab = status.lab.as_ref().map(LabTime::try_from).transpose();
        let clock = Clock::of_lab(lab.map_err(ClientError::answer)?);
        let (genesis_hash, directory_keys) = (status.genesis_hash, status.directory_keys.clone());
        Self::offline(options, Network { genesis_hash, address_prefix, directory_keys, clock })
    }

    /// A client of a known network, without asking the node anything.
    ///
    /// # Errors
    /// [`ClientError`] where the URL or the certificates cannot be used.
    pub fn offline(options: &Options, network: Network) -> Result<Self, ClientError> {
        let bad_url = || ClientError::BadUrl { url: options.url.clone() };
        let base = Url::parse(&options.url).map_err(|_| bad_url())?;
        let host = base.host_str().ok_or_else(bad_url)?;
        let authority = match base.port() {
            Some(port) => format!("{host}:{port}"),
            None => host.to_owned(),
        };
        if !matches!(base.scheme(), "http" | "https") || base.path() != "/" {
            return Err(bad_url());
        }
        let http = http_client(options, base.scheme() == "https")?;
        let timeout = options.timeout;
        Ok(Self { inner: Arc::new(Inner { http, base, authority, timeout, network }) })
    }

    /// The network that the node serves.
    #[must_use]
    pub fn network(&self) -> &Network {
        &self.inner.network
    }

    /// How long one operation may take in all.
    #[must_use]
    pub fn timeout(&self) -> Duration {
        self.inner.timeout
    }

    fn deadline(&self) -> Instant {
        Instant::now() + self.inner.timeout
    }

    /// Asks until there is an answer or the deadline passes.
    async fn ask(&self, request: &Request<'_>, deadline: Instant) -> Result<Bytes, ClientError> {
        let mut pause = PAUSE_MIN;
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            let error = match self.ask_once(request, left).await {
                Ok(answer) => return Ok(answer),
                Err(error) => error,
            };
            let asked = pause.max(error.retry_after().unwrap_or_default());
            if !error.may_pass() || Instant::now() + asked >= deadline {
                return Err(error);
            }
            tokio::time::sleep(asked).await;
            pause = (pause * 2).min(PAUSE_MAX);
        }
    }

    async fn ask_once(
        &self,
        request: &Request<'_>,
        timeout: Duration,
    ) -> Result<Bytes, ClientError> {
        let response = self.send(request, Some(timeout)).await?;
        let status = response.status();
        if response.content_length().is_some_and(|n| n > ANSWER_BYTES_MAX as u64) {
            return Err(ClientError::answer("the answer is too large"));
        }
        let bytes = response.bytes().await.map_err(|error| self.failed(&error))?;
        if status.is_success() { Ok(bytes) } else { Err(problem(status, &bytes)) }
    }

    async fn send(
        &self,
        request: &Request<'_>,
        timeout: Option<Duration>,
    ) -> Result<reqwest::Response, ClientError> {
        let inner = &self.inner;
        let url = inner.base.join(request.path.as_str()).map_err(ClientError::answer)?;
        let method = if request.body.is_some() { Method::POST } else { Method::GET };
        let mut builder = inner.http.request(method.clone(), url.clone());
        if let Some(reader) = request.reader {
            let body = request.body.as_deref().unwrap_or_default();
            let message = Message {
                genesis: &inner.network.genesis_hash,
                method: method.as_str(),
                authority: &inner.authority,
                path: url.path(),
                query: url.query(),
                body,
            };
            let created = Moment::now(&inner.network.clock);
            let headers = signature::sign(&message, &reader.address, &reader.key, created);
            builder = builder
                .header(signature::SIGNATURE_INPUT, headers.signature_input)
                .header(signature::SIGNATURE, headers.signature);
            if let Some(digest) = headers.content_digest {
                builder = builder.header(signature::CONTENT_DIGEST, digest);
            }
        }
        if let Some(accept) = request.accept {
            builder = builder.header(header::ACCEPT, accept);
        }
        if let Some(body) = &request.body {
            builder = builder.header(header::CONTENT_TYPE, OCTET_STREAM).body(body.clone());
        }
        if let Some(timeout) = timeout {
            builder = builder.timeout(timeout);
        }
        builder.send().await.map_err(|error| self.failed(&error))
    }

    fn failed(&self, error: &reqwest::Error) -> ClientError {
        if error.is_timeout() {
            return ClientError::TimedOut;
        }
        let mut reason = error.to_string();
        let mut kind = std::io::ErrorKind::Other;
        let mut source = std::error::Error::source(error);
        while let Some(cause) = source {
            reason = cause.to_string();
            kind = cause.downcast_ref::<std::io::Error>().map_or(kind, std::io::Error::kind);
            source = cause.source();
        }
        let url = self.inner.base.to_string();
        if error.is_connect() {
            ClientError::Unreachable { url, reason, kind }
        } else {
            ClientError::Interrupted { url, reason, kind }
        }
    }
}

/// One request; a body makes it a POST of octets.
struct Request<'a> {
    path: &'a Path,
    reader: Option<&'a Reader>,
    accept: Option<&'a str>,
    body: Option<Bytes>,
}

fn problem(status: StatusCode, body: &[u8]) -> ClientError {
    match serde_json::from_slice::<Problem>(body) {
        Ok(problem) => ClientError::Problem(Box::new(problem)),
        Err(_) => ClientError::Status { status: status.as_u16() },
    }
}

fn http_client(options: &Options, https: bool) -> Result<reqwest::Client, ClientError> {
    static PROVIDER: Once = Once::new();
    // Another part of the process may have chosen a provider before; any one will do.
    PROVIDER.call_once(|| drop(rustls::crypto::ring::default_provider().install_default()));
    let tls = |error: reqwest::Error| ClientError::Tls { reason: error.to_string() };
    let mut builder = reqwest::Client::builder()
        .connect_timeout(Duration::from_secs(10))
        .pool_idle_timeout(Duration::from_secs(60))
        .tcp_nodelay(true)
        .no_proxy();
    if let Some(pem) = &options.ca_pem {
        let certificates = reqwest::Certificate::from_pem_bundle(pem).map_err(tls)?;
        builder = builder.tls_certs_only(certificates);
    } else if !https {
        // Nothing to verify: the system's certificates need not be read.
        builder = builder.tls_certs_only([]);
    }
    builder.build().map_err(tls)
}

#[cfg(test)]
mod tests;
