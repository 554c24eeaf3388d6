//! Payouts: what a shop has in a zone goes to its account at a bank outside, sent by its custodian.
//!
//! What is asked for leaves the zone and is held in the account, beside what redeem requests hold. It is
//! the bank's word that it was sent, arrived or came back; nothing lapses meanwhile, because money that
//! is under way outside has no instant at which it is back.

mod account;
mod order;
mod terms;
