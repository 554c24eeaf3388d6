//! A signed token (RFC 7519 in the compact form of RFC 7515): parsed once, believed when verified.
//!
//! Nothing of a token is used before its signature holds but the name of the key. The algorithm is
//! the key's; a header that says another, or asks for extensions (`crit`), is refused. Claims of the
//! wrong type are refused, not passed over.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;
use serde_json::{Map, Value};

use super::key::VerifyingKey;

/// The longest token that is read.
const TOKEN_BYTES_MAX: usize = 16 * 1024;
/// The longest subject.
const SUBJECT_BYTES_MAX: usize = 255;

/// Why a token is not believed; no word of the token is in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// It is not three parts of base64url with JSON inside.
    #[error("it is not a signed token")]
    Malformed,
    /// Its header asks for something that is not understood here.
    #[error("its header asks for an extension or another type")]
    Header,
    /// Its algorithm is not its key's.
    #[error("its algorithm is not that of its key")]
    Algorithm,
    /// The issuer has no such key.
    #[error("the issuer has no key of that name")]
    UnknownKey,
    /// The key did not make the signature.
    #[error("its signature does not verify")]
    Signature,
    /// It was given by another issuer.
    #[error("it is another issuer's")]
    Issuer,
    /// It was given for somebody else.
    #[error("it is not for this gateway")]
    Audience,
    /// It has run out, or does not say when.
    #[error("it has run out")]
    Expired,
    /// It is not valid yet, or says so unreadably.
    #[error("it is not valid yet")]
    NotYetValid,
    /// It names nobody.
    #[error("it names nobody")]
    Subject,
}

/// What must hold of a token.
#[derive(Clone, Copy, Debug)]
pub(super) struct Expected<'a> {
    pub(super) issuer: &'a str,
    pub(super) audience: &'a str,
    pub(super) leeway_s: u64,
    /// Seconds since 1970.
    pub(super) now: u64,
}

/// A token whose form is right; nothing of it is believed.
#[derive(Debug)]
pub(super) struct Parsed<'a> {
    header: Header,
    signed: &'a str,
    claims: Vec<u8>,
    signature: Vec<u8>,
}

#[derive(Debug, Deserialize)]
struct Header {
    alg: String,
    kid: String,
    #[serde(default)]
    typ: Option<String>,
    #[serde(default)]
    crit: Option<Value>,
}

/// What a verified token says.
#[derive(Debug)]
pub(super) struct Claims {
    pub(super) subject: String,
    all: Map<String, Value>,
}

impl<'a> Parsed<'a> {
    /// Takes a token apart.
    pub(super) fn read(token: &'a str) -> Result<Self, TokenError> {
        let malformed = TokenError::Malformed;
        if token.len() > TOKEN_BYTES_MAX {
            return Err(malformed);
        }
        let (signed, signature) = token.rsplit_once('.').ok_or(malformed)?;
        let (header, claims) = signed.split_once('.').ok_or(malformed)?;
        let bytes = |part: &str| URL_SAFE_NO_PAD.decode(part).map_err(|_| malformed);
        let header: Header =
            serde_json::from_slice(&bytes(header)?).map_err(|_| TokenError::Malformed)?;
        let is_token = header.typ.as_deref().is_none_or(|kind| {
            ["jwt", "at+jwt", "application/at+jwt"].contains(&kind.to_ascii_lowercase().as_str())
        });
        if header.crit.is_some() || !is_token {
            return Err(TokenError::Header);
        }
        Ok(Self { header, signed, claims: bytes(claims)?, signature: bytes(signature)? })
    }

    /// The name of the key that is said to have signed it.
    pub(super) fn key_id(&self) -> &str {
        &self.header.kid
    }

    /// Verifies the token and then reads it.
    pub(super) fn verify(
        &self,
        key: &VerifyingKey,
        expected: &Expected<'_>,
    ) -> Result<Claims, TokenError> {
        if self.header.alg != key.algorithm() {
            return Err(TokenError::Algorithm);
        }
        if !key.made(self.signed.as_bytes(), &self.signature) {
            return Err(TokenError::Signature);
        }
        let all: Map<String, Value> =
            serde_json::from_slice(&self.claims).map_err(|_| TokenError::Malformed)?;
        check(&all, expected)?;
        let subject = all.get("sub").and_then(Value::as_str).map(str::to_owned);
        let subject = subject.filter(|name| (1..=SUBJECT_BYTES_MAX).contains(&name.len()));
        Ok(Claims { subject: subject.ok_or(TokenError::Subject)?, all })
    }
}

/// Checks issuer, audience and times (RFC 7519 section 4.1).
fn check(claims: &Map<String, Value>, expected: &Expected<'_>) -> Result<(), TokenError> {
    if claims.get("iss").and_then(Value::as_str) != Some(expected.issuer) {
        return Err(TokenError::Issuer);
    }
    if !claims.get("aud").is_some_and(|audience| names(audience, expected.audience)) {
        return Err(TokenError::Audience);
    }
    let expires = claims.get("exp").and_then(seconds).ok_or(TokenError::Expired)?;
    if expected.now >= expires.saturating_add(expected.leeway_s) {
        return Err(TokenError::Expired);
    }
    match claims.get("nbf").map(seconds) {
        None => Ok(()),
        Some(Some(begins)) if begins <= expected.now.saturating_add(expected.leeway_s) => Ok(()),
        Some(_) => Err(TokenError::NotYetValid),
    }
}

impl Claims {
    /// Whether a claim is one of some values, or an array with one of them in it.
    pub(super) fn has(&self, claim: &str, any_of: &[String]) -> bool {
        let found = self.all.get(claim);
        found.is_some_and(|found| any_of.iter().any(|value| names(found, value)))
    }
}

/// Whether a claim is a text, or an array of which one element is.
fn names(claim: &Value, text: &str) -> bool {
    match claim {
        Value::String(one) => one == text,
        Value::Array(several) => several.iter().any(|one| one.as_str() == Some(text)),
        _ => false,
    }
}

/// A time in seconds since 1970, of which a fraction is cut off (RFC 7519 section 2).
fn seconds(value: &Value) -> Option<u64> {
    let whole = value.as_u64();
    whole.or_else(|| value.as_number()?.to_string().split_once('.')?.0.parse().ok())
}
