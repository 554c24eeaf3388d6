//! What the books note of sales at tills, of fees and of what is given back.

use ledger_types::record::Payment;
use ledger_types::zone::{FeeTerms, Share};
use ledger_types::{AccountId, Hash, Timestamp};
use serde_json::{Value, json};

/// The programme's category of excluded goods, of the zone.
pub(crate) const EXCLUSIONS: u8 = 1;
/// The first version of the schedule, and the only one.
pub(crate) const SCHEDULE: u32 = 1;
/// What everybody knows of the zone's fees.
pub(crate) struct Fees {
    pub(crate) terms: FeeTerms,
    pub(crate) shares: Vec<Share>,
    pub(crate) fund: AccountId,
    /// Who gets a part, by account.
    pub(crate) recipients: Vec<(AccountId, usize)>,
}

impl Fees {
    /// The holders that get a part.
    pub(crate) fn recipients(&self) -> impl Iterator<Item = usize> {
        self.recipients.iter().map(|(_, holder)| *holder)
    }
}

/// A request that is answered, for the books.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) number: Hash,
    pub(crate) made: Timestamp,
    pub(crate) asked: u64,
    pub(crate) eligible: u64,
    pub(crate) cash: u64,
}

impl Answer {
    /// For the journal.
    pub(crate) fn told(&self) -> Value {
        let Self { number, asked, eligible, cash, .. } = self;
        json!({"number": number, "amount": asked, "eligible": eligible, "cash": cash})
    }
}

/// A payment that answered a request.
#[derive(Clone, Debug)]
pub(crate) struct Sale {
    /// Its request's number.
    pub(crate) number: Hash,
    pub(crate) by: usize,
    pub(crate) shop: usize,
    /// What shop and payer remember of it; its time is that of its request.
    pub(crate) payment: Payment,
}

/// What was given back.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Back {
    pub(crate) refunds: u64,
    /// Of them, those of a part.
    pub(crate) partial: u64,
    pub(crate) voids: u64,
    /// Refunds of what had ended, and those after the end of refunds.
    pub(crate) after_end: u64,
    pub(crate) too_late: u64,
    pub(crate) yen: u64,
    pub(crate) coin: u64,
    pub(crate) ended: u64,
    pub(crate) to_sponsor: u64,
}
