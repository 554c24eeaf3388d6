//! Payouts: what a shop has in a zone goes to its account at a bank outside, sent by its custodian.

mod account;
mod order;
mod terms;

pub use account::{NextDestination, PayoutAccount, PayoutAccountSet, SetPayoutAccount};
pub use order::{
    CancelPayout, CompletePayout, Payout, PayoutCancelled, PayoutCompleted, PayoutRequested,
    PayoutReturned, PayoutSent, PayoutStatus, RequestPayout, ReturnPayout, ReturnReason,
    SendPayout,
};
pub use terms::{PayoutTerms, PayoutTermsSet, SetPayoutTerms};
