//! The interface's paths: one table, by which the node routes and clients ask.
//!
//! Each row is a template as the OpenAPI document writes it, and a function that fills it in, by
//! whose name the document calls the operation. No other place spells a path.

use core::fmt;

use ledger_types::consent::Regime;
use ledger_types::{
    BankId, ConsentId, Hash, Height, LegalBasisId, NoticeId, PartyId, ProgrammeId, PublicKey,
    TransactionId, VocabularyId, ZoneId,
};
use serde::Serialize;

use crate::month::Month;
use crate::query;

/// A path of the interface, filled in, with its query where it has one.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Path(String);

impl Path {
    /// The same with a query; one that says nothing leaves it as it is.
    #[must_use]
    pub fn with(self, asked: &impl Serialize) -> Self {
        let text = query::text(asked);
        if text.is_empty() { self } else { Self(format!("{}?{text}", self.0)) }
    }

    /// The text, from its first `/`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A row of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Route {
    /// What it is called: the operation's identity in the OpenAPI document.
    pub name: &'static str,
    /// Its template.
    pub template: &'static str,
}

/// `TEMPLATE name(part: type = how it is written) = "template";`
macro_rules! paths {
    ($($template:ident $name:ident($($part:ident: $kind:ty $(= $written:expr)?),*) = $text:literal;)+) => {
        $(
            #[doc = concat!("`", $text, "`, as a template.")]
            pub const $template: &str = $text;

            #[doc = concat!("`", $text, "`.")]
            #[must_use]
            pub fn $name($($part: $kind),*) -> Path {
                $($(let $part = $written;)?)*
                Path(format!($text))
            }
        )+

        /// Every route.
        pub const ALL: &[Route] =
            &[$(Route { name: stringify!($name), template: $text }),+];
    };
}

paths! {
    SUBMIT submit() = "/v1/transactions";
    SUBMIT_BULK submit_bulk() = "/v1/transactions/bulk";
    TRANSACTION transaction(id: &TransactionId) = "/v1/transactions/{id}";
    RECEIPT receipt(id: &TransactionId) = "/v1/receipts/{id}";
    RECEIPT_PROOF receipt_proof(id: &TransactionId) = "/v1/receipts/{id}/proof";
    RECEIPT_BUNDLE receipt_bundle(id: &TransactionId) = "/v1/receipts/{id}/bundle";
    ACCOUNT account(address: &str) = "/v1/accounts/{address}";
    HISTORY history(address: &str) = "/v1/accounts/{address}/history";
    ACCOUNT_TICKETS account_tickets(address: &str) = "/v1/accounts/{address}/tickets";
    ACCOUNT_BUNDLE account_bundle(address: &str) = "/v1/accounts/{address}/bundle";
    KEY key(key: &PublicKey) = "/v1/keys/{key}";
    REFERENCE reference(bank: BankId, reference: &Hash) = "/v1/banks/{bank}/references/{reference}";
    PAYOUT_TERMS payout_terms(bank: BankId) = "/v1/banks/{bank}/payout-terms";
    BLOCK block(height: Height) = "/v1/blocks/{height}";
    BLOCK_RECEIPTS block_receipts(height: Height) = "/v1/blocks/{height}/receipts";
    BLOCK_BUNDLE block_bundle(height: Height) = "/v1/blocks/{height}/bundle";
    EVENTS events() = "/v1/events";
    STATUS status() = "/v1/status";
    VALIDATORS validators() = "/v1/validators";
    SUPPLY supply() = "/v1/supply";
    CYCLES cycles() = "/v1/cycles";
    CYCLE cycle(cycle: u32) = "/v1/cycles/{cycle}";
    ZONES zones() = "/v1/zones";
    ZONE zone(zone: ZoneId) = "/v1/zones/{zone}";
    MERCHANTS merchants(zone: ZoneId) = "/v1/zones/{zone}/merchants";
    MERCHANT merchant(zone: ZoneId, address: &str) = "/v1/zones/{zone}/merchants/{address}";
    TERMINALS terminals(zone: ZoneId, address: &str)
        = "/v1/zones/{zone}/merchants/{address}/terminals";
    TERMINAL terminal(zone: ZoneId, address: &str, terminal: u16)
        = "/v1/zones/{zone}/merchants/{address}/terminals/{terminal}";
    ZONE_REPORT zone_report(zone: ZoneId, month: Month) = "/v1/zones/{zone}/reports/{month}";
    MERCHANT_FEES merchant_fees(zone: ZoneId, address: &str, month: Month)
        = "/v1/zones/{zone}/merchants/{address}/fees/{month}";
    PAYMENT payment(id: &Hash) = "/v1/payments/{id}";
    INSTRUMENTS instruments(zone: ZoneId) = "/v1/zones/{zone}/instruments";
    PROGRAMMES programmes() = "/v1/programmes";
    PROGRAMME programme(programme: ProgrammeId) = "/v1/programmes/{programme}";
    TICKETS tickets(programme: ProgrammeId, round: u16)
        = "/v1/programmes/{programme}/rounds/{round}/tickets";
    SECRETS secrets(programme: ProgrammeId, round: u16)
        = "/v1/programmes/{programme}/rounds/{round}/secrets";
    DIRECTORY directory() = "/v1/directory";
    PARTIES parties() = "/v1/parties";
    PARTY party(party: PartyId) = "/v1/parties/{party}";
    PARTY_LOG party_log(party: PartyId) = "/v1/parties/{party}/log";
    DUTIES duties(party: PartyId) = "/v1/parties/{party}/duties";
    NOTICE notice(party: PartyId, notice: NoticeId) = "/v1/notices/{party}/{notice}";
    CONSENTS consents() = "/v1/consents";
    CHECK check() = "/v1/consents/check";
    CONSENT consent(id: &ConsentId = id.get()) = "/v1/consents/{id}";
    CONSENT_LOG consent_log(id: &ConsentId = id.get()) = "/v1/consents/{id}/log";
    CONSENT_BUNDLE consent_bundle(id: &ConsentId = id.get()) = "/v1/consents/{id}/bundle";
    SUBJECT_LOG subject_log(address: &str) = "/v1/subjects/{address}/log";
    ACCESS access(id: &Hash) = "/v1/accesses/{id}";
    ACCESS_BUNDLE access_bundle(id: &Hash) = "/v1/accesses/{id}/bundle";
    REQUEST request(id: &Hash) = "/v1/requests/{id}";
    GLASS glass(id: &Hash) = "/v1/glasses/{id}";
    VIEW view(id: &Hash) = "/v1/views/{id}";
    LEGAL_BASIS legal_basis(id: LegalBasisId) = "/v1/legal-bases/{id}";
    REGIME regime(regime: Regime = word(&regime)) = "/v1/regimes/{regime}";
    VOCABULARY vocabulary(id: VocabularyId, version: u32) = "/v1/vocabularies/{id}/{version}";
    JOINT_USE joint_use(party: PartyId, scheme: u32, version: u32)
        = "/v1/joint-uses/{party}/{scheme}/{version}";
    OPT_OUT opt_out(party: PartyId, scheme: u32) = "/v1/opt-outs/{party}/{scheme}";
    TERMS terms(party: PartyId, terms: u32) = "/v1/terms/{party}/{terms}";
    RECONSENTS reconsents() = "/v1/reconsents";
    RECONSENT reconsent(request: &Hash) = "/v1/reconsents/{request}";
    EMERGENCY emergency(area: u32) = "/v1/emergencies/{area}";
    CHECKPOINT checkpoint() = "/audit/checkpoint";
    WITNESSED witnessed() = "/audit/witnessed";
    POLICY policy() = "/audit/policy";
    LOG_PROOF log_proof(index: u64) = "/audit/proof/{index}";
    TILE tile(tile: &str = tile.strip_prefix("tile/").unwrap_or(tile)) = "/audit/tile/{tile}";
    DOCUMENT document() = "/openapi.json";
    HEALTHZ healthz() = "/healthz";
    READYZ readyz() = "/readyz";
    METRICS metrics() = "/metrics";
}

/// A name as bodies write it.
fn word(value: &impl Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::query::Page;

    #[test]
    fn templates_are_filled_in_by_name() {
        let scheme = joint_use(PartyId::new(3), 5, 7);
        assert_eq!(scheme.as_str(), "/v1/joint-uses/3/5/7");
        assert_eq!(regime(Regime::PublicBody).as_str(), "/v1/regimes/public_body");
        let id = "ab".repeat(32);
        let consent = consent_log(&ConsentId::new(Hash::new([0xab; 32])));
        assert_eq!(consent.as_str(), format!("/v1/consents/{id}/log"));
    }

    #[test]
    fn a_query_comes_behind_the_path_and_an_empty_one_leaves_no_trace() {
        let page = Page { cursor: Some("1:2".to_owned()), limit: Some(7) };
        assert_eq!(
            merchants(ZoneId::new(1)).with(&page).as_str(),
            "/v1/zones/1/merchants?cursor=1:2&limit=7"
        );
        assert_eq!(history("aizu1x").with(&Page::default()), history("aizu1x"));
    }

    #[test]
    fn no_route_stands_twice() {
        let names: BTreeSet<&str> = ALL.iter().map(|route| route.name).collect();
        let templates: BTreeSet<&str> = ALL.iter().map(|route| route.template).collect();
        assert_eq!((names.len(), templates.len()), (ALL.len(), ALL.len()));
    }
}
