//! What events of money and zones are to people, where that depends on whose history it is.

use ledger_types::event::{
    AccountOpened, AllowanceRaised, BankNet, ConsentEnded, CycleClosed, CycleEnd, CycleEnded,
    EstateTransferred, FeeCharged, Issued, MerchantRegistered, Paid, RedeemRequested, Transferred,
};
use ledger_types::{AccountId, BankId, ConsentStatus, Position};

use super::{Direction, Told, log};

/// What a bank has to pay or to get in a cycle; none to whoever is no bank of it.
fn own_net(nets: &[BankNet], viewer: Option<&AccountId>) -> Option<Position> {
    nets.iter().find(|net| Some(&net.account) == viewer).map(|net| net.position)
}

pub(super) fn cycle_closed(e: &CycleClosed, viewer: Option<&AccountId>) -> Told {
    match own_net(&e.nets, viewer) {
        Some(net) if net < Position::ZERO => Told::new("label-kind-cycle-to-pay").of(net.amount()),
        Some(net) => Told::new("label-kind-cycle-to-get").of(net.amount()),
        None => Told::new("label-kind-cycle-closed"),
    }
}

pub(super) fn cycle_ended(e: &CycleEnded, viewer: Option<&AccountId>) -> Told {
    let told = Told::new(match e.end {
        CycleEnd::Settled => "label-kind-cycle-settled",
        CycleEnd::Failed { .. } => "label-kind-cycle-failed",
    });
    own_net(&e.nets, viewer).map_or(told, |net| told.of(net.amount()))
}

pub(super) fn opened(e: &AccountOpened, viewer: Option<&AccountId>) -> Told {
    let told = Told::new("label-kind-opened");
    if viewer == Some(&e.account) { told.with_bank(e.custodian) } else { told.with(e.account) }
}

pub(super) fn issued(e: &Issued, viewer: Option<&AccountId>) -> Told {
    let told = Told::new("label-kind-issued");
    if viewer == Some(&e.account) {
        told.moved(Direction::In, e.amount).with_bank(e.bank)
    } else {
        told.moved(Direction::Out, e.amount).with(e.account)
    }
}

pub(super) fn redeem_requested(e: &RedeemRequested, viewer: Option<&AccountId>) -> Told {
    let told = Told::new("label-kind-redeem-requested");
    if viewer == Some(&e.account) {
        told.moved(Direction::Out, e.amount)
    } else {
        told.moved(Direction::In, e.amount).with(e.account)
    }
}

/// What became of a request to pay out: the bank sees whose it was.
pub(super) fn redeem_ended(
    key: &'static str,
    holder: AccountId,
    viewer: Option<&AccountId>,
) -> Told {
    let told = Told::new(key);
    if viewer == Some(&holder) { told } else { told.with(holder) }
}

/// What a bank did to an account that it keeps.
pub(super) fn frozen(
    key: &'static str,
    account: AccountId,
    by: BankId,
    viewer: Option<&AccountId>,
) -> Told {
    let told = Told::new(key);
    if viewer == Some(&account) { told.with_bank(by) } else { told.with(account) }
}

/// An allowance: its account sees who gave it, the giver whose it is.
pub(super) fn raised(e: &AllowanceRaised, viewer: Option<&AccountId>) -> Told {
    let own = viewer.is_some() && viewer.copied() == e.account.account();
    let told = Told::new("label-kind-allowance-raised").until(e.until);
    if own { told.with(e.giver) } else { told.with(e.account) }
}

pub(super) fn transferred(e: &Transferred, viewer: Option<&AccountId>) -> Told {
    let told = Told::new("label-kind-transferred");
    if viewer == Some(&e.creditor) {
        told.moved(Direction::In, e.amount).with(e.debtor)
    } else {
        told.moved(Direction::Out, e.amount).with(e.creditor)
    }
}

pub(super) fn estate(e: &EstateTransferred, viewer: Option<&AccountId>) -> Told {
    let told = Told::new("label-kind-estate");
    if viewer == Some(&e.to) {
        told.moved(Direction::In, e.amount).with(e.account)
    } else {
        told.moved(Direction::Out, e.amount).with(e.to)
    }
}

pub(super) fn merchant_registered(e: &MerchantRegistered, viewer: Option<&AccountId>) -> Told {
    let told = Told::new("label-kind-merchant-registered");
    if viewer == Some(&e.merchant) { told } else { told.with(e.merchant) }
}

pub(super) fn paid(e: &Paid, viewer: Option<&AccountId>) -> Told {
    let told = Told::new("label-kind-paid").about(e.request, e.terminal).beside(e.cash);
    if viewer == Some(&e.merchant) {
        told.moved(Direction::In, e.amount).with(e.payer)
    } else {
        told.moved(Direction::Out, e.amount).with(e.merchant)
    }
}

/// A fee: the merchant pays it, and each of the others sees its own part.
pub(super) fn fee(e: &FeeCharged, viewer: Option<&AccountId>) -> Told {
    let told = Told::new("label-kind-fee");
    if viewer.is_none_or(|viewer| *viewer == e.merchant) {
        return told.moved(Direction::Out, e.fee);
    }
    let own = e.parts.iter().find(|part| viewer == Some(&part.account));
    let told = told.with(e.merchant);
    own.map_or(told, |part| told.moved(Direction::In, part.amount))
}

pub(super) const fn ended(e: &ConsentEnded) -> Told {
    let told = match e.status {
        ConsentStatus::Revoked => log("label-log-revoked"),
        ConsentStatus::Invalidated => log("label-log-invalidated"),
        ConsentStatus::Refused => log("label-log-refused"),
        ConsentStatus::Withdrawn | ConsentStatus::Given | ConsentStatus::Suspended => {
            log("label-log-withdrawn")
        }
    };
    told.by(e.controller)
}
