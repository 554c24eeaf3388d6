//! What leaves of an answer: listed fields of records that are inside the period and the person's.
//!
//! Everything that was not listed is left out, also where the answer has another form than was
//! expected: a record whose day or person cannot be read is dropped, never passed on.

use std::collections::BTreeMap;

use consent_records::terms::DataPeriod;
use jiff::civil::Date;
use serde_json::{Map, Value};

/// A set of JSON pointers (RFC 6901; `*` is every element of an array) to take over.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Projection {
    /// Whether all of the value is taken.
    whole: bool,
    members: BTreeMap<String, Projection>,
}

impl Projection {
    /// The set of these pointers; `""` is the whole value.
    ///
    /// # Errors
    /// A sentence that names the text that is no pointer.
    pub fn of<'a>(pointers: impl Iterator<Item = &'a str>) -> Result<Self, String> {
        let mut projection = Self::default();
        for pointer in pointers {
            let mut at = &mut projection;
            if !pointer.is_empty() {
                let rest = pointer.strip_prefix('/');
                let rest = rest.ok_or_else(|| format!("`{pointer}` is not a JSON pointer"))?;
                for token in rest.split('/') {
                    let name = token.replace("~1", "/").replace("~0", "~");
                    at = at.members.entry(name).or_default();
                }
            }
            at.whole = true;
        }
        Ok(projection)
    }

    /// Whether nothing is taken.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        !self.whole && self.members.is_empty()
    }

    /// What of a value is taken; none where nothing of it is.
    #[must_use]
    pub fn apply(&self, value: &Value) -> Option<Value> {
        if self.whole {
            return Some(value.clone());
        }
        match value {
            Value::Object(members) => {
                let taken: Map<String, Value> = self
                    .members
                    .iter()
                    .filter_map(|(name, inner)| {
                        Some((name.clone(), inner.apply(members.get(name)?)?))
                    })
                    .collect();
                (!taken.is_empty()).then_some(Value::Object(taken))
            }
            Value::Array(elements) => {
                let inner = self.members.get("*")?;
                Some(elements.iter().filter_map(|element| inner.apply(element)).collect())
            }
            _ => None,
        }
    }
}

/// Which records leave, and what of them.
#[derive(Clone, Debug)]
pub struct Filter<'a> {
    /// JSON pointer to the array of records; the whole answer where it is empty.
    pub records: &'a str,
    /// The fields.
    pub fields: Projection,
    /// Where a record's day stands, with the days that may leave.
    pub period: Option<(&'a str, DataPeriod)>,
    /// Where a record's person stands, with the person whose records may leave.
    pub person: Option<(&'a str, &'a str)>,
}

/// What leaves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filtered {
    /// The answer, in its own form.
    pub body: Value,
    /// How many records are in it.
    pub count: u64,
}

/// The answer has no records where they should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the answer has no records where they should be")]
pub struct NoRecords;

impl Filter<'_> {
    /// Filters an answer.
    ///
    /// # Errors
    /// [`NoRecords`] where there is nothing at the pointer.
    pub fn apply(&self, answer: &Value) -> Result<Filtered, NoRecords> {
        let found = answer.pointer(self.records).ok_or(NoRecords)?;
        let (kept, count) = match found {
            Value::Array(records) => {
                let kept: Vec<Value> =
                    records.iter().filter_map(|record| self.record(record)).collect();
                let count = kept.len() as u64;
                (Value::Array(kept), count)
            }
            record => match self.record(record) {
                Some(kept) => (kept, 1),
                None => (Value::Object(Map::new()), 0),
            },
        };
        Ok(Filtered { body: placed(self.records, kept), count })
    }

    fn record(&self, record: &Value) -> Option<Value> {
        if let Some((at, person)) = self.person
            && !is_of(record.pointer(at)?, person)
        {
            return None;
        }
        if let Some((at, period)) = self.period {
            let day = day_of(record.pointer(at)?.as_str()?)?;
            if day < period.from || period.until <= day {
                return None;
            }
        }
        self.fields.apply(record)
    }
}

fn is_of(value: &Value, person: &str) -> bool {
    match value {
        Value::String(text) => text == person,
        Value::Number(number) => number.to_string() == person,
        _ => false,
    }
}

/// The day of an RFC 3339 date, or of a date and time as it is written, whatever its offset.
fn day_of(text: &str) -> Option<Date> {
    let (day, rest) = text.split_at_checked(10)?;
    let has_time = rest.is_empty() || rest.starts_with(['T', 't', ' ']);
    if has_time { day.parse().ok() } else { None }
}

/// The value under the same names as before, and nothing beside it.
fn placed(pointer: &str, value: Value) -> Value {
    let names: Vec<&str> = pointer.split('/').skip(1).collect();
    names.into_iter().rev().fold(value, |inner, name| {
        let name = name.replace("~1", "/").replace("~0", "~");
        Value::Object(Map::from_iter([(name, inner)]))
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn fields(pointers: &[&str]) -> Projection {
        Projection::of(pointers.iter().copied()).unwrap()
    }

    fn period(from: &str, until: &str) -> DataPeriod {
        DataPeriod { from: from.parse().unwrap(), until: until.parse().unwrap() }
    }

    #[test]
    fn only_listed_fields_leave() {
        let record = json!({"id": 1, "drug": {"name": "A", "dose": 2}, "notes": "private",
                            "tests": [{"kind": "x", "value": 1}, {"kind": "y"}], "a/b": 3});
        let taken = fields(&["/drug/name", "/tests/*/kind", "/a~1b", "/absent"]).apply(&record);
        let expected = json!({"drug": {"name": "A"}, "tests": [{"kind": "x"}, {"kind": "y"}],
                              "a/b": 3});
        assert_eq!(taken, Some(expected));
        assert_eq!(fields(&[""]).apply(&record), Some(record.clone()));
        assert_eq!(fields(&[]).apply(&record), None);
        assert_eq!(fields(&["/drug/name/first"]).apply(&record), None, "a text has no members");
        assert!(Projection::of(["x"].into_iter()).is_err());
    }

    #[test]
    fn records_outside_the_period_or_without_a_day_are_dropped() {
        let filter = Filter {
            records: "/items",
            fields: fields(&["/n"]),
            period: Some(("/day", period("2026-01-01", "2026-02-01"))),
            person: None,
        };
        let answer = json!({"total": 9, "items": [
            {"n": 1, "day": "2025-12-31"}, {"n": 2, "day": "2026-01-01"},
            {"n": 3, "day": "2026-01-31T23:59:59+09:00"}, {"n": 4, "day": "2026-02-01"},
            {"n": 5}, {"n": 6, "day": 20260115}, {"n": 7, "day": "2026-01-15x"},
            {"n": 8, "day": "1月15日"}, {"day": "2026-01-15"},
        ]});
        let filtered = filter.apply(&answer).unwrap();
        assert_eq!(filtered.body, json!({"items": [{"n": 2}, {"n": 3}]}), "no total either");
        assert_eq!(filtered.count, 2);
        assert_eq!(filter.apply(&json!({"items2": []})), Err(NoRecords));
    }

    #[test]
    fn another_persons_records_never_leave() {
        let filter = Filter {
            records: "",
            fields: fields(&["/n"]),
            period: None,
            person: Some(("/patient", "42")),
        };
        let answer = json!([{"n": 1, "patient": "42"}, {"n": 2, "patient": 42},
                            {"n": 3, "patient": "43"}, {"n": 4}, {"n": 5, "patient": ["42"]}]);
        let filtered = filter.apply(&answer).unwrap();
        assert_eq!((filtered.body, filtered.count), (json!([{"n": 1}, {"n": 2}]), 2));
        let alone = filter.apply(&json!({"n": 3, "patient": "43"})).unwrap();
        assert_eq!((alone.body, alone.count), (json!({}), 0));
    }
}
