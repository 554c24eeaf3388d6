//! Accounts, their histories and the content of transactions: the holder's, its bank's, and by
//! record auditors'.

use ledger::State;
use ledger_types::limits::OPERATIONS_MAX;
use ledger_types::operation::{AuditScope, ReadRight};
use ledger_types::record::LogRead;
use ledger_types::zone::Publishes;
use ledger_types::{AccountId, BankId, PartyRoles, ZoneId};
use node_api::ApiCode;

use super::{
    Asking, Concerned, Extent, Ground, Judged, OneMerchant, OnePayment, Refusal, not_entitled,
};

/// Whether a zone lists its merchants to everybody; one that is not there keeps nothing.
pub(super) fn are_merchants_public(state: &State, zone: ZoneId) -> bool {
    state.zone(zone).is_none_or(|record| record.publishes.intersects(Publishes::MERCHANTS))
}

/// Whether a zone gives its monthly report to everybody; one that is not there keeps nothing.
pub(super) fn is_report_public(state: &State, zone: ZoneId) -> bool {
    state.zone(zone).is_none_or(|record| record.publishes.intersects(Publishes::REPORT))
}

impl Asking<'_> {
    /// An account: its own, its custodian's, and whoever audits and has recorded that it reads.
    pub(super) fn account(&self, account: &AccountId) -> Judged<Ground> {
        self.entitled(account).map_or_else(|| self.audited(account), Ok)
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

    /// What a bank used a reference of its own for: the bank's alone.
    pub(super) fn reference(&self, bank: BankId) -> Judged<Ground> {
        let is_own = self.by.bank == Some(bank);
        let hidden = not_entitled("a core banking reference is read by its bank");
        if is_own { Ok(Ground::Own) } else { Err(hidden) }
    }

    /// The merchants of a zone that does not publish them: its operator's, and their own.
    pub(super) fn merchants(&self, zone: ZoneId) -> Judged<Ground> {
        let code = ApiCode::MerchantsNotPublished;
        let detail = "it lists them to its operator and to themselves";
        if self.takes_part_in(zone) { Ok(Ground::Own) } else { Err(Refusal { code, detail }) }
    }

    /// The report of a zone that does not publish it, or of a month that runs: its operator's, and its merchants', who pay the fees
    /// that it is about.
    pub(super) fn report(&self, zone: ZoneId) -> Judged<Ground> {
        let code = ApiCode::ReportNotPublished;
        let detail = "its operator and its merchants read it; others one that it publishes, of a month that is over";
        if self.takes_part_in(zone) { Ok(Ground::Own) } else { Err(Refusal { code, detail }) }
    }

    /// What a merchant was charged: whoever may read its account, and the zone's operator, which charges.
    pub(super) fn merchant_fees(&self, one: &OneMerchant) -> Judged<Ground> {
        let OneMerchant { zone, account } = one;
        if self.operates(*zone) { Ok(Ground::Own) } else { self.account(account) }
    }

    fn operates(&self, zone: ZoneId) -> bool {
        self.state.zone(zone).is_some_and(|record| record.operator == self.by.account)
    }

    /// Whether the reader is the operator of a zone or one of its merchants.
    fn takes_part_in(&self, zone: ZoneId) -> bool {
        self.operates(zone) || self.state.merchant(zone, &self.by.account).is_some()
    }

    /// One account as a merchant of such a zone: its holder's too, whether or not it is one.
    pub(super) fn merchant(&self, one: &OneMerchant) -> Judged<Ground> {
        let OneMerchant { zone, account } = one;
        if self.by.account == *account { Ok(Ground::Own) } else { self.merchants(*zone) }
    }

    /// A payment at a shop: all of it to whoever may read its payer's account, and without the payer to
    /// whoever may read the shop's. One that is not remembered is nobody's.
    pub(super) fn payment(&self, of: Option<OnePayment>) -> Judged<(Extent, Ground)> {
        let Some(OnePayment { payer, merchant }) = of else {
            return Ok((Extent::All, Ground::Open));
        };
        match self.account(&payer) {
            Ok(ground) => Ok((Extent::All, ground)),
            Err(hidden) => {
                let as_shop = self.account(&merchant).map(|ground| (Extent::WithoutPeople, ground));
                as_shop.map_err(|_| hidden)
            }
        }
    }

    fn entitled(&self, account: &AccountId) -> Option<Ground> {
        if self.by.account == *account {
            return Some(Ground::Own);
        }
        let custodian = self.state.account(account).map(|record| record.custodian);
        if custodian.is_some() && custodian == self.by.bank {
            return Some(Ground::Custodian);
        }
        None
    }

    /// By a recorded read of an account that its view covers: alone, at its bank, or in its zone.
    fn audited(&self, account: &AccountId) -> Judged<Ground> {
        let hidden = not_entitled("this is not the reader's to read");
        let party = self.by.party.ok_or(hidden)?;
        // Without a recorded read, only those who may record one learn that they need it.
        if self.named.read.is_none() && !self.has_role(PartyRoles::AUDITOR) {
            return Err(hidden);
        }
        let record = self.recorded(party, |record| self.covers(record, account))?;
        let record = record.ok_or(Refusal {
            code: ApiCode::ReadNotRecorded,
            detail: "commit read_access_log by an audit view of this account, its bank or its \
                zone, and name it with read=",
        })?;
        if let ReadRight::View { view, .. } = record.right {
            self.own_view(&view)?;
        }
        Ok(Ground::Audit)
    }

    /// Whether a recorded read is one of this account; by a consent no account is read.
    fn covers(&self, record: &LogRead, account: &AccountId) -> bool {
        let ReadRight::View { view, .. } = record.right else { return false };
        let Some(view) = self.state.audit_view(&view) else { return false };
        match view.scope {
            AuditScope::All | AuditScope::Subject { .. } => record.subject == *account,
            AuditScope::Account { account: one } => one == *account,
            AuditScope::Bank { bank } => {
                self.state.account(account).is_some_and(|record| record.custodian == bank)
            }
            AuditScope::Zone { zone } => self.state.zone_account(zone, account).is_some(),
            AuditScope::Controller { .. } => false,
        }
    }

    /// A transaction's content: all of it to whoever may read its sender's account, and to whoever
    /// may read one that an operation names, this operation alone.
    pub(super) fn transaction(&self, of: Option<Concerned<'_>>) -> Judged<(Extent, Ground)> {
        const { assert!(OPERATIONS_MAX <= 64, "an operation has a bit") };
        let Some(Concerned { sender, told }) = of else {
            return Ok((Extent::WithoutContent, Ground::Open));
        };
        let hidden = match self.account(&sender) {
            Ok(ground) => return Ok((Extent::All, ground)),
            Err(hidden) => hidden,
        };
        let (mut operations, mut first) = (0, None);
        for (place, accounts) in told.iter().enumerate().take(OPERATIONS_MAX) {
            let best = accounts.iter().filter_map(|account| self.account(account).ok()).min();
            if best.is_some() {
                operations |= 1 << place;
                first = first.into_iter().chain(best).min();
            }
        }
        let ground = first.ok_or(hidden)?;
        Ok((Extent::Operations(operations), ground))
    }
}
