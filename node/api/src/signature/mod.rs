//! Signed reads: HTTP message signatures (RFC 9421) with ed25519, and nothing optional.
//!
//! A reader signs, in this order, `"@method" "@authority" "@path" "@query"` and, where there is a
//! body, `"content-digest"` (RFC 9530, SHA-256). The parameters are `created`, `expires` (at most
//! 60 s later), `keyid` (the reader's address; the key itself, where it asks for whom it acts),
//! `alg="ed25519"` and `tag` (the genesis hash in hexadecimal), each once. Anything more, less or
//! spelled otherwise is refused, so that what was signed is what is read. Everything is bounded
//! before it is parsed.
//!
//! The tag ties a signature to one network, the authority to one node, and the path and query to
//! one request. Whoever reads compares both: the tag with its network ([`Unverified::read`]), the
//! authority with the names that it is configured to have ([`is_named`]), for what a request says
//! of where it goes is the sender's word. A signature can be repeated there until it expires, which
//! reveals to its holder only what it was made to read.
//! `:80` and `:443` are left out of the authority, as clients leave out the default port.

mod base;
mod parse;

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ledger_types::verify::verify;
use ledger_types::{Hash, PublicKey, Signature, SigningKey};
use network_clock::Clock;
use sha2::{Digest as _, Sha256};

/// The header with the signature's parameters.
pub const SIGNATURE_INPUT: &str = "signature-input";
/// The header with the signature.
pub const SIGNATURE: &str = "signature";
/// The header with the body's digest.
pub const CONTENT_DIGEST: &str = "content-digest";
/// What a refusal with status 401 asks for (RFC 9110, section 11.6.1): a signature as described
/// above.
pub const CHALLENGE: &str = r#"Signature realm="kyojo", algorithm="ed25519""#;
/// How long a signature may live, in real seconds.
pub const LIFETIME_SECONDS_MAX: u64 = 60;
/// How far `created` may lie from the node's clock, either way, in real seconds.
pub const SKEW_SECONDS_MAX: u64 = 60;

/// When a request is signed or judged, by its network's clock.
///
/// The minute that a signature lives is there for the way over the wire and for clocks that differ.
/// Both are real, so in a lab network it is as many of the network's seconds as pass in a minute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    seconds: u64,
    per_real_second: u64,
}

impl Moment {
    /// So many seconds since 1970, in a network that has real time.
    #[must_use]
    pub const fn at(seconds: u64) -> Self {
        Self { seconds, per_real_second: 1 }
    }

    /// Now.
    #[must_use]
    pub fn now(clock: &Clock) -> Self {
        let per_real_second = clock.stretched(Duration::from_secs(1)) / 1000;
        Self { seconds: clock.now().as_millis() / 1000, per_real_second }
    }

    const fn stretched(self, real_seconds: u64) -> u64 {
        real_seconds.saturating_mul(self.per_real_second)
    }
}

/// The label under which [`sign`] puts its signature. Any label is read.
const LABEL: &str = "reader";

/// What of a request is signed.
#[derive(Clone, Copy, Debug)]
pub struct Message<'a> {
    /// The genesis hash of the network that is asked.
    pub genesis: &'a Hash,
    /// The method, in capitals.
    pub method: &'a str,
    /// Host and port as the request names them.
    pub authority: &'a str,
    /// The absolute path as it is sent, percent-encoding and all.
    pub path: &'a str,
    /// The query as it is sent, without `?`, where there is one.
    pub query: Option<&'a str>,
    /// The body; no bytes where there is none.
    pub body: &'a [u8],
}

/// The headers that make a request a signed one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Headers {
    /// The value of [`SIGNATURE_INPUT`].
    pub signature_input: String,
    /// The value of [`SIGNATURE`].
    pub signature: String,
    /// The value of [`CONTENT_DIGEST`], where there is a body.
    pub content_digest: Option<String>,
}

/// Why a request is not a signed one.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SignatureError {
    /// A header is missing.
    #[error("the header {header} is missing")]
    Missing {
        /// Which.
        header: &'static str,
    },
    /// A header does not have the one form that is read.
    #[error("{header}: {reason}")]
    Malformed {
        /// Which.
        header: &'static str,
        /// What is wrong.
        reason: &'static str,
    },
    /// The signature was not made within a minute of now, or has run out.
    #[error("created {created}, expires {expires}, but it is {now} (seconds since 1970)")]
    Stale {
        /// When it was made.
        created: u64,
        /// When it runs out.
        expires: u64,
        /// The time here.
        now: u64,
    },
    /// The body is not the one that was signed.
    #[error("the body does not have the digest that was signed")]
    DigestMismatch,
    /// It was signed for another network.
    #[error("tag: it was signed for another network than {ours}")]
    OtherNetwork {
        /// The genesis hash of the network here.
        ours: Hash,
    },
    /// It was signed for another node.
    #[error("it is addressed to {authority:?}, which is no name of who was asked")]
    OtherNode {
        /// Whom it names.
        authority: String,
    },
    /// No key of the reader made the signature over this request.
    #[error("no key of the reader made this signature over this request")]
    Invalid,
}

/// A request that says it is signed, with everything checked but the signature itself.
#[derive(Clone, Debug)]
pub struct Unverified {
    reader: String,
    base: String,
    signature: Signature,
}

impl Unverified {
    /// Reads the headers against the request and the network's time.
    ///
    /// # Errors
    /// [`SignatureError`] says what is missing, malformed, stale or not the body that was signed.
    pub fn read(
        message: &Message<'_>,
        signature_input: Option<&str>,
        signature: Option<&str>,
        content_digest: Option<&str>,
        now: Moment,
    ) -> Result<Self, SignatureError> {
        let missing = |header| SignatureError::Missing { header };
        let input = parse::input(signature_input.ok_or(missing(SIGNATURE_INPUT))?, now)?;
        let signature = parse::signature(signature.ok_or(missing(SIGNATURE))?, input.label)?;
        let covers_body = input.covers_digest;
        if covers_body == message.body.is_empty() {
            let reason = "content-digest is covered exactly where there is a body";
            return Err(SignatureError::Malformed { header: SIGNATURE_INPUT, reason });
        }
        let digest = if covers_body {
            let header = content_digest.ok_or(missing(CONTENT_DIGEST))?;
            if header != digest_of(message.body) {
                return Err(SignatureError::DigestMismatch);
            }
            Some(header)
        } else {
            None
        };
        if input.tag != message.genesis.to_string() {
            return Err(SignatureError::OtherNetwork { ours: *message.genesis });
        }
        input.check_time(now)?;
        let base = base::of_message(message, digest, input.parameters);
        Ok(Self { reader: input.keyid.to_owned(), base, signature })
    }

    /// The address, or the key, of who says to have signed.
    #[must_use]
    pub fn reader(&self) -> &str {
        &self.reader
    }

    /// Checks the signature against the keys that act for the reader: any one of them will do, for
    /// a read moves nothing.
    ///
    /// # Errors
    /// [`SignatureError::Invalid`] where none of the keys made it.
    pub fn verify<'k>(
        &self,
        keys: impl IntoIterator<Item = &'k PublicKey>,
    ) -> Result<(), SignatureError> {
        let message = self.base.as_bytes();
        let made = keys.into_iter().any(|key| verify(key, message, &self.signature));
        if made { Ok(()) } else { Err(SignatureError::Invalid) }
    }
}

/// Signs a request as `reader` (an address, or the key itself), for a real minute from `created`
/// on.
#[must_use]
pub fn sign(message: &Message<'_>, reader: &str, key: &SigningKey, created: Moment) -> Headers {
    let content_digest = (!message.body.is_empty()).then(|| digest_of(message.body));
    let expires = created.seconds.saturating_add(created.stretched(LIFETIME_SECONDS_MAX));
    let created = created.seconds;
    let components = base::components(content_digest.is_some());
    let genesis = message.genesis;
    let parameters = format!(
        "{components};created={created};expires={expires};keyid=\"{reader}\";alg=\"ed25519\"\
         ;tag=\"{genesis}\""
    );
    let base = base::of_message(message, content_digest.as_deref(), &parameters);
    let signature = STANDARD.encode(key.sign(base.as_bytes()).as_bytes());
    Headers {
        signature_input: format!("{LABEL}={parameters}"),
        signature: format!("{LABEL}=:{signature}:"),
        content_digest,
    }
}

/// Checks that a request is addressed to one of these names, each `host:port` or `host`.
///
/// # Errors
/// [`SignatureError::OtherNode`] where it is not.
pub fn is_named(authority: &str, names: &[String]) -> Result<(), SignatureError> {
    let asked = base::authority(authority);
    let is_one = names.iter().any(|name| base::authority(name) == asked);
    if is_one { Ok(()) } else { Err(SignatureError::OtherNode { authority: authority.to_owned() }) }
}

/// A body's digest as the header shows it (RFC 9530).
#[must_use]
pub fn digest_of(body: &[u8]) -> String {
    format!("sha-256=:{}:", STANDARD.encode(Sha256::digest(body)))
}

#[cfg(test)]
mod tests;
