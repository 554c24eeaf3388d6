//! The data API behind the gateway: asked with the gateway's own credentials, read within bounds.

use std::time::Duration;

use axum::http::{HeaderName, HeaderValue};
use serde_json::Value;

use crate::code::{Code, Refusal};
use crate::serve::{bounded, http_client};

/// The data API.
pub struct Upstream {
    http: reqwest::Client,
    /// Without a slash at its end.
    base: String,
    credential: Option<(HeaderName, HeaderValue)>,
    answer_bytes_max: usize,
}

impl core::fmt::Debug for Upstream {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Upstream({})", self.base)
    }
}

impl Upstream {
    /// The API at a URL; `credential` is a header that it asks for.
    ///
    /// # Errors
    /// A sentence, where the certificates or the header cannot be used.
    pub fn new(
        url: &str,
        credential: Option<(&str, &str)>,
        ca_pem: Option<&[u8]>,
        timeout: Duration,
        answer_bytes_max: usize,
    ) -> Result<Self, String> {
        let credential = credential.map(|(name, value)| {
            let name = HeaderName::try_from(name).map_err(|_| "no name of a header".to_owned())?;
            let value = HeaderValue::try_from(value).map_err(|_| "no value of a header")?;
            Ok::<_, String>((name, value))
        });
        let base = url.trim_end_matches('/').to_owned();
        let (http, credential) = (http_client(ca_pem, timeout)?, credential.transpose()?);
        Ok(Self { http, base, credential, answer_bytes_max })
    }

    /// The JSON at a path with its query.
    ///
    /// # Errors
    /// [`Refusal`] where it does not answer, not with success, with too much, or with no JSON.
    pub async fn fetch(&self, path_and_query: &str) -> Result<Value, Refusal> {
        let failed = |error: reqwest::Error| {
            // Its URL may hold the person's key.
            tracing::warn!(error = %error.without_url(), "the data API failed");
            Refusal::new(Code::UpstreamFailed, "it did not answer")
        };
        let mut request = self.http.get(format!("{}{path_and_query}", self.base));
        request = request.header("accept", "application/json");
        if let Some((name, value)) = &self.credential {
            request = request.header(name, value);
        }
        let response = request.send().await.map_err(failed)?;
        let status = response.status();
        if !status.is_success() {
            let detail = format!("it answered with status {}", status.as_u16());
            return Err(Refusal::new(Code::UpstreamFailed, detail));
        }
        let body = bounded(response, self.answer_bytes_max).await.map_err(failed)?;
        let too_large = || {
            let detail = format!("more than {} bytes", self.answer_bytes_max);
            Refusal::new(Code::UpstreamTooLarge, detail)
        };
        serde_json::from_slice(&body.ok_or_else(too_large)?)
            .map_err(|_| Refusal::new(Code::UpstreamUnreadable, "it is no JSON"))
    }
}
