//! Money: accounts, deposit tokens, redemption, payments and interbank positions.

mod bank;
mod freeze;
mod issue;
mod net_debit_cap;
mod open_account;
mod redeem;
mod transfer;

pub use bank::{Bank, PairPosition};
pub use freeze::{
    AccountFrozen, AccountUnfrozen, Freeze, FreezeBasis, FreezeDirection, Frozen, Unfreeze,
};
pub use issue::{Issue, Issued, ReferenceMark, References};
pub use net_debit_cap::{NetDebitCapSet, SetNetDebitCap};
pub use open_account::{Account, AccountKind, AccountOpened, KycLevel, OpenAccount};
pub use redeem::{
    CancelRedeem, ClaimRedeem, OpenRedeem, OpenRedeems, Redeem, RedeemCancelled, RedeemClaimed,
    RedeemReleased, RedeemRequested, RedeemSettled, RedeemStatus, ReleaseRedeem, RequestRedeem,
    SettleRedeem,
};
pub use transfer::{Transfer, Transferred};
