//! What payouts are to people, and that a shop is held or leaves.

use ledger_types::event::{
    MerchantClosing, MerchantHeld, PayoutAccountSet, PayoutCompleted, PayoutRequested,
};
use ledger_types::operation::HoldMerchant;
use ledger_types::{AccountId, Yen};

use super::{Direction, Told};

/// Whoever sees it beside the shop sees whose it is.
pub(super) fn ended(key: &'static str, shop: AccountId, viewer: Option<&AccountId>) -> Told {
    let told = Told::new(key);
    if viewer == Some(&shop) { told } else { told.with(shop) }
}

pub(super) fn account(e: &PayoutAccountSet, viewer: Option<&AccountId>) -> Told {
    ended("label-kind-payout-account", e.account, viewer).from(e.from)
}

/// What left the zone is told beside it; here it is held.
pub(super) fn requested(e: &PayoutRequested, viewer: Option<&AccountId>) -> Told {
    ended("label-kind-payout-requested", e.account, viewer).of(e.amount)
}

pub(super) fn completed(e: &PayoutCompleted, viewer: Option<&AccountId>) -> Told {
    let told = ended("label-kind-payout-completed", e.account, viewer);
    let way = if viewer == Some(&e.account) { Direction::Out } else { Direction::In };
    told.moved(way, e.amount)
}

/// Whether it is held, or is no more.
const fn key(is_held: bool) -> &'static str {
    if is_held { "label-kind-merchant-held" } else { "label-kind-merchant-released" }
}

pub(super) fn held(e: &MerchantHeld, viewer: Option<&AccountId>) -> Told {
    ended(key(e.ground.is_some()), e.merchant, viewer)
}

pub(super) fn holding(o: &HoldMerchant) -> Told {
    Told::new(key(o.ground.is_some())).with(o.merchant)
}

pub(super) fn closing(e: &MerchantClosing, viewer: Option<&AccountId>) -> Told {
    let told = ended("label-kind-merchant-closing", e.merchant, viewer).from(e.from);
    if e.reserve == Yen::ZERO { told } else { told.of(e.reserve).until(e.until) }
}
