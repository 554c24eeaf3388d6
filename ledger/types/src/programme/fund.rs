//! `FundProgramme` and `MoveEscrow`: the yen behind a programme's vouchers.

use borsh::{BorshDeserialize, BorshSerialize};

use crate::facts::{event, operation};
use crate::id::{AccountId, ProgrammeId};
use crate::yen::Yen;

operation! {
    /// By an escrow's own account: from now on what is in it, and all that comes in, pays vouchers and
    /// nothing else until the programme is reconciled. Money comes in by ordinary payments, before
    /// or after.
    pub struct FundProgramme {
        /// The programme.
        programme: ProgrammeId,
    }

    refused [NotAMoneyAccount, UnknownProgramme, ProgrammeClosed, NotAnEscrow, EscrowPledged]
    samples [Self { programme: ProgrammeId::new(0x0708) }]
}

operation! {
    /// By the sponsor's account: moves yen from one escrow of the programme to another, as a shop's
    /// bank is topped up after a settlement. Between banks it is an ordinary payment, under their caps.
    pub struct MoveEscrow {
        /// The programme.
        programme: ProgrammeId,
        /// From this escrow.
        from: AccountId,
        /// To this one.
        to: AccountId,
        /// How much.
        amount: Yen,
    }

    refused [
        UnknownProgramme, NotSponsor, ProgrammeClosed, ZeroAmount, SameAccount, NotAnEscrow, PayeeFrozen,
        AccountFrozen, InsufficientFunds, NetDebitCapReached, AmountOverflow,
    ]
    samples [Self {
        programme: ProgrammeId::new(0x0708),
        from: account(0x54),
        to: account(0x55),
        amount: amount(),
    }]
    follows |moved, sender| EscrowMoved {
        programme: moved.programme,
        from: moved.from,
        to: moved.to,
        amount: moved.amount,
        sponsor: sender,
    }
}

/// That an account is an escrow: what is in it pays vouchers and nothing else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Escrow {
    /// Of which programme.
    pub programme: ProgrammeId,
}

event! {
    /// An escrow was pledged to a programme.
    pub struct ProgrammeFunded {
        /// The programme.
        programme: ProgrammeId,
        /// The escrow.
        escrow: AccountId,
        /// What was available in it.
        amount: Yen,
        /// The programme's sponsor.
        sponsor: AccountId,
    }

    enters [escrow, sponsor]
}

event! {
    /// A sponsor moved yen from one escrow to another.
    pub struct EscrowMoved {
        /// The programme.
        programme: ProgrammeId,
        /// From this escrow.
        from: AccountId,
        /// To this one.
        to: AccountId,
        /// How much.
        amount: Yen,
        /// The programme's sponsor.
        sponsor: AccountId,
    }

    enters [from, to, sponsor]
}
