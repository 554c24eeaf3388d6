//! What holders have of programmes, and what became of what was sold: read and written by whatever sells,
//! spends, inherits and ends it.

mod lots;
mod tallies;

pub(crate) use lots::{current, forget, has_any, has_some, inherit, write};
pub(crate) use tallies::{recount, tallies, unused, used_at};
