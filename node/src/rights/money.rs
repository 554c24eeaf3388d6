//! Accounts, their histories and the content of transactions: the holder's, its bank's, auditors'.

use ledger_types::AccountId;

use super::{Asking, Extent, Ground, Judged, not_entitled};

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

    /// A transaction's content: whoever may read one of the accounts that it concerns.
    pub(super) fn transaction(&self, concerned: Option<&[AccountId]>) -> Judged<(Extent, Ground)> {
        let Some(concerned) = concerned else { return Ok((Extent::WithoutContent, Ground::Open)) };
        let first = concerned.iter().filter_map(|account| self.entitled(account)).min();
        let ground = first.ok_or(not_entitled("this is not the reader's to read"))?;
        Ok((Extent::All, ground))
    }
}
