//! Consent: registries, grants and their changes, decisions on use, and oversight.
//!
//! One file an operation, or a pair of them. Whoever sends is found first, then what is named, then
//! whether it may be: each file publishes its rejections in that order.

mod access;
mod access_log;
mod acknowledge;
mod amend;
mod audit_view;
mod break_glass;
mod contact;
mod delegation;
mod disclosures;
mod dividend;
mod due;
mod emergency;
mod ending;
mod grant;
mod halves;
mod in_force;
mod notice_shown;
mod notify_opt_out;
mod party;
mod publish_joint_use;
mod publish_legal_basis;
mod publish_notice;
mod publish_regime;
mod publish_terms;
mod publish_vocabulary;
mod reconsent;
mod recovery;
mod renew;
mod respond_reconsent;
mod revoke;
mod shred;
mod stop_opt_out;
mod subject_request;
mod suspend;
mod widen;
mod withdraw;

pub(crate) use access::request_access;
pub(crate) use access_log::read_access_log;
pub(crate) use acknowledge::acknowledge_withdrawal;
pub(crate) use amend::amend;
pub(crate) use audit_view::{end_audit_view, grant_audit_view};
pub(crate) use break_glass::{break_glass, notify_subject, review_break_glass};
pub(crate) use contact::register_contact;
pub(crate) use delegation::{delegate, end_delegation};
pub(crate) use disclosures::record_disclosures;
pub(crate) use dividend::pay_dividend;
pub(crate) use due::raise_dues;
pub(crate) use emergency::{declare_emergency, end_emergency};
pub(crate) use grant::grant;
pub(crate) use halves::{record_receipt, record_use};
pub(crate) use notify_opt_out::notify_opt_out;
pub(crate) use publish_joint_use::publish_joint_use;
pub(crate) use publish_legal_basis::publish_legal_basis;
pub(crate) use publish_notice::publish_notice;
pub(crate) use publish_regime::publish_regime;
pub(crate) use publish_terms::publish_terms;
pub(crate) use publish_vocabulary::publish_vocabulary;
pub(crate) use reconsent::request_reconsent;
pub(crate) use recovery::{execute_recovery, propose_recovery, veto_recovery};
pub(crate) use renew::renew;
pub(crate) use respond_reconsent::respond_reconsent;
pub(crate) use revoke::{invalidate, revoke};
pub(crate) use shred::acknowledge_shred;
pub(crate) use stop_opt_out::stop_opt_out;
pub(crate) use subject_request::{answer_subject_request, subject_request};
pub(crate) use suspend::{resume, suspend};
pub(crate) use widen::widen;
pub(crate) use withdraw::{withdraw, withdraw_for};

use ledger_types::Timestamp;

/// The instant `millis` after `now`; the end of time where that does not fit.
fn after(now: Timestamp, millis: u64) -> Timestamp {
    now.checked_add_millis(millis).unwrap_or(Timestamp::from_millis(u64::MAX))
}

/// Whether a deadline lies ahead, and by at most `most` milliseconds.
fn lies_ahead(deadline: Timestamp, now: Timestamp, most: u64) -> bool {
    now < deadline && deadline <= after(now, most)
}
