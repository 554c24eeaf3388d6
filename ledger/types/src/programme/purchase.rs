//! `Purchase`: somebody buys sets, and pays for them into the programme's main escrow.

use borsh::{BorshDeserialize, BorshSerialize};

use super::apply::LeafClaim;
use super::lot::LotPart;
use crate::facts::{event, operation};
use crate::id::{AccountId, ProgrammeId};
use crate::json::choice;
use crate::time::Timestamp;
use crate::yen::Yen;

choice! {
    /// By what right somebody buys.
    pub enum Buyer {
        /// Anybody may.
        Anybody {
            /// How many sets.
            sets: u16,
        } = 0 as "anybody",
        /// By leaves, where whoever comes first buys: one to four.
        Leaves {
            /// For whom, with how many sets each.
            leaves: Vec<LeafClaim>,
        } = 1 as "leaves",
        /// By an application that won. Its leaves get sets in their order.
        Ticket {
            /// The application's number.
            ticket: u32,
            /// How many sets of those that it won.
            sets: u16,
        } = 2 as "ticket",
    }
}

operation! {
    /// By the buyer. All sets are paid for and come as lots in the same step.
    pub struct Purchase {
        /// The programme.
        programme: ProgrammeId,
        /// The round.
        round: u16,
        /// By what right, and how many.
        buyer: Buyer,
        /// What the buyer saw and agrees to pay for all of them.
        price: Yen,
    }

    refused [
        NotAMoneyAccount, UnknownProgramme, UnknownRound, ProgrammeClosed, WrongBuyer, SaleNotOpen,
        UnknownTicket, NotTicketHolder, ClaimOver, NothingWon, BadLeaf, LeafIsRevoked, ZeroSets,
        PersonCapReached, HouseholdCapReached, SoldOut, PriceDiffers, TooManyLots, OutstandingReached,
        SameAccount, AccountFrozen, InsufficientFunds, FloatBound, EscrowBound, PayeeFrozen,
        PaymentLimitReached, DayLimitReached, MonthLimitReached, NetDebitCapReached, EscrowTooSmall,
        AmountOverflow,
    ]
    samples [
        Self {
            programme: ProgrammeId::new(0x0708),
            round: 1,
            buyer: Buyer::Anybody { sets: 2 },
            price: Yen::new(20_000),
        },
        Self {
            programme: ProgrammeId::new(0x0708),
            round: 1,
            buyer: Buyer::Leaves { leaves: vec![] },
            price: Yen::new(10_000),
        },
        Self {
            programme: ProgrammeId::new(0x0708),
            round: 1,
            buyer: Buyer::Ticket { ticket: 9, sets: 1 },
            price: Yen::new(10_000),
        },
    ]
}

/// How many sets an account bought of a programme that anybody may buy.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct BuyerCount {
    /// How many, over all rounds.
    pub bought: u16,
}

event! {
    /// Sets were bought.
    pub struct Purchased {
        /// The programme.
        programme: ProgrammeId,
        /// The round.
        round: u16,
        /// Who bought.
        buyer: AccountId,
        /// How many sets.
        sets: u16,
        /// What was paid, into the main escrow.
        price: Yen,
        /// The main escrow.
        escrow: AccountId,
        /// What the buyer has of them.
        lots: Vec<LotPart>,
        /// The instant from which they are worth nothing.
        expires: Timestamp,
    }

    enters [buyer, escrow]
}
