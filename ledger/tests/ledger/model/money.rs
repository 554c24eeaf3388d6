//! The model's money: accounts, banks, zones.

use ledger_types::genesis::MemberRole;
use ledger_types::operation::{
    AccountKind, Issue, OpenAccount, Pay, RaiseAllowance, RaiseFor, RegisterMerchant,
    RequestRedeem, SetNetDebitCap, Transfer,
};
use ledger_types::{AccountId, BankId, Hash};

use super::{Holder, Model, Raised, Refused, Request, rule, usable};

const WEEK_MS: u64 = 7 * 24 * 3600 * 1000;

impl Model {
    /// What the bank owes its holders: the sum of all that they have, in zones too.
    pub(crate) fn liability(&self, bank: u16) -> i128 {
        let posted: i128 =
            self.holders.values().filter(|holder| holder.bank == bank).map(|h| h.posted).sum();
        let in_zones: i128 = self
            .in_zones
            .iter()
            .filter(|((_, account), _)| self.holders[account].bank == bank)
            .map(|(_, amount)| amount)
            .sum();
        posted + in_zones
    }

    /// What the others owe the bank, less what it owes them.
    pub(crate) fn position(&self, bank: u16) -> i128 {
        let to: i128 = self.owed.iter().filter(|((_, to), _)| *to == bank).map(|(_, a)| a).sum();
        let from: i128 =
            self.owed.iter().filter(|((from, _), _)| *from == bank).map(|(_, a)| a).sum();
        to - from
    }

    pub(crate) fn held(&self, account: &AccountId) -> i128 {
        self.open_requests(account).map(|request| request.amount).sum()
    }

    fn open_requests<'a>(&'a self, account: &'a AccountId) -> impl Iterator<Item = &'a Request> {
        self.requests.values().filter(move |request| {
            request.account == *account && !request.ended && self.now < request.expires
        })
    }

    pub(crate) fn available(&self, account: &AccountId) -> i128 {
        self.holders[account].posted - self.held(account)
    }

    pub(crate) fn zone_total(&self, zone: u16) -> i128 {
        self.in_zones.iter().filter(|((one, _), _)| *one == zone).map(|(_, amount)| amount).sum()
    }

    fn own_bank(&self, sender: AccountId) -> Result<u16, u16> {
        let found = self.banks.iter().find(|(_, bank)| bank.own == sender);
        found.map(|(bank, _)| *bank).ok_or(2010)
    }

    /// Moves a debt of `amount` from one bank to another, under the first one's cap.
    fn between(&mut self, from: u16, to: u16, amount: i128) -> Refused {
        if from != to {
            *self.owed.entry((from, to)).or_default() += amount;
            rule(-self.position(from) <= self.banks[&from].cap, 2005)?;
        }
        Ok(())
    }

    pub(super) fn raise(&mut self, sender: AccountId, raise: &RaiseAllowance) -> Refused {
        let allowances = self.allowances.unwrap();
        let (account, own) = match raise.whose {
            RaiseFor::Holder { account } => {
                let bank = self.own_bank(sender)?;
                let holder = self.holders.get(&account).ok_or(2002_u16)?;
                rule(holder.bank == bank, 2009)?;
                (account, allowances.bank)
            }
            RaiseFor::Merchant { zone, merchant } => {
                let operator = self.zones.get(&zone.get()).ok_or(3001_u16)?;
                rule(*operator == sender, 3006)?;
                rule(self.merchants.contains(&(zone.get(), merchant)), 3005)?;
                (merchant, allowances.operator)
            }
            RaiseFor::Subject { .. } => panic!("not generated here: {raise:?}"),
        };
        let (burst, per_minute) = (u64::from(raise.burst), u64::from(raise.per_minute));
        let (now, until) = (self.now, raise.until.as_millis());
        let lasts = now < until && until <= now + 366 * 24 * 3_600_000;
        rule(lasts && burst + per_minute > 0 && account != sender, 2030)?;
        let in_force = self.raised.iter().filter(|(_, raised)| raised.until > now);
        let of_others =
            in_force.clone().filter(|(one, raised)| **one == account && raised.by != sender);
        rule(of_others.count() == 0, 2031)?;
        let given: Vec<&Raised> = in_force
            .filter(|(one, raised)| **one != account && raised.by == sender)
            .map(|(_, raised)| raised)
            .collect();
        let bursts: u64 = given.iter().map(|raised| raised.burst).sum();
        let rates: u64 = given.iter().map(|raised| raised.per_minute).sum();
        rule(bursts + burst + 64 <= u64::from(own.burst), 2032)?;
        rule(rates + per_minute < u64::from(own.per_minute), 2032)?;
        self.raised.insert(account, Raised { by: sender, burst, per_minute, until });
        Ok(())
    }

    pub(super) fn open_account(&mut self, sender: AccountId, open: &OpenAccount) -> Refused {
        let bank = self.own_bank(sender)?;
        rule(open.kind != AccountKind::Bank, 2017)?;
        let account = AccountId::opened_by(BankId::new(bank), &open.holder_commitment);
        rule(!self.holders.contains_key(&account), 2011)?;
        rule(usable(&open.keys, open.threshold), 2013)?;
        let deposits = open.kyc_level.may_hold_deposits();
        self.holders.insert(account, Holder { bank, deposits, posted: 0 });
        Ok(())
    }

    pub(super) fn issue(&mut self, sender: AccountId, issue: &Issue) -> Refused {
        let bank = self.own_bank(sender)?;
        let amount = i128::from(issue.amount.get());
        rule(amount > 0, 2001)?;
        let holder = self.holders.get_mut(&issue.account).ok_or(2002_u16)?;
        rule(holder.bank == bank, 2009)?;
        rule(holder.deposits, 2012)?;
        rule(self.references.insert((bank, issue.core_banking_ref)), 2008)?;
        let lender = self.banks.get_mut(&bank).unwrap();
        lender.issued += amount;
        holder.posted += amount;
        rule(lender.issued - lender.redeemed <= lender.allowance, 2007)
    }

    pub(super) fn request(&mut self, sender: AccountId, request: &RequestRedeem) -> Refused {
        rule(self.holders.contains_key(&sender), 2018)?;
        let amount = i128::from(request.amount.get());
        rule(amount > 0, 2001)?;
        rule(!self.requests.contains_key(&request.redeem), 2014)?;
        rule(self.is_of_now(&request.redeem), 2023)?;
        rule(amount <= self.available(&sender), 2004)?;
        rule(self.open_requests(&sender).count() < 64, 2020)?;
        let expires = self.now + WEEK_MS;
        let (ended, claimed_until) = (false, None);
        let entry = Request { account: sender, amount, expires, ended, claimed_until };
        self.requests.insert(request.redeem, entry);
        Ok(())
    }

    /// The request, where it is this bank's to pay.
    fn owed(&mut self, bank: u16, redeem: Hash) -> Result<&mut Request, u16> {
        let request = self.requests.get_mut(&redeem).filter(|r| !r.ended).ok_or(2015_u16)?;
        rule(self.holders[&request.account].bank == bank, 2009)?;
        rule(self.now < request.expires, 2016)?;
        Ok(request)
    }

    pub(super) fn claim(&mut self, sender: AccountId, redeem: Hash, until: u64) -> Refused {
        let (bank, now) = (self.own_bank(sender)?, self.now);
        let request = self.owed(bank, redeem)?;
        rule(request.claimed_until.is_none_or(|claimed| claimed <= now), 2034)?;
        rule(now < until && until <= request.expires && until <= now + WEEK_MS, 2036)?;
        request.claimed_until = Some(until);
        Ok(())
    }

    pub(super) fn release(&mut self, sender: AccountId, redeem: Hash) -> Refused {
        let bank = self.own_bank(sender)?;
        rule(self.owed(bank, redeem)?.claimed_until.take().is_some(), 2035)
    }

    pub(super) fn settle(&mut self, sender: AccountId, redeem: Hash) -> Refused {
        let bank = self.own_bank(sender)?;
        let request = self.owed(bank, redeem)?;
        rule(request.claimed_until.is_some(), 2035)?;
        request.ended = true;
        let request = request.clone();
        let holder = self.holders.get_mut(&request.account).unwrap();
        holder.posted -= request.amount;
        self.banks.get_mut(&bank).unwrap().redeemed += request.amount;
        Ok(())
    }

    pub(super) fn cancel(&mut self, sender: AccountId, redeem: Hash) -> Refused {
        rule(self.holders.contains_key(&sender), 2018)?;
        let own_bank = self.own_bank(sender).ok();
        let request = self.requests.get_mut(&redeem).filter(|r| !r.ended).ok_or(2015_u16)?;
        let custodian = self.holders[&request.account].bank;
        rule(request.account == sender || own_bank == Some(custodian), 2009)?;
        rule(self.now < request.expires, 2016)?;
        rule(request.claimed_until.is_none_or(|claimed| claimed <= self.now), 2034)?;
        request.ended = true;
        Ok(())
    }

    pub(super) fn transfer(&mut self, sender: AccountId, transfer: &Transfer) -> Refused {
        rule(self.holders.contains_key(&sender), 2018)?;
        let amount = i128::from(transfer.amount.get());
        rule(amount > 0, 2001)?;
        rule(sender != transfer.to, 2003)?;
        rule(self.holders.contains_key(&transfer.to), 2002)?;
        rule(self.holders[&transfer.to].deposits, 2012)?;
        rule(amount <= self.available(&sender), 2004)?;
        self.between(self.holders[&sender].bank, self.holders[&transfer.to].bank, amount)?;
        self.holders.get_mut(&sender).unwrap().posted -= amount;
        self.holders.get_mut(&transfer.to).unwrap().posted += amount;
        Ok(())
    }

    pub(super) fn set_cap(&mut self, sender: AccountId, set: &SetNetDebitCap) -> Refused {
        rule(self.roles.contains(&(sender, MemberRole::SettlementOperator)), 5001)?;
        let bank = self.banks.get_mut(&set.bank.get()).ok_or(2019_u16)?;
        bank.cap = i128::from(set.cap.get());
        Ok(())
    }

    pub(super) fn register_merchant(
        &mut self,
        sender: AccountId,
        register: &RegisterMerchant,
    ) -> Refused {
        let zone = register.zone.get();
        rule(self.zones.contains_key(&zone), 3001)?;
        rule(self.zones[&zone] == sender, 3006)?;
        let holder = self.holders.get(&register.merchant).ok_or(2002_u16)?;
        rule(holder.deposits, 2012)?;
        rule(self.merchants.insert((zone, register.merchant)), 3007)?;
        self.in_zones.entry((zone, register.merchant)).or_default();
        Ok(())
    }

    pub(super) fn open_in_zone(&mut self, sender: AccountId, zone: u16) -> Refused {
        rule(self.holders.contains_key(&sender), 2018)?;
        rule(self.zones.contains_key(&zone), 3001)?;
        rule(!self.in_zones.contains_key(&(zone, sender)), 3002)?;
        self.in_zones.insert((zone, sender), 0);
        Ok(())
    }

    pub(super) fn charge(&mut self, sender: AccountId, zone: u16, amount: i128) -> Refused {
        rule(self.holders.contains_key(&sender), 2018)?;
        rule(amount > 0, 2001)?;
        rule(self.zones.contains_key(&zone), 3001)?;
        rule(self.in_zones.contains_key(&(zone, sender)), 3003)?;
        rule(amount <= self.available(&sender), 2004)?;
        self.holders.get_mut(&sender).unwrap().posted -= amount;
        *self.in_zones.get_mut(&(zone, sender)).unwrap() += amount;
        Ok(())
    }

    pub(super) fn discharge(&mut self, sender: AccountId, zone: u16, amount: i128) -> Refused {
        rule(self.holders.contains_key(&sender), 2018)?;
        rule(amount > 0, 2001)?;
        rule(self.zones.contains_key(&zone), 3001)?;
        let there = self.in_zones.get_mut(&(zone, sender)).ok_or(3003_u16)?;
        rule(amount <= *there, 3004)?;
        *there -= amount;
        self.holders.get_mut(&sender).unwrap().posted += amount;
        Ok(())
    }

    pub(super) fn pay(&mut self, sender: AccountId, pay: &Pay) -> Refused {
        let (zone, amount) = (pay.zone.get(), i128::from(pay.amount.get()));
        rule(self.holders.contains_key(&sender), 2018)?;
        rule(amount > 0, 2001)?;
        rule(sender != pay.merchant, 2003)?;
        rule(self.zones.contains_key(&zone), 3001)?;
        let there = self.in_zones.get(&(zone, sender)).copied().ok_or(3003_u16)?;
        rule(self.merchants.contains(&(zone, pay.merchant)), 3005)?;
        rule(amount <= there, 3004)?;
        self.between(self.holders[&sender].bank, self.holders[&pay.merchant].bank, amount)?;
        *self.in_zones.get_mut(&(zone, sender)).unwrap() -= amount;
        *self.in_zones.get_mut(&(zone, pay.merchant)).unwrap() += amount;
        Ok(())
    }
}
