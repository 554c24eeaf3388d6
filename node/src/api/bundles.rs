//! Bundles: files that prove to anyone, offline, what the plain reads say to whoever trusts the node.
//!
//! Who may read a thing may have its bundle. A receipt's proof is a matter of the log alone; of
//! accounts and consents the state must be proved, which is possible only at certain blocks: the
//! module of [`Prover`](crate::chain::Prover) says which and why, and who waits for whom.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::State as Shared;
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use ledger_proof::bundle::{Bundle, BundledLog, BundledSet, Claim, Decided, LogEntry, StateAnchor};
use ledger_proof::checkpoint::SignedCheckpoint;
use ledger_proof::tlog_proof::TlogProof;
use ledger_types::{ConsentId, Entry, Height, Receipt, TransactionId};
use node_api::ApiCode;
use node_api::path;
use node_api::query::{ByRead, Right};
use node_api::text::schema::BundleDocument;

use super::audit::no_checkpoint;
use super::extract::{Params, Segments};
use super::failure::{Answer, Failure};
use super::reader::{SignedParts, ask_of};
use super::{Api, blocks};
use crate::chain::Subject;
use crate::rights::{Matter, Named};

/// How long a proof from the state may take: blocks come at least every second, each interval has
/// one that is cosigned, and one or two of them may find no quorum.
const PROVED_WITHIN: Duration = Duration::from_secs(5);

/// The bundle of a transaction's receipt: that it is in the log. Public, as the receipt is.
#[utoipa::path(
    get, path = path::RECEIPT_BUNDLE, tag = "audit log",
    params(("id" = String, Path, description = "The transaction: 64 hexadecimal digits.")),
    responses(
        (status = 200, description = "A bundle with one claim.", body = BundleDocument),
        (status = "4XX", description = "Not committed (6201)."),
        (status = 503, description = "No checkpoint covers it yet (7004)."),
    ),
)]
pub(super) async fn receipt(
    Shared(api): Shared<Arc<Api>>,
    Segments(id): Segments<TransactionId>,
) -> Answer<Response> {
    let proof = api.proof_of_receipt(&id).await?;
    let entry = proof.extra.clone().ok_or_else(no_checkpoint)?;
    let claims = vec![Claim::Receipt(log_entry(&proof, &entry)?)];
    Ok(document(&Bundle { log: Some(api.log_at(&proof.checkpoint)), claims, ..api.bundle() }))
}

/// The bundle of an account: its record and its sub-accounts in zones after one block, or that it
/// has no record.
#[utoipa::path(
    get, path = path::ACCOUNT_BUNDLE, tag = "audit log",
    params(("address" = String, Path, description = "The account's address."), ByRead),
    responses(
        (status = 200, description = "A bundle of claims about the state after one block, whose \
            commit is the checkpoint's last entry.", body = BundleDocument),
        (status = "4XX", description = "Not signed, or not entitled."),
        (status = 503, description = "No such checkpoint in time (7004), or too many wait (7009)."),
    ),
)]
pub(super) async fn account(
    Shared(api): Shared<Arc<Api>>,
    Segments(address): Segments<String>,
    Params(asked): Params<ByRead>,
    signed: SignedParts,
) -> Answer<Response> {
    let named = Named { read: asked.read, ..Named::default() };
    let (account, _) = api.entitled_by(named, &address, &signed, Matter::AccountBundle)?;
    api.state_bundle(Subject::Account(account)).await.map(|bundle| document(&bundle))
}

/// The bundle of a consent: its record, its notice's, its controller's and the reading party's.
///
/// A decision on a request for data rests on these records and no others.
#[utoipa::path(
    get, path = path::CONSENT_BUNDLE, tag = "audit log",
    params(("id" = String, Path, description = "The consent: 64 hexadecimal digits."), Right),
    responses(
        (status = 200, description = "A bundle of claims about the state after one block, whose \
            commit is the checkpoint's last entry.", body = BundleDocument),
        (status = "4XX", description = "Not signed, or not entitled."),
        (status = 503, description = "No such checkpoint in time (7004), or too many wait (7009)."),
    ),
)]
pub(super) async fn consent(
    Shared(api): Shared<Arc<Api>>,
    Segments(consent): Segments<ConsentId>,
    Params(asked): Params<Right>,
    signed: SignedParts,
) -> Answer<Response> {
    let signer = signed.signer(&api.query.state())?;
    let (requester, reader) = (signer.party, signer.naming(Named::from(&asked)));
    let found = api.accesses(asked.access).await?.records();
    ask_of(&api.query.state(), &found, &reader, &Matter::ConsentBundle(consent))?;
    let subject = Subject::Consent { consent, requester };
    api.state_bundle(subject).await.map(|bundle| document(&bundle))
}

/// The bundle of a block: its header, the certificate that decided it, and the set that did.
#[utoipa::path(
    get, path = path::BLOCK_BUNDLE, tag = "audit log",
    params(("height" = String, Path, description = "A height from 1, or `latest`.")),
    responses(
        (status = 200, description = "A bundle with one claim.", body = BundleDocument),
        (status = "4XX", description = "Not decided yet (6203), or not stored any more (6204)."),
    ),
)]
pub(super) async fn block(
    Shared(api): Shared<Arc<Api>>,
    Segments(height): Segments<String>,
) -> Answer<Response> {
    let height = api.stored_height(&height)?;
    let found = api.blocking(move |query| query.block(height)).await??;
    let (certificate, block) = found.ok_or_else(|| blocks::not_found(height))?;
    // No operation changes the set, so the one of genesis decides every height.
    let set = api.query.state().validators().clone();
    let validators = Some(BundledSet { height: Height::new(1), set });
    let claims = vec![Claim::Header(Box::new(Decided { header: block.header, certificate }))];
    Ok(document(&Bundle { validators, claims, ..api.bundle() }))
}

impl Api {
    /// A bundle that says nothing yet.
    fn bundle(&self) -> Bundle {
        let (changes, claims) = (Vec::new(), Vec::new());
        Bundle { genesis: self.query.genesis(), validators: None, changes, log: None, claims }
    }

    fn log_at(&self, checkpoint: &SignedCheckpoint) -> BundledLog {
        let policy = self.audit_log.policy().to_string();
        BundledLog { policy, checkpoint: checkpoint.clone() }
    }

    /// The bundle of receipts, each with its place in the log, under one checkpoint.
    pub(super) async fn receipts_bundle(&self, receipts: &[(u64, Receipt)]) -> Answer<Response> {
        let size = receipts.iter().map(|(index, _)| index.saturating_add(1)).max();
        let checkpoint = self.covering(size.ok_or_else(no_checkpoint)?).await?;
        let mut claims = Vec::new();
        for (index, receipt) in receipts {
            let TlogProof { path, .. } = self.proof_under(*index, &checkpoint).await?;
            let entry = Entry::Receipt(*receipt);
            claims.push(Claim::Receipt(LogEntry { index: *index, entry, path }));
        }
        Ok(document(&Bundle { log: Some(self.log_at(&checkpoint)), claims, ..self.bundle() }))
    }

    /// Claims about the state as a cosigned block left it.
    async fn state_bundle(&self, subject: Subject) -> Answer<Bundle> {
        let proved = tokio::time::timeout(PROVED_WITHIN, async {
            loop {
                if let Some(bundle) = self.state_bundle_of_next(&subject).await? {
                    return Ok(bundle);
                }
            }
        });
        proved.await.unwrap_or_else(|_| Err(no_checkpoint()))
    }

    /// The same from the next such block; `None` where its checkpoint was passed over.
    async fn state_bundle_of_next(&self, subject: &Subject) -> Answer<Option<Bundle>> {
        let busy = || Failure::new(ApiCode::Busy, "too many wait for proofs from the state");
        let asked = self.prover.ask(subject.clone()).ok_or_else(busy)?;
        let stopping = |_| Failure::new(ApiCode::ShuttingDown, "the node is stopping");
        let proved = asked.await.map_err(stopping)?;
        let mut latest = self.audit_log.checkpoint();
        let reached = latest.wait_for(|latest| {
            latest.as_ref().is_some_and(|latest| latest.checkpoint().size >= proved.size)
        });
        let checkpoint = reached.await.ok().and_then(|latest| latest.clone());
        let checkpoint = checkpoint.ok_or_else(no_checkpoint)?;
        if checkpoint.checkpoint().size != proved.size {
            return Ok(None);
        }
        let index = proved.size.saturating_sub(1);
        let proof = self.proof_under(index, &checkpoint).await?;
        let commit = log_entry(&proof, &self.log_entry(index).await?)?;
        let claims = proved.proofs.into_iter().map(|(key, proof)| Claim::State {
            anchor: StateAnchor::Commit(commit.clone()),
            key,
            proof: Box::new(proof),
        });
        let log = Some(self.log_at(&proof.checkpoint));
        Ok(Some(Bundle { log, claims: claims.collect(), ..self.bundle() }))
    }
}

/// An entry of the log with its path.
fn log_entry(proof: &TlogProof, entry: &[u8]) -> Answer<LogEntry> {
    let entry = Entry::decode(entry).map_err(|error| {
        tracing::error!(%error, index = proof.index, "the audit log holds what is no entry");
        Failure::new(ApiCode::InternalFault, "the audit log holds what is no entry")
    })?;
    Ok(LogEntry { index: proof.index, entry, path: proof.path.clone() })
}

fn document(bundle: &Bundle) -> Response {
    ([(header::CONTENT_TYPE, "application/json")], bundle.to_json()).into_response()
}
