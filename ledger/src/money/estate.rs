//! `TransferEstate`: what a deceased holder left goes to an heir, by the custodian, with two approvals.
//!
//! What lies in zones comes back into the balance first, in every zone, so that yen can be shared out to
//! several heirs by as many operations. An estate is no payment: neither the limits nor the spending of
//! the deceased count it. What the heir's account may hold counts, because that is a rule of its own
//! account and not of how value came there; the heir names another account, or its custodian sets
//! another limit. A freeze holds: an attachment comes before heirs. Prepaid value stays prepaid: it goes
//! to a prepaid account. Rejections, in order: `NotABank`,
//! `UnknownAccount`, `NotCustodian`, `NotDeceased`, `TwoApprovalsMissing`, `ZeroAmount`, `NoVouchers`,
//! `SameAccount`, `UnknownAccount` of the heir, `KycLevelTooLow`, `PrepaidNotRedeemable`, `FloatRefused`,
//! `PayeeFrozen`, `PayeeClosed`, `AccountFrozen`, `TooManyLots`, `InsufficientFunds`,
//! `HoldingLimitReached`, `IssueAllowanceExceeded`, `NetDebitCapReached`, `AmountOverflow`. Vouchers go
//! whole, a zone's to one heir, with the end that they have: nothing renews one.

use ledger_types::event::{EstateLots, EstateTransferred};
use ledger_types::operation::TransferEstate;
use ledger_types::record::{Account, AccountStatus, ZoneAccount};
use ledger_types::{AccountId, Rejection, Yen, ZoneId, refuse_if};

use super::custody::{check_holds, check_send};
use super::{
    Posting, bring_back, check_holding, check_in, check_out, check_payee, credit, debit,
    kept_by_sender,
};
use crate::execution::{Execute, Execution};
use crate::fault::{Stop, must};
use crate::vouchers::{has_some, inherit};

impl Execute for TransferEstate {
    fn execute(&self, execution: &mut Execution<'_>) -> Result<(), Stop> {
        let Self { account, to, amount, ref vouchers, .. } = *self;
        let custodian = kept_by_sender(execution, &account)?;
        let status = must(execution.books.account(&account), "an account is gone")?.status;
        refuse_if(status != AccountStatus::Deceased, Rejection::NotDeceased)?;
        refuse_if(!execution.is_of_both_parts(), Rejection::TwoApprovalsMissing)?;
        refuse_if(amount.is_zero() && vouchers.is_empty(), Rejection::ZeroAmount)?;
        let (books, now) = (&*execution.books, execution.time);
        let is_left = |zone: &ZoneId| has_some(books, *zone, &account, now);
        let are_left =
            vouchers.is_sorted_by(|one, next| one < next) && vouchers.iter().all(is_left);
        refuse_if(!are_left, Rejection::NoVouchers)?;
        refuse_if(account == to, Rejection::SameAccount)?;
        let heir = heir(execution, &account, &to, amount)?;
        check_out(execution.books, &account, execution.time)?;
        for zone in vouchers.iter().copied() {
            let (books, now) = (&mut *execution.books, execution.time);
            let amount = inherit(books, zone, (&account, &to), now)?;
            execution.emit(EstateLots { zone, account, to, amount });
        }
        if amount.is_zero() {
            return Ok(());
        }
        bring_all_back(execution, account)?;
        let books = &mut *execution.books;
        let debtor = debit(books, &account, amount, execution.time)?;
        check_holding(books, execution.parameters, &to, &heir, amount)?;
        Posting::check(books, debtor, heir.custodian, amount, execution.time)?.write(books);
        credit(books, &to, heir, amount)?;
        execution.emit(EstateTransferred { account, to, custodian, amount });
        Ok(())
    }
}

/// Brings what the deceased has in zones back into the balance, but for what stays there: a shop's reserve
/// for refunds, and all of it where the shop is held.
fn bring_all_back(execution: &mut Execution<'_>, account: AccountId) -> Result<(), Stop> {
    for (zone, balance) in execution.books.sub_accounts(&account) {
        let merchant = execution.books.merchant(zone, &account);
        let kept = merchant.and_then(|merchant| merchant.kept(execution.time));
        let kept = kept.map_or(Yen::ZERO, |kept| kept.min(balance));
        let free = must(balance.checked_sub(kept), "more is kept than is there")?;
        if !free.is_zero() {
            execution.books.put_zone_account(zone, &account, ZoneAccount { balance: kept });
            bring_back(execution, zone, account, free)?;
        }
    }
    Ok(())
}

/// The record of an heir's account, into which money may come.
///
/// What is prepaid stays so: an heir gets it into a prepaid account. Where vouchers alone go, the account
/// need not be one that holds yen. Rejections, in order:
/// `UnknownAccount`, `KycLevelTooLow`, `PrepaidNotRedeemable`, `FloatRefused`, `PayeeFrozen`,
/// `PayeeClosed`.
fn heir(
    execution: &Execution<'_>,
    deceased: &AccountId,
    to: &AccountId,
    amount: Yen,
) -> Result<Account, Stop> {
    let books = &*execution.books;
    let heir = books.account(to).ok_or(Rejection::UnknownAccount)?;
    if !amount.is_zero() {
        check_holds(books, heir)?;
        check_send(books, deceased, heir)?;
    }
    check_in(books, to, execution.time)?;
    check_payee(heir)?;
    Ok(heir.clone())
}
