//! The one form in JSON of everything on the wire, made from the same list of fields.
//!
//! An account is an address under the network's prefix, which is given to every conversion: there
//! is no global. A value converts to JSON and back without loss, and everything else is refused by
//! the name of the field. [`Json::schema`] says the same to others, in JSON Schema 2020-12.

mod schema;
mod shape;
mod text;

use serde_json::{Map, Value};

pub use schema::Schemas;
pub(crate) use schema::{described, object, tagged};
pub(crate) use shape::{choice, names, serde_by_json, shape};
pub(crate) use text::{plain, text_of};

use crate::hash::Hash;
use crate::id::{AccountId, AddressPrefix};

/// A field does not hold what it should.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{field}: {reason}")]
pub struct JsonError {
    /// Which field.
    pub field: String,
    /// What is wrong with it.
    pub reason: String,
}

impl JsonError {
    /// An error at a field.
    #[must_use]
    pub fn new(field: &str, reason: &dyn core::fmt::Display) -> Self {
        Self { field: field.to_owned(), reason: reason.to_string() }
    }
}

/// A value with one form in JSON.
pub trait Json: Sized {
    /// The value in JSON on the network with this prefix; `None` where the field is left out.
    fn to_json(&self, prefix: &AddressPrefix) -> Option<Value>;

    /// The value of a field on the network with this prefix; `None` where the field is left out.
    ///
    /// # Errors
    /// [`JsonError`] names the innermost field that does not hold what it should.
    fn of_json(
        value: Option<Value>,
        field: &'static str,
        prefix: &AddressPrefix,
    ) -> Result<Self, JsonError>;

    /// The form in JSON Schema; named forms are entered into `schemas` and referred to.
    fn schema(schemas: &mut Schemas) -> Value;

    /// Whether the field may be left out.
    const MAY_BE_LEFT_OUT: bool = false;

    /// Calls with everyone inside whom a reader may have to be kept from knowing.
    fn each_whose(&mut self, _: &mut dyn FnMut(&mut Whose)) {}
}

/// A field that must be there.
pub(crate) fn there(value: Option<Value>, field: &'static str) -> Result<Value, JsonError> {
    value.ok_or_else(|| JsonError::new(field, &"it is missing"))
}

/// The fields of an object.
pub(crate) fn fields(
    value: Option<Value>,
    field: &'static str,
) -> Result<Map<String, Value>, JsonError> {
    match there(value, field)? {
        Value::Object(fields) => Ok(fields),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => {
            Err(JsonError::new(field, &"it is not an object"))
        }
    }
}

/// Refuses an object that has more fields than were taken out of it.
pub(crate) fn no_more(fields: &Map<String, Value>) -> Result<(), JsonError> {
    match fields.keys().next() {
        Some(unknown) => Err(JsonError::new(unknown, &"there is no such field")),
        None => Ok(()),
    }
}

/// The fields of a value that is an object.
pub(crate) fn inside<T: Json>(value: &T, prefix: &AddressPrefix) -> Map<String, Value> {
    match value.to_json(prefix) {
        Some(Value::Object(fields)) => fields,
        // Only shapes with fields of their own are put inside others.
        None
        | Some(
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_),
        ) => Map::new(),
    }
}

/// The fields that are left, as an object of their own.
pub(crate) fn rest(fields: &mut Map<String, Value>) -> Option<Value> {
    Some(Value::Object(core::mem::take(fields)))
}

/// Puts a field into an object, where it is not left out.
pub(crate) fn put<T: Json>(
    fields: &mut Map<String, Value>,
    name: &str,
    value: &T,
    prefix: &AddressPrefix,
) {
    if let Some(value) = value.to_json(prefix) {
        fields.insert(name.to_owned(), value);
    }
}

/// The prefix under which values that hold no account are written.
pub(crate) fn no_prefix() -> AddressPrefix {
    AddressPrefix::default()
}

/// Somebody as a reader is shown them.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    borsh::BorshSerialize,
    borsh::BorshDeserialize,
)]
#[borsh(use_discriminant = true)]
#[repr(u8)]
pub enum Whose {
    /// The account. Whatever the ledger itself says names it.
    Account(AccountId) = 0,
    /// A name that one reader knows it by: the same each time, and another to everybody else.
    Pseudonym(Hash) = 1,
    /// Somebody whom the reader has no right to know.
    Hidden = 2,
}

impl Whose {
    /// The account, where it is shown.
    #[must_use]
    pub const fn account(self) -> Option<AccountId> {
        match self {
            Self::Account(account) => Some(account),
            Self::Pseudonym(_) | Self::Hidden => None,
        }
    }
}

impl From<AccountId> for Whose {
    fn from(account: AccountId) -> Self {
        Self::Account(account)
    }
}
