//! Business Zones and their merchants: public.

use ledger_types::operation::MerchantClass;
use ledger_types::{Yen, ZoneId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::text::{Address, schema};

/// The zones, in order of number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ZonesBody {
    /// The zones.
    pub zones: Vec<ZoneBody>,
}

/// A zone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ZoneBody {
    /// Its number.
    #[schema(value_type = u16)]
    pub zone: ZoneId,
    /// Its public name.
    pub name: String,
    /// Its operator's account.
    pub operator: Address,
    /// What its sub-accounts hold in all.
    #[schema(value_type = schema::Amount)]
    pub total: Yen,
}

/// A registered merchant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct MerchantBody {
    /// Its account.
    pub account: Address,
    /// Its class.
    #[schema(value_type = schema::MerchantClass)]
    pub class: MerchantClass,
}

/// A page of a zone's merchants.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct MerchantPage {
    /// The merchants, in order of account.
    pub merchants: Vec<MerchantBody>,
    /// Where the next page begins; none at the end.
    pub next: Option<String>,
}
