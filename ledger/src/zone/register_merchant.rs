//! `RegisterMerchant`: a zone's operator registers a merchant, with a sub-account if it has none.

use ledger_types::event::MerchantRegistered;
use ledger_types::operation::RegisterMerchant;
use ledger_types::record::{ChargedInYear, Merchant, ZoneAccount};
use ledger_types::{Rejection, Yen, refuse_if};

use super::fees::check_tier;
use super::operated;
use crate::execution::{Execute, Execution};
use crate::fault::Stop;
use crate::money;

impl Execute for RegisterMerchant {
    fn execute(&self, execution: &mut Execution<'_>) -> Result<(), Stop> {
        let RegisterMerchant { zone, merchant, class, tier } = *self;
        operated(execution, zone)?;
        let books = &mut *execution.books;
        let account = books.account(&merchant).ok_or(Rejection::UnknownAccount)?;
        money::check_merchant(books, &merchant, account)?;
        money::check_payee(account)?;
        refuse_if(books.merchant(zone, &merchant).is_some(), Rejection::MerchantExists)?;
        check_tier(books, zone, tier, execution.time)?;
        let (registered, charged) = (execution.height, ChargedInYear::default());
        let record = Merchant { class, tier, next_tier: None, registered, charged };
        books.put_merchant(zone, &merchant, record);
        if books.zone_account(zone, &merchant).is_none() {
            books.put_zone_account(zone, &merchant, ZoneAccount { balance: Yen::ZERO });
        }
        execution.emit(MerchantRegistered { zone, merchant, class });
        Ok(())
    }
}
