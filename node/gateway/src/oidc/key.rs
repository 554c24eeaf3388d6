//! Verifying keys of an issuer (RFC 7517, RFC 7518, RFC 8037): RSA, P-256 and Ed25519.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::signature::{
    ECDSA_P256_SHA256_FIXED, ED25519, RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents,
    UnparsedPublicKey,
};
use serde_json::Value;

/// A key with the one algorithm that it is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum VerifyingKey {
    /// RS256, 2048 to 8192 bits.
    Rsa { modulus: Vec<u8>, exponent: Vec<u8> },
    /// ES256.
    P256([u8; 65]),
    /// EdDSA over Ed25519.
    Ed25519([u8; 32]),
}

impl VerifyingKey {
    /// The name of its algorithm (RFC 7518 section 3.1, RFC 8037 section 3.1).
    pub(super) const fn algorithm(&self) -> &'static str {
        match self {
            Self::Rsa { .. } => "RS256",
            Self::P256(_) => "ES256",
            Self::Ed25519(_) => "EdDSA",
        }
    }

    /// Whether it made the signature over the message.
    pub(super) fn made(&self, message: &[u8], signature: &[u8]) -> bool {
        let verified = match self {
            Self::Rsa { modulus, exponent } => {
                let key = RsaPublicKeyComponents { n: modulus, e: exponent };
                key.verify(&RSA_PKCS1_2048_8192_SHA256, message, signature)
            }
            Self::P256(point) => {
                UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point).verify(message, signature)
            }
            Self::Ed25519(key) => UnparsedPublicKey::new(&ED25519, key).verify(message, signature),
        };
        verified.is_ok()
    }
}

/// A key of a set with its name; none where it is for something else, or of a kind that is not
/// read: an issuer may have such keys too.
pub(super) fn read(key: &Value) -> Option<(String, VerifyingKey)> {
    let text = |name: &str| key.get(name).and_then(Value::as_str);
    let bytes = |name: &str| URL_SAFE_NO_PAD.decode(text(name)?).ok();
    let id = text("kid").filter(|id| !id.is_empty())?;
    if text("use").is_some_and(|used| used != "sig") {
        return None;
    }
    let read = match (text("kty")?, text("crv")) {
        ("RSA", None) => VerifyingKey::Rsa { modulus: bytes("n")?, exponent: bytes("e")? },
        ("EC", Some("P-256")) => {
            let point = [vec![4], bytes("x")?, bytes("y")?].concat();
            VerifyingKey::P256(point.try_into().ok()?)
        }
        ("OKP", Some("Ed25519")) => VerifyingKey::Ed25519(bytes("x")?.try_into().ok()?),
        _ => return None,
    };
    // A key that says what it is for is not used for anything else.
    let agrees = text("alg").is_none_or(|algorithm| algorithm == read.algorithm());
    agrees.then(|| (id.to_owned(), read))
}
