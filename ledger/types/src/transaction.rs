//! The transaction envelope: who, which nonce, until when, what for, what, and the signatures.
//!
//! Signed are the canonical unsigned bytes behind the prefix of [`crate::signed`]. The identity is a
//! hash over them without the signatures; the envelope's hash covers the signatures too, and only it
//! may key a cache of what was verified (protocol rule 1). What must hold for its signatures needs no state: those
//! over the transaction itself, and those of the payment requests in it, whose keys are in the payments.

use core::ops::Range;

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
use crate::verify::SignatureClaim;

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
        let mut bytes = Vec::new();
        let spans = SignedSpans::append(self, genesis, &mut bytes, |to| {
            to.extend(self.unsigned.signed_bytes(genesis));
        });
        let all = spans
            .claims(self, &bytes)
            .all(|claim| crate::verify::verify(claim.key, claim.message, claim.signature));
        if all { Ok(()) } else { Err(Inadmissible::BadSignature) }
    }

    /// How many signatures are checked of it: a block holds no more than so many.
    #[must_use]
    pub fn signatures(&self) -> usize {
        let asked =
            self.unsigned.operations.iter().filter_map(|one| one.as_pay()?.request.as_ref());
        self.authorisations.len().saturating_add(asked.count())
    }
}

/// Where in a buffer the signed bytes of one transaction lie.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedSpans {
    own: Range<usize>,
    /// One for each payment in it that answers a request, in their order.
    requests: Vec<Range<usize>>,
}

impl SignedSpans {
    /// Appends a transaction's own signed bytes as `own` writes them, then those of its requests.
    pub(crate) fn append(
        transaction: &Transaction,
        genesis: &Hash,
        to: &mut Vec<u8>,
        own: impl FnOnce(&mut Vec<u8>),
    ) -> Self {
        let start = to.len();
        own(to);
        let own = start..to.len();
        let network = transaction.unsigned.network;
        let mut requests = Vec::new();
        for pay in transaction.unsigned.operations.iter().filter_map(|one| one.as_pay()) {
            if pay.request.is_none() {
                continue;
            }
            let start = to.len();
            // Of an amount that no request has nothing was signed: the ledger refuses the payment.
            if let Some(request) = pay.payment_request(network) {
                to.extend(request.signed_bytes(genesis));
            }
            requests.push(start..to.len());
        }
        Self { own, requests }
    }

    /// The claims of the transaction whose bytes lie here.
    pub fn claims<'a>(
        &'a self,
        transaction: &'a Transaction,
        bytes: &'a [u8],
    ) -> impl Iterator<Item = SignatureClaim<'a>> {
        let message = |span: &Range<usize>| bytes.get(span.clone()).unwrap_or_default();
        let own = message(&self.own);
        let authorised = transaction.authorisations.iter();
        let authorised = authorised.map(move |one| SignatureClaim {
            key: &one.key,
            message: own,
            signature: &one.signature,
        });
        let operations = &transaction.unsigned.operations;
        let answered = operations.iter().filter_map(|one| one.as_pay()?.request.as_ref());
        let asked = answered.zip(&self.requests).map(move |(one, span)| SignatureClaim {
            key: &one.key,
            message: message(span),
            signature: &one.signature,
        });
        authorised.chain(asked)
    }
}
