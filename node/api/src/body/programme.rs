//! Instruments, premium voucher programmes, their rounds, lotteries and applications.

use ledger_types::programme::{
    Allocation, Capabilities, Further, LegalClass, LotKind, Outcome, ShareProof, Sharing, Takes,
};
use ledger_types::zone::MunicipalityCode;
use ledger_types::{Hash, Height, InstrumentId, ProgrammeId, Yen, ZoneId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::form::body;
use crate::text::{Address, by_json, schema};
use crate::time::Time;

/// Where a round of a programme stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RoundStanding {
    /// Nothing is open yet.
    Announced,
    /// People apply.
    Applying,
    /// Applications closed, and nothing is sold yet: the lottery waits for secrets, for somebody to draw
    /// it, or for the sale.
    Drawing,
    /// Sets are sold.
    Selling,
    /// The sale is over.
    Over,
}

body! {
    /// The instruments of a zone, in order of number.
    pub struct InstrumentsBody {
        /// The instruments.
        instruments: Vec<InstrumentBody>,
    }

    /// An instrument.
    pub struct InstrumentBody {
        /// Its number in the zone.
        instrument: InstrumentId as u32,
        /// Who owes it.
        issuer: Address,
        /// What it is in law.
        class: LegalClass as schema::LegalClass,
        /// What may be done with it.
        #[serde(with = "by_json")]
        capabilities: Capabilities as Vec<schema::Capability>,
        /// The most that may be outstanding of it.
        max_outstanding: Yen as schema::Amount,
        /// For how many calendar months its value can be used; left out where programmes say it.
        months?: u16,
        /// The municipalities in which it is used; none where it is all of the zone's.
        areas: Vec<MunicipalityCode> as Vec<schema::Municipality>,
        /// SHA-256 of the published terms.
        terms: Hash as schema::Hex32,
        /// All that was sold of it, paid and free.
        issued: Yen as schema::Amount,
        /// What of it was used.
        used: Yen as schema::Amount,
        /// What of it ended unused.
        expired: Yen as schema::Amount,
    }

    /// Programmes, in order of number.
    pub struct ProgrammesBody {
        /// The programmes.
        programmes: Vec<ProgrammeBody>,
    }

    /// A programme.
    pub struct ProgrammeBody {
        /// Its number.
        programme: ProgrammeId as u32,
        /// Its zone.
        zone: ZoneId as u16,
        /// Its instrument.
        instrument: InstrumentId as u32,
        /// What the instrument is in law.
        class: LegalClass as schema::LegalClass,
        /// Who sponsors it.
        sponsor: Address,
        /// Its public name.
        name: String,
        /// SHA-256 of the published terms.
        terms: Hash as schema::Hex32,
        /// What is excluded from it, by the zone's number of it.
        exclusions: u8,
        /// Whether it pays together with another programme that says so too.
        combines: bool,
        /// The year in which its fiscal year begins.
        fiscal_year: u32,
        /// What a set costs.
        price: Yen as schema::Amount,
        /// What a set is worth.
        face: Yen as schema::Amount,
        /// How many sets in all rounds together.
        sets: u32,
        /// How many were sold.
        sold: u32,
        /// The most sets of one person.
        per_person: u16,
        /// The most sets of one household.
        per_household?: u16,
        /// What is in a set, by bucket from 0.
        buckets: Vec<BucketBody>,
        /// How sets are given out.
        allocation: Allocation as schema::Allocation,
        /// The lists of who may buy, from 1; none where anybody may.
        lists: Vec<EligibilityListBody>,
        /// Who shares in the seed of lotteries, by place from 0.
        committers: Vec<CommitterBody>,
        /// How many of them open a withheld secret together; 0 without a lottery.
        threshold: u16,
        /// From when on vouchers are used.
        use_from: Time as schema::Instant,
        /// The instant from which nothing of it can be used.
        use_until: Time as schema::Instant,
        /// Until when payments with it are refunded into it.
        refund_until: Time as schema::Instant,
        /// By when it is reconciled.
        reconcile_by: Time as schema::Instant,
        /// Who gets what was paid for and not used.
        unused_paid_to: Address,
        /// Who gets the premium that was not used.
        unused_free_to: Address,
        /// The yen behind it, the main escrow first.
        escrows: Vec<EscrowBody>,
        /// What is sold, neither used nor ended: never more than what is in the pledged escrows.
        outstanding: Yen as schema::Amount,
        /// Its rounds, in order.
        rounds: Vec<RoundBody>,
        /// The height at which it was reconciled.
        closed?: Height as u64,
    }

    /// What is in a set.
    pub struct BucketBody {
        /// Which goes first among lots that end together: the lower.
        rank: u16,
        /// Which merchants take it.
        #[serde(with = "by_json")]
        takes: Takes as Vec<schema::TakenBy>,
        /// What of a set's price is in it.
        paid: Yen as schema::Amount,
        /// What of the premium is in it.
        free: Yen as schema::Amount,
    }

    /// A list of who may buy.
    pub struct EligibilityListBody {
        /// The root over its leaves.
        root: Hash as schema::Hex32,
        /// How many leaves.
        size: u32,
    }

    /// Who shares in the seed of lotteries.
    pub struct CommitterBody {
        /// Its account.
        account: Address,
        /// The key to which shares are sealed for it: a point of ristretto255.
        sealing: Hash as schema::Hex32,
    }

    /// An escrow.
    pub struct EscrowBody {
        /// Its account.
        account: Address,
        /// Whether it is pledged.
        pledged: bool,
        /// What is available in it.
        available: Yen as schema::Amount,
    }

    /// A round of a programme.
    pub struct RoundBody {
        /// Its number, from 1.
        round: u16,
        /// Where it stands.
        standing: RoundStanding,
        /// How many sets are offered.
        sets: u32,
        /// How many were sold.
        sold: u32,
        /// From when on they are sold.
        sale_from: Time as schema::Instant,
        /// Until when.
        sale_until: Time as schema::Instant,
        /// Its lottery.
        lottery?: LotteryBody,
        /// What became of what was sold, by bucket.
        buckets: Vec<BucketTallyBody>,
    }

    /// The lottery of a round.
    pub struct LotteryBody {
        /// From when on people apply.
        apply_from: Time as schema::Instant,
        /// Until when.
        apply_until: Time as schema::Instant,
        /// How many milliseconds what was won can be bought.
        claim_ms: u64,
        /// How many applications were entered.
        tickets: u32,
        /// How many sets they ask for.
        asked: u32,
        /// How many committers deposited a secret; 0 once the programme is closed.
        deposited: u16,
        /// How many of these are known; 0 once the programme is closed.
        known: u16,
        /// The seed, once it was drawn.
        seed?: Hash as schema::Hex32,
        /// What the draw gave.
        outcome?: Outcome as schema::Outcome,
        /// From when on what was won is bought.
        from?: Time as schema::Instant,
        /// How what others let go was given on, from the first wave on.
        further: Vec<Further> as Vec<schema::Further>,
    }

    /// What became of one bucket's value of a round.
    pub struct BucketTallyBody {
        /// Sold, of what was paid for.
        sold_paid: Yen as schema::Amount,
        /// Sold, of the premium.
        sold_free: Yen as schema::Amount,
        /// Used at locally owned shops, of what was paid for.
        used_local_paid: Yen as schema::Amount,
        /// Used at locally owned shops, of the premium.
        used_local_free: Yen as schema::Amount,
        /// Used at shops of chains, of what was paid for.
        used_chain_paid: Yen as schema::Amount,
        /// Used at shops of chains, of the premium.
        used_chain_free: Yen as schema::Amount,
        /// Ended unused, of what was paid for, as far as it was found.
        expired_paid: Yen as schema::Amount,
        /// Ended unused, of the premium, as far as it was found.
        expired_free: Yen as schema::Amount,
    }

    /// A page of a round's applications, as anybody sees them: enough to draw again.
    pub struct TicketPage {
        /// The applications, in order of number.
        tickets: Vec<PublicTicketBody>,
        /// Where the next page begins; none at the end.
        next: Option<String>,
    }

    /// An application as anybody sees it.
    pub struct PublicTicketBody {
        /// Its number.
        ticket: u32,
        /// The list of its lowest leaf.
        list: u16,
        /// The place of its lowest leaf there.
        index: u32,
        /// How many sets it asks for.
        asked: u16,
        /// How many were bought with it.
        bought: u16,
    }

    /// The secrets of a round's lottery: enough to make the seed again.
    pub struct SecretsBody {
        /// The secrets that were deposited, in order of the committers' places.
        secrets: Vec<SecretBody>,
    }

    /// A deposited secret.
    pub struct SecretBody {
        /// The committer's place, from 0.
        committer: u16,
        /// The secret as it was shared.
        sharing: Sharing as schema::Sharing,
        /// What its committer told: a scalar; left out where it was opened, or is not known.
        revealed?: Hash as schema::Hex32,
        /// Shares that were opened while it was not known.
        opened: Vec<OpenedShareBody>,
        /// The secret, once it is known: a point of ristretto255.
        secret?: Hash as schema::Hex32,
    }

    /// A share that its committer opened.
    pub struct OpenedShareBody {
        /// The committer's place.
        by: u16,
        /// The share, a point.
        share: Hash as schema::Hex32,
        /// That it is what was sealed to the committer.
        proof: ShareProof as schema::ShareProof,
    }

    /// What an account has entered.
    pub struct TicketsBody {
        /// The applications, newest first.
        tickets: Vec<TicketBody>,
    }

    /// An application, for whoever entered it.
    pub struct TicketBody {
        /// The programme.
        programme: ProgrammeId as u32,
        /// The round.
        round: u16,
        /// Its number.
        ticket: u32,
        /// For whom.
        leaves: Vec<TicketLeafBody>,
        /// How many sets it asks for.
        asked: u16,
        /// How many it won in all; left out before the draw.
        won?: u16,
        /// How many were bought with it.
        bought: u16,
        /// How many can be bought now.
        buyable: u16,
        /// From when on what it won last can be bought.
        from?: Time as schema::Instant,
        /// Until when.
        until?: Time as schema::Instant,
    }

    /// A leaf of an application.
    pub struct TicketLeafBody {
        /// The list.
        list: u16,
        /// The place on it.
        index: u32,
        /// How many sets are asked for.
        asked: u16,
        /// How many were bought.
        bought: u16,
    }

    /// A holder's vouchers of one programme, round, person, bucket and kind.
    pub struct VoucherBody {
        /// The zone.
        zone: ZoneId as u16,
        /// The programme.
        programme: ProgrammeId as u32,
        /// The round in which they were bought.
        round: u16,
        /// The bucket.
        bucket: u16,
        /// Paid or free.
        kind: LotKind as schema::LotKind,
        /// The list and place of the person for whom they were bought.
        list?: u16,
        /// The place on that list.
        index?: u32,
        /// From when on they are used.
        from: Time as schema::Instant,
        /// The instant from which they are worth nothing.
        expires: Time as schema::Instant,
        /// What is left.
        remaining: Yen as schema::Amount,
    }
}
