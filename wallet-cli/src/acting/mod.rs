//! How a command acts on the ledger: as whom, with which keys, and what is sent and waited for.

pub(crate) mod act;
pub(crate) mod answering;
pub(crate) mod batches;
pub(crate) mod bulk;
pub(crate) mod cycles;
mod essence;
pub(crate) mod keys;
pub(crate) mod letters;
mod means;
pub(crate) mod naming;
pub(crate) mod numbers;
pub(crate) mod order;
pub(crate) mod pages;
pub(crate) mod payee;
pub(crate) mod payment;
pub(crate) mod payouts;
pub(crate) mod people;
pub(crate) mod redeems;
pub(crate) mod rows;
pub(crate) mod scanned;
pub(crate) mod search;
pub(crate) mod sharing;
pub(crate) mod takings;
pub(crate) mod tills;
pub(crate) mod transact;
pub(crate) mod vouchers;
