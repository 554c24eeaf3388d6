//! Business Zones, their fees and their merchants.

use ledger_types::japan::JapanDay;
use ledger_types::operation::MerchantClass;
use ledger_types::zone::{BasisPoints, FeeTax, FeeTier, MunicipalityCode, Publishes};
use ledger_types::{Hash, Yen, ZoneId};

use crate::form::body;
use crate::text::{Address, by_json, schema};
use crate::time::Time;

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
        /// The municipalities that it serves, in ascending order; none where nothing is said.
        areas: Vec<MunicipalityCode> as Vec<schema::Municipality>,
        /// What anybody may read of it.
        #[serde(with = "by_json")]
        publishes: Publishes as Vec<schema::Published>,
        /// What its merchants pay: the fee schedule in force, then the one that is announced; none
        /// where they pay nothing.
        fees: Vec<FeeScheduleBody>,
        /// Who gets the fees: in force, then announced.
        shares: Vec<RevenueShareBody>,
        /// What its sub-accounts hold in all.
        total: Yen as schema::Amount,
    }

    /// A version of a fee schedule.
    pub struct FeeScheduleBody {
        /// The version, from 1.
        version: u32,
        /// From when on it is in force.
        from: Time as schema::Instant,
        /// Whether it is by now.
        in_force: bool,
        /// The rate of each payment's whole amount, rounded down.
        rate: BasisPoints as schema::BasisPoints,
        /// The least for one payment, and never more than the payment itself.
        minimum: Yen as schema::Amount,
        /// Whether tax is in it.
        tax: FeeTax as schema::FeeTax,
        /// The tiers of merchants, from 0.
        #[serde(with = "by_json")]
        tiers: Vec<FeeTier> as Vec<schema::FeeTier>,
    }

    /// A version of who gets the fees.
    pub struct RevenueShareBody {
        /// The version, from 1.
        version: u32,
        /// From when on it is in force.
        from: Time as schema::Instant,
        /// Whether it is by now.
        in_force: bool,
        /// The shares of each fee, rounded down.
        shares: Vec<ShareBody>,
        /// The account of the regional fund, which gets the rest.
        fund: Address,
    }

    /// A share of each fee.
    pub struct ShareBody {
        /// Whose.
        account: Address,
        /// How much of each fee, rounded down.
        share: BasisPoints as schema::BasisPoints,
    }

    /// A registered merchant.
    pub struct MerchantBody {
        /// Its account.
        account: Address,
        /// Its class.
        class: MerchantClass as schema::MerchantClass,
        /// The kind of shop by ISO 18245; left out where it is not said.
        category?: u16,
        /// Where it is; left out where it is not said.
        area?: MunicipalityCode as schema::Municipality,
        /// The salted commitment to its invoice number; left out where there is none.
        invoice_number?: Hash as schema::Hex32,
        /// From when on nobody pays it, where it leaves the zone.
        closes?: Time as schema::Instant,
    }

    /// What a bank says of the payouts of shops that it keeps.
    pub struct PayoutTermsBody {
        /// What a shop bears of each transfer.
        fee: Yen as schema::Amount,
        /// The smallest payout, fee included.
        smallest: Yen as schema::Amount,
        /// The days on which the bank sends nothing beside Saturdays and Sundays, in order.
        holidays: Vec<JapanDay> as Vec<schema::JapanDay>,
    }

    /// A page of a zone's merchants.
    pub struct MerchantPage {
        /// The merchants, in order of account.
        merchants: Vec<MerchantBody>,
        /// Where the next page begins; none at the end.
        next: Option<String>,
    }
}
