//! A decoded transaction on its way into the pool, with what its bytes decide worked out once.
//!
//! Decoding accepts canonical bytes only, so the received bytes are the encoding: the envelope's
//! hash, the identity and the signed bytes are read off them and nothing is encoded again.

use bytes::Bytes;
use ledger_types::hash::{TAG_TRANSACTION, TAG_TRANSACTION_ID};
use ledger_types::verify::Claim;
use ledger_types::{Hash, Inadmissible, NetworkId, Transaction, TransactionId};

use super::error::SubmitError;

/// An authorisation's encoding: key and signature with a type tag each.
const AUTHORISATION_BYTES: usize = 1 + 32 + 1 + 64;
/// The count before the authorisations.
const COUNT_BYTES: usize = 4;

/// A well-formed transaction of this network whose signatures were not looked at yet.
#[derive(Debug)]
pub(super) struct Candidate {
    pub(super) transaction: Transaction,
    pub(super) id: TransactionId,
    pub(super) envelope: Hash,
    pub(super) bytes: Bytes,
}

impl Candidate {
    /// Decodes and checks all that bytes and network decide, but for the signatures.
    pub(super) fn decode(
        bytes: Bytes,
        genesis: &Hash,
        network: NetworkId,
    ) -> Result<Self, SubmitError> {
        let transaction = Transaction::decode(&bytes)
            .map_err(|reason| SubmitError::Inadmissible { transaction: None, reason })?;
        let unsigned = unsigned_bytes(&bytes, &transaction);
        let id = TransactionId::new(Hash::of(&[TAG_TRANSACTION_ID, genesis.as_bytes(), unsigned]));
        let found = transaction.unsigned.network;
        if found != network {
            let reason = Inadmissible::WrongNetwork { expected: network, found };
            return Err(SubmitError::Inadmissible { transaction: Some(id), reason });
        }
        let envelope = Hash::of(&[&bytes]);
        Ok(Self { transaction, id, envelope, bytes })
    }

    /// Whether it does nothing but end consents (protocol rule 5).
    pub(super) fn is_withdrawal(&self) -> bool {
        let operations = &self.transaction.unsigned.operations;
        operations.iter().all(|operation| operation.as_withdraw().is_some())
    }

    /// Appends the signed bytes.
    pub(super) fn append_signed_bytes(&self, genesis: &Hash, to: &mut Vec<u8>) {
        to.extend_from_slice(TAG_TRANSACTION);
        to.extend_from_slice(genesis.as_bytes());
        to.extend_from_slice(unsigned_bytes(&self.bytes, &self.transaction));
    }

    /// One claim for each signature over `message`, the signed bytes.
    pub(super) fn claims<'a>(&'a self, message: &'a [u8]) -> impl Iterator<Item = Claim<'a>> {
        claims(&self.transaction, message)
    }

    /// The error of this transaction for a rule of the ledger.
    pub(super) const fn inadmissible(&self, reason: Inadmissible) -> SubmitError {
        SubmitError::Inadmissible { transaction: Some(self.id), reason }
    }
}

/// One claim for each signature of a transaction over `message`, its signed bytes.
pub(super) fn claims<'a>(
    transaction: &'a Transaction,
    message: &'a [u8],
) -> impl Iterator<Item = Claim<'a>> {
    transaction.authorisations.iter().map(move |authorisation| Claim {
        key: &authorisation.key,
        message,
        signature: &authorisation.signature,
    })
}

/// The part of a transaction's canonical bytes before its authorisations.
fn unsigned_bytes<'a>(bytes: &'a [u8], transaction: &Transaction) -> &'a [u8] {
    let tail = COUNT_BYTES + transaction.authorisations.len() * AUTHORISATION_BYTES;
    bytes.get(..bytes.len().saturating_sub(tail)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use ledger_types::{SigningKey, codec};

    use crate::mempool::testing::{transfer, world};

    #[test]
    fn what_is_read_off_the_bytes_is_what_encoding_gives() {
        let world = world(2);
        let (one, two) = (world.key(0), SigningKey::from_seed(&[9; 32]));
        let unsigned = transfer(&world, 0, 5);
        for keys in [vec![one], vec![one, &two]] {
            let signed = unsigned.clone().sign(&world.genesis_hash, &keys);
            let bytes = Bytes::from(codec::encode(&signed));
            let candidate =
                Candidate::decode(bytes, &world.genesis_hash, world.genesis_hash.network())
                    .expect("it is well-formed");
            let mut message = Vec::new();
            candidate.append_signed_bytes(&world.genesis_hash, &mut message);
            assert_eq!(message, unsigned.signed_bytes(&world.genesis_hash));
            assert_eq!(candidate.id, signed.id(&world.genesis_hash));
            assert_eq!(candidate.envelope, signed.envelope_hash());
            assert!(candidate.claims(&message).all(|c| c.message == message.as_slice()));
            assert_eq!(candidate.claims(&message).count(), keys.len());
        }
    }

    #[test]
    fn another_networks_transaction_is_named_as_such() {
        let world = world(1);
        let bytes = world.signed(0, 0);
        let error = Candidate::decode(bytes, &world.genesis_hash, NetworkId::new([0; 4]))
            .expect_err("it is of another network");
        assert_eq!(error.code(), 1003);
        assert!(error.is_senders_fault());
    }
}
