//! Errors as answers: every one is a numbered problem (RFC 9457), whoever noticed it.

use axum::Json;
use axum::extract::Request;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use ledger_types::TransactionId;
use node_api::signature::{CHALLENGE, SignatureError};
use node_api::{ApiCode, PROBLEM_JSON, Problem};

use crate::mempool::{Quota, SubmitError};
use crate::query::QueryError;
use crate::rights::Refusal;

/// A request that is not answered as it wished.
#[derive(Clone, Debug)]
pub(super) struct Failure(pub(super) Box<Problem>);

/// What a handler answers.
pub(super) type Answer<T> = Result<T, Failure>;

impl Failure {
    pub(super) fn new(code: ApiCode, detail: impl Into<String>) -> Self {
        Self(Box::new(Problem::new(code, detail)))
    }
}

/// Nothing is ever taken away from the registers of consent, so a right to read a record of them
/// means that it is there.
pub(super) fn gone() -> Failure {
    Failure::new(ApiCode::InternalFault, "a record is gone")
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.0.status);
        let mut response = status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR).into_response();
        response.extensions_mut().insert(self);
        response
    }
}

impl From<Refusal> for Failure {
    fn from(Refusal { code, detail }: Refusal) -> Self {
        Self::new(code, detail)
    }
}

impl From<Problem> for Failure {
    fn from(problem: Problem) -> Self {
        Self(Box::new(problem))
    }
}

impl From<QueryError> for Failure {
    fn from(error: QueryError) -> Self {
        if let QueryError::NoIndex = error {
            return Self::new(ApiCode::IndexDisabled, error.to_string());
        }
        // The one place where a failed read is handled; clients learn no path of this machine.
        tracing::error!(%error, "a read failed");
        Self::new(ApiCode::InternalFault, "the node could not read its store")
    }
}

impl From<SignatureError> for Failure {
    fn from(error: SignatureError) -> Self {
        let code = match error {
            SignatureError::Missing { .. } => ApiCode::SignatureMissing,
            SignatureError::Malformed { .. } => ApiCode::SignatureMalformed,
            SignatureError::Stale { .. } => ApiCode::SignatureStale,
            SignatureError::DigestMismatch => ApiCode::DigestMismatch,
            SignatureError::OtherNetwork { .. }
            | SignatureError::OtherNode { .. }
            | SignatureError::Invalid => ApiCode::SignatureInvalid,
        };
        Self::new(code, error.to_string())
    }
}

/// The problem of a transaction that the mempool refused.
pub(super) fn refused(error: &SubmitError) -> Problem {
    let code = match error {
        SubmitError::Inadmissible { reason, .. } => return Problem::inadmissible(reason),
        SubmitError::PoolFull => ApiCode::MempoolFull,
        SubmitError::QuotaExceeded { quota: Quota::Account, .. } => ApiCode::AccountQuotaReached,
        SubmitError::QuotaExceeded { quota: Quota::Source, .. } => ApiCode::SourceQuotaReached,
        SubmitError::OverAllowance { seconds } => {
            return Problem::new(ApiCode::AllowanceUsed, error.to_string()).retry_after(*seconds);
        }
        SubmitError::NonceTaken { .. } => ApiCode::NonceTaken,
        SubmitError::Busy => ApiCode::Busy,
        SubmitError::Throttled => ApiCode::TooManyRequests,
        SubmitError::Stopping => ApiCode::ShuttingDown,
    };
    Problem::new(code, error.to_string())
}

/// The transaction that a refusal may be the second submission of.
pub(super) const fn maybe_committed(error: &SubmitError) -> Option<TransactionId> {
    use ledger_types::Inadmissible::{Expired, NonceUsed};
    if let SubmitError::Inadmissible {
        transaction: Some(id),
        reason: NonceUsed { .. } | Expired { .. },
    } = error
    {
        Some(*id)
    } else {
        None
    }
}

/// Gives every failed answer its problem body, with the path that it occurred at.
pub(super) async fn describe(request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    let mut response = next.run(request).await;
    let status = response.status();
    if !status.is_client_error() && !status.is_server_error() {
        return response;
    }
    let problem = match response.extensions_mut().remove::<Failure>() {
        Some(Failure(problem)) => *problem,
        None => Problem::new(code_of(status), status.canonical_reason().unwrap_or("failed")),
    };
    let retry_after = problem.retry_after.unwrap_or(1);
    let body = Json(problem.at(path));
    let mut described = (status, body).into_response();
    for (name, value) in response.headers() {
        if is_kept(name) {
            described.headers_mut().insert(name, value.clone());
        }
    }
    let problem_json = HeaderValue::from_static(PROBLEM_JSON);
    described.headers_mut().insert(header::CONTENT_TYPE, problem_json);
    if status == StatusCode::UNAUTHORIZED {
        let challenge = HeaderValue::from_static(CHALLENGE);
        described.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
    }
    if matches!(status.as_u16(), 408 | 413 | 431) {
        // Part of the body may be unread: nothing can follow it on this connection.
        described.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
    if matches!(status.as_u16(), 429 | 503) {
        described.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(retry_after));
    }
    described
}

fn is_kept(name: &HeaderName) -> bool {
    *name == header::ALLOW || *name == header::CONNECTION
}

/// What stands for an error that the libraries beneath noticed.
const fn code_of(status: StatusCode) -> ApiCode {
    match status.as_u16() {
        404 => ApiCode::NoSuchPath,
        405 => ApiCode::MethodNotAllowed,
        408 => ApiCode::RequestTimeout,
        413 => ApiCode::BodyTooLarge,
        415 => ApiCode::UnsupportedMediaType,
        422 => ApiCode::UnprocessableBody,
        429 => ApiCode::TooManyRequests,
        431 => ApiCode::HeadersTooLarge,
        400..=499 => ApiCode::MalformedRequest,
        _ => ApiCode::InternalFault,
    }
}

pub(super) async fn no_such_path() -> Failure {
    Failure::new(ApiCode::NoSuchPath, "see /openapi.json for what there is")
}

pub(super) async fn method_not_allowed() -> Failure {
    Failure::new(ApiCode::MethodNotAllowed, "see the Allow header for what it takes")
}
