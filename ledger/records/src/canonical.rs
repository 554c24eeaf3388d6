//! Canonical JSON (RFC 8785) of documents that have whole numbers only.
//!
//! One value has one text: members sorted by the UTF-16 units of their names, no space, the
//! shortest escapes, strings otherwise as they are (no normal form is applied: か+゛ and が are two
//! strings). A number with a fraction or an exponent, −0, and whole numbers past ±(2^53 − 1) are
//! refused rather than rounded: no document here needs them, and readers disagree on them.

use serde::Serialize;
use serde_json::{Map, Value};

/// The largest whole number that every JSON reader keeps exactly: 2^53 − 1.
pub const INTEGER_MAX: u64 = (1 << 53) - 1;

/// The canonical text of a value.
///
/// # Errors
/// [`NotCanonical`] where a number is not whole or too large.
pub fn canonical_json(value: &Value) -> Result<String, NotCanonical> {
    let mut text = String::new();
    write_value(value, &mut text)?;
    Ok(text)
}

/// The canonical text of a document.
///
/// # Errors
/// [`NotCanonical`] where it has a number that is not whole or too large, or is no JSON at all.
pub fn canonical_document<T: Serialize>(document: &T) -> Result<String, NotCanonical> {
    canonical_json(&serde_json::to_value(document).map_err(|_| NotCanonical)?)
}

fn write_value(value: &Value, text: &mut String) -> Result<(), NotCanonical> {
    match value {
        // serde_json's escapes are RFC 8785's: \b \t \n \f \r \" \\ and \u00xx below U+0020.
        Value::Null | Value::Bool(_) | Value::String(_) => text.push_str(&value.to_string()),
        Value::Number(number) => {
            let whole = number.as_i64().filter(|whole| whole.unsigned_abs() <= INTEGER_MAX);
            text.push_str(&whole.ok_or(NotCanonical)?.to_string());
        }
        Value::Array(values) => {
            text.push('[');
            for (index, value) in values.iter().enumerate() {
                separate(index, text);
                write_value(value, text)?;
            }
            text.push(']');
        }
        Value::Object(members) => write_object(members, text)?,
    }
    Ok(())
}

fn write_object(members: &Map<String, Value>, text: &mut String) -> Result<(), NotCanonical> {
    let mut members: Vec<(&String, &Value)> = members.iter().collect();
    members.sort_by_cached_key(|(name, _)| name.encode_utf16().collect::<Vec<u16>>());
    text.push('{');
    for (index, (name, value)) in members.into_iter().enumerate() {
        separate(index, text);
        text.push_str(&Value::String(name.clone()).to_string());
        text.push(':');
        write_value(value, text)?;
    }
    text.push('}');
    Ok(())
}

fn separate(index: usize, text: &mut String) {
    if index > 0 {
        text.push(',');
    }
}

/// A number is not whole, or is too large to be kept by every JSON reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("numbers in committed documents are whole and below 2^53")]
pub struct NotCanonical;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    #[test]
    fn sorting_example_of_the_rfc_holds() {
        // RFC 8785 section 3.2.3: 😀 comes before U+FB33 in UTF-16, not in code points.
        let value = json!({
            "\u{20ac}": "Euro Sign", "\r": "Carriage Return", "\u{fb33}": "Hebrew Letter Dalet",
            "1": "One", "\u{1f600}": "Emoji: Grinning Face", "\u{80}": "Control",
            "\u{f6}": "Latin Small Letter O With Diaeresis",
        });
        let text = canonical_json(&value).unwrap();
        let back: Vec<&str> = text.split('"').skip(3).step_by(4).collect();
        assert_eq!(
            back,
            [
                "Carriage Return",
                "One",
                "Control",
                "Latin Small Letter O With Diaeresis",
                "Euro Sign",
                "Emoji: Grinning Face",
                "Hebrew Letter Dalet"
            ]
        );
    }

    #[test]
    fn string_and_literal_example_of_the_rfc_holds() {
        // RFC 8785 section 3.2.2, without its numbers that have fractions.
        let value: Value = serde_json::from_str(
            r#"{"string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
                "literals": [null, true, false]}"#,
        )
        .unwrap();
        assert_eq!(
            canonical_json(&value).unwrap(),
            "{\"literals\":[null,true,false],\"string\":\"€$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"}"
        );
    }

    #[test]
    fn whole_numbers_of_the_rfc_hold_and_the_rest_is_refused() {
        // RFC 8785 appendix B: the rows that are whole and within 2^53.
        for (text, expected) in [
            ("0", "0"),
            ("9007199254740991", "9007199254740991"),
            ("-9007199254740991", "-9007199254740991"),
        ] {
            let value: Value = serde_json::from_str(text).unwrap();
            assert_eq!(canonical_json(&value).unwrap(), expected);
        }
        for text in
            ["1.5", "-0", "1e2", "1.0", "9007199254740992", "295147905179352830000", "5e-324"]
        {
            let value: Value = serde_json::from_str(text).unwrap();
            assert_eq!(canonical_json(&value), Err(NotCanonical), "{text}");
            assert_eq!(canonical_json(&json!({ "a": [value] })), Err(NotCanonical), "{text}");
        }
        assert!(serde_json::from_str::<Value>(r#""\ud800""#).is_err(), "a lone surrogate");
    }

    fn any_document() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i32>().prop_map(Value::from),
            any::<String>().prop_map(Value::from),
        ];
        leaf.prop_recursive(3, 24, 4, |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                proptest::collection::btree_map(any::<String>(), inner, 0..4)
                    .prop_map(|members| Value::Object(members.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn a_canonical_text_reads_back_to_its_value_and_to_itself(value in any_document()) {
            let text = canonical_json(&value).unwrap();
            let back: Value = serde_json::from_str(&text).unwrap();
            prop_assert_eq!(&back, &value);
            prop_assert_eq!(canonical_json(&back).unwrap(), text);
        }
    }
}
