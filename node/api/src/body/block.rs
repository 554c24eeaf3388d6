//! Blocks: headers, the certificate that decided them, and the event of each.

use ledger_types::{Block, CommitCertificate, Hash, Height};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::text::schema;
use crate::time::Time;

/// A block: its header, how it was decided and how many transactions it holds.
///
/// The roots are those after the parent. What became of its transactions is at
/// `/v1/blocks/{height}/receipts`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct BlockBody {
    /// The height.
    #[schema(value_type = u64)]
    pub height: Height,
    /// The header's hash.
    #[schema(value_type = schema::Hex32)]
    pub hash: Hash,
    /// The network.
    pub network: String,
    /// The block's time.
    #[schema(value_type = schema::Instant)]
    pub time: Time,
    /// The address of the validator that made it.
    pub proposer: String,
    /// The hash of the header before.
    #[schema(value_type = schema::Hex32)]
    pub parent: Hash,
    /// Root over its transactions.
    #[schema(value_type = schema::Hex32)]
    pub transactions_root: Hash,
    /// Root of the state after the parent.
    #[schema(value_type = schema::Hex32)]
    pub state_root: Hash,
    /// Root over the parent's receipts.
    #[schema(value_type = schema::Hex32)]
    pub receipts_root: Hash,
    /// Root of the audit log after the parent.
    #[schema(value_type = schema::Hex32)]
    pub audit_log_root: Hash,
    /// Hash of the parent's commit certificate.
    #[schema(value_type = schema::Hex32)]
    pub certificate_hash: Hash,
    /// Hash of the validator set.
    #[schema(value_type = schema::Hex32)]
    pub validators_hash: Hash,
    /// Hash of the rotation.
    #[schema(value_type = schema::Hex32)]
    pub rotation_hash: Hash,
    /// How many transactions it holds.
    pub transactions: u32,
    /// How it was decided, as this node saw it.
    pub certificate: CertificateBody,
}

/// A commit certificate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CertificateBody {
    /// The round in which it was decided.
    pub round: u32,
    /// The addresses of the validators that signed, in ascending order.
    pub signers: Vec<String>,
}

impl BlockBody {
    /// A decided block in JSON.
    #[must_use]
    pub fn of(block: &Block, certificate: &CommitCertificate) -> Self {
        let header = &block.header;
        let signers = certificate.signatures.iter();
        Self {
            height: header.height,
            hash: certificate.block,
            network: header.network.to_string(),
            time: header.time.into(),
            proposer: header.proposer.to_string(),
            parent: header.parent,
            transactions_root: header.transactions_root,
            state_root: header.state_root,
            receipts_root: header.receipts_root,
            audit_log_root: header.audit_log_root,
            certificate_hash: header.certificate_hash,
            validators_hash: header.validators_hash,
            rotation_hash: header.rotation_hash,
            transactions: u32::try_from(block.body.transactions.len()).unwrap_or(u32::MAX),
            certificate: CertificateBody {
                round: certificate.round.get(),
                signers: signers.map(|entry| entry.validator.to_string()).collect(),
            },
        }
    }
}

/// The data of a `block` event: one for each block, in order, none left out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct BlockEvent {
    /// The height: also the event's id.
    #[schema(value_type = u64)]
    pub height: Height,
    /// The header's hash.
    #[schema(value_type = schema::Hex32)]
    pub hash: Hash,
    /// The block's time.
    #[schema(value_type = schema::Instant)]
    pub time: Time,
    /// How many transactions it holds.
    pub transactions: u32,
    /// How many of them were committed.
    pub committed: u32,
    /// How many of them were rejected.
    pub rejected: u32,
}
