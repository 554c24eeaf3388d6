//! Sends messages to every connected peer that wants their topic, on one long-lived stream to each.
//!
//! It stands in for the crate of the same name that Malachite's network builds on, with the same
//! interface. That one opens a stream for every message: it costs both sides a negotiation, its
//! timers and several packets, and at a distance it makes a message wait for an answer before its
//! first byte is sent. Here each side opens one stream a connection and keeps it. The protocol has
//! a name of its own, so the two do not understand, but refuse each other.
//!
//! What a peer wants is said anew on every connection, so a connection that only one side knows to
//! be lost leaves nobody deaf. A peer that takes too little, or breaks the protocol, is
//! disconnected; dialling it again is left to whoever owns the swarm.

mod behaviour;
mod broken;
mod handler;
mod message;
mod metrics;
#[cfg(test)]
mod tests;

pub use behaviour::{Behaviour, Event};
pub use broken::Broken;
pub use handler::Handler;
pub use message::{Config, Message, Topic};
