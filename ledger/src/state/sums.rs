//! What banks owe holders and what lies in zones, summed as accounts are written.
//!
//! No part of the state: they follow from the records alone, are made from them when a state is
//! loaded, and from then on move with each write and go back with each that is undone. So the
//! supply is known without reading an account.

use std::collections::BTreeMap;

use ledger_types::record::{Account, Key, Kind, Record, ZoneAccount, keys};
use ledger_types::{AccountId, BankId, Yen, ZoneId};

use super::parts;
use crate::commitment::Records;

/// What a sum is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Of {
    /// What a bank's holders have, in zones or not.
    Bank(BankId),
    /// What lies in a zone.
    Zone(ZoneId),
    /// What redeem requests hold.
    Held,
}

/// See the module.
#[derive(Debug, Default)]
pub(crate) struct Sums {
    /// Those that are not zero. There are fewer than 2³² records of less than 2⁶⁴ yen each, so no
    /// sum comes near the end of its range, and none is less than any of its parts.
    sums: BTreeMap<Of, u128>,
    /// What each move of the open transaction found, oldest first; `None` outside of one.
    found: Option<Vec<(Of, u128)>>,
}

/// What one record adds to the sums.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
struct Share {
    bank: Option<BankId>,
    zone: Option<ZoneId>,
    balance: Yen,
    held: Yen,
}

impl Share {
    /// What the record under this key adds; nothing, where there is none.
    fn of(records: &Records<Record>, key: &Key, record: Option<&Record>) -> Self {
        if let Some(account) = record.and_then(Account::of) {
            let Account { custodian, balance, held, .. } = *account;
            return Self { bank: Some(custodian), zone: None, balance, held };
        }
        let Some(ZoneAccount { balance }) = record.and_then(ZoneAccount::of).copied() else {
            return Self::default();
        };
        // A holder's custodian never changes, so this is the one at every write.
        let holder = parts::account_after(3, key).and_then(|holder| custodian(records, &holder));
        let zone = parts::number(key).map(ZoneId::new);
        Self { bank: holder, zone, balance, held: Yen::ZERO }
    }

    fn parts(self) -> impl Iterator<Item = (Of, Yen)> {
        let bank = self.bank.map(|bank| (Of::Bank(bank), self.balance));
        let zone = self.zone.map(|zone| (Of::Zone(zone), self.balance));
        bank.into_iter().chain(zone).chain([(Of::Held, self.held)])
    }
}

fn custodian(records: &Records<Record>, holder: &AccountId) -> Option<BankId> {
    Some(records.get(&keys::account(holder)).and_then(Account::of)?.custodian)
}

/// Whether a record under this key adds to a sum.
fn is_summed(key: &Key) -> bool {
    let kind = key.as_bytes().first();
    kind == Some(&Account::NUMBER) || kind == Some(&ZoneAccount::NUMBER)
}

impl Sums {
    /// The sums over these records. Reads every account.
    pub(super) fn over(records: &Records<Record>) -> Self {
        let mut sums = Self::default();
        let accounts = records.iter_prefix(const { &[Account::NUMBER] });
        let in_zones = records.iter_prefix(const { &[ZoneAccount::NUMBER] });
        for (key, record) in accounts.chain(in_zones) {
            sums.add(Share::of(records, &key, Some(record)));
        }
        sums
    }

    /// Moves the sums by what a write is about to do to one record.
    pub(super) fn moved(&mut self, records: &Records<Record>, key: &Key, after: Option<&Record>) {
        if !is_summed(key) {
            return;
        }
        let before = Share::of(records, key, records.get(key));
        let after = Share::of(records, key, after);
        // Most writes of accounts only use a nonce.
        if before != after {
            self.take(before);
            self.add(after);
        }
    }

    fn add(&mut self, share: Share) {
        for (of, amount) in share.parts() {
            self.set(of, |sum| sum.saturating_add(amount.get().into()));
        }
    }

    fn take(&mut self, share: Share) {
        for (of, amount) in share.parts() {
            self.set(of, |sum| sum.saturating_sub(amount.get().into()));
        }
    }

    fn set(&mut self, of: Of, change: impl FnOnce(u128) -> u128) {
        let before = self.sum(of);
        let after = change(before);
        if before == after {
            return;
        }
        self.put(of, after);
        if let Some(found) = &mut self.found {
            found.push((of, before));
        }
    }

    fn put(&mut self, of: Of, sum: u128) {
        if sum == 0 {
            self.sums.remove(&of);
        } else {
            self.sums.insert(of, sum);
        }
    }

    fn sum(&self, of: Of) -> u128 {
        self.sums.get(&of).copied().unwrap_or_default()
    }

    /// Opens a transaction, keeping the one before.
    pub(super) fn begin(&mut self) {
        let mut found = self.found.take().unwrap_or_default();
        found.clear();
        self.found = Some(found);
    }

    /// Ends the transaction; its moves stay.
    pub(super) fn keep(&mut self) {
        self.found = None;
    }

    /// Ends the transaction; its moves are undone, the newest first.
    pub(super) fn rollback(&mut self) {
        for (of, before) in self.found.take().into_iter().flatten().rev() {
            self.put(of, before);
        }
    }

    /// Whether two states have the same sums.
    pub(crate) fn agree(&self, other: &Self) -> bool {
        self.sums == other.sums
    }

    /// What a bank's holders have; `None` past the range of amounts.
    pub(crate) fn of_bank(&self, bank: BankId) -> Option<Yen> {
        self.amount(Of::Bank(bank))
    }

    /// What lies in a zone; `None` past the range of amounts.
    pub(crate) fn in_zone(&self, zone: ZoneId) -> Option<Yen> {
        self.amount(Of::Zone(zone))
    }

    /// What redeem requests hold; `None` past the range of amounts.
    pub(crate) fn held(&self) -> Option<Yen> {
        self.amount(Of::Held)
    }

    fn amount(&self, of: Of) -> Option<Yen> {
        u64::try_from(self.sum(of)).ok().map(Yen::new)
    }
}

#[cfg(test)]
mod tests {
    use ledger_types::operation::{AccountKind, KycLevel, WeightedKey};
    use ledger_types::record::{AccountStatus, Authority};
    use ledger_types::{Hash, Height, SigningKey};

    use super::*;
    use crate::state::Books;

    const BANK: BankId = BankId::new(1);
    const ZONE: ZoneId = ZoneId::new(7);

    fn holder(number: u8) -> AccountId {
        AccountId::new([number; 20])
    }

    fn account(balance: u64, held: u64) -> Account {
        let key = SigningKey::from_seed(&[1; 32]).public_key();
        let keys = [WeightedKey::plain(key, 1)];
        Account {
            custodian: BANK,
            kind: AccountKind::Citizen,
            kyc_level: KycLevel::K2,
            status: AccountStatus::Open,
            holder_commitment: Hash::ZERO,
            balance: Yen::new(balance),
            held: Yen::new(held),
            authority: Authority::new(&keys, 1).unwrap(),
            opened: Height::GENESIS,
        }
    }

    fn books() -> Books {
        let mut books = Books::restore([]).unwrap();
        books.put_account(&holder(1), account(100, 20));
        books.put_account(&holder(2), account(50, 0));
        books.put_zone_account(ZONE, &holder(2), ZoneAccount { balance: Yen::new(7) });
        books
    }

    fn sums(books: &Books) -> (u64, u64, u64) {
        let sums = books.sums();
        let of = |sum: Option<Yen>| sum.unwrap().get();
        (of(sums.of_bank(BANK)), of(sums.in_zone(ZONE)), of(sums.held()))
    }

    #[test]
    fn every_write_moves_the_sums_and_every_undone_one_moves_them_back() {
        let mut books = books();
        assert_eq!(sums(&books), (157, 7, 20));
        books.begin();
        books.put_account(&holder(1), account(80, 0));
        books.put_account(&holder(3), account(1000, 5));
        books.put_zone_account(ZONE, &holder(2), ZoneAccount { balance: Yen::ZERO });
        assert_eq!(sums(&books), (1130, 0, 5));
        books.rollback();
        assert_eq!(sums(&books), (157, 7, 20));
        books.begin();
        books.put_account(&holder(1), account(81, 1));
        books.keep();
        books.rollback();
        assert_eq!(sums(&books), (138, 7, 1));
        assert!(books.sums().agree(&books.summed_anew()));
    }

    #[test]
    fn the_sums_of_a_loaded_state_are_those_it_was_written_with() {
        let mut books = books();
        let _changes = books.seal();
        let loaded = Books::restore(books.stored()).unwrap();
        assert_eq!(sums(&loaded), (157, 7, 20));
        assert!(books.sums().agree(loaded.sums()));
    }

    #[test]
    fn a_sum_that_is_not_the_accounts_is_seen() {
        let books = books();
        let mut kept = books.summed_anew();
        // Past the books' own writes, as only a defect can.
        kept.set(Of::Bank(BANK), |sum| sum + 1);
        assert!(!kept.agree(&books.summed_anew()));
    }
}
