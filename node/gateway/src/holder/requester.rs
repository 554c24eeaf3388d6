//! Who asks: the party that signed the request (RFC 9421), as the ledger knows it now.

use axum::http::{HeaderMap, Uri, header};
use ledger_types::consent::PartyStatus;
use ledger_types::operation::WeightedKey;
use ledger_types::{AccountId, PartyId, PartyRoles, Rejection};
use node_api::ApiCode;
use node_api::signature::{
    CONTENT_DIGEST, Message, Moment, SIGNATURE, SIGNATURE_INPUT, SignatureError, Unverified,
};
use node_client::{Client, ClientError};

use super::{Holder, standing};
use crate::code::{Code, Refusal};

/// A registered party that may act.
#[derive(Debug)]
pub(super) struct Requester {
    /// Its account.
    pub(super) account: AccountId,
    /// What it is registered as.
    pub(super) roles: PartyRoles,
    address: String,
    keys: Vec<WeightedKey>,
}

impl Requester {
    /// Checks that the party itself signed.
    pub(super) fn verify(&self, signed: &Unverified) -> Result<(), Refusal> {
        if signed.reader() != self.address {
            return Err(unverified("somebody else than the requester signed"));
        }
        let keys = self.keys.iter().map(|weighted| &weighted.key);
        signed.verify(keys).map_err(|error| unverified(&error.to_string()))
    }
}

impl Holder {
    /// The request's signature, with everything checked but the signature itself.
    pub(super) fn signed(
        &self,
        uri: &Uri,
        headers: &HeaderMap,
        body: &[u8],
    ) -> Result<Unverified, Refusal> {
        let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
        // A request to another holder, carried here by somebody, names the other's authority.
        let named = text(header::HOST.as_str());
        if !named.is_some_and(|named| named.eq_ignore_ascii_case(&self.parts.authority)) {
            return Err(unverified("the request is addressed to another authority"));
        }
        let message = Message {
            genesis: &self.parts.nodes.network().genesis_hash,
            method: "POST",
            authority: &self.parts.authority,
            path: uri.path(),
            query: uri.query(),
            body,
        };
        let [input, signature, digest] = [SIGNATURE_INPUT, SIGNATURE, CONTENT_DIGEST].map(text);
        let now = Moment::now(self.parts.nodes.clock());
        let read = Unverified::read(&message, input, signature, digest, now);
        read.map_err(|error: SignatureError| unverified(&error.to_string()))
    }

    /// The party of a number, where it may act.
    pub(super) async fn requester(&self, party: PartyId) -> Result<Requester, Refusal> {
        let read = |client: Client| async move { client.party(party).await };
        let body = match self.parts.nodes.read(read).await {
            Ok(body) => body,
            Err(ClientError::Problem(problem))
                if problem.api_code() == Some(ApiCode::PartyNotFound) =>
            {
                return Err(unverified("the ledger knows no such party"));
            }
            Err(error) => return Err(standing::unreachable(&error)),
        };
        if body.status != PartyStatus::Active {
            let suspended = Rejection::PartySuspended;
            return Err(Refusal::denied(suspended.code(), Some(&suspended.to_string())));
        }
        let prefix = &self.parts.nodes.network().address_prefix;
        let account = body.account.account(prefix).ok();
        let Some(account) = account else {
            return Err(unverified("the party's registration does not read"));
        };
        let address = body.account.as_str().to_owned();
        Ok(Requester { account, roles: body.roles, address, keys: body.keys })
    }
}

fn unverified(detail: &str) -> Refusal {
    Refusal::new(Code::RequesterUnverified, detail)
}
