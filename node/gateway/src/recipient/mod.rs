//! Beside a data user: knows who asks, has the ledger decide, fetches, and records what came.
//!
//! `GET /data/{holder}/…` with a bearer token. What the request relies on stands in headers:
//!
//! | header | says |
//! |---|---|
//! | `kyojo-consent` | the consent; its opened terms were handed over (`terms add`) |
//! | `kyojo-process` | which of the opened processes, from 0; the first where it is not there |
//! | `kyojo-ground` | instead of a consent: a basis of the configuration, by name |
//! | `kyojo-person` | with it: the key by which the holder knows the person |
//! | `kyojo-reason` | with a broken glass, or for an exemption's evidence: why, in words |
//! | `kyojo-purpose` | a narrower purpose than the configured one |
//! | `kyojo-period` | days, `2026-01-01/2026-07-01`, the last not included |
//!
//! The answer is the holder's, with `kyojo-access`. It is handed on only when its opening holds and
//! the recipient's half of the record is queued on disk.

mod ask;
mod basis;
mod receive;

use std::sync::Arc;
use std::time::Duration;

use ask::Asking;
use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, Uri, header};
use axum::response::Response;
use axum::routing::get;
use consent_records::commitment::{Opening, dated_id};
use consent_records::holder;
use ledger_types::operation::RequestAccess;
use ledger_types::{Hash, Operation};
use node_api::path;
use node_client::{ClientError, Signed};
use tokio::sync::Semaphore;

use crate::code::{Code, Refusal};
use crate::config::{HolderPeer, RecipientConfig};
use crate::disclosure::{Asker, TAG_ASKER};
use crate::keep::Keep;
use crate::metrics::Metrics;
use crate::nodes::Nodes;
use crate::oidc::Verifier;
use crate::queue::Queue;
use crate::serve::http_client;
use crate::signer::{Signer, SignerError, rejection};
use crate::wire::BasisOpening;

/// How many requests are answered at once.
const UNDER_WAY_MAX: usize = 128;
/// The header that names the access in an answer.
pub const ACCESS_HEADER: &str = "kyojo-access";

/// What the recipient's half is made of.
#[derive(Debug)]
pub struct Parts {
    /// What the configuration says.
    pub config: RecipientConfig,
    /// The party, acting.
    pub signer: Arc<Signer>,
    /// The ledger.
    pub nodes: Nodes,
    /// The opened terms.
    pub keep: Keep,
    /// Where halves are queued.
    pub queue: Arc<Queue>,
    /// Who judges tokens.
    pub verifier: Verifier,
    /// What is counted.
    pub metrics: Arc<Metrics>,
}

/// See the module.
#[derive(Debug)]
pub struct Recipient {
    parts: Parts,
    /// A client for each holder, in the configuration's order.
    clients: Vec<reqwest::Client>,
    room: Semaphore,
}

/// An access that the ledger permitted.
struct Granted {
    access: Hash,
    /// What opens its commitment to the holder.
    holder_salt: Hash,
    /// The transaction that holds it, as bytes.
    transaction: Signed,
    opening: BasisOpening,
}

impl Recipient {
    /// A recipient's gateway; `ca_pem` has the certificates for each holder, in order.
    ///
    /// # Errors
    /// A sentence, where certificates cannot be used.
    pub fn new(parts: Parts, ca_pem: &[Option<Vec<u8>>]) -> Result<Arc<Self>, String> {
        let timeout = Duration::from_millis(parts.config.timeout_ms);
        let clients: Result<Vec<reqwest::Client>, String> =
            ca_pem.iter().map(|pem| http_client(pem.as_deref(), timeout)).collect();
        Ok(Arc::new(Self { parts, clients: clients?, room: Semaphore::new(UNDER_WAY_MAX) }))
    }

    /// Its paths.
    pub fn router(self: &Arc<Self>) -> Router {
        let health = crate::serve_health(self.parts.nodes.clone(), Arc::clone(&self.parts.metrics));
        Router::new()
            .route("/data/{*rest}", get(data))
            .with_state(Arc::clone(self))
            .merge(health)
            .fallback(crate::no_such_path)
    }

    /// Judges tokens: read the issuer's keys before the first request comes.
    pub async fn warm(&self) {
        self.parts.verifier.warm().await;
    }

    fn peer(&self, name: &str) -> Result<(&HolderPeer, &reqwest::Client), Refusal> {
        let mut peers = self.parts.config.holder.iter().zip(&self.clients);
        let unknown = || Refusal::new(Code::UnknownHolder, "no holder of that name is configured");
        peers.find(|(peer, _)| peer.name == name).ok_or_else(unknown)
    }

    /// Who asks.
    async fn asker(&self, headers: &HeaderMap) -> Result<Opening<Asker>, Refusal> {
        let missing = || Refusal::new(Code::TokenMissing, "authorization: Bearer …");
        let value = headers.get(header::AUTHORIZATION).ok_or_else(missing)?;
        let text = value.to_str().map_err(|_| missing())?;
        let (scheme, token) = text.split_once(' ').ok_or_else(missing)?;
        if !scheme.eq_ignore_ascii_case("bearer") {
            return Err(missing());
        }
        Ok(Opening::fresh(self.parts.verifier.verify(token.trim()).await?))
    }

    /// Has the ledger decide on an access to this holder's data.
    async fn decide(&self, asking: &Asking, peer: &HolderPeer) -> Result<Granted, Refusal> {
        let (basis, before, opening) = self.basis(asking).await?;
        let access = dated_id(self.parts.nodes.clock().now());
        let (holder, holder_salt) = holder::named(peer.party);
        let request = Operation::RequestAccess(RequestAccess { access, basis, holder });
        let operations: Vec<Operation> = before.into_iter().chain([request]).collect();
        let committed = self.parts.signer.commit(operations).await;
        let (transaction, receipt) = committed.map_err(undecided)?;
        if let Some(code) = rejection(&receipt) {
            let bundle = path::receipt_bundle(&transaction.id);
            let proof = format!("{}{bundle}", self.parts.nodes.answering());
            let detail = format!("denied in block {}", receipt.height);
            return Err(Refusal::denied(code, Some(&detail)).proved_at(proof));
        }
        Ok(Granted { access, holder_salt, transaction, opening })
    }

    async fn answer(&self, uri: &Uri, headers: &HeaderMap) -> Result<Response, Refusal> {
        let asker = self.asker(headers).await?;
        let asking = Asking::read(uri, headers, &self.parts.config.used)?;
        let (peer, client) = self.peer(&asking.holder)?;
        let granted = self.decide(&asking, peer).await?;
        let committed = asker.commitment(TAG_ASKER);
        let committed = committed.expect("an issuer and a subject are texts");
        let access = granted.access;
        let body = self.fetch(peer, client, &asking, &granted, (asker, committed)).await?;
        let mut response = Response::new(body.into());
        let json = HeaderValue::from_static("application/json");
        response.headers_mut().insert(header::CONTENT_TYPE, json);
        let access = HeaderValue::try_from(access.to_string());
        let access = access.expect("hexadecimal digits are a header's value");
        response.headers_mut().insert(ACCESS_HEADER, access);
        response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        Ok(response)
    }
}

async fn data(
    State(recipient): State<Arc<Recipient>>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let metrics = Arc::clone(&recipient.parts.metrics);
    metrics.requests.add();
    // Whoever hangs up does not end this: what a holder gave is recorded all the same.
    let answered = tokio::spawn(async move {
        let busy = |_| Refusal::new(Code::Busy, "come back in a moment");
        let _permit = recipient.room.try_acquire().map_err(busy)?;
        recipient.answer(&uri, &headers).await
    });
    let stopping = |_| Err(Refusal::new(Code::Busy, "the gateway is stopping"));
    let answered = answered.await.unwrap_or_else(stopping);
    crate::counted(&metrics, &answered);
    answered
}

/// The ledger did not decide.
fn undecided(error: SignerError) -> Refusal {
    match error {
        SignerError::WindowFull => Refusal::new(Code::Busy, "too many requests are under way"),
        SignerError::Client(ClientError::Problem(problem)) => {
            tracing::warn!(%problem, "the ledger does not take the request");
            let detail = format!("the ledger does not take the request: {}", problem.name);
            Refusal::new(Code::NoFreshDecision, detail)
        }
        SignerError::Client(error) => {
            tracing::warn!(%error, "no node decides");
            Refusal::new(Code::NoFreshDecision, "no node brought the request to a decision")
        }
    }
}
