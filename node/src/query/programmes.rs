//! Instruments, premium voucher programmes with their rounds, and vouchers, as the state has them.

use ledger::State;
use ledger_types::programme::{BucketTally, Eligibility, Escrow, Instrument, Life, Lot, LotKind};
use ledger_types::record::{EligibilityList, Programme, Round, Tally};
use ledger_types::{AccountId, InstrumentId, ProgrammeId, Timestamp, Yen, ZoneId};
use node_api::Address;
use node_api::body::{
    BucketBody, BucketTallyBody, CommitterBody, EligibilityListBody, EscrowBody, InstrumentBody,
    InstrumentsBody, ProgrammeBody, ProgrammesBody, RoundBody, RoundStanding, VoucherBody,
};

use super::lotteries;

fn address(state: &State, account: &AccountId) -> Address {
    Address::of(account, state.address_prefix())
}

/// The instruments of a zone; `None` where there is no such zone.
#[must_use]
pub fn instruments(state: &State, zone: ZoneId) -> Option<InstrumentsBody> {
    state.zone(zone)?;
    let all = state.instruments(zone).map(|(number, one)| instrument(state, number, one));
    Some(InstrumentsBody { instruments: all.collect() })
}

fn instrument(state: &State, number: InstrumentId, record: &Instrument) -> InstrumentBody {
    InstrumentBody {
        instrument: number,
        issuer: address(state, &record.issuer),
        class: record.class,
        capabilities: record.capabilities,
        max_outstanding: record.max_outstanding,
        months: match record.life {
            Life::Programme => None,
            Life::Months { months } => Some(months),
        },
        areas: record.areas.clone(),
        terms: record.terms,
        issued: record.issued,
        used: record.used,
        expired: record.expired,
    }
}

/// All programmes, those that were reconciled too.
#[must_use]
pub fn programmes(state: &State) -> ProgrammesBody {
    let all = state.programmes().filter_map(|(number, record)| body(state, number, record));
    ProgrammesBody { programmes: all.collect() }
}

/// One of them.
#[must_use]
pub fn programme(state: &State, programme: ProgrammeId) -> Option<ProgrammeBody> {
    body(state, programme, state.programme(programme)?)
}

/// A programme in JSON. Its instrument and its sums are there and within range as long as the state is
/// whole.
fn body(state: &State, programme: ProgrammeId, record: &Programme) -> Option<ProgrammeBody> {
    let Programme { terms, sponsor, rounds, closed, .. } = record;
    let tallies = (1..=*rounds).filter_map(|round| state.tally(programme, round));
    let (mut sold, mut outstanding) = (0_u32, Yen::ZERO);
    for tally in tallies {
        sold = sold.saturating_add(tally.sets);
        outstanding = outstanding.checked_add(tally.outstanding()?)?;
    }
    Some(ProgrammeBody {
        programme,
        zone: terms.zone,
        instrument: terms.instrument,
        class: state.instrument(terms.zone, terms.instrument)?.class,
        sponsor: address(state, sponsor),
        name: terms.name.clone(),
        terms: terms.terms,
        exclusions: terms.exclusions,
        combines: terms.combines,
        fiscal_year: terms.fiscal_year,
        price: terms.price()?,
        face: terms.face()?,
        sets: terms.sets,
        sold,
        per_person: terms.per_person,
        per_household: terms.per_household,
        buckets: buckets(record),
        allocation: terms.allocation,
        lists: lists(state, programme, record),
        committers: committers(state, record),
        threshold: terms.threshold,
        use_from: terms.use_from.into(),
        use_until: terms.use_until.into(),
        refund_until: terms.refund_until.into(),
        reconcile_by: terms.reconcile_by.into(),
        unused_paid_to: address(state, &terms.unused_paid_to),
        unused_free_to: address(state, &terms.unused_free_to),
        escrows: terms.escrows.iter().map(|one| escrow(state, programme, one)).collect(),
        outstanding,
        rounds: (1..=*rounds)
            .filter_map(|number| round(state, programme, record, number))
            .collect(),
        closed: *closed,
    })
}

fn buckets(record: &Programme) -> Vec<BucketBody> {
    let bucket = |one: &ledger_types::programme::Bucket| BucketBody {
        rank: one.rank,
        takes: one.takes,
        paid: one.paid,
        free: one.free,
    };
    record.terms.buckets.iter().map(bucket).collect()
}

/// The lists of who may buy, by their place. Those of a closed programme leave the state in their
/// order; the first stands in its terms.
fn lists(state: &State, programme: ProgrammeId, record: &Programme) -> Vec<EligibilityListBody> {
    let own = match record.terms.eligibility {
        Eligibility::Anybody => None,
        Eligibility::Listed { root, size } => Some(EligibilityList { root, size }),
    };
    let added = (2..=record.lists).map_while(|list| state.eligibility(programme, list).copied());
    let all = own.into_iter().chain(added);
    all.map(|EligibilityList { root, size }| EligibilityListBody { root, size }).collect()
}

fn committers(state: &State, record: &Programme) -> Vec<CommitterBody> {
    let all = record.terms.committers.iter();
    all.map(|one| CommitterBody { account: address(state, &one.account), sealing: one.sealing })
        .collect()
}

fn escrow(state: &State, programme: ProgrammeId, account: &AccountId) -> EscrowBody {
    EscrowBody {
        account: address(state, account),
        pledged: state.escrow(account) == Some(&Escrow { programme }),
        available: state.available(account, state.time()).unwrap_or_default(),
    }
}

fn round(state: &State, programme: ProgrammeId, of: &Programme, number: u16) -> Option<RoundBody> {
    let record = state.round(programme, number)?;
    let tally = state.tally(programme, number);
    let became = |bucket: usize| tally.and_then(|tally| tally.buckets.get(bucket).copied());
    let buckets = (0..of.terms.buckets.len()).map(|bucket| became(bucket).unwrap_or_default());
    Some(RoundBody {
        round: number,
        standing: standing(record, state.time()),
        sets: record.terms.sets,
        sold: tally.map_or(0, |Tally { sets, .. }| *sets),
        sale_from: record.terms.sale_from.into(),
        sale_until: record.terms.sale_until.into(),
        lottery: lotteries::lottery(state, programme, of, number),
        buckets: buckets.map(|bucket| tallied(&bucket)).collect(),
    })
}

/// Where a round stands at an instant.
fn standing(round: &Round, now: Timestamp) -> RoundStanding {
    let terms = &round.terms;
    if now >= terms.sale_until {
        return RoundStanding::Over;
    }
    let from = match (&terms.lottery, &round.draw) {
        (Some(lottery), _) if now < lottery.apply_from => return RoundStanding::Announced,
        (Some(lottery), _) if now < lottery.apply_until => return RoundStanding::Applying,
        (Some(_), None) => return RoundStanding::Drawing,
        (Some(_), Some(draw)) if now < draw.from => return RoundStanding::Drawing,
        (Some(_), Some(draw)) => draw.from,
        (None, _) => terms.sale_from,
    };
    if now < from { RoundStanding::Announced } else { RoundStanding::Selling }
}

fn tallied(tally: &BucketTally) -> BucketTallyBody {
    let BucketTally { sold, used_local, used_chain, expired } = tally;
    BucketTallyBody {
        sold_paid: sold.of(LotKind::Paid),
        sold_free: sold.of(LotKind::Free),
        used_local_paid: used_local.of(LotKind::Paid),
        used_local_free: used_local.of(LotKind::Free),
        used_chain_paid: used_chain.of(LotKind::Paid),
        used_chain_free: used_chain.of(LotKind::Free),
        expired_paid: expired.of(LotKind::Paid),
        expired_free: expired.of(LotKind::Free),
    }
}

/// What an account has of vouchers that are worth anything now: an expired one may wait to be taken out.
#[must_use]
pub fn vouchers(state: &State, account: &AccountId) -> Vec<VoucherBody> {
    let zones = state.zones().filter_map(|(zone, _)| Some((zone, state.lots(zone, account)?)));
    zones
        .flat_map(|(zone, lots)| lots.lots.iter().filter_map(move |lot| voucher(state, zone, lot)))
        .collect()
}

fn voucher(state: &State, zone: ZoneId, lot: &Lot) -> Option<VoucherBody> {
    let programme = state.programme(lot.programme)?;
    let is_worth = programme.closed.is_none() && state.time() < lot.expires;
    is_worth.then(|| VoucherBody {
        zone,
        programme: lot.programme,
        round: lot.round,
        bucket: lot.bucket,
        kind: lot.kind,
        list: lot.leaf.map(|leaf| leaf.list),
        index: lot.leaf.map(|leaf| leaf.index),
        from: programme.terms.use_from.into(),
        expires: lot.expires.into(),
        remaining: lot.remaining,
    })
}

#[cfg(test)]
mod tests {
    use ledger_types::programme::{Draw, LotteryTerms, Outcome, RoundTerms};
    use ledger_types::{Hash, Height};

    use super::*;

    fn at(millis: u64) -> Timestamp {
        Timestamp::from_millis(millis)
    }

    fn round(lottery: Option<LotteryTerms>, drawn_from: Option<u64>) -> Round {
        let terms = RoundTerms { sets: 3, sale_from: at(30), sale_until: at(90), lottery };
        let draw = drawn_from.map(|from| Draw {
            seed: Hash::ZERO,
            outcome: Outcome { cut: Hash::ZERO, before: 0, at: 0, after: 0, given: 0 },
            drawn: Height::new(5),
            from: at(from),
            waves: vec![],
        });
        Round { terms, opened: Height::new(1), tickets: 0, asked: 0, draw }
    }

    fn walk(round: &Round) -> Vec<(u64, RoundStanding)> {
        let mut seen = Vec::new();
        for millis in 0..=100 {
            let now = standing(round, at(millis));
            if seen.last().is_none_or(|(_, last)| *last != now) {
                seen.push((millis, now));
            }
        }
        seen
    }

    #[test]
    fn a_round_stands_where_its_instants_and_its_draw_say() {
        use RoundStanding::{Announced, Applying, Drawing, Over, Selling};
        let lottery = LotteryTerms { apply_from: at(10), apply_until: at(20), claim_ms: 5 };
        assert_eq!(walk(&round(None, None)), [(0, Announced), (30, Selling), (90, Over)]);
        let undrawn = [(0, Announced), (10, Applying), (20, Drawing), (90, Over)];
        assert_eq!(walk(&round(Some(lottery), None)), undrawn);
        let drawn = [(0, Announced), (10, Applying), (20, Drawing), (35, Selling), (90, Over)];
        assert_eq!(walk(&round(Some(lottery), Some(35))), drawn);
    }
}
