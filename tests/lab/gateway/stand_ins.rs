//! What stands around the gateways: a data API, a regional identity, and a gate before a node.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use axum::body::Body;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use axum::{Json, Router};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ledger_types::SigningKey;
use network_clock::Clock;
use serde_json::{Value, json};
use tokio::sync::watch;

/// What the data API asks of the gateway before it.
pub const CREDENTIAL: &str = "Bearer the-gateways-own";

/// Serves on a port of its own; gives the URL.
async fn serve(router: Router) -> anyhow::Result<String> {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("http://{}", listener.local_addr()?);
    tokio::spawn(async move { axum::serve(listener, router).await });
    Ok(url)
}

/// A clinic's records behind a credential.
#[derive(Debug)]
pub struct Upstream {
    /// Where it listens.
    pub url: String,
    state: Arc<UpstreamState>,
}

#[derive(Debug)]
struct UpstreamState {
    asked: AtomicU32,
    /// Turns true when answers may leave.
    open: watch::Sender<bool>,
}

impl Upstream {
    /// Starts it on a port of its own.
    ///
    /// # Errors
    /// The system has no port.
    pub async fn start() -> anyhow::Result<Self> {
        let (asked, open) = (AtomicU32::new(0), watch::Sender::new(true));
        let state = Arc::new(UpstreamState { asked, open });
        let router = Router::new()
            .route("/api/patients/{patient}/medications", get(medications))
            .with_state(Arc::clone(&state));
        Ok(Self { url: format!("{}/api", serve(router).await?), state })
    }

    /// How often it was asked.
    #[must_use]
    pub fn asked(&self) -> u32 {
        self.state.asked.load(Ordering::SeqCst)
    }

    /// Whether it answers at once, or takes requests and keeps them waiting.
    pub fn answers(&self, open: bool) {
        self.state.open.send_replace(open);
    }
}

async fn medications(
    State(state): State<Arc<UpstreamState>>,
    Path(patient): Path<String>,
    headers: HeaderMap,
) -> Response {
    state.asked.fetch_add(1, Ordering::SeqCst);
    // The sender lives in the state: waiting ends when the test says so.
    let _ = state.open.subscribe().wait_for(|open| *open).await;
    if headers.get("authorization").is_none_or(|value| value != CREDENTIAL) {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    // Patients are known by numbers.
    if patient.strip_prefix("P-").is_none_or(|number| number.parse::<u32>().is_err()) {
        return StatusCode::NOT_FOUND.into_response();
    }
    let item = |day: &str, drug: &str| json!({"dispensed": day, "drug": {"name": drug, "price": 120}, "notes": "内密"});
    let items = [
        item("2025-11-30", "ロキソプロフェン"),
        item("2026-03-02", "アムロジピン"),
        item("2026-05-20", "メトホルミン"),
    ];
    Json(json!({"total": 3, "items": items})).into_response()
}

/// The regional identity.
#[derive(Debug)]
pub struct Issuer {
    /// Where it listens.
    pub url: String,
    key: SigningKey,
}

impl Issuer {
    /// Starts it on a port of its own.
    ///
    /// # Errors
    /// The system has no port.
    pub async fn start() -> anyhow::Result<Self> {
        let key = SigningKey::from_seed(&[77; 32]);
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
        let url = format!("http://{}", listener.local_addr()?);
        let discovery = json!({"issuer": url, "jwks_uri": format!("{url}/keys")});
        let x = URL_SAFE_NO_PAD.encode(key.public_key().as_bytes());
        let keys = json!({"keys": [
            {"kty": "OKP", "crv": "Ed25519", "kid": "2026", "use": "sig", "alg": "EdDSA", "x": x},
        ]});
        let router = Router::new()
            .route("/.well-known/openid-configuration", get(|| async { Json(discovery) }))
            .route("/keys", get(|| async { Json(keys) }));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Ok(Self { url, key })
    }

    /// A token of a person in a role, for an hour.
    #[must_use]
    pub fn token(&self, role: &str) -> String {
        let now = Clock::real().now().as_millis() / 1000;
        let claims = json!({"iss": self.url, "aud": "kyojo-gateway", "sub": "yakuzaishi-3",
                            "exp": now + 3600, "roles": [role]});
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let signed = format!("{}.{}", part(&json!({"alg": "EdDSA", "kid": "2026"})), part(&claims));
        let signature = URL_SAFE_NO_PAD.encode(self.key.sign(signed.as_bytes()).as_bytes());
        format!("{signed}.{signature}")
    }
}

/// A gate before nodes, which may let nothing through, or no transactions.
#[derive(Debug)]
pub struct Gate {
    /// Where it listens.
    pub url: String,
    state: Arc<GateState>,
}

#[derive(Debug)]
struct GateState {
    nodes: Vec<String>,
    http: reqwest::Client,
    closed: AtomicBool,
    read_only: AtomicBool,
}

impl Gate {
    /// A gate before these nodes: the first that is reachable gets the request. They have its
    /// address among their names, because what is read through it is signed for that.
    ///
    /// # Errors
    /// The system's.
    pub fn start(listener: std::net::TcpListener, nodes: Vec<String>) -> anyhow::Result<Self> {
        listener.set_nonblocking(true)?;
        let listener = tokio::net::TcpListener::from_std(listener)?;
        let url = format!("http://{}", listener.local_addr()?);
        let http = crate::rest::http_client().build()?;
        let (closed, read_only) = (AtomicBool::new(false), AtomicBool::new(false));
        let state = Arc::new(GateState { nodes, http, closed, read_only });
        let router = Router::new().fallback(pass).with_state(Arc::clone(&state));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Ok(Self { url, state })
    }

    /// Whether nothing gets through.
    pub fn refuse_everything(&self, closed: bool) {
        self.state.closed.store(closed, Ordering::SeqCst);
    }

    /// Whether reads alone get through.
    pub fn refuse_transactions(&self, read_only: bool) {
        self.state.read_only.store(read_only, Ordering::SeqCst);
    }
}

async fn pass(State(gate): State<Arc<GateState>>, request: Request) -> Response {
    let is_refused = gate.closed.load(Ordering::SeqCst)
        || (request.method() == Method::POST && gate.read_only.load(Ordering::SeqCst));
    if is_refused {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    }
    let (parts, body) = request.into_parts();
    let path = parts.uri.path_and_query().map_or("/", |path| path.as_str());
    let Ok(body) = axum::body::to_bytes(body, 1 << 20).await else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    for node in &gate.nodes {
        // The host stays as it was signed.
        let asked = gate.http.request(parts.method.clone(), format!("{node}{path}"));
        let asked = asked.headers(parts.headers.clone()).body(body.clone()).send().await;
        let Ok(answer) = asked else { continue };
        let (status, mut headers) = (answer.status(), answer.headers().clone());
        // How the body is cut into pieces is each connection's own matter.
        headers.remove("transfer-encoding");
        let mut response = Response::new(Body::from_stream(answer.bytes_stream()));
        *response.status_mut() = status;
        *response.headers_mut() = headers;
        return response;
    }
    StatusCode::BAD_GATEWAY.into_response()
}
