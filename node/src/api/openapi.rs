//! The OpenAPI 3.1 document, made from the handlers and bodies themselves.

use node_api::text::schema;
use node_api::{PROBLEM_JSON, Problem, path};
use serde_json::{Map, Value};
use utoipa::openapi::security::{ApiKey, ApiKeyValue, SecurityRequirement, SecurityScheme};
use utoipa::openapi::{Content, OpenApi as Document, Ref, RefOr};
use utoipa::{Modify, OpenApi};

use super::routes::{self, Described};
use crate::rights::Kind;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Kyojo node",
        version = "1",
        description = "REST interface of a Kyojo node. Amounts are strings of whole yen, times are \
            RFC 3339 in UTC with milliseconds, accounts are bech32m addresses under the network's \
            prefix. Every error is application/problem+json (RFC 9457) with a stable numeric code \
            and name: 1xxx transactions that no block may hold, 6xxx requests, 7xxx the node; \
            receipts carry 2xxx to 5xxx for the rule that a transaction broke. A transaction's \
            identity makes submitting it again safe, so Idempotency-Key is accepted and changes \
            nothing. A request names its host once (6014), and its head has at most 65,536 bytes, \
            first line included (6012), and at most 100 fields.",
        license(name = "Apache-2.0", identifier = "Apache-2.0"),
    ),
    components(schemas(Problem)),
    tags(
        (name = "transactions", description = "Submit, and see what became of it."),
        (name = "accounts", description = "Signed reads of accounts and histories."),
        (name = "blocks", description = "Blocks, receipts and events."),
        (name = "network", description = "Status, validators and supply."),
        (name = "zones", description = "Business Zones and their merchants."),
        (name = "programmes", description = "Premium vouchers: instruments, programmes, lotteries."),
        (name = "consent", description = "Parties, notices, consents and decisions."),
        (name = "registry", description = "Law, vocabularies and schemes, which are public."),
        (name = "audit log", description = "Tiles, checkpoints and proofs in C2SP's formats."),
        (name = "node", description = "Health and metrics of this node."),
    ),
    modifiers(&SignedReads),
)]
struct Api;

struct SignedReads;

impl Modify for SignedReads {
    fn modify(&self, document: &mut Document) {
        let described = "HTTP message signature (RFC 9421): components \"@method\" \"@authority\" \
            \"@path\" \"@query\" (and \"content-digest\" where there is a body) in this order; \
            parameters created, expires (at most 60 s later), keyid (the reader's address, or a key), \
            alg=\"ed25519\" and tag (the genesis hash); \"@authority\" is one of the node's names. \
            The parameters come in Signature-Input, the signature in Signature.";
        let header = ApiKey::Header(ApiKeyValue::with_description("Signature", described));
        let components = document.components.get_or_insert_default();
        components.add_security_scheme("reader", SecurityScheme::ApiKey(header));
    }
}

/// The document. Its operations are called as the table of paths calls their routes; the ledger's own
/// forms have their schemas from the ledger's types. What concerns someone is read by signature, and
/// every failure is a problem.
#[must_use]
pub fn document() -> Value {
    let mut described = Api::openapi().merge_from(Described::openapi());
    let by_right: Vec<&str> = Kind::ALL.iter().map(|kind| routes::route(*kind).0).collect();
    for route in path::ALL {
        let Some(item) = described.paths.paths.get_mut(route.template) else { continue };
        let operations = [&mut item.get, &mut item.post];
        for operation in operations.into_iter().flatten() {
            operation.operation_id = Some(route.name.to_owned());
            if by_right.contains(&route.template) && operation.security.is_none() {
                let signed = SecurityRequirement::new("reader", Vec::<String>::new());
                operation.security = Some(vec![signed]);
            }
            for (status, response) in &mut operation.responses.responses {
                if let RefOr::T(response) = response
                    && status.starts_with(['4', '5'])
                {
                    let problem = Content::new(Some(Ref::from_schema_name("Problem")));
                    response.content.insert(PROBLEM_JSON.to_owned(), RefOr::T(problem));
                }
            }
        }
    }
    let mut document = serde_json::to_value(described).unwrap_or_default();
    if let Some(schemas) = schemas_of(&mut document) {
        schemas.extend(schema::of_the_ledger().into_iter_named());
    }
    document
}

fn schemas_of(document: &mut Value) -> Option<&mut Map<String, Value>> {
    document.pointer_mut("/components/schemas").and_then(Value::as_object_mut)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use ledger_types::{Event, Operation};

    use super::*;

    /// What clients build on: a difference here is a difference to them.
    const GOLDEN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/openapi.json");

    #[test]
    fn the_document_is_the_one_that_clients_know() {
        let document = serde_json::to_string_pretty(&document()).unwrap() + "\n";
        if std::env::var_os("UPDATE_GOLDEN").is_some() {
            std::fs::write(GOLDEN, &document).unwrap();
        }
        let golden = std::fs::read_to_string(GOLDEN).unwrap();
        assert!(document == golden, "openapi.json differs: run with UPDATE_GOLDEN=1 and review");
    }

    #[test]
    fn the_document_has_the_routes_of_the_table_and_one_operation_each() {
        let document = document();
        let mut described = BTreeSet::new();
        for (template, item) in document["paths"].as_object().unwrap() {
            let operations: Vec<_> = item.as_object().unwrap().values().collect();
            assert_eq!(operations.len(), 1, "{template} has one operation");
            let name = operations[0]["operationId"].as_str().unwrap();
            described.insert((template.as_str(), name));
        }
        // The document does not describe itself.
        let routes = path::ALL.iter().filter(|route| route.template != path::DOCUMENT);
        let table: BTreeSet<_> = routes.map(|route| (route.template, route.name)).collect();
        assert_eq!(described, table);
    }

    #[test]
    fn the_document_names_what_it_refers_to() {
        let document = document();
        assert!(document["openapi"].as_str().unwrap().starts_with("3.1"));
        let text = document.to_string();
        let mut references = 0;
        for reference in text.split("\"#/components/schemas/").skip(1) {
            let name = reference.split('"').next().unwrap();
            assert!(document["components"]["schemas"].get(name).is_some(), "{name}");
            references += 1;
        }
        assert!(references > 50);
    }

    #[test]
    fn every_form_of_the_ledgers_own_has_its_schema() {
        let text = document().to_string();
        assert!(!text.contains("A form of the ledger's own"), "a name stands without its schema");
    }

    #[test]
    fn each_operation_and_event_is_one_object_with_a_type_of_its_own() {
        let document = document();
        let of = |name: &str| document["components"]["schemas"][name]["oneOf"].clone();
        for (name, expected) in [("Operation", Operation::NAMES), ("Event", Event::NAMES)] {
            let all = of(name);
            let objects = all.as_array().unwrap();
            let tags: Vec<&str> = objects
                .iter()
                .map(|object| object["properties"]["type"]["const"].as_str().unwrap())
                .collect();
            assert_eq!(tags, expected);
            for object in objects {
                assert_eq!(object["additionalProperties"], false, "{object}");
                assert_eq!(object["required"][0], "type", "{object}");
            }
        }
    }
}
