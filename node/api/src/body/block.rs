//! Blocks: headers, the certificate that decided them, and the event of each.

use ledger_types::{CommitCertificate, Hash, Header, Height};

use crate::form::body;
use crate::text::schema;
use crate::time::Time;

body! {
    /// A block: its header, how it was decided and how many transactions it holds.
    ///
    /// The roots are those after the parent. What became of its transactions is at
    /// `/v1/blocks/{height}/receipts`.
    pub struct BlockBody {
        /// The height.
        height: Height as u64,
        /// The header's hash.
        hash: Hash as schema::Hex32,
        /// The network.
        network: String,
        /// The block's time.
        time: Time as schema::Instant,
        /// The address of the validator that made it.
        proposer: String,
        /// The hash of the header before.
        parent: Hash as schema::Hex32,
        /// Root over its transactions.
        transactions_root: Hash as schema::Hex32,
        /// Root of the state after the parent.
        state_root: Hash as schema::Hex32,
        /// Root over the parent's receipts.
        receipts_root: Hash as schema::Hex32,
        /// Root of the audit log after the parent.
        audit_log_root: Hash as schema::Hex32,
        /// Hash of the parent's commit certificate.
        certificate_hash: Hash as schema::Hex32,
        /// Hash of the validator set.
        validators_hash: Hash as schema::Hex32,
        /// Hash of the rotation.
        rotation_hash: Hash as schema::Hex32,
        /// How many transactions it holds.
        transactions: u32,
        /// How it was decided, as this node saw it.
        certificate: CertificateBody,
    }

    /// A commit certificate.
    pub struct CertificateBody {
        /// The round in which it was decided.
        round: u32,
        /// The addresses of the validators that signed, in ascending order.
        signers: Vec<String>,
    }
}

impl BlockBody {
    /// A decided block with so many transactions in JSON.
    #[must_use]
    pub fn of(header: &Header, transactions: u32, certificate: &CommitCertificate) -> Self {
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
            transactions,
            certificate: CertificateBody {
                round: certificate.round.get(),
                signers: signers.map(|entry| entry.validator.to_string()).collect(),
            },
        }
    }
}

body! {
    /// The data of a `block` event: one for each block, in order, none left out.
    pub struct BlockEvent {
        /// The height: also the event's id.
        height: Height as u64,
        /// The header's hash.
        hash: Hash as schema::Hex32,
        /// The block's time.
        time: Time as schema::Instant,
        /// How many transactions it holds.
        transactions: u32,
        /// How many of them were committed.
        committed: u32,
        /// How many of them were rejected.
        rejected: u32,
    }
}
