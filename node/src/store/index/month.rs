//! Sums of a zone by month, and of each of its merchants: what its public report and the monthly
//! invoices for fees say.
//!
//! ```text
//! M zone ¬month          → the zone's sums, the newest month first        2 and 4 bytes
//! F zone account ¬month  → a merchant's fees, the newest month first
//! P zone month role account →  that it was paid (0) or paid (1) at least once
//! V zone version         → how the fees of a schedule stand to consumption tax
//! ```
//!
//! Months are Japan's at the block's time. A block adds to what stands there in the same batch as all else
//! that it brings, so that an index that is made again has the same sums. What each event adds is said in
//! `of_block`, by name.

mod of_block;

use std::collections::{BTreeMap, BTreeSet};

use borsh::{BorshDeserialize, BorshSerialize};
use ledger_types::japan::JapanMonth;
use ledger_types::operation::AccountKind;
use ledger_types::record::ChargedInYear;
use ledger_types::zone::FeeTax;
use ledger_types::{AccountId, ZoneId, codec};
use rocksdb::WriteBatch;

use super::Index;
use crate::store::database::Database;
use crate::store::error::StoreError;

pub(super) use of_block::of_block;

const ZONE_MONTH: u8 = b'M';
const MERCHANT_MONTH: u8 = b'F';
const ONCE: u8 = b'P';
const TAX: u8 = b'V';
/// The most purpose codes that a month keeps apart; what comes under others is one sum.
const PURPOSES_MAX: usize = 64;

/// How often, and how much in all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Counted {
    /// How often.
    pub count: u64,
    /// How many yen.
    pub yen: u64,
}

/// What somebody got of fees, and what it gave back of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Got {
    /// Yen that it got.
    pub got: u64,
    /// Yen that it gave back.
    pub gave_back: u64,
}

/// Sums of a zone in one month, in whole yen.
#[derive(Clone, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct ZoneMonth {
    /// Payments at shops, without cash.
    pub payments: Counted,
    /// What of them were vouchers that their buyers paid for.
    pub vouchers_paid: u64,
    /// What of them was the premium.
    pub vouchers_free: u64,
    /// What was paid in cash beside.
    pub cash: u64,
    /// Refunds.
    pub refunds: Counted,
    /// Voids.
    pub voids: Counted,
    /// The fees that were taken.
    pub charged_fees: u64,
    /// What of fees went back to merchants.
    pub returned_fees: u64,
    /// The operator's part of them.
    pub operator: Got,
    /// The regional fund's.
    pub fund: Got,
    /// Everybody else's, by the kind of account.
    pub others: BTreeMap<AccountKind, Got>,
    /// What left the regional fund's account, by the purpose that its transactions say.
    pub spent: BTreeMap<u16, Counted>,
    /// What left it under still other purposes.
    pub spent_otherwise: Counted,
    /// What holders moved into the zone.
    pub charged: u64,
    /// What holders moved out.
    pub discharged: u64,
    /// What left for heirs.
    pub for_heirs: u64,
    /// What sub-accounts held after the last block that is counted here.
    pub circulation: u64,
    /// Merchants that were paid.
    pub merchants: u64,
    /// Holders that paid.
    pub holders: u64,
}

/// The fees of a merchant in one month.
#[derive(Clone, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct MerchantMonth {
    /// By version of the schedule.
    pub versions: BTreeMap<u32, VersionFees>,
    /// What it was charged in its fiscal year after the last block that is counted here.
    pub year: ChargedInYear,
}

/// Fees by one version of the schedule.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct VersionFees {
    /// Payments of which a fee was taken.
    pub payments: u64,
    /// What these came to.
    pub base: u64,
    /// The fees of them.
    pub charged: u64,
    /// What of fees went back.
    pub returned: u64,
}

/// What a block adds to one zone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MonthChange {
    zone: ZoneId,
    month: JapanMonth,
    sums: ZoneMonth,
    merchants: BTreeMap<AccountId, MerchantMonth>,
    once: BTreeSet<(Role, AccountId)>,
    taxes: BTreeMap<u32, FeeTax>,
}

/// On which side of a payment somebody was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Role {
    WasPaid = 0,
    Paid = 1,
}

impl Counted {
    /// One more, of so much.
    const fn one(yen: u64) -> Self {
        Self { count: 1, yen }
    }

    const fn add(&mut self, more: Self) {
        self.count = self.count.saturating_add(more.count);
        self.yen = self.yen.saturating_add(more.yen);
    }
}

impl Got {
    const fn add(&mut self, more: Self) {
        self.got = self.got.saturating_add(more.got);
        self.gave_back = self.gave_back.saturating_add(more.gave_back);
    }
}

impl ZoneMonth {
    /// Adds what a block brought; what circulates is what it left.
    fn add(&mut self, more: &Self) {
        self.payments.add(more.payments);
        self.refunds.add(more.refunds);
        self.voids.add(more.voids);
        self.operator.add(more.operator);
        self.fund.add(more.fund);
        for (kind, got) in &more.others {
            self.others.entry(*kind).or_default().add(*got);
        }
        for (purpose, spent) in &more.spent {
            self.spend(*purpose, *spent);
        }
        self.spent_otherwise.add(more.spent_otherwise);
        for (sum, more) in [
            (&mut self.vouchers_paid, more.vouchers_paid),
            (&mut self.vouchers_free, more.vouchers_free),
            (&mut self.cash, more.cash),
            (&mut self.charged_fees, more.charged_fees),
            (&mut self.returned_fees, more.returned_fees),
            (&mut self.charged, more.charged),
            (&mut self.discharged, more.discharged),
            (&mut self.for_heirs, more.for_heirs),
            (&mut self.merchants, more.merchants),
            (&mut self.holders, more.holders),
        ] {
            *sum = sum.saturating_add(more);
        }
        self.circulation = more.circulation;
    }

    /// Notes what left the fund's account.
    fn spend(&mut self, purpose: u16, spent: Counted) {
        let is_kept = self.spent.contains_key(&purpose) || self.spent.len() < PURPOSES_MAX;
        let sum = if is_kept {
            self.spent.entry(purpose).or_default()
        } else {
            &mut self.spent_otherwise
        };
        sum.add(spent);
    }
}

impl MerchantMonth {
    fn add(&mut self, more: &Self) {
        for (version, fees) in &more.versions {
            let sums = self.versions.entry(*version).or_default();
            sums.payments = sums.payments.saturating_add(fees.payments);
            sums.base = sums.base.saturating_add(fees.base);
            sums.charged = sums.charged.saturating_add(fees.charged);
            sums.returned = sums.returned.saturating_add(fees.returned);
        }
        self.year = more.year;
    }
}

/// Adds what a block brought to what stands in the database.
pub(super) fn enter(
    database: &Database,
    batch: &mut WriteBatch,
    change: &MonthChange,
) -> Result<(), StoreError> {
    let MonthChange { zone, month, sums, merchants, once, taxes } = change;
    let (key, mut brought) = (zone_key(*zone, *month), sums.clone());
    for (role, account) in once {
        let key = once_key(*zone, *month, *role, account);
        if database.get(&key)?.is_none() {
            batch.put(key, []);
            match role {
                Role::WasPaid => brought.merchants += 1,
                Role::Paid => brought.holders += 1,
            }
        }
    }
    let mut stands: ZoneMonth = read(database, &key)?.unwrap_or_default();
    stands.add(&brought);
    batch.put(key, codec::encode(&stands));
    for (merchant, fees) in merchants {
        let key = merchant_key(*zone, merchant, *month);
        let mut stands: MerchantMonth = read(database, &key)?.unwrap_or_default();
        stands.add(fees);
        batch.put(key, codec::encode(&stands));
    }
    for (version, tax) in taxes {
        batch.put(tax_key(*zone, *version), codec::encode(tax));
    }
    Ok(())
}

fn read<T: BorshDeserialize>(database: &Database, key: &[u8]) -> Result<Option<T>, StoreError> {
    database.get(key)?.map(|value| parse(database, &value)).transpose()
}

fn parse<T: BorshDeserialize>(database: &Database, value: &[u8]) -> Result<T, StoreError> {
    borsh::from_slice(value).map_err(|_| database.inconsistent("a month's sums are malformed"))
}

/// A month in a key; those of years that nobody will see are one.
fn number(month: JapanMonth) -> u32 {
    u32::try_from(month.get()).unwrap_or(u32::MAX)
}

/// Counted down, so that the newest comes first.
fn descending(month: JapanMonth) -> [u8; 4] {
    (!number(month)).to_be_bytes()
}

fn zone_prefix(zone: ZoneId) -> Vec<u8> {
    [&[ZONE_MONTH], &zone.get().to_be_bytes()[..]].concat()
}

fn merchant_prefix(zone: ZoneId, merchant: &AccountId) -> Vec<u8> {
    [&[MERCHANT_MONTH], &zone.get().to_be_bytes()[..], merchant.as_bytes()].concat()
}

fn zone_key(zone: ZoneId, month: JapanMonth) -> Vec<u8> {
    [zone_prefix(zone), descending(month).to_vec()].concat()
}

fn merchant_key(zone: ZoneId, merchant: &AccountId, month: JapanMonth) -> Vec<u8> {
    [merchant_prefix(zone, merchant), descending(month).to_vec()].concat()
}

fn once_key(zone: ZoneId, month: JapanMonth, role: Role, account: &AccountId) -> Vec<u8> {
    let role = match role {
        Role::WasPaid => 0,
        Role::Paid => 1,
    };
    let (zone, month) = (zone.get().to_be_bytes(), number(month).to_be_bytes());
    [&[ONCE], &zone[..], &month[..], &[role], account.as_bytes()].concat()
}

fn tax_key(zone: ZoneId, version: u32) -> Vec<u8> {
    [&[TAX], &zone.get().to_be_bytes()[..], &version.to_be_bytes()].concat()
}

impl Index {
    /// The sums of a zone in a month. Where nothing happened there in this month, nothing but what had
    /// circulated before.
    ///
    /// # Errors
    /// [`StoreError`] where the database refuses or holds something else.
    pub fn zone_month(&self, zone: ZoneId, month: JapanMonth) -> Result<ZoneMonth, StoreError> {
        let found = self.latest::<ZoneMonth>(&zone_prefix(zone), month)?;
        Ok(match found {
            Some((true, sums)) => sums,
            Some((false, before)) => {
                ZoneMonth { circulation: before.circulation, ..ZoneMonth::default() }
            }
            None => ZoneMonth::default(),
        })
    }

    /// The fees of a merchant in a month. Where there were none, nothing but what it had been charged in
    /// the year of the last of them.
    ///
    /// # Errors
    /// [`StoreError`] where the database refuses or holds something else.
    pub fn merchant_month(
        &self,
        zone: ZoneId,
        merchant: &AccountId,
        month: JapanMonth,
    ) -> Result<MerchantMonth, StoreError> {
        let found = self.latest::<MerchantMonth>(&merchant_prefix(zone, merchant), month)?;
        Ok(match found {
            Some((true, fees)) => fees,
            Some((false, before)) => {
                MerchantMonth { year: before.year, ..MerchantMonth::default() }
            }
            None => MerchantMonth::default(),
        })
    }

    /// How the fees of a version of a zone's schedule stand to consumption tax; none where no block that
    /// is entered set it.
    ///
    /// # Errors
    /// [`StoreError`] where the database refuses or holds something else.
    pub fn fee_tax(&self, zone: ZoneId, version: u32) -> Result<Option<FeeTax>, StoreError> {
        read(&self.database, &tax_key(zone, version))
    }

    /// What stands behind a prefix for a month, or for the last one before it; and whether it is of
    /// the month itself.
    fn latest<T: BorshDeserialize>(
        &self,
        prefix: &[u8],
        month: JapanMonth,
    ) -> Result<Option<(bool, T)>, StoreError> {
        let exact = [prefix, &descending(month)].concat();
        let Some(item) = self.database.scan_from(&exact).next() else { return Ok(None) };
        let (key, value) = item?;
        let is_behind = key.starts_with(prefix) && key.len() == exact.len();
        if !is_behind {
            return Ok(None);
        }
        Ok(Some((*key == *exact, parse(&self.database, &value)?)))
    }
}

#[cfg(test)]
mod tests;
