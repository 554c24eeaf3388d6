//! Query strings, as the node reads them and clients write them.

mod check;

use ledger_types::{Hash, NoticeId, PartyId};
use serde::Serialize;

pub use check::Check;

use crate::form::query;
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

query! {
    /// How long to wait for a receipt.
    #[derive(Copy, Default)]
    pub struct Wait {
        /// Wait this long for the receipt, in milliseconds: 0 to 30000.
        #[param(maximum = 30000)]
        wait_ms?: u32,
    }

    /// Which page.
    #[derive(Default)]
    pub struct Page {
        /// `next` of the page before; none for the first.
        cursor?: String,
        /// How many entries at most: 1 to 200, 50 where it is not said.
        #[param(minimum = 1, maximum = 200)]
        limit?: u16,
    }

    /// Whose consents.
    pub struct Consents {
        /// The subject's implicit account.
        subject: Address,
        ..Page
    }

    /// By which recorded read, where it is not the reader's own.
    #[derive(Copy, Default)]
    pub struct ByRead {
        /// The auditor's own committed `ReadAccessLog`, by a view of the account, its bank or its zone.
        read?: Hash as schema::Hex32,
    }

    /// Which page of a log or history, and by which recorded read.
    #[derive(Default)]
    pub struct Log {
        /// The reader's own committed `ReadAccessLog` about it: needed by everyone but the subject and
        /// its guardian, and but the holder of an account and its bank.
        read?: Hash as schema::Hex32,
        ..Page
    }

    /// Which page of what concerns a party, and by which audit view.
    #[derive(Default)]
    pub struct OfParty {
        /// The reader's own audit view over the party: needed by everyone but the party itself.
        view?: Hash as schema::Hex32,
        ..Page
    }

    /// By which right one thing is read, where it is not the reader's own.
    #[derive(Default)]
    pub struct Right {
        /// An access under the consent that the reader requested, or disclosed on.
        access?: Hash as schema::Hex32,
        /// The reader's own audit view, in force and about it.
        view?: Hash as schema::Hex32,
    }

    /// Whose requests for renewal, and for which notice.
    pub struct Reconsents {
        /// The controller that asks.
        party: PartyId as u32,
        /// Which of its notices.
        notice: NoticeId as u32,
        ..Page
    }
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
