//! `RaiseAllowance`: who keeps an account gives it more than its kind's allowance, out of its own.
//!
//! Rejections, in order:
//! - whose it is: for a holder `NotABank`, `UnknownAccount`, `NotCustodian`; for a subject
//!   `UnknownParty`, `PartySuspended`, `PartyRoleMissing`, `UnknownConsent`,
//!   `NotConsentController`, `ConsentEnded`, `ConsentExpired`; for a merchant `UnknownZone`,
//!   `NotZoneOperator`, `NotAMerchant`;
//! - then `BadRaise`, `RaisedByAnother`, `AllowanceTooSmall`, `TooManyRaises`.
//!
//! It is never lowered under what the kind has: what stops an account is `Freeze`, which has a
//! ground and is told. That the giver's burst is free is asked at admission, which knows the whole
//! block; here is asked that enough of it is the giver's own.

use ledger_types::allowance::{Allowance, BURST_MIN, Means};
use ledger_types::event::AllowanceRaised;
use ledger_types::limits::{RAISE_AHEAD_MS_MAX, RAISE_ENDS_MAX};
use ledger_types::operation::{RaiseAllowance, RaiseFor};
use ledger_types::record::{GivenUntil, Raise};
use ledger_types::{AccountId, PartyRoles, Rejection, Timestamp, refuse_if};

use crate::acting;
use crate::deadline::lies_ahead;
use crate::denial::rejection;
use crate::execution::{Execute, Execution, Sender};
use crate::fault::{Stop, must};
use crate::money::kept_by_sender;
use crate::payer::kind_of;
use crate::raise::{self, NOTHING};

impl Execute for RaiseAllowance {
    fn execute(&self, execution: &mut Execution<'_>) -> Result<(), Stop> {
        let Self { whose, burst, per_minute, until } = *self;
        let (account, now) = (whose_account(execution, &whose)?, execution.time);
        let (giver, more) = (execution.sender.signing(), Allowance { burst, per_minute });
        let gives = burst > 0 || per_minute > 0;
        let is_ahead = lies_ahead(until, now, RAISE_AHEAD_MS_MAX);
        refuse_if(!gives || !is_ahead || account == giver, Rejection::BadRaise)?;
        let before = execution.books.raise(&account).filter(|raise| raise.until > now).cloned();
        if let Some(Raise { until, .. }) = before.as_ref().filter(|raise| raise.by != giver) {
            return Err(Rejection::RaisedByAnother { until: *until }.into());
        }
        let given =
            given_after(execution, &giver, before.as_ref(), GivenUntil { until, allowance: more })?;
        let allowances = &execution.parameters.allowances;
        let books = &mut *execution.books;
        let back = before.map_or(0, |raise| raise.more.burst.saturating_sub(burst));
        raise::rest(books, allowances, &giver, now, back);
        raise::rest(books, allowances, &account, now, 0);
        raise::put_given(books, &giver, given);
        books.put_raise(&account, Raise { by: giver, more, until });
        let account = account.into();
        execution.emit(AllowanceRaised { account, giver, burst, per_minute, until });
        Ok(())
    }
}

/// The account that the sender keeps.
fn whose_account(execution: &Execution<'_>, whose: &RaiseFor) -> Result<AccountId, Stop> {
    let (books, now) = (&*execution.books, execution.time);
    match *whose {
        RaiseFor::Holder { account } => {
            kept_by_sender(execution, &account)?;
            Ok(account)
        }
        RaiseFor::Subject { consent } => {
            let controller = acting::acting(execution, PartyRoles::CONTROLLER)?.party;
            let record = books.consent(&consent).ok_or(Rejection::UnknownConsent)?;
            refuse_if(record.controller != controller, Rejection::NotConsentController)?;
            record.check_ongoing(now).map_err(rejection)?;
            Ok(record.subject)
        }
        RaiseFor::Merchant { zone, merchant } => {
            let operator = books.zone(zone).ok_or(Rejection::UnknownZone)?.operator;
            refuse_if(execution.sender != Sender::Account(operator), Rejection::NotZoneOperator)?;
            refuse_if(books.merchant(zone, &merchant).is_none(), Rejection::NotAMerchant)?;
            Ok(merchant)
        }
    }
}

/// What the giver has given once this is given too, in the place of what it gave the same payer.
///
/// Rejections, in order: `AllowanceTooSmall`, `TooManyRaises`.
fn given_after(
    execution: &Execution<'_>,
    giver: &AccountId,
    before: Option<&Raise>,
    new: GivenUntil,
) -> Result<Vec<GivenUntil>, Stop> {
    let (books, now) = (&*execution.books, execution.time);
    let given = books.given(giver).map_or(&[][..], |given| given.until.as_slice());
    let mut after: Vec<GivenUntil> =
        given.iter().filter(|entry| entry.until > now).copied().collect();
    if let Some(before) = before {
        change(&mut after, before.until, |all| Means::of_kind(all).without(before.more).allowance);
    }
    let kind = kind_of(books, &execution.parameters.allowances, giver);
    // The sender was charged by its kind when its nonce was used.
    let kind = must(kind, "the sender is gone")?;
    let left = Means::of_kind(kind).without(raise::sum(&after, &|_| true)).allowance;
    let burst = left.burst.saturating_sub(BURST_MIN);
    let per_minute = left.per_minute.saturating_sub(1);
    let is_short = new.allowance.burst > burst || new.allowance.per_minute > per_minute;
    refuse_if(is_short, Rejection::AllowanceTooSmall { burst, per_minute })?;
    change(&mut after, new.until, |all| Means::of_kind(all).with(new.allowance).allowance);
    refuse_if(after.len() > RAISE_ENDS_MAX, Rejection::TooManyRaises)?;
    Ok(after)
}

/// Changes what comes back at an instant; what comes to nothing is left out.
fn change(given: &mut Vec<GivenUntil>, until: Timestamp, to: impl FnOnce(Allowance) -> Allowance) {
    let place = given.binary_search_by_key(&until, |entry| entry.until);
    let at = place.unwrap_or_else(|place| place);
    let before = if place.is_ok() { Some(given.remove(at)) } else { None };
    let allowance = to(before.map_or(NOTHING, |entry| entry.allowance));
    if allowance != NOTHING {
        given.insert(at, GivenUntil { until, allowance });
    }
}
