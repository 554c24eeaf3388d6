//! Every proof and log format that a node writes and a light client verifies, without a database or
//! consensus.
//!
//! The audit log is served in the formats of C2SP (<https://c2sp.org>), so that anyone can check it
//! with tools that were not made here: [`note`] (signed notes and cosignatures), [`checkpoint`],
//! [`tile`], [`policy`], [`tlog_proof`] and [`witness`]. [`state`] is the ledger's own proof
//! format, [`request`] is a party's signed request for data, and [`bundle`] puts all of it into one
//! file that is verified offline. [`signers`] says whose signatures a network's log has, [`record`]
//! and [`holding`] read the records that proofs disclose, and [`rule`] decides by them.
//!
//! Everything here is a pure function of its arguments: no clock, no I/O. Parsing is total and
//! bounded, and accepts only what the formatter of the same type writes.
#![deny(clippy::wildcard_enum_match_arm, clippy::match_wildcard_for_single_variants)]
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

pub mod bundle;
pub mod checkpoint;
pub mod holding;
pub mod note;
pub mod policy;
pub mod record;
pub mod request;
pub mod signers;
pub mod state;
mod text;
pub mod tile;
pub mod tlog_proof;
pub mod witness;
