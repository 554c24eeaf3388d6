//! Every operation of the node's OpenAPI document has a method, which asks at its path and signs
//! where the document says that it must.

use std::collections::{BTreeMap, BTreeSet};

use ledger_types::consent::Regime;
use ledger_types::{
    BankId, ConsentId, LegalBasisId, NoticeId, PartyId, ProgrammeId, VocabularyId, ZoneId,
};
use node_api::query::{ByRead, Check, Consents, Log, OfParty, Page, Reconsents, Right, Wait};
use node_api::{Address, Month};

use super::*;

/// The document that the node's own test keeps current.
const DOCUMENT: &str = include_str!("../../../openapi.json");

/// Whether an operation must be signed, by method and template.
fn described() -> BTreeMap<(String, String), bool> {
    let document: serde_json::Value = serde_json::from_str(DOCUMENT).unwrap();
    let paths = document["paths"].as_object().unwrap();
    let operations = paths.iter().flat_map(|(template, item)| {
        item.as_object().unwrap().iter().map(move |(method, operation)| {
            let schemes = operation["security"].as_array();
            let must_sign =
                schemes.is_some_and(|schemes| schemes.iter().all(|one| !one["reader"].is_null()));
            ((method.to_uppercase(), template.clone()), must_sign)
        })
    });
    operations.collect()
}

/// The template of a path: where several fit, the one with the fewest parts left open.
fn template_of(path: &str, described: &BTreeMap<(String, String), bool>) -> Option<String> {
    let parts: Vec<&str> = path.split('/').collect();
    let fits = |template: &&String| {
        let wanted: Vec<&str> = template.split('/').collect();
        let same = |(part, want): (&&str, &&str)| want.starts_with('{') || part == want;
        wanted.len() == parts.len() && parts.iter().zip(&wanted).all(same)
    };
    let fitting = described.keys().map(|(_, template)| template).filter(fits);
    fitting.min_by_key(|template| template.matches('{').count()).cloned()
}

/// Calls methods, each once; that they are refused is no matter.
macro_rules! ask {
    ($client:ident; $($name:ident($($part:expr),*);)+) => {$(
        let _ = $client.$name($($part),*).await;
    )+};
}

/// Calls every method once.
async fn ask_everything(client: &Client) {
    let reader = &Reader { address: "aizu1x".to_owned(), key: SigningKey::from_seed(&[5; 32]) };
    let (id, hash) = (&TransactionId::new(Hash::ZERO), &Hash::ZERO);
    let (consent, party) = (&ConsentId::new(Hash::ZERO), PartyId::new(1));
    let (address, page, right) = ("aizu1x", &Page::default(), &Right::default());
    let (log, of_party, height) = (&Log::default(), &OfParty::default(), Height::new(3));
    let by_read = &ByRead::default();
    ask! { client;
        submit(&signed(client));
        submit_bulk(&[signed(client)]);
        transaction(id, None);
        receipt(id, Wait::default());
        receipt_proof(id);
        receipt_bundle(id);
        account(address, by_read, reader);
        key(&reader.key.public_key(), page, reader);
        history(address, log, reader);
        account_bundle(address, by_read, reader);
        block(height);
        block_receipts(height);
        block_bundle(height);
        status();
        validators();
        supply();
        cycles();
        cycle(1);
        zones();
        zone(ZoneId::new(1));
        instruments(ZoneId::new(1));
        programmes();
        programme(ProgrammeId::new(1));
        tickets(ProgrammeId::new(1), 2, page);
        secrets(ProgrammeId::new(1), 2);
        account_tickets(address, reader);
        parties(page);
        party(party);
        party_log(party, of_party, reader);
        duties(party, of_party, reader);
        notice(party, NoticeId::new(2));
        check(&Check::default(), reader);
        consent(consent, right, reader);
        consent_log(consent, log, reader);
        consent_bundle(consent, right, reader);
        subject_log(address, log, reader);
        access(hash, right, reader);
        access_bundle(hash, right, reader);
        reference(BankId::new(1), hash, reader);
        directory();
        request(hash, right, reader);
        glass(hash, reader);
        view(hash, reader);
        legal_basis(LegalBasisId::new(1));
        regime(Regime::PublicBody);
        vocabulary(VocabularyId::new(1), 2);
        joint_use(party, 2, 3);
        opt_out(party, 2);
        terms(party, 2);
        reconsent(hash);
        emergency(1);
    }
    let subject = Address::of(&AccountId::new([1; 20]), &client.network().address_prefix);
    let _ = client.consents(&Consents { subject, cursor: None, limit: None }, reader).await;
    let notice = NoticeId::new(2);
    let _ = client.reconsents(&Reconsents { party, notice, cursor: None, limit: None }).await;
    ask_of_shops(client, reader).await;
    ask_the_node(client).await;
}

/// What is asked of shops.
async fn ask_of_shops(client: &Client, reader: &Reader) {
    let (zone, address, page) = (ZoneId::new(1), "aizu1x", &Page::default());
    let month = Month::of_digits(202_611).unwrap();
    ask! { client;
        merchants(zone, page);
        merchant(zone, address);
        terminals(zone, address, reader);
        terminal(zone, address, 3);
        payment(&Hash::ZERO, reader);
        payout_terms(BankId::new(1));
        zone_report(zone, month, None);
        merchant_fees(zone, address, month, reader);
    }
}

/// What is asked of the node itself, of its log and of its network.
async fn ask_the_node(client: &Client) {
    ask! { client;
        checkpoint();
        witnessed();
        policy();
        log_proof(9);
        tile("tile/000");
        document();
        healthz();
        readyz();
        metrics();
    }
    let _ = client.follow(Height::GENESIS).next().await;
}

#[tokio::test]
async fn every_route_of_the_server_has_a_method_that_asks_there_and_signs_where_it_must() {
    let described = described();
    let refused = || response(404, "text/plain", b"nothing here");
    let (url, script) = serve((0..described.len() + 1).map(|_| refused()).collect()).await;
    ask_everything(&client(&url, 5_000)).await;
    let mut asked = BTreeSet::new();
    for (head, _) in script.requests() {
        let mut line = head.split(' ');
        let (method, target) = (line.next().unwrap(), line.next().unwrap());
        let path = target.split('?').next().unwrap();
        if path == node_api::path::DOCUMENT {
            continue;
        }
        let template = template_of(path, &described);
        let operation = (method.to_owned(), template.unwrap_or_else(|| panic!("no route: {path}")));
        let signs = head.to_lowercase().contains("\r\nsignature-input: ");
        assert_eq!(signs, described[&operation], "{operation:?} is signed: {signs}");
        asked.insert(operation);
    }
    let missing: Vec<_> = described.keys().filter(|one| !asked.contains(one)).collect();
    assert!(missing.is_empty(), "no method asks at {missing:?}");
}
