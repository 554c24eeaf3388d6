//! Zones, their fees and payments in them, as the rules say it.

use ledger_types::AccountId;
use ledger_types::genesis::MemberRole;
use ledger_types::operation::{
    AccountKind, CreateZone, Pay, SetFeeSchedule, SetRevenueShare, UpdateMerchant, UpdateZone,
};
use ledger_types::zone::{FeeTerms, ShareTerms};

use super::refunds::{Paid, Taken};
use super::{Model, Refused, rule};

const DAY: u64 = 86_400_000;

/// What holds from when on, in order; and how many versions there were.
#[derive(Clone)]
pub(crate) struct Timeline<T> {
    versions: u32,
    steps: Vec<(u64, T)>,
}

impl<T: Clone> Timeline<T> {
    fn at(&self, instant: u64) -> Option<&T> {
        self.steps.iter().rev().find(|(from, _)| *from <= instant).map(|(_, terms)| terms)
    }

    /// Announces what holds from an instant on, in the place of what was announced before.
    fn announce(
        before: Option<&Self>,
        (version, from, terms): (u32, u64, &T),
        now: u64,
        takes_more: impl Fn(Option<&T>, Option<&T>) -> bool,
    ) -> Result<Self, u16> {
        let none = Self { versions: 0, steps: vec![] };
        let before = before.unwrap_or(&none);
        rule(version == before.versions + 1, 3013)?;
        let from = from.max(now);
        let mut steps = before.steps.clone();
        steps.retain(|(from, _)| *from <= now);
        let was_announced = steps.len() < before.steps.len();
        steps.push((from, terms.clone()));
        let after = Self { versions: version, steps };
        // Nothing happens between these instants.
        let announced = before.steps.iter().map(|(from, _)| *from);
        for instant in announced.chain([now, from]).filter(|instant| *instant >= now) {
            if takes_more(before.at(instant), after.at(instant)) {
                rule(!was_announced, 3015)?;
                rule(instant >= now + 30 * DAY, 3016)?;
            }
        }
        Ok(after)
    }
}

/// What a merchant of a tier pays of an amount if nothing was charged before.
fn fee_of(terms: &FeeTerms, gross: i128) -> i128 {
    let share = gross * i128::from(terms.rate.get()) / 10_000;
    share.max(gross.min(terms.minimum.get().into()))
}

fn cap_of(terms: &FeeTerms, tier: usize) -> i128 {
    terms.tiers[tier].yearly_cap.map_or(i128::MAX, |cap| cap.get().into())
}

/// Whether some merchant of some tier ever pays.
fn charges(terms: &FeeTerms) -> bool {
    fee_of(terms, 1 << 60) > 0 && (0..terms.tiers.len()).any(|tier| cap_of(terms, tier) > 0)
}

/// Whether any merchant of any tier could pay more: rates, minimums and caps, one by one.
fn is_dearer(before: Option<&FeeTerms>, after: Option<&FeeTerms>) -> bool {
    let Some(after) = after.filter(|after| charges(after)) else { return false };
    let Some(before) = before.filter(|before| charges(before)) else { return true };
    after.rate > before.rate
        || after.minimum > before.minimum
        || (0..before.tiers.len()).any(|tier| cap_of(after, tier) > cap_of(before, tier))
}

fn share_of(terms: Option<&ShareTerms>, account: &AccountId) -> u16 {
    let Some(terms) = terms else { return 0 };
    let all: u16 = terms.shares.iter().map(|one| one.share.get()).sum();
    let own = terms.shares.iter().find(|one| one.account == *account);
    if terms.fund == *account { 10_000 - all } else { own.map_or(0, |one| one.share.get()) }
}

impl Model {
    fn operated(&self, sender: AccountId, zone: u16) -> Refused {
        rule(self.zones.contains_key(&zone), 3001)?;
        rule(self.zones[&zone] == sender, 3006)
    }

    fn in_time(&self, from: u64) -> bool {
        from <= self.now + 366 * DAY
    }

    pub(super) fn create_zone(&mut self, sender: AccountId, create: &CreateZone) -> Refused {
        rule(self.roles.contains(&(sender, MemberRole::Registrar)), 5001)?;
        rule(!self.zones.contains_key(&create.zone.get()), 3009)?;
        rule(self.roles.contains(&(create.operator, MemberRole::ZoneOperator)), 3010)?;
        rule(!create.name.is_empty(), 3011)?;
        self.zones.insert(create.zone.get(), create.operator);
        Ok(())
    }

    pub(super) fn update_zone(&mut self, sender: AccountId, update: &UpdateZone) -> Refused {
        self.operated(sender, update.zone.get())?;
        rule(!update.name.is_empty(), 3011)
    }

    pub(super) fn set_fees(&mut self, sender: AccountId, set: &SetFeeSchedule) -> Refused {
        let (zone, now) = (set.zone.get(), self.now);
        self.operated(sender, zone)?;
        let before = self.fees.get(&zone);
        let last = before.and_then(|before| before.steps.last());
        let tiers = last.map_or(1, |(_, terms)| terms.tiers.len());
        let from = set.from.as_millis();
        rule((tiers..=8).contains(&set.terms.tiers.len()) && self.in_time(from), 3012)?;
        let next = (set.version, from, &set.terms);
        rule(set.version == before.map_or(1, |before| before.versions + 1), 3013)?;
        let shared = self.shares.get(&zone).is_some_and(|shares| shares.at(now).is_some());
        rule(shared || !is_dearer(None, Some(&set.terms)), 3014)?;
        let has_merchants = self.merchants.iter().any(|(of, _)| *of == zone);
        let after = Timeline::announce(before, next, now, |before, after| {
            has_merchants && is_dearer(before, after)
        })?;
        self.fees.insert(zone, after);
        Ok(())
    }

    pub(super) fn set_shares(&mut self, sender: AccountId, set: &SetRevenueShare) -> Refused {
        let (zone, now) = (set.zone.get(), self.now);
        self.operated(sender, zone)?;
        let ShareTerms { shares, fund } = &set.terms;
        let all: u32 = shares.iter().map(|one| u32::from(one.share.get())).sum();
        let ascend = shares.windows(2).all(|pair| pair[0].account < pair[1].account);
        let usable = ascend && all <= 10_000 && shares.iter().all(|one| one.account != *fund);
        rule(usable && self.in_time(set.from.as_millis()), 3018)?;
        let mut everyone = shares.iter().map(|one| one.account).chain([*fund]);
        rule(everyone.all(|account| self.in_zones.contains_key(&(zone, account))), 3019)?;
        for account in shares.iter().map(|one| one.account).chain([*fund]) {
            rule(self.holds(&account), 2012)?;
            rule(!self.is_issuer(self.holders[&account].bank), 2045)?;
            rule(!self.is_float(&account), 2043)?;
        }
        let next = (set.version, set.from.as_millis(), &set.terms);
        let holders: Vec<AccountId> = self.holders.keys().copied().collect();
        let has_merchants = self.merchants.iter().any(|(of, _)| *of == zone);
        let after = Timeline::announce(self.shares.get(&zone), next, now, |before, after| {
            let mut others = holders.iter().filter(|account| **account != sender);
            has_merchants
                && others.any(|account| share_of(after, account) < share_of(before, account))
        })?;
        self.shares.insert(zone, after);
        Ok(())
    }

    pub(super) fn check_tier(&self, zone: u16, tier: u16) -> Refused {
        let schedules = self.fees.get(&zone);
        let terms = schedules
            .and_then(|all| all.at(self.now).or_else(|| all.steps.first().map(|(_, terms)| terms)));
        rule(usize::from(tier) < terms.map_or(1, |terms| terms.tiers.len()), 3017)
    }

    pub(super) fn update_merchant(
        &mut self,
        sender: AccountId,
        update: &UpdateMerchant,
    ) -> Refused {
        let zone = update.zone.get();
        self.operated(sender, zone)?;
        rule(self.merchants.contains(&(zone, update.merchant)), 3005)?;
        self.check_tier(zone, update.tier)?;
        let costs_more = |before: u16| {
            let all = self.fees.get(&zone);
            let steps = all.iter().flat_map(|all| &all.steps);
            let mut ahead = steps.filter(|(from, _)| *from > self.now).map(|(_, terms)| terms);
            let in_force = all.and_then(|all| all.at(self.now));
            let raises = |terms: &FeeTerms| {
                let cap = |tier: u16| cap_of(terms, usize::from(tier));
                charges(terms) && cap(update.tier) > cap(before)
            };
            in_force.is_some_and(raises) || ahead.any(raises)
        };
        let key = (zone, update.merchant);
        let mut steps = self.tiers.get(&key).cloned().unwrap_or_default();
        let announced = steps.iter().find(|(from, _)| *from > self.now).copied();
        steps.retain(|(from, _)| *from <= self.now);
        let from = if costs_more(steps.last().map_or(0, |(_, tier)| *tier)) {
            let stands = announced.filter(|(_, tier)| !costs_more(*tier));
            stands.map_or(self.now + 30 * DAY, |(from, _)| from)
        } else {
            self.now
        };
        steps.push((from, update.tier));
        self.tiers.insert(key, steps);
        Ok(())
    }

    /// April 1970 begins on its 91st day, in Japan nine hours earlier; no sequence gets to the next.
    pub(crate) fn fiscal_year(&self) -> u32 {
        if self.now + 9 * 3_600_000 < 90 * DAY { 1969 } else { 1970 }
    }

    /// The fee of a payment, where the zone charges any.
    fn taken(&self, pay: &Pay) -> Option<Taken> {
        let (zone, merchant) = (pay.zone.get(), pay.merchant);
        let terms = self.fees.get(&zone).and_then(|all| all.at(self.now))?;
        let steps = self.tiers.get(&(zone, merchant)).map_or(&[][..], Vec::as_slice);
        let tier = steps.iter().rev().find(|(from, _)| *from <= self.now);
        let tier = tier.map_or(0, |(_, tier)| *tier);
        let key = (zone, merchant, self.fiscal_year());
        let charged = self.charged.get(&key).copied().unwrap_or_default();
        let room = (cap_of(terms, usize::from(tier)) - charged).max(0);
        let gross = i128::from(pay.amount.get());
        (fee_of(terms, gross).min(room) > 0).then(|| {
            let all = self.shares[&zone].at(self.now).unwrap();
            // Who closed its account takes nothing: the fund takes it, or the merchant keeps it.
            let takes = |account: &AccountId| self.in_zones.contains_key(&(zone, *account));
            let shares = all.shares.iter().filter(|one| takes(&one.account));
            let shares = shares.map(|one| (one.account, i128::from(one.share.get()))).collect();
            let fund = Some(all.fund).filter(takes);
            let (rate, minimum) = (terms.rate.get().into(), terms.minimum.get().into());
            Taken { rate, minimum, room, shares, fund }
        })
    }

    pub(super) fn pay(&mut self, sender: AccountId, pay: &Pay) -> Refused {
        let (zone, amount) = (pay.zone.get(), i128::from(pay.amount.get()));
        let charge = pay.charge.map(|charge| i128::from(charge.get()));
        rule(self.holders.contains_key(&sender), 2018)?;
        rule(amount > 0 && charge != Some(0), 2001)?;
        let lines = pay.vouchers.iter().flatten();
        let by_vouchers: i128 = lines.map(|line| i128::from(line.amount.get())).sum();
        rule(charge.unwrap_or_default() <= (amount - by_vouchers).max(0), 3008)?;
        rule(sender != pay.merchant, 2003)?;
        rule(self.zones.contains_key(&zone), 3001)?;
        let is_in = self.in_zones.contains_key(&(zone, sender));
        rule(is_in || charge.is_some() || pay.vouchers.is_some(), 3003)?;
        rule(self.merchants.contains(&(zone, pay.merchant)), 3005)?;
        rule(!self.closed(zone, &pay.merchant), 3107)?;
        rule(pay.again || !self.paid_a_moment_ago(sender, pay), 3100)?;
        let (drawn, lots) = self.tender(sender, pay)?;
        let coin = amount - drawn.iter().map(|(_, part)| part).sum::<i128>();
        let moved = charge.unwrap_or_default();
        rule(moved == 0 || moved <= self.available(&sender), 2004)?;
        rule(moved == 0 || moved <= self.free(&sender), 2040)?;
        rule(moved == 0 || !self.is_bound(&sender), 3037)?;
        self.holders.get_mut(&sender).unwrap().posted -= moved;
        if is_in || moved > 0 {
            *self.in_zones.entry((zone, sender)).or_default() += moved;
        }
        let there = self.in_zones.get(&(zone, sender)).copied().unwrap_or_default();
        rule(coin <= there, 3004)?;
        if coin > 0 {
            self.may_leave(zone, &sender, coin)?;
            *self.in_zones.get_mut(&(zone, sender)).unwrap() -= coin;
            self.spend(sender, AccountKind::Merchant, coin)?;
        }
        let taken = self.taken(pay);
        let mut parts = taken.as_ref().map_or(vec![], |taken| taken.parts(amount));
        let fee: i128 = parts.iter().map(|(_, part)| part).sum();
        parts.insert(0, (pay.merchant, amount - fee));
        self.may_hold(&pay.merchant, parts[0].1)?;
        let mut sources: Vec<(u16, i128, bool)> =
            drawn.into_iter().map(|(bank, part)| (bank, part, true)).collect();
        sources.push((self.holders[&sender].bank, coin, false));
        for (to, part) in parts.iter().filter(|(_, part)| *part > 0) {
            let mut left = *part;
            for (bank, there, pledged) in &mut sources {
                let piece = left.min(*there);
                if piece > 0 {
                    self.between_banks(*bank, self.holders[to].bank, piece, *pledged)?;
                }
                *there -= piece;
                left -= piece;
            }
            *self.in_zones.get_mut(&(zone, *to)).unwrap() += part;
        }
        let year = self.fiscal_year();
        *self.charged.entry((zone, pay.merchant, year)).or_default() += fee;
        self.paid.push(Paid {
            id: self.payment_here(),
            zone,
            payer: sender,
            merchant: pay.merchant,
            class: self.classes.get(&(zone, pay.merchant)).copied(),
            time: self.now,
            amount,
            lots,
            fee: taken,
            year,
            refunded: 0,
            voided: false,
        });
        Ok(())
    }

    /// Whether the same is among the last eight that the payer paid in the zone within three minutes.
    fn paid_a_moment_ago(&self, sender: AccountId, pay: &Pay) -> bool {
        let zone = pay.zone.get();
        let own = self.paid.iter().rev().filter(|one| (one.payer, one.zone) == (sender, zone));
        let recent = own.take_while(|one| self.now < one.time + 180_000).take(8);
        let amount = i128::from(pay.amount.get());
        recent.into_iter().any(|one| (one.merchant, one.amount) == (pay.merchant, amount))
    }
}
