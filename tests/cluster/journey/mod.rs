//! Journeys with the real `kyojo` against four real validators, as people would make them.

pub(crate) mod consent;
mod money;
pub(crate) mod person;
mod redeem;
mod zone;
