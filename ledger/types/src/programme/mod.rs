//! Premium vouchers: instruments, lots, programmes, their rounds and lotteries.

mod apply;
mod create;
mod draw;
mod eligibility;
mod fund;
mod instrument;
mod lot;
mod purchase;
mod reconcile;
mod round;
mod secret;
mod tender;

pub use apply::{Applicant, Apply, LeafClaim, Ticket, TicketEntered, TicketLeaf};
pub use create::{
    Allocation, Bucket, Committer, CreateProgramme, Eligibility, Programme, ProgrammeCreated,
    ProgrammeTerms, Takes,
};
pub use draw::{AwardLeft, Draw, DrawLottery, Further, LeftAwarded, LotteryDrawn, Outcome};
pub use eligibility::{
    EligibilityList, EligibilitySupplemented, Household, LeafPlace, LeafRevocation, LeafRevoked,
    LeafUse, RevokeLeaf, SupplementEligibility,
};
pub use fund::{Escrow, EscrowMoved, FundProgramme, MoveEscrow, ProgrammeFunded};
pub use instrument::{
    Capabilities, DefineInstrument, Instrument, InstrumentDefined, LegalClass, Life,
};
pub use lot::{Lot, LotPart, Lots};
pub use purchase::{Buyer, BuyerCount, Purchase, Purchased};
pub use reconcile::{ProgrammeReconciled, ReconcileProgramme};
pub use round::{
    BucketTally, LotteryTerms, LotteryTimes, OpenRound, PaidAndFree, Round, RoundOpened,
    RoundTerms, ShortLotteryTime, Tally,
};
pub use secret::{
    DepositSecret, Deposited, OpenShare, Opening, RevealSecret, SealedShare, SecretDeposited,
    SecretOpened, ShareProof, Sharing,
};
pub use tender::{Asked, BucketUse, LotsSpent, SpentLot, Take, in_lines, plan};

pub use crate::tender::{LotKind, TenderLine};
