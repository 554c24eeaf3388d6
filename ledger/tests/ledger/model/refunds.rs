//! The model's refunds: a payment is a list of what was spent, and a refund takes from its end.

use std::collections::BTreeMap;

use ledger_types::operation::{MerchantClass, Refund, Void};
use ledger_types::{AccountId, Hash};

use super::{Model, Refused, rule};

const DAY: u64 = 86_400_000;

/// Whose, and how much.
type Part = (AccountId, i128);

/// What a payment paid of a fee: the rate, the least, what the cap left, and who shared in it.
#[derive(Clone)]
pub(crate) struct Taken {
    pub(crate) rate: i128,
    pub(crate) minimum: i128,
    pub(crate) room: i128,
    pub(crate) shares: Vec<(AccountId, i128)>,
    pub(crate) fund: Option<AccountId>,
}

impl Taken {
    /// Who has how much of the fee of `gross`, the fund last.
    pub(crate) fn parts(&self, gross: i128) -> Vec<(AccountId, i128)> {
        let fee = (gross * self.rate / 10_000).max(self.minimum.min(gross)).min(self.room);
        let mut parts: Vec<_> =
            self.shares.iter().map(|(account, share)| (*account, fee * share / 10_000)).collect();
        let shared: i128 = parts.iter().map(|(_, part)| part).sum();
        parts.extend(self.fund.map(|fund| (fund, fee - shared)));
        parts
    }
}

/// A payment at a shop.
#[derive(Clone)]
pub(crate) struct Paid {
    pub(crate) id: Hash,
    pub(crate) zone: u16,
    pub(crate) payer: AccountId,
    pub(crate) merchant: AccountId,
    pub(crate) class: Option<MerchantClass>,
    pub(crate) time: u64,
    pub(crate) amount: i128,
    /// Which vouchers, by their place in the list, and how much of each, in the order of spending.
    pub(crate) lots: Vec<(usize, i128)>,
    pub(crate) fee: Option<Taken>,
    pub(crate) year: u32,
    pub(crate) refunded: i128,
    pub(crate) voided: bool,
}

impl Model {
    fn found(&self, sender: AccountId, zone: u16, id: &Hash) -> Result<usize, u16> {
        let is_it = |one: &Paid| (one.id, one.merchant, one.zone) == (*id, sender, zone);
        self.paid.iter().position(is_it).ok_or(3101)
    }

    pub(super) fn refund(&mut self, sender: AccountId, refund: &Refund) -> Refused {
        rule(self.holders.contains_key(&sender), 2018)?;
        let amount = i128::from(refund.amount.get());
        rule(amount > 0, 2001)?;
        let place = self.found(sender, refund.zone.get(), &refund.payment)?;
        let paid = self.paid[place].clone();
        rule(!paid.voided, 3102)?;
        rule(paid.refunded == i128::from(refund.before.get()), 3103)?;
        rule(amount <= paid.amount - paid.refunded, 3104)?;
        self.give_back(&paid, amount)?;
        self.paid[place].refunded += amount;
        Ok(())
    }

    pub(super) fn void(&mut self, sender: AccountId, void: &Void) -> Refused {
        rule(self.holders.contains_key(&sender), 2018)?;
        let place = self.found(sender, void.zone.get(), &void.payment)?;
        let paid = self.paid[place].clone();
        rule(!paid.voided, 3102)?;
        let day = |instant: u64| (instant + 9 * 3_600_000) / DAY;
        rule(day(paid.time) == day(self.now) && paid.refunded == 0, 3105)?;
        self.give_back(&paid, paid.amount)?;
        self.paid[place].voided = true;
        Ok(())
    }

    /// Gives back the next `amount` yen from the end of what was spent, coin being its beginning.
    fn give_back(&mut self, paid: &Paid, amount: i128) -> Refused {
        let (mut skipped, mut left) = (paid.refunded, amount);
        let mut back: Vec<(usize, i128)> = Vec::new();
        for (place, part) in paid.lots.iter().rev() {
            let gone = skipped.min(*part);
            skipped -= gone;
            let part = (part - gone).min(left);
            left -= part;
            back.push((*place, part));
        }
        let coin = left;
        let bank = self.holders[&paid.merchant].bank;
        let mut outside: Vec<(AccountId, i128, bool)> = Vec::new();
        let mut to_escrows: BTreeMap<u32, i128> = BTreeMap::new();
        for (place, part) in back.into_iter().filter(|(_, part)| *part > 0) {
            let voucher = &mut self.vouchers[place];
            let programme = &self.programmes[&voucher.programme];
            if programme.closed || programme.terms.refund_until.as_millis() <= self.now {
                outside.push((programme.sponsor, part, false));
                continue;
            }
            voucher.used -= part;
            let (bucket, kind) = (voucher.bucket, voucher.kind);
            let class = paid.class.unwrap();
            self.uses.push((voucher.programme, voucher.round, bucket, kind, class, -part));
            *to_escrows.entry(voucher.programme).or_default() += part;
        }
        for (id, part) in to_escrows {
            let programme = &self.programmes[&id];
            let mut pledged =
                programme.terms.escrows.iter().filter(|one| programme.pledged.contains(*one));
            let first = *pledged.clone().next().unwrap();
            let near = pledged.find(|one| self.holders[*one].bank == bank);
            outside.push((near.copied().unwrap_or(first), part, true));
        }
        let (parts, fund) = self.fee_back(paid, amount);
        let fee: i128 = parts.iter().map(|(_, part)| part).sum::<i128>()
            - fund.iter().map(|(_, part)| part).sum::<i128>();
        let due = amount - fee;
        let there = self.in_zones.get_mut(&(paid.zone, paid.merchant)).unwrap();
        rule(due <= *there, 3004)?;
        *there -= due;
        let mut sources = vec![(bank, due)];
        for (account, part) in parts {
            let there = self.in_zones.get_mut(&(paid.zone, account)).unwrap();
            let short = (part - *there).max(0);
            *there -= part - short;
            self.holders.get_mut(&account).unwrap().posted -= short;
            sources.push((self.holders[&account].bank, part));
        }
        if coin > 0 {
            self.give(&mut sources, self.holders[&paid.payer].bank, coin, false)?;
            *self.in_zones.get_mut(&(paid.zone, paid.payer)).unwrap() += coin;
        }
        for (account, part, is_escrow) in outside {
            self.give(&mut sources, self.holders[&account].bank, part, is_escrow)?;
            self.holders.get_mut(&account).unwrap().posted += part;
        }
        if let Some((account, part)) = fund {
            self.give(&mut sources, self.holders[&account].bank, part, false)?;
            *self.in_zones.get_mut(&(paid.zone, account)).unwrap() += part;
        }
        *self.charged.entry((paid.zone, paid.merchant, paid.year)).or_default() -= fee;
        Ok(())
    }

    /// Who gives how much of the fee back, and what the fund gets of it.
    fn fee_back(&self, paid: &Paid, amount: i128) -> (Vec<Part>, Option<Part>) {
        let Some(taken) = &paid.fee else { return (vec![], None) };
        let left = paid.amount - paid.refunded;
        let (before, after) = (taken.parts(left), taken.parts(left - amount));
        let (mut parts, mut fund) = (vec![], None);
        for ((account, before), (_, after)) in before.into_iter().zip(after) {
            let back = before - after;
            let inside = self.in_zones.get(&(paid.zone, account)).copied().unwrap_or_default();
            if back > 0 && back <= inside + self.available(&account) {
                parts.push((account, back));
            } else if back < 0 {
                fund = Some((account, -back));
            }
        }
        let sum: i128 = parts.iter().map(|(_, part)| part).sum();
        let fund = fund.map(|(account, part)| (account, part.min(sum)));
        (parts, fund.filter(|(_, part)| *part > 0))
    }

    /// Pays from the sources in their order to somebody at a bank.
    fn give(
        &mut self,
        sources: &mut [(u16, i128)],
        to: u16,
        amount: i128,
        is_escrow: bool,
    ) -> Refused {
        let mut left = amount;
        for (from, there) in sources {
            let piece = left.min(*there);
            if piece > 0 {
                self.between(*from, to, piece)?;
                if is_escrow && *from != to {
                    self.unpledge(to, piece);
                }
            }
            *there -= piece;
            left -= piece;
        }
        assert_eq!(left, 0, "what goes back was taken");
        Ok(())
    }

    /// What no cycle captured yet of what escrows at a bank had paid is less by so much.
    fn unpledge(&mut self, bank: u16, amount: i128) {
        let waiting = self.cycles.iter().find(|cycle| !cycle.ended);
        let captured = waiting.and_then(|cycle| cycle.pledged.get(&bank)).copied();
        let all = self.pledged.entry(bank).or_default();
        *all -= amount.min(*all - captured.unwrap_or_default());
    }
}
