//! Accounts, their histories and the content of transactions: the holder's, its bank's, auditors'.

use ledger_types::AccountId;
use ledger_types::limits::OPERATIONS_MAX;

use super::{Asking, Concerned, Extent, Ground, Judged, not_entitled};

impl Asking<'_> {
    /// An account: its own, its custodian's, and whoever audits.
    pub(super) fn account(&self, account: &AccountId) -> Judged<Ground> {
        self.entitled(account).ok_or(not_entitled("this is not the reader's to read"))
    }

    /// A history: as its account, but that who audits is not told of people, as in a party's log.
    pub(super) fn history(&self, account: &AccountId) -> Judged<(Extent, Ground)> {
        let ground = self.account(account)?;
        let extent = match ground {
            Ground::Open | Ground::Own | Ground::Custodian => Extent::WithPseudonyms,
            Ground::Audit => Extent::WithoutPeople,
        };
        Ok((extent, ground))
    }

    fn entitled(&self, account: &AccountId) -> Option<Ground> {
        if self.by.account == *account {
            return Some(Ground::Own);
        }
        let custodian = self.state.account(account).map(|record| record.custodian);
        if custodian.is_some() && custodian == self.by.bank {
            return Some(Ground::Custodian);
        }
        self.by.is_auditor.then_some(Ground::Audit)
    }

    /// A transaction's content: all of it to whoever may read its sender's account, and to whoever
    /// may read one that an operation names, this operation alone.
    pub(super) fn transaction(&self, of: Option<Concerned<'_>>) -> Judged<(Extent, Ground)> {
        const { assert!(OPERATIONS_MAX <= 64, "an operation has a bit") };
        let Some(Concerned { sender, told }) = of else {
            return Ok((Extent::WithoutContent, Ground::Open));
        };
        if let Some(ground) = self.entitled(&sender) {
            return Ok((Extent::All, ground));
        }
        let (mut operations, mut first) = (0, None);
        for (place, accounts) in told.iter().enumerate().take(OPERATIONS_MAX) {
            let best = accounts.iter().filter_map(|account| self.entitled(account)).min();
            if best.is_some() {
                operations |= 1 << place;
                first = first.into_iter().chain(best).min();
            }
        }
        let ground = first.ok_or(not_entitled("this is not the reader's to read"))?;
        Ok((Extent::Operations(operations), ground))
    }
}
