//! Keys, each with the accounts for which it acts or acted.
//!
//! Entered when keys are given, and never taken out: whoever reads asks the state whether a key acts
//! now. The first key of a data subject is not here, for its account follows from it.
//!
//! ```text
//! y key account →        33 bytes, the key's type among them, and 20
//! ```

use ledger::State;
use ledger_types::record::Authority;
use ledger_types::{AccountId, PublicKey, Whose};
use rocksdb::WriteBatch;

use super::Index;
use super::change::Change;
use crate::store::error::StoreError;

const KEY: u8 = b'y';
/// How many entries are written at once when an index begins.
const BATCH_ENTRIES: u32 = 10_000;

/// A key that acts for an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ActingKey {
    /// The key.
    pub key: PublicKey,
    /// The account, data subject or party.
    pub account: AccountId,
}

/// The keys that act for an account now.
pub(super) fn acting(state: &State, account: &AccountId) -> Vec<Change> {
    let Some(authority) = state.authority(account) else { return vec![] };
    of_authority(*account, authority).map(Change::Acts).collect()
}

/// The same for somebody whom an event names.
pub(super) fn acting_for(state: &State, whose: Whose) -> Vec<Change> {
    whose.account().map_or_else(Vec::new, |account| acting(state, &account))
}

fn of_authority(account: AccountId, authority: &Authority) -> impl Iterator<Item = ActingKey> {
    let keys = authority.keys.as_slice().iter();
    keys.map(move |entry| ActingKey { key: entry.key, account })
}

pub(super) fn enter(batch: &mut WriteBatch, acting: &ActingKey) {
    batch.put([&prefix(&acting.key)[..], acting.account.as_bytes()].concat(), []);
}

fn prefix(key: &PublicKey) -> Vec<u8> {
    [&[KEY, key.tag()], &key.as_bytes()[..]].concat()
}

impl Index {
    /// Enters the keys of everybody who is there at genesis; nothing where blocks are entered already.
    ///
    /// Ended half way and begun again, it leaves the same.
    ///
    /// # Errors
    /// [`StoreError`] where the database refuses.
    pub(in crate::store) fn enter_genesis(&self, state: &State) -> Result<(), StoreError> {
        if self.height()?.get() > 0 {
            return Ok(());
        }
        let accounts = state.accounts().map(|(account, record)| (account, &record.authority));
        let parties = state.parties();
        let parties = parties.map(|party| (AccountId::of_party(party.party), &party.authority));
        let (mut batch, mut entries) = (WriteBatch::default(), 0_u32);
        for (account, authority) in accounts.chain(parties) {
            for acting in of_authority(account, authority) {
                enter(&mut batch, &acting);
                entries += 1;
            }
            if entries >= BATCH_ENTRIES {
                self.database.write(core::mem::take(&mut batch))?;
                entries = 0;
            }
        }
        self.database.write(batch)
    }

    /// Accounts that got a key, in order, at most `limit`; `after` is the last one seen.
    ///
    /// # Errors
    /// [`StoreError`] where the database refuses or holds something else.
    pub fn accounts_of(
        &self,
        key: &PublicKey,
        after: Option<&AccountId>,
        limit: usize,
    ) -> Result<Vec<AccountId>, StoreError> {
        let after = after.map(|seen| &seen.as_bytes()[..]);
        let malformed = |_| self.database.inconsistent("a key's account is malformed");
        let account = |bytes: Vec<u8>| bytes.try_into().map(AccountId::new).map_err(malformed);
        self.database.behind(&prefix(key), after, limit)?.into_iter().map(account).collect()
    }
}

#[cfg(test)]
mod tests {
    use ledger_types::SigningKey;

    use super::super::tests::index;
    use super::*;

    #[test]
    fn accounts_come_in_order_and_by_pages_and_of_this_key_alone() {
        let (_directory, index) = index();
        let key = |seed| SigningKey::from_seed(&[seed; 32]).public_key();
        let account = |number| AccountId::new([number; 20]);
        let mut batch = WriteBatch::default();
        for (seed, number) in [(1, 9), (1, 3), (2, 4), (1, 5), (1, 3)] {
            enter(&mut batch, &ActingKey { key: key(seed), account: account(number) });
        }
        index.database.write(batch).unwrap();
        let all = [account(3), account(5), account(9)];
        assert_eq!(index.accounts_of(&key(1), None, 9).unwrap(), all);
        assert_eq!(index.accounts_of(&key(1), None, 2).unwrap(), all[..2]);
        assert_eq!(index.accounts_of(&key(1), Some(&account(5)), 2).unwrap(), all[2..]);
        assert_eq!(index.accounts_of(&key(3), None, 2).unwrap(), []);
    }
}
