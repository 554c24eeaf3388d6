//! A transaction on its way into the pool, with its identity on this network.

use bytes::Bytes;
use ledger_types::{Enveloped, Hash, Inadmissible, NetworkId, TransactionId};

use super::error::SubmitError;

/// A well-formed transaction of this network whose signatures were not looked at yet.
#[derive(Debug)]
pub(super) struct Candidate {
    pub(super) transaction: Enveloped,
    pub(super) id: TransactionId,
}

impl Candidate {
    /// Decodes and checks all that bytes and network decide, but for the signatures.
    pub(super) fn decode(
        bytes: &[u8],
        genesis: &Hash,
        network: NetworkId,
    ) -> Result<Self, SubmitError> {
        let transaction = Enveloped::decode(bytes)
            .map_err(|reason| SubmitError::Inadmissible { transaction: None, reason })?;
        Self::of(transaction, genesis, network)
    }

    /// As [`Candidate::decode`], for a transaction that was decoded before.
    pub(super) fn of(
        transaction: Enveloped,
        genesis: &Hash,
        network: NetworkId,
    ) -> Result<Self, SubmitError> {
        let id = transaction.id(genesis);
        let found = transaction.unsigned.network;
        if found != network {
            let reason = Inadmissible::WrongNetwork { expected: network, found };
            return Err(SubmitError::Inadmissible { transaction: Some(id), reason });
        }
        Ok(Self { transaction, id })
    }

    /// Whether it does nothing but end consents (protocol rule 5).
    pub(super) fn is_withdrawal(&self) -> bool {
        let operations = &self.transaction.unsigned.operations;
        operations.iter().all(|operation| operation.as_withdraw().is_some())
    }

    /// The error of this transaction for a rule of the ledger.
    pub(super) const fn inadmissible(&self, reason: Inadmissible) -> SubmitError {
        SubmitError::Inadmissible { transaction: Some(self.id), reason }
    }
}

/// The transaction's bytes for the wire, not a copy of them.
pub(super) fn wire(transaction: &Enveloped) -> Bytes {
    Bytes::from_owner(std::sync::Arc::clone(transaction.bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    use crate::mempool::testing::world;

    #[test]
    fn another_networks_transaction_is_named_as_such() {
        let world = world(1);
        let bytes = world.signed(0, 0);
        let error = Candidate::decode(&bytes, &world.genesis_hash, NetworkId::new([0; 4]))
            .expect_err("it is of another network");
        assert_eq!(error.code(), 1003);
        assert!(error.is_senders_fault());
    }
}
