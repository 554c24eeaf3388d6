//! Every path, each with what it answers, which says who may read it.
//!
//! Routes are made from what there is to read, so that nothing is read at a path of which
//! [`rights`](crate::rights) does not decide, and nothing is decided that has no path.

use std::sync::Arc;

use axum::Router;
use axum::routing::{MethodRouter, get, post};
use node_api::path;

use super::{
    Api, accounts, audit, blocks, bundles, consents, decisions, document, events, health, keys,
    logs, network, oversight, registry, submit, transactions,
};
use crate::rights::{Decision, Kind, Open};

/// A path, and who answers there.
type Route = (&'static str, MethodRouter<Arc<Api>>);

/// All of them.
pub(super) fn routes() -> Router<Arc<Api>> {
    // What is open is so to every request, so that it is asked here, once for all of them. Of
    // everything else, who answers asks for each.
    let open = Open::ALL.iter().filter(|open| match open.decision() {
        Decision::Granted(..) => true,
        Decision::Refused(_) => false,
    });
    let open = open.map(|open| open_route(*open));
    let routes = Kind::ALL.iter().map(|kind| route(*kind)).chain(open);
    routes.fold(Router::new(), |router, (template, answering)| {
        // The name of a tile has slashes in it, which the router takes where there is a star.
        if template == path::TILE {
            router.route(&template.replace('{', "{*"), answering)
        } else {
            router.route(template, answering)
        }
    })
}

/// Where something is read by those who may; each of these asks for the decision.
pub(super) fn route(kind: Kind) -> Route {
    match kind {
        Kind::Account => (path::ACCOUNT, get(accounts::account)),
        Kind::History => (path::HISTORY, get(accounts::history)),
        Kind::AccountBundle => (path::ACCOUNT_BUNDLE, get(bundles::account)),
        Kind::Key => (path::KEY, get(keys::key)),
        Kind::Transaction => (path::TRANSACTION, get(transactions::transaction)),
        Kind::Consents => (path::CONSENTS, get(consents::consents)),
        Kind::Consent => (path::CONSENT, get(consents::consent)),
        Kind::ConsentBundle => (path::CONSENT_BUNDLE, get(bundles::consent)),
        Kind::ConsentLog => (path::CONSENT_LOG, get(logs::consent)),
        Kind::SubjectLog => (path::SUBJECT_LOG, get(logs::subject)),
        Kind::PartyLog => (path::PARTY_LOG, get(logs::party)),
        Kind::Duties => (path::DUTIES, get(logs::duties)),
        Kind::Preview => (path::CHECK, get(decisions::check)),
        Kind::Access => (path::ACCESS, get(decisions::access)),
        Kind::Request => (path::REQUEST, get(oversight::request)),
        Kind::Glass => (path::GLASS, get(oversight::glass)),
        Kind::AuditView => (path::VIEW, get(oversight::view)),
    }
}

/// Where something is read by everybody.
pub(super) fn open_route(open: Open) -> Route {
    match open {
        Open::Submission => (path::SUBMIT, post(submit::submit)),
        Open::BulkSubmission => (path::SUBMIT_BULK, post(submit::bulk)),
        Open::Receipt => (path::RECEIPT, get(transactions::receipt)),
        Open::ReceiptProof => (path::RECEIPT_PROOF, get(audit::receipt_proof)),
        Open::ReceiptBundle => (path::RECEIPT_BUNDLE, get(bundles::receipt)),
        Open::Block => (path::BLOCK, get(blocks::block)),
        Open::BlockReceipts => (path::BLOCK_RECEIPTS, get(blocks::receipts)),
        Open::BlockBundle => (path::BLOCK_BUNDLE, get(bundles::block)),
        Open::BlockStream => (path::EVENTS, get(events::events)),
        Open::Status => (path::STATUS, get(network::status)),
        Open::Validators => (path::VALIDATORS, get(network::validators)),
        Open::Supply => (path::SUPPLY, get(network::supply)),
        Open::Zones => (path::ZONES, get(network::zones)),
        Open::Zone => (path::ZONE, get(network::zone)),
        Open::Merchants => (path::MERCHANTS, get(network::merchants)),
        Open::Parties => (path::PARTIES, get(consents::parties)),
        Open::Party => (path::PARTY, get(consents::party)),
        Open::Notice => (path::NOTICE, get(consents::notice)),
        Open::LegalBasis => (path::LEGAL_BASIS, get(registry::legal_basis)),
        Open::Regime => (path::REGIME, get(registry::regime)),
        Open::Vocabulary => (path::VOCABULARY, get(registry::vocabulary)),
        Open::JointUse => (path::JOINT_USE, get(registry::joint_use)),
        Open::OptOut => (path::OPT_OUT, get(registry::opt_out)),
        Open::Terms => (path::TERMS, get(registry::terms)),
        Open::Reconsents => (path::RECONSENTS, get(registry::reconsents)),
        Open::Reconsent => (path::RECONSENT, get(registry::reconsent)),
        Open::Emergency => (path::EMERGENCY, get(registry::emergency)),
        Open::Checkpoint => (path::CHECKPOINT, get(audit::checkpoint)),
        Open::WitnessedCheckpoint => (path::WITNESSED, get(audit::witnessed)),
        Open::AuditPolicy => (path::POLICY, get(audit::policy)),
        Open::AuditProof => (path::LOG_PROOF, get(audit::proof)),
        Open::AuditTile => (path::TILE, get(audit::tile)),
        Open::Document => (path::DOCUMENT, get(document)),
        Open::Health => (path::HEALTHZ, get(health::healthz)),
        Open::Readiness => (path::READYZ, get(health::readyz)),
        Open::Metrics => (path::METRICS, get(health::metrics)),
    }
}
