//! `RegisterMerchant`: a zone's operator registers a merchant, with a sub-account where it has none.

use ledger_types::event::MerchantRegistered;
use ledger_types::operation::RegisterMerchant;
use ledger_types::record::{Merchant, ZoneAccount};
use ledger_types::{Rejection, Yen};

use crate::execution::{Execute, Execution, Sender};
use crate::fault::Stop;

impl Execute for RegisterMerchant {
    fn execute(&self, execution: &mut Execution<'_>) -> Result<(), Stop> {
        let RegisterMerchant { zone, merchant, class } = *self;
        let books = &mut *execution.books;
        let operator = books.zone(zone).ok_or(Rejection::UnknownZone)?.operator;
        if execution.sender != Sender::Account(operator) {
            return Err(Rejection::NotZoneOperator.into());
        }
        let account = books.account(&merchant).ok_or(Rejection::UnknownAccount)?;
        if !account.kyc_level.may_hold_deposits() {
            return Err(Rejection::KycLevelTooLow.into());
        }
        if books.merchant(zone, &merchant).is_some() {
            return Err(Rejection::MerchantExists.into());
        }
        let registered = execution.height;
        books.put_merchant(zone, &merchant, Merchant { class, registered });
        if books.zone_account(zone, &merchant).is_none() {
            books.put_zone_account(zone, &merchant, ZoneAccount { balance: Yen::ZERO });
        }
        execution.emit(MerchantRegistered { zone, merchant, class });
        Ok(())
    }
}
