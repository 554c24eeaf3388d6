//! Every path, each with what it answers, which says who may read it.
//!
//! Routes are made from what there is to read, so that nothing is read at a path of which
//! [`rights`](crate::rights) does not decide, and nothing is decided that has no path.

use std::sync::Arc;

use axum::Router;
use axum::routing::{MethodRouter, get, post};
use node_api::path;

use super::{
    Api, accesses, accounts, audit, blocks, bundles, consents, cycles, decisions, document, events,
    health, keys, logs, network, oversight, programmes, references, registry, reports, shops,
    submit, transactions,
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

/// One row a route: what is read there, its path, and who answers. Whoever answers says in the
/// document what it answers.
macro_rules! routes {
    (
        by_right { $($kind:ident => $kind_path:ident $ask:ident $of:ident::$by:ident;)+ }
        open { $($open:ident => $open_path:ident $method:ident $module:ident::$name:ident;)+ }
    ) => {
        /// Where something is read by those who may; each of these asks for the decision.
        pub(super) fn route(kind: Kind) -> Route {
            match kind { $(Kind::$kind => (path::$kind_path, $ask($of::$by)),)+ }
        }

        /// Where something is read by everybody.
        pub(super) fn open_route(open: Open) -> Route {
            match open {
                Open::Document => (path::DOCUMENT, get(document)),
                $(Open::$open => (path::$open_path, $method($module::$name)),)+
            }
        }

        /// All of them as the document describes them.
        #[derive(utoipa::OpenApi)]
        #[openapi(paths($($of::$by,)+ $($module::$name,)+))]
        pub(super) struct Described;
    };
}

routes! {
    by_right {
        Account => ACCOUNT get accounts::account;
        History => HISTORY get accounts::history;
        AccountBundle => ACCOUNT_BUNDLE get bundles::account;
        Tickets => ACCOUNT_TICKETS get programmes::account_tickets;
        Reference => REFERENCE get references::reference;
        Key => KEY get keys::key;
        Transaction => TRANSACTION get transactions::transaction;
        Merchants => MERCHANTS get network::merchants;
        Merchant => MERCHANT get network::merchant;
        Terminals => TERMINALS get shops::terminals;
        Report => ZONE_REPORT get reports::zone_report;
        MerchantFees => MERCHANT_FEES get reports::merchant_fees;
        Payment => PAYMENT get shops::payment;
        Consents => CONSENTS get consents::consents;
        Consent => CONSENT get consents::consent;
        ConsentBundle => CONSENT_BUNDLE get bundles::consent;
        ConsentLog => CONSENT_LOG get logs::consent;
        SubjectLog => SUBJECT_LOG get logs::subject;
        PartyLog => PARTY_LOG get logs::party;
        Duties => DUTIES get logs::duties;
        Preview => CHECK get decisions::check;
        Access => ACCESS get accesses::access;
        AccessBundle => ACCESS_BUNDLE get accesses::bundle;
        Request => REQUEST get oversight::request;
        Glass => GLASS get oversight::glass;
        AuditView => VIEW get oversight::view;
    }
    open {
        Submission => SUBMIT post submit::submit;
        BulkSubmission => SUBMIT_BULK post submit::bulk;
        Receipt => RECEIPT get transactions::receipt;
        ReceiptProof => RECEIPT_PROOF get audit::receipt_proof;
        ReceiptBundle => RECEIPT_BUNDLE get bundles::receipt;
        Block => BLOCK get blocks::block;
        BlockReceipts => BLOCK_RECEIPTS get blocks::receipts;
        BlockBundle => BLOCK_BUNDLE get bundles::block;
        BlockStream => EVENTS get events::events;
        Status => STATUS get network::status;
        Validators => VALIDATORS get network::validators;
        Supply => SUPPLY get network::supply;
        Cycles => CYCLES get cycles::cycles;
        Cycle => CYCLE get cycles::cycle;
        Zones => ZONES get network::zones;
        Zone => ZONE get network::zone;
        PayoutTerms => PAYOUT_TERMS get network::payout_terms;
        Instruments => INSTRUMENTS get programmes::instruments;
        Programmes => PROGRAMMES get programmes::programmes;
        Terminal => TERMINAL get shops::terminal;
        Programme => PROGRAMME get programmes::programme;
        PublicTickets => TICKETS get programmes::tickets;
        Secrets => SECRETS get programmes::secrets;
        Directory => DIRECTORY get network::directory;
        Parties => PARTIES get consents::parties;
        Party => PARTY get consents::party;
        Notice => NOTICE get consents::notice;
        LegalBasis => LEGAL_BASIS get registry::legal_basis;
        Regime => REGIME get registry::regime;
        Vocabulary => VOCABULARY get registry::vocabulary;
        JointUse => JOINT_USE get registry::joint_use;
        OptOut => OPT_OUT get registry::opt_out;
        Terms => TERMS get registry::terms;
        Reconsents => RECONSENTS get registry::reconsents;
        Reconsent => RECONSENT get registry::reconsent;
        Emergency => EMERGENCY get registry::emergency;
        Checkpoint => CHECKPOINT get audit::checkpoint;
        WitnessedCheckpoint => WITNESSED get audit::witnessed;
        AuditPolicy => POLICY get audit::policy;
        AuditProof => LOG_PROOF get audit::proof;
        AuditTile => TILE get audit::tile;
        Health => HEALTHZ get health::healthz;
        Readiness => READYZ get health::readyz;
        Metrics => METRICS get health::metrics;
    }
}
