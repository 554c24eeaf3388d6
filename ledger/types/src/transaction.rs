//! The transaction envelope: who, which nonce, until when, what for, what, and the signatures.
//!
//! Signed are the canonical unsigned bytes behind the prefix of [`crate::signed`]. The identity is a
//! hash over them without the signatures; the envelope's hash covers the signatures too, and only it
//! may key a cache of what was verified (protocol rule 1).

use borsh::{BorshDeserialize, BorshSerialize};

pub use crate::authority::Authorisation;
use crate::codec;
use crate::hash::{Hash, NetworkId, TAG_TRANSACTION_ID};
use crate::id::AccountId;
use crate::inadmissible::Inadmissible;
use crate::key::SigningKey;
use crate::limits::{AUTHORISATIONS_MAX, OPERATIONS_MAX, TRANSACTION_BYTES_MAX};
use crate::newtype::number;
use crate::nonce::Nonce;
use crate::operation::Operation;
use crate::signed::Domain;
use crate::time::Timestamp;

number! {
    /// A transaction's identity: committed at most once, whatever its signatures.
    pub struct TransactionId(Hash);
}

/// What is signed.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Unsigned {
    /// The network, by its genesis hash's first bytes.
    pub network: NetworkId,
    /// The sender, whose nonce is used.
    pub account: AccountId,
    /// The nonce.
    pub nonce: Nonce,
    /// Valid in blocks whose time is before this; at most 24 h ahead.
    pub valid_until: Timestamp,
    /// The purpose code of the payment (ISO 20022 external purpose, by our table); 0 is none.
    pub purpose: u16,
    /// What to do: all of it or nothing.
    pub operations: Vec<Operation>,
}

impl Unsigned {
    /// The bytes that a key signs.
    #[must_use]
    pub fn signed_bytes(&self, genesis: &Hash) -> Vec<u8> {
        Domain::TRANSACTION.signed_bytes(genesis, self)
    }

    /// The identity on the network with this genesis.
    #[must_use]
    pub fn id(&self, genesis: &Hash) -> TransactionId {
        let bytes = codec::encode(self);
        TransactionId(Hash::of(&[TAG_TRANSACTION_ID, genesis.as_bytes(), &bytes]))
    }

    /// Signs with each key in turn.
    #[must_use]
    pub fn sign(self, genesis: &Hash, keys: &[&SigningKey]) -> Transaction {
        let message = self.signed_bytes(genesis);
        let authorisations = keys
            .iter()
            .map(|key| Authorisation { key: key.public_key(), signature: key.sign(&message) })
            .collect();
        Transaction { unsigned: self, authorisations }
    }
}

/// A signed transaction.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Transaction {
    /// What is signed.
    pub unsigned: Unsigned,
    /// By whom.
    pub authorisations: Vec<Authorisation>,
}

impl Transaction {
    /// Decodes and checks everything that the bytes alone decide, but for the signatures.
    ///
    /// # Errors
    /// [`Inadmissible`] says what is wrong with the form.
    pub fn decode(bytes: &[u8]) -> Result<Self, Inadmissible> {
        let transaction: Self =
            codec::decode(bytes, TRANSACTION_BYTES_MAX).map_err(|error| match error {
                codec::DecodeError::TooLarge { length, most } => {
                    Inadmissible::TooLarge { length, most }
                }
                codec::DecodeError::Malformed { reason } => Inadmissible::Malformed { reason },
            })?;
        transaction.check_form()?;
        Ok(transaction)
    }

    /// Checks the counts that a well-formed transaction keeps.
    ///
    /// # Errors
    /// [`Inadmissible`] says which count is off.
    pub fn check_form(&self) -> Result<(), Inadmissible> {
        if !(1..=OPERATIONS_MAX).contains(&self.unsigned.operations.len()) {
            return Err(Inadmissible::BadOperationCount);
        }
        if !(1..=AUTHORISATIONS_MAX).contains(&self.authorisations.len()) {
            return Err(Inadmissible::BadAuthorisations);
        }
        let mut rest = self.authorisations.as_slice();
        while let Some((first, others)) = rest.split_first() {
            if others.iter().any(|other| other.key == first.key) {
                return Err(Inadmissible::BadAuthorisations);
            }
            rest = others;
        }
        Ok(())
    }

    /// The identity on the network with this genesis.
    #[must_use]
    pub fn id(&self, genesis: &Hash) -> TransactionId {
        self.unsigned.id(genesis)
    }

    /// SHA-256 of the whole envelope, signatures included.
    #[must_use]
    pub fn envelope_hash(&self) -> Hash {
        Hash::of(&[&codec::encode(self)])
    }

    /// Whether every signature is its key's over the signed bytes (a pure function of the bytes).
    ///
    /// # Errors
    /// [`Inadmissible::BadSignature`] where one is not.
    pub fn verify(&self, genesis: &Hash) -> Result<(), Inadmissible> {
        let message = self.unsigned.signed_bytes(genesis);
        let all = self
            .authorisations
            .iter()
            .all(|a| crate::verify::verify(&a.key, &message, &a.signature));
        if all { Ok(()) } else { Err(Inadmissible::BadSignature) }
    }
}
