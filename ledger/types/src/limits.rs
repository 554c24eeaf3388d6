//! Every limit of the wire format, in one place, with the relations between them asserted.

/// The largest encoded transaction, in bytes.
pub const TRANSACTION_BYTES_MAX: usize = 64 * 1024;
/// The most operations that one transaction may hold.
pub const OPERATIONS_MAX: usize = 64;
/// The most authorisations (key and signature) that one transaction may hold.
pub const AUTHORISATIONS_MAX: usize = 8;
/// The most keys that one account may hold.
pub const KEYS_MAX: usize = 8;
/// How far ahead of the block's time a transaction's `valid_until` may lie, in milliseconds (24 h).
pub const VALID_UNTIL_AHEAD_MS_MAX: u64 = 24 * 60 * 60 * 1000;
/// How many nonces, counted from the lowest unused, an account may use in any order.
pub const NONCE_WINDOW: u64 = 128;
/// The largest encoded block, in bytes.
pub const BLOCK_BYTES_MAX: usize = 4 * 1024 * 1024;
/// The most signatures that one block may hold, so that checking it stays well under the timeout.
pub const BLOCK_SIGNATURES_MAX: usize = 16_384;
/// The most validators in a set.
pub const VALIDATORS_MAX: usize = 128;
/// The longest path in a terms tree, so at most 2^16 leaves.
pub const TERMS_PATH_MAX: usize = 16;
/// The most languages in which one version of a notice may be published.
pub const NOTICE_LANGUAGES_MAX: usize = 16;
/// How long a redeem request holds its value before it lapses, in milliseconds (7 days).
pub const REDEEM_EXPIRY_MS: u64 = 7 * 24 * 60 * 60 * 1000;
/// The most redeem requests that one account may have open.
pub const OPEN_REDEEMS_MAX: usize = 64;

const _: () =
    assert!(TRANSACTION_BYTES_MAX * 16 <= BLOCK_BYTES_MAX, "a block holds many transactions");
const _: () = assert!(NONCE_WINDOW == 128, "the window is a 128-bit mask");
