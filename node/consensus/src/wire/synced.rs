//! A decided block with its certificate, as one peer gives it to another.
//!
//! The engine verifies a certificate and hands on bytes without it. Both are read from the same
//! bytes here, so the certificate beside a block is always the one that was verified.

use arc_malachitebft_app_channel::app::types::core::{
    ExtendedCommitCertificate, ExtendedCommitSignature,
};
use arc_malachitebft_app_channel::app::types::sync::RawDecidedValue;
use bytes::Bytes;
use ledger_types::codec::{self, DecodeError};
use ledger_types::limits::{BLOCK_BYTES_MAX, VALIDATORS_MAX};
use ledger_types::{CommitCertificate, CommitSignature};

use super::{WireError, take};
use crate::context::{Address, BlockHeight, Kyojo, engine_round};

/// A certificate and the bytes that are said to be its block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Synced {
    /// The certificate.
    pub(crate) certificate: CommitCertificate,
    /// The block's bytes.
    pub(crate) block: Bytes,
    /// Both, as they travel.
    encoded: Bytes,
}

impl Synced {
    /// Joins a certificate and its block.
    pub(crate) fn new(certificate: CommitCertificate, block: Bytes) -> Self {
        let mut bytes = codec::encode(&certificate);
        bytes.extend_from_slice(&block);
        Self { certificate, block, encoded: bytes.into() }
    }

    /// Reads them back.
    pub(crate) fn decode(encoded: Bytes) -> Result<Self, WireError> {
        let mut block = encoded.clone();
        let certificate = take::<CommitCertificate>(&mut block)?;
        if certificate.signatures.len() > VALIDATORS_MAX {
            let reason = "more signatures than validators".to_owned();
            return Err(DecodeError::Malformed { reason }.into());
        }
        if block.len() > BLOCK_BYTES_MAX {
            return Err(DecodeError::TooLarge { length: block.len(), most: BLOCK_BYTES_MAX }.into());
        }
        Ok(Self { certificate, block, encoded })
    }

    /// In the engine's terms.
    pub(crate) fn into_raw(self) -> RawDecidedValue<Kyojo> {
        let entry = |entry: &CommitSignature| {
            ExtendedCommitSignature::new(Address(entry.validator), entry.signature, None)
        };
        let certificate = ExtendedCommitCertificate {
            height: BlockHeight(self.certificate.height),
            round: engine_round(self.certificate.round),
            value_id: self.certificate.block,
            commit_signatures: self.certificate.signatures.iter().map(entry).collect(),
        };
        RawDecidedValue::new(self.encoded, certificate)
    }
}
