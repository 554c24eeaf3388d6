//! `[[witness]]`: who outside the network cosigns the audit log, and where it is asked.

use ledger_proof::note::{SignatureKind, VerifierKey};
use serde::{Deserialize, Serialize};

/// A witness outside the network.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WitnessConfig {
    /// Its verifier key, as its operator publishes it: `name+hash+base64`.
    pub key: WitnessKey,
    /// Its submission prefix: `/add-checkpoint` is put after it.
    pub url: WitnessUrl,
}

/// The verifier key of a witness: one of cosignatures.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct WitnessKey(VerifierKey);

impl WitnessKey {
    /// The key.
    #[must_use]
    pub const fn get(&self) -> &VerifierKey {
        &self.0
    }
}

impl TryFrom<String> for WitnessKey {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let key = VerifierKey::parse(&text).map_err(|error| error.to_string())?;
        if key.kind == SignatureKind::Cosignature {
            Ok(Self(key))
        } else {
            Err("a witness's key is one of cosignatures (type 0x04)".to_owned())
        }
    }
}

impl From<WitnessKey> for String {
    fn from(key: WitnessKey) -> Self {
        key.0.to_string()
    }
}

/// An `http` or `https` URL without a query, which ends without a slash.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct WitnessUrl(String);

impl WitnessUrl {
    /// The URL.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for WitnessUrl {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let expected = "a URL such as \"https://witness.example\", without a query";
        let url: reqwest::Url = text.parse().map_err(|_| expected.to_owned())?;
        let plain = url.query().is_none() && url.fragment().is_none() && url.username().is_empty();
        if matches!(url.scheme(), "http" | "https") && plain {
            Ok(Self(text.trim_end_matches('/').to_owned()))
        } else {
            Err(expected.to_owned())
        }
    }
}

impl From<WitnessUrl> for String {
    fn from(url: WitnessUrl) -> Self {
        url.0
    }
}
