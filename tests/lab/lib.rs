//! The lab: everything that makes load or plays a part, on networks of real processes.

pub mod account;
pub mod consent;
pub mod engine;
pub mod founding;
pub mod gateway;
pub mod load;
pub mod manual;
pub mod measure;
pub mod network;
pub mod postgres;
pub mod progress;
pub mod relay;
pub mod rest;
pub mod shape;
pub mod terminal;
pub mod tool;
pub mod verifiers;
