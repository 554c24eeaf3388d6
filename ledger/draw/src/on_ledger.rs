//! The same things as the ledger's operations and records have them: numbers are wider there, rounds
//! and lists count from 1, points and scalars are 32 bytes.

use ledger_types::programme as ledger;
use ledger_types::{AccountId, Hash, ProgrammeId};

use crate::leaf::Application;
use crate::order::{Allocation, Further, Outcome, order_key};
use crate::sharing::{
    Dealing, EqualityProof, OpenedShare, PointBytes, Possession, ScalarBytes, SealedShare,
    SealingPublic, committer_context, round_context,
};

impl Application {
    /// What a leaf's key signs for an applicant in a round; none where no ledger has such a round or
    /// list.
    #[must_use]
    pub fn on_ledger(
        programme: ProgrammeId,
        round: u16,
        leaf: ledger::LeafPlace,
        applicant: AccountId,
    ) -> Option<Self> {
        let (programme, round) = (programme.get(), u8::try_from(round).ok()?);
        Some(Self { programme, round, list: list(leaf)?, index: leaf.index, applicant })
    }
}

/// A list's number as leaves and keys have it: from 0.
fn list(leaf: ledger::LeafPlace) -> Option<u8> {
    u8::try_from(leaf.list.checked_sub(1)?).ok()
}

/// The key in the order of an application whose lowest leaf is this; none where no ledger has such a
/// list.
#[must_use]
pub fn order_key_of(seed: &Hash, lowest: ledger::LeafPlace) -> Option<Hash> {
    Some(order_key(seed, list(lowest)?, lowest.index))
}

/// What everything of a round is bound to; none where no ledger has such a round.
#[must_use]
pub fn context_of_round(genesis: &Hash, programme: ProgrammeId, round: u16) -> Option<Hash> {
    Some(round_context(genesis, programme.get(), u8::try_from(round).ok()?))
}

/// What the secret of the committer at a place, from 0, is bound to; none where no ledger has such a
/// round or place.
#[must_use]
pub fn context_of_committer(
    genesis: &Hash,
    programme: ProgrammeId,
    round: u16,
    place: u16,
) -> Option<Hash> {
    let round = context_of_round(genesis, programme, round)?;
    Some(committer_context(&round, u8::try_from(place).ok()?))
}

impl Allocation {
    /// How a programme's lotteries give sets; none where it has no lottery.
    #[must_use]
    pub const fn on_ledger(allocation: ledger::Allocation) -> Option<Self> {
        match allocation {
            ledger::Allocation::FirstCome => None,
            ledger::Allocation::Whole => Some(Self::Whole),
            ledger::Allocation::EqualFirst => Some(Self::EqualFirst),
        }
    }
}

impl From<ledger::Outcome> for Outcome {
    fn from(outcome: ledger::Outcome) -> Self {
        let ledger::Outcome { cut, before, at, after, given } = outcome;
        Self { cut, before, at, after, given }
    }
}

impl From<Outcome> for ledger::Outcome {
    fn from(outcome: Outcome) -> Self {
        let Outcome { cut, before, at, after, given } = outcome;
        Self { cut, before, at, after, given }
    }
}

impl From<ledger::Further> for Further {
    fn from(further: ledger::Further) -> Self {
        let ledger::Further { cut, at, after, given, from: _ } = further;
        Self { cut, at, after, given }
    }
}

impl From<ledger::ShareProof> for EqualityProof {
    fn from(proof: ledger::ShareProof) -> Self {
        let ledger::ShareProof { challenge, response } = proof;
        Self { challenge: scalar(challenge), response: scalar(response) }
    }
}

impl From<EqualityProof> for ledger::ShareProof {
    fn from(proof: EqualityProof) -> Self {
        let EqualityProof { challenge, response } = proof;
        let hash = |scalar: ScalarBytes| Hash::new(*scalar.as_bytes());
        Self { challenge: hash(challenge), response: hash(response) }
    }
}

impl From<&ledger::Sharing> for Dealing {
    fn from(sharing: &ledger::Sharing) -> Self {
        let share = |share: &ledger::SealedShare| SealedShare {
            sealed: point(share.sealed),
            proof: share.proof.into(),
        };
        Self {
            commitments: sharing.commitments.iter().copied().map(point).collect(),
            shares: sharing.shares.iter().map(share).collect(),
        }
    }
}

impl From<&Dealing> for ledger::Sharing {
    fn from(dealing: &Dealing) -> Self {
        let hash = |point: &PointBytes| Hash::new(*point.as_bytes());
        let share = |share: &SealedShare| ledger::SealedShare {
            sealed: hash(&share.sealed),
            proof: share.proof.into(),
        };
        Self {
            commitments: dealing.commitments.iter().map(hash).collect(),
            shares: dealing.shares.iter().map(share).collect(),
        }
    }
}

impl From<ledger::Opening> for OpenedShare {
    fn from(opening: ledger::Opening) -> Self {
        Self { opened: point(opening.share), proof: opening.proof.into() }
    }
}

impl From<&ledger::Committer> for SealingPublic {
    fn from(committer: &ledger::Committer) -> Self {
        Self::new(point(committer.sealing))
    }
}

impl From<&ledger::Committer> for Possession {
    fn from(committer: &ledger::Committer) -> Self {
        Self::new(committer.proof.into())
    }
}

/// The point of these bytes, sound or not.
#[must_use]
pub const fn point(bytes: Hash) -> PointBytes {
    PointBytes::new(*bytes.as_bytes())
}

/// The scalar of these bytes, sound or not.
#[must_use]
pub const fn scalar(bytes: Hash) -> ScalarBytes {
    ScalarBytes::new(*bytes.as_bytes())
}
