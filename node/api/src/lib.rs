//! What the node's REST API says and hears: bodies, numbered errors, and signed reads.
//!
//! The node and its clients share this crate, so that one definition decides the JSON, the OpenAPI
//! document and the meaning of every code. Nothing here does I/O. Conventions: amounts are strings
//! of whole yen, times are RFC 3339 in UTC with milliseconds, accounts are bech32m addresses under
//! the network's prefix, hashes are 64 lower-case hexadecimal digits, numbers that count things
//! (heights, nonces, indices) are JSON numbers.
//!
//! The identity of a transaction covers everything but its signatures and is committed at most
//! once, so submitting the same bytes again is safe and answers the first receipt. The
//! `Idempotency-Key` header is therefore accepted on every POST and changes nothing.
#![deny(clippy::wildcard_enum_match_arm, clippy::match_wildcard_for_single_variants)]

pub mod body;
pub mod code;
mod form;
pub mod head;
pub mod month;
pub mod path;
pub mod problem;
pub mod query;
pub mod signature;
pub mod text;

pub use code::ApiCode;
pub use ledger_types::JsonError;
pub use ledger_types::instant as time;
pub use month::Month;
pub use path::Path;
pub use problem::Problem;
pub use text::Address;
pub use time::Time;

/// The media type of borsh bodies.
pub const OCTET_STREAM: &str = "application/octet-stream";
/// The media type of error bodies (RFC 9457).
pub const PROBLEM_JSON: &str = "application/problem+json";
/// The most bytes that one bulk submission may have.
pub const BULK_BYTES_MAX: usize = 8 * 1024 * 1024;
/// The most transactions that one bulk submission may hold.
pub const BULK_TRANSACTIONS_MAX: usize = 16_384;
/// The most bytes that a transaction's JSON form may have: hexadecimal, names and all.
pub const JSON_BYTES_MAX: usize = 256 * 1024;
/// The most entries that a page may hold.
pub const PAGE_LIMIT_MAX: u16 = 200;
/// How many entries a page holds where the request does not say.
pub const PAGE_LIMIT_DEFAULT: u16 = 50;
/// The longest that a request may wait for a receipt, in milliseconds.
pub const WAIT_MS_MAX: u32 = 30_000;
