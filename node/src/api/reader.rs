//! Signed reads: who asks, and by which right.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, Uri, header};
use ledger::State;
use ledger_types::AccountId;
use node_api::ApiCode;
use node_api::signature::{
    CONTENT_DIGEST, Message, Moment, SIGNATURE, SIGNATURE_INPUT, SignatureError, Unverified,
};

use super::Api;
use super::failure::{Answer, Failure};
use crate::query::{Entitled, Reader};

/// What of a request a signature covers, and when the request came.
pub(super) struct SignedParts {
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    came: Moment,
}

impl FromRequestParts<Arc<Api>> for SignedParts {
    type Rejection = core::convert::Infallible;

    async fn from_request_parts(
        parts: &mut Parts,
        api: &Arc<Api>,
    ) -> Result<Self, Self::Rejection> {
        let (method, uri, headers) =
            (parts.method.clone(), parts.uri.clone(), parts.headers.clone());
        Ok(Self { method, uri, headers, came: Moment::now(&api.clock) })
    }
}

impl SignedParts {
    /// Whether the request says that it is signed.
    pub(super) fn is_signed(&self) -> bool {
        self.headers.contains_key(SIGNATURE) || self.headers.contains_key(SIGNATURE_INPUT)
    }

    /// The reader, whose signature over this request has been verified.
    pub(super) fn reader(&self, state: &State) -> Answer<Reader> {
        let unverified = self.unverified()?;
        let prefix = state.address_prefix();
        let account = AccountId::from_address(unverified.reader(), prefix).map_err(|error| {
            Failure::new(ApiCode::SignatureMalformed, format!("keyid: {error}"))
        })?;
        let unknown = || Failure::new(ApiCode::UnknownReader, "nobody acts through this address");
        let (reader, keys) = Reader::find(state, &account).ok_or_else(unknown)?;
        unverified.verify(&keys)?;
        Ok(reader)
    }

    fn unverified(&self) -> Result<Unverified, SignatureError> {
        let authority = match self.uri.authority() {
            Some(authority) => authority.as_str(),
            None => self.only(header::HOST.as_str(), "host")?.unwrap_or(""),
        };
        let message = Message {
            method: self.method.as_str(),
            authority,
            path: self.uri.path(),
            query: self.uri.query(),
            // Reads have no body: one that is sent along is not read.
            body: b"",
        };
        Unverified::read(
            &message,
            self.only(SIGNATURE_INPUT, SIGNATURE_INPUT)?,
            self.only(SIGNATURE, SIGNATURE)?,
            self.only(CONTENT_DIGEST, CONTENT_DIGEST)?,
            self.came,
        )
    }

    /// The value of a header that comes once or not at all.
    fn only(&self, name: &str, header: &'static str) -> Result<Option<&str>, SignatureError> {
        let malformed = |reason| SignatureError::Malformed { header, reason };
        let mut values = self.headers.get_all(name).iter();
        let Some(value) = values.next() else { return Ok(None) };
        if values.next().is_some() {
            return Err(malformed("it comes more than once"));
        }
        value.to_str().map(Some).map_err(|_| malformed("it is not plain text"))
    }
}

/// Refuses a reader without a right; an auditor's read is logged, by height and reader only.
pub(super) fn require(right: Option<Entitled>, state: &State, reader: &Reader) -> Answer<Entitled> {
    let right = right
        .ok_or_else(|| Failure::new(ApiCode::NotEntitled, "this is not the reader's to read"))?;
    if right == Entitled::Auditor {
        let address = reader.account.to_address(state.address_prefix());
        tracing::info!(height = state.height().get(), reader = address, "audit read");
    }
    Ok(right)
}
