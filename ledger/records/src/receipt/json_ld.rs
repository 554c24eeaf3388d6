//! The receipt as DPV JSON-LD in the structure of ISO/IEC TS 27560:2023.

use serde_json::{Map, Value, json};

use super::{BASE, Event, Facts, Organisation, Reading, rfc_3339};
use crate::terms::{Process, Recipient};
use crate::vocabulary::legal::Bilingual;
use crate::vocabulary::{ConceptName, Vocabulary};

/// The profile that the record is in.
const RECORD_PROFILE: &str = "https://w3id.org/dpv/schema/dpv-27560#record";
/// The profile that the receipt around it is in.
const RECEIPT_PROFILE: &str = "https://w3id.org/dpv/schema/dpv-27560#receipt";

/// The receipt of a consent.
#[must_use]
pub fn json_ld(facts: &Facts, vocabulary: &Vocabulary) -> Value {
    let mut receipt = json!({
        "@context": context(),
        "@id": format!("{BASE}{}/receipts/{}", facts.genesis.network(), facts.receipt),
        "@type": "dpv:ConsentReceipt",
        "dct:identifier": facts.receipt,
        "dct:conformsTo": { "@id": RECEIPT_PROFILE },
        "dct:created": time(&rfc_3339(facts.issued_at)),
        "dct:publisher": { "@id": facts.party_iri(facts.controller.party) },
        "schema:recipient": { "@id": "dpv:DataSubject" },
        "dpv:hasRecordOfActivity": record(facts, vocabulary),
    });
    if let (Some(proof), Some(members)) = (&facts.proof, receipt.as_object_mut()) {
        members.insert("proof".to_owned(), proof.clone());
    }
    receipt
}

fn context() -> Value {
    json!({
        "dpv": "https://w3id.org/dpv#",
        "pd": "https://w3id.org/dpv/pd#",
        "loc": "https://w3id.org/dpv/loc#",
        "dct": "http://purl.org/dc/terms/",
        "schema": "https://schema.org/",
        "skos": "http://www.w3.org/2004/02/skos/core#",
        "xsd": "http://www.w3.org/2001/XMLSchema#",
        "kyojo": "https://kyojo.example/vocabulary#",
        "proof": { "@id": "kyojo:proof", "@type": "@json" },
    })
}

/// The four parts of a record: header, processing, parties, events.
fn record(facts: &Facts, vocabulary: &Vocabulary) -> Value {
    let (basis, statute) = &facts.basis;
    let processes: Vec<Value> =
        facts.processes.iter().map(|process| self::process(facts, process, vocabulary)).collect();
    let mut record = json!({
        "@id": facts.consent_iri(),
        "@type": "dpv:ConsentRecord",
        "dct:identifier": facts.consent.get(),
        "dct:conformsTo": { "@id": RECORD_PROFILE },
        "dpv:hasDataSubject": { "@id": format!("{BASE}subjects/{}", facts.subject),
                                "@type": "dpv:DataSubject" },
        "dpv:hasDataController": organisation(facts, &facts.controller),
        "dpv:hasJurisdiction": { "@id": "loc:JP" },
        "dpv:hasApplicableLaw": {
            "@id": format!("kyojo:{}", basis.code.split('-').next().unwrap_or_default()),
            "dct:title": languages(&statute.name),
            "dct:hasVersion": statute.in_force_from,
        },
        "dpv:hasLegalBasis": {
            "@id": format!("kyojo:{}", basis.code),
            "skos:broader": { "@id": basis.dpv.as_ref().map_or("dpv:LegalBasis", ConceptName::as_str) },
            "dct:title": languages(&basis.title),
        },
        "dpv:hasProcess": processes,
        "dpv:hasNotice": {
            "@id": facts.notice.url,
            "@type": "dpv:ConsentNotice",
            "dct:identifier": facts.notice.notice.to_string(),
            "dct:hasVersion": facts.notice.version.to_string(),
            "dct:language": facts.notice.language,
            "kyojo:contentHash": facts.notice.content_hash,
        },
        "dpv:hasConsentControl": { "@type": "dpv:WithdrawConsent",
                                   "dpv:isExercisedAt": { "@id": facts.withdraw_url } },
        "dpv:hasRight": { "@type": "dpv:DataSubjectRight",
                          "dpv:isExercisedAt": { "@id": facts.withdraw_url } },
        "dct:valid": valid(facts),
        "dpv:hasConsentStatus": facts.events.iter().map(status).collect::<Vec<Value>>(),
    });
    if let (Some(limit), Some(members)) = (facts.use_limit, record.as_object_mut()) {
        members.insert("kyojo:useLimit".to_owned(), json!(limit));
    }
    record
}

/// From when until when it holds: until it ended, where it has.
fn valid(facts: &Facts) -> String {
    let end = facts.ended().map_or(facts.expires, |ended| ended.max(facts.valid_from));
    format!("{}/{}", rfc_3339(facts.valid_from), rfc_3339(end))
}

fn organisation(facts: &Facts, organisation: &Organisation) -> Value {
    json!({
        "@id": facts.party_iri(organisation.party),
        "@type": "dpv:Organisation",
        "dpv:hasName": languages(&organisation.name),
        "dpv:hasAddress": languages(&organisation.address),
        "dpv:hasContact": [organisation.telephone, organisation.email, organisation.url],
    })
}

fn process(facts: &Facts, process: &Process, vocabulary: &Vocabulary) -> Value {
    let mut members = Map::new();
    let mut put = |name: &str, value: Value| members.insert(name.to_owned(), value);
    put("@type", json!("dpv:Process"));
    put("dpv:hasPurpose", concept(&process.purpose, vocabulary));
    let mut category = concept(&process.category, vocabulary);
    if process.sensitive {
        category["@type"] = json!("dpv:SensitivePersonalData");
    }
    put("dpv:hasPersonalData", category);
    let operations = process.operations.iter().map(|one| json!({ "@id": one.concept() }));
    put("dpv:hasProcessing", operations.collect());
    put("dpv:hasRecipient", json!(recipients(facts, process.recipient)));
    let storage = json!([
        { "@type": "dpv:StorageLocation", "dpv:hasLocation": process.region.as_str() },
        { "@type": "dpv:StorageDuration",
          "dpv:hasDuration": format!("P{}D", process.retention_days) },
    ]);
    put("dpv:hasStorageCondition", storage);
    if let Some(period) = &process.data_period {
        put("dct:temporal", json!(format!("{}/{}", period.from, period.until)));
    }
    if !process.excludes.is_empty() {
        let excludes = process.excludes.iter().map(|name| concept(name, vocabulary));
        put("kyojo:excludes", excludes.collect());
    }
    Value::Object(members)
}

fn recipients(facts: &Facts, recipient: Recipient) -> Vec<Value> {
    match recipient {
        Recipient::Party(party) => vec![json!({ "@id": facts.party_iri(party) })],
        Recipient::Roles(roles) => {
            let one = |role| json!({ "@type": "dpv:Recipient", "kyojo:role": role });
            roles.names().into_iter().map(one).collect()
        }
        Recipient::JointUse { scheme, version } => {
            let controller = facts.party_iri(facts.controller.party);
            vec![json!({
                "@id": format!("{controller}/joint-uses/{scheme}-{version}"),
                "@type": "dpv:Recipient",
                "dct:title": languages(&Bilingual {
                    ja: super::text::recipient(facts, recipient, Reading::Japanese),
                    en: super::text::recipient(facts, recipient, Reading::English),
                }),
            })]
        }
    }
}

fn concept(name: &ConceptName, vocabulary: &Vocabulary) -> Value {
    let Some(found) = vocabulary.concept(name) else { return json!({ "@id": name }) };
    let mut labels = vec![json!({ "@language": "en", "@value": found.label.en })];
    if let Some(japanese) = &found.label.ja {
        labels.insert(0, json!({ "@language": "ja", "@value": japanese }));
    }
    let mut value = json!({ "@id": name, "skos:prefLabel": labels });
    let ours = name.as_str().starts_with("kyojo:");
    if let Some(broader) = found.broader.as_ref().filter(|_| ours) {
        value["skos:broader"] = json!({ "@id": broader });
    }
    value
}

fn status(event: &Event) -> Value {
    let concept = event.standing.concept();
    let kinds = if event.standing.is_in_force() {
        json!([concept, "dpv:ExplicitlyExpressedConsent"])
    } else {
        json!([concept])
    };
    json!({
        "@type": kinds,
        "dpv:isIndicatedAtTime": time(&rfc_3339(event.at)),
        "dpv:hasIndicationMethod": "transaction",
        "kyojo:height": event.height,
    })
}

fn time(text: &str) -> Value {
    json!({ "@type": "xsd:dateTime", "@value": text })
}

fn languages(text: &Bilingual) -> Value {
    json!([
        { "@language": "ja", "@value": text.ja },
        { "@language": "en", "@value": text.en },
    ])
}
