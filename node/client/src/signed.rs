//! Transactions signed and encoded, ready to be sent.

use bytes::Bytes;
use ledger_types::{AccountId, Hash, Nonce, SigningKey, TransactionId, Unsigned, codec};

/// A signed transaction as bytes, with what identifies it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signed {
    /// Its identity.
    pub id: TransactionId,
    /// Its sender.
    pub account: AccountId,
    /// Its nonce.
    pub nonce: Nonce,
    /// Its canonical bytes, signatures included.
    pub bytes: Bytes,
}

impl Signed {
    /// Signs with each key in turn.
    #[must_use]
    pub fn new(unsigned: Unsigned, genesis: &Hash, keys: &[&SigningKey]) -> Self {
        let (id, account, nonce) = (unsigned.id(genesis), unsigned.account, unsigned.nonce);
        let bytes = codec::encode(&unsigned.sign(genesis, keys)).into();
        Self { id, account, nonce, bytes }
    }
}
