//! Business Zones: what they are, their merchants and fees, sub-accounts and payments inside them.

mod announced;
mod area;
mod bps;
mod charge;
mod close_merchant;
mod create_zone;
mod fees;
mod pay;
mod register_merchant;
mod request;
mod revenue;
mod terminal;
mod update_merchant;
mod zone_account;

pub use announced::{Announced, Dated};
pub use area::{MunicipalityCode, ParseMunicipalityError};
pub use bps::BasisPoints;
pub use charge::{Charge, Charged, Discharge, Discharged};
pub use close_merchant::{CloseMerchant, Closing, HoldMerchant, MerchantClosing, MerchantHeld};
pub use create_zone::{CreateZone, Publishes, UpdateZone, Zone, ZoneCreated, ZoneUpdated};
pub use fees::{
    FeeCharged, FeeRule, FeeScheduleSet, FeeSchedules, FeeTaken, FeeTax, FeeTerms, FeeTier,
    SetFeeSchedule,
};
pub use pay::{Paid, Pay};
pub use register_merchant::{
    ChargedInYear, Merchant, MerchantClass, MerchantProfile, MerchantRegistered, NextTier,
    RegisterMerchant,
};
pub use request::{
    AnsweredRequest, Exception, ParseNonceError, PaymentRequest, RequestNonce, RequestTerms,
    ShopPlace, ShopYen, UnsoundRequest, request_id,
};
pub use revenue::{FeePart, RevenueShareSet, RevenueShares, SetRevenueShare, Share, ShareTerms};
pub use terminal::{
    EndTerminal, RefundedOnDay, RegisterTerminal, Terminal, TerminalEnded, TerminalRegistered,
    TerminalRights,
};
pub use update_merchant::{MerchantUpdated, UpdateMerchant};
pub use zone_account::{OpenZoneAccount, ZoneAccount, ZoneAccountOpened};
