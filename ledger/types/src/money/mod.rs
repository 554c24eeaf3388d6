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
pub use issue::{CoreReference, Issue, Issued};
pub use net_debit_cap::{NetDebitCapSet, SetNetDebitCap};
pub use open_account::{Account, AccountKind, AccountOpened, KycLevel, OpenAccount};
pub use redeem::{
    CancelRedeem, OpenRedeem, OpenRedeems, Redeem, RedeemCancelled, RedeemRequested, RedeemSettled,
    RedeemStatus, RequestRedeem, SettleRedeem,
};
pub use transfer::{Transfer, Transferred};
