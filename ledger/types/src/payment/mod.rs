//! Payments at shops once they are made: what is remembered of them, and what undoes them.

mod cancel;
mod record;
mod refund;

pub use cancel::{CancelRequest, Cancelled, RequestCancelled};
pub use record::{Payment, RecentPayment, RecentPayments, payment_id};
pub use refund::{FeeReturned, LotFate, LotsReturned, Refund, Refunded, ReturnedLot, Void, Voided};
