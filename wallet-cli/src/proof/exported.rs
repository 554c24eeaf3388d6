//! A consent that `consent export --proof` wrote, judged: the bundle inside, and that what it opens
//! are the terms of the consent that the bundle proves.
//!
//! Everything else in such a file (names, addresses, the law's title) is the word of whoever wrote
//! it; what was proved is said from the openings, never from the file's own text.

use consent_records::terms::{Disclosure, Process};
use consent_records::vocabulary::Vocabulary;
use ledger_proof::bundle::Verified;
use ledger_types::{ConsentId, Hash};
use serde::Deserialize;
use serde_json::Value;

use crate::failure::{Exit, Failure};
use crate::proof::proved;

/// What stands under `proof` in an exported consent.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Inside {
    consent: ConsentId,
    bundle: Value,
    disclosures: Vec<Disclosure>,
}

impl Inside {
    /// What is inside a file, where it is an exported consent: JSON-LD, or FHIR in an extension.
    pub(crate) fn of(bytes: &[u8]) -> Option<Self> {
        let document: Value = serde_json::from_slice(bytes).ok()?;
        if let Some(proof) = document.get("proof") {
            return serde_json::from_value(proof.clone()).ok();
        }
        let extensions = document.get("extension")?.as_array()?;
        let texts = extensions.iter().filter_map(|one| one.get("valueString")?.as_str());
        texts.filter_map(|text| serde_json::from_str(text).ok()).next()
    }

    /// The bundle's bytes.
    pub(crate) fn bundle(&self) -> Vec<u8> {
        self.bundle.to_string().into_bytes()
    }

    /// The processes that are shown to be terms of the consent that the bundle proves.
    pub(crate) fn check(&self, verified: &Verified) -> Result<Vec<Process>, Failure> {
        let proved = proved::consents(verified);
        let record = proved.iter().find(|(consent, _)| *consent == self.consent.get());
        let root: Hash = record
            .map(|(_, record)| record.terms_root)
            .ok_or(Failure::new(Exit::Verification, "proof-consent_unknown"))?;
        let opened = self.disclosures.iter().map(|one| one.check(&root, Vocabulary::built_in()));
        opened
            .map(|process| {
                process
                    .cloned()
                    .map_err(|_| Failure::new(Exit::Verification, "proof-opening_mismatch"))
            })
            .collect()
    }
}
