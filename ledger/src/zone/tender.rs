//! What vouchers pay of a payment: by the one plan that wallet and ledger both find.
//!
//! The payer says what it saw, by programme, bucket and kind; the ledger plans anew over what the payer
//! has at the block's time, and another result moves nothing. The yen come from the programmes'
//! escrows: first the one at the merchant's bank, then the others in their order.

use std::collections::BTreeMap;

use ledger_types::operation::{MerchantClass, TenderLine};
use ledger_types::programme::{Asked, SpentLot, in_lines, plan};
use ledger_types::record::{Lot, Lots};
use ledger_types::{AccountId, BankId, ProgrammeId, Rejection, Timestamp, Yen, ZoneId, refuse_if};

use super::posting::Source;
use crate::fault::{Fault, Stop, must};
use crate::money::{self, Cap, Drawn};
use crate::state::Books;
use crate::vouchers::{self, recount, used_at};

/// What vouchers pay of one payment.
#[derive(Default)]
pub(super) struct Tender {
    /// What is taken of lots, in the order in which it is spent: `remaining` is what is taken.
    pub(super) taken: Vec<Lot>,
    /// All of it together.
    pub(super) amount: Yen,
    /// What the payer has left.
    left: Lots,
}

impl Tender {
    /// Plans which of the payer's lots pay what is asked; the payer saw `lines`.
    ///
    /// Rejections: `TenderChanged`.
    pub(super) fn of(
        books: &Books,
        (zone, payer): (ZoneId, &AccountId),
        asked: &Asked<'_>,
        lines: &[TenderLine],
    ) -> Result<Self, Stop> {
        let mut left = vouchers::current(books, zone, payer, asked.now);
        let uses = |programme: ProgrammeId, bucket| {
            books.programme(programme).and_then(|record| record.terms.bucket_use(bucket))
        };
        let takes = plan(&left.lots, uses, asked);
        let planned = in_lines(&left.lots, &takes);
        refuse_if(planned.as_deref() != Some(lines), Rejection::TenderChanged)?;
        let (mut taken, mut sum) = (Vec::new(), Yen::ZERO);
        for take in takes {
            let lot = must(left.lots.get_mut(take.place), "a plan takes of no lot")?;
            let remaining = lot.remaining.checked_sub(take.amount);
            lot.remaining = must(remaining, "a plan takes more than there is")?;
            taken.push(Lot { remaining: take.amount, ..*lot });
            // A plan is never of more than the payment.
            sum = must(sum.checked_add(take.amount), "a plan takes more than is paid")?;
        }
        left.lots.retain(|lot| !lot.remaining.is_zero());
        Ok(Self { taken, amount: sum, left })
    }

    /// What is taken, as it is told.
    pub(super) fn spent(&self) -> Vec<SpentLot> {
        let spent = |lot: &Lot| {
            let Lot { programme, round, bucket, kind, remaining: amount, .. } = *lot;
            SpentLot { programme, round, bucket, kind, amount }
        };
        self.taken.iter().map(spent).collect()
    }

    /// Takes the lots from the payer and the yen behind them from the escrows.
    ///
    /// Rejections: `AccountFrozen`, where escrows that are not frozen are too little.
    pub(super) fn spend(
        &self,
        books: &mut Books,
        (zone, payer): (ZoneId, &AccountId),
        (merchant, class): (&AccountId, MerchantClass),
        now: Timestamp,
    ) -> Result<Vec<Source>, Stop> {
        if self.taken.is_empty() {
            return Ok(Vec::new());
        }
        let bank = must(books.account(merchant), "a merchant's account is gone")?.custodian;
        let mut by_programme: BTreeMap<ProgrammeId, Yen> = BTreeMap::new();
        for lot in &self.taken {
            note_used(books, lot, class)?;
            let sum = by_programme.entry(lot.programme).or_default();
            // It is a part of the payment.
            *sum = must(sum.checked_add(lot.remaining), "a plan takes more than is paid")?;
        }
        let mut sources = Vec::new();
        for (programme, amount) in by_programme {
            let drawn = draw(books, programme, bank, amount, now)?;
            let source = |Drawn { bank, amount }| Source { bank, amount, cap: Cap::Pledged };
            sources.extend(drawn.into_iter().map(source));
        }
        vouchers::write(books, zone, payer, self.left.clone(), now)?;
        Ok(sources)
    }
}

/// Takes `amount` from a programme's escrows, from the one at a bank first.
fn draw(
    books: &mut Books,
    id: ProgrammeId,
    bank: BankId,
    amount: Yen,
    now: Timestamp,
) -> Result<Vec<Drawn>, Stop> {
    // A lot's programme is there, and programmes are never removed.
    let programme = must(books.programme(id), "a lot's programme is gone")?;
    let escrows = money::pledged(books, id, &programme.terms.escrows);
    let is_near =
        |account: &AccountId| books.account(account).is_some_and(|record| record.custodian == bank);
    let (mut order, others): (Vec<AccountId>, Vec<AccountId>) =
        escrows.into_iter().partition(is_near);
    order.extend(others);
    money::draw(books, &order, amount, now)
}

/// Counts what was used, of the round and of the instrument.
fn note_used(books: &mut Books, lot: &Lot, class: MerchantClass) -> Result<(), Fault> {
    recount(books, lot, |bucket, instrument| {
        let used = used_at(bucket, class);
        *used = used.plus(lot.kind, lot.remaining)?;
        instrument.used = instrument.used.checked_add(lot.remaining)?;
        Some(())
    })
}
