//! The receipt as an HL7 FHIR R5 `Consent` resource, for what concerns health.
//!
//! `decision` is `deny`: in R5 it is what holds unless a provision says otherwise, and each process
//! is a provision, an exception that permits. Codes are those of HL7's `v3-ActReason`,
//! `consentaction` and `v3-ParticipationType` where one fits, with our own concept beside it.

use ledger_types::instant::JapanTime;
use serde_json::{Map, Value, json};

use super::{BASE, Facts, Reading, ReceiptStatus, rfc_3339};
use crate::terms::{Process, Processing, Recipient};
use crate::vocabulary::{ConceptName, HEALTH, Vocabulary};

const ACT_REASON: &str = "http://terminology.hl7.org/CodeSystem/v3-ActReason";
const CONSENT_ACTION: &str = "http://terminology.hl7.org/CodeSystem/consentaction";
const PARTICIPATION: &str = "http://terminology.hl7.org/CodeSystem/v3-ParticipationType";
const LOINC: &str = "http://loinc.org";

/// Purposes with codes of `v3-ActReason`, the narrowest first.
const REASONS: [(&str, &str, &str); 6] = [
    ("kyojo:EmergencyMedicalCare", "ETREAT", "Emergency Treatment"),
    ("kyojo:MedicalCare", "TREAT", "treatment"),
    ("kyojo:LongTermCare", "CAREMGT", "care management"),
    ("dpv:ResearchAndDevelopment", "HRESCH", "healthcare research"),
    ("kyojo:DisasterResponse", "DISASTER", "disaster"),
    ("dpv:ImproveHealthcare", "PUBHLTH", "public health"),
];

/// The resource; none where no process concerns health.
#[must_use]
pub fn fhir(facts: &Facts, vocabulary: &Vocabulary) -> Option<Value> {
    let provisions: Vec<Value> = facts
        .processes
        .iter()
        .filter(|process| vocabulary.is_under(&process.category, HEALTH))
        .map(|process| provision(facts, process, vocabulary))
        .collect();
    if provisions.is_empty() {
        return None;
    }
    let given = facts.events.iter().find(|event| event.standing == ReceiptStatus::Given);
    let (basis, _) = &facts.basis;
    let end = facts.ended().map_or(facts.expires, |ended| ended.max(facts.valid_from));
    let subject = json!({
        "identifier": { "system": format!("{BASE}subjects"), "value": facts.subject },
    });
    let mut resource = json!({
        "resourceType": "Consent",
        "identifier": [{ "system": format!("{BASE}{}/consents", facts.genesis.network()),
                         "value": facts.consent.get() }],
        "status": status(facts.standing()),
        "category": [{ "coding": [{ "system": LOINC, "code": "59284-0",
                                    "display": "Patient Consent" }] }],
        "subject": subject,
        "period": { "start": rfc_3339(facts.valid_from), "end": rfc_3339(end) },
        "grantor": [subject],
        "controller": [organisation(facts, facts.controller.party)],
        "regulatoryBasis": [{
            "coding": [{ "system": format!("{BASE}legal-bases"), "code": basis.code }],
            "text": basis.title.ja,
        }],
        "decision": "deny",
        "provision": provisions,
    });
    if let Some(given) = given {
        resource["date"] = json!(JapanTime(given.at).day().replace('/', "-"));
    }
    let mut extensions = Vec::new();
    if let Some(proof) = &facts.proof {
        extensions
            .push(json!({ "url": format!("{BASE}fhir/proof"), "valueString": proof.to_string() }));
    }
    if facts.ended().is_some() {
        // `inactive` alone does not say whether it may come back.
        let word = facts.standing().word();
        extensions.push(json!({ "url": format!("{BASE}fhir/standing"), "valueCode": word }));
    }
    if !extensions.is_empty() {
        resource["extension"] = Value::Array(extensions);
    }
    Some(resource)
}

const fn status(standing: ReceiptStatus) -> &'static str {
    match standing {
        ReceiptStatus::Requested | ReceiptStatus::Deferred => "draft",
        ReceiptStatus::Given | ReceiptStatus::RenewalDue | ReceiptStatus::Renewed => "active",
        ReceiptStatus::Refused => "not-done",
        ReceiptStatus::Suspended
        | ReceiptStatus::Expired
        | ReceiptStatus::Withdrawn
        | ReceiptStatus::Revoked
        | ReceiptStatus::Invalidated => "inactive",
    }
}

fn provision(facts: &Facts, process: &Process, vocabulary: &Vocabulary) -> Value {
    let role = json!({ "coding": [{ "system": PARTICIPATION, "code": "IRCP",
                                    "display": "information recipient" }] });
    let actors = recipients(facts, process.recipient)
        .into_iter()
        .map(|reference| json!({ "role": role, "reference": reference }));
    let mut provision = Map::new();
    let mut put = |name: &str, value: Value| provision.insert(name.to_owned(), value);
    put("actor", actors.collect());
    put("action", actions(&process.operations));
    put("purpose", purposes(&process.purpose, vocabulary));
    put("code", json!([{ "coding": [coding(&process.category, vocabulary)] }]));
    if let Some(period) = &process.data_period {
        // FHIR's periods include their last day.
        let last = period.until.yesterday().unwrap_or(period.until);
        put("dataPeriod", json!({ "start": period.from, "end": last }));
    }
    Value::Object(provision)
}

/// Who is meant; a receiver that reads one actor a role must see each.
fn recipients(facts: &Facts, recipient: Recipient) -> Vec<Value> {
    match recipient {
        Recipient::Party(party) => vec![organisation(facts, party)],
        Recipient::Roles(roles) => {
            roles.names().iter().map(|role| json!({ "display": role })).collect()
        }
        Recipient::JointUse { scheme, version } => {
            let controller = facts.controller.party;
            let system =
                format!("{BASE}{}/parties/{controller}/joint-uses", facts.genesis.network());
            let value = format!("{scheme}-{version}");
            vec![json!({
                "identifier": { "system": system, "value": value },
                "display": super::text::recipient(facts, recipient, Reading::Japanese),
            })]
        }
    }
}

fn organisation(facts: &Facts, party: ledger_types::PartyId) -> Value {
    let mut reference = json!({
        "identifier": { "system": format!("{BASE}{}/parties", facts.genesis.network()),
                        "value": party.to_string() },
    });
    if let Some(known) = facts.organisation(party) {
        reference["display"] = json!(known.name.ja);
    }
    reference
}

fn actions(operations: &[Processing]) -> Value {
    let code = |operation: &Processing| match operation {
        Processing::Collect => "collect",
        Processing::Consult => "access",
        Processing::Use
        | Processing::Store
        | Processing::Analyse
        | Processing::Combine
        | Processing::Pseudonymise
        | Processing::Anonymise => "use",
        Processing::Share | Processing::Transfer => "disclose",
    };
    let mut codes: Vec<&str> = operations.iter().map(code).collect();
    codes.sort_unstable();
    codes.dedup();
    let coded = |code| json!({ "coding": [{ "system": CONSENT_ACTION, "code": code }] });
    codes.into_iter().map(coded).collect()
}

fn purposes(purpose: &ConceptName, vocabulary: &Vocabulary) -> Value {
    let mut codings = vec![coding(purpose, vocabulary)];
    let reason = REASONS.iter().find(|(broad, ..)| vocabulary.is_under(purpose, broad));
    if let Some((_, code, display)) = reason {
        let standard = json!({ "system": ACT_REASON, "code": code, "display": display });
        codings.insert(0, standard);
    }
    Value::Array(codings)
}

fn coding(name: &ConceptName, vocabulary: &Vocabulary) -> Value {
    let iri = name.iri();
    let (system, code) = iri.split_once('#').unwrap_or((&iri, ""));
    let mut coding = json!({ "system": format!("{system}#"), "code": code });
    if let Some(concept) = vocabulary.concept(name) {
        coding["display"] = json!(concept.label.japanese());
    }
    coding
}
