//! A premium voucher's lottery as far as it is pure: what ledger, wallet and strangers all compute.
//!
//! - [`letter`]: the secret on a person's letter, how it is printed and typed, the key made from it.
//! - [`leaf`]: what of a letter is public before anybody applies, the list of leaves and its root,
//!   and what a letter's key signs to apply.
//! - [`sharing`]: how committers deposit secrets that nobody knows before the close and nobody can
//!   withhold after it, and the seed that follows from them.
//! - [`order`]: who comes when by that seed, who gets how many sets, and where unclaimed ones go.
//! - [`lottery`]: one round as a public file, from which anybody counts it all again
//!   (`tests/verify/lottery.py` does, without a line of this code).
//! - [`on_ledger`]: all of these as the ledger's operations and records have them.
//!
//! FORMAT.md has the bytes. The ledger calls these checks inside consensus, so there is no clock,
//! no generator of randomness, no floating point, no hash order and no panic; whoever deals gives
//! 32 random bytes in. Integers that are hashed are big-endian, as FORMAT.md says of each.
//!
//! A round goes so: the city sends letters and puts the root of its list on the ledger; committers
//! deposit dealings, which are checked whole; people apply; after the close each committer reveals
//! a scalar, or any `threshold` members open the shares of one who does not; the seed follows, and
//! with it the order.

#![cfg_attr(
    not(test),
    deny(
        clippy::arithmetic_side_effects,
        clippy::as_conversions,
        clippy::float_arithmetic,
        clippy::indexing_slicing,
        clippy::expect_used,
        clippy::unwrap_used,
        clippy::panic
    )
)]
#![deny(clippy::disallowed_types, clippy::disallowed_methods)]
#![deny(clippy::wildcard_enum_match_arm, clippy::match_wildcard_for_single_variants)]

pub mod leaf;
pub mod letter;
pub mod lottery;
pub mod on_ledger;
pub mod order;
pub mod sharing;

pub use leaf::{Application, Leaf};
pub use letter::{LetterError, LetterSecret};
pub use lottery::Lottery;
pub use order::{Allocation, Further, Outcome, Standing, Ticket};
pub use sharing::{Dealing, SealingPublic, SealingSecret};
