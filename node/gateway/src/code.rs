//! Every refusal of the gateway's own, numbered 72xx, and how any refusal is answered.
//!
//! A number, once given, keeps its meaning for ever and is never given again. Where the ledger
//! denies, the answer carries the ledger's own number (4014: the consent ended), not one of these.

use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use ledger_types::rejection::RejectionCode;
use node_api::PROBLEM_JSON;
use node_api::signature::CHALLENGE;
use serde::{Deserialize, Serialize};

node_api::codes! {
    /// A refusal of the gateway.
    pub enum Code {
        /// A part of the path, the query, the headers or the body does not parse.
        Malformed = 7201, 400, "The request cannot be understood";
        /// The body has more bytes than it may.
        TooLarge = 7202, 413, "The request is too large";
        /// The gateway is answering as many requests as it may, or its nonces are all under way.
        Busy = 7203, 503, "The gateway is busy";
        /// The gateway could not read or write its store; its log says why.
        StoreFailed = 7204, 500, "The gateway's store failed";
        /// The request's head has more bytes than it may.
        HeadTooLarge = 7205, 431, "The request's headers are too large";

        /// There is no bearer token.
        TokenMissing = 7211, 401, "A token of the regional identity is needed";
        /// The token is not one that the issuer gave for this gateway, or has run out.
        TokenInvalid = 7212, 401, "The token is not valid";
        /// The token lacks the claim that the gateway asks for.
        RoleMissing = 7213, 403, "The person may not ask here";
        /// The issuer's keys cannot be had.
        IssuerUnavailable = 7214, 503, "The identity's issuer does not answer";

        /// No data holder of that name is configured.
        UnknownHolder = 7221, 404, "There is no such data holder";
        /// No opening of that consent's terms is kept here.
        TermsUnknown = 7222, 404, "The consent's terms are not known here";
        /// The consent's openings were destroyed here.
        TermsShredded = 7223, 410, "The consent's terms were destroyed here";
        /// No basis of that name is configured.
        UnknownBasis = 7224, 404, "There is no such basis";
        /// The holder's gateway does not answer.
        HolderUnreachable = 7225, 502, "The data holder does not answer";
        /// What the holder's gateway answers is not what it says that it is.
        AnswerUnverified = 7226, 502, "The data holder's answer does not hold";

        /// No node gave a decision that is still to be relied on.
        NoFreshDecision = 7231, 503, "No fresh decision can be had";
        /// The request is not signed by the party that it names.
        RequesterUnverified = 7232, 401, "The requester is not verified";
        /// No block holds the access as permitted.
        AccessNotPermitted = 7233, 403, "The access was not permitted by the ledger";
        /// The access was permitted too long ago.
        AccessExpired = 7234, 403, "The access's permission has run out";
        /// The access has served already.
        AccessUsed = 7235, 409, "The access has served already";
        /// The opening is not that of what the ledger permitted.
        OpeningRefused = 7236, 403, "The opening is not that of the access";
        /// What is asked lies outside the terms.
        NotCovered = 7237, 403, "The request lies outside what was agreed";
        /// The holder serves no access on that basis.
        BasisNotServed = 7238, 403, "The holder does not serve that basis";
        /// The holder knows nobody by the consent, or somebody else.
        PersonRefused = 7239, 403, "The data is not that of the consent's person";

        /// No route has that path.
        NoSuchRoute = 7241, 404, "There is no data at this path";
        /// The data API does not answer, or not with success.
        UpstreamFailed = 7242, 502, "The data's source does not answer";
        /// The data API answers with more than the gateway passes on.
        UpstreamTooLarge = 7243, 502, "The data is too large";
        /// The data API answers in another form than the route says.
        UpstreamUnreadable = 7244, 502, "The data is not in the form that was configured";

        /// The access names another data holder, or the salt does not open it.
        HolderNotNamed = 7251, 403, "The access names another data holder";
        /// The purpose that the ledger judged is not the one that is asked for.
        PurposeDiffers = 7252, 403, "The purpose is not the one that the ledger judged";
    }
}

/// Why a request is refused, as it is answered (RFC 9457).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// The kind in a few words.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// This occurrence in words; nothing personal is in it.
    pub detail: String,
    /// The stable number: 4xxx the ledger, 72xx the gateway.
    pub code: u16,
    /// The stable name.
    pub name: String,
    /// Where the ledger's proof of its denial can be had.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proof: Option<String>,
}

impl Refusal {
    /// A refusal of the gateway's own.
    #[must_use]
    pub fn new(code: Code, detail: impl Into<String>) -> Self {
        Self {
            title: code.title().to_owned(),
            status: code.status(),
            detail: detail.into(),
            code: code.number(),
            name: code.name().to_owned(),
            proof: None,
        }
    }

    /// The ledger's denial.
    #[must_use]
    pub fn denied(code: RejectionCode, detail: Option<&str>) -> Self {
        Self {
            title: "The ledger denies the access".to_owned(),
            status: 403,
            detail: detail.unwrap_or("denied by the rule that the code names").to_owned(),
            code: code.get(),
            name: code.name().to_owned(),
            proof: None,
        }
    }

    /// The same with where its proof can be had.
    #[must_use]
    pub fn proved_at(mut self, url: String) -> Self {
        self.proof = Some(url);
        self
    }
}

impl core::fmt::Display for Refusal {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "{} ({}): {}", self.name, self.code, self.detail)
    }
}

impl std::error::Error for Refusal {}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let kind = format!("urn:kyojo:problem:{}", self.code);
        let body = serde_json::to_vec(&Kinded { kind, refusal: &self }).unwrap_or_default();
        let mut response = Response::new(Body::from(body));
        *response.status_mut() = status;
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(PROBLEM_JSON));
        // RFC 6750 section 3: a token is asked for, or was not good; or a signature is.
        let challenge = match self.code {
            code if code == Code::TokenMissing.number() => Some("Bearer"),
            code if code == Code::TokenInvalid.number() => Some(r#"Bearer error="invalid_token""#),
            code if code == Code::RoleMissing.number() => {
                Some(r#"Bearer error="insufficient_scope""#)
            }
            code if code == Code::RequesterUnverified.number() => Some(CHALLENGE),
            _ => None,
        };
        if let Some(challenge) = challenge {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static(challenge));
        }
        response
    }
}

/// A refusal with a URI that names its kind, ending in its code.
#[derive(Serialize)]
struct Kinded<'r> {
    #[serde(rename = "type")]
    kind: String,
    #[serde(flatten)]
    refusal: &'r Refusal,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_ascend_and_neither_the_api_nor_the_ledger_has_them() {
        let numbers: Vec<u16> = Code::ALL.iter().map(|code| code.number()).collect();
        assert!(numbers.windows(2).all(|pair| pair[0] < pair[1]), "{numbers:?}");
        for code in Code::ALL {
            assert!((7201..7300).contains(&code.number()));
            assert_eq!(node_api::ApiCode::from_number(code.number()), None);
        }
    }

    #[test]
    fn the_table_of_codes_is_the_published_one() {
        let rows = Code::ALL.iter().map(|code| {
            format!("{} {} {} {}\n", code.number(), code.status(), code.name(), code.title())
        });
        assert_eq!(rows.collect::<String>(), include_str!("../tests/golden/codes.txt"));
    }

    #[tokio::test]
    async fn a_refusal_is_answered_with_the_members_of_the_rfc_and_ours() {
        let refusal = Refusal::denied(RejectionCode::new(4014), Some("denied in block 9"));
        let response = refusal.clone().proved_at("http://n/p".to_owned()).into_response();
        assert_eq!(response.status(), 403);
        let body = axum::body::to_bytes(response.into_body(), 1 << 16).await.unwrap();
        let expected = serde_json::json!({
            "type": "urn:kyojo:problem:4014",
            "title": "The ledger denies the access",
            "status": 403,
            "detail": "denied in block 9",
            "code": 4014,
            "name": "ConsentEnded",
            "proof": "http://n/p",
        });
        assert_eq!(serde_json::from_slice::<serde_json::Value>(&body).unwrap(), expected);
        let read: Refusal = serde_json::from_value(expected).unwrap();
        assert_eq!(read, refusal.proved_at("http://n/p".to_owned()));
    }

    #[test]
    fn a_refused_token_is_answered_with_a_challenge() {
        let challenge = |code| {
            let response = Refusal::new(code, "x").into_response();
            let header = response.headers().get(header::WWW_AUTHENTICATE);
            header.map(|value| value.to_str().unwrap().to_owned())
        };
        assert_eq!(challenge(Code::TokenMissing).as_deref(), Some("Bearer"));
        assert!(challenge(Code::TokenInvalid).unwrap().contains("invalid_token"));
        assert_eq!(challenge(Code::RequesterUnverified).as_deref(), Some(CHALLENGE));
        assert_eq!(challenge(Code::NotCovered), None);
    }
}
