//! `RegisterMerchant`: a zone's operator registers a merchant, with a sub-account if it has none.

use ledger_types::event::MerchantRegistered;
use ledger_types::operation::RegisterMerchant;
use ledger_types::record::{Merchant, ZoneAccount};
use ledger_types::{Rejection, Yen, refuse_if};

use super::fees::check_tier;
use super::operated;
use crate::execution::{Execute, Execution};
use crate::fault::Stop;
use crate::money;

impl Execute for RegisterMerchant {
    fn execute(&self, execution: &mut Execution<'_>) -> Result<(), Stop> {
        let RegisterMerchant { zone, merchant, class, tier, profile } = *self;
        operated(execution, zone)?;
        let books = &mut *execution.books;
        let account = books.account(&merchant).ok_or(Rejection::UnknownAccount)?;
        money::check_merchant(books, &merchant, account)?;
        money::check_payee(account)?;
        let before = books.merchant(zone, &merchant).copied();
        let is_there = before.is_some_and(|one| !one.has_left(execution.time));
        refuse_if(is_there, Rejection::MerchantExists)?;
        check_tier(books, zone, tier, execution.time)?;
        refuse_if(!profile.is_sound(), Rejection::BadMerchantProfile)?;
        let record = Merchant::new(class, tier, profile, execution.height);
        // Who left and comes back is charged no more a year than who stayed.
        let charged = before.map_or(record.charged, |before| before.charged);
        let record = Merchant { charged, ..record };
        books.put_merchant(zone, &merchant, record);
        if books.zone_account(zone, &merchant).is_none() {
            books.put_zone_account(zone, &merchant, ZoneAccount { balance: Yen::ZERO });
        }
        execution.emit(MerchantRegistered { zone, merchant, class });
        Ok(())
    }
}
