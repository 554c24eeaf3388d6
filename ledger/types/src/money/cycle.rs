//! The settlement cycle: what banks owe each other is captured, paid outside, and then owed no more.
//!
//! `CloseCycle` captures all pairs' positions and nets them over all banks. Each bank with something
//! to pay or to get confirms with `ConfirmSettlement` that it was paid in the outside system; the last
//! one takes the captured amounts out of the positions. `FailSettlement` ends the cycle without
//! moving anything: the amounts stay owed, and the next cycle captures them anew.

use borsh::{BorshDeserialize, BorshSerialize};

use crate::facts::{List, Lists, event, operation};
use crate::hash::Hash;
use crate::height::Height;
use crate::id::{AccountId, BankId};
use crate::json::{choice, names, shape};
use crate::position::Position;
use crate::time::Timestamp;
use crate::yen::Yen;

shape! {
    /// What one bank owed another when a cycle was closed.
    #[derive(Copy)]
    pub struct PairNet {
        /// The lower code.
        lower: BankId,
        /// The higher code.
        higher: BankId,
        /// The position as the lower one sees it: negative is owed by it.
        position: Position,
    }
}

shape! {
    /// What one bank has to pay or to get in a cycle, netted over all others.
    #[derive(Copy)]
    pub struct BankNet {
        /// The bank.
        bank: BankId,
        /// Its own account.
        account: AccountId,
        /// What it gets; negative is to be paid by it.
        position: Position,
    }
}

impl Lists for BankNet {
    fn add(&self, lists: &mut Vec<List>) {
        self.account.add(lists);
    }
}

names! {
    /// Why a cycle was not settled: a code and never words.
    pub enum SettlementFailure {
        /// A bank did not pay.
        Unpaid = 0 as "unpaid",
        /// A bank disputes what was captured.
        Disputed = 1 as "disputed",
        /// The outside system could not be used.
        OutsideSystem = 2 as "outside_system",
        /// The cycle was closed by mistake.
        Mistake = 3 as "mistake",
    }
}

choice! {
    /// How a cycle ended.
    #[derive(Copy)]
    pub enum CycleEnd {
        /// Every bank confirmed; what was captured is owed no more.
        Settled = 0 as "settled",
        /// Nothing moved; what was captured is owed still.
        Failed {
            /// Why.
            cause: SettlementFailure,
            /// Salted commitment to what is behind it.
            ground: Hash,
        } = 1 as "failed",
    }
}

operation! {
    /// By the settlement operator's account. It captures the positions of all pairs as they are now;
    /// they count against the net debit caps until the cycle is settled.
    pub struct CloseCycle {
        /// The last cycle's number and one; the first is 1.
        cycle: u32,
    }

    refused [MemberRoleMissing, CycleNotNext, CycleWaits, NothingToSettle, AmountOverflow]
    samples [Self { cycle: 7 }]
}

operation! {
    /// By the own account of a bank with something to pay or to get in the cycle: that it was paid in
    /// the outside system. The last one settles the cycle.
    pub struct ConfirmSettlement {
        /// The cycle.
        cycle: u32,
        /// Salted commitment to the bank's own reference in the outside system.
        external_ref: Hash,
    }

    refused [NotABank, UnknownCycle, CycleEnded, NotInCycle, SettlementConfirmed, AmountOverflow]
    samples [Self { cycle: 7, external_ref: hash(0x19) }]
}

operation! {
    /// By the settlement operator's account: the cycle ends, and all that it captured stays owed.
    pub struct FailSettlement {
        /// The cycle.
        cycle: u32,
        /// Why.
        cause: SettlementFailure,
        /// Salted commitment to what is behind it.
        ground: Hash,
    }

    refused [MemberRoleMissing, UnknownCycle, CycleEnded]
    samples [Self { cycle: 7, cause: SettlementFailure::Unpaid, ground: hash(0x1a) }]
}

/// A bank's part of a cycle.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct CyclePart {
    /// The bank.
    pub bank: BankId,
    /// What it gets; negative is to be paid by it, and none has nothing.
    pub position: Position,
    /// Its word that it was paid.
    pub confirmed: Option<Confirmation>,
}

/// What of a bank's position programmes' escrows had paid when a cycle was closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct CyclePledge {
    /// The bank.
    pub bank: BankId,
    /// How much, which counted against no cap.
    pub pledged: Yen,
}

/// A bank's word that a cycle's settlement was paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Confirmation {
    /// Salted commitment to its reference in the outside system.
    pub external_ref: Hash,
    /// When.
    pub height: Height,
}

/// A settlement cycle: what was captured, who confirmed, and how it ended.
///
/// It has at most [`CYCLE_PAIRS_MAX`](crate::limits::CYCLE_PAIRS_MAX) pairs and twice as many parts.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Cycle {
    /// When it was closed.
    pub closed: Height,
    /// The block's time then.
    pub closed_at: Timestamp,
    /// What was captured, in order of the codes; none is zero.
    pub pairs: Vec<PairNet>,
    /// What each bank has to pay or to get, in order of code; none is zero, and all sum to zero.
    pub parts: Vec<CyclePart>,
    /// What of the positions programmes' escrows had paid, by bank in order of code; none is zero. Of
    /// a bank that owes as much as it is owed too, which has no part.
    pub pledged: Vec<CyclePledge>,
    /// How it ended; none while it waits for the banks.
    pub ended: Option<CycleOver>,
}

/// How a cycle ended, and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct CycleOver {
    /// The height.
    pub height: Height,
    /// The block's time then.
    pub time: Timestamp,
    /// How.
    pub end: CycleEnd,
}

event! {
    /// A cycle was closed: what banks owed each other was captured.
    pub struct CycleClosed {
        /// The cycle.
        cycle: u32,
        /// What was captured.
        pairs: Vec<PairNet>,
        /// What each bank has to pay or to get.
        nets: Vec<BankNet>,
        /// Who closed it.
        operator: AccountId,
    }

    enters [operator, nets]
}

event! {
    /// A bank confirmed that its part of a cycle was paid.
    pub struct SettlementConfirmed {
        /// The cycle.
        cycle: u32,
        /// The bank with its part.
        part: BankNet,
        /// Salted commitment to its reference in the outside system.
        external_ref: Hash,
    }

    enters [part]
}

event! {
    /// A cycle ended: settled, or failed.
    pub struct CycleEnded {
        /// The cycle.
        cycle: u32,
        /// What each bank had to pay or to get.
        nets: Vec<BankNet>,
        /// How it ended.
        end: CycleEnd,
        /// Whose operation ended it.
        by: AccountId,
    }

    enters [by, nets]
}
