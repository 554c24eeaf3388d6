//! What people may do beside consenting: contacts, objections, requests, guardians and keys.

mod account_recovery;
mod contact;
pub(crate) mod counter;
mod delegation;
mod recovery;
mod rotate_keys;
mod stop_opt_out;
mod subject_request;
