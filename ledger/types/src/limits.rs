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
/// Bytes of a block kept free for its header and the parent's certificate.
const BLOCK_BYTES_RESERVED: usize = 16 * 1024;
/// The most encoded bytes of the transactions of one block.
pub const BLOCK_TRANSACTIONS_BYTES_MAX: usize = BLOCK_BYTES_MAX - BLOCK_BYTES_RESERVED;
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
/// How far ahead a bank's claim of a redeem request may last, in milliseconds (7 days).
pub const CLAIM_AHEAD_MS_MAX: u64 = 7 * 24 * 60 * 60 * 1000;
/// The most redeem requests and payouts that one account may have open.
pub const OPEN_REDEEMS_MAX: usize = 64;
/// The most core banking references in a run of them; one more cuts it in two halves.
pub const REFERENCE_RUN_MAX: usize = 48;
/// The most pairs of banks that one settlement cycle captures (every pair of 64 banks); further ones
/// wait for the next.
pub const CYCLE_PAIRS_MAX: usize = 2016;
/// The most pictures, sounds and films of one version of a notice.
pub const NOTICE_MEDIA_MAX: usize = 8;
/// The longest path in a vocabulary's tree, so at most 2^32 nodes.
pub const VOCABULARY_PATH_MAX: usize = 32;
/// The most bytes of a legal basis's code.
pub const LEGAL_BASIS_CODE_BYTES_MAX: usize = 64;
/// The most parties that use data jointly.
pub const JOINT_USERS_MAX: usize = 64;
/// The most subtrees that a broad consent leaves out.
pub const EXCLUDES_MAX: usize = 16;
/// The most changes of one amendment.
pub const LEAF_CHANGES_MAX: usize = 16;
/// The most answers of one response to a request for renewals.
pub const RECONSENT_ANSWERS_MAX: usize = 64;
/// How often a controller may ask for renewals within [`RECONSENT_PERIOD_MS`].
pub const RECONSENTS_PER_PERIOD: usize = 4;
/// The period in which requests for renewals are counted, in milliseconds (30 days).
pub const RECONSENT_PERIOD_MS: u64 = 30 * 24 * 60 * 60 * 1000;
/// How far ahead the deadline of a request for renewals may lie, in milliseconds (366 days).
pub const RECONSENT_AHEAD_MS_MAX: u64 = 366 * 24 * 60 * 60 * 1000;
/// How long a subject may veto a recovery before it can be executed, in milliseconds (3 days).
pub const RECOVERY_DELAY_MS: u64 = 3 * 24 * 60 * 60 * 1000;
/// How far ahead a counter may register itself for a person, in milliseconds (366 days).
pub const COUNTER_AHEAD_MS_MAX: u64 = 366 * 24 * 60 * 60 * 1000;
/// How long a recovery can be executed once it can be, in milliseconds (30 days); then it lapses.
pub const RECOVERY_LAPSE_MS: u64 = 30 * 24 * 60 * 60 * 1000;
/// The most parties that an acknowledgement names.
pub const PROPAGATED_MAX: usize = 32;
/// How many members must endorse an emergency, one of them the city.
pub const EMERGENCY_SIGNERS: usize = 2;
/// How far ahead an endorsement of an emergency may last, in milliseconds (30 days).
pub const EMERGENCY_AHEAD_MS_MAX: u64 = 30 * 24 * 60 * 60 * 1000;
/// The most rows of one bulk of dividends.
pub const DIVIDEND_ROWS_MAX: usize = 1000;
/// How far ahead an audit view may last, in milliseconds (366 days).
pub const AUDIT_VIEW_AHEAD_MS_MAX: u64 = 366 * 24 * 60 * 60 * 1000;
/// The longest deadline that a regime may set, in milliseconds (3660 days).
pub const REGIME_RULE_MS_MAX: u64 = 3660 * 24 * 60 * 60 * 1000;
/// How far ahead a freeze of an account may last, in milliseconds (366 days).
pub const FREEZE_AHEAD_MS_MAX: u64 = 366 * 24 * 60 * 60 * 1000;
/// How far ahead a raise of an allowance may end, in milliseconds (366 days).
pub const RAISE_AHEAD_MS_MAX: u64 = 366 * 24 * 60 * 60 * 1000;
/// At how many instants what one payer gave of its allowance may end.
pub const RAISE_ENDS_MAX: usize = 64;
/// The most zones that a network has: what an account has in zones is summed over all of them.
pub const ZONES_MAX: usize = 256;
/// The most municipalities that a zone serves.
pub const ZONE_AREAS_MAX: usize = 64;
/// The longest name of a zone, in bytes.
pub const ZONE_NAME_BYTES_MAX: usize = 256;
/// The most tiers of a fee schedule.
pub const FEE_TIERS_MAX: usize = 8;
/// The most recipients of a zone's fees beside the fund.
pub const FEE_SHARES_MAX: usize = 4;
/// How many days ahead the last day of a shop that leaves may be.
pub const LAST_DAY_AHEAD_MAX: u64 = 366;
/// The most days that a bank names as its holidays.
pub const BANK_HOLIDAYS_MAX: usize = 64;
/// How many days ahead a payout's transfer may be.
pub const TRANSFER_DAY_AHEAD_MAX: u64 = 31;
/// How many business days of its bank pass before another payout account holds.
pub const PAYOUT_ACCOUNT_NOTICE_DAYS: u32 = 2;
/// How long ahead it is announced where more is taken of somebody, in milliseconds (30 days).
pub const FEE_NOTICE_MS: u64 = 30 * 24 * 60 * 60 * 1000;
/// How far ahead a change of fees or shares may begin, in milliseconds (366 days).
pub const FEE_AHEAD_MS_MAX: u64 = 366 * 24 * 60 * 60 * 1000;
/// The most overdue duties that one block raises; the rest wait for the next.
pub const DUES_PER_BLOCK_MAX: usize = 256;
/// The most debtors whose duties one block looks at; the next goes on after them.
pub const DEBTORS_PER_BLOCK_MAX: usize = 1024;
/// The most old records of one kind that one block looks at, to see whether they have ended.
pub const AGED_PER_BLOCK_MAX: usize = 256;
/// The most old payments at shops that one block takes out, and the most requests that were taken back:
/// more of them come in than of other records that end.
pub const PAYMENTS_AGED_PER_BLOCK_MAX: usize = 4096;
/// The fewest days that a record which ended is kept: its identity is then too old to be taken.
pub const RETENTION_DAYS_MIN: u32 = 3;
/// The fewest days that an access with both halves is served, with what proves it (3 years, APPI
/// articles 29 and 30 with the rules that they refer to).
pub const ACCESS_SERVED_DAYS_MIN: u32 = 1096;

/// A validator's address, and its signature with the type tag.
const COMMIT_SIGNATURE_BYTES: usize = 20 + 65;
/// More than a header and the fixed parts of a certificate and a body take.
const BLOCK_FIXED_BYTES_MAX: usize = 1024;
const _: () = assert!(
    VALIDATORS_MAX * COMMIT_SIGNATURE_BYTES + BLOCK_FIXED_BYTES_MAX <= BLOCK_BYTES_RESERVED,
    "the largest certificate fits beside the transactions"
);
const _: () = assert!(DIVIDEND_ROWS_MAX * 28 < TRANSACTION_BYTES_MAX, "a row has 28 bytes");
const _: () =
    assert!(TRANSACTION_BYTES_MAX * 16 <= BLOCK_BYTES_MAX, "a block holds many transactions");
const _: () = assert!(NONCE_WINDOW == 128, "the window is a 128-bit mask");
/// The most bytes of a programme's name.
pub const PROGRAMME_NAME_BYTES_MAX: usize = 256;
/// The most exceptions of a payment request.
pub const REQUEST_EXCEPTIONS_MAX: usize = 8;
/// How long a payment request is good at most, in seconds (10 minutes).
pub const REQUEST_SECONDS_MAX: u16 = 600;
/// How far a terminal's clock may be ahead, in milliseconds.
pub const REQUEST_EARLY_MS: u64 = 60_000;
/// Within which time the same amount at the same shop is likely paid twice, in milliseconds (3 minutes).
pub const DUPLICATE_MS: u64 = 180_000;
/// The most payments by codes that stay that are remembered of a payer and zone for it.
pub const RECENT_PAYMENTS_MAX: usize = 8;
/// The most lots that a holder has in a zone.
pub const LOTS_MAX: usize = 64;
/// The most escrows of a programme.
pub const ESCROWS_MAX: usize = 8;
/// The most buckets of a programme.
pub const BUCKETS_MAX: usize = 4;
/// The most rounds of a programme.
pub const ROUNDS_MAX: u16 = 8;
/// The most lists of people who may buy of a programme.
pub const ELIGIBILITY_LISTS_MAX: u16 = 256;
/// The most leaves of such a list.
pub const ELIGIBILITY_LEAVES_MAX: u32 = 4_194_304;
/// The most people for whom one applies or buys at once.
pub const LEAVES_MAX: usize = 4;
/// The most hashes of a path to a leaf.
pub const LEAF_PATH_MAX: usize = 22;
/// The most applications of a round.
pub const TICKETS_MAX: u32 = 20_000;
/// The least that is deposited before people apply, and the fewest committers of a lottery.
pub const COMMITTERS_MIN: usize = 3;
/// The most committers of a lottery.
pub const COMMITTERS_MAX: usize = 16;
/// The least time for buying what was won, in milliseconds; genesis may ask for more, a lab for less.
pub const CLAIM_MS_MIN: u64 = 7 * 24 * 60 * 60 * 1000;
/// The least time from the end of applications to the end of the sale, in milliseconds, so that secrets
/// can be told or opened before; genesis may ask for more, a lab for less.
pub const SECRETS_MS_MIN: u64 = 14 * 24 * 60 * 60 * 1000;
/// The most calendar months for which value of a short life is usable.
pub const SHORT_LIFE_MONTHS_MAX: u16 = 6;
/// The furthest ahead that a programme's dates lie, in milliseconds.
pub const PROGRAMME_AHEAD_MS_MAX: u64 = 2 * 366 * 24 * 60 * 60 * 1000;
/// The most records of closed programmes that a block takes out.
pub const SWEPT_PER_BLOCK_MAX: usize = 256;
