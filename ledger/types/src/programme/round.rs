//! `OpenRound`: a sale, with or without a lottery before it; and what became of what was sold.

use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Serialize};

use super::draw::Draw;

use crate::facts::{event, operation};
use crate::height::Height;
use crate::id::{AccountId, ProgrammeId};
use crate::json::shape;
use crate::limits::{CLAIM_MS_MIN, SECRETS_MS_MIN};
use crate::tender::LotKind;
use crate::time::Timestamp;
use crate::yen::Yen;

shape! {
    /// When people apply, and how long what they win waits for them.
    #[derive(Copy)]
    pub struct LotteryTerms {
        /// From when on people apply. Committers deposit their secrets before.
        apply_from: Timestamp,
        /// Until when. Secrets are told after.
        apply_until: Timestamp,
        /// How long what was won can be bought, in milliseconds: as long as genesis asks at least, seven
        /// days but in a lab. Then it goes to the next.
        claim_ms: u64,
    }
}

shape! {
    /// A round of a programme.
    #[derive(Copy)]
    pub struct RoundTerms {
        /// How many sets.
        sets: u32,
        /// From when on they are sold.
        sale_from: Timestamp,
        /// Until when.
        sale_until: Timestamp,
        /// Its lottery; none where whoever comes first buys.
        lottery: Option<LotteryTerms>,
    }
}

/// The shortest times of lotteries, in milliseconds; a parameter of genesis.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize,
)]
#[serde(deny_unknown_fields)]
pub struct LotteryTimes {
    /// For buying what was won.
    pub claim_ms_min: u64,
    /// From the end of applications to the end of the sale, so that secrets are told or opened before.
    pub secrets_ms_min: u64,
}

impl LotteryTimes {
    /// What a document begins with, and the shortest that one of a network that is no lab says.
    pub const USUAL: Self = Self { claim_ms_min: CLAIM_MS_MIN, secrets_ms_min: SECRETS_MS_MIN };

    /// All that are too short, in the order of the document: shorter than the usual, in a lab nothing
    /// at all.
    pub fn short(&self, is_lab: bool) -> impl Iterator<Item = ShortLotteryTime> {
        let least = if is_lab { Self { claim_ms_min: 1, secrets_ms_min: 1 } } else { Self::USUAL };
        let times = [
            ("claim_ms_min", self.claim_ms_min, least.claim_ms_min),
            ("secrets_ms_min", self.secrets_ms_min, least.secrets_ms_min),
        ];
        let short = times.into_iter().filter(|(_, ms, least)| ms < least);
        short.map(|(what, ms, least)| ShortLotteryTime { what, ms, least })
    }
}

impl Default for LotteryTimes {
    fn default() -> Self {
        Self::USUAL
    }
}

/// A time of lotteries in a genesis document that is too short.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "parameters.lotteries.{what} is {ms}, at least {least} are asked: whoever won has a week to buy, and \
     secrets two weeks to be told; only a lab has shorter times"
)]
pub struct ShortLotteryTime {
    /// Which, as the document names it.
    pub what: &'static str,
    /// What it says.
    pub ms: u64,
    /// The least.
    pub least: u64,
}

operation! {
    /// By the sponsor's account. One after another: the round before has ended.
    pub struct OpenRound {
        /// The programme.
        programme: ProgrammeId,
        /// The round: the last one's number and one; the first is 1.
        round: u16,
        /// What it is.
        terms: RoundTerms,
    }

    refused [
        UnknownProgramme, NotSponsor, ProgrammeClosed, RoundNotNext, RoundGoesOn, BadRound, EscrowMissing,
    ]
    samples [
        Self {
            programme: ProgrammeId::new(0x0708),
            round: 1,
            terms: RoundTerms {
                sets: 12_000,
                sale_from: time(50),
                sale_until: time(90),
                lottery: Some(LotteryTerms {
                    apply_from: time(10),
                    apply_until: time(20),
                    claim_ms: 604_800_000,
                }),
            },
        },
        Self {
            programme: ProgrammeId::new(0x0708),
            round: 2,
            terms: RoundTerms {
                sets: 3,
                sale_from: time(92),
                sale_until: time(99),
                lottery: None,
            },
        },
    ]
    follows |open, sender| RoundOpened {
        programme: open.programme,
        round: open.round,
        sponsor: sender,
    }
}

/// A round of a programme.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Round {
    /// What it is.
    pub terms: RoundTerms,
    /// When it was opened.
    pub opened: Height,
    /// How many applications were entered; they are numbered from 1.
    pub tickets: u32,
    /// How many sets they ask for, together.
    pub asked: u32,
    /// What the lottery gave; none before it is drawn.
    pub draw: Option<Draw>,
}

/// Paid and free value, apart.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct PaidAndFree {
    /// What was paid for.
    pub paid: Yen,
    /// The premium.
    pub free: Yen,
}

impl PaidAndFree {
    /// What is of one kind.
    #[must_use]
    pub const fn of(&self, kind: LotKind) -> Yen {
        match kind {
            LotKind::Paid => self.paid,
            LotKind::Free => self.free,
        }
    }

    /// With so much more of one kind; none past the range of amounts.
    #[must_use]
    pub fn plus(self, kind: LotKind, amount: Yen) -> Option<Self> {
        let sum = self.of(kind).checked_add(amount)?;
        Some(match kind {
            LotKind::Paid => Self { paid: sum, ..self },
            LotKind::Free => Self { free: sum, ..self },
        })
    }

    /// With so much less of one kind; none where there is less than that.
    #[must_use]
    pub fn minus(self, kind: LotKind, amount: Yen) -> Option<Self> {
        let left = self.of(kind).checked_sub(amount)?;
        Some(match kind {
            LotKind::Paid => Self { paid: left, ..self },
            LotKind::Free => Self { free: left, ..self },
        })
    }

    /// Both together; none past the range of amounts.
    #[must_use]
    pub fn sum(&self) -> Option<Yen> {
        self.paid.checked_add(self.free)
    }
}

/// What became of one bucket's value of a round.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct BucketTally {
    /// Sold.
    pub sold: PaidAndFree,
    /// Used at locally owned shops.
    pub used_local: PaidAndFree,
    /// Used at shops of chains.
    pub used_chain: PaidAndFree,
    /// Ended unused: of lots that were taken out after their end, and at the reconciliation all the rest.
    pub expired: PaidAndFree,
}

impl BucketTally {
    /// What of one kind is neither used nor reconciled as expired; none where the sums contradict each
    /// other.
    #[must_use]
    pub fn outstanding(&self, kind: LotKind) -> Option<Yen> {
        self.unused(kind)?.checked_sub(self.expired.of(kind))
    }

    /// What of one kind was used, at shops of either class; none past the range of amounts.
    #[must_use]
    pub fn used(&self, kind: LotKind) -> Option<Yen> {
        self.used_local.of(kind).checked_add(self.used_chain.of(kind))
    }

    /// What of one kind was sold and not used, ended or not; none where the sums contradict each other.
    #[must_use]
    pub fn unused(&self, kind: LotKind) -> Option<Yen> {
        self.sold.of(kind).checked_sub(self.used(kind)?)
    }
}

/// What became of a round's sets. It is apart from the round, since each payment writes it.
#[derive(Clone, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Tally {
    /// How many sets were sold.
    pub sets: u32,
    /// By bucket, in their order.
    pub buckets: Vec<BucketTally>,
}

impl Tally {
    /// What is neither used nor reconciled as expired; none where the sums contradict each other.
    #[must_use]
    pub fn outstanding(&self) -> Option<Yen> {
        self.buckets.iter().try_fold(Yen::ZERO, |sum, bucket| {
            let paid = bucket.outstanding(LotKind::Paid)?;
            sum.checked_add(paid)?.checked_add(bucket.outstanding(LotKind::Free)?)
        })
    }

    /// What was sold and not used, ended or not: so much lies in the escrows until the programme is
    /// reconciled. None where the sums contradict each other.
    #[must_use]
    pub fn unused(&self) -> Option<Yen> {
        self.buckets.iter().try_fold(Yen::ZERO, |sum, bucket| {
            let paid = bucket.unused(LotKind::Paid)?;
            sum.checked_add(paid)?.checked_add(bucket.unused(LotKind::Free)?)
        })
    }
}

event! {
    /// A round was opened.
    pub struct RoundOpened {
        /// The programme.
        programme: ProgrammeId,
        /// The round.
        round: u16,
        /// The programme's sponsor.
        sponsor: AccountId,
    }

    enters [sponsor]
}
