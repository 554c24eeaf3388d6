//! For whom a key acts: the index says who ever got it, the state who has it now.

use ledger::State;
use ledger_types::{AccountId, PublicKey};

use super::cursor::AccountCursor;
use super::{Query, QueryError};

/// A page of the accounts for which a key acts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyPage {
    /// The accounts, in order; fewer than were asked for where others that had the key have it no
    /// more.
    pub accounts: Vec<AccountId>,
    /// Where the next page begins; none at the end.
    pub next: Option<AccountCursor>,
}

impl Query {
    /// Accounts, data subjects and parties for which a key acts now, after `cursor`.
    ///
    /// # Errors
    /// [`QueryError`] where the store fails or keeps no index.
    pub fn accounts_of(
        &self,
        key: &PublicKey,
        cursor: Option<AccountCursor>,
        limit: usize,
    ) -> Result<KeyPage, QueryError> {
        let after = cursor.map(|AccountCursor(account)| account);
        let mut accounts = self.index()?.accounts_of(key, after.as_ref(), limit)?;
        // A data subject's account follows from its first key, so that the index lacks it.
        let own = AccountId::of_subject(key);
        if after.is_none_or(|after| own > after)
            && let Err(place) = accounts.binary_search(&own)
        {
            accounts.insert(place, own);
            accounts.truncate(limit);
        }
        let is_full = accounts.len() == limit;
        let next = accounts.last().filter(|_| is_full).map(|last| AccountCursor(*last));
        let state = self.state();
        accounts.retain(|account| acts(&state, key, account));
        Ok(KeyPage { accounts, next })
    }
}

fn acts(state: &State, key: &PublicKey, account: &AccountId) -> bool {
    let authority = state.authority(account);
    authority.is_some_and(|held| held.keys.as_slice().iter().any(|entry| entry.key == *key))
}
