//! Who asks: tokens of the regional identity (都市OS), by OpenID Connect.
//!
//! The issuer's discovery document names its keys; they are kept for a while and read again where a
//! token names one that is not known, but not more often than configured, so that nobody can have
//! the gateway ask the issuer at will. Signatures are RS256, ES256 or EdDSA, judged by `ring`, which
//! TLS uses already; the key decides the algorithm, the token only has to agree.

mod key;
mod token;

use std::collections::HashMap;
use std::time::{Duration, Instant};

use futures::StreamExt as _;
use network_clock::Clock;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use tokio::sync::Mutex;

use crate::code::{Code, Refusal};
use crate::config::{OidcConfig, may_be_asked};
use crate::disclosure::Asker;
use crate::serve::http_client;
use key::VerifyingKey;
pub use token::TokenError;
use token::{Expected, Parsed};

/// The most bytes of a document of the issuer's.
const DOCUMENT_BYTES_MAX: usize = 1 << 20;
/// The most keys that are kept.
const KEYS_MAX: usize = 64;
/// How long the issuer may take.
const TIMEOUT: Duration = Duration::from_secs(5);

/// Judges tokens.
#[derive(Debug)]
pub struct Verifier {
    config: OidcConfig,
    http: reqwest::Client,
    /// The issuer stands outside the ledger's network, so its tokens have real time.
    clock: Clock,
    keys: Mutex<Keys>,
}

#[derive(Debug, Default)]
struct Keys {
    by_id: HashMap<String, VerifyingKey>,
    /// When they were read.
    read: Option<Instant>,
    /// When the issuer was last asked, with or without an answer.
    asked: Option<Instant>,
}

/// The members of a discovery document that are used (OpenID Connect Discovery 1.0 section 3).
#[derive(Debug, Deserialize)]
struct Discovery {
    issuer: String,
    jwks_uri: String,
}

/// A set of keys (RFC 7517 section 5).
#[derive(Debug, Deserialize)]
struct KeySet {
    keys: Vec<serde_json::Value>,
}

impl Verifier {
    /// A judge of one issuer's tokens; the issuer is asked when the first one comes.
    ///
    /// # Errors
    /// A sentence, where the certificates cannot be used.
    pub fn new(config: OidcConfig, ca_pem: Option<&[u8]>) -> Result<Self, String> {
        let http = http_client(ca_pem, TIMEOUT)?;
        Ok(Self { config, http, clock: Clock::real(), keys: Mutex::default() })
    }

    /// The person whom a token names.
    ///
    /// # Errors
    /// [`Refusal`]: no token of this issuer for this gateway, run out, lacking what is required, or
    /// the issuer's keys cannot be had.
    pub async fn verify(&self, token: &str) -> Result<Asker, Refusal> {
        let invalid = |error: TokenError| Refusal::new(Code::TokenInvalid, error.to_string());
        let parsed = Parsed::read(token).map_err(invalid)?;
        let key = self.key(parsed.key_id()).await?;
        let expected = Expected {
            issuer: &self.config.issuer,
            audience: &self.config.audience,
            leeway_s: self.config.leeway_s,
            now: self.clock.now().as_millis() / 1000,
        };
        let claims = parsed.verify(&key, &expected).map_err(invalid)?;
        if let Some(required) = &self.config.required
            && !claims.has(&required.claim, &required.any_of)
        {
            let detail = format!("the token's claim `{}` does not allow it", required.claim);
            return Err(Refusal::new(Code::RoleMissing, detail));
        }
        Ok(Asker { issuer: self.config.issuer.clone(), subject: claims.subject })
    }

    /// The key of this name, read anew where it is unknown or what is kept is too old.
    async fn key(&self, id: &str) -> Result<VerifyingKey, Refusal> {
        let max_age = Duration::from_secs(self.config.keys_max_age_s);
        let pause = Duration::from_millis(self.config.refresh_min_ms);
        // Held while the issuer is asked: whoever else waits gets what is read now.
        let mut keys = self.keys.lock().await;
        let is_current = keys.read.is_some_and(|read| read.elapsed() < max_age);
        if is_current && let Some(key) = keys.by_id.get(id) {
            return Ok(key.clone());
        }
        if keys.asked.is_none_or(|asked| asked.elapsed() >= pause) {
            keys.asked = Some(Instant::now());
            match self.read_keys().await {
                Ok(by_id) => (keys.by_id, keys.read) = (by_id, Some(Instant::now())),
                Err(reason) => tracing::warn!(%reason, "the issuer's keys cannot be read"),
            }
        }
        if keys.read.is_none_or(|read| read.elapsed() >= max_age) {
            let detail = "its keys cannot be read";
            return Err(Refusal::new(Code::IssuerUnavailable, detail));
        }
        let unknown = || Refusal::new(Code::TokenInvalid, TokenError::UnknownKey.to_string());
        keys.by_id.get(id).cloned().ok_or_else(unknown)
    }

    async fn read_keys(&self) -> Result<HashMap<String, VerifyingKey>, String> {
        let issuer = self.config.issuer.trim_end_matches('/');
        let discovery: Discovery =
            self.document(&format!("{issuer}/.well-known/openid-configuration")).await?;
        if discovery.issuer != self.config.issuer {
            return Err("the discovery document is another issuer's".to_owned());
        }
        if !may_be_asked(&discovery.jwks_uri) {
            return Err("jwks_uri is neither https nor on loopback".to_owned());
        }
        let set: KeySet = self.document(&discovery.jwks_uri).await?;
        let keys = set.keys.iter().take(KEYS_MAX).filter_map(key::read);
        Ok(keys.collect())
    }

    async fn document<T: DeserializeOwned>(&self, url: &str) -> Result<T, String> {
        let failed = |error: reqwest::Error| error.without_url().to_string();
        let response = self.http.get(url).send().await.map_err(failed)?;
        let response = response.error_for_status().map_err(failed)?;
        let mut bytes = Vec::new();
        let mut pieces = response.bytes_stream();
        while let Some(piece) = pieces.next().await {
            bytes.extend_from_slice(&piece.map_err(failed)?);
            if bytes.len() > DOCUMENT_BYTES_MAX {
                return Err("the document is too large".to_owned());
            }
        }
        serde_json::from_slice(&bytes).map_err(|_| "the document has another form".to_owned())
    }

    /// Whether the issuer's keys are at hand.
    pub async fn is_ready(&self) -> bool {
        self.keys.lock().await.read.is_some()
    }

    /// Reads the issuer's keys ahead of the first token.
    pub async fn warm(&self) {
        // No key has this name, so the keys are read; that it is unknown afterwards is no news.
        drop(self.key("").await);
    }
}

#[cfg(test)]
mod tests;
