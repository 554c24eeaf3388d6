//! The supply: what custodians owe, what they owe each other, what zones hold, and whether it adds up.

use ledger_types::{BankId, Height, Position, Yen, ZoneId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::form::body;
use crate::text::{Address, schema};
use crate::time::Time;

/// What kind of custodian keeps accounts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Custodian {
    /// A bank: its accounts hold deposits.
    Bank,
    /// A prepaid issuer: its accounts hold prepaid value.
    PrepaidIssuer,
}

body! {
    /// All money on the ledger after a height.
    pub struct SupplyBody {
        /// The height after which all this holds.
        height: Height as u64,
        /// The block's time.
        time: Time as schema::Instant,
        /// What banks and prepaid issuers have issued in all.
        issued: Yen as schema::Amount,
        /// What they have redeemed in all.
        redeemed: Yen as schema::Amount,
        /// What they owe to holders now: deposits and prepaid value. Prepaid value is covered by floats,
        /// which are deposits, so that this counts the yen of a float twice.
        liability: Yen as schema::Amount,
        /// What of it banks owe: deposits, floats among them.
        deposits: Yen as schema::Amount,
        /// What of it prepaid issuers owe: prepaid value.
        prepaid: Yen as schema::Amount,
        /// Whether every sum was checked and holds: balances against liabilities, issued less redeemed,
        /// zones against their sub-accounts, positions against zero, floats against what they cover.
        conserved: bool,
        /// Which sum does not hold.
        violation?: String,
        /// The banks and prepaid issuers, in order of code.
        banks: Vec<BankBody>,
        /// Positions between pairs of banks.
        pairs: Vec<PairBody>,
        /// The zones, in order of number.
        zones: Vec<ZoneTotalBody>,
    }

    /// A bank, or a prepaid issuer.
    pub struct BankBody {
        /// Its four-digit code.
        bank: BankId as u16,
        /// Its public name.
        name: String,
        /// Its own account.
        account: Address,
        /// What kind of custodian it is.
        kind: Custodian,
        /// Its float, where it is a prepaid issuer.
        float?: FloatBody,
        /// What it has issued in all.
        issued: Yen as schema::Amount,
        /// What it has redeemed in all.
        redeemed: Yen as schema::Amount,
        /// What it owes to holders now.
        liability: Yen as schema::Amount,
        /// The most it may have outstanding.
        issue_allowance: Yen as schema::Amount,
        /// The most it may owe the other banks on net; 0 for an issuer, which pays by its float.
        net_debit_cap: Yen as schema::Amount,
        /// Its net position against the other banks: negative is owed by it.
        position: Position as schema::SignedAmount,
        /// What of that vouchers' escrows paid since it was last settled: it counts against no cap.
        pledged: Yen as schema::Amount,
        /// What more it may come to owe the others before payments to them are refused.
        headroom: Yen as schema::Amount,
        /// What the others paid it outside in all cycles that were settled, less what it paid them.
        settled: Position as schema::SignedAmount,
    }

    /// The account at a bank that covers what a prepaid issuer owes: public, as its issuer is.
    pub struct FloatBody {
        /// The account.
        account: Address,
        /// The bank that keeps it.
        bank: BankId as u16,
        /// What is posted in it.
        balance: Yen as schema::Amount,
        /// What of it is available: posted less held. It is never less than what its issuer owes.
        available: Yen as schema::Amount,
    }

    /// The position between two banks, seen from the lower code: negative is owed by it.
    pub struct PairBody {
        /// The lower code.
        lower: BankId as u16,
        /// The higher code.
        higher: BankId as u16,
        /// The lower bank's position against the higher.
        position: Position as schema::SignedAmount,
    }

    /// What a zone's sub-accounts hold in all.
    pub struct ZoneTotalBody {
        /// The zone.
        zone: ZoneId as u16,
        /// The sum.
        total: Yen as schema::Amount,
    }
}
