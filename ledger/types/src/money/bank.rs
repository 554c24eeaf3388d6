//! Custodians, which are banks and prepaid issuers, and what banks owe each other.

use borsh::{BorshDeserialize, BorshSerialize};

use super::KycLevel;
use crate::id::AccountId;
use crate::position::Position;
use crate::yen::Yen;

/// What kind of custodian one is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
#[borsh(use_discriminant = true)]
#[repr(u8)]
pub enum CustodianKind {
    /// A bank: what its accounts hold is deposits.
    #[default]
    Bank = 0,
    /// A prepaid issuer: what its accounts hold is prepaid value, and its float covers all of it.
    PrepaidIssuer {
        /// The account at a bank that covers what the issuer owes.
        float: AccountId,
    } = 1,
}

impl CustodianKind {
    /// Whether an account of this level may hold yen at such a custodian: deposits at a bank,
    /// prepaid value at an issuer. Who only receives free value holds none at either.
    #[must_use]
    pub const fn lets_hold(self, level: KycLevel) -> bool {
        match (self, level) {
            (Self::Bank, KycLevel::K2 | KycLevel::KB)
            | (Self::PrepaidIssuer { .. }, KycLevel::K1 | KycLevel::K2) => true,
            (Self::Bank, KycLevel::K0 | KycLevel::K1)
            | (Self::PrepaidIssuer { .. }, KycLevel::K0 | KycLevel::KB) => false,
        }
    }

    /// The float, where it is a prepaid issuer's.
    #[must_use]
    pub const fn float(self) -> Option<AccountId> {
        match self {
            Self::Bank => None,
            Self::PrepaidIssuer { float } => Some(float),
        }
    }

    /// Whether it is a bank.
    #[must_use]
    pub const fn is_bank(self) -> bool {
        matches!(self, Self::Bank)
    }
}

/// A custodian: a bank or a prepaid issuer, under its four-digit code.
#[derive(Clone, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Bank {
    /// Its public name.
    pub name: String,
    /// Its own account.
    pub account: AccountId,
    /// What kind of custodian it is.
    pub kind: CustodianKind,
    /// The most it may have outstanding (issued and not redeemed).
    pub issue_allowance: Yen,
    /// All it issued.
    pub issued: Yen,
    /// All it redeemed.
    pub redeemed: Yen,
    /// What it owes holders: the sum of its accounts' balances, sub-accounts in zones included.
    pub liability: Yen,
    /// The most it may owe the other banks on net; nothing for an issuer, which pays by its float.
    pub net_debit_cap: Yen,
    /// Its net position against all other banks; nothing for an issuer.
    pub position: Position,
    /// What of its net position programmes' escrows paid across banks since it was last settled: it is
    /// there to be settled with, so it does not count against the cap.
    pub pledged: Yen,
    /// What other banks paid it outside in all cycles that were settled, less what it paid them.
    pub settled: Position,
}

impl Bank {
    /// What it owes the other banks on net that counts against its cap: all but what is pledged.
    #[must_use]
    pub fn counted_debit(&self) -> Yen {
        self.position.net_debit().checked_sub(self.pledged).unwrap_or(Yen::ZERO)
    }

    /// What more it may come to owe the other banks on net by ordinary payments: more than the cap
    /// where they owe it, what is pledged left out.
    #[must_use]
    pub fn headroom(&self) -> Yen {
        let owed = if self.position > Position::ZERO { self.position.amount() } else { Yen::ZERO };
        let most = Yen::new(u64::MAX);
        let all =
            self.net_debit_cap.checked_add(owed).and_then(|all| all.checked_add(self.pledged));
        all.unwrap_or(most).checked_sub(self.position.net_debit()).unwrap_or(Yen::ZERO)
    }
}

/// What two banks owe each other on net, kept under the lower number first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct PairPosition {
    /// As the bank with the lower number sees it: positive is owed to it.
    pub position: Position,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_receives_free_value_only_holds_no_yen_and_businesses_hold_none_at_an_issuer() {
        let issuer = CustodianKind::PrepaidIssuer { float: AccountId::new([7; 20]) };
        let levels = [KycLevel::K0, KycLevel::K1, KycLevel::K2, KycLevel::KB];
        let at = |kind: CustodianKind| levels.map(|level| kind.lets_hold(level));
        assert_eq!(at(CustodianKind::Bank), [false, false, true, true]);
        assert_eq!(at(issuer), [false, true, true, false]);
        assert_eq!(issuer.float(), Some(AccountId::new([7; 20])));
        assert!(CustodianKind::Bank.is_bank() && !issuer.is_bank());
    }

    #[test]
    fn headroom_is_the_cap_less_what_is_owed_and_with_what_others_owe() {
        let room = |position, cap| {
            let bank = Bank {
                net_debit_cap: Yen::new(cap),
                position: Position::new(position),
                ..Bank::default()
            };
            bank.headroom().get()
        };
        assert_eq!([room(0, 100), room(-30, 100), room(30, 100)], [100, 70, 130]);
        // A cap may be set below what is owed, and none may be set at all.
        assert_eq!([room(-130, 100), room(5, u64::MAX)], [0, u64::MAX]);
    }

    #[test]
    fn what_is_pledged_does_not_count_against_the_cap() {
        let bank = |position, pledged| Bank {
            net_debit_cap: Yen::new(100),
            position: Position::new(position),
            pledged: Yen::new(pledged),
            ..Bank::default()
        };
        let counted = |position, pledged| {
            let bank = bank(position, pledged);
            (bank.counted_debit().get(), bank.headroom().get())
        };
        assert_eq!(counted(-70, 50), (20, 80));
        assert_eq!(counted(-250, 120), (130, 0));
        // What others owe it stays room for its own payments.
        assert_eq!(counted(-20, 50), (0, 130));
        assert_eq!(counted(10, 50), (0, 160));
    }
}
