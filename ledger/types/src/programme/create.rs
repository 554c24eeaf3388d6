//! `CreateProgramme`: a sponsor announces a premium voucher programme, once its shops are published.

use borsh::{BorshDeserialize, BorshSerialize};

use super::secret::ShareProof;
use super::tender::BucketUse;
use crate::facts::{event, operation};
use crate::hash::Hash;
use crate::height::Height;
use crate::id::{AccountId, InstrumentId, ProgrammeId, ZoneId};
use crate::json::{choice, names, shape};
use crate::newtype::set;
use crate::tender::LotKind;
use crate::time::Timestamp;
use crate::yen::Yen;
use crate::zone::MerchantClass;

set! {
    /// The classes of merchants that take a bucket.
    pub struct Takes(u8) as "TakenBy" {
        /// Locally owned shops.
        LOCAL = 0 as "local",
        /// Shops of chains.
        CHAIN = 1 as "chain",
    }
}

impl Takes {
    /// The set of one class.
    #[must_use]
    pub const fn of(class: MerchantClass) -> Self {
        match class {
            MerchantClass::Local => Self::LOCAL,
            MerchantClass::Chain => Self::CHAIN,
        }
    }
}

shape! {
    /// A part of each set that is used in its own way.
    #[derive(Copy)]
    pub struct Bucket {
        /// Which goes first among lots that end together: the lower.
        rank: u16,
        /// Which merchants take it.
        takes: Takes,
        /// What of a set's price is in it, in yen.
        paid: Yen,
        /// What of the premium is in it, in yen.
        free: Yen,
    }
}

names! {
    /// How a round's sets are given out.
    pub enum Allocation {
        /// To whoever comes first.
        FirstCome = 0 as "first_come",
        /// By lot: each gets what it asked for, or what is left.
        Whole = 1 as "whole",
        /// By lot: everybody gets the same number first, and the rest goes in order.
        EqualFirst = 2 as "equal_first",
    }
}

choice! {
    /// Who may buy.
    #[derive(Copy)]
    pub enum Eligibility {
        /// Anybody with an account.
        Anybody = 0 as "anybody",
        /// Who is on a list whose leaves are published as hashes.
        Listed {
            /// The root over the leaves, as RFC 6962 has it.
            root: Hash,
            /// How many leaves.
            size: u32,
        } = 1 as "listed",
    }
}

shape! {
    /// Who shares in the seed of lotteries.
    #[derive(Copy)]
    pub struct Committer {
        /// Its account.
        account: AccountId,
        /// The key to which shares are sealed for it: a point of ristretto255.
        sealing: Hash,
        /// That it has the secret of that key.
        proof: ShareProof,
    }
}

shape! {
    /// What a programme is. It never changes.
    pub struct ProgrammeTerms {
        /// The zone.
        zone: ZoneId,
        /// The instrument.
        instrument: InstrumentId,
        /// Its public name.
        name: String,
        /// SHA-256 of the published terms, the list of shops and what is excluded among them.
        terms: Hash,
        /// What is excluded from it, by the zone's number of it: shops' requests say by these numbers what
        /// of an amount may be paid.
        exclusions: u8,
        /// Whether it pays together with another programme that says so too.
        combines: bool,
        /// The year in which the fiscal year begins to which it belongs (April to March).
        fiscal_year: u32,
        /// Whether its last dates may lie after that year's end.
        carried_over: bool,
        /// The accounts in which the yen behind it lie, the main one first.
        escrows: Vec<AccountId>,
        /// What is in a set; the parts that are paid are its price.
        buckets: Vec<Bucket>,
        /// How many sets in all rounds together.
        sets: u32,
        /// The most sets of one person, over all rounds.
        per_person: u16,
        /// The most sets of one household, over all rounds; no limit where it is left out.
        per_household: Option<u16>,
        /// Who may buy.
        eligibility: Eligibility,
        /// How sets are given out.
        allocation: Allocation,
        /// Who shares in the seed of lotteries, and how many of them open a withheld secret; nobody
        /// without a lottery.
        committers: Vec<Committer>,
        /// How many committers open a withheld secret together; 0 without a lottery.
        threshold: u16,
        /// From when on vouchers are used.
        use_from: Timestamp,
        /// The instant from which nothing of it can be used.
        use_until: Timestamp,
        /// Until when payments with it are refunded into it.
        refund_until: Timestamp,
        /// By when it is reconciled.
        reconcile_by: Timestamp,
        /// Who gets what was paid and not used.
        unused_paid_to: AccountId,
        /// Who gets the premium that was not used.
        unused_free_to: AccountId,
    }
}

impl Bucket {
    /// What of a set is in it of one kind.
    #[must_use]
    pub const fn of(&self, kind: LotKind) -> Yen {
        match kind {
            LotKind::Paid => self.paid,
            LotKind::Free => self.free,
        }
    }
}

impl ProgrammeTerms {
    /// The price of a set; none past the range of amounts.
    #[must_use]
    pub fn price(&self) -> Option<Yen> {
        self.buckets.iter().try_fold(Yen::ZERO, |sum, bucket| sum.checked_add(bucket.paid))
    }

    /// What a set is worth; none past the range of amounts.
    #[must_use]
    pub fn face(&self) -> Option<Yen> {
        let free = self.buckets.iter().try_fold(Yen::ZERO, |sum, one| sum.checked_add(one.free));
        self.price()?.checked_add(free?)
    }

    /// When and where a bucket's lots can be used.
    #[must_use]
    pub fn bucket_use(&self, bucket: u16) -> Option<BucketUse> {
        let Bucket { rank, takes, .. } = *self.buckets.get(usize::from(bucket))?;
        let (from, exclusions, combines) = (self.use_from, self.exclusions, self.combines);
        Some(BucketUse { rank, takes, from, exclusions, combines })
    }
}

operation! {
    /// By the account of the instrument's issuer, which sponsors it. A programme's number is never used
    /// again.
    pub struct CreateProgramme {
        /// Its number.
        programme: ProgrammeId,
        /// What it is.
        terms: ProgrammeTerms,
    }

    refused [
        NotAMoneyAccount, ProgrammeExists, UnknownZone, UnknownInstrument, NotInstrumentIssuer,
        BadProgramme, BadBuckets, BadDates, BadEscrows, ShopsUnpublished, UnknownAccount, KycLevelTooLow,
        NotAtABank, BadCommittee,
    ]
    samples [Self {
        programme: ProgrammeId::new(0x0708),
        terms: ProgrammeTerms {
            zone: ZoneId::new(0x0102),
            instrument: InstrumentId::new(7),
            name: "プレミアムポイント".to_owned(),
            terms: hash(0x53),
            exclusions: 2,
            combines: true,
            fiscal_year: 2023,
            carried_over: false,
            escrows: vec![account(0x54), account(0x55)],
            buckets: vec![
                Bucket { rank: 1, takes: Takes::LOCAL, paid: Yen::new(5000), free: Yen::new(1250) },
                Bucket { rank: 2, takes: Takes::ALL, paid: Yen::new(5000), free: Yen::new(1250) },
            ],
            sets: 12_000,
            per_person: 2,
            per_household: Some(8),
            eligibility: Eligibility::Listed { root: hash(0x56), size: 113_000 },
            allocation: Allocation::Whole,
            committers: vec![Committer {
                account: account(0x57),
                sealing: hash(0x58),
                proof: ShareProof { challenge: hash(0x59), response: hash(0x5a) },
            }],
            threshold: 1,
            use_from: time(100),
            use_until: time(200),
            refund_until: time(210),
            reconcile_by: time(220),
            unused_paid_to: account(0x51),
            unused_free_to: account(0x5b),
        },
    }]
    follows |create, sender| ProgrammeCreated {
        programme: create.programme,
        zone: create.terms.zone,
        sponsor: sender,
    }
}

/// A programme.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Programme {
    /// What it is.
    pub terms: ProgrammeTerms,
    /// Who sponsors it: the instrument's issuer.
    pub sponsor: AccountId,
    /// When it was created.
    pub created: Height,
    /// The last round that was opened, 0 before the first.
    pub rounds: u16,
    /// How many lists of who may buy there are.
    pub lists: u16,
    /// When it was reconciled; none before.
    pub closed: Option<Height>,
}

event! {
    /// A programme was created.
    pub struct ProgrammeCreated {
        /// The programme.
        programme: ProgrammeId,
        /// The zone.
        zone: ZoneId,
        /// Who sponsors it.
        sponsor: AccountId,
    }

    enters [sponsor]
}
