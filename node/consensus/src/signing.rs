//! Signatures in Malachite's terms: dalek signs, ZIP-215 verifies, and nothing is signed twice.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use arc_malachitebft_app_channel::app::types::core as malachite;
use arc_malachitebft_app_channel::app::types::core::{
    SignedExtension, SignedMessage, ValidatorProof, VoteExtensionScope,
};
use arc_malachitebft_app_channel::{Signer, Verifier};
use arc_malachitebft_signing::{Error, VerificationResult};
use async_trait::async_trait;
use ledger_types::verify::verify;
use ledger_types::{Hash, Height, PublicKey, Round, Signature, SigningKey, VoteKind};

use crate::context::{Kyojo, Proposal, Vote, ledger_round};
use crate::part::Claim;
use crate::steps::{Step, Steps};

impl Proposal {
    /// The claim that the proposal's signature is over; `None` for a proposal without a round.
    pub(crate) fn claim(&self) -> Option<Claim> {
        Some(Claim {
            height: self.height.0,
            round: ledger_round(self.round)?,
            valid_round: ledger_round(self.valid_round),
            block: self.value.0,
        })
    }
}

/// Verifies votes and proposals of one network.
#[derive(Clone, Debug)]
pub(crate) struct NetworkVerifier {
    genesis: Hash,
}

impl NetworkVerifier {
    /// For the network with this genesis.
    pub(crate) const fn new(genesis: Hash) -> Self {
        Self { genesis }
    }

    /// Whether the vote is signed by `key`.
    pub(crate) fn is_signed(&self, vote: &Vote, signature: &Signature, key: &PublicKey) -> bool {
        vote.as_signed()
            .is_some_and(|vote| verify(key, &vote.signed_bytes(&self.genesis), signature))
    }
}

#[async_trait]
impl Verifier<Kyojo> for NetworkVerifier {
    async fn verify_signed_vote(
        &self,
        vote: &Vote,
        signature: &Signature,
        key: &PublicKey,
    ) -> Result<VerificationResult, Error> {
        Ok(VerificationResult::from_bool(self.is_signed(vote, signature, key)))
    }

    async fn verify_signed_proposal(
        &self,
        proposal: &Proposal,
        signature: &Signature,
        key: &PublicKey,
    ) -> Result<VerificationResult, Error> {
        let valid = proposal
            .claim()
            .is_some_and(|claim| verify(key, &claim.signed_bytes(&self.genesis), signature));
        Ok(VerificationResult::from_bool(valid))
    }

    async fn verify_signed_vote_extension(
        &self,
        _: &VoteExtensionScope<Kyojo>,
        (): &(),
        _: &Signature,
        _: &PublicKey,
    ) -> Result<VerificationResult, Error> {
        Ok(VerificationResult::Invalid)
    }

    /// Peers are known by their network keys in the configuration, so such proofs prove nothing.
    async fn verify_validator_proof(
        &self,
        _: &ValidatorProof<Kyojo>,
    ) -> Result<VerificationResult, Error> {
        Ok(VerificationResult::Invalid)
    }
}

/// Signs for one validator, and refuses to sign two different things for one step.
///
/// The write-ahead log is what keeps a validator from signing twice across a crash; this is a
/// second lock within a process. A refusal stops the engine.
#[derive(Debug)]
pub(crate) struct ValidatorSigner {
    key: SigningKey,
    genesis: Hash,
    signed: Mutex<Signed>,
    steps: Steps,
}

/// For how many heights votes are remembered after the last one.
const REMEMBERED_HEIGHTS: u64 = 16;

/// The last thing signed of each kind, and the votes of late.
#[derive(Debug, Default)]
struct Signed {
    prevote: Option<ledger_types::Vote>,
    precommit: Option<ledger_types::Vote>,
    proposal: Option<Claim>,
    /// Every vote of the last heights: what it was for.
    votes: BTreeMap<(Height, Round, VoteKind), Option<Hash>>,
    /// The height at which this process began to vote: of what was signed up to it, an earlier one
    /// may know more.
    since: Height,
}

/// Why nothing was signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Refusal {
    /// A vote or proposal without a round.
    #[error("nothing is signed without a round")]
    NoRound,
    /// Something else, or something later, was signed already.
    #[error("refused to sign twice for one step, or for a step before the last")]
    Conflict,
    /// Vote extensions and validator proofs are not part of this network.
    #[error("this kind of message is not signed here")]
    Kind,
}

impl ValidatorSigner {
    /// Signs with `key` for the network with this genesis.
    pub(crate) fn new(key: SigningKey, genesis: Hash, steps: Steps) -> Self {
        Self { key, genesis, signed: Mutex::new(Signed::default()), steps }
    }

    /// Signs a vote.
    pub(crate) fn vote(&self, vote: &ledger_types::Vote) -> Result<Signature, Refusal> {
        let mut signed = self.signed.lock().unwrap_or_else(PoisonError::into_inner);
        let signed = &mut *signed;
        let last = match vote.kind {
            VoteKind::Prevote => &mut signed.prevote,
            VoteKind::Precommit => &mut signed.precommit,
        };
        let step = |vote: &ledger_types::Vote| (vote.height, vote.round);
        if last.is_some_and(|last| last != *vote && step(&last) >= step(vote)) {
            return Err(Refusal::Conflict);
        }
        *last = Some(*vote);
        signed.remember(vote);
        if vote.kind == VoteKind::Precommit && vote.block.is_some() {
            self.steps.mark(vote.height, Step::Prevote);
        }
        Ok(self.key.sign(&vote.signed_bytes(&self.genesis)))
    }

    /// Notes that voting begins at a height.
    pub(crate) fn begins(&self, height: Height) {
        self.signed.lock().unwrap_or_else(PoisonError::into_inner).since = height;
    }

    /// Whether our key signed a vote that we did not.
    pub(crate) fn is_foreign(&self, vote: &ledger_types::Vote, signature: &Signature) -> bool {
        let is_ours = self.signed.lock().unwrap_or_else(PoisonError::into_inner).may_be_ours(vote);
        !is_ours && verify(&self.key.public_key(), &vote.signed_bytes(&self.genesis), signature)
    }

    /// Signs a proposal.
    pub(crate) fn proposal(&self, claim: &Claim) -> Result<Signature, Refusal> {
        let mut signed = self.signed.lock().unwrap_or_else(PoisonError::into_inner);
        let step = |claim: &Claim| (claim.height, claim.round);
        if signed.proposal.is_some_and(|last| last != *claim && step(&last) >= step(claim)) {
            return Err(Refusal::Conflict);
        }
        signed.proposal = Some(*claim);
        Ok(self.key.sign(&claim.signed_bytes(&self.genesis)))
    }
}

impl Signed {
    fn remember(&mut self, vote: &ledger_types::Vote) {
        self.votes.insert((vote.height, vote.round, vote.kind), vote.block);
        let lowest = self.lowest();
        self.votes.retain(|(height, ..), _| *height >= lowest);
    }

    /// The lowest height whose votes are remembered.
    fn lowest(&self) -> Height {
        let last = self.votes.last_key_value().map_or(Height::GENESIS, |((last, ..), _)| *last);
        Height::new(last.get().saturating_sub(REMEMBERED_HEIGHTS))
    }

    fn may_be_ours(&self, vote: &ledger_types::Vote) -> bool {
        match self.votes.get(&(vote.height, vote.round, vote.kind)) {
            Some(block) => *block == vote.block,
            None => vote.height <= self.since || vote.height < self.lowest(),
        }
    }
}

#[async_trait]
impl Signer<Kyojo> for ValidatorSigner {
    async fn sign_vote(&self, vote: Vote) -> Result<SignedMessage<Kyojo, Vote>, Error> {
        let to_sign = vote.as_signed().ok_or_else(|| Error::from_source(Refusal::NoRound))?;
        let signature = self.vote(&to_sign).map_err(Error::from_source)?;
        Ok(SignedMessage::new(vote, signature))
    }

    async fn sign_proposal(
        &self,
        proposal: Proposal,
    ) -> Result<SignedMessage<Kyojo, Proposal>, Error> {
        let claim = proposal.claim().ok_or_else(|| Error::from_source(Refusal::NoRound))?;
        let signature = self.proposal(&claim).map_err(Error::from_source)?;
        Ok(SignedMessage::new(proposal, signature))
    }

    async fn sign_vote_extension(
        &self,
        _: VoteExtensionScope<Kyojo>,
        (): (),
    ) -> Result<SignedExtension<Kyojo>, Error> {
        Err(Error::from_source(Refusal::Kind))
    }

    async fn sign_validator_proof(
        &self,
        _: Vec<u8>,
        _: Vec<u8>,
    ) -> Result<ValidatorProof<Kyojo>, Error> {
        Err(Error::from_source(Refusal::Kind))
    }
}

/// A certificate in the ledger's terms: signatures in ascending order of validator.
pub(crate) fn ledger_certificate(
    certificate: &malachite::CommitCertificate<Kyojo>,
) -> Option<ledger_types::CommitCertificate> {
    let mut signatures: Vec<ledger_types::CommitSignature> = certificate
        .commit_signatures
        .iter()
        .map(|entry| ledger_types::CommitSignature {
            validator: entry.address.0,
            signature: entry.signature,
        })
        .collect();
    signatures.sort_by_key(|entry| entry.validator);
    signatures.dedup_by_key(|entry| entry.validator);
    Some(ledger_types::CommitCertificate {
        height: certificate.height.0,
        round: ledger_round(certificate.round)?,
        block: certificate.value_id,
        signatures,
    })
}

#[cfg(test)]
mod tests {
    use ledger_types::verify::verify;
    use ledger_types::{Hash, Height, Round, SigningKey, ValidatorAddress, Vote, VoteKind};

    use super::{Refusal, Steps, ValidatorSigner};
    use crate::part::{Claim, Init};

    fn signer() -> (ValidatorSigner, SigningKey) {
        let key = SigningKey::from_seed(&[5; 32]);
        (ValidatorSigner::new(key.clone(), Hash::ZERO, Steps::default()), key)
    }

    fn vote(kind: VoteKind, height: u64, round: u32, block: Option<Hash>) -> Vote {
        let validator = ValidatorAddress::of(&signer().1.public_key());
        Vote { kind, height: Height::new(height), round: Round::new(round), block, validator }
    }

    #[test]
    fn a_validator_signs_one_vote_a_step_and_never_goes_back() {
        let (signer, key) = signer();
        let block = Some(Hash::of(&[b"block"]));
        let first = vote(VoteKind::Prevote, 3, 1, block);
        let signature = signer.vote(&first).expect("the first is signed");
        assert!(verify(&key.public_key(), &first.signed_bytes(&Hash::ZERO), &signature));
        assert_eq!(signer.vote(&first), Ok(signature), "the same again");
        for conflicting in [
            vote(VoteKind::Prevote, 3, 1, None),
            vote(VoteKind::Prevote, 3, 0, block),
            vote(VoteKind::Prevote, 2, 9, None),
        ] {
            assert_eq!(signer.vote(&conflicting), Err(Refusal::Conflict));
        }
        for further in [
            vote(VoteKind::Precommit, 3, 1, None),
            vote(VoteKind::Prevote, 3, 2, None),
            vote(VoteKind::Prevote, 4, 0, None),
        ] {
            assert!(signer.vote(&further).is_ok());
        }
    }

    #[test]
    fn what_a_proposer_signs_is_pinned_and_what_it_signed_before_is_refused() {
        let (genesis, (_, key)) = (Hash::new([0x9e; 32]), signer());
        let claim = Claim {
            height: Height::new(0x0102),
            round: Round::new(3),
            valid_round: Some(Round::new(1)),
            block: Hash::new([0x61; 32]),
        };
        let mut pinned = b"\x31kyojo/proposal/v1".to_vec();
        pinned.extend([0x9e; 32]);
        pinned.extend([2, 1, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 1, 1, 0, 0, 0]);
        pinned.extend([0x61; 32]);
        assert_eq!(claim.signed_bytes(&genesis), pinned);
        let mut init = Init::sign(claim, &key, &genesis);
        assert!(init.is_signed_by(&key.public_key(), &genesis));
        init.signature = key.sign(&pinned[1..]);
        assert!(
            !init.is_signed_by(&key.public_key(), &genesis),
            "no length before tag and genesis"
        );
    }

    #[test]
    fn a_validator_proposes_one_block_a_round() {
        let (signer, _) = signer();
        let claim = |height, round, name: &[u8]| Claim {
            height: Height::new(height),
            round: Round::new(round),
            valid_round: None,
            block: Hash::of(&[name]),
        };
        assert!(signer.proposal(&claim(1, 0, b"one")).is_ok());
        assert!(signer.proposal(&claim(1, 0, b"one")).is_ok());
        assert_eq!(signer.proposal(&claim(1, 0, b"two")), Err(Refusal::Conflict));
        assert!(signer.proposal(&claim(1, 1, b"two")).is_ok());
        assert_eq!(signer.proposal(&claim(1, 0, b"one")), Err(Refusal::Conflict));
    }
}
