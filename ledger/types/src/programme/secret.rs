//! `DepositSecret`, `RevealSecret` and `OpenShare`: where a lottery's seed comes from.
//!
//! Each committer shares a secret with all committers before applications open, in a form of which
//! anybody can check that any `threshold` of them can open it. After the close it tells the secret, or
//! the others open it. All points are ristretto255's, all scalars its group order's, in 32 bytes.

use borsh::{BorshDeserialize, BorshSerialize};

use crate::facts::{event, operation};
use crate::hash::Hash;
use crate::id::{AccountId, ProgrammeId};
use crate::json::{serde_by_json, shape};

shape! {
    /// That two logarithms are equal, or that one is known: a challenge and its response.
    #[derive(Copy)]
    pub struct ShareProof {
        /// The challenge, a scalar.
        challenge: Hash,
        /// The response, a scalar.
        response: Hash,
    }
}

shape! {
    /// A share that is sealed to one committer.
    #[derive(Copy)]
    pub struct SealedShare {
        /// The sealed share, a point.
        sealed: Hash,
        /// That it is the share of the polynomial that is committed to.
        proof: ShareProof,
    }
}

shape! {
    /// A secret shared among all committers.
    pub struct Sharing {
        /// Commitments to the polynomial's coefficients, points: as many as open it.
        commitments: Vec<Hash>,
        /// A share for each committer, in their order.
        shares: Vec<SealedShare>,
    }
}

serde_by_json!(ShareProof);
serde_by_json!(Sharing);

operation! {
    /// By a committer's account, before applications open.
    pub struct DepositSecret {
        /// The programme.
        programme: ProgrammeId,
        /// The round.
        round: u16,
        /// The secret, shared.
        sharing: Sharing,
    }

    refused [
        NotAMoneyAccount, UnknownProgramme, UnknownRound, NoLottery, NotACommitter, ApplicationsBegun,
        DepositedBefore, BadSharing,
    ]
    samples [Self {
        programme: ProgrammeId::new(0x0708),
        round: 1,
        sharing: Sharing {
            commitments: vec![hash(0x60)],
            shares: vec![SealedShare {
                sealed: hash(0x61),
                proof: ShareProof { challenge: hash(0x62), response: hash(0x63) },
            }],
        },
    }]
}

operation! {
    /// By the committer that deposited it, after applications closed.
    pub struct RevealSecret {
        /// The programme.
        programme: ProgrammeId,
        /// The round.
        round: u16,
        /// The secret, a scalar.
        secret: Hash,
    }

    refused [
        NotAMoneyAccount, UnknownProgramme, UnknownRound, NoLottery, NotACommitter, ApplicationsNotClosed,
        NotDeposited, SecretIsKnown, SecretWrong,
    ]
    samples [Self { programme: ProgrammeId::new(0x0708), round: 1, secret: hash(0x64) }]
}

operation! {
    /// By a committer's account, after applications closed: its share of another's secret.
    pub struct OpenShare {
        /// The programme.
        programme: ProgrammeId,
        /// The round.
        round: u16,
        /// Whose secret: the committer's place, counted from 0.
        of: u16,
        /// The share, a point.
        share: Hash,
        /// That it is what was sealed to the sender.
        proof: ShareProof,
    }

    refused [
        NotAMoneyAccount, UnknownProgramme, UnknownRound, NoLottery, NotACommitter, ApplicationsNotClosed,
        NotDeposited, SecretIsKnown, ShareIsKnown, SecretWrong,
    ]
    samples [Self {
        programme: ProgrammeId::new(0x0708),
        round: 1,
        of: 2,
        share: hash(0x65),
        proof: ShareProof { challenge: hash(0x66), response: hash(0x67) },
    }]
}

/// A share that its committer opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Opening {
    /// The committer's place.
    pub by: u16,
    /// The share, a point.
    pub share: Hash,
    /// That it is what was sealed to the committer.
    pub proof: ShareProof,
}

/// A committer's secret, shared.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Deposited {
    /// The secret, shared.
    pub sharing: Sharing,
    /// What its committer told: a scalar; none where it was opened, or is not known.
    pub revealed: Option<Hash>,
    /// Shares that were opened before it was known.
    pub opened: Vec<Opening>,
    /// The secret, a point; none before it is known.
    pub secret: Option<Hash>,
}

event! {
    /// A committer deposited a secret.
    pub struct SecretDeposited {
        /// The programme.
        programme: ProgrammeId,
        /// The round.
        round: u16,
        /// The committer's place, counted from 0.
        committer: u16,
        /// Its account.
        account: AccountId,
    }

    enters [account]
}

event! {
    /// A secret became known, or a share of it.
    pub struct SecretOpened {
        /// The programme.
        programme: ProgrammeId,
        /// The round.
        round: u16,
        /// Whose secret: the committer's place, counted from 0.
        committer: u16,
        /// The secret, a point; none while shares are missing.
        secret: Option<Hash>,
        /// Whose operation it was.
        by: AccountId,
    }

    enters [by]
}
