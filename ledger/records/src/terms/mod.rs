//! What was agreed: processes as documents, their tree of salted leaves, and whether a request
//! lies within one of them.
//!
//! A consent covers one or more **processes** ([`Process`]): a category of data, for a purpose, by
//! a recipient, with operations, for a time, in a region, over a period of data. Each becomes a
//! [`ledger_types::consent::TermsLeaf`] (one bit, the recipient, a salted commitment), the leaves a
//! tree, and the ledger holds the tree's root alone. A request shows one leaf and its path, and the
//! ledger refuses it to anybody but the leaf's recipient; whoever holds data is given the opening
//! too ([`Disclosure`]) and asks [`Process::covers`].
//!
//! **Padding.** How many processes there are must not show. The tree has at least
//! [`LEAVES_MIN`] leaves and always a power of two; the processes stand at random places and every
//! other leaf is 32 random bytes, which nobody can tell from a leaf and nobody can open. So up to
//! eight processes look alike in root, in path length (three) and in the index a request shows.
//! What still shows is which of a consent's uses rest on the same leaf, and for whom it is; the salt
//! hides which one.

mod amend;
mod cover;
mod process;
mod region;
mod tree;

pub use cover::{Mismatch, Request};
pub use ledger_types::consent::Recipient;
pub use process::{DataPeriod, Process, ProcessError, Processing};
pub use region::{Region, RegionError};
pub use tree::{Disclosure, DisclosureError, LEAVES_MIN, OpenedProcess, Terms, TermsError};

#[cfg(test)]
mod tests;
