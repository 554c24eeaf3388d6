//! The supply: what banks owe, what they owe each other, what zones hold, and whether it adds up.

use ledger_types::{BankId, Height, Yen, ZoneId};

use crate::form::body;
use crate::text::{Address, schema};
use crate::time::Time;

body! {
    /// All money on the ledger after a height.
    pub struct SupplyBody {
        /// The height after which all this holds.
        height: Height as u64,
        /// The block's time.
        time: Time as schema::Instant,
        /// What banks have issued in all.
        issued: Yen as schema::Amount,
        /// What they have redeemed in all.
        redeemed: Yen as schema::Amount,
        /// What they owe to holders now.
        liability: Yen as schema::Amount,
        /// Whether every sum was checked and holds: balances against liabilities, issued less redeemed,
        /// zones against their sub-accounts, positions against zero.
        conserved: bool,
        /// Which sum does not hold.
        violation?: String,
        /// The banks, in order of code.
        banks: Vec<BankBody>,
        /// Positions between pairs of banks.
        pairs: Vec<PairBody>,
        /// The zones, in order of number.
        zones: Vec<ZoneTotalBody>,
    }

    /// A bank.
    pub struct BankBody {
        /// Its four-digit code.
        bank: BankId as u16,
        /// Its public name.
        name: String,
        /// Its own account.
        account: Address,
        /// What it has issued in all.
        issued: Yen as schema::Amount,
        /// What it has redeemed in all.
        redeemed: Yen as schema::Amount,
        /// What it owes to holders now.
        liability: Yen as schema::Amount,
        /// The most it may have outstanding.
        issue_allowance: Yen as schema::Amount,
        /// The most it may owe the other banks on net.
        net_debit_cap: Yen as schema::Amount,
        /// Its net position against the other banks: negative is owed by it.
        position: String as schema::SignedAmount,
    }

    /// The position between two banks, seen from the lower code: negative is owed by it.
    pub struct PairBody {
        /// The lower code.
        lower: BankId as u16,
        /// The higher code.
        higher: BankId as u16,
        /// The lower bank's position against the higher.
        position: String as schema::SignedAmount,
    }

    /// What a zone's sub-accounts hold in all.
    pub struct ZoneTotalBody {
        /// The zone.
        zone: ZoneId as u16,
        /// The sum.
        total: Yen as schema::Amount,
    }
}
