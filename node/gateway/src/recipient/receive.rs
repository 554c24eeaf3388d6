//! Fetching from a holder's gateway, and recording what came before anybody sees it.

use axum::body::Bytes;
use consent_records::commitment::Opening;
use consent_records::format::Version;
use ledger_types::Hash;
use ledger_types::operation::Half;
use node_api::PROBLEM_JSON;
use node_api::signature::{CONTENT_DIGEST, Message, Moment, SIGNATURE, SIGNATURE_INPUT, sign};
use reqwest::{Url, header};

use super::ask::Asking;
use super::{Granted, Recipient};
use crate::code::{Code, Refusal};
use crate::config::HolderPeer;
use crate::disclosure::{Asker, Description, HEADER, from_header};
use crate::queue::QueueError;
use crate::serve::bounded;
use crate::signer::SignerError;
use crate::wire::{DataRequest, PATH};

/// The most bytes of a refusal that is passed on.
const PROBLEM_BYTES_MAX: usize = 64 * 1024;

impl Recipient {
    /// Asks the holder for the data of a permitted access, verifies and records the answer.
    pub(super) async fn fetch(
        &self,
        peer: &HolderPeer,
        client: &reqwest::Client,
        asking: &Asking,
        granted: &Granted,
        (asker, committed): (Opening<Asker>, Hash),
    ) -> Result<Bytes, Refusal> {
        let request = DataRequest {
            version: Version,
            requester: self.parts.config.party.number,
            access: granted.access,
            holder_salt: granted.holder_salt,
            transaction: hex::encode(&granted.transaction.bytes),
            opening: granted.opening.clone(),
            asked: asking.asked.clone(),
            asker: committed,
            path: asking.path.clone(),
            query: asking.query.clone(),
        };
        let response = self.send(peer, client, &request).await?;
        let opening = response.headers().get(HEADER).and_then(|value| value.to_str().ok());
        let opening = opening.and_then(from_header);
        let body = bounded(response, self.parts.config.answer_bytes_max).await;
        let body = body.map_err(|error| unreachable(&error))?;
        let body = body.ok_or_else(|| unverified("it has more bytes than are read"))?;
        let opening = opening.ok_or_else(|| unverified("it does not say what was disclosed"))?;
        check(&opening.document, peer, &request, &body)?;
        let salt = granted.holder_salt;
        let queued = self.parts.queue.enqueue(Half::Recipient, opening, Some(asker), salt).await;
        queued.map_err(unrecorded)?;
        Ok(body)
    }

    async fn send(
        &self,
        peer: &HolderPeer,
        client: &reqwest::Client,
        request: &DataRequest,
    ) -> Result<reqwest::Response, Refusal> {
        let body = serde_json::to_vec(request).unwrap_or_default();
        let url = Url::parse(&format!("{}{PATH}", peer.url.trim_end_matches('/')));
        let url = url.map_err(|_| Refusal::new(Code::UnknownHolder, "its URL is none"))?;
        let authority = match (url.host_str().unwrap_or_default(), url.port()) {
            (host, Some(port)) => format!("{host}:{port}"),
            (host, None) => host.to_owned(),
        };
        let message = Message {
            genesis: &self.parts.nodes.network().genesis_hash,
            method: "POST",
            authority: &authority,
            path: url.path(),
            query: None,
            body: &body,
        };
        let now = Moment::now(self.parts.nodes.clock());
        let reader = self.parts.signer.reader();
        let signed = sign(&message, &reader.address, &reader.key, now);
        let mut sending = client
            .post(url)
            .header(header::CONTENT_TYPE, "application/json")
            .header(SIGNATURE_INPUT, signed.signature_input)
            .header(SIGNATURE, signed.signature);
        if let Some(digest) = signed.content_digest {
            sending = sending.header(CONTENT_DIGEST, digest);
        }
        let response = sending.body(body).send().await.map_err(|error| unreachable(&error))?;
        if response.status().is_success() { Ok(response) } else { Err(refused(response).await) }
    }
}

/// Whether the opening is of this very answer.
fn check(
    said: &Description,
    peer: &HolderPeer,
    request: &DataRequest,
    body: &[u8],
) -> Result<(), Refusal> {
    let is_it = said.access == request.access
        && said.recipient == request.requester
        && said.holder == peer.party
        && said.asker == request.asker;
    if !is_it {
        return Err(unverified("it is about another access"));
    }
    if said.body != Hash::of(&[body]) {
        return Err(unverified("its bytes are not the ones that it says"));
    }
    Ok(())
}

/// The holder's refusal, passed on as it is.
async fn refused(response: reqwest::Response) -> Refusal {
    let status = response.status().as_u16();
    let kind = response.headers().get(header::CONTENT_TYPE);
    let is_problem = kind.is_some_and(|kind| kind.as_bytes().starts_with(PROBLEM_JSON.as_bytes()));
    let body = bounded(response, PROBLEM_BYTES_MAX).await.ok().flatten();
    let refusal = body.filter(|_| is_problem).and_then(|body| {
        let refusal: Refusal = serde_json::from_slice(&body).ok()?;
        (refusal.status == status && status >= 400).then_some(refusal)
    });
    refusal.unwrap_or_else(|| {
        Refusal::new(Code::HolderUnreachable, format!("it answered with status {status}"))
    })
}

fn unreachable(error: &reqwest::Error) -> Refusal {
    tracing::warn!(%error, "the holder's gateway failed");
    Refusal::new(Code::HolderUnreachable, "it did not answer, or broke off its answer")
}

fn unverified(detail: &str) -> Refusal {
    Refusal::new(Code::AnswerUnverified, detail)
}

/// What came is not handed on, because it could not be recorded.
fn unrecorded(error: QueueError) -> Refusal {
    match error {
        QueueError::Signer(SignerError::WindowFull) => {
            Refusal::new(Code::Busy, "too many halves are on their way")
        }
        QueueError::Signer(error) => super::undecided(error),
        error => {
            tracing::error!(%error, "a half could not be queued");
            Refusal::new(Code::StoreFailed, "what came could not be recorded")
        }
    }
}
