//! Consent gateways as processes, with what stands around them.

mod process;
pub mod setting;
pub mod stand_ins;

pub use process::Gateway;
