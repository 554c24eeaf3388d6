//! The model's limits, closings, deaths and estates: what left an account is a list, summed each time.

use ledger_types::operation::{AccountKind, KycLevel, Limits, SetLimits, TransferEstate};
use ledger_types::{AccountId, Yen};

use super::{Model, Refused, Status, rule};

/// The year's days up to each month's end, in a year that is none of leap.
const MONTHS: [u64; 12] = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/// Year, month and day of an instant in Japan, by counting them off.
fn japan(millis: u64) -> (u64, usize, u64) {
    let mut days = (millis + 9 * 3_600_000) / 86_400_000;
    let mut year = 1970;
    let is_leap =
        |year: u64| year.is_multiple_of(4) && !year.is_multiple_of(100) || year.is_multiple_of(400);
    while days >= 365 + u64::from(is_leap(year)) {
        days -= 365 + u64::from(is_leap(year));
        year += 1;
    }
    for (month, length) in MONTHS.into_iter().enumerate() {
        let length = length + u64::from(month == 1 && is_leap(year));
        if days < length {
            return (year, month, days);
        }
        days -= length;
    }
    panic!("a year has twelve months")
}

fn whole(amount: Option<Yen>) -> Option<i128> {
    amount.map(|amount| i128::from(amount.get()))
}

impl Model {
    /// Whatever an account sends is asked this first.
    pub(super) fn may_send(&self, sender: &AccountId) -> Refused {
        let status = self.holders.get(sender).map(|holder| holder.status);
        rule(status != Some(Status::Closed), 2057)?;
        rule(status != Some(Status::Deceased), 2059)
    }

    pub(super) fn may_receive(&self, account: &AccountId) -> Refused {
        rule(self.holders[account].status != Status::Closed, 2058)
    }

    /// What left the account on the day and in the month of now, as far as it was counted.
    pub(crate) fn spent(&self, account: &AccountId) -> (i128, i128) {
        let (year, month, day) = japan(self.now);
        let of_month = |time: &u64| (japan(*time).0, japan(*time).1) == (year, month);
        let own = self.counted.iter().filter(|(one, _, _)| one == account);
        let of_month: Vec<_> = own.filter(|(_, time, _)| of_month(time)).collect();
        let of_day = of_month.iter().filter(|(_, time, _)| japan(*time).2 == day);
        let of_day: i128 = of_day.map(|(_, _, amount)| amount).sum();
        (of_day, of_month.iter().map(|(_, _, amount)| amount).sum())
    }

    fn limits(&self, account: &AccountId) -> Limits {
        self.limits.get(account).copied().unwrap_or(Limits::NONE)
    }

    pub(super) fn spend(
        &mut self,
        account: AccountId,
        payee: AccountKind,
        amount: i128,
    ) -> Refused {
        let Limits { per_payment, per_day, per_month, .. } = self.limits(&account);
        let within = |limit: Option<Yen>, sum: i128| whole(limit).is_none_or(|limit| sum <= limit);
        rule(within(per_payment, amount), 2051)?;
        let (of_day, of_month) = self.spent(&account);
        rule(within(per_day, of_day + amount), 2052)?;
        rule(within(per_month, of_month + amount), 2053)?;
        // Small prepaid accounts have a limit of a month by their level, and what one person sends
        // another of prepaid value has one by law; nothing here comes near either.
        let holder = &self.holders[&account];
        let both_persons = [holder.kind, payee] == [AccountKind::Citizen; 2];
        let by_law = both_persons && self.is_issuer(holder.bank);
        let by_level = holder.level == KycLevel::K1;
        if per_day.is_some() || per_month.is_some() || by_law || by_level {
            self.counted.push((account, self.now, amount));
        }
        Ok(())
    }

    pub(super) fn may_hold(&self, account: &AccountId, amount: i128) -> Refused {
        let own = self.in_zones.iter().filter(|((_, one), _)| one == account);
        let in_zones: i128 = own.map(|(_, amount)| amount).sum();
        let holding = self.holders[account].posted + in_zones + amount;
        rule(whole(self.limits(account).holding).is_none_or(|limit| holding <= limit), 2054)
    }

    /// The bank that sends and keeps the account.
    fn kept(&self, sender: AccountId, account: &AccountId) -> Result<u16, u16> {
        let bank = self.own_bank(sender)?;
        let holder = self.holders.get(account).ok_or(2002_u16)?;
        rule(holder.bank == bank, 2009)?;
        Ok(bank)
    }

    fn is_used(&self, account: &AccountId) -> bool {
        self.banks.values().any(|bank| bank.own == *account)
            || self.is_float(account)
            || self.roles.iter().any(|(member, _)| member == account)
            || self.zones.values().any(|operator| operator == account)
    }

    pub(super) fn set_limits(&mut self, sender: AccountId, set: &SetLimits) -> Refused {
        let SetLimits { account, limits } = *set;
        self.kept(sender, &account)?;
        rule(self.holders[&account].status != Status::Closed, 2057)?;
        let Limits { per_payment, per_day, per_month, holding } = limits;
        let all = [per_payment, per_day, per_month, holding];
        rule(!all.into_iter().flatten().any(|one| one.get() == 0), 2050)?;
        self.limits.insert(account, limits);
        Ok(())
    }

    pub(super) fn close(&mut self, sender: AccountId, account: AccountId) -> Refused {
        rule(self.holders.contains_key(&sender), 2018)?;
        let holder = self.holders.get(&account).ok_or(2002_u16)?;
        rule(sender == account || self.own_bank(sender) == Ok(holder.bank), 2009)?;
        rule(holder.status != Status::Closed, 2057)?;
        rule(!self.is_used(&account), 2063)?;
        rule(holder.posted == 0, 2064)?;
        let mut own = self.merchants.iter().filter(|(_, merchant)| *merchant == account);
        rule(own.all(|(zone, merchant)| self.has_left(*zone, merchant)), 2065)?;
        let own = self.in_zones.iter().filter(|((_, one), _)| *one == account);
        rule(own.map(|(_, amount)| amount).sum::<i128>() == 0, 2066)?;
        self.in_zones.retain(|(_, one), _| *one != account);
        self.limits.remove(&account);
        self.counted.retain(|(one, _, _)| *one != account);
        self.holders.get_mut(&account).unwrap().status = Status::Closed;
        Ok(())
    }

    pub(super) fn mark(&mut self, sender: AccountId, account: AccountId) -> Refused {
        self.kept(sender, &account)?;
        let holder = &self.holders[&account];
        rule(holder.status != Status::Closed, 2057)?;
        rule(holder.status != Status::Deceased, 2061)?;
        rule(holder.is_person(), 2062)?;
        rule(!self.is_used(&account), 2063)?;
        let now = self.now;
        for request in self.requests.values_mut().filter(|one| one.account == account) {
            let is_live = !request.ended && now < request.expires;
            request.ended |= is_live && request.claimed_until.is_none();
        }
        self.payouts.died(&account);
        self.holders.get_mut(&account).unwrap().status = Status::Deceased;
        Ok(())
    }

    pub(super) fn correct(&mut self, sender: AccountId, account: AccountId) -> Refused {
        self.kept(sender, &account)?;
        let holder = self.holders.get_mut(&account).unwrap();
        rule(holder.status == Status::Deceased, 2060)?;
        holder.status = Status::Open;
        Ok(())
    }

    pub(super) fn estate(&mut self, sender: AccountId, estate: &TransferEstate) -> Refused {
        let TransferEstate { account, to, amount, .. } = *estate;
        let amount = i128::from(amount.get());
        let bank = self.kept(sender, &account)?;
        rule(self.holders[&account].status == Status::Deceased, 2060)?;
        rule(self.in_parts.contains(&bank), 2067)?;
        rule(amount > 0, 2001)?;
        rule(account != to, 2003)?;
        let heir = self.holders.get(&to).ok_or(2002_u16)?;
        let is_kept = heir.kind == AccountKind::Merchant;
        rule(self.holds(&to), 2012)?;
        let is_prepaid = [bank, self.holders[&to].bank].map(|bank| self.is_issuer(bank));
        rule(is_prepaid != [true, false] || is_kept, 2042)?;
        self.may_receive(&to)?;
        let zones: Vec<u16> = self.zones.keys().copied().collect();
        for zone in zones {
            let kept = self.kept_in(zone, &account);
            if let Some(left) = self.in_zones.get_mut(&(zone, account)) {
                let free = (*left - kept).max(0);
                *left -= free;
                self.holders.get_mut(&account).unwrap().posted += free;
            }
        }
        rule(amount <= self.available(&account), 2004)?;
        self.may_hold(&to, amount)?;
        self.between(bank, self.holders[&to].bank, amount)?;
        self.holders.get_mut(&account).unwrap().posted -= amount;
        self.holders.get_mut(&to).unwrap().posted += amount;
        Ok(())
    }
}
