//! Settlement cycles: what banks owe each other, netted, and who confirmed that it was paid. Public.

use ledger_types::operation::SettlementFailure;
use ledger_types::{BankId, Hash, Height, Position, Yen};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::body::PairBody;
use crate::form::body;
use crate::text::schema;
use crate::time::Time;

/// Where a settlement cycle stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CycleStanding {
    /// Some bank has yet to confirm it; what was captured counts against the net debit caps.
    Waiting,
    /// Every bank confirmed; what was captured is owed no more.
    Settled,
    /// Nothing moved; what was captured is owed still.
    Failed,
}

body! {
    /// The settlement cycles that are in the ledger's state, newest first.
    pub struct CyclesBody {
        /// The cycles. All but the first have ended.
        cycles: Vec<CycleBody>,
    }

    /// A settlement cycle.
    pub struct CycleBody {
        /// Its number, from 1.
        cycle: u32,
        /// Where it stands.
        standing: CycleStanding,
        /// The height at which it was closed: positions as they were there were captured.
        closed: Height as u64,
        /// The block's time there.
        closed_at: Time as schema::Instant,
        /// The height at which it was settled or failed.
        ended?: Height as u64,
        /// The block's time there.
        ended_at?: Time as schema::Instant,
        /// Why it failed.
        cause?: SettlementFailure as schema::SettlementFailure,
        /// Salted commitment to what is behind that.
        ground?: Hash as schema::Hex32,
        /// What each bank has to pay or to get, in order of code; those with neither are left out.
        parts: Vec<CyclePartBody>,
        /// What vouchers' escrows had paid of the positions, which counted against no cap: by bank in
        /// order of code, also of one that has nothing to pay nor to get.
        pledged: Vec<CyclePledgeBody>,
        /// Payments in the outside system that settle it, fewer than there are banks: worked out from
        /// the parts alone. Banks may pay in another way to the same end.
        payments: Vec<CyclePaymentBody>,
        /// What was captured, by pair.
        pairs: Vec<PairBody>,
    }

    /// A bank's part of a settlement cycle.
    pub struct CyclePartBody {
        /// The bank.
        bank: BankId as u16,
        /// Its public name.
        name: String,
        /// What it gets; negative is to be paid by it.
        position: Position as schema::SignedAmount,
        /// The height at which it confirmed.
        confirmed?: Height as u64,
        /// Salted commitment to its reference in the outside system.
        external_ref?: Hash as schema::Hex32,
    }

    /// What vouchers' escrows at a bank had paid to other banks.
    pub struct CyclePledgeBody {
        /// The bank.
        bank: BankId as u16,
        /// How much.
        pledged: Yen as schema::Amount,
    }

    /// A payment between two banks in the outside system.
    pub struct CyclePaymentBody {
        /// Who pays.
        from: BankId as u16,
        /// Who is paid.
        to: BankId as u16,
        /// How much.
        amount: Yen as schema::Amount,
    }
}
