//! The forms in JSON of numbers, texts, identities and sets.

use serde_json::{Value, json};

use super::{Json, JsonError, Schemas, Whose, there};
use crate::hash::Hash;
use crate::id::{
    AccountId, AddressPrefix, BankId, ConsentId, InstrumentId, LegalBasisId, NoticeId, PartyId,
    ProgrammeId, VocabularyId, ZoneId,
};
use crate::instant::Time;
use crate::key::{PublicKey, Signature};
use crate::position::Position;
use crate::time::Timestamp;
use crate::yen::Yen;

/// Values whose form has no account in it: how each is written, and its schema.
macro_rules! plain {
    ($($type:ty: $name:literal $schema:tt;)+) => { $(
        impl $crate::json::Json for $type {
            fn to_json(&self, _: &$crate::id::AddressPrefix) -> Option<serde_json::Value> {
                serde_json::to_value(self).ok()
            }

            fn of_json(
                value: Option<serde_json::Value>,
                field: &'static str,
                _: &$crate::id::AddressPrefix,
            ) -> Result<Self, $crate::json::JsonError> {
                serde_json::from_value($crate::json::there(value, field)?)
                    .map_err(|error| $crate::json::JsonError::new(field, &error))
            }

            fn schema(schemas: &mut $crate::json::Schemas) -> serde_json::Value {
                if $name.is_empty() { serde_json::json!($schema) } else {
                    schemas.named($name, |_| serde_json::json!($schema))
                }
            }
        }
    )+ };
}
pub(crate) use plain;

plain! {
    bool: "" { "type": "boolean" };
    u8: "" { "type": "integer", "minimum": 0, "maximum": 255 };
    u16: "" { "type": "integer", "minimum": 0, "maximum": 65535 };
    u32: "" { "type": "integer", "format": "int32", "minimum": 0, "maximum": 4_294_967_295_u32 };
    u64: "" { "type": "integer", "format": "int64", "minimum": 0 };
    String: "" { "type": "string" };
    Hash: "Hex32" { "type": "string", "pattern": "^[0-9a-f]{64}$", "description": "32 bytes in hexadecimal digits." };
    ConsentId: "Hex32" { "type": "string", "pattern": "^[0-9a-f]{64}$" };
    Yen: "Amount" {
        "type": "string", "pattern": "^(0|[1-9][0-9]{0,19})$", "examples": ["1200"],
        "description": "An amount of whole yen: decimal digits, no sign, no separator, no leading zero."
    };
    Position: "SignedAmount" {
        "type": "string", "pattern": "^(0|-?[1-9][0-9]{0,18})$", "examples": ["-1200"],
        "description": "A signed amount of whole yen: positive is owed to the bank, negative is owed by it."
    };
    PublicKey: "Key" {
        "type": "string", "pattern": "^ed25519:[0-9a-f]{64}$",
        "description": "A public key with its type: `ed25519:` and 64 hexadecimal digits."
    };
    Signature: "Signature" {
        "type": "string", "pattern": "^ed25519:[0-9a-f]{128}$",
        "description": "A signature with its type: `ed25519:` and 128 hexadecimal digits."
    };
    InstrumentId: "" { "type": "integer", "minimum": 0, "maximum": 4_294_967_295_u32 };
    ProgrammeId: "" { "type": "integer", "minimum": 0, "maximum": 4_294_967_295_u32 };
    PartyId: "" { "type": "integer", "minimum": 0, "maximum": 4_294_967_295_u32 };
    NoticeId: "" { "type": "integer", "minimum": 0, "maximum": 4_294_967_295_u32 };
    VocabularyId: "" { "type": "integer", "minimum": 0, "maximum": 4_294_967_295_u32 };
    LegalBasisId: "" { "type": "integer", "minimum": 0, "maximum": 4_294_967_295_u32 };
    BankId: "" { "type": "integer", "minimum": 0, "maximum": 65535 };
    ZoneId: "" { "type": "integer", "minimum": 0, "maximum": 65535 };
}

impl<T: Json> Json for Option<T> {
    const MAY_BE_LEFT_OUT: bool = true;

    fn to_json(&self, prefix: &AddressPrefix) -> Option<Value> {
        self.as_ref().and_then(|value| value.to_json(prefix))
    }

    fn of_json(
        value: Option<Value>,
        field: &'static str,
        prefix: &AddressPrefix,
    ) -> Result<Self, JsonError> {
        match value {
            None | Some(Value::Null) => Ok(None),
            given => T::of_json(given, field, prefix).map(Some),
        }
    }

    fn schema(schemas: &mut Schemas) -> Value {
        T::schema(schemas)
    }

    fn each_whose(&mut self, call: &mut dyn FnMut(&mut Whose)) {
        self.iter_mut().for_each(|value| value.each_whose(call));
    }
}

impl<T: Json> Json for Vec<T> {
    fn to_json(&self, prefix: &AddressPrefix) -> Option<Value> {
        Some(Value::Array(self.iter().filter_map(|value| value.to_json(prefix)).collect()))
    }

    fn of_json(
        value: Option<Value>,
        field: &'static str,
        prefix: &AddressPrefix,
    ) -> Result<Self, JsonError> {
        let Value::Array(values) = there(value, field)? else {
            return Err(JsonError::new(field, &"it is not a list"));
        };
        values.into_iter().map(|value| T::of_json(Some(value), field, prefix)).collect()
    }

    fn schema(schemas: &mut Schemas) -> Value {
        json!({ "type": "array", "items": T::schema(schemas) })
    }

    fn each_whose(&mut self, call: &mut dyn FnMut(&mut Whose)) {
        self.iter_mut().for_each(|value| value.each_whose(call));
    }
}

/// The text of a field.
pub(crate) fn text_of(value: Option<Value>, field: &'static str) -> Result<String, JsonError> {
    match there(value, field)? {
        Value::String(text) => Ok(text),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => {
            Err(JsonError::new(field, &"it is not a text"))
        }
    }
}

impl Json for AccountId {
    fn to_json(&self, prefix: &AddressPrefix) -> Option<Value> {
        Some(Value::String(self.to_address(prefix)))
    }

    fn of_json(
        value: Option<Value>,
        field: &'static str,
        prefix: &AddressPrefix,
    ) -> Result<Self, JsonError> {
        Self::from_address(&text_of(value, field)?, prefix)
            .map_err(|error| JsonError::new(field, &error))
    }

    fn schema(schemas: &mut Schemas) -> Value {
        schemas.named("Address", |_| {
            json!({
                "type": "string",
                "description": "An account's address: bech32m under the network's prefix.",
                "examples": ["aizu1qypqxpq9qcrsszg2pvxq6rs0zqg3yyc5lk7f5p"],
            })
        })
    }
}

const PSEUDONYM: &str = "pseudonym:";

impl Json for Whose {
    const MAY_BE_LEFT_OUT: bool = true;

    fn to_json(&self, prefix: &AddressPrefix) -> Option<Value> {
        match self {
            Self::Account(account) => account.to_json(prefix),
            Self::Pseudonym(name) => Some(Value::String(format!("{PSEUDONYM}{name}"))),
            Self::Hidden => None,
        }
    }

    fn of_json(
        value: Option<Value>,
        field: &'static str,
        prefix: &AddressPrefix,
    ) -> Result<Self, JsonError> {
        if matches!(value, None | Some(Value::Null)) {
            return Ok(Self::Hidden);
        }
        let text = text_of(value, field)?;
        match text.strip_prefix(PSEUDONYM) {
            Some(name) => {
                name.parse().map(Self::Pseudonym).map_err(|error| JsonError::new(field, &error))
            }
            None => AccountId::of_json(Some(Value::String(text)), field, prefix).map(Self::Account),
        }
    }

    fn schema(schemas: &mut Schemas) -> Value {
        schemas.named("Whose", |schemas| {
            json!({
                "description": "Somebody as the reader may know them: an address, a pseudonym that is \
                    this reader's alone, or left out.",
                "anyOf": [
                    AccountId::schema(schemas),
                    { "type": "string", "pattern": "^pseudonym:[0-9a-f]{64}$" },
                ],
            })
        })
    }

    fn each_whose(&mut self, call: &mut dyn FnMut(&mut Self)) {
        call(self);
    }
}

impl Json for Timestamp {
    fn to_json(&self, _: &AddressPrefix) -> Option<Value> {
        Some(Value::String(Time::new(*self).to_string()))
    }

    fn of_json(
        value: Option<Value>,
        field: &'static str,
        _: &AddressPrefix,
    ) -> Result<Self, JsonError> {
        let time: Result<Time, _> = text_of(value, field)?.parse();
        time.map(Time::get).map_err(|error| JsonError::new(field, &error))
    }

    fn schema(schemas: &mut Schemas) -> Value {
        schemas.named("Instant", |_| {
            json!({
                "type": "string", "format": "date-time",
                "description": "An instant in UTC, with milliseconds.",
                "examples": ["2026-11-22T09:00:00.000Z"],
            })
        })
    }
}
