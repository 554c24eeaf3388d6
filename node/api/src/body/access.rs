//! A permitted access with the halves of its record.

use ledger_types::access::{AccessBasis, BasisKind, Pairing};
use ledger_types::{ConsentId, Hash, Height, PartyId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::text::{Address, schema};
use crate::time::Time;

/// A data holder's half of the record of a disclosure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct HolderHalfBody {
    /// The data holder.
    #[schema(value_type = u32)]
    pub holder: PartyId,
    /// Salted commitment to what was disclosed.
    #[schema(value_type = schema::Hex32)]
    pub disclosure: Hash,
}

/// A permitted access, for its requester, its subject, and data holders to whom it is named.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AccessBody {
    /// The access.
    #[schema(value_type = schema::Hex32)]
    pub access: Hash,
    /// Who asked.
    #[schema(value_type = u32)]
    pub requester: PartyId,
    /// What kind of basis it rests on.
    #[schema(value_type = schema::BasisKind)]
    pub basis: BasisKind,
    /// The consent, where it rests on one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<schema::Hex32>)]
    pub consent: Option<ConsentId>,
    /// The subject, where it rests on a consent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<Address>,
    /// The block's time at which it was permitted.
    #[schema(value_type = schema::Instant)]
    pub at: Time,
    /// The decision may be relied on before this.
    #[schema(value_type = schema::Instant)]
    pub valid_until: Time,
    /// What was asked, with the terms' leaf or the person's commitment: what a data holder checks
    /// openings against. Not there where the node keeps no index or no longer stores the block.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<schema::AccessBasis>)]
    pub asked: Option<AccessBasis>,
    /// The data holder's half of the record.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub holder_half: Option<HolderHalfBody>,
    /// The requester's half of the record.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<schema::Hex32>)]
    pub recipient_half: Option<Hash>,
    /// How the halves stand to each other.
    #[schema(value_type = schema::Pairing)]
    pub pairing: Pairing,
    /// When the second half is due, once there is a first one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<schema::Instant>)]
    pub deadline: Option<Time>,
    /// The height at which the second half was found overdue.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<u64>)]
    pub overdue: Option<Height>,
    /// The height after which all this holds.
    #[schema(value_type = u64)]
    pub height: Height,
}
