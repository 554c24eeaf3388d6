//! SHA-256 values, and the domain tags that keep one kind of hashed bytes from another.
//!
//! What is signed has its tags in [`crate::signed`].

use borsh::{BorshDeserialize, BorshSerialize};
use sha2::{Digest, Sha256};

use crate::newtype::{serde_by_text, shown_in_hex};

/// Tag of a transaction's identity.
pub const TAG_TRANSACTION_ID: &[u8] = b"kyojo/transaction-id/v1";
/// Tag of a block header's hash.
pub const TAG_HEADER: &[u8] = b"kyojo/header/v1";
/// Tag of a genesis document's hash.
pub const TAG_GENESIS: &[u8] = b"kyojo/genesis/v1";
/// Tag of a commit certificate's hash.
pub const TAG_CERTIFICATE: &[u8] = b"kyojo/certificate/v1";
/// Tag of a validator set's hash.
pub const TAG_VALIDATORS: &[u8] = b"kyojo/validators/v1";
/// Tag of a rotation's hash.
pub const TAG_ROTATION: &[u8] = b"kyojo/rotation/v1";
/// Tag of an account opened by a bank.
pub const TAG_ACCOUNT: &[u8] = b"kyojo/account/v1";
/// Tag of the implicit account of a consent subject.
pub const TAG_SUBJECT: &[u8] = b"kyojo/subject/v1";
/// Tag of a party's account.
pub const TAG_PARTY: &[u8] = b"kyojo/party/v1";
/// Tag of one process of a consent's terms.
pub const TAG_TERMS: &[u8] = b"kyojo/terms/v1";
/// What stands in a terms tree where a process was taken out.
pub const TAG_TOMBSTONE: &[u8] = b"kyojo/terms-tombstone/v1";
/// Tag of the commitment by which an access names its data holder.
pub const TAG_HOLDER: &[u8] = b"kyojo/holder/v1";
/// Tag of a validator's address.
pub const TAG_VALIDATOR: &[u8] = b"kyojo/validator/v1";

/// A SHA-256 value, shown as 64 hexadecimal digits.
#[derive(
    Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, BorshSerialize, BorshDeserialize,
)]
pub struct Hash([u8; 32]);

impl Hash {
    /// The value of no bytes in particular: 32 zeros, the parent of genesis.
    pub const ZERO: Self = Self([0; 32]);

    /// A hash from its bytes.
    #[must_use]
    pub const fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The 32 bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// SHA-256 over the parts, one after another.
    #[must_use]
    pub fn of(parts: &[&[u8]]) -> Self {
        let mut hasher = Sha256::new();
        for part in parts {
            hasher.update(part);
        }
        Self(hasher.finalize().into())
    }

    /// The first 20 bytes, for identities that share Ethereum's size.
    #[must_use]
    pub fn first_20(&self) -> [u8; 20] {
        let mut first = [0; 20];
        first.copy_from_slice(self.0.split_at(20).0);
        first
    }

    /// The first 4 bytes: a network's name on the wire is its genesis hash's.
    #[must_use]
    pub fn network(&self) -> NetworkId {
        let [a, b, c, d, ..] = self.0;
        NetworkId([a, b, c, d])
    }
}

impl core::str::FromStr for Hash {
    type Err = ParseHashError;

    fn from_str(text: &str) -> Result<Self, ParseHashError> {
        let mut bytes = [0; 32];
        hex::decode_to_slice(text, &mut bytes).map_err(|_| ParseHashError)?;
        Ok(Self(bytes))
    }
}

shown_in_hex!(Hash);
serde_by_text!(Hash);

/// The text is not 64 hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a hash is 64 hexadecimal digits")]
pub struct ParseHashError;

/// The first four bytes of a network's genesis hash, carried by every transaction and header.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, BorshSerialize, BorshDeserialize)]
pub struct NetworkId([u8; 4]);

impl NetworkId {
    /// A network's name from its bytes.
    #[must_use]
    pub const fn new(bytes: [u8; 4]) -> Self {
        Self(bytes)
    }

    /// The four bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 4] {
        &self.0
    }
}

impl core::fmt::Display for NetworkId {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}
