//! The ledger's state machine: [`apply`] is the only way that state changes.
//!
//! Synchronous and pure: the same state and the same block give the same state on every machine.
//! No clock, no randomness, no I/O, no floating point, no order that depends on a hash table; all
//! arithmetic is checked. A refused transaction is a numbered
//! [`Rejection`](ledger_types::Rejection), part of consensus; a [`Fault`] is this machine's alone
//! and stops it.
//!
//! A block's way: [`propose`] or [`validate`] (every transaction inside by an [`Admission`]), then
//! [`apply`].

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

mod access;
mod acting;
mod admission;
mod apply;
mod audit;
mod block;
pub mod commitment;
mod consent;
mod deadline;
mod denial;
mod dispatch;
mod execution;
mod expiry;
mod fault;
mod genesis;
mod invariant;
mod money;
mod oversight;
mod payer;
mod payout;
mod person;
mod programme;
mod raise;
mod registry;
pub mod state;
mod vouchers;
mod zone;

pub use admission::{Admission, Full, Refusal, Room};
pub use apply::{Applied, apply};
pub use block::{InvalidBlock, propose, validate};
pub use commitment::{Change, Key, Proof, StoredRecord};
pub use fault::Fault;
pub use genesis::{GENESIS_NAME_BYTES_MAX, GenesisError};
pub use invariant::{InvariantViolation, Totals};
pub use ledger_types::{event, record};
pub use payer::{Bill, Purse};
pub use programme::Won;
pub use state::{RestoreError, State};
