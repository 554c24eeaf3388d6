//! A transaction together with its canonical bytes: decoded, hashed and measured once.
//!
//! Decoding refuses every form but the canonical one, so the bytes that were read are the encoding:
//! the envelope's hash, the identity, the signed bytes and the length are taken from them, and
//! nothing between a node's ingress and the state machine encodes a transaction again.

use core::ops::Deref;
use std::sync::Arc;

use borsh::io::{Read, Result as IoResult, Write};
use borsh::{BorshDeserialize, BorshSerialize};

use crate::codec::{self, DecodeError};
use crate::hash::{Hash, TAG_TRANSACTION_ID};
use crate::inadmissible::Inadmissible;
use crate::limits::TRANSACTION_BYTES_MAX;
use crate::operation::Operation;
use crate::signed::Domain;
use crate::transaction::{Authorisation, SignedSpans, Transaction, TransactionId, Unsigned};

/// A transaction that cannot change any more, with its bytes and its hash.
///
/// Clones share both, so that a pool and a block hold a transaction once. The bytes are its own: a
/// part of a bundle would keep the whole bundle in memory. On the wire it is its transaction.
#[derive(Clone)]
pub struct Enveloped {
    transaction: Arc<Transaction>,
    bytes: Arc<[u8]>,
    /// How many of the bytes come before the authorisations.
    unsigned_length: usize,
    hash: Hash,
}

impl Enveloped {
    /// Decodes and checks everything that the bytes alone decide, but for the signatures.
    ///
    /// # Errors
    /// [`Inadmissible`] says what is wrong with the form.
    pub fn decode(bytes: &[u8]) -> Result<Self, Inadmissible> {
        let enveloped: Self =
            codec::decode(bytes, TRANSACTION_BYTES_MAX).map_err(|error| match error {
                DecodeError::TooLarge { length, most } => Inadmissible::TooLarge { length, most },
                DecodeError::Malformed { reason } => Inadmissible::Malformed { reason },
            })?;
        enveloped.transaction.check_form()?;
        Ok(enveloped)
    }

    fn new(transaction: Transaction, bytes: Vec<u8>, unsigned_length: usize) -> Self {
        let hash = Hash::of(&[&bytes]);
        Self { transaction: Arc::new(transaction), bytes: bytes.into(), unsigned_length, hash }
    }

    /// The transaction alone.
    #[must_use]
    pub fn into_transaction(self) -> Transaction {
        Arc::unwrap_or_clone(self.transaction)
    }

    /// The canonical bytes.
    #[must_use]
    pub const fn bytes(&self) -> &Arc<[u8]> {
        &self.bytes
    }

    /// How many canonical bytes there are.
    #[must_use]
    pub fn length(&self) -> usize {
        self.bytes.len()
    }

    /// SHA-256 of the whole envelope, signatures included.
    #[must_use]
    pub const fn envelope_hash(&self) -> Hash {
        self.hash
    }

    /// The identity on the network with this genesis.
    #[must_use]
    pub fn id(&self, genesis: &Hash) -> TransactionId {
        let unsigned = self.unsigned_bytes();
        TransactionId::new(Hash::of(&[TAG_TRANSACTION_ID, genesis.as_bytes(), unsigned]))
    }

    /// Appends the bytes that keys sign of it on the network with this genesis, and says where they lie.
    #[must_use]
    pub fn append_signed_bytes(&self, genesis: &Hash, to: &mut Vec<u8>) -> SignedSpans {
        SignedSpans::append(&self.transaction, genesis, to, |to| {
            Domain::TRANSACTION.append_prefix(genesis, to);
            to.extend_from_slice(self.unsigned_bytes());
        })
    }

    fn unsigned_bytes(&self) -> &[u8] {
        self.bytes.get(..self.unsigned_length).unwrap_or_default()
    }

    /// How much memory it takes, estimated from above but for what an allocator adds.
    ///
    /// The bytes; the fixed part; the lists of operations and authorisations; and for the lists and
    /// texts inside operations twice the bytes that are not authorisations, because a list grows by
    /// doubling and its items are about as long in memory as encoded.
    #[must_use]
    pub fn memory_bytes(&self) -> usize {
        const COUNTS_BYTES: usize = 2 * size_of::<usize>();
        let operations = &self.transaction.unsigned.operations;
        let operations = operations.capacity().saturating_mul(size_of::<Operation>());
        let authorisations = &self.transaction.authorisations;
        let authorisations = authorisations.capacity().saturating_mul(size_of::<Authorisation>());
        let fixed = size_of::<Self>() + size_of::<Transaction>() + 2 * COUNTS_BYTES;
        let bytes = self.unsigned_length.saturating_mul(2).saturating_add(self.bytes.len());
        [operations, authorisations, bytes].into_iter().fold(fixed, usize::saturating_add)
    }
}

impl From<Transaction> for Enveloped {
    /// Encodes: for whoever made the transaction, and has no bytes of it yet.
    fn from(transaction: Transaction) -> Self {
        let mut bytes = codec::encode(&transaction.unsigned);
        let unsigned_length = bytes.len();
        codec::append(&transaction.authorisations, &mut bytes);
        Self::new(transaction, bytes, unsigned_length)
    }
}

impl Deref for Enveloped {
    type Target = Transaction;

    fn deref(&self) -> &Transaction {
        &self.transaction
    }
}

impl core::fmt::Debug for Enveloped {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        self.transaction.fmt(f)
    }
}

impl PartialEq for Enveloped {
    fn eq(&self, other: &Self) -> bool {
        self.bytes == other.bytes
    }
}

impl Eq for Enveloped {}

impl BorshSerialize for Enveloped {
    fn serialize<W: Write>(&self, writer: &mut W) -> IoResult<()> {
        writer.write_all(&self.bytes)
    }
}

impl BorshDeserialize for Enveloped {
    /// Reads a transaction as [`Transaction`] does, and keeps what it read.
    fn deserialize_reader<R: Read>(reader: &mut R) -> IoResult<Self> {
        let mut kept = Keeping { reader, bytes: Vec::with_capacity(256) };
        let unsigned = Unsigned::deserialize_reader(&mut kept)?;
        let unsigned_length = kept.bytes.len();
        let authorisations = BorshDeserialize::deserialize_reader(&mut kept)?;
        Ok(Self::new(Transaction { unsigned, authorisations }, kept.bytes, unsigned_length))
    }
}

/// A reader that keeps a copy of what is read through it.
struct Keeping<'r, R> {
    reader: &'r mut R,
    bytes: Vec<u8>,
}

impl<R: Read> Read for Keeping<'_, R> {
    fn read(&mut self, to: &mut [u8]) -> IoResult<usize> {
        let count = self.reader.read(to)?;
        self.bytes.extend_from_slice(to.get(..count).unwrap_or_default());
        Ok(count)
    }

    fn read_exact(&mut self, to: &mut [u8]) -> IoResult<()> {
        self.reader.read_exact(to)?;
        self.bytes.extend_from_slice(to);
        Ok(())
    }
}
