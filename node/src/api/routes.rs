//! Every path, each with what it answers, which says who may read it.
//!
//! Routes are made from what there is to read, so that nothing is read at a path of which
//! [`rights`](crate::rights) does not decide, and nothing is decided that has no path.

use std::sync::Arc;

use axum::Router;
use axum::routing::{MethodRouter, get, post};

use super::{
    Api, accounts, audit, blocks, bundles, consents, decisions, document, events, health, logs,
    network, oversight, registry, submit, transactions,
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
    routes.fold(Router::new(), |router, (path, answering)| router.route(path, answering))
}

/// Where something is read by those who may; each of these asks for the decision.
pub(super) fn route(kind: Kind) -> Route {
    match kind {
        Kind::Account => ("/v1/accounts/{address}", get(accounts::account)),
        Kind::History => ("/v1/accounts/{address}/history", get(accounts::history)),
        Kind::AccountBundle => ("/v1/accounts/{address}/bundle", get(bundles::account)),
        Kind::Transaction => ("/v1/transactions/{id}", get(transactions::transaction)),
        Kind::Consents => ("/v1/consents", get(consents::consents)),
        Kind::Consent => ("/v1/consents/{id}", get(consents::consent)),
        Kind::ConsentBundle => ("/v1/consents/{id}/bundle", get(bundles::consent)),
        Kind::ConsentLog => ("/v1/consents/{id}/log", get(logs::consent)),
        Kind::SubjectLog => ("/v1/subjects/{address}/log", get(logs::subject)),
        Kind::PartyLog => ("/v1/parties/{party}/log", get(logs::party)),
        Kind::Duties => ("/v1/parties/{party}/duties", get(logs::duties)),
        Kind::Preview => ("/v1/consents/check", get(decisions::check)),
        Kind::Access => ("/v1/accesses/{id}", get(decisions::access)),
        Kind::Request => ("/v1/requests/{id}", get(oversight::request)),
        Kind::Glass => ("/v1/glasses/{id}", get(oversight::glass)),
        Kind::AuditView => ("/v1/views/{id}", get(oversight::view)),
    }
}

/// Where something is read by everybody.
pub(super) fn open_route(open: Open) -> Route {
    match open {
        Open::Submission => ("/v1/transactions", post(submit::submit)),
        Open::BulkSubmission => ("/v1/transactions/bulk", post(submit::bulk)),
        Open::Receipt => ("/v1/receipts/{id}", get(transactions::receipt)),
        Open::ReceiptProof => ("/v1/receipts/{id}/proof", get(audit::receipt_proof)),
        Open::ReceiptBundle => ("/v1/receipts/{id}/bundle", get(bundles::receipt)),
        Open::Block => ("/v1/blocks/{height}", get(blocks::block)),
        Open::BlockReceipts => ("/v1/blocks/{height}/receipts", get(blocks::receipts)),
        Open::BlockBundle => ("/v1/blocks/{height}/bundle", get(bundles::block)),
        Open::BlockStream => ("/v1/events", get(events::events)),
        Open::Status => ("/v1/status", get(network::status)),
        Open::Validators => ("/v1/validators", get(network::validators)),
        Open::Supply => ("/v1/supply", get(network::supply)),
        Open::Zones => ("/v1/zones", get(network::zones)),
        Open::Zone => ("/v1/zones/{zone}", get(network::zone)),
        Open::Merchants => ("/v1/zones/{zone}/merchants", get(network::merchants)),
        Open::Party => ("/v1/parties/{party}", get(consents::party)),
        Open::Notice => ("/v1/notices/{party}/{notice}", get(consents::notice)),
        Open::LegalBasis => ("/v1/legal-bases/{id}", get(registry::legal_basis)),
        Open::Regime => ("/v1/regimes/{regime}", get(registry::regime)),
        Open::Vocabulary => ("/v1/vocabularies/{id}/{version}", get(registry::vocabulary)),
        Open::JointUse => ("/v1/joint-uses/{party}/{scheme}/{version}", get(registry::joint_use)),
        Open::OptOut => ("/v1/opt-outs/{party}/{scheme}", get(registry::opt_out)),
        Open::Terms => ("/v1/terms/{party}/{terms}", get(registry::terms)),
        Open::Reconsents => ("/v1/reconsents", get(registry::reconsents)),
        Open::Reconsent => ("/v1/reconsents/{request}", get(registry::reconsent)),
        Open::Emergency => ("/v1/emergencies/{area}", get(registry::emergency)),
        Open::Checkpoint => ("/audit/checkpoint", get(audit::checkpoint)),
        Open::WitnessedCheckpoint => ("/audit/witnessed", get(audit::witnessed)),
        Open::AuditPolicy => ("/audit/policy", get(audit::policy)),
        Open::AuditProof => ("/audit/proof/{index}", get(audit::proof)),
        Open::AuditTile => ("/audit/tile/{*tile}", get(audit::tile)),
        Open::Document => ("/openapi.json", get(document)),
        Open::Health => ("/healthz", get(health::healthz)),
        Open::Readiness => ("/readyz", get(health::readyz)),
        Open::Metrics => ("/metrics", get(health::metrics)),
    }
}
