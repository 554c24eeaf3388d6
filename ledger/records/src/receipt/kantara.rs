//! The receipt as a Kantara consent receipt 1.1, for systems that read nothing newer.

use serde_json::{Value, json};

use super::{Facts, Reading, ReceiptStatus, rfc_3339};
use crate::terms::{Process, Recipient};
use crate::vocabulary::{ConceptName, Vocabulary};

/// The receipt. What the format has no place for (leaves, region, operations) is left out.
#[must_use]
pub fn kantara(facts: &Facts, vocabulary: &Vocabulary) -> Value {
    let given = facts.events.iter().find(|event| event.standing == ReceiptStatus::Given);
    let given_at = given.map_or(facts.issued_at, |event| event.at);
    let controller = &facts.controller;
    let purposes: Vec<Value> =
        facts.processes.iter().map(|process| purpose(facts, process, vocabulary)).collect();
    let sensitive: Vec<&str> = facts
        .processes
        .iter()
        .filter(|process| process.sensitive)
        .map(|process| english(&process.category, vocabulary))
        .collect();
    let mut receipt = json!({
        "version": "KI-CR-v1.1.0",
        "jurisdiction": "JP",
        "consentTimestamp": given_at.as_millis() / 1000,
        "collectionMethod": "transaction signed by the data subject",
        "consentReceiptID": facts.receipt,
        "language": facts.notice.language,
        "piiPrincipalId": facts.subject,
        "piiControllers": [{
            "piiController": controller.name.en,
            "contact": controller.name.en,
            "address": { "streetAddress": controller.address.en, "addressCountry": "JP" },
            "email": controller.email,
            "phone": controller.telephone,
            "piiControllerUrl": controller.url,
        }],
        "policyUrl": facts.notice.url,
        "services": [{ "service": controller.name.en, "purposes": purposes }],
        "sensitive": !sensitive.is_empty(),
        "spiCat": sensitive,
        // The format has no field for it, and a reader must not take an ended consent for one.
        "consentStatus": facts.standing().word(),
    });
    if let (Some(ended), Some(members)) = (facts.ended(), receipt.as_object_mut()) {
        members.insert("consentEnded".to_owned(), json!(rfc_3339(ended)));
    }
    receipt
}

fn purpose(facts: &Facts, process: &Process, vocabulary: &Vocabulary) -> Value {
    let named = english(&process.purpose, vocabulary);
    let is_other = process.recipient != Recipient::Party(facts.controller.party);
    let mut purpose = json!({
        "purpose": named,
        "purposeCategory": [named],
        "consentType": "EXPLICIT",
        "piiCategory": [english(&process.category, vocabulary)],
        "primaryPurpose": true,
        "termination": rfc_3339(facts.ended().unwrap_or(facts.expires)),
        "thirdPartyDisclosure": is_other,
    });
    if is_other {
        let named = super::text::recipient(facts, process.recipient, Reading::English);
        purpose["thirdPartyName"] = json!(named);
    }
    purpose
}

fn english<'a>(name: &'a ConceptName, vocabulary: &'a Vocabulary) -> &'a str {
    vocabulary.concept(name).map_or(name.as_str(), |concept| &concept.label.en)
}
