//! What of a payment vouchers pay, as the payer saw it.

use crate::id::ProgrammeId;
use crate::json::{names, shape};
use crate::yen::Yen;

names! {
    /// Whether a lot was paid for. Paid and free value never share a lot.
    pub enum LotKind {
        /// The premium: nobody paid for it.
        Free = 0 as "free",
        /// Its buyer paid for it.
        Paid = 1 as "paid",
    }
}

shape! {
    /// What a payment takes of one bucket and kind.
    #[derive(Copy)]
    pub struct TenderLine {
        /// The programme.
        programme: ProgrammeId,
        /// Its bucket.
        bucket: u16,
        /// Paid or free.
        kind: LotKind,
        /// How much.
        amount: Yen,
    }
}
