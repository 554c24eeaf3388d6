//! What a validator signs and sends, in bytes written by hand: also what it never should.

use bytes::Bytes;
use ledger_types::{Hash, Height, Round, Signature, SigningKey, ValidatorAddress, codec};

use super::toy_block;

/// Height, round, the round of an earlier quorum, and the block.
pub(crate) type Claim = (Height, Round, Option<Round>, Hash);
/// A claim, whose it is, and a signature over it: what opens a proposal, and what is on record.
pub(crate) type Opening = (Claim, ValidatorAddress, Signature);

/// Signs a claim.
pub(crate) fn sign(claim: &Claim, key: &SigningKey, genesis: &Hash) -> Signature {
    let mut bytes = b"\x31kyojo/proposal/v1".to_vec();
    bytes.extend_from_slice(genesis.as_bytes());
    codec::append(claim, &mut bytes);
    key.sign(&bytes)
}

/// A signature that nobody made.
pub(crate) const NONE: Signature = Signature::Ed25519([0; 64]);

/// A made-up proposal: a block of its own, and whoever is said to propose it.
pub(crate) struct Forgery {
    pub(crate) hash: Hash,
    block: Bytes,
    opening: Opening,
}

impl Forgery {
    /// A proposal of a block that nothing else contains, signed by whatever `sign` does.
    pub(crate) fn new(
        height: Height,
        round: Round,
        number: u64,
        proposer: ValidatorAddress,
        sign: impl FnOnce(&Claim) -> Signature,
    ) -> Self {
        let mut payload = b"forged\0\0\0\0\0\0\0\0".to_vec();
        payload[6..].copy_from_slice(&number.to_le_bytes());
        let (hash, block) = toy_block(height, Round::new(0), payload);
        let claim = (height, round, None, hash);
        Self { hash, block, opening: (claim, proposer, sign(&claim)) }
    }

    /// The proposal's only part, as it travels: the stream's head, the opening, the block.
    pub(crate) fn part(&self) -> Bytes {
        let stream = self.hash.as_bytes()[..16].to_vec();
        let length = u32::try_from(self.block.len()).expect("a small block");
        let mut bytes = codec::encode(&(stream, 0_u64, false));
        codec::append(&(0_u8, self.opening, length), &mut bytes);
        bytes.extend_from_slice(&self.block);
        bytes.into()
    }

    /// The proposal message that goes with the part.
    pub(crate) fn message(&self) -> Bytes {
        codec::encode(&(1_u8, self.opening)).into()
    }
}
