//! `Pay`: a holder pays a registered merchant inside a zone.
//!
//! In one step: what the payer asks for is moved from its bank balance into its sub-account, the
//! merchant's sub-account is credited with what the zone's fee leaves, whoever shares the fee gets
//! its part, and the payer's custodian comes to owe theirs, under the same cap as a transfer; a prepaid
//! account pays by its issuer's float, which may be frozen (`AccountFrozen` again, after the limits). So fee
//! and net are the payment to the yen, and no more is moved in than is paid: nobody is left with a
//! balance in a zone that it did not ask for. Rejections, in order: `NotAMoneyAccount`,
//! `ZeroAmount`, `ChargePassesAmount`, `SameAccount`, `UnknownZone`, `NoZoneAccount` (where nothing
//! is moved in), `NotAMerchant`, `AccountFrozen`, `PayeeFrozen`, `InsufficientFunds`,
//! `FloatBound`, `InsufficientZoneFunds`, `PaymentLimitReached`, `DayLimitReached`, `MonthLimitReached`,
//! `HoldingLimitReached`, `NetDebitCapReached`, `AmountOverflow`.

use ledger_types::event::{Charged, Paid, ZoneAccountOpened};
use ledger_types::operation::{AccountKind, Pay};
use ledger_types::record::ZoneAccount;
use ledger_types::{AccountId, Rejection, Yen, ZoneId, refuse_if};

use super::charge::move_in;
use super::fees::Fee;
use super::{credit_from, in_zone, zone_debit};
use crate::execution::{Execute, Execution};
use crate::fault::{Stop, must};
use crate::money;

impl Execute for Pay {
    fn execute(&self, execution: &mut Execution<'_>) -> Result<(), Stop> {
        let Pay { zone, merchant, amount, charge, reference } = *self;
        let payer = execution.sender.account()?;
        refuse_if(amount.is_zero() || charge == Some(Yen::ZERO), Rejection::ZeroAmount)?;
        refuse_if(charge.is_some_and(|charge| charge > amount), Rejection::ChargePassesAmount)?;
        refuse_if(payer == merchant, Rejection::SameAccount)?;
        let (books, now) = (&mut *execution.books, execution.time);
        match in_zone(books, zone, &payer) {
            Err(Rejection::NoZoneAccount) if charge.is_some() => {}
            found => found.map(|_| ())?,
        }
        let record = *books.merchant(zone, &merchant).ok_or(Rejection::NotAMerchant)?;
        money::check_out(books, &payer, now)?;
        money::check_in(books, &merchant, now)?;
        let fee = Fee::of(books, zone, &record, amount, now)?;
        let net = Fee::net(fee.as_ref(), amount)?;
        if let Some(charge) = charge {
            charge_first(execution, zone, payer, charge)?;
        }
        let books = &mut *execution.books;
        // Who is a merchant has an account, and accounts are never removed.
        let payee = must(books.account(&merchant), "a merchant's account is gone")?.clone();
        zone_debit(books, zone, &payer, amount)?;
        money::spend(execution, &payer, AccountKind::Merchant, amount)?;
        let books = &mut *execution.books;
        money::check_holding(books, execution.parameters, &merchant, &payee, net)?;
        credit_from(books, zone, &payer, &merchant, net, now)?;
        execution.emit(Paid { zone, payer: payer.into(), merchant, amount, reference });
        match fee {
            Some(fee) => fee.charge(execution, &payer, zone, merchant, amount),
            None => Ok(()),
        }
    }
}

/// Moves `amount` into the payer's sub-account, which is opened where there is none.
///
/// Rejections, in order: `InsufficientFunds`, `AmountOverflow`.
fn charge_first(
    execution: &mut Execution<'_>,
    zone: ZoneId,
    account: AccountId,
    amount: Yen,
) -> Result<(), Stop> {
    if execution.books.zone_account(zone, &account).is_none() {
        execution.books.put_zone_account(zone, &account, ZoneAccount { balance: Yen::ZERO });
        execution.emit(ZoneAccountOpened { zone, account });
    }
    move_in(execution.books, zone, &account, amount, execution.time)?;
    execution.emit(Charged { zone, account, amount });
    Ok(())
}
