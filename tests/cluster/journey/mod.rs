//! Journeys with the real `kyojo` against four real validators, as people would make them.

mod auditor;
pub(crate) mod consent;
mod counter;
mod guardian;
mod institutions;
mod life;
mod money;
pub(crate) mod person;
mod redeem;
mod repeat;
mod rotate;
mod zone;
