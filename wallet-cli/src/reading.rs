//! How commands read parties, people, addresses, concepts and files that only their hash leaves.

use std::path::Path;

use consent_records::commitment::Opening;
use consent_records::format::Version;
use consent_records::terms::Recipient;
use consent_records::vocabulary::{ConceptName, Vocabulary};
use kyojo_cli::Given;
use ledger_types::japan::JapanDay;
use ledger_types::key::ParseKeyError;
use ledger_types::operation::{KeyRole, WeightedKey};
use ledger_types::zone::BasisPoints;
use ledger_types::{AccountId, AddressPrefix, ConsentId, Hash, PartyId, PartyRoles, Yen};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::amount;
use crate::failure::{Exit, Failure};
use crate::{calendar, refusal, settings};

/// Tag of the number by which one person is known to those who hold the opening.
pub(crate) const TAG_PERSON: &[u8] = b"kyojo/person/v1";

/// Tag of the number of what was disclosed, which both halves of a record carry.
pub(crate) const TAG_DISCLOSURE: &[u8] = b"kyojo/disclosure/v1";

/// Reads an amount that must not be nothing.
pub(crate) fn read_amount(text: &str) -> Result<Yen, Failure> {
    match amount::read(text) {
        Ok(amount) if !amount.is_zero() => Ok(amount),
        _ => Err(Failure::new(Exit::Usage, "err-bad-amount").with("amount", text)),
    }
}

/// The same where nothing is an amount too.
pub(crate) fn read_amount_or_zero(text: &str) -> Result<Yen, Failure> {
    amount::read(text).map_err(|_| Failure::new(Exit::Usage, "err-bad-amount").with("amount", text))
}

/// Reads a day of Japan's calendar, as people write days.
pub(crate) fn japan_day(text: &str) -> Result<JapanDay, Failure> {
    let day = calendar::read_day(text)?;
    let bad = |_| Failure::new(Exit::Usage, "err-bad-day").with("text", text);
    day.to_string().parse().map_err(bad)
}

/// Reads a part of something: `2%`, `0.5%`, to the hundredth of a per cent.
///
/// # Errors
/// [`BadPercent`] for anything else, and past 100 %.
pub(crate) fn percent(text: &str) -> Result<BasisPoints, BadPercent> {
    let bare = text.strip_suffix(['%', '％']).ok_or(BadPercent)?;
    let (whole, part) = bare.split_once('.').unwrap_or((bare, "0"));
    let is_plain = |digits: &str, most| {
        (1..=most).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit())
    };
    if !is_plain(whole, 3) || !is_plain(part, 2) {
        return Err(BadPercent);
    }
    let points: u16 = format!("{whole}{part:0<2}").parse().map_err(|_| BadPercent)?;
    BasisPoints::new(points).ok_or(BadPercent)
}

/// The text is not a part of something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a part is written like 2% or 0.5%, and is at most 100%")]
pub(crate) struct BadPercent;

/// Reads a key of weight 1: `ed25519:…`, or after `maker:` or `checker:` where it has that part.
pub(crate) fn weighted_key(text: &str) -> Result<WeightedKey, ParseKeyError> {
    let (role, key) = match text.split_once(':') {
        Some(("maker", key)) => (KeyRole::Maker, key),
        Some(("checker", key)) => (KeyRole::Checker, key),
        Some(_) | None => (KeyRole::Any, text),
    };
    Ok(WeightedKey { role, ..WeightedKey::plain(key.parse()?, 1) })
}

/// Reads 64 hexadecimal digits that name something.
pub(crate) fn read_hash(text: &str) -> Result<Hash, Failure> {
    text.parse().map_err(|_| Failure::new(Exit::Usage, "err-bad-hash").with("text", text))
}

/// Reads the number of a consent.
pub(crate) fn consent(text: &str) -> Result<ConsentId, Failure> {
    read_hash(text).map(ConsentId::new)
}

/// A number of 64 hexadecimal digits, or a file that opens it: `{document, salt}`.
pub(crate) fn number_or_opening(text: &str, tag: &[u8]) -> Result<Hash, Failure> {
    let path = Path::new(text);
    if !path.is_file() {
        return read_hash(text);
    }
    let opening: Opening<Value> = from_json(path)?;
    opening.commitment(tag).map_err(|error| bad_json(path, &error))
}

/// Reads a JSON document of a known form.
pub(crate) fn from_json<T: DeserializeOwned>(path: &Path) -> Result<T, Failure> {
    Ok(Given::Document.json(path)?)
}

fn bad_json(path: &Path, reason: &dyn core::fmt::Display) -> Failure {
    Failure::new(Exit::Config, "err-bad-json").with("path", path.display()).because(reason)
}

/// SHA-256 of a public file.
pub(crate) fn file_hash(path: &Path) -> Result<Hash, Failure> {
    let bytes = settings::read(path)?;
    Ok(Hash::of(&[&bytes]))
}

/// Reads an address of the network.
pub(crate) fn address(text: &str, prefix: &AddressPrefix) -> Result<AccountId, Failure> {
    AccountId::from_address(text, prefix).map_err(|error| refusal::of_address(text, &error))
}

/// Reads the name of a concept, or its label in Japanese or English.
pub(crate) fn concept(text: &str) -> Result<ConceptName, Failure> {
    let vocabulary = Vocabulary::built_in();
    if let Ok(name) = ConceptName::new(text)
        && vocabulary.concept(&name).is_some()
    {
        return Ok(name);
    }
    let labelled = vocabulary.concepts().find(|concept| {
        concept.label.ja.as_deref() == Some(text) || concept.label.en.eq_ignore_ascii_case(text)
    });
    labelled
        .map(|concept| concept.name.clone())
        .ok_or_else(|| Failure::new(Exit::Usage, "err-concept-unknown").with("text", text))
}

/// Reads a recipient: a party's number, a role, or a joint use of the controller.
pub(crate) fn recipient(text: &str) -> Result<Recipient, Failure> {
    let text = text.trim();
    let found = if let Some(scheme) = text.strip_prefix("joint-use:") {
        let numbers = scheme.split_once('/');
        numbers.and_then(|(scheme, version)| {
            let (scheme, version) = (scheme.parse().ok()?, version.parse().ok()?);
            Some(Recipient::JointUse { scheme, version })
        })
    } else if let Ok(number) = text.strip_prefix("party:").unwrap_or(text).parse() {
        Some(Recipient::Party(PartyId::new(number)))
    } else {
        let name = text.strip_prefix("role:").unwrap_or(text).replace('-', "_");
        PartyRoles::of_names([name.as_str()]).map(Recipient::Roles)
    };
    found.ok_or_else(|| Failure::new(Exit::Usage, "err-bad-recipient").with("text", text))
}

/// An access with the data holder that it names: a file of the requester's, for the holder too.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct NamedAccess {
    /// The form of this document.
    pub(crate) version: Version<1>,
    /// The access.
    pub(crate) access: Hash,
    /// The data holder.
    pub(crate) holder: PartyId,
    /// What opens the access's commitment to it.
    pub(crate) salt: Hash,
}

/// Reads an access: 64 hexadecimal digits, or its file.
pub(crate) fn access(text: &str) -> Result<Hash, Failure> {
    let path = Path::new(text);
    if path.is_file() { from_json(path).map(|of: NamedAccess| of.access) } else { read_hash(text) }
}

/// How the file of an access is called where nobody says otherwise.
pub(crate) fn access_file(access: &Hash) -> String {
    let digits = access.to_string();
    // The first eight digits are the day, the same for all that day's.
    format!("access-{}.json", digits.get(..16).unwrap_or(&digits))
}

/// Numbers of parties in ascending order, each once.
pub(crate) fn parties(numbers: &[u32]) -> Vec<PartyId> {
    let mut parties: Vec<PartyId> = numbers.iter().copied().map(PartyId::new).collect();
    parties.sort();
    parties.dedup();
    parties
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn concepts_go_by_name_and_by_label_in_both_languages() {
        for text in ["kyojo:MedicationRecord", "お薬手帳"] {
            assert_eq!(concept(text).unwrap().as_str(), "kyojo:MedicationRecord");
        }
        assert_eq!(concept("academic research").unwrap().as_str(), "dpv:AcademicResearch");
        for text in ["kyojo:Medicine", "おくすり", ""] {
            assert_eq!(concept(text).unwrap_err().code(), "concept-unknown", "{text}");
        }
    }

    #[test]
    fn recipients_are_numbers_roles_and_joint_uses() {
        for text in ["2", "party:2", " 2"] {
            assert_eq!(recipient(text).unwrap(), Recipient::Party(PartyId::new(2)));
        }
        for text in ["data_holder", "data-holder", "role:data-holder"] {
            assert_eq!(recipient(text).unwrap(), Recipient::Roles(PartyRoles::DATA_HOLDER));
        }
        let circle = Recipient::JointUse { scheme: 4, version: 2 };
        assert_eq!(recipient("joint-use:4/2").unwrap(), circle);
        for text in ["doctor", "-1", "joint-use:4", "joint-use:x/2", ""] {
            assert_eq!(recipient(text).unwrap_err().code(), "bad-recipient", "{text}");
        }
    }
}
