//! Payouts, and merchants that are held or leave, as the rules say it.

use ledger_types::operation::{
    CloseMerchant, HoldMerchant, RequestPayout, SendPayout, SetPayoutTerms,
};
use ledger_types::{AccountId, Hash};

use super::{Model, Refused, rule};

const DAY: u64 = 86_400_000;
/// Midnight in Japan.
const AHEAD: u64 = 9 * 3_600_000;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    Waits,
    Sent(u64),
    Over,
}

#[derive(Clone)]
pub(crate) struct Payout {
    account: AccountId,
    zone: u16,
    amount: i128,
    stage: Stage,
}

/// How a merchant leaves: from when on nobody pays it, what it leaves, until when.
pub(crate) type Leaving = (u64, i128, u64);

#[derive(Clone, Default)]
pub(crate) struct Payouts {
    all: Vec<(Hash, Payout)>,
    terms: Vec<(u16, SetPayoutTerms)>,
    /// Who said where its payouts go; where to is no matter of sums.
    destined: Vec<AccountId>,
    held: Vec<(u16, AccountId)>,
    leaving: Vec<((u16, AccountId), Leaving)>,
}

impl Payouts {
    /// What payouts hold of an account.
    pub(crate) fn held(&self, account: &AccountId) -> impl Iterator<Item = i128> {
        let open = |one: &&(Hash, Payout)| one.1.account == *account && one.1.stage != Stage::Over;
        let amounts: Vec<i128> = self.all.iter().filter(open).map(|one| one.1.amount).collect();
        amounts.into_iter()
    }

    pub(crate) fn knows(&self, id: &Hash) -> bool {
        self.all.iter().any(|(one, _)| one == id)
    }

    /// A holder died: what was not sent is taken back.
    pub(crate) fn died(&mut self, account: &AccountId) {
        for (_, payout) in &mut self.all {
            if payout.account == *account && payout.stage == Stage::Waits {
                payout.stage = Stage::Over;
            }
        }
    }

    pub(crate) fn leaving(&self, zone: u16, merchant: &AccountId) -> Option<Leaving> {
        let own = self.leaving.iter().rev().find(|((of, one), _)| (*of, one) == (zone, merchant));
        own.map(|(_, leaving)| *leaving)
    }
}

fn today(now: u64) -> u64 {
    (now + AHEAD) / DAY
}

impl Model {
    fn of_merchant(&self, sender: AccountId, zone: u16, merchant: AccountId) -> Refused {
        rule(self.zones.contains_key(&zone), 3001)?;
        rule(self.zones[&zone] == sender, 3006)?;
        rule(self.merchants.contains(&(zone, merchant)), 3005)
    }

    pub(crate) fn closed(&self, zone: u16, merchant: &AccountId) -> bool {
        self.payouts.leaving(zone, merchant).is_some_and(|(from, _, _)| from <= self.now)
    }

    pub(crate) fn has_left(&self, zone: u16, merchant: &AccountId) -> bool {
        self.payouts.leaving(zone, merchant).is_some_and(|(_, _, until)| until <= self.now)
    }

    /// Whether so much may leave of what an account has in a zone, where it has as much.
    pub(crate) fn may_leave(&self, zone: u16, account: &AccountId, amount: i128) -> Refused {
        let there = self.in_zones.get(&(zone, *account)).copied().unwrap_or_default();
        let kept = self.kept_in(zone, account);
        rule(amount == 0 || kept == 0 || there - amount >= kept, 3109)
    }

    /// What stays of what an account has in a zone.
    pub(super) fn kept_in(&self, zone: u16, account: &AccountId) -> i128 {
        let is_held = self.payouts.held.contains(&(zone, *account));
        let leaving = self.payouts.leaving(zone, account);
        let reserve = leaving.filter(|(_, _, until)| self.now < *until).map_or(0, |one| one.1);
        if is_held { i128::MAX / 2 } else { reserve }
    }

    pub(super) fn hold_merchant(&mut self, sender: AccountId, hold: &HoldMerchant) -> Refused {
        let key = (hold.zone.get(), hold.merchant);
        self.of_merchant(sender, key.0, key.1)?;
        self.payouts.held.retain(|one| *one != key);
        if hold.ground.is_some() {
            self.payouts.held.push(key);
        }
        Ok(())
    }

    pub(super) fn close_merchant(&mut self, sender: AccountId, close: &CloseMerchant) -> Refused {
        let (zone, merchant) = (close.zone.get(), close.merchant);
        self.of_merchant(sender, zone, merchant)?;
        rule(!self.closed(zone, &merchant), 3107)?;
        let (today, last) = (today(self.now), close.last_day.get());
        rule(today <= last && last <= today + 366, 3108)?;
        let from = (last + 1) * DAY - AHEAD;
        let leaving = (from, i128::from(close.reserve.get()), from + 32 * DAY);
        self.payouts.leaving.push(((zone, merchant), leaving));
        Ok(())
    }

    pub(super) fn payout_terms(&mut self, sender: AccountId, terms: &SetPayoutTerms) -> Refused {
        let bank = self.own_bank(sender)?;
        rule(terms.smallest > terms.fee, 3110)?;
        self.payouts.terms.push((bank, terms.clone()));
        Ok(())
    }

    pub(super) fn payout_account(&mut self, sender: AccountId) -> Refused {
        rule(self.holders.contains_key(&sender), 2018)?;
        rule(self.merchants.iter().any(|(_, merchant)| *merchant == sender), 3005)?;
        self.payouts.destined.push(sender);
        Ok(())
    }

    pub(super) fn request_payout(&mut self, sender: AccountId, asked: &RequestPayout) -> Refused {
        let (zone, amount) = (asked.zone.get(), i128::from(asked.amount.get()));
        rule(self.holders.contains_key(&sender), 2018)?;
        rule(amount > 0, 2001)?;
        rule(self.zones.contains_key(&zone), 3001)?;
        rule(self.merchants.contains(&(zone, sender)), 3005)?;
        let is_used =
            self.requests.contains_key(&asked.payout) || self.payouts.knows(&asked.payout);
        rule(!is_used, 3111)?;
        rule(self.is_of_now(&asked.payout), 3112)?;
        rule(self.payouts.destined.contains(&sender), 3113)?;
        let bank = self.holders[&sender].bank;
        let terms = self.payouts.terms.iter().rev().find(|(one, _)| *one == bank);
        let (fee, smallest) =
            terms.map_or((0, 1), |(_, terms)| (terms.fee.get(), terms.smallest.get()));
        rule(asked.fee.get() == fee, 3114)?;
        rule(amount >= i128::from(smallest), 3115)?;
        let there = self.in_zones.get(&(zone, sender)).copied().ok_or(3003_u16)?;
        rule(amount <= there, 3004)?;
        self.may_leave(zone, &sender, amount)?;
        rule(self.open_requests(&sender).count() + self.payouts.held(&sender).count() < 64, 2020)?;
        *self.in_zones.get_mut(&(zone, sender)).unwrap() -= amount;
        self.holders.get_mut(&sender).unwrap().posted += amount;
        let payout = Payout { account: sender, zone, amount, stage: Stage::Waits };
        self.payouts.all.push((asked.payout, payout));
        Ok(())
    }

    fn payout(&mut self, id: Hash) -> Result<&mut Payout, u16> {
        self.payouts.all.iter_mut().find(|(one, _)| *one == id).map(|one| &mut one.1).ok_or(3116)
    }

    fn owed_payout(&mut self, sender: AccountId, id: Hash) -> Result<&mut Payout, u16> {
        let bank = self.own_bank(sender)?;
        let account = self.payout(id)?.account;
        rule(self.holders[&account].bank == bank, 2009)?;
        self.payout(id)
    }

    pub(super) fn cancel_payout(&mut self, sender: AccountId, id: Hash) -> Refused {
        rule(self.holders.contains_key(&sender), 2018)?;
        let own_bank = self.own_bank(sender).ok();
        let account = self.payout(id)?.account;
        rule(account == sender || own_bank == Some(self.holders[&account].bank), 2009)?;
        let payout = self.payout(id)?;
        rule(payout.stage == Stage::Waits, 3117)?;
        payout.stage = Stage::Over;
        Ok(())
    }

    pub(super) fn send_payout(&mut self, sender: AccountId, send: &SendPayout) -> Refused {
        let payout = self.owed_payout(sender, send.payout)?.clone();
        rule(payout.stage == Stage::Waits, 3117)?;
        let (today, on) = (today(self.now), send.on.get());
        // The first day was a Thursday; banks here name no holidays.
        rule(today <= on && on <= today + 31 && !matches!(on % 7, 2 | 3), 3119)?;
        rule(!self.payouts.held.contains(&(payout.zone, payout.account)), 3109)?;
        self.payout(send.payout)?.stage = Stage::Sent(on);
        Ok(())
    }

    pub(super) fn complete_payout(&mut self, sender: AccountId, id: Hash) -> Refused {
        let today = today(self.now);
        let payout = self.owed_payout(sender, id)?;
        rule(matches!(payout.stage, Stage::Sent(on) if on <= today), 3118)?;
        payout.stage = Stage::Over;
        let (account, amount) = (payout.account, payout.amount);
        let holder = self.holders.get_mut(&account).unwrap();
        holder.posted -= amount;
        self.banks.get_mut(&holder.bank).unwrap().redeemed += amount;
        Ok(())
    }

    pub(super) fn return_payout(&mut self, sender: AccountId, id: Hash) -> Refused {
        let payout = self.owed_payout(sender, id)?;
        rule(matches!(payout.stage, Stage::Sent(_)), 3118)?;
        payout.stage = Stage::Over;
        Ok(())
    }
}
