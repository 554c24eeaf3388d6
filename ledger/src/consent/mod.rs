//! Consent: notices, grants, withdrawals, and decisions on use.

mod access;
mod grant;
mod publish_notice;
mod withdraw;

pub(crate) use access::request_access;
pub(crate) use grant::grant;
pub(crate) use publish_notice::publish_notice;
pub(crate) use withdraw::withdraw;
