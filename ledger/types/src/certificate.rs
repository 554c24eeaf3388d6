//! Votes' signed bytes and commit certificates: the proof that a quorum agreed on a block.

use borsh::{BorshDeserialize, BorshSerialize};

use crate::codec;
use crate::hash::{Hash, TAG_CERTIFICATE};
use crate::height::{Height, Round};
use crate::key::Signature;
use crate::signed::Domain;
use crate::validator::{ValidatorAddress, ValidatorSet};
use crate::verify::{SignatureClaim, verify_all};

/// The two kinds of vote.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, BorshSerialize, BorshDeserialize)]
#[borsh(use_discriminant = true)]
#[repr(u8)]
pub enum VoteKind {
    /// The first.
    Prevote = 0,
    /// The second.
    Precommit = 1,
}

/// A vote as it is signed. Vote extensions are not part of it (protocol rule 21).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, BorshSerialize, BorshDeserialize)]
pub struct Vote {
    /// Prevote or precommit.
    pub kind: VoteKind,
    /// The height.
    pub height: Height,
    /// The round.
    pub round: Round,
    /// The block voted for, or none.
    pub block: Option<Hash>,
    /// Who votes.
    pub validator: ValidatorAddress,
}

impl Vote {
    /// The bytes that the validator signs on the network with this genesis.
    #[must_use]
    pub fn signed_bytes(&self, genesis: &Hash) -> Vec<u8> {
        Domain::VOTE.signed_bytes(genesis, self)
    }
}

/// One validator's precommit in a certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct CommitSignature {
    /// Who.
    pub validator: ValidatorAddress,
    /// Its signature over the precommit.
    pub signature: Signature,
}

/// Precommits of a quorum for one block in one round.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct CommitCertificate {
    /// The height decided.
    pub height: Height,
    /// The round in which it was decided.
    pub round: Round,
    /// The block's hash.
    pub block: Hash,
    /// The precommits, in ascending order of validator, each once.
    pub signatures: Vec<CommitSignature>,
}

/// Why a certificate proves nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CertificateError {
    /// Signatures are unordered, repeated, or by someone outside the set.
    #[error("the signatures are not by distinct validators of the set, in order")]
    Signers,
    /// The signers' power is not a quorum.
    #[error("the signers do not make a quorum")]
    NoQuorum,
    /// A signature does not verify.
    #[error("a signature does not verify")]
    BadSignature,
}

impl CommitCertificate {
    /// The certificate's hash, as the next header carries it.
    #[must_use]
    pub fn hash(&self) -> Hash {
        Hash::of(&[TAG_CERTIFICATE, &codec::encode(self)])
    }

    /// Checks signers, quorum and signatures against the height's validator set.
    ///
    /// # Errors
    /// [`CertificateError`] says what fails.
    pub fn verify(&self, set: &ValidatorSet, genesis: &Hash) -> Result<(), CertificateError> {
        let pairs = self.signatures.iter().zip(self.signatures.iter().skip(1));
        if pairs.into_iter().any(|(one, next)| one.validator >= next.validator) {
            return Err(CertificateError::Signers);
        }
        let mut power = 0_u64;
        let mut signed = Vec::with_capacity(self.signatures.len());
        for entry in &self.signatures {
            let validator = set.get(&entry.validator).ok_or(CertificateError::Signers)?;
            power = power.checked_add(validator.power).ok_or(CertificateError::Signers)?;
            signed.push((&validator.key, self.precommit(entry.validator).signed_bytes(genesis)));
        }
        if !set.is_quorum(power) {
            return Err(CertificateError::NoQuorum);
        }
        let claims: Vec<SignatureClaim<'_>> = signed
            .iter()
            .zip(&self.signatures)
            .map(|((key, message), entry)| SignatureClaim {
                key,
                message,
                signature: &entry.signature,
            })
            .collect();
        if verify_all(&claims) { Ok(()) } else { Err(CertificateError::BadSignature) }
    }

    /// The precommit that `validator` signed.
    #[must_use]
    pub const fn precommit(&self, validator: ValidatorAddress) -> Vote {
        Vote {
            kind: VoteKind::Precommit,
            height: self.height,
            round: self.round,
            block: Some(self.block),
            validator,
        }
    }
}
