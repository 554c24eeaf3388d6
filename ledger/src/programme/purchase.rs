//! `Purchase`: somebody buys sets of a programme, and pays for them into its main escrow.
//!
//! All in one step: the price moves as any payment does, under the buyer's limits and its bank's cap, and
//! the lots come. Rejections, in order: `NotAMoneyAccount`, `UnknownProgramme`, `UnknownRound`,
//! `ProgrammeClosed`, `WrongBuyer`, `SaleNotOpen`, those of the buyer's right, `SoldOut`, `PriceDiffers`,
//! `TooManyLots`, `OutstandingReached`, `SameAccount`, `AccountFrozen`, `InsufficientFunds`, `FloatBound`,
//! `EscrowBound`, `PayeeFrozen`, `PaymentLimitReached`, `DayLimitReached`, `MonthLimitReached`,
//! `NetDebitCapReached`, `EscrowTooSmall`, `AmountOverflow`.

use ledger_types::event::Purchased;
use ledger_types::operation::{AccountKind, Buyer, Purchase};
use ledger_types::programme::{Allocation, Eligibility, LotKind, LotPart, ProgrammeTerms};
use ledger_types::record::{BuyerCount, LeafPlace, Lot, Lots, Programme};
use ledger_types::{AccountId, Hash, ProgrammeId, Rejection, Timestamp, Yen, refuse_if};

use super::leaf::Part;
use super::{found, leaf, won};
use crate::execution::{Execute, Execution};
use crate::fault::{Fault, Stop, must};
use crate::money::{self, Posting};
use crate::state::Books;
use crate::vouchers;

impl Execute for Purchase {
    fn execute(&self, execution: &mut Execution<'_>) -> Result<(), Stop> {
        let buyer = execution.sender.account()?;
        let sale = Sale::of(execution, self, buyer)?;
        let Sale { id, round, sets, price, expires, .. } = sale;
        refuse_if(self.price != price, Rejection::PriceDiffers { price })?;
        let zone = sale.programme.terms.zone;
        let held =
            sale.with_lots(vouchers::current(execution.books, zone, &buyer, execution.time))?;
        sale.count_instrument(execution.books)?;
        let escrow = sale.pay(execution)?;
        sale.check_cover(execution.books, execution.time)?;
        sale.count_tally(execution.books)?;
        sale.count_buyer(execution.books, &self.buyer)?;
        vouchers::write(execution.books, zone, &buyer, held, execution.time)?;
        let lots = sale.parts()?;
        let programme = id;
        execution.emit(Purchased { programme, round, buyer, sets, price, escrow, lots, expires });
        Ok(())
    }
}

/// Sets for one leaf, or for the buyer itself.
struct Share {
    leaf: Option<(LeafPlace, Hash)>,
    sets: u16,
}

/// What is bought.
struct Sale {
    id: ProgrammeId,
    programme: Programme,
    round: u16,
    buyer: AccountId,
    shares: Vec<Share>,
    sets: u16,
    price: Yen,
    /// What all of it is worth.
    face: Yen,
    expires: Timestamp,
}

impl Sale {
    /// Rejections: those of the operation, up to `SoldOut`; `AmountOverflow`.
    fn of(execution: &Execution<'_>, purchase: &Purchase, buyer: AccountId) -> Result<Self, Stop> {
        let (id, round) = (purchase.programme, purchase.round);
        let (books, now) = (&*execution.books, execution.time);
        let programme = found(books, id)?.clone();
        let sale = books.round(id, round).ok_or(Rejection::UnknownRound)?.terms;
        refuse_if(programme.closed.is_some(), Rejection::ProgrammeClosed)?;
        let terms = &programme.terms;
        refuse_if(!is_bought_so(terms, &purchase.buyer), Rejection::WrongBuyer)?;
        let is_open = sale.sale_from <= now && now < sale.sale_until;
        refuse_if(!is_open, Rejection::SaleNotOpen)?;
        let shares = shares(execution, purchase, &buyer, terms)?;
        let sets = shares.iter().try_fold(0_u16, |sum, share| sum.checked_add(share.sets));
        let sets = sets.ok_or(Rejection::AmountOverflow)?;
        let tally = must(books.tally(id, round), "a round has no tally")?;
        // No more was sold than the round has.
        let left = must(sale.sets.checked_sub(tally.sets), "more was sold than there is")?;
        refuse_if(u32::from(sets) > left, Rejection::SoldOut { left })?;
        let price = terms.price().and_then(|price| times(price, sets));
        let face = terms.face().and_then(|face| times(face, sets));
        let (price, face) = price.zip(face).ok_or(Rejection::AmountOverflow)?;
        let instrument = books.instrument(terms.zone, terms.instrument);
        let life = must(instrument, "an instrument is gone")?.life;
        let expires = life.ends(now).map_or(terms.use_until, |ends| ends.min(terms.use_until));
        Ok(Self { id, programme, round, buyer, shares, sets, price, face, expires })
    }

    /// The holder's lots with those that are bought; rejects with `TooManyLots`.
    fn with_lots(&self, mut held: Lots) -> Result<Lots, Rejection> {
        let (programme, round, expires) = (self.id, self.round, self.expires);
        for share in &self.shares {
            let leaf = share.leaf.map(|(place, _)| place);
            for (bucket, part) in (0_u16..).zip(&self.programme.terms.buckets) {
                for kind in LotKind::ALL.iter().copied() {
                    let remaining = times(part.of(kind), share.sets);
                    let remaining = remaining.ok_or(Rejection::AmountOverflow)?;
                    let lot = Lot { programme, round, leaf, bucket, kind, expires, remaining };
                    if !remaining.is_zero() {
                        held = held.with(lot).ok_or(Rejection::TooManyLots)?;
                    }
                }
            }
        }
        Ok(held)
    }

    /// What is bought, by bucket and kind.
    fn parts(&self) -> Result<Vec<LotPart>, Fault> {
        let mut parts = Vec::new();
        for (bucket, part) in (0_u16..).zip(&self.programme.terms.buckets) {
            for kind in LotKind::ALL.iter().copied() {
                // It is a part of what all of it is worth.
                let amount = must(times(part.of(kind), self.sets), "a part passes the whole")?;
                if !amount.is_zero() {
                    parts.push(LotPart { bucket, kind, amount });
                }
            }
        }
        Ok(parts)
    }

    /// Counts what is issued of the instrument.
    ///
    /// Rejections, in order: `OutstandingReached`, `AmountOverflow`.
    fn count_instrument(&self, books: &mut Books) -> Result<(), Stop> {
        let terms = &self.programme.terms;
        let found = books.instrument(terms.zone, terms.instrument);
        let mut record = must(found, "an instrument is gone")?.clone();
        let outstanding = must(record.outstanding(), "an instrument's sums contradict")?;
        // No purchase passes the limit, and it never changes.
        let left = must(record.max_outstanding.checked_sub(outstanding), "too much is issued")?;
        refuse_if(self.face > left, Rejection::OutstandingReached { left })?;
        record.issued = record.issued.checked_add(self.face).ok_or(Rejection::AmountOverflow)?;
        books.put_instrument(terms.zone, terms.instrument, record);
        Ok(())
    }

    /// Pays the price into the main escrow, which it gives.
    ///
    /// Rejections, in order: `SameAccount`, `AccountFrozen`, `InsufficientFunds`, `FloatBound`,
    /// `EscrowBound`, `PayeeFrozen`, `PaymentLimitReached`, `DayLimitReached`, `MonthLimitReached`,
    /// `NetDebitCapReached`, `AmountOverflow`.
    fn pay(&self, execution: &mut Execution<'_>) -> Result<AccountId, Stop> {
        let (amount, buyer, now) = (self.price, &self.buyer, execution.time);
        // A programme has escrows, and each has an account.
        let escrow = *must(self.programme.terms.escrows.first(), "a programme has no escrow")?;
        refuse_if(*buyer == escrow, Rejection::SameAccount)?;
        if amount.is_zero() {
            return Ok(escrow);
        }
        let debtor_bank = money::debit(execution.books, buyer, amount, now)?;
        money::check_in(execution.books, &escrow, now)?;
        money::spend(execution, buyer, AccountKind::Program, amount)?;
        let books = &mut *execution.books;
        let payee = must(books.account(&escrow), "an escrow is gone")?.clone();
        Posting::check(books, debtor_bank, payee.custodian, amount, now)?.write(books);
        money::credit(books, &escrow, payee, amount)?;
        Ok(escrow)
    }

    /// Whether the escrows, which have the price, cover all that is sold with this.
    ///
    /// Rejections, in order: `EscrowTooSmall`, `AmountOverflow`.
    fn check_cover(&self, books: &Books, now: Timestamp) -> Result<(), Stop> {
        let escrows = money::pledged(books, self.id, &self.programme.terms.escrows);
        let held = money::cover(books, &escrows, now)?;
        let unused = vouchers::unused(books, self.id, &self.programme)?;
        let needed = unused.checked_add(self.face).ok_or(Rejection::AmountOverflow)?;
        Ok(refuse_if(needed > held, Rejection::EscrowTooSmall { held, needed })?)
    }

    /// Counts what is sold.
    fn count_tally(&self, books: &mut Books) -> Result<(), Fault> {
        let mut tally = must(books.tally(self.id, self.round), "a round has no tally")?.clone();
        // No more is sold than the round has, and all sets of the programme are in the range of amounts.
        let sets = tally.sets.checked_add(u32::from(self.sets));
        tally.sets = must(sets, "more was sold than there is")?;
        for LotPart { bucket, kind, amount } in self.parts()? {
            let place = tally.buckets.get_mut(usize::from(bucket));
            let bucket = must(place, "a tally has no such bucket")?;
            bucket.sold = must(bucket.sold.plus(kind, amount), "more was sold than there is")?;
        }
        books.put_tally(self.id, self.round, tally);
        Ok(())
    }

    /// Counts what the account bought, or the leaves and their households.
    fn count_buyer(&self, books: &mut Books, by: &Buyer) -> Result<(), Stop> {
        let ticket = match by {
            Buyer::Anybody { sets } => {
                let before = books.buyer_count(self.id, &self.buyer).copied().unwrap_or_default();
                let bought = before.bought.checked_add(*sets).ok_or(Rejection::AmountOverflow)?;
                books.put_buyer_count(self.id, &self.buyer, BuyerCount { bought });
                return Ok(());
            }
            Buyer::Leaves { .. } => None,
            Buyer::Ticket { ticket, .. } => Some(*ticket),
        };
        let part = |share: &Share| share.leaf.map(|(leaf, tag)| (leaf, tag, share.sets));
        let parts: Option<Vec<Part>> = self.shares.iter().map(part).collect();
        // Whoever buys by leaves or an application has leaves.
        let parts = must(parts, "a share has no leaf")?;
        Ok(leaf::note_bought(books, self.id, self.round, ticket, &parts)?)
    }
}

/// So many times an amount; none past the range of amounts.
fn times(amount: Yen, sets: u16) -> Option<Yen> {
    amount.get().checked_mul(u64::from(sets)).map(Yen::new)
}

/// Whether a programme is bought by such a right.
const fn is_bought_so(terms: &ProgrammeTerms, buyer: &Buyer) -> bool {
    match (terms.allocation, terms.eligibility, buyer) {
        (Allocation::FirstCome, Eligibility::Anybody, Buyer::Anybody { .. })
        | (Allocation::FirstCome, Eligibility::Listed { .. }, Buyer::Leaves { .. })
        | (Allocation::Whole | Allocation::EqualFirst, _, Buyer::Ticket { .. }) => true,
        (Allocation::FirstCome, _, _)
        | (
            Allocation::Whole | Allocation::EqualFirst,
            _,
            Buyer::Anybody { .. } | Buyer::Leaves { .. },
        ) => false,
    }
}

/// For whom sets are bought, and how many each.
///
/// Rejections, in order: `UnknownTicket`, `NotTicketHolder`, `ClaimOver`, `NothingWon`, `BadLeaf`,
/// `LeafIsRevoked`, `ZeroSets`, `PersonCapReached`, `HouseholdCapReached`.
fn shares(
    execution: &Execution<'_>,
    purchase: &Purchase,
    account: &AccountId,
    terms: &ProgrammeTerms,
) -> Result<Vec<Share>, Stop> {
    let (id, round) = (purchase.programme, purchase.round);
    let leaves = match purchase.buyer {
        Buyer::Anybody { sets } => {
            refuse_if(sets == 0, Rejection::ZeroSets)?;
            let before = execution.books.buyer_count(id, account).copied().unwrap_or_default();
            let most = terms.per_person;
            let within = before.bought.checked_add(sets).is_some_and(|all| all <= most);
            refuse_if(!within, Rejection::PersonCapReached { most })?;
            return Ok(vec![Share { leaf: None, sets }]);
        }
        Buyer::Leaves { ref leaves } => leaf::claim(execution, id, round, account, leaves)?,
        Buyer::Ticket { ticket, sets } => won::won(execution, id, round, account, ticket, sets)?,
    };
    let share = |(place, household, sets)| Share { leaf: Some((place, household)), sets };
    Ok(leaves.into_iter().map(share).collect())
}
