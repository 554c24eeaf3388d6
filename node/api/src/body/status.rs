//! The node and its network in one look.

use ledger_types::lab::LabRateError;
use ledger_types::{Hash, Height, Lab, LabRate};
use network_clock::LabTime;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::text::schema;
use crate::time::Time;

/// What a client must know before it signs anything, and how far the node is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct StatusBody {
    /// The network: the first 8 hexadecimal digits of the genesis hash.
    #[schema(pattern = "^[0-9a-f]{8}$")]
    pub network: String,
    /// The genesis hash: part of everything that is signed.
    #[schema(value_type = schema::Hex32)]
    pub genesis_hash: Hash,
    /// The prefix of addresses.
    #[schema(example = "aizu")]
    pub address_prefix: String,
    /// The node's software version.
    pub version: String,
    /// The height of the last block.
    #[schema(value_type = u64)]
    pub height: Height,
    /// Its header's hash.
    #[schema(value_type = schema::Hex32)]
    pub header_hash: Hash,
    /// Its time.
    #[schema(value_type = schema::Instant)]
    pub time: Time,
    /// Root of the state after it.
    #[schema(value_type = schema::Hex32)]
    pub state_root: Hash,
    /// How many entries the audit log has.
    pub audit_log_size: u64,
    /// Root of the audit log.
    #[schema(value_type = schema::Hex32)]
    pub audit_log_root: Hash,
    /// How many validators there are.
    pub validators: u32,
    /// How many transactions wait on this node.
    pub waiting: u64,
    /// Δ: how long a consent decision may be relied on, in milliseconds.
    pub decision_validity_ms: u64,
    /// How time runs, in a lab network alone; elsewhere there is no such member.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub lab: Option<LabBody>,
}

/// A lab network: its time is `genesis_time` + (real time − `start`) × `rate`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LabBody {
    /// How many seconds pass in the network while one passes outside.
    #[schema(minimum = 2, maximum = 10_000)]
    pub rate: u32,
    /// The real time at which the network's time is that of genesis.
    #[schema(value_type = schema::Instant)]
    pub start: Time,
    /// The time of genesis.
    #[schema(value_type = schema::Instant)]
    pub genesis_time: Time,
}

impl From<LabTime> for LabBody {
    fn from(LabTime { genesis_time, lab }: LabTime) -> Self {
        let Lab { rate, start } = lab;
        Self { rate: rate.get(), start: start.into(), genesis_time: genesis_time.into() }
    }
}

impl TryFrom<&LabBody> for LabTime {
    type Error = LabRateError;

    fn try_from(body: &LabBody) -> Result<Self, LabRateError> {
        let rate = LabRate::try_from(body.rate)?;
        let lab = Lab { rate, start: body.start.get() };
        Ok(Self { genesis_time: body.genesis_time.get(), lab })
    }
}

/// The answer of `/healthz` and, when it is ready, of `/readyz`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Health {
    /// `ok`.
    pub status: String,
    /// The height of the last block.
    #[schema(value_type = u64)]
    pub height: Height,
}
