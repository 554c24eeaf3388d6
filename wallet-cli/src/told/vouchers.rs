//! What events of vouchers are to people, where that depends on whose history it is.

use ledger_types::event::{
    EscrowMoved, EstateLots, InstrumentDefined, LotsSpent, ProgrammeFunded, ProgrammeReconciled,
    Purchased,
};
use ledger_types::{AccountId, Yen};

use super::{Direction, Told};

pub(super) fn defined(e: &InstrumentDefined, viewer: Option<&AccountId>) -> Told {
    let told = Told::new("label-kind-instrument-defined");
    if viewer == Some(&e.issuer) { told } else { told.with(e.issuer) }
}

pub(super) fn funded(e: &ProgrammeFunded, viewer: Option<&AccountId>) -> Told {
    let told = Told::new("label-kind-programme-funded").of(e.amount);
    if viewer == Some(&e.escrow) { told } else { told.with(e.escrow) }
}

pub(super) fn escrow_moved(e: &EscrowMoved, viewer: Option<&AccountId>) -> Told {
    let told = Told::new("label-kind-escrow-moved");
    match viewer {
        Some(viewer) if *viewer == e.from => told.moved(Direction::Out, e.amount).with(e.to),
        Some(viewer) if *viewer == e.to => told.moved(Direction::In, e.amount).with(e.from),
        Some(_) | None => told.of(e.amount).with(e.to),
    }
}

pub(super) fn purchased(e: &Purchased, viewer: Option<&AccountId>) -> Told {
    let told = Told::new("label-kind-voucher-bought").until(e.expires);
    if viewer == Some(&e.escrow) {
        told.moved(Direction::In, e.price).with(e.buyer)
    } else {
        told.moved(Direction::Out, e.price).with(e.escrow)
    }
}

/// Of a payment that is told beside it, with its whole amount: how much of it vouchers were.
pub(super) fn spent(e: &LotsSpent, viewer: Option<&AccountId>) -> Told {
    let told = Told::new("label-kind-vouchers-spent");
    let sum = e.spent.iter().try_fold(Yen::ZERO, |sum, lot| sum.checked_add(lot.amount));
    let told = sum.map_or(told, |sum| told.of(sum));
    if viewer == Some(&e.merchant) { told.with(e.payer) } else { told.with(e.merchant) }
}

/// What was not used, for whoever the terms give it to; the sponsor sees all of it.
pub(super) fn reconciled(e: &ProgrammeReconciled, viewer: Option<&AccountId>) -> Told {
    let told = Told::new("label-kind-programme-reconciled");
    let is_own = |to: AccountId| viewer.is_none_or(|viewer| *viewer == to || *viewer == e.sponsor);
    let paid = if is_own(e.unused_paid_to) { e.expired_paid } else { Yen::ZERO };
    let free = if is_own(e.unused_free_to) { e.expired_free } else { Yen::ZERO };
    paid.checked_add(free).map_or(told, |sum| told.of(sum))
}

pub(super) fn estate(e: &EstateLots, viewer: Option<&AccountId>) -> Told {
    let told = Told::new("label-kind-estate-vouchers").of(e.amount);
    if viewer == Some(&e.to) { told.with(e.account) } else { told.with(e.to) }
}
