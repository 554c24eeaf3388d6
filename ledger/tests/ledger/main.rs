//! The state machine from outside: every operation, every rejection, and properties of sequences.
#![allow(clippy::unwrap_used, reason = "in a test a failed unwrap is a failed test")]

mod admission;
mod allowances;
mod atomicity;
mod audit_log;
mod blocks;
mod chain;
mod checkpoint;
mod claims;
mod consent;
mod counters;
mod denials;
mod dice;
mod edges;
mod expiry;
mod fixture;
mod freezes;
mod genesis;
mod goldens;
mod happy;
mod happy_consents;
mod model;
mod proofs;
mod properties;
mod raises;
mod recoveries;
mod rejections;
mod rotation;
mod strategy;
mod supply;
mod suspension;
mod time;
mod withdrawal;
