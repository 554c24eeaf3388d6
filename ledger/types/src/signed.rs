//! Signed bytes: what stands before a message when a key signs it, the same for every kind.
//!
//! `u8 length of the namespace ‖ namespace ‖ message`, where the namespace is domain tag ‖ genesis
//! hash. Below 128 a byte is its own varint, so this is also what verifiers with a namespace sign.
//! The length keeps a tag that begins another from being taken for it (protocol rule 1).

use borsh::BorshSerialize;

use crate::codec;
use crate::hash::Hash;

/// A kind of message that keys sign, by its tag. There is no other way to make signed bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Domain {
    tag: &'static [u8],
    /// Of tag and genesis hash together.
    length: u8,
}

impl Domain {
    /// A transaction without its authorisations.
    pub const TRANSACTION: Self = Self::tagged(b"kyojo/transaction/v1");
    /// A vote.
    pub const VOTE: Self = Self::tagged(b"kyojo/vote/v1");
    /// What a proposal's opening claims.
    pub const PROPOSAL: Self = Self::tagged(b"kyojo/proposal/v1");
    /// A request for data under a consent, judged off the ledger.
    pub const ACCESS_REQUEST: Self = Self::tagged(b"kyojo/access-request/v1");
    /// A directory of public names.
    pub const DIRECTORY: Self = Self::tagged(b"kyojo/directory/v1");
    /// A shop's request to be paid, made by one of its terminals.
    pub const PAYMENT_REQUEST: Self = Self::tagged(b"kyojo/payment-request/v1");
    /// An application for vouchers or their purchase, by the key of a letter.
    pub const VOUCHER_APPLICATION: Self = Self::tagged(b"kyojo/voucher-application/v1");

    /// Evaluated when compiled, and only there.
    const fn tagged(tag: &'static [u8]) -> Self {
        let length = tag.len().saturating_add(size_of::<Hash>());
        assert!(length < 128, "the length of a namespace is a varint of one byte");
        let [length, ..] = length.to_le_bytes();
        Self { tag, length }
    }

    /// Appends what stands before a message on the network with this genesis.
    pub fn append_prefix(self, genesis: &Hash, to: &mut Vec<u8>) {
        to.push(self.length);
        to.extend_from_slice(self.tag);
        to.extend_from_slice(genesis.as_bytes());
    }

    /// The bytes that a key signs for a message on the network with this genesis.
    #[must_use]
    pub fn signed_bytes(self, genesis: &Hash, message: &impl BorshSerialize) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(256);
        self.append_prefix(genesis, &mut bytes);
        codec::append(message, &mut bytes);
        bytes
    }
}
