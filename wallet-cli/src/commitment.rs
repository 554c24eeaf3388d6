//! Salted commitments: what the ledger shows of a text that stays with the parties.
//!
//! Commitment = SHA-256(tag ‖ salt of 32 bytes ‖ data); structured data is RFC 8785 canonical
//! JSON. A fresh salt each time keeps two commitments to one text apart, and destroying the salt
//! erases what the ledger could ever prove.

use ledger_types::Hash;
pub use ledger_types::hash::TAG_TERMS;
use rand::RngCore;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Tag of a payment's reference.
pub const TAG_REFERENCE: &[u8] = b"kyojo/reference/v1";
/// Tag of an account's holder.
pub const TAG_HOLDER: &[u8] = b"kyojo/holder/v1";
/// Tag of the evidence that a notice was presented.
pub const TAG_PRESENTATION: &[u8] = b"kyojo/presentation/v1";
/// Tag of an entry in a core banking system. It has no salt, so that a repetition shows.
pub const TAG_CORE_REFERENCE: &[u8] = b"kyojo/core-reference/v1";
/// The largest integer that every JSON reader keeps exactly: 2^53 − 1.
const INTEGER_MAX: u64 = (1 << 53) - 1;

/// 32 random bytes that keep a commitment from being guessed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Salt(#[serde(with = "hex::serde")] [u8; 32]);

impl Salt {
    /// A fresh salt from the operating system's generator.
    #[must_use]
    pub fn fresh() -> Self {
        let mut bytes = [0; 32];
        rand::rngs::OsRng.fill_bytes(&mut bytes);
        Self(bytes)
    }

    /// The commitment to `data` under `tag`.
    #[must_use]
    pub fn commit(&self, tag: &[u8], data: &[u8]) -> Hash {
        Hash::of(&[tag, &self.0, data])
    }
}

/// A random identity: a consent's, a redeem request's.
#[must_use]
pub fn random_id() -> Hash {
    Hash::new(Salt::fresh().0)
}

/// RFC 8785 canonical JSON of a value whose numbers are whole.
///
/// # Errors
/// [`NotCanonical`] where a number has a fraction or is past 2^53 − 1.
pub fn canonical_json(value: &Value) -> Result<String, NotCanonical> {
    let mut text = String::new();
    write_canonical(value, &mut text)?;
    Ok(text)
}

fn write_canonical(value: &Value, text: &mut String) -> Result<(), NotCanonical> {
    match value {
        Value::Null | Value::Bool(_) | Value::String(_) => text.push_str(&value.to_string()),
        Value::Number(number) => {
            let whole = number.as_i64().filter(|whole| whole.unsigned_abs() <= INTEGER_MAX);
            text.push_str(&whole.ok_or(NotCanonical)?.to_string());
        }
        Value::Array(values) => {
            text.push('[');
            for (index, value) in values.iter().enumerate() {
                if index > 0 {
                    text.push(',');
                }
                write_canonical(value, text)?;
            }
            text.push(']');
        }
        Value::Object(members) => {
            let mut members: Vec<(&String, &Value)> = members.iter().collect();
            members.sort_by_cached_key(|(name, _)| name.encode_utf16().collect::<Vec<u16>>());
            text.push('{');
            for (index, (name, value)) in members.into_iter().enumerate() {
                if index > 0 {
                    text.push(',');
                }
                text.push_str(&Value::String(name.clone()).to_string());
                text.push(':');
                write_canonical(value, text)?;
            }
            text.push('}');
        }
    }
    Ok(())
}

/// A number has a fraction, or is too large to be kept by every JSON reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("numbers in terms are whole and below 2^53")]
pub struct NotCanonical;

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn members_are_sorted_by_utf16_and_nothing_is_spaced() {
        let value = json!({
            "\u{20ac}": "Euro", "\r": "CR", "1": 1, "\u{1f600}": "smile", "\u{fb33}": "dagesh",
            "a": [true, null, -5, "\u{7}\"\\/\u{e9}"],
        });
        assert_eq!(
            canonical_json(&value).unwrap(),
            "{\"\\r\":\"CR\",\"1\":1,\"a\":[true,null,-5,\"\\u0007\\\"\\\\/é\"],\
             \"€\":\"Euro\",\"😀\":\"smile\",\"\u{fb33}\":\"dagesh\"}",
            "the order is RFC 8785's own example: 😀 is before U+FB33 in UTF-16"
        );
    }

    #[test]
    fn fractions_and_huge_numbers_are_refused() {
        for value in [json!(1.5), json!(1u64 << 53), json!({ "a": [0.1] })] {
            assert_eq!(canonical_json(&value), Err(NotCanonical), "{value}");
        }
    }

    #[test]
    fn salts_keep_equal_texts_apart() {
        let (one, other) = (Salt::fresh(), Salt::fresh());
        assert_ne!(one.commit(TAG_TERMS, b"x"), other.commit(TAG_TERMS, b"x"));
        assert_ne!(one.commit(TAG_TERMS, b"x"), one.commit(TAG_HOLDER, b"x"));
    }
}
