//! JSON Schema (2020-12, as OpenAPI 3.1 has it) of the forms in JSON.

use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// Named schemas, as the `components` of an OpenAPI document hold them.
#[derive(Clone, Debug, Default)]
pub struct Schemas(BTreeMap<String, Value>);

impl Schemas {
    /// A reference to the schema of this name, which is made where it is not there yet.
    pub fn named(&mut self, name: &str, make: impl FnOnce(&mut Self) -> Value) -> Value {
        if !self.0.contains_key(name) {
            // Entered first, so that a form that holds itself comes to an end.
            self.0.insert(name.to_owned(), Value::Null);
            let schema = make(self);
            self.0.insert(name.to_owned(), schema);
        }
        json!({ "$ref": format!("#/components/schemas/{name}") })
    }

    /// The schema behind a reference, to write it inside another.
    pub(crate) fn inside(&self, reference: &Value) -> Value {
        let name =
            reference.get("$ref").and_then(Value::as_str).and_then(|at| at.rsplit('/').next());
        name.and_then(|name| self.0.get(name)).cloned().unwrap_or_default()
    }

    /// All of them, in order of name.
    pub fn into_iter_named(self) -> impl Iterator<Item = (String, Value)> {
        self.0.into_iter()
    }
}

/// A schema with a description: what its field means here.
pub(crate) fn described(mut schema: Value, lines: &[&str]) -> Value {
    let text = lines.iter().map(|line| line.trim()).collect::<Vec<_>>().join(" ");
    if let Value::Object(fields) = &mut schema
        && !text.is_empty()
    {
        fields.insert("description".to_owned(), Value::String(text));
    }
    schema
}

/// An object with these fields and no others.
pub(crate) fn object(fields: Vec<(&str, Value, bool)>) -> Value {
    let mut properties = Map::new();
    let mut required = Vec::new();
    for (name, schema, may_be_left_out) in fields {
        if !may_be_left_out {
            required.push(Value::String(name.to_owned()));
        }
        properties.insert(name.to_owned(), schema);
    }
    json!({
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": false,
    })
}

/// An object whose `type` says which of several it is.
pub(crate) fn tagged(tag: &str, mut object: Value) -> Value {
    if let Some(properties) = object.get_mut("properties").and_then(Value::as_object_mut) {
        properties.insert("type".to_owned(), json!({ "type": "string", "const": tag }));
    }
    if let Some(required) = object.get_mut("required").and_then(Value::as_array_mut) {
        required.insert(0, Value::String("type".to_owned()));
    }
    object
}
