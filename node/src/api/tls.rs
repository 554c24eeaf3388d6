//! TLS by the node itself: a certificate and its key, read again when their files change.
//!
//! Whoever renews a certificate writes two files, one after the other, often behind links. Both are
//! read every few seconds; what differs from the last reading and makes a pair is what the next
//! connection gets. What makes none is said once, and the pair before it goes on.

use std::io;
use std::path::PathBuf;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use kyojo_cli::Given;
use kyojo_cli::given::Fault;
use rustls::ServerConfig;
use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;
use x509_parser::parse_x509_certificate;

use crate::config::{ConfigError, TlsFiles};

/// How often the files are read.
const READ_EVERY: Duration = Duration::from_secs(5);
/// So often in a row the files are not to be read before it is said, once.
const MISSED_SAID: u32 = 3;
/// How long a handshake may take.
const HANDSHAKE_WITHIN: Duration = Duration::from_secs(10);
/// The one protocol that is spoken inside.
const HTTP_1_1: &[u8] = b"http/1.1";

/// What the two files said.
#[derive(Clone, PartialEq, Eq)]
struct Read {
    certificate: Vec<u8>,
    key: zeroize::Zeroizing<Vec<u8>>,
}

/// A certificate in use.
#[derive(Clone, Debug)]
struct Pair {
    config: Arc<ServerConfig>,
    /// When it ends, in seconds since the epoch.
    ends: i64,
}

/// The certificate that connections get, and where it comes from.
#[derive(Clone)]
pub struct Tls {
    files: TlsFiles,
    pair: Arc<RwLock<Pair>>,
    /// What was read last, whether it made a pair or not.
    last: Read,
    /// How often in a row the files could not be read since.
    missed: u32,
}

impl std::fmt::Debug for Tls {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Tls").field("files", &self.files).finish_non_exhaustive()
    }
}

impl Tls {
    /// Reads the files.
    ///
    /// # Errors
    /// [`ConfigError`] where one of them is unreadable or open to others, or they make no pair.
    pub fn open(files: TlsFiles) -> Result<Self, ConfigError> {
        let last = read(&files)?;
        let pair = Arc::new(RwLock::new(pair(&files, &last)?));
        Ok(Self { files, pair, last, missed: 0 })
    }

    fn current(&self) -> Pair {
        self.pair.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// When the certificate in use ends, in seconds since the epoch.
    #[must_use]
    pub fn ends(&self) -> i64 {
        self.current().ends
    }

    /// Shakes hands over a connection, for a bounded time.
    pub(super) async fn accept(&self, stream: TcpStream) -> io::Result<TlsStream<TcpStream>> {
        let acceptor = TlsAcceptor::from(self.current().config);
        tokio::time::timeout(HANDSHAKE_WITHIN, acceptor.accept(stream))
            .await
            .unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()))
    }

    /// Reads the files again and again until the node stops.
    pub async fn watch(mut self, mut stopped: watch::Receiver<bool>) {
        let mut ticks = tokio::time::interval(READ_EVERY);
        loop {
            tokio::select! {
                _ = ticks.tick() => {}
                _ = stopped.wait_for(|stop| *stop) => return,
            }
            self = match tokio::task::spawn_blocking(move || self.read_again()).await {
                Ok(tls) => tls,
                Err(error) => {
                    tracing::error!(%error, "the certificate is not read again any more");
                    return;
                }
            };
        }
    }

    /// Takes what the files say now, where it is another pair.
    fn read_again(mut self) -> Self {
        let now = match read(&self.files) {
            Ok(now) => now,
            Err(error) => {
                self.missed = self.missed.saturating_add(1);
                // A file that is missing for a moment is being replaced.
                if self.missed == MISSED_SAID {
                    tracing::warn!(%error, "the certificate before it stays in use");
                }
                return self;
            }
        };
        self.missed = 0;
        if now == self.last {
            return self;
        }
        match pair(&self.files, &now) {
            Ok(pair) => {
                tracing::info!(ends = pair.ends, "the certificate was renewed");
                *self.pair.write().unwrap_or_else(PoisonError::into_inner) = pair;
            }
            Err(error) => tracing::warn!(%error, "the certificate before it stays in use"),
        }
        self.last = now;
        self
    }
}

fn read(files: &TlsFiles) -> Result<Read, ConfigError> {
    let wrong = |file: &PathBuf, reason: String| ConfigError::Tls { file: file.clone(), reason };
    let read = |file: &PathBuf| {
        Given::Certificates.bytes(file).map_err(|error| wrong(file, error.fault.to_string()))
    };
    files.check_mode().map_err(|error| {
        if let ConfigError::Read { file, source } = error {
            return wrong(&file, Fault::Io(source).to_string());
        }
        error
    })?;
    Ok(Read { certificate: read(&files.certificate)?, key: read(&files.key)?.into() })
}

/// The pair that certificate and key make.
fn pair(files: &TlsFiles, read: &Read) -> Result<Pair, ConfigError> {
    let wrong = |file: &PathBuf, reason: String| ConfigError::Tls { file: file.clone(), reason };
    let chain: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&read.certificate).collect();
    let chain = chain.map_err(|error| wrong(&files.certificate, error.to_string()))?;
    let first = chain
        .first()
        .ok_or_else(|| wrong(&files.certificate, "no certificate in PEM".to_owned()))?;
    let (_, parsed) = parse_x509_certificate(first)
        .map_err(|error| wrong(&files.certificate, error.to_string()))?;
    let ends = parsed.validity().not_after.timestamp();
    let key = PrivateKeyDer::from_pem_slice(&read.key)
        .map_err(|_| wrong(&files.key, "no private key in PEM".to_owned()))?;
    let provider = Arc::new(ring::default_provider());
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| wrong(&files.certificate, error.to_string()))?
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .map_err(|error| wrong(&files.key, no_pair(&error, files)))?;
    config.alpn_protocols = vec![HTTP_1_1.to_vec()];
    Ok(Pair { config: Arc::new(config), ends })
}

/// Why certificate and key make no pair.
fn no_pair(error: &rustls::Error, files: &TlsFiles) -> String {
    if matches!(error, rustls::Error::InconsistentKeys(_)) {
        return format!("it is not the key of the certificate in {}", files.certificate.display());
    }
    error.to_string()
}

#[cfg(test)]
mod tests {
    use std::net::SocketAddr;
    use std::os::unix::fs::PermissionsExt as _;
    use std::path::Path;

    use axum::Router;
    use axum::routing::get;
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::net::TcpListener;

    use super::*;

    fn pem(label: &str, der: &[u8]) -> String {
        format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", STANDARD.encode(der))
    }

    /// A certificate that vouches for itself; gives the files and the PEM.
    fn certify(folder: &Path) -> (TlsFiles, String) {
        let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        let certificate = pem("CERTIFICATE", made.cert.der());
        let files = TlsFiles { certificate: folder.join("tls.pem"), key: folder.join("tls.key") };
        std::fs::write(&files.certificate, &certificate).unwrap();
        std::fs::write(&files.key, pem("PRIVATE KEY", &made.key_pair.serialize_der())).unwrap();
        std::fs::set_permissions(&files.key, std::fs::Permissions::from_mode(0o640)).unwrap();
        (files, certificate)
    }

    /// Serves by this certificate until the sender goes.
    async fn served(tls: &Tls) -> (SocketAddr, watch::Sender<bool>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = watch::channel(false);
        let router = Router::new().route("/", get(async || "heard"));
        let serving = super::super::serve(listener, Some(tls.clone()), router, stopped);
        tokio::spawn(serving);
        (address, stop)
    }

    /// What a new client hears that trusts one certificate alone.
    async fn heard(address: SocketAddr, certificate: &str) -> Option<String> {
        let _ = ring::default_provider().install_default();
        let trusted = reqwest::Certificate::from_pem(certificate.as_bytes()).unwrap();
        let client = reqwest::Client::builder().tls_certs_only([trusted]).no_proxy();
        let client = client.resolve("localhost", address).build().unwrap();
        let url = format!("https://localhost:{}/", address.port());
        client.get(url).send().await.ok()?.text().await.ok()
    }

    #[tokio::test]
    async fn a_renewed_certificate_is_what_the_next_connection_gets() {
        let folder = tempfile::tempdir().unwrap();
        let (files, first) = certify(folder.path());
        let tls = Tls::open(files).unwrap();
        let (address, _stop) = served(&tls).await;
        assert_eq!(heard(address, &first).await.as_deref(), Some("heard"));
        let (_, second) = certify(folder.path());
        let tls = tls.read_again();
        assert_eq!(heard(address, &second).await.as_deref(), Some("heard"));
        assert_eq!(heard(address, &first).await, None);
        // Half of the next pair: the certificate before it stays.
        let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        std::fs::write(&tls.files.certificate, pem("CERTIFICATE", made.cert.der())).unwrap();
        let tls = tls.read_again();
        std::fs::remove_file(&tls.files.key).unwrap();
        let tls = tls.read_again();
        assert_eq!(heard(address, &second).await.as_deref(), Some("heard"));
        assert!(tls.ends() > 0);
    }

    #[tokio::test]
    async fn plain_http_at_a_listener_with_tls_is_cut_off() {
        let folder = tempfile::tempdir().unwrap();
        let (files, _) = certify(folder.path());
        let (address, _stop) = served(&Tls::open(files).unwrap()).await;
        let mut plain = TcpStream::connect(address).await.unwrap();
        plain.write_all(b"GET / HTTP/1.1\r\nhost: localhost\r\n\r\n").await.unwrap();
        let mut answer = Vec::new();
        let _ = plain.read_to_end(&mut answer).await;
        assert!(!answer.starts_with(b"HTTP"), "{answer:?}");
    }

    #[test]
    fn files_that_make_no_pair_are_named_with_what_is_wrong() {
        let folder = tempfile::tempdir().unwrap();
        let (files, _) = certify(folder.path());
        let said = |files: &TlsFiles| Tls::open(files.clone()).unwrap_err().to_string();
        let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        let other = pem("PRIVATE KEY", &made.key_pair.serialize_der());
        std::fs::write(&files.key, other).unwrap();
        let told = said(&files);
        assert!(told.contains("tls.key") && told.contains("not the key of the"), "{told}");
        assert!(told.contains("tls.pem"), "{told}");
        std::fs::set_permissions(&files.key, std::fs::Permissions::from_mode(0o644)).unwrap();
        assert!(said(&files).contains("open to others"), "{}", said(&files));
        std::fs::set_permissions(&files.key, std::fs::Permissions::from_mode(0o600)).unwrap();
        std::fs::write(&files.certificate, "nothing\n").unwrap();
        assert!(said(&files).contains("no certificate in PEM"), "{}", said(&files));
        std::fs::remove_file(&files.certificate).unwrap();
        assert!(said(&files).contains("cannot be read"), "{}", said(&files));
    }
}
