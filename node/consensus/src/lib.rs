//! Byzantine agreement on one block a height: drives Malachite over the node's [`Application`].
//!
//! The only crate that names Malachite. What it must keep is in the design's protocol rules: a
//! block's body is durable before it is voted for, a decision before the next height starts, and
//! nothing is ever signed twice.

mod application;
mod assembler;
mod audience;
mod config;
mod context;
mod driver;
mod engine;
mod fault;
mod members;
mod own;
mod part;
mod proposals;
mod roll;
mod run;
mod signing;
mod situation;
mod standing;
mod steps;
mod tips;
mod wal;
mod wire;

pub use application::{Application, NextHeight, Proposed, Validity};
pub use config::{ConsensusConfig, PubSub, Timeouts};
pub use engine::{is_engine_stopping, peer_id};
pub use fault::{ConsensusFault, Fault, Restart};
pub use run::{metrics, run};
pub use situation::{Situation, Stance};
pub use steps::{Step, StepTimes, Steps};
