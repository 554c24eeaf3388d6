//! Nonces of one account handed out to transactions in flight, at most 128 at once.
//!
//! A nonce that was not used after all comes back and is handed out first, so that the lowest
//! unused one never stays stuck (protocol rule 4).

use std::collections::BTreeSet;

use ledger_types::Nonce;
use ledger_types::limits::NONCE_WINDOW;
use node_api::body::AccountBody;

/// The allocator of one account's nonces.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Nonces {
    /// The lowest nonce that is not known to be used.
    lowest: u64,
    /// Used ones above it.
    used: BTreeSet<u64>,
    /// Unused ones below `next` that are not handed out.
    free: BTreeSet<u64>,
    /// The first one that was never handed out.
    next: u64,
}

impl Nonces {
    /// An allocator for an account whose lowest unused nonce is known and no other is used.
    #[must_use]
    pub const fn from_lowest(lowest: Nonce) -> Self {
        let lowest = lowest.get();
        Self { lowest, used: BTreeSet::new(), free: BTreeSet::new(), next: lowest }
    }

    /// An allocator that begins where the ledger says the account stands.
    ///
    /// `None` where the mask is not 32 hexadecimal digits.
    #[must_use]
    pub fn from_account(account: &AccountBody) -> Option<Self> {
        let mask = u128::from_str_radix(&account.used_nonces, 16).ok()?;
        let lowest = account.lowest_unused_nonce;
        let width = u64::from(u128::BITS - mask.leading_zeros());
        let bit = |offset: &u64| (mask >> offset) & 1 == 1;
        let (used, free): (BTreeSet<u64>, BTreeSet<u64>) = (0..width).partition(bit);
        let absolute = |set: BTreeSet<u64>| set.into_iter().map(|o| lowest + o).collect();
        Some(Self { lowest, used: absolute(used), free: absolute(free), next: lowest + width })
    }

    /// Takes the lowest nonce that is free, or `None` while the window is full.
    pub fn take(&mut self) -> Option<Nonce> {
        if let Some(nonce) = self.free.pop_first() {
            return Some(Nonce::new(nonce));
        }
        if self.next - self.lowest >= NONCE_WINDOW {
            return None;
        }
        self.next += 1;
        Some(Nonce::new(self.next - 1))
    }

    /// Notes that the ledger has used the nonce: its transaction was committed or rejected.
    pub fn settle(&mut self, nonce: Nonce) {
        self.used.insert(nonce.get());
        while self.used.remove(&self.lowest) {
            self.lowest += 1;
        }
        self.next = self.next.max(self.lowest);
    }

    /// Gives back a nonce whose transaction was never admitted anywhere.
    pub fn give_back(&mut self, nonce: Nonce) {
        if nonce.get() >= self.lowest && !self.used.contains(&nonce.get()) {
            self.free.insert(nonce.get());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drain(nonces: &mut Nonces) -> Vec<u64> {
        std::iter::from_fn(|| nonces.take()).map(Nonce::get).collect()
    }

    #[test]
    fn at_most_128_are_in_flight_and_settling_the_lowest_moves_the_window() {
        let mut nonces = Nonces::from_lowest(Nonce::new(5));
        assert_eq!(drain(&mut nonces), (5..133).collect::<Vec<_>>());
        nonces.settle(Nonce::new(6));
        assert_eq!(nonces.take(), None, "5 still holds the window");
        nonces.settle(Nonce::new(5));
        assert_eq!(drain(&mut nonces), [133, 134]);
    }

    #[test]
    fn a_nonce_given_back_is_the_next_to_be_taken() {
        let mut nonces = Nonces::default();
        assert_eq!(drain(&mut nonces).len(), 128);
        nonces.give_back(Nonce::new(0));
        assert_eq!(nonces.take(), Some(Nonce::new(0)));
        nonces.settle(Nonce::new(0));
        nonces.give_back(Nonce::new(0));
        assert_eq!(nonces.take(), Some(Nonce::new(128)), "a used nonce does not come back");
    }

    #[test]
    fn an_account_with_gaps_has_its_gaps_filled_first() {
        let body = serde_json::json!({
            "address": "aizu1x", "standing": "account", "lowest_unused_nonce": 10,
            "used_nonces": format!("{:032x}", 0b1010), "keys": [], "threshold": 1, "height": 1,
        });
        let account: AccountBody = serde_json::from_value(body).unwrap();
        let mut nonces = Nonces::from_account(&account).unwrap();
        let taken: Vec<u64> = (0..3).map(|_| nonces.take().unwrap().get()).collect();
        assert_eq!(taken, [10, 12, 14]);
        nonces.settle(Nonce::new(10));
        assert_eq!(nonces.lowest, 12, "10 and the used 11 are behind");
    }
}
