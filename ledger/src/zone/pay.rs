//! `Pay`: a holder pays a registered merchant inside a zone.
//!
//! The merchant's sub-account is credited, and the payer's custodian comes to owe the merchant's
//! in the same step, under the same cap as a transfer. Rejections, in order: `NotAMoneyAccount`,
//! `ZeroAmount`, `SameAccount`, `UnknownZone`, `NoZoneAccount`, `NotAMerchant`, `AccountFrozen`,
//! `PayeeFrozen`, `InsufficientZoneFunds`, `NetDebitCapReached`, `AmountOverflow`.

use ledger_types::event::Paid;
use ledger_types::operation::Pay;
use ledger_types::{Rejection, refuse_if};

use super::{in_zone, zone_credit, zone_debit};
use crate::execution::{Execute, Execution};
use crate::fault::{Stop, must};
use crate::money::{self, Posting};

impl Execute for Pay {
    fn execute(&self, execution: &mut Execution<'_>) -> Result<(), Stop> {
        let Pay { zone, merchant, amount, reference } = *self;
        let payer = execution.sender.account()?;
        refuse_if(amount.is_zero(), Rejection::ZeroAmount)?;
        refuse_if(payer == merchant, Rejection::SameAccount)?;
        let books = &mut *execution.books;
        in_zone(books, zone, &payer)?;
        refuse_if(books.merchant(zone, &merchant).is_none(), Rejection::NotAMerchant)?;
        money::check_out(books, &payer, execution.time)?;
        money::check_in(books, &merchant, execution.time)?;
        // Who has a sub-account or is a merchant has an account, and accounts are never removed.
        let debtor_bank = must(books.account(&payer), "the sender is gone")?.custodian;
        let creditor_bank =
            must(books.account(&merchant), "a merchant's account is gone")?.custodian;
        zone_debit(books, zone, &payer, amount)?;
        Posting::check(books, debtor_bank, creditor_bank, amount)?.write(books);
        zone_credit(books, zone, &merchant, amount)?;
        execution.emit(Paid { zone, payer: payer.into(), merchant, amount, reference });
        Ok(())
    }
}
