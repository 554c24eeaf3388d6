//! Business Zones and their merchants: public.

use ledger_types::operation::MerchantClass;
use ledger_types::{Yen, ZoneId};

use crate::form::body;
use crate::text::{Address, schema};

body! {
    /// The zones, in order of number.
    pub struct ZonesBody {
        /// The zones.
        zones: Vec<ZoneBody>,
    }

    /// A zone.
    pub struct ZoneBody {
        /// Its number.
        zone: ZoneId as u16,
        /// Its public name.
        name: String,
        /// Its operator's account.
        operator: Address,
        /// What its sub-accounts hold in all.
        total: Yen as schema::Amount,
    }

    /// A registered merchant.
    pub struct MerchantBody {
        /// Its account.
        account: Address,
        /// Its class.
        class: MerchantClass as schema::MerchantClass,
    }

    /// A page of a zone's merchants.
    pub struct MerchantPage {
        /// The merchants, in order of account.
        merchants: Vec<MerchantBody>,
        /// Where the next page begins; none at the end.
        next: Option<String>,
    }
}
