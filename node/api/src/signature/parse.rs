//! Reading the two headers: one member each, one spelling each (a subset of RFC 8941).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ledger_types::Signature;

use super::{
    LIFETIME_SECONDS_MAX, Moment, SIGNATURE, SIGNATURE_INPUT, SKEW_SECONDS_MAX, SignatureError,
    base,
};

/// The longest header that is read, in bytes.
const HEADER_BYTES_MAX: usize = 512;
/// The longest label, in bytes.
const LABEL_BYTES_MAX: usize = 32;
/// The longest `keyid`, in bytes: an address has at most 16 + 1 + 38, a key has 8 + 64.
const KEYID_BYTES_MAX: usize = 72;
/// The most digits of an integer (RFC 8941 section 3.3.1).
const INTEGER_DIGITS_MAX: usize = 15;

/// What `Signature-Input` says.
#[derive(Debug)]
pub(super) struct Input<'a> {
    pub(super) label: &'a str,
    /// Everything after the label: the value of `@signature-params`.
    pub(super) parameters: &'a str,
    pub(super) covers_digest: bool,
    pub(super) keyid: &'a str,
    /// The network that it says.
    pub(super) tag: &'a str,
    created: u64,
    expires: u64,
}

impl Input<'_> {
    /// Whether the signature is current at `now`.
    pub(super) fn check_time(&self, now: Moment) -> Result<(), SignatureError> {
        let (skew_max, now) = (now.stretched(SKEW_SECONDS_MAX), now.seconds);
        let current = self.created.abs_diff(now) <= skew_max && now < self.expires;
        if current {
            return Ok(());
        }
        Err(SignatureError::Stale { created: self.created, expires: self.expires, now })
    }
}

/// Reads `label=(components);created=…;expires=…;keyid="…";alg="ed25519";tag="…"`.
pub(super) fn input(header: &str, now: Moment) -> Result<Input<'_>, SignatureError> {
    let malformed = |reason| SignatureError::Malformed { header: SIGNATURE_INPUT, reason };
    let (label, parameters) = member(header).map_err(malformed)?;
    let (covers_digest, mut rest) = [true, false]
        .into_iter()
        .find_map(|digest| Some((digest, parameters.strip_prefix(base::components(digest))?)))
        .ok_or(malformed("the covered components are not the ones that must be"))?;
    let (mut created, mut expires, mut keyid) = (None, None, None);
    let (mut alg, mut tag) = (None, None);
    while !rest.is_empty() {
        let (name, value, after) = parameter(rest).map_err(malformed)?;
        let first = match (name, value) {
            ("created", Value::Integer(number)) => created.replace(number).is_none(),
            ("expires", Value::Integer(number)) => expires.replace(number).is_none(),
            ("keyid", Value::String(text)) => keyid.replace(text).is_none(),
            ("tag", Value::String(text)) => tag.replace(text).is_none(),
            ("alg", Value::String("ed25519")) => alg.replace(()).is_none(),
            _ => return Err(malformed("a parameter is unknown or has another kind of value")),
        };
        if !first {
            return Err(malformed("a parameter is repeated"));
        }
        rest = after;
    }
    let (Some(created), Some(expires), Some(keyid), Some(()), Some(tag)) =
        (created, expires, keyid, alg, tag)
    else {
        return Err(malformed("created, expires, keyid, alg and tag are all needed"));
    };
    let lifetime = expires.checked_sub(created);
    if !lifetime.is_some_and(|seconds| (1..=now.stretched(LIFETIME_SECONDS_MAX)).contains(&seconds))
    {
        return Err(malformed("expires lies 1 to 60 seconds after created"));
    }
    if !(1..=KEYID_BYTES_MAX).contains(&keyid.len()) {
        return Err(malformed("keyid is the reader's address or key"));
    }
    Ok(Input { label, parameters, covers_digest, keyid, tag, created, expires })
}

/// Reads `label=:base64:` with the label of the input.
pub(super) fn signature(header: &str, label: &str) -> Result<Signature, SignatureError> {
    let malformed = |reason| SignatureError::Malformed { header: SIGNATURE, reason };
    let (found, value) = member(header).map_err(malformed)?;
    if found != label {
        return Err(malformed("its label is not the input's"));
    }
    let encoded = value.strip_prefix(':').and_then(|value| value.strip_suffix(':'));
    let bytes = encoded.and_then(|text| STANDARD.decode(text).ok());
    let bytes: Option<[u8; 64]> = bytes.and_then(|bytes| bytes.try_into().ok());
    bytes.map(Signature::Ed25519).ok_or(malformed("it is not 64 bytes in base64 between colons"))
}

/// The only member of a dictionary: its label and the rest.
fn member(header: &str) -> Result<(&str, &str), &'static str> {
    if header.len() > HEADER_BYTES_MAX {
        return Err("it is too long");
    }
    let (label, value) = header.split_once('=').ok_or("it has no member")?;
    let is_key = |byte: u8| {
        byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'_' | b'-')
    };
    let starts = label.bytes().next().is_some_and(|byte| byte.is_ascii_lowercase());
    if !starts || label.len() > LABEL_BYTES_MAX || !label.bytes().all(is_key) {
        return Err("its label is not a key");
    }
    Ok((label, value))
}

enum Value<'a> {
    Integer(u64),
    String(&'a str),
}

/// The next `;name=value`, and what follows it.
fn parameter(text: &str) -> Result<(&str, Value<'_>, &str), &'static str> {
    let text = text.strip_prefix(';').ok_or("something follows that is not a parameter")?;
    let (name, text) = text.split_once('=').ok_or("a parameter has no value")?;
    if let Some(quoted) = text.strip_prefix('"') {
        let (value, rest) = quoted.split_once('"').ok_or("a string does not end")?;
        let plain = value.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
        return if plain { Ok((name, Value::String(value), rest)) } else { Err("a string is odd") };
    }
    let end = text.find(';').unwrap_or(text.len());
    let (digits, rest) = text.split_at(end);
    let plain = (1..=INTEGER_DIGITS_MAX).contains(&digits.len())
        && digits.bytes().all(|byte| byte.is_ascii_digit())
        && (digits == "0" || !digits.starts_with('0'));
    let number = if plain { digits.parse().ok() } else { None };
    Ok((name, Value::Integer(number.ok_or("a number is odd")?), rest))
}
