//! Journeys with the real `kyojo` against four real validators, as people would make them.

mod consent;
mod money;
mod person;
mod redeem;
mod zone;
