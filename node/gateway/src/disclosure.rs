//! What was disclosed, as both halves of its record commit to it (APPI articles 29 and 30).
//!
//! The ledger holds `SHA-256(tag ‖ salt ‖ RFC 8785 JSON of the description)`. Holder and recipient
//! keep description and salt, so either can show what was given, when and under which access; who
//! asked is inside it as a salted commitment that the recipient alone can open.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use consent_records::commitment::Opening;
use consent_records::format::Version;
use ledger_types::{ConsentId, Hash, PartyId};
use node_api::Time;
use serde::{Deserialize, Serialize};

/// Tag of a disclosure's commitment.
pub const TAG_DISCLOSURE: &[u8] = b"kyojo/disclosure/v1";
/// Tag of the commitment to the person who asked.
pub const TAG_ASKER: &[u8] = b"kyojo/asker/v1";
/// Tag of the commitment by which a holder knows a person where there is no consent.
pub const TAG_PERSON: &[u8] = b"kyojo/person/v1";
/// The header in which the holder's gateway hands over the opening.
pub const HEADER: &str = "kyojo-disclosure";
/// The longest value of that header.
pub const HEADER_BYTES_MAX: usize = 16 * 1024;

/// What was disclosed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Description {
    /// The form of this document.
    pub version: Version<1>,
    /// The access that permitted it.
    pub access: Hash,
    /// The consent that it rests on, where it rests on one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub consent: Option<ConsentId>,
    /// Who disclosed.
    pub holder: PartyId,
    /// Who received.
    pub recipient: PartyId,
    /// When the holder recorded it.
    pub at: Time,
    /// The route, as the holder's configuration names it; no person is in it.
    pub route: String,
    /// The fields, as JSON pointers into a record; `""` is the whole record.
    pub fields: Vec<String>,
    /// How many records.
    pub count: u64,
    /// SHA-256 of the answer's bytes.
    pub body: Hash,
    /// Salted commitment to the person who asked.
    pub asker: Hash,
}

/// The person who asked, as the regional identity's issuer knows them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asker {
    /// The issuer.
    pub issuer: String,
    /// The subject at that issuer.
    pub subject: String,
}

/// A disclosure's opening, as a header's value.
#[must_use]
pub fn to_header(opening: &Opening<Description>) -> String {
    URL_SAFE_NO_PAD.encode(serde_json::to_vec(opening).unwrap_or_default())
}

/// The opening in a header's value; none where it is not one.
#[must_use]
pub fn from_header(value: &str) -> Option<Opening<Description>> {
    if value.len() > HEADER_BYTES_MAX {
        return None;
    }
    let opening: Opening<Description> =
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(value).ok()?).ok()?;
    // A count that has no canonical form would have no commitment either.
    opening.commitment(TAG_DISCLOSURE).is_ok().then_some(opening)
}

/// The commitment of a disclosure, as the ledger holds it.
#[must_use]
pub fn commitment(opening: &Opening<Description>) -> Hash {
    opening.commitment(TAG_DISCLOSURE).expect("a count of records is below 2^53")
}

#[cfg(test)]
pub(crate) mod tests {
    use consent_records::Salt;

    use super::*;

    /// A disclosure that never changes.
    pub(crate) fn opening() -> Opening<Description> {
        let document = Description {
            version: Version,
            access: Hash::new([1; 32]),
            consent: Some(ConsentId::new(Hash::new([2; 32]))),
            holder: PartyId::new(2),
            recipient: PartyId::new(3),
            at: "2026-11-22T09:00:00Z".parse().unwrap(),
            route: "/patients/{person}/medications".to_owned(),
            fields: vec!["/drug/name".to_owned()],
            count: 2,
            body: Hash::new([4; 32]),
            asker: Hash::new([5; 32]),
        };
        Opening { document, salt: Salt::from_bytes([6; 32]) }
    }

    #[test]
    fn a_disclosure_comes_through_its_header_and_every_word_of_it_counts() {
        let opening = opening();
        assert_eq!(from_header(&to_header(&opening)).as_ref(), Some(&opening));
        let mut other = opening.clone();
        other.document.count = 3;
        assert_ne!(commitment(&opening), commitment(&other));
        other.document.count = u64::MAX;
        assert_eq!(from_header(&to_header(&other)), None, "it could not be committed to");
        assert_eq!(from_header("e30"), None);
        assert_eq!(from_header(&"A".repeat(HEADER_BYTES_MAX + 1)), None);
    }

    #[test]
    fn the_commitment_is_the_published_one() {
        let expected = "9d507dde88072ffc5670cf6d3707bfd9fe30361d0da80648893ceae27c5c6b8a";
        assert_eq!(commitment(&opening()).to_string(), expected);
    }
}
