//! In front of a data API: believes nothing that it can check, and gives out what was agreed.
//!
//! In order, the first that fails is answered: the request's form, the requester's signature
//! (7232), that the access has not served (7235), that it names this holder (7251), that a
//! block holds it as permitted and not too long ago (7233, 7234, or the ledger's own code), the route
//! (7241), that its basis is served and opened (7236, 7238), that the purpose is the one that the
//! ledger judged (7252), the scope (7237), the person (7239), and that the ledger would still
//! permit it (the ledger's code, or 7231 where no node says so freshly). Then the data is fetched
//! and filtered, the ledger asked once more, the half queued on disk, and only then answered.

mod answer;
mod data;
mod permitted;
mod requester;
mod standing;
mod upstream;

use std::collections::HashSet;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, Uri, header};
use axum::response::Response;
use axum::routing::post;
use consent_records::commitment::Opening;
use consent_records::format::Version;
use ledger_types::operation::Half;
use ledger_types::{Hash, Height, PartyId};
use tokio::sync::{Semaphore, watch};

use crate::code::{Code, Refusal};
use crate::config::{RouteConfig, WithoutConsent};
use crate::disclosure::{Description, HEADER, HEADER_BYTES_MAX, to_header};
use crate::keep::Keep;
use crate::metrics::Metrics;
use crate::nodes::Nodes;
use crate::queue::{Queue, QueueError};
use crate::route::Pattern;
use crate::signer::{Signer, SignerError};
use crate::store::{Store, StoreError};
use crate::wire::{DataRequest, PATH, REQUEST_BYTES_MAX};
pub use answer::{Recheck, body as answer_body};
use requester::Requester;
pub use upstream::Upstream;

/// How many requests are answered at once.
const UNDER_WAY_MAX: usize = 128;
/// How long a request's body may take to arrive.
const BODY_TIME_MAX: Duration = Duration::from_secs(15);

/// What the holder's half is made of.
#[derive(Debug)]
pub struct Parts {
    /// Its number on the ledger.
    pub party: PartyId,
    /// It, acting.
    pub signer: Arc<Signer>,
    /// The ledger.
    pub nodes: Nodes,
    /// Who consents' persons are.
    pub keep: Keep,
    /// Which accesses have served.
    pub store: Store,
    /// Where halves are queued.
    pub queue: Arc<Queue>,
    /// The data API.
    pub upstream: Upstream,
    /// The ledger's tip, as it moves.
    pub tip: watch::Receiver<Height>,
    /// The paths, in order.
    pub routes: Vec<RouteConfig>,
    /// What is given out without a consent.
    pub without_consent: Vec<WithoutConsent>,
    /// The authority that requesters sign.
    pub authority: String,
    /// What is counted.
    pub metrics: Arc<Metrics>,
}

/// See the module.
#[derive(Debug)]
pub struct Holder {
    parts: Parts,
    patterns: Vec<Pattern>,
    /// Accesses that are being served.
    serving: Mutex<HashSet<Hash>>,
    room: Semaphore,
}

impl Holder {
    /// A holder's gateway.
    ///
    /// # Errors
    /// A sentence, where a route's path is none.
    pub fn new(parts: Parts) -> Result<Arc<Self>, String> {
        let patterns: Result<Vec<Pattern>, String> =
            parts.routes.iter().map(|route| Pattern::read(&route.path)).collect();
        let (serving, room) = (Mutex::default(), Semaphore::new(UNDER_WAY_MAX));
        Ok(Arc::new(Self { parts, patterns: patterns?, serving, room }))
    }

    /// Its paths.
    pub fn router(self: &Arc<Self>) -> Router {
        let health = crate::serve_health(self.parts.nodes.clone(), Arc::clone(&self.parts.metrics));
        Router::new()
            .route(PATH, post(disclose))
            .with_state(Arc::clone(self))
            .merge(health)
            .fallback(crate::no_such_path)
    }

    /// Marks an access as being served until the mark is dropped.
    fn claim(self: &Arc<Self>, access: Hash) -> Result<Serving, Refusal> {
        let used = || Refusal::new(Code::AccessUsed, "each access serves once; ask for another");
        if self.parts.store.has_served(&access).map_err(|error| store_failed(&error))? {
            return Err(used());
        }
        let mut serving = self.serving.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if !serving.insert(access) {
            return Err(used());
        }
        Ok(Serving { holder: Arc::clone(self), access })
    }

    /// Everything after the signature.
    async fn answer_to(
        self: &Arc<Self>,
        request: DataRequest,
        requester: &Requester,
    ) -> Result<Response, Refusal> {
        let claim = self.claim(request.access)?;
        let permitted = self.permitted(&request, requester).await?;
        let route = self.route(&request.path)?;
        let (scope, person) = self.scope(&request, &permitted, requester, route.0).await?;
        let recheck = self.recheck(&permitted);
        recheck().await?;
        let filtered = self.data(&request, route, &scope, &person).await?;
        let body = serde_json::to_vec(&filtered.body).unwrap_or_default();
        let document = Description {
            version: Version,
            access: request.access,
            consent: permitted.consent(),
            holder: self.parts.party,
            recipient: request.requester,
            at: self.parts.nodes.clock().now().into(),
            route: route.0.path.clone(),
            fields: scope.fields,
            count: filtered.count,
            body: Hash::of(&[&body]),
            asker: request.asker,
        };
        let opening = Opening::fresh(document);
        let header = HeaderValue::try_from(to_header(&opening)).ok();
        let header = header.filter(|value| value.len() <= HEADER_BYTES_MAX);
        let too_many = || Refusal::new(Code::UpstreamTooLarge, "too many fields to describe");
        let header = header.ok_or_else(too_many)?;
        let mut tip = self.parts.tip.clone();
        tip.mark_unchanged();
        // The data's source may have taken its time: what was permitted may have ended since.
        let until = recheck().await?;
        let clock = self.parts.nodes.clock().clone();
        if clock.now() >= until {
            return Err(Refusal::new(Code::AccessExpired, "it ran out while data was fetched"));
        }
        let queued =
            self.parts.queue.enqueue(Half::Holder, opening, None, request.holder_salt).await;
        queued.map_err(queue_failed)?;
        drop(claim);
        let metrics = Arc::clone(&self.parts.metrics);
        let mut response =
            Response::new(answer_body(body.into(), until, tip, recheck, clock, metrics));
        response.headers_mut().insert(HEADER, header);
        let json = HeaderValue::from_static("application/json");
        response.headers_mut().insert(header::CONTENT_TYPE, json);
        Ok(response)
    }
}

/// An access that is being served.
#[derive(Debug)]
struct Serving {
    holder: Arc<Holder>,
    access: Hash,
}

impl Drop for Serving {
    fn drop(&mut self) {
        let serving = self.holder.serving.lock();
        serving.unwrap_or_else(std::sync::PoisonError::into_inner).remove(&self.access);
    }
}

async fn disclose(
    State(holder): State<Arc<Holder>>,
    uri: Uri,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Refusal> {
    let metrics = Arc::clone(&holder.parts.metrics);
    metrics.requests.add();
    let answered = async {
        let busy = |_| Refusal::new(Code::Busy, "come back in a moment");
        let _permit = holder.room.try_acquire().map_err(busy)?;
        let body = received(body).await?;
        let signed = holder.signed(&uri, &headers, &body)?;
        let request: DataRequest = serde_json::from_slice(&body)
            .map_err(|error| Refusal::new(Code::Malformed, error.to_string()))?;
        let requester = holder.requester(request.requester).await?;
        requester.verify(&signed)?;
        holder.answer_to(request, &requester).await
    };
    let answered = answered.await;
    crate::counted(&metrics, &answered);
    answered
}

/// A request's body, once all of it is here.
async fn received(body: Body) -> Result<axum::body::Bytes, Refusal> {
    let slow = |_| Refusal::new(Code::Malformed, "the body did not arrive in time");
    let large = |_| Refusal::new(Code::TooLarge, format!("at most {REQUEST_BYTES_MAX} bytes"));
    let reading = axum::body::to_bytes(body, REQUEST_BYTES_MAX);
    tokio::time::timeout(BODY_TIME_MAX, reading).await.map_err(slow)?.map_err(large)
}

fn store_failed(error: &StoreError) -> Refusal {
    tracing::error!(%error, "the store failed");
    Refusal::new(Code::StoreFailed, "nothing was given out")
}

/// A half that cannot be queued: nothing is given out.
fn queue_failed(error: QueueError) -> Refusal {
    match error {
        QueueError::Store(StoreError::Served) => {
            Refusal::new(Code::AccessUsed, "each access serves once; ask for another")
        }
        QueueError::Store(error) => store_failed(&error),
        QueueError::Signer(SignerError::WindowFull) => {
            Refusal::new(Code::Busy, "too many halves are on their way")
        }
        QueueError::Signer(SignerError::Client(error)) => standing::unreachable(&error),
        QueueError::NoParty | QueueError::Stopping => {
            Refusal::new(Code::Busy, "the gateway is stopping")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_body_that_is_too_large_is_refused() {
        let body = |length| received(Body::from(vec![b' '; length]));
        assert_eq!(body(REQUEST_BYTES_MAX).await.unwrap().len(), REQUEST_BYTES_MAX);
        assert_eq!(body(REQUEST_BYTES_MAX + 1).await.unwrap_err().code, Code::TooLarge.number());
    }
}
