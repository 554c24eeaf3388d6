//! The settlement cycle: `CloseCycle`, `ConfirmSettlement` and `FailSettlement` (protocol rule 45).
//!
//! What is captured stays in the positions, and so counts against the net debit caps, until the
//! last bank has confirmed; then the captured amounts are taken out, and what was paid since stays.
//! So does what of the positions programmes' escrows paid, which counts against no cap: it is captured
//! of every bank with the pairs, and taken out with them.
//! No payment of a customer is ever undone, and nobody's balance or liability moves here.

use std::collections::BTreeMap;

use ledger_types::event::{
    BankNet, CycleClosed, CycleEnd, CycleEnded, PairNet, SettlementConfirmed,
};
use ledger_types::genesis::MemberRole;
use ledger_types::limits::CYCLE_PAIRS_MAX;
use ledger_types::operation::{CloseCycle, ConfirmSettlement, FailSettlement};
use ledger_types::record::{
    Bank, Confirmation, Cycle, CycleOver, CyclePart, CyclePledge, Key, PairPosition,
};
use ledger_types::{AccountId, BankId, Position, Rejection, refuse_if};

use super::sending_bank;
use crate::acting::member_with;
use crate::execution::{Execute, Execution};
use crate::fault::{Fault, Stop, must};
use crate::state::{Books, parts};

impl Execute for CloseCycle {
    fn execute(&self, execution: &mut Execution<'_>) -> Result<(), Stop> {
        let operator = member_with(execution, MemberRole::SettlementOperator)?;
        check_next(execution.books, self.cycle)?;
        let pairs = captured(execution.books, self.cycle);
        refuse_if(pairs.is_empty(), Rejection::NothingToSettle)?;
        let parts = netted(&pairs).ok_or(Rejection::AmountOverflow)?;
        let (closed, closed_at) = (execution.height, execution.time);
        let pledged = pledged(execution.books);
        let record = Cycle { closed, closed_at, pairs, parts, pledged, ended: None };
        let (nets, pairs) = (nets(execution.books, &record)?, record.pairs.clone());
        execution.emit(CycleClosed { cycle: self.cycle, pairs, nets, operator });
        if record.parts.is_empty() {
            // Every bank owes as much as it is owed: there is nothing to pay and nobody to confirm.
            return settle(execution, self.cycle, record, operator);
        }
        execution.books.put_cycle(self.cycle, record);
        Ok(())
    }
}

impl Execute for ConfirmSettlement {
    fn execute(&self, execution: &mut Execution<'_>) -> Result<(), Stop> {
        let bank = sending_bank(execution)?;
        let mut record = waiting(execution.books, self.cycle)?.clone();
        let part = record.parts.iter_mut().find(|part| part.bank == bank);
        let part = part.ok_or(Rejection::NotInCycle)?;
        refuse_if(part.confirmed.is_some(), Rejection::SettlementConfirmed)?;
        let (external_ref, height) = (self.external_ref, execution.height);
        part.confirmed = Some(Confirmation { external_ref, height });
        let part = net(execution.books, part)?;
        let is_last = record.parts.iter().all(|part| part.confirmed.is_some());
        execution.emit(SettlementConfirmed { cycle: self.cycle, part, external_ref });
        if is_last {
            return settle(execution, self.cycle, record, part.account);
        }
        execution.books.put_cycle(self.cycle, record);
        Ok(())
    }
}

impl Execute for FailSettlement {
    fn execute(&self, execution: &mut Execution<'_>) -> Result<(), Stop> {
        let FailSettlement { cycle, cause, ground } = *self;
        let operator = member_with(execution, MemberRole::SettlementOperator)?;
        let record = waiting(execution.books, cycle)?.clone();
        end(execution, cycle, record, CycleEnd::Failed { cause, ground }, operator)
    }
}

/// Whether this is the number after the last cycle's, which has ended. The last one never leaves the
/// state, so that numbers count on.
///
/// Rejections, in order: `CycleNotNext`, `CycleWaits`.
fn check_next(books: &Books, cycle: u32) -> Result<(), Rejection> {
    refuse_if(cycle == 0 || books.cycle(cycle).is_some(), Rejection::CycleNotNext)?;
    match cycle.checked_sub(1).and_then(|last| books.cycle(last)) {
        Some(last) => refuse_if(last.ended.is_none(), Rejection::CycleWaits),
        None => {
            let is_first = cycle == 1 && books.of_kind::<Cycle>().next().is_none();
            refuse_if(!is_first, Rejection::CycleNotNext)
        }
    }
}

/// The cycle, which waits for its banks.
///
/// Rejections, in order: `UnknownCycle`, `CycleEnded`.
fn waiting(books: &Books, cycle: u32) -> Result<&Cycle, Rejection> {
    let record = books.cycle(cycle).ok_or(Rejection::UnknownCycle)?;
    match record.ended {
        Some(CycleOver { height: ended, .. }) => Err(Rejection::CycleEnded { ended }),
        None => Ok(record),
    }
}

/// The pairs of which one bank owes the other, in order of their codes, as many as a cycle takes.
///
/// Where the cycle before took as many and was settled, this one begins after the last of them, so
/// that no pair waits for ever behind those of lower codes.
fn captured(books: &Books, cycle: u32) -> Vec<PairNet> {
    let pairs = books.positions().filter(|(_, position)| !position.is_zero());
    let pairs = pairs.map(|((lower, higher), position)| PairNet { lower, higher, position });
    let mut pairs: Vec<PairNet> = pairs.collect();
    if pairs.len() > CYCLE_PAIRS_MAX {
        let before = cycle.checked_sub(1).and_then(|before| books.cycle(before));
        let begins = begins_at(&pairs, before);
        pairs.rotate_left(begins);
        pairs.truncate(CYCLE_PAIRS_MAX);
        pairs.sort_unstable_by_key(|pair| (pair.lower, pair.higher));
    }
    pairs
}

/// The place in these pairs, which are in order, of the first after those that the cycle before took.
fn begins_at(pairs: &[PairNet], before: Option<&Cycle>) -> usize {
    let was_settled =
        |cycle: &&Cycle| matches!(cycle.ended, Some(CycleOver { end: CycleEnd::Settled, .. }));
    let full = before.filter(was_settled).filter(|cycle| cycle.pairs.len() == CYCLE_PAIRS_MAX);
    let Some(last) = full.and_then(|cycle| cycle.pairs.last()) else { return 0 };
    pairs.partition_point(|pair| (pair.lower, pair.higher) <= (last.lower, last.higher))
}

/// What each bank of these pairs has to pay or to get, in order of code; `None` where that does not
/// fit, which it does where all pairs are among them.
fn netted(pairs: &[PairNet]) -> Option<Vec<CyclePart>> {
    let mut sums: BTreeMap<BankId, i128> = BTreeMap::new();
    for pair in pairs {
        let amount = i128::from(pair.position.get());
        let sum = sums.entry(pair.lower).or_default();
        *sum = sum.checked_add(amount)?;
        let sum = sums.entry(pair.higher).or_default();
        *sum = sum.checked_sub(amount)?;
    }
    let parts = sums.into_iter().filter(|(_, sum)| *sum != 0).map(|(bank, sum)| {
        let position = i64::try_from(sum).ok().map(Position::new)?;
        Some(CyclePart { bank, position, confirmed: None })
    });
    parts.collect()
}

/// What of banks' positions is pledged, in order of code.
fn pledged(books: &Books) -> Vec<CyclePledge> {
    let banks = books.of_kind::<Bank>().filter(|(_, bank)| !bank.pledged.is_zero());
    let pledge = |(key, bank): (Key, &Bank)| {
        Some(CyclePledge { bank: BankId::new(parts::number(&key)?), pledged: bank.pledged })
    };
    banks.filter_map(pledge).collect()
}

/// Whether a record is what its pairs make: the nets follow from them, and it is settled where, and
/// only where, all have confirmed.
pub(crate) fn is_sound(record: &Cycle) -> bool {
    let Cycle { pairs, parts, pledged, ended, .. } = record;
    let bare = |part: &CyclePart| (part.bank, part.position);
    let nets = netted(pairs).map(|parts| parts.iter().map(bare).collect::<Vec<_>>());
    let is_settled = matches!(ended, Some(CycleOver { end: CycleEnd::Settled, .. }));
    (1..=CYCLE_PAIRS_MAX).contains(&pairs.len())
        && pairs.is_sorted_by(|one, next| (one.lower, one.higher) < (next.lower, next.higher))
        && pairs.iter().all(|pair| pair.lower < pair.higher && !pair.position.is_zero())
        && nets.is_some_and(|nets| nets.into_iter().eq(parts.iter().map(bare)))
        && pledged.is_sorted_by(|one, next| one.bank < next.bank)
        && pledged.iter().all(|one| !one.pledged.is_zero())
        && is_settled == parts.iter().all(|part| part.confirmed.is_some())
}

/// A bank's part with its account, by which it is told.
fn net(books: &Books, part: &CyclePart) -> Result<BankNet, Fault> {
    let CyclePart { bank, position, .. } = *part;
    let account = must(books.bank(bank), "a bank of a cycle is gone")?.account;
    Ok(BankNet { bank, account, position })
}

fn nets(books: &Books, record: &Cycle) -> Result<Vec<BankNet>, Fault> {
    record.parts.iter().map(|part| net(books, part)).collect()
}

/// Takes what was captured out of the positions: all of it fits, or nothing is written.
///
/// Rejections: `AmountOverflow`.
fn settle(
    execution: &mut Execution<'_>,
    cycle: u32,
    record: Cycle,
    by: AccountId,
) -> Result<(), Stop> {
    let (mut pairs, mut banks) = (Vec::new(), Vec::new());
    for PairNet { lower, higher, position } in record.pairs.iter().copied() {
        let pair = must(execution.books.pair(lower, higher), "a pair of a cycle is gone")?;
        let left = pair.position.checked_sub(position).ok_or(Rejection::AmountOverflow)?;
        pairs.push((lower, higher, PairPosition { position: left }));
    }
    for part in &record.parts {
        let bank = must(execution.books.bank(part.bank), "a bank of a cycle is gone")?;
        banks.push((part.bank, without(bank, part.position).ok_or(Rejection::AmountOverflow)?));
    }
    for (lower, higher, pair) in pairs {
        execution.books.put_pair(lower, higher, pair);
    }
    for (code, bank) in banks {
        execution.books.put_bank(code, bank);
    }
    for CyclePledge { bank: code, pledged } in record.pledged.iter().copied() {
        let mut bank = must(execution.books.bank(code), "a bank of a cycle is gone")?.clone();
        // It grows between, and a refund leaves what was captured of it.
        let left = bank.pledged.checked_sub(pledged);
        bank.pledged = must(left, "less is pledged than was captured")?;
        execution.books.put_bank(code, bank);
    }
    end(execution, cycle, record, CycleEnd::Settled, by)
}

/// The bank once so much was paid to it outside; `None` where that does not fit.
fn without(bank: &Bank, paid: Position) -> Option<Bank> {
    let position = bank.position.checked_sub(paid)?;
    let settled = bank.settled.checked_add(paid)?;
    Some(Bank { position, settled, ..bank.clone() })
}

/// Writes that a cycle ended, and says so.
fn end(
    execution: &mut Execution<'_>,
    cycle: u32,
    mut record: Cycle,
    end: CycleEnd,
    by: AccountId,
) -> Result<(), Stop> {
    let nets = nets(execution.books, &record)?;
    let (height, time) = (execution.height, execution.time);
    record.ended = Some(CycleOver { height, time, end });
    execution.books.put_cycle(cycle, record);
    execution.emit(CycleEnded { cycle, nets, end, by });
    Ok(())
}

#[cfg(test)]
mod tests {
    use ledger_types::operation::SettlementFailure;
    use ledger_types::{Hash, Height, Timestamp};

    use super::*;

    fn pair(lower: u16, higher: u16, position: i64) -> PairNet {
        let (lower, higher) = (BankId::new(lower), BankId::new(higher));
        PairNet { lower, higher, position: Position::new(position) }
    }

    fn nets(pairs: &[PairNet]) -> Option<Vec<(u16, i64)>> {
        let bare = |part: &CyclePart| (part.bank.get(), part.position.get());
        netted(pairs).map(|parts| parts.iter().map(bare).collect())
    }

    #[test]
    fn no_pair_waits_for_ever_behind_those_of_lower_codes() {
        let pairs: Vec<PairNet> = (2..2100).map(|higher| pair(1, higher, 1)).collect();
        let of = |pairs: &[PairNet], end| Cycle {
            closed: Height::GENESIS,
            closed_at: Timestamp::from_millis(0),
            pairs: pairs.to_vec(),
            parts: vec![],
            pledged: vec![],
            ended: Some(CycleOver {
                height: Height::GENESIS,
                time: Timestamp::from_millis(0),
                end,
            }),
        };
        let full = pairs.get(..CYCLE_PAIRS_MAX).unwrap();
        let settled = of(full, CycleEnd::Settled);
        assert_eq!(begins_at(&pairs, Some(&settled)), CYCLE_PAIRS_MAX);
        assert_eq!(begins_at(&pairs, None), 0);
        assert_eq!(begins_at(&pairs, Some(&of(&full[1..], CycleEnd::Settled))), 0);
        let (cause, ground) = (SettlementFailure::Unpaid, Hash::ZERO);
        assert_eq!(begins_at(&pairs, Some(&of(full, CycleEnd::Failed { cause, ground }))), 0);
    }

    #[test]
    fn nets_sum_to_zero_and_leave_out_whom_nobody_owes() {
        let pairs = [pair(1, 2, -5), pair(1, 3, 2), pair(2, 3, -5)];
        assert_eq!(nets(&pairs), Some(vec![(1, -3), (3, 3)]));
        assert_eq!(nets(&[pair(1, 2, -5), pair(1, 3, 5), pair(2, 3, -5)]), Some(vec![]));
        assert_eq!(nets(&[]), Some(vec![]));
    }

    #[test]
    fn a_bank_whose_positions_would_not_fit_is_none() {
        let bank = |position, settled| Bank {
            position: Position::new(position),
            settled: Position::new(settled),
            ..Bank::default()
        };
        let paid = Position::new(-3);
        assert_eq!(without(&bank(-5, 2), paid), Some(bank(-2, -1)));
        assert_eq!(without(&bank(i64::MAX, 0), paid), None);
        assert_eq!(without(&bank(0, i64::MIN + 2), paid), None);
    }

    #[test]
    fn nets_that_do_not_fit_are_none_and_sums_on_the_way_may_be_large() {
        let most = i64::MAX;
        assert_eq!(nets(&[pair(1, 2, most), pair(1, 3, 1)]), None);
        let pairs = [pair(1, 2, most), pair(1, 3, 1), pair(1, 4, -1)];
        assert_eq!(nets(&pairs), Some(vec![(1, most), (2, -most), (3, -1), (4, 1)]));
        assert_eq!(nets(&[pair(1, 2, i64::MIN)]), None);
    }
}
