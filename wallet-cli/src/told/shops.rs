//! Payments at shops by their numbers, and what giving them back is to people, where that depends on
//! whose history it is.

use ledger_types::event::{FeeReturned, LotsReturned, Paid, Refunded, RequestCancelled, Voided};
use ledger_types::operation::Pay;
use ledger_types::payment::{LotFate, payment_id};
use ledger_types::{AccountId, Event, Hash, Whose, Yen};
use node_api::body::HistoryEntry;

use super::{Direction, Told};

/// The number of the payment at a shop that an entry is about: its request's, or by its place in the log.
pub(crate) fn payment(entry: &HistoryEntry, event: &Event) -> Option<Hash> {
    if let Some(paid) = Paid::of(event) {
        let by_place = |index| payment_id(entry.height, index, entry.operation, entry.time.get());
        return paid.request.or_else(|| entry.index.map(by_place));
    }
    let refunded = Refunded::of(event).map(|one| one.payment);
    let voided = || Voided::of(event).map(|one| one.payment);
    let lots = || LotsReturned::of(event).map(|one| one.payment);
    let cancelled = || RequestCancelled::of(event).map(|one| one.request);
    refunded.or_else(voided).or_else(lots).or_else(cancelled)
}

/// A payment that was sent.
pub(super) fn asked_to_pay(o: &Pay) -> Told {
    let request = o.request.as_ref();
    let told = Told::new("label-kind-paid").moved(Direction::Out, o.amount).with(o.merchant);
    let told = told.about(o.request_id(), request.map(|one| one.terms.terminal));
    request.map_or(told, |one| told.beside(one.cash))
}

/// What a shop gave back to a payer, seen from either side.
fn given_back(
    key: &'static str,
    (shop, payer): (AccountId, Whose),
    amount: Yen,
    viewer: Option<&AccountId>,
) -> Told {
    let told = Told::new(key);
    if viewer == Some(&shop) {
        told.moved(Direction::Out, amount).with(payer)
    } else {
        told.moved(Direction::In, amount).with(shop)
    }
}

pub(super) fn refunded(e: &Refunded, viewer: Option<&AccountId>) -> Told {
    let told = given_back("label-kind-refunded", (e.merchant, e.payer), e.amount, viewer);
    told.about(Some(e.payment), e.terminal)
}

pub(super) fn voided(e: &Voided, viewer: Option<&AccountId>) -> Told {
    let told = given_back("label-kind-voided", (e.merchant, e.payer), e.amount, viewer);
    told.about(Some(e.payment), e.terminal)
}

/// Of a refund that is told beside it, with its whole amount: how much of it vouchers were. A sponsor
/// sees what came to it since it was too late for its programme.
pub(super) fn lots_returned(e: &LotsReturned, viewer: Option<&AccountId>) -> Told {
    let is_sponsor = viewer.is_some_and(|viewer| e.sponsors.contains(viewer));
    let of_all = e.returned.iter().filter(|lot| !is_sponsor || lot.fate == LotFate::Sponsor);
    let sum = of_all.map(|lot| lot.amount).try_fold(Yen::ZERO, Yen::checked_add);
    let told = Told::new("label-kind-vouchers-returned").about(Some(e.payment), None);
    let told = sum.map_or(told, |sum| told.of(sum));
    if viewer == Some(&e.merchant) { told.with(e.payer) } else { told.with(e.merchant) }
}

/// A fee that came back to the merchant: each of the others sees its own part of it.
pub(super) fn fee_returned(e: &FeeReturned, viewer: Option<&AccountId>) -> Told {
    let told = Told::new("label-kind-fee-returned");
    if viewer.is_none_or(|viewer| *viewer == e.merchant) {
        return told.moved(Direction::In, e.fee);
    }
    let told = told.with(e.merchant);
    if let Some(part) = e.parts.iter().find(|part| viewer == Some(&part.account)) {
        return told.moved(Direction::Out, part.amount);
    }
    let of_fund = e.fund.filter(|part| viewer == Some(&part.account));
    of_fund.map_or(told, |part| told.moved(Direction::In, part.amount))
}
