//! Emergencies and oversight: broken glass, audit views, reads of logs, and dues.

mod access_log;
mod audit_view;
mod break_glass;
pub(crate) mod due;
mod emergency;
