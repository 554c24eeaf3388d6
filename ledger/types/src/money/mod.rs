//! Money: accounts, deposit tokens, redemption, payments and interbank positions.

mod bank;
mod closing;
mod cycle;
mod estate;
mod freeze;
mod issue;
mod limits;
mod net_debit_cap;
mod netting;
mod open_account;
mod redeem;
mod transfer;

pub use bank::{Bank, CustodianKind, PairPosition};
pub use closing::{
    AccountClosed, AccountStatus, CloseAccount, CorrectDeath, DeathCorrected, DeceasedMarked,
    MarkDeceased,
};
pub use cycle::{
    BankNet, CloseCycle, ConfirmSettlement, Confirmation, Cycle, CycleClosed, CycleEnd, CycleEnded,
    CycleOver, CyclePart, CyclePledge, FailSettlement, PairNet, SettlementConfirmed,
    SettlementFailure,
};
pub use estate::{EstateLots, EstateTransferred, TransferEstate};
pub use freeze::{
    AccountFrozen, AccountUnfrozen, Freeze, FreezeBasis, FreezeDirection, Frozen, Unfreeze,
};
pub use issue::{Issue, Issued, ReferenceMark, References};
pub use limits::{LevelLimits, Limits, LimitsSet, SetLimits, Spending};
pub use net_debit_cap::{NetDebitCapSet, SetNetDebitCap};
pub use netting::{NettingPayment, payments};
pub use open_account::{Account, AccountKind, AccountOpened, KycLevel, OpenAccount};
pub use redeem::{
    CancelRedeem, ClaimRedeem, OpenRedeem, OpenRedeems, Redeem, RedeemCancelled, RedeemClaimed,
    RedeemReleased, RedeemRequested, RedeemSettled, RedeemStatus, ReleaseRedeem, RequestRedeem,
    SettleRedeem,
};
pub use transfer::{Transfer, Transferred};
