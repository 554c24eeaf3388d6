//! What a recipient's gateway sends to a holder's: one signed request for one access.

use consent_records::commitment::Opening;
use consent_records::format::Version;
use consent_records::terms::{DataPeriod, Disclosure, Processing, Region};
use consent_records::vocabulary::ConceptName;
use ledger_types::operation::RequestAccess;
use ledger_types::{Hash, Operation, PartyId, Transaction};
use serde::{Deserialize, Serialize};

/// The path at which a holder's gateway takes requests.
pub const PATH: &str = "/v1/disclosures";
/// The most bytes of a request: a transaction in hexadecimal digits and an opening.
pub const REQUEST_BYTES_MAX: usize = 256 * 1024;

/// A request for data under an access that the ledger permitted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DataRequest {
    /// The form of this document.
    pub version: Version<2>,
    /// Who asks: the party that signs.
    pub requester: PartyId,
    /// The access.
    pub access: Hash,
    /// What opens the access's commitment to the holder that it names.
    pub holder_salt: Hash,
    /// The committed transaction that holds the access, signed, in hexadecimal digits: its identity
    /// is a hash of what it says, so the receipt alone shows that this was permitted.
    pub transaction: String,
    /// What opens the access's basis.
    pub opening: BasisOpening,
    /// What would be done with the data.
    pub asked: Asked,
    /// Salted commitment to the person who asks.
    pub asker: Hash,
    /// The path of the data.
    pub path: String,
    /// Its query.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub query: Option<String>,
}

/// What opens an access's basis towards the holder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum BasisOpening {
    /// A process of the consent.
    Consent(Box<Disclosure>),
    /// The key by which the holder knows the person, where there is no consent.
    Person(Opening<String>),
}

/// What would be done with the data.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    /// For what.
    pub purpose: ConceptName,
    /// What is done.
    pub operations: Vec<Processing>,
    /// How long it is kept, in days.
    pub retention_days: u32,
    /// Where it is processed.
    pub region: Region,
    /// The days that the data may be from; none is as many as the terms allow.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub data_period: Option<DataPeriod>,
}

impl DataRequest {
    /// The transaction; none where the digits are none.
    #[must_use]
    pub fn transaction(&self) -> Option<Transaction> {
        Transaction::decode(&hex::decode(&self.transaction).ok()?).ok()
    }

    /// The access in a transaction; none where it holds another, or several of that identity.
    #[must_use]
    pub fn access_in<'t>(&self, transaction: &'t Transaction) -> Option<&'t RequestAccess> {
        let mut found =
            transaction.unsigned.operations.iter().filter_map(|operation| match operation {
                Operation::RequestAccess(request) if request.access == self.access => Some(request),
                _ => None,
            });
        let first = found.next()?;
        found.next().is_none().then_some(first)
    }
}

#[cfg(test)]
mod tests {
    use consent_records::Salt;
    use serde_json::json;

    use super::*;

    #[test]
    fn a_request_has_these_members_and_no_others() {
        let opening = Opening { document: "P-42".to_owned(), salt: Salt::from_bytes([6; 32]) };
        let request = DataRequest {
            version: Version,
            requester: PartyId::new(7),
            access: Hash::new([1; 32]),
            holder_salt: Hash::new([2; 32]),
            transaction: "00".to_owned(),
            opening: BasisOpening::Person(opening),
            asked: Asked {
                purpose: ConceptName::new("kyojo:EmergencyMedicalCare").unwrap(),
                operations: vec![Processing::Consult],
                retention_days: 1,
                region: Region::new("JP-07").unwrap(),
                data_period: None,
            },
            asker: Hash::new([5; 32]),
            path: "/patients/-/medications".to_owned(),
            query: None,
        };
        let expected = json!({
            "version": 2,
            "requester": 7,
            "access": "01".repeat(32),
            "holder_salt": "02".repeat(32),
            "transaction": "00",
            "opening": {"person": {"document": "P-42", "salt": "06".repeat(32)}},
            "asked": {"purpose": "kyojo:EmergencyMedicalCare", "operations": ["consult"],
                      "retention_days": 1, "region": "JP-07"},
            "asker": "05".repeat(32),
            "path": "/patients/-/medications",
        });
        assert_eq!(serde_json::to_value(&request).unwrap(), expected);
        assert!(request.transaction().is_none(), "a byte is no transaction");
        let mut without = expected.clone();
        without.as_object_mut().unwrap().remove("holder_salt");
        assert!(serde_json::from_value::<DataRequest>(without).is_err(), "it names its holder");
        let mut more = expected;
        more["admin"] = true.into();
        assert!(serde_json::from_value::<DataRequest>(more).is_err());
    }
}
