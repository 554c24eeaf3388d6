//! Business Zones: merchants, sub-accounts and payments inside a zone.

mod charge;
mod pay;
mod register_merchant;
mod zone_account;

pub use charge::{Charge, Charged, Discharge, Discharged};
pub use pay::{Paid, Pay};
pub use register_merchant::{Merchant, MerchantClass, MerchantRegistered, RegisterMerchant, Zone};
pub use zone_account::{OpenZoneAccount, ZoneAccount, ZoneAccountOpened};
