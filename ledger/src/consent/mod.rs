//! Consents: given, changed, renewed, ended, and whether they are in force.

mod amend;
mod end_by_controller;
mod ending;
mod grant;
pub(crate) mod in_force;
mod notice_shown;
mod reconsent;
mod renew;
mod respond_reconsent;
mod suspend;
mod widen;
mod withdraw;
