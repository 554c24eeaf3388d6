//! Settlement cycles as the state has them.

use ledger::State;
use ledger_types::event::CycleEnd;
use ledger_types::money::{NettingPayment, payments};
use ledger_types::record::{Cycle, CyclePart, CyclePledge};
use node_api::body::{
    CycleBody, CyclePartBody, CyclePaymentBody, CyclePledgeBody, CycleStanding, CyclesBody,
    PairBody,
};

/// Those that are in the state, newest first.
#[must_use]
pub fn cycles(state: &State) -> CyclesBody {
    let mut cycles: Vec<CycleBody> =
        state.cycles().map(|(number, cycle)| body(state, number, cycle)).collect();
    cycles.reverse();
    CyclesBody { cycles }
}

/// One of them.
#[must_use]
pub fn cycle(state: &State, number: u32) -> Option<CycleBody> {
    state.cycle(number).map(|cycle| body(state, number, cycle))
}

/// Whether there was such a cycle, which has left the state.
#[must_use]
pub fn has_left(state: &State, number: u32) -> bool {
    let oldest = state.cycles().next();
    oldest.is_some_and(|(oldest, _)| (1..oldest).contains(&number))
}

fn body(state: &State, number: u32, cycle: &Cycle) -> CycleBody {
    let (standing, cause, ground) = match cycle.ended.map(|over| over.end) {
        None => (CycleStanding::Waiting, None, None),
        Some(CycleEnd::Settled) => (CycleStanding::Settled, None, None),
        Some(CycleEnd::Failed { cause, ground }) => {
            (CycleStanding::Failed, Some(cause), Some(ground))
        }
    };
    let pairs = cycle.pairs.iter().map(|pair| PairBody {
        lower: pair.lower,
        higher: pair.higher,
        position: pair.position,
    });
    let paid = payments(cycle.parts.iter().map(|part| (part.bank, part.position)));
    let paid = paid.into_iter().map(|NettingPayment { from, to, amount }| CyclePaymentBody {
        from,
        to,
        amount,
    });
    CycleBody {
        cycle: number,
        standing,
        closed: cycle.closed,
        closed_at: cycle.closed_at.into(),
        ended: cycle.ended.map(|over| over.height),
        ended_at: cycle.ended.map(|over| over.time.into()),
        cause,
        ground,
        parts: cycle.parts.iter().map(|one| part(state, one)).collect(),
        pledged: cycle.pledged.iter().map(pledge).collect(),
        payments: paid.collect(),
        pairs: pairs.collect(),
    }
}

fn part(state: &State, part: &CyclePart) -> CyclePartBody {
    CyclePartBody {
        bank: part.bank,
        name: state.bank(part.bank).map(|bank| bank.name.clone()).unwrap_or_default(),
        position: part.position,
        confirmed: part.confirmed.map(|word| word.height),
        external_ref: part.confirmed.map(|word| word.external_ref),
    }
}

fn pledge(pledge: &CyclePledge) -> CyclePledgeBody {
    CyclePledgeBody { bank: pledge.bank, pledged: pledge.pledged }
}
