//! The supply: what banks owe, what they owe each other, what zones hold, and whether it adds up.

use ledger_types::{BankId, Height, Yen, ZoneId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::text::{Address, schema};
use crate::time::Time;

/// All money on the ledger after a height.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SupplyBody {
    /// The height after which all this holds.
    #[schema(value_type = u64)]
    pub height: Height,
    /// The block's time.
    #[schema(value_type = schema::Instant)]
    pub time: Time,
    /// What banks have issued in all.
    #[schema(value_type = schema::Amount)]
    pub issued: Yen,
    /// What they have redeemed in all.
    #[schema(value_type = schema::Amount)]
    pub redeemed: Yen,
    /// What they owe to holders now.
    #[schema(value_type = schema::Amount)]
    pub liability: Yen,
    /// Whether every sum was checked and holds: balances against liabilities, issued less redeemed,
    /// zones against their sub-accounts, positions against zero.
    pub conserved: bool,
    /// Which sum does not hold.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub violation: Option<String>,
    /// The banks, in order of code.
    pub banks: Vec<BankBody>,
    /// Positions between pairs of banks.
    pub pairs: Vec<PairBody>,
    /// The zones, in order of number.
    pub zones: Vec<ZoneTotalBody>,
}

/// A bank.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct BankBody {
    /// Its four-digit code.
    #[schema(value_type = u16)]
    pub bank: BankId,
    /// Its public name.
    pub name: String,
    /// Its own account.
    pub account: Address,
    /// What it has issued in all.
    #[schema(value_type = schema::Amount)]
    pub issued: Yen,
    /// What it has redeemed in all.
    #[schema(value_type = schema::Amount)]
    pub redeemed: Yen,
    /// What it owes to holders now.
    #[schema(value_type = schema::Amount)]
    pub liability: Yen,
    /// The most it may have outstanding.
    #[schema(value_type = schema::Amount)]
    pub issue_allowance: Yen,
    /// The most it may owe the other banks on net.
    #[schema(value_type = schema::Amount)]
    pub net_debit_cap: Yen,
    /// Its net position against the other banks: negative is owed by it.
    #[schema(value_type = schema::SignedAmount)]
    pub position: String,
}

/// The position between two banks, seen from the lower code: negative is owed by it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PairBody {
    /// The lower code.
    #[schema(value_type = u16)]
    pub lower: BankId,
    /// The higher code.
    #[schema(value_type = u16)]
    pub higher: BankId,
    /// The lower bank's position against the higher.
    #[schema(value_type = schema::SignedAmount)]
    pub position: String,
}

/// What a zone's sub-accounts hold in all.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ZoneTotalBody {
    /// The zone.
    #[schema(value_type = u16)]
    pub zone: ZoneId,
    /// The sum.
    #[schema(value_type = schema::Amount)]
    pub total: Yen,
}
