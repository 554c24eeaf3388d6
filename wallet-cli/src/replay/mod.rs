//! Replaying files of real payments as signed transactions.
//!
//! Two formats are read, told apart by their first line. `PKDD'99` (a Czech bank's anonymised
//! files, semicolons, decimal crowns) maps so:
//!
//! | row | on the ledger |
//! |---|---|
//! | an account of the bank | an account at the network's first bank |
//! | a partner account at one of 13 bank codes | an account at the network's 2nd to 14th bank |
//! | `VKLAD` (cash in), interest (`UROK`) | Issue by the bank |
//! | `VYBER`, `VYBER KARTOU` (cash out) | RequestRedeem by the holder, then SettleRedeem |
//! | `VYBER` for `SLUZBY` or `SANKC. UROK` (fees) | Transfer to the bank's own account |
//! | `PREVOD NA UCET` (to another bank), an order | Transfer to the partner's account |
//! | `PREVOD Z UCTU` (from another bank) | Issue at the partner's bank, then Transfer from there |
//!
//! Orders follow the transactions. `CSV` has columns `debtor,creditor,amount`; its accounts take
//! turns at the network's banks, and each row is a Transfer.
//!
//! Rows of one account keep their order: the next one starts when the ledger has decided the one
//! before. Different accounts run beside each other. Amounts are scaled by a whole number and must
//! come out whole; nothing is rounded and no floating point is used.

pub mod decimal;
pub mod engine;
pub mod plan;
pub mod read;

pub use engine::{Engine, EngineError, Sender, Tally};
pub use plan::{Plan, Row, Step};
pub use read::{Files, Payment, ReadError};
