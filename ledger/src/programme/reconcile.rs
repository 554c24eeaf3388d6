//! `ReconcileProgramme`: a programme is closed, to the yen.
//!
//! What is neither used nor ended ends now; what ended goes where the terms say, paid and free each,
//! under ordinary caps and outside of the payees' limits; what else is in the escrows is free again.
//! Whoever was to get it and closed its account gets nothing: it stays in the escrows, as it does where
//! an escrow of the programme was to get it. Rejections, in order: `UnknownProgramme`, `NotSponsor`,
//! `ProgrammeClosed`, `NotReconcilable`, `AccountFrozen`, `PayeeFrozen`, `NetDebitCapReached`,
//! `AmountOverflow`.

use ledger_types::event::ProgrammeReconciled;
use ledger_types::operation::ReconcileProgramme;
use ledger_types::programme::LotKind;
use ledger_types::record::{AccountStatus, BucketTally, PaidAndFree, Programme, Tally};
use ledger_types::{AccountId, ProgrammeId, Rejection, Yen, refuse_if};

use super::{sponsored, sweep};
use crate::execution::{Execute, Execution};
use crate::fault::{Fault, Stop, must};
use crate::money::{self, Posting};
use crate::state::Books;
use crate::vouchers::tallies;

impl Execute for ReconcileProgramme {
    fn execute(&self, execution: &mut Execution<'_>) -> Result<(), Stop> {
        let programme = self.programme;
        let record = sponsored(execution, programme)?.clone();
        let from = record.terms.refund_until;
        refuse_if(execution.time < from, Rejection::NotReconcilable { from })?;
        let books = &mut *execution.books;
        let sums = end_all(books, programme, &record)?;
        let escrows = money::pledged(books, programme, &record.terms.escrows);
        let (unused_paid_to, unused_free_to) =
            (record.terms.unused_paid_to, record.terms.unused_free_to);
        let targets = [(unused_paid_to, sums.expired.paid), (unused_free_to, sums.expired.free)];
        for (target, amount) in targets {
            if !record.terms.escrows.contains(&target) {
                give(execution, &escrows, &target, amount)?;
            }
        }
        let books = &mut *execution.books;
        for escrow in &escrows {
            books.remove_escrow(escrow);
        }
        let (sponsor, closed) = (record.sponsor, Some(execution.height));
        books.put_programme(programme, Programme { closed, ..record });
        sweep::begin(books, programme);
        let Sums { sets, sold, used, expired } = sums;
        execution.emit(ProgrammeReconciled {
            programme,
            sets,
            sold_paid: sold.paid,
            sold_free: sold.free,
            used_paid: used.paid,
            used_free: used.free,
            expired_paid: expired.paid,
            expired_free: expired.free,
            unused_paid_to,
            unused_free_to,
            sponsor,
        });
        Ok(())
    }
}

/// What became of all that was sold.
#[derive(Default)]
struct Sums {
    sets: u32,
    sold: PaidAndFree,
    used: PaidAndFree,
    expired: PaidAndFree,
}

impl Sums {
    /// With one bucket's of a round; none past the range of amounts.
    fn with(mut self, tally: &BucketTally) -> Option<Self> {
        for kind in LotKind::ALL.iter().copied() {
            self.sold = self.sold.plus(kind, tally.sold.of(kind))?;
            self.used = self.used.plus(kind, tally.used(kind)?)?;
            self.expired = self.expired.plus(kind, tally.expired.of(kind))?;
        }
        Some(self)
    }
}

/// Ends all that is neither used nor ended, in the rounds and the instrument; gives the sums.
fn end_all(books: &mut Books, id: ProgrammeId, programme: &Programme) -> Result<Sums, Fault> {
    let rounds = tallies(books, id, programme)?;
    let rounds: Vec<(u16, Tally)> =
        rounds.into_iter().map(|(round, tally)| (round, tally.clone())).collect();
    let (mut sums, mut ended) = (Sums::default(), Yen::ZERO);
    for (round, mut tally) in rounds {
        // All that is sold of a programme is in the range of amounts, and these are parts of it.
        let sets = sums.sets.checked_add(tally.sets);
        sums.sets = must(sets, "more was sold than there is")?;
        let left = must(tally.outstanding(), "a round's sums contradict")?;
        ended = must(ended.checked_add(left), "more ended than was sold")?;
        for bucket in &mut tally.buckets {
            *bucket = must(all_ended(bucket), "more was used than sold")?;
            sums = must(sums.with(bucket), "more was sold than there is")?;
        }
        books.put_tally(id, round, tally);
    }
    let (zone, number) = (programme.terms.zone, programme.terms.instrument);
    let mut instrument = must(books.instrument(zone, number), "an instrument is gone")?.clone();
    instrument.expired = must(instrument.expired.checked_add(ended), "more ended than was issued")?;
    books.put_instrument(zone, number, instrument);
    Ok(sums)
}

/// The same with all that was not used ended; none where the sums contradict each other.
fn all_ended(tally: &BucketTally) -> Option<BucketTally> {
    let expired =
        PaidAndFree { paid: tally.unused(LotKind::Paid)?, free: tally.unused(LotKind::Free)? };
    Some(BucketTally { expired, ..*tally })
}

/// Gives an account what was not used, out of the escrows.
///
/// Rejections, in order: `AccountFrozen`, `PayeeFrozen`, `NetDebitCapReached`, `AmountOverflow`.
fn give(
    execution: &mut Execution<'_>,
    escrows: &[AccountId],
    target: &AccountId,
    amount: Yen,
) -> Result<(), Stop> {
    let (books, now) = (&mut *execution.books, execution.time);
    // It was there when the programme was created, and accounts are never removed.
    let payee = must(books.account(target), "an account is gone")?.clone();
    if amount.is_zero() || payee.status == AccountStatus::Closed {
        return Ok(());
    }
    let drawn = money::draw(books, escrows, amount, now)?;
    money::check_in(books, target, now)?;
    for one in drawn {
        Posting::check(books, one.bank, payee.custodian, one.amount, now)?.write(books);
    }
    money::credit(books, target, payee, amount)
}
