//! Whether our key votes elsewhere: each vote of ours that comes from outside was signed here.
//!
//! Somebody who has the key, or a second node that was started with it, can sign what this node must
//! then never sign; going on would make the network's members of two minds about who we are. Votes
//! are looked at as members send them, alone and in certificates, in the blocks of their histories,
//! and in what a proposed block says of its parent.

use std::sync::Arc;

use arc_malachitebft_app_channel::app::engine::network::NetworkEvent;
use arc_malachitebft_app_channel::app::types::core as malachite;
use arc_malachitebft_app_channel::app::types::core::{NilOrVal, SignedVote, VoteType};
use borsh::BorshDeserialize as _;
use ledger_types::{CommitCertificate, Hash, Header, Signature, ValidatorAddress, Vote};
use tokio::sync::mpsc;

use crate::context::{Address, BlockHeight, Kyojo, Vote as EngineVote};
use crate::part::{Claim, Init};
use crate::signing::{Refusal, ValidatorSigner};

/// What this validator signs, held against what is heard in its name.
#[derive(Clone, Debug)]
pub(crate) struct OwnVotes {
    signer: Arc<ValidatorSigner>,
    address: ValidatorAddress,
    alarm: mpsc::UnboundedSender<Vote>,
}

impl OwnVotes {
    /// Listens for a validator; what it did not sign comes out of the receiver.
    pub(crate) fn new(
        signer: Arc<ValidatorSigner>,
        address: ValidatorAddress,
    ) -> (Self, mpsc::UnboundedReceiver<Vote>) {
        let (alarm, alarms) = mpsc::unbounded_channel();
        (Self { signer, address, alarm }, alarms)
    }

    /// Our address.
    pub(crate) const fn address(&self) -> ValidatorAddress {
        self.address
    }

    /// Our proposal with this claim, signed.
    pub(crate) fn propose(&self, claim: Claim) -> Result<Init, Refusal> {
        let signature = self.signer.proposal(&claim)?;
        Ok(Init { claim, proposer: self.address, signature })
    }

    /// Looks at what a member sent.
    pub(crate) fn hear(&self, event: &NetworkEvent<Kyojo>) {
        match event {
            NetworkEvent::Vote(_, vote) => self.signed(vote),
            NetworkEvent::PolkaCertificate(_, polka) => {
                let value = NilOrVal::Val(polka.value_id);
                for entry in &polka.polka_signatures {
                    let vote = (VoteType::Prevote, polka.height, polka.round, &value);
                    self.entry(vote, &entry.address, &entry.signature);
                }
            }
            NetworkEvent::RoundCertificate(_, round) => {
                for entry in &round.round_signatures {
                    let vote = (entry.vote_type, round.height, round.round, &entry.value_id);
                    self.entry(vote, &entry.address, &entry.signature);
                }
            }
            _ => {}
        }
    }

    /// Looks at the certificate of a decided block.
    pub(crate) fn certified(&self, certificate: &CommitCertificate) {
        let signatures = certificate.signatures.iter();
        for entry in signatures.filter(|entry| entry.validator == self.address) {
            self.judge(&certificate.precommit(self.address), &entry.signature);
        }
    }

    /// Looks at a block that was proposed: at the certificate of its parent.
    pub(crate) fn proposed(&self, block: &[u8]) {
        let mut rest = block;
        let parent = Header::deserialize(&mut rest)
            .and_then(|_| Option::<CommitCertificate>::deserialize(&mut rest));
        if let Ok(Some(parent)) = parent {
            self.certified(&parent);
        }
    }

    fn signed(&self, vote: &SignedVote<Kyojo>) {
        let is_ours = vote.message.validator.0 == self.address;
        if let Some(message) = vote.message.as_signed().filter(|_| is_ours) {
            self.judge(&message, &vote.signature);
        }
    }

    fn entry(
        &self,
        (kind, height, round, value): (VoteType, BlockHeight, malachite::Round, &NilOrVal<Hash>),
        validator: &Address,
        signature: &Signature,
    ) {
        let (value, validator) = (*value, *validator);
        let vote = EngineVote { kind, height, round, value, validator };
        if validator.0 == self.address
            && let Some(vote) = vote.as_signed()
        {
            self.judge(&vote, signature);
        }
    }

    fn judge(&self, vote: &Vote, signature: &Signature) {
        if self.signer.is_foreign(vote, signature) {
            // Whoever listened has stopped already.
            let _ = self.alarm.send(*vote);
        }
    }
}

#[cfg(test)]
mod tests {
    use ledger_types::certificate::CommitSignature;
    use ledger_types::{Height, Round, SigningKey, VoteKind};

    use super::*;
    use crate::steps::Steps;

    fn key() -> SigningKey {
        SigningKey::from_seed(&[5; 32])
    }

    fn vote(height: u64, block: Option<&[u8]>) -> Vote {
        Vote {
            kind: VoteKind::Precommit,
            height: Height::new(height),
            round: Round::new(0),
            block: block.map(|name| Hash::of(&[name])),
            validator: ValidatorAddress::of(&key().public_key()),
        }
    }

    fn by(key: &SigningKey, vote: &Vote) -> Signature {
        key.sign(&vote.signed_bytes(&Hash::ZERO))
    }

    /// A validator whose engine began at height 3 and which signed at heights 3 and 4.
    fn voting() -> (OwnVotes, mpsc::UnboundedReceiver<Vote>) {
        let signer = ValidatorSigner::new(key(), Hash::ZERO, Steps::default());
        signer.begins(Height::new(3));
        signer.vote(&vote(3, Some(b"three"))).expect("the first");
        signer.vote(&vote(4, Some(b"four"))).expect("a later one");
        OwnVotes::new(Arc::new(signer), ValidatorAddress::of(&key().public_key()))
    }

    #[test]
    fn a_vote_of_our_key_that_was_not_signed_here_is_noticed() {
        let (own, mut alarms) = voting();
        for signed in [vote(3, Some(b"three")), vote(4, Some(b"four"))] {
            own.judge(&signed, &by(&key(), &signed));
        }
        // Before the engine began, another process of ours may have signed.
        own.judge(&vote(2, None), &by(&key(), &vote(2, None)));
        // What our key did not sign was only said in our name.
        let stranger = SigningKey::from_seed(&[6; 32]);
        own.judge(&vote(4, None), &by(&stranger, &vote(4, None)));
        assert!(alarms.try_recv().is_err());
        for foreign in [vote(3, None), vote(4, Some(b"five")), vote(5, None), vote(900, None)] {
            own.judge(&foreign, &by(&key(), &foreign));
            assert_eq!(alarms.try_recv(), Ok(foreign));
        }
    }

    #[test]
    fn a_certificate_with_a_vote_of_our_key_that_was_not_signed_here_is_noticed() {
        let (own, mut alarms) = voting();
        let certificate = |name: &[u8]| {
            let precommit = vote(4, Some(name));
            let (validator, signature) = (precommit.validator, by(&key(), &precommit));
            let signatures = vec![CommitSignature { validator, signature }];
            let block = Hash::of(&[name]);
            CommitCertificate { height: Height::new(4), round: Round::new(0), block, signatures }
        };
        own.certified(&certificate(b"four"));
        assert!(alarms.try_recv().is_err());
        own.certified(&certificate(b"five"));
        assert_eq!(alarms.try_recv(), Ok(vote(4, Some(b"five"))));
    }
}
