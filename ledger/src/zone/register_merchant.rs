//! `RegisterMerchant`: a zone's operator registers a merchant, with a sub-account if it has none.

use ledger_types::event::MerchantRegistered;
use ledger_types::operation::RegisterMerchant;
use ledger_types::record::{Merchant, ZoneAccount};
use ledger_types::{Rejection, Yen, refuse_if};

use crate::execution::{Execute, Execution, Sender};
use crate::fault::Stop;

impl Execute for RegisterMerchant {
    fn execute(&self, execution: &mut Execution<'_>) -> Result<(), Stop> {
        let RegisterMerchant { zone, merchant, class } = *self;
        let books = &mut *execution.books;
        let operator = books.zone(zone).ok_or(Rejection::UnknownZone)?.operator;
        refuse_if(execution.sender != Sender::Account(operator), Rejection::NotZoneOperator)?;
        let account = books.account(&merchant).ok_or(Rejection::UnknownAccount)?;
        refuse_if(!account.kyc_level.may_hold_deposits(), Rejection::KycLevelTooLow)?;
        refuse_if(books.merchant(zone, &merchant).is_some(), Rejection::MerchantExists)?;
        let registered = execution.height;
        books.put_merchant(zone, &merchant, Merchant { class, registered });
        if books.zone_account(zone, &merchant).is_none() {
            books.put_zone_account(zone, &merchant, ZoneAccount { balance: Yen::ZERO });
        }
        execution.emit(MerchantRegistered { zone, merchant, class });
        Ok(())
    }
}
