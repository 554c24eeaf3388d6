//! The half of a consent that stays off the ledger: terms, salts, evidence and receipts.
//!
//! The ledger holds commitments only; what was committed to lies with the data subject's wallet,
//! with the data holder and with the consent gateway, and all three read and check it through this
//! crate. [`canonical`] and [`commitment`] fix the bytes, [`terms`] says what was agreed and
//! whether a request lies within it, [`vocabulary`] holds the purposes and categories with the
//! legal bases, [`holder`] names who is asked without showing it, [`pseudonym`] keeps parties from recognising one person, [`vault`] keeps and
//! destroys, [`receipt`] tells people and machines, and [`sweep`] looks for what should not be in
//! public bytes. Everything is pure but [`vault`] (files) and one source of randomness.

pub mod canonical;
pub mod commitment;
pub mod format;
pub mod holder;
pub mod pseudonym;
pub mod receipt;
pub mod sweep;
pub mod terms;
pub mod vault;
pub mod vocabulary;

mod entropy;

pub use commitment::Salt;
pub use pseudonym::SubjectSecret;
pub use vocabulary::Vocabulary;
