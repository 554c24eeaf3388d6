//! Engines over loopback: honest ones, Byzantine ones, strangers, and broken connections.
//!
//! One program, because every program that starts an engine instantiates all of it anew.

mod equivocating_proposer;
mod forged_openings;
mod half_open;
mod memory;
mod outsider;
mod rounds;
mod toy;
