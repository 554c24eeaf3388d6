//! Reads: who asks, and how much of a thing is shown to it.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, Uri, header};
use ledger::State;
use ledger_types::{AccountId, Hash, PublicKey};
use node_api::ApiCode;
use node_api::signature::{
    CONTENT_DIGEST, Message, Moment, SIGNATURE, SIGNATURE_INPUT, SignatureError, Unverified,
    is_named,
};

use super::Api;
use super::failure::{Answer, Failure};
use crate::rights::{
    self, Accesses, Decision, Extent, Ground, Matter, NOT_BY_A_KEY, Named, Reader, Signer,
};

/// What of a request a signature covers, and when the request came.
pub(super) struct SignedParts {
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    came: Moment,
    genesis: Hash,
    names: Arc<[String]>,
}

impl FromRequestParts<Arc<Api>> for SignedParts {
    type Rejection = core::convert::Infallible;

    async fn from_request_parts(
        parts: &mut Parts,
        api: &Arc<Api>,
    ) -> Result<Self, Self::Rejection> {
        let (method, uri, headers) =
            (parts.method.clone(), parts.uri.clone(), parts.headers.clone());
        let (genesis, names) = (api.query.genesis(), Arc::clone(&api.names));
        Ok(Self { method, uri, headers, came: Moment::now(&api.clock), genesis, names })
    }
}

impl SignedParts {
    /// Who reads something of which a part is open: nobody, where the request is not signed.
    pub(super) fn reader(&self, state: &State, named: Named) -> Answer<Reader> {
        if !self.is_signed() {
            return Ok(Reader::Nobody);
        }
        Ok(self.signer(state)?.naming(named))
    }

    /// Whether the request comes with a signature, right or wrong.
    pub(super) fn is_signed(&self) -> bool {
        self.headers.contains_key(SIGNATURE) || self.headers.contains_key(SIGNATURE_INPUT)
    }

    /// The signer, whose signature over this request has been verified.
    pub(super) fn signer(&self, state: &State) -> Answer<Signer> {
        let unverified = self.unverified()?;
        if unverified.reader().parse::<PublicKey>().is_ok() {
            return Err(NOT_BY_A_KEY.into());
        }
        let prefix = state.address_prefix();
        let account = AccountId::from_address(unverified.reader(), prefix).map_err(|error| {
            Failure::new(ApiCode::SignatureMalformed, format!("keyid: {error}"))
        })?;
        let unknown = || Failure::new(ApiCode::UnknownReader, "nobody acts through this address");
        let (signer, keys) = Signer::find(state, &account).ok_or_else(unknown)?;
        unverified.verify(&keys)?;
        Ok(signer)
    }

    /// Asks how much of a matter is shown to the signer, by the rights that it names.
    pub(super) fn ask(&self, state: &State, named: Named, matter: &Matter<'_>) -> Answer<Extent> {
        ask(state, &self.signer(state)?.naming(named), matter)
    }

    /// Who asks for whom a key acts: a key by itself, its signature verified, or who says it signs.
    pub(super) fn key(&self, state: &State) -> Answer<Reader> {
        let unverified = self.unverified()?;
        let Ok(key) = unverified.reader().parse() else {
            return self.reader(state, Named::default());
        };
        unverified.verify([&key])?;
        Ok(Reader::Key(key))
    }

    fn unverified(&self) -> Result<Unverified, SignatureError> {
        let authority = match self.uri.authority() {
            Some(authority) => authority.as_str(),
            None => self.only(header::HOST.as_str(), "host")?.unwrap_or(""),
        };
        // A read that was signed for another node, carried here by somebody, names the other.
        is_named(authority, &self.names)?;
        let message = Message {
            genesis: &self.genesis,
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

/// Asks how much of a matter is shown to a reader: here and nowhere else, but for what is open.
///
/// An auditor's read is logged, by height and reader only.
///
/// # Errors
/// The refusal, with its code.
pub(super) fn ask(state: &State, reader: &Reader, matter: &Matter<'_>) -> Answer<Extent> {
    ask_of(state, &Accesses::default(), reader, matter)
}

/// The same where an access is named, or is the matter: they were looked up before.
///
/// # Errors
/// The refusal, with its code.
pub(super) fn ask_of(
    state: &State,
    accesses: &Accesses,
    reader: &Reader,
    matter: &Matter<'_>,
) -> Answer<Extent> {
    match rights::decide(reader, matter, state, accesses) {
        Decision::Refused(refusal) => Err(refusal.into()),
        Decision::Granted(extent, ground) => {
            if let (Ground::Audit, Reader::Signed { by, .. }) = (ground, reader) {
                let address = by.account.to_address(state.address_prefix());
                tracing::info!(height = state.height().get(), reader = address, "audit read");
            }
            Ok(extent)
        }
    }
}
