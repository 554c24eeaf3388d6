//! `RegisterMerchant`: a zone's operator registers a merchant, with a sub-account where it has none.
//!
//! Rejections, in order: `UnknownZone`, `NotZoneOperator`, `UnknownAccount`, `KycLevelTooLow`,
//! `MerchantExists`.

use ledger_types::operation::RegisterMerchant;
use ledger_types::{Rejection, Yen};

use crate::event::Event;
use crate::execution::{Execution, Sender};
use crate::fault::Stop;
use crate::record::{Merchant, ZoneAccount};

pub(crate) fn register_merchant(
    execution: &mut Execution<'_>,
    register: &RegisterMerchant,
) -> Result<(), Stop> {
    let RegisterMerchant { zone, merchant, class } = *register;
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
    execution.emit(Event::MerchantRegistered { zone, merchant, class });
    Ok(())
}
