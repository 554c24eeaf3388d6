//! The model's money: accounts, banks, zones.

use std::collections::{BTreeMap, BTreeSet};

use ledger_types::genesis::MemberRole;
use ledger_types::operation::{
    AccountKind, Issue, KycLevel, OpenAccount, RaiseAllowance, RaiseFor, RegisterMerchant,
    RequestRedeem, SetNetDebitCap, Transfer,
};
use ledger_types::{AccountId, BankId, Hash};

use super::{Captured, Holder, Model, Raised, Refused, Request, Status, rule, usable};

impl Captured {
    /// What a bank gets, less what it pays.
    fn net(&self, bank: u16) -> i128 {
        let seen = |((lower, higher), amount): (&(u16, u16), &i128)| {
            i128::from(*lower == bank) * amount - i128::from(*higher == bank) * amount
        };
        self.pairs.iter().map(seen).sum()
    }
}

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
        let requests = self.open_requests(account).map(|request| request.amount);
        requests.chain(self.payouts.held(account)).sum()
    }

    pub(super) fn open_requests<'a>(
        &'a self,
        account: &'a AccountId,
    ) -> impl Iterator<Item = &'a Request> {
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

    pub(super) fn own_bank(&self, sender: AccountId) -> Result<u16, u16> {
        let found = self.banks.iter().find(|(_, bank)| bank.own == sender);
        found.map(|(bank, _)| *bank).ok_or(2010)
    }

    pub(super) fn is_issuer(&self, bank: u16) -> bool {
        self.banks[&bank].float.is_some()
    }

    /// Whether the account may hold yen where it is.
    pub(super) fn holds(&self, account: &AccountId) -> bool {
        let holder = &self.holders[account];
        match holder.level {
            KycLevel::K0 => false,
            KycLevel::K1 => self.is_issuer(holder.bank),
            KycLevel::K2 => true,
            KycLevel::KB => !self.is_issuer(holder.bank),
        }
    }

    pub(super) fn is_float(&self, account: &AccountId) -> bool {
        self.banks.values().any(|bank| bank.float == Some(*account))
    }

    /// What of an account covers no issuer's debt.
    pub(super) fn free(&self, account: &AccountId) -> i128 {
        let covered = self.banks.iter().filter(|(_, bank)| bank.float == Some(*account));
        let covered: i128 = covered.map(|(bank, _)| self.liability(*bank)).sum();
        self.available(account) - covered
    }

    /// Moves a debt of `amount` from one custodian to another: issuers redeem and issue it, and their
    /// floats pay and are paid; the rest is between banks, under the first one's cap.
    pub(super) fn between(&mut self, from: u16, to: u16, amount: i128) -> Refused {
        self.between_banks(from, to, amount, false)
    }

    /// The same, where an escrow pays a voucher: under no cap.
    pub(super) fn between_banks(
        &mut self,
        from: u16,
        to: u16,
        amount: i128,
        pledged: bool,
    ) -> Refused {
        if from == to {
            return Ok(());
        }
        let (payer, payee) = (self.banks[&from].float, self.banks[&to].float);
        let (mut from, mut to) = (from, to);
        if let Some(float) = payer {
            self.banks.get_mut(&from).unwrap().redeemed += amount;
            let float = self.holders.get_mut(&float).unwrap();
            float.posted -= amount;
            from = float.bank;
        }
        if let Some(float) = payee {
            let issuer = self.banks.get_mut(&to).unwrap();
            issuer.issued += amount;
            rule(issuer.issued - issuer.redeemed <= issuer.allowance, 2007)?;
            let float = self.holders.get_mut(&float).unwrap();
            float.posted += amount;
            to = float.bank;
        }
        if from != to {
            *self.owed.entry((from, to)).or_default() += amount;
            let all = self.pledged.entry(from).or_default();
            *all += if pledged { amount } else { 0 };
            let counted = -self.position(from) - self.pledged[&from];
            rule(amount == 0 || pledged || counted <= self.banks[&from].cap, 2005)?;
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
                let is_issuer = self.is_issuer(bank);
                (account, if is_issuer { allowances.institution } else { allowances.bank })
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
        let is_citizen = open.kind == AccountKind::Citizen && open.kyc_level != KycLevel::KB;
        rule(is_citizen || !self.is_issuer(bank), 2044)?;
        let account = AccountId::opened_by(BankId::new(bank), &open.holder_commitment);
        rule(!self.holders.contains_key(&account), 2011)?;
        rule(usable(&open.keys, open.threshold), 2013)?;
        let (kind, level) = (open.kind, open.kyc_level);
        let holder = Holder { bank, kind, level, posted: 0, status: Status::Open };
        self.holders.insert(account, holder);
        Ok(())
    }

    pub(super) fn issue(&mut self, sender: AccountId, issue: &Issue) -> Refused {
        let bank = self.own_bank(sender)?;
        let amount = i128::from(issue.amount.get());
        rule(amount > 0, 2001)?;
        let holder = self.holders.get(&issue.account).ok_or(2002_u16)?;
        rule(holder.bank == bank, 2009)?;
        rule(self.holds(&issue.account), 2012)?;
        self.may_receive(&issue.account)?;
        rule(self.references.insert((bank, issue.core_banking_ref)), 2008)?;
        self.may_hold(&issue.account, amount)?;
        let lender = self.banks.get_mut(&bank).unwrap();
        lender.issued += amount;
        rule(lender.issued - lender.redeemed <= lender.allowance, 2007)?;
        let float = lender.float;
        self.holders.get_mut(&issue.account).unwrap().posted += amount;
        rule(float.is_none_or(|float| self.free(&float) >= 0), 2041)
    }

    pub(super) fn request(&mut self, sender: AccountId, request: &RequestRedeem) -> Refused {
        rule(self.holders.contains_key(&sender), 2018)?;
        let amount = i128::from(request.amount.get());
        rule(amount > 0, 2001)?;
        let is_used = self.requests.contains_key(&request.redeem);
        rule(!is_used && !self.payouts.knows(&request.redeem), 2014)?;
        rule(self.is_of_now(&request.redeem), 2023)?;
        rule(!self.is_issuer(self.holders[&sender].bank), 2042)?;
        rule(amount <= self.available(&sender), 2004)?;
        rule(amount <= self.free(&sender), 2040)?;
        rule(!self.is_bound(&sender), 3037)?;
        rule(self.open_requests(&sender).count() + self.payouts.held(&sender).count() < 64, 2020)?;
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
        let account = request.account;
        rule(self.holders[&account].status != Status::Deceased, 2059)
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
        rule(self.holds(&transfer.to), 2012)?;
        let (payer, payee) = (&self.holders[&sender], &self.holders[&transfer.to]);
        let is_prepaid = [payer, payee].map(|holder| self.is_issuer(holder.bank));
        rule(is_prepaid != [true, false] || payee.kind == AccountKind::Merchant, 2042)?;
        rule(!(is_prepaid[1] && self.is_float(&sender)), 2043)?;
        self.may_receive(&transfer.to)?;
        rule(amount <= self.available(&sender), 2004)?;
        rule(amount <= self.free(&sender), 2040)?;
        rule(!self.is_bound(&sender), 3037)?;
        self.spend(sender, self.holders[&transfer.to].kind, amount)?;
        self.may_hold(&transfer.to, amount)?;
        self.between(self.holders[&sender].bank, self.holders[&transfer.to].bank, amount)?;
        self.holders.get_mut(&sender).unwrap().posted -= amount;
        self.holders.get_mut(&transfer.to).unwrap().posted += amount;
        Ok(())
    }

    pub(super) fn set_cap(&mut self, sender: AccountId, set: &SetNetDebitCap) -> Refused {
        rule(self.roles.contains(&(sender, MemberRole::SettlementOperator)), 5001)?;
        let bank = self.banks.get_mut(&set.bank.get()).ok_or(2019_u16)?;
        rule(bank.float.is_none(), 2046)?;
        bank.cap = i128::from(set.cap.get());
        Ok(())
    }

    pub(super) fn close_cycle(&mut self, sender: AccountId, cycle: u32) -> Refused {
        rule(self.roles.contains(&(sender, MemberRole::SettlementOperator)), 5001)?;
        rule(usize::try_from(cycle).unwrap() == self.cycles.len() + 1, 2070)?;
        rule(self.cycles.last().is_none_or(|last| last.ended), 2071)?;
        let mut pairs: BTreeMap<(u16, u16), i128> = BTreeMap::new();
        for ((from, to), amount) in &self.owed {
            let seen = if to < from { *amount } else { -amount };
            *pairs.entry((*from.min(to), *from.max(to))).or_default() += seen;
        }
        pairs.retain(|_, amount| *amount != 0);
        rule(!pairs.is_empty(), 2072)?;
        let pledged = self.pledged.clone();
        let captured = Captured { pairs, confirmed: BTreeSet::new(), pledged, ended: false };
        self.cycles.push(captured);
        self.settle_cycle();
        Ok(())
    }

    fn waiting(&mut self, cycle: u32) -> Result<&mut Captured, u16> {
        let place = usize::try_from(cycle).unwrap().checked_sub(1).ok_or(2073_u16)?;
        let captured = self.cycles.get_mut(place).ok_or(2073_u16)?;
        rule(!captured.ended, 2074)?;
        Ok(captured)
    }

    pub(super) fn confirm_cycle(&mut self, sender: AccountId, cycle: u32) -> Refused {
        let bank = self.own_bank(sender)?;
        let captured = self.waiting(cycle)?;
        rule(captured.net(bank) != 0, 2075)?;
        rule(captured.confirmed.insert(bank), 2076)?;
        self.settle_cycle();
        Ok(())
    }

    pub(super) fn fail_cycle(&mut self, sender: AccountId, cycle: u32) -> Refused {
        rule(self.roles.contains(&(sender, MemberRole::SettlementOperator)), 5001)?;
        self.waiting(cycle)?.ended = true;
        Ok(())
    }

    /// The last cycle is paid where every bank of it said so: as if each had paid its pairs back.
    fn settle_cycle(&mut self) {
        let Some(captured) = self.cycles.last_mut() else { return };
        let is_owing = |bank: &u16| captured.net(*bank) != 0;
        if self
            .banks
            .keys()
            .filter(|bank| is_owing(bank))
            .all(|bank| captured.confirmed.contains(bank))
        {
            captured.ended = true;
            for ((lower, higher), amount) in captured.pairs.clone() {
                *self.owed.entry((lower, higher)).or_default() += amount;
            }
            for (bank, amount) in captured.pledged.clone() {
                *self.pledged.entry(bank).or_default() -= amount;
            }
        }
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
        rule(self.holds(&register.merchant), 2012)?;
        rule(!self.is_issuer(holder.bank), 2045)?;
        rule(!self.is_float(&register.merchant), 2043)?;
        self.may_receive(&register.merchant)?;
        let is_there = self.merchants.contains(&(zone, register.merchant));
        rule(!is_there || self.has_left(zone, &register.merchant), 3007)?;
        self.check_tier(zone, register.tier)?;
        self.merchants.insert((zone, register.merchant));
        self.classes.insert((zone, register.merchant), register.class);
        self.tiers.insert((zone, register.merchant), vec![(0, register.tier)]);
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
        rule(amount <= self.free(&sender), 2040)?;
        rule(!self.is_bound(&sender), 3037)?;
        self.holders.get_mut(&sender).unwrap().posted -= amount;
        *self.in_zones.get_mut(&(zone, sender)).unwrap() += amount;
        Ok(())
    }

    pub(super) fn discharge(&mut self, sender: AccountId, zone: u16, amount: i128) -> Refused {
        rule(self.holders.contains_key(&sender), 2018)?;
        rule(amount > 0, 2001)?;
        rule(self.zones.contains_key(&zone), 3001)?;
        let there = self.in_zones.get(&(zone, sender)).copied().ok_or(3003_u16)?;
        rule(amount <= there, 3004)?;
        self.may_leave(zone, &sender, amount)?;
        *self.in_zones.get_mut(&(zone, sender)).unwrap() -= amount;
        self.holders.get_mut(&sender).unwrap().posted += amount;
        Ok(())
    }
}
