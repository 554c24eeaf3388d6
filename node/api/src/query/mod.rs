//! Query strings, as the node reads them and clients write them.

mod check;

use ledger_types::{Hash, NoticeId, PartyId};
use serde::{Deserialize, Serialize};
use utoipa::IntoParams;

pub use check::Check;

use crate::text::{Address, schema};

/// A query as clients write it: what is there, in order of name.
///
/// What a value holds besides letters, digits, `-`, `.`, `_`, `~`, `,` and `:` is escaped (RFC 3986,
/// section 2.1).
#[must_use]
pub fn text(query: &impl Serialize) -> String {
    let Ok(serde_json::Value::Object(fields)) = serde_json::to_value(query) else {
        return String::new();
    };
    let pairs = fields.iter().map(|(name, value)| match value.as_str() {
        Some(text) => format!("{name}={}", escaped(text)),
        None => format!("{name}={}", escaped(&value.to_string())),
    });
    pairs.collect::<Vec<_>>().join("&")
}

fn escaped(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            byte if byte.is_ascii_alphanumeric() || b"-._~,:".contains(&byte) => {
                char::from(byte).to_string()
            }
            byte => format!("%{byte:02X}"),
        })
        .collect()
}

/// How long to wait for a receipt.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Wait {
    /// Wait this long for the receipt, in milliseconds: 0 to 30000.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[param(maximum = 30000)]
    pub wait_ms: Option<u32>,
}

/// Which page.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Page {
    /// `next` of the page before; none for the first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
    /// How many entries at most: 1 to 200, 50 where it is not said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[param(minimum = 1, maximum = 200)]
    pub limit: Option<u16>,
}

/// Whose consents.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Consents {
    /// The subject's implicit account.
    pub subject: Address,
    /// `next` of the page before; none for the first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
    /// How many entries at most: 1 to 200, 50 where it is not said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[param(minimum = 1, maximum = 200)]
    pub limit: Option<u16>,
}

/// Which page of a log, and by which recorded read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Log {
    /// The reader's own committed `ReadAccessLog` about the subject: needed by everyone but the
    /// subject and its guardian.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[param(value_type = Option<schema::Hex32>)]
    pub read: Option<Hash>,
    /// `next` of the page before; none for the first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
    /// How many entries at most: 1 to 200, 50 where it is not said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[param(minimum = 1, maximum = 200)]
    pub limit: Option<u16>,
}

/// Which page of what concerns a party, and by which audit view.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct OfParty {
    /// The reader's own audit view over the party: needed by everyone but the party itself and
    /// members that audit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[param(value_type = Option<schema::Hex32>)]
    pub view: Option<Hash>,
    /// `next` of the page before; none for the first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
    /// How many entries at most: 1 to 200, 50 where it is not said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[param(minimum = 1, maximum = 200)]
    pub limit: Option<u16>,
}

/// By which right one thing is read, where it is not the reader's own.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Right {
    /// An access under the consent that the reader requested, or disclosed on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[param(value_type = Option<schema::Hex32>)]
    pub access: Option<Hash>,
    /// The reader's own audit view, in force and about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[param(value_type = Option<schema::Hex32>)]
    pub view: Option<Hash>,
}

/// Whose requests for renewal, and for which notice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Reconsents {
    /// The controller that asks.
    #[param(value_type = u32)]
    pub party: PartyId,
    /// Which of its notices.
    #[param(value_type = u32)]
    pub notice: NoticeId,
    /// `next` of the page before; none for the first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
    /// How many entries at most: 1 to 200, 50 where it is not said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[param(minimum = 1, maximum = 200)]
    pub limit: Option<u16>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_is_written_as_the_node_reads_it() {
        let log = Log { read: Some(Hash::new([0xab; 32])), cursor: None, limit: Some(7) };
        assert_eq!(text(&log), format!("limit=7&read={}", "ab".repeat(32)));
        assert_eq!(text(&Log::default()), "");
        let page = Page { cursor: Some("a:b,c &é=".to_owned()), limit: None };
        assert_eq!(text(&page), "cursor=a:b,c%20%26%C3%A9%3D");
    }
}
