//! The public registries: parties, notices, vocabularies, law, schemes and raised allowances.

mod notify_opt_out;
mod publish_compensation;
mod publish_joint_use;
mod publish_legal_basis;
mod publish_notice;
mod publish_regime;
mod publish_vocabulary;
mod raise_allowance;
mod register_party;
mod update_party;

pub(crate) use publish_joint_use::are_in_order;
pub(crate) use register_party::are_usable;
