//! Operations of Business Zones in JSON.

use ledger_types::operation::{
    Charge, Discharge, MerchantClass, OpenZoneAccount, Pay, RegisterMerchant,
};
use ledger_types::{AccountId, AddressPrefix, Hash, Yen, ZoneId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::json::Json;
use crate::text::{Address, BodyError, schema};

bodies! {
    /// By the zone operator's account. Opens the merchant's sub-account where it has none.
    RegisterMerchantBody of RegisterMerchant {
        /// The zone.
        zone: ZoneId as [u16],
        /// The merchant's account.
        merchant: AccountId as [Address],
        /// The merchant's class.
        class: MerchantClass as [schema::MerchantClass],
    }

    /// By the holder.
    OpenZoneAccountBody of OpenZoneAccount {
        /// The zone.
        zone: ZoneId as [u16],
    }

    /// By the holder.
    ChargeBody of Charge {
        /// The zone.
        zone: ZoneId as [u16],
        /// How much.
        amount: Yen as [schema::Amount],
    }

    /// By the holder.
    DischargeBody of Discharge {
        /// The zone.
        zone: ZoneId as [u16],
        /// How much.
        amount: Yen as [schema::Amount],
    }

    /// By the payer.
    PayBody of Pay {
        /// The zone.
        zone: ZoneId as [u16],
        /// The merchant's account.
        merchant: AccountId as [Address],
        /// How much.
        amount: Yen as [schema::Amount],
        /// Salted commitment to the receipt that the two parties keep.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reference: Option<Hash> as [Option<schema::Hex32>],
    }
}
