//! The model's vouchers: every purchase and every use is a row of a list, and all else is summed from
//! them.

use std::collections::{BTreeMap, BTreeSet};

use ledger_types::operation::{
    AccountKind, Buyer, CreateProgramme, MerchantClass, MoveEscrow, OpenRound, Pay, Purchase,
};
use ledger_types::programme::{LotKind, ProgrammeTerms, RoundTerms, Takes};
use ledger_types::{AccountId, Yen};

use super::{Model, Refused, rule};

/// A programme with its rounds and whoever pledged an escrow.
#[derive(Clone)]
pub(crate) struct Programme {
    pub(crate) terms: ProgrammeTerms,
    pub(crate) sponsor: AccountId,
    pub(crate) pledged: BTreeSet<AccountId>,
    pub(crate) rounds: Vec<RoundTerms>,
    pub(crate) closed: bool,
}

/// What somebody bought of one bucket and kind.
#[derive(Clone)]
pub(crate) struct Voucher {
    pub(crate) owner: AccountId,
    pub(crate) programme: u32,
    pub(crate) round: u16,
    pub(crate) bucket: u16,
    pub(crate) kind: LotKind,
    pub(crate) expires: u64,
    pub(crate) bought: i128,
    pub(crate) used: i128,
}

impl Voucher {
    pub(crate) fn left(&self) -> i128 {
        self.bought - self.used
    }
}

fn whole(amount: Yen) -> i128 {
    i128::from(amount.get())
}

type Line = (u32, u16, LotKind);
/// From which banks, and how much each.
type Parts = Vec<(u16, i128)>;
/// Which vouchers, by their place in the list, and how much of each.
type Spent = Vec<(usize, i128)>;

impl Model {
    /// Whether nothing leaves an account but for vouchers.
    pub(super) fn is_bound(&self, account: &AccountId) -> bool {
        self.programmes.values().any(|one| !one.closed && one.pledged.contains(account))
    }

    pub(super) fn create(&mut self, sponsor: AccountId, create: &CreateProgramme) -> Refused {
        let terms = create.terms.clone();
        let (pledged, rounds) = (BTreeSet::new(), vec![]);
        let programme = Programme { terms, sponsor, pledged, rounds, closed: false };
        self.programmes.insert(create.programme.get(), programme);
        Ok(())
    }

    pub(super) fn fund(&mut self, sender: AccountId, programme: u32) -> Refused {
        let taken = self.programmes.values().any(|one| one.pledged.contains(&sender));
        let found = self.programmes.get_mut(&programme).ok_or(3027_u16)?;
        rule(!found.closed, 3039)?;
        rule(found.terms.escrows.contains(&sender), 3035)?;
        rule(!taken, 3036)?;
        found.pledged.insert(sender);
        Ok(())
    }

    fn sponsored(&self, sender: AccountId, programme: u32) -> Result<Programme, u16> {
        let found = self.programmes.get(&programme).ok_or(3027_u16)?;
        rule(found.sponsor == sender, 3028)?;
        rule(!found.closed, 3039)?;
        Ok(found.clone())
    }

    pub(super) fn move_escrow(&mut self, sender: AccountId, moved: &MoveEscrow) -> Refused {
        let found = self.sponsored(sender, moved.programme.get())?;
        let amount = whole(moved.amount);
        rule(amount > 0, 2001)?;
        rule(moved.from != moved.to, 2003)?;
        let both = [moved.from, moved.to];
        rule(both.iter().all(|one| found.pledged.contains(one)), 3035)?;
        rule(amount <= self.available(&moved.from), 2004)?;
        self.between(self.holders[&moved.from].bank, self.holders[&moved.to].bank, amount)?;
        self.holders.get_mut(&moved.from).unwrap().posted -= amount;
        self.holders.get_mut(&moved.to).unwrap().posted += amount;
        Ok(())
    }

    /// How many sets of a round were sold, by the first bucket's vouchers.
    fn sold(&self, programme: u32, round: u16) -> i128 {
        self.purchases
            .iter()
            .filter(|one| (one.1, one.2) == (programme, round))
            .map(|one| i128::from(one.3))
            .sum()
    }

    pub(super) fn open_round(&mut self, sender: AccountId, open: &OpenRound) -> Refused {
        let (id, terms) = (open.programme.get(), open.terms);
        let found = self.sponsored(sender, id)?;
        let last = found.rounds.len();
        rule(usize::from(open.round) == last + 1, 3041)?;
        let goes_on = found.rounds.last().is_some_and(|one| one.sale_until.as_millis() > self.now);
        rule(!goes_on, 3042)?;
        let sold: i128 = (1..=8).map(|round| self.sold(id, round)).sum();
        let (from, until) = (terms.sale_from.as_millis(), terms.sale_until.as_millis());
        let fits = sold + i128::from(terms.sets) <= i128::from(found.terms.sets) && terms.sets > 0;
        let ordered = self.now <= from && from < until && terms.sale_until <= found.terms.use_until;
        rule(fits && ordered && last < 8, 3043)?;
        rule(found.pledged.contains(&found.terms.escrows[0]), 3040)?;
        self.programmes.get_mut(&id).unwrap().rounds.push(terms);
        Ok(())
    }

    /// What is in a programme's pledged escrows.
    fn cover(&self, programme: &Programme) -> i128 {
        programme.pledged.iter().map(|account| self.available(account)).sum()
    }

    /// What was sold of a programme and not used, ended or not.
    pub(crate) fn unused(&self, programme: u32) -> i128 {
        let all = self.vouchers.iter().filter(|one| one.programme == programme);
        all.map(Voucher::left).sum()
    }

    pub(super) fn purchase(&mut self, sender: AccountId, purchase: &Purchase) -> Refused {
        let (id, round) = (purchase.programme.get(), purchase.round);
        let programme = self.programmes.get(&id).cloned().ok_or(3027_u16)?;
        let place = usize::from(round).checked_sub(1).ok_or(3044_u16)?;
        let sale = *programme.rounds.get(place).ok_or(3044_u16)?;
        rule(!programme.closed, 3039)?;
        let Buyer::Anybody { sets } = purchase.buyer else { return Err(3055) };
        let open = sale.sale_from.as_millis() <= self.now && self.now < sale.sale_until.as_millis();
        rule(open, 3045)?;
        rule(sets > 0, 3054)?;
        let before = self.purchases.iter().filter(|one| (one.0, one.1) == (sender, id));
        let before: u32 = before.map(|one| u32::from(one.3)).sum();
        rule(before + u32::from(sets) <= u32::from(programme.terms.per_person), 3047)?;
        rule(self.sold(id, round) + i128::from(sets) <= i128::from(sale.sets), 3046)?;
        let count = i128::from(sets);
        let price = count * whole(programme.terms.price().unwrap());
        rule(price == whole(purchase.price), 3060)?;
        let escrow = programme.terms.escrows[0];
        rule(sender != escrow, 2003)?;
        rule(price <= self.available(&sender), 2004)?;
        rule(!self.is_bound(&sender), 3037)?;
        self.spend(sender, AccountKind::Program, price)?;
        self.between(self.holders[&sender].bank, self.holders[&escrow].bank, price)?;
        self.holders.get_mut(&sender).unwrap().posted -= price;
        self.holders.get_mut(&escrow).unwrap().posted += price;
        self.purchases.push((sender, id, round, sets));
        for (bucket, part) in (0..).zip(&programme.terms.buckets) {
            for (kind, amount) in [(LotKind::Free, part.free), (LotKind::Paid, part.paid)] {
                self.vouchers.push(Voucher {
                    owner: sender,
                    programme: id,
                    round,
                    bucket,
                    kind,
                    expires: programme.terms.use_until.as_millis(),
                    bought: count * whole(amount),
                    used: 0,
                });
            }
        }
        rule(self.unused(id) <= self.cover(&programme), 3038)
    }

    /// Which vouchers pay how much, the first ones first: by their place in the list.
    fn planned(&self, payer: AccountId, class: MerchantClass, amount: i128) -> Vec<(usize, i128)> {
        let now = self.now;
        let mut usable = Vec::new();
        for (place, one) in self.vouchers.iter().enumerate().filter(|(_, one)| one.owner == payer) {
            let programme = &self.programmes[&one.programme];
            let bucket = programme.terms.buckets[usize::from(one.bucket)];
            let begun = programme.terms.use_from.as_millis() <= now && now < one.expires;
            let taken = bucket.takes.intersects(Takes::of(class));
            if begun && taken && !programme.closed && one.left() > 0 {
                let order = (one.expires, bucket.rank, one.kind, one.programme, one.round);
                usable.push((order, place));
            }
        }
        usable.sort_unstable();
        let mut left = amount;
        let part = |(_, place): (_, usize)| {
            let part = self.vouchers[place].left().min(left);
            left -= part;
            (place, part)
        };
        usable.into_iter().map(part).filter(|(_, part)| *part > 0).collect()
    }

    /// What vouchers pay of a payment, where the payer saw the same; it is taken from them, and the yen
    /// from escrows: from which banks, and how much each; and which vouchers, in the order of spending.
    pub(super) fn tender(&mut self, payer: AccountId, pay: &Pay) -> Result<(Parts, Spent), u16> {
        let Some(lines) = &pay.vouchers else { return Ok((vec![], vec![])) };
        let class = self.classes[&(pay.zone.get(), pay.merchant)];
        let planned = self.planned(payer, class, whole(pay.amount));
        let mut sums: BTreeMap<Line, i128> = BTreeMap::new();
        let mut by_programme: BTreeMap<u32, i128> = BTreeMap::new();
        for (place, amount) in &planned {
            let one = &self.vouchers[*place];
            *sums.entry((one.programme, one.bucket, one.kind)).or_default() += amount;
            *by_programme.entry(one.programme).or_default() += amount;
        }
        let seen = lines
            .iter()
            .map(|line| ((line.programme.get(), line.bucket, line.kind), whole(line.amount)));
        rule(sums.into_iter().eq(seen), 3063)?;
        for (place, amount) in planned.iter().copied() {
            let one = &mut self.vouchers[place];
            one.used += amount;
            let row = (one.programme, one.round, one.bucket, one.kind, class, amount);
            self.uses.push(row);
        }
        let near = self.holders[&pay.merchant].bank;
        let mut drawn = Vec::new();
        for (programme, mut left) in by_programme {
            let escrows = self.programmes[&programme].clone();
            let pledged = escrows.terms.escrows.iter().filter(|one| escrows.pledged.contains(*one));
            let (mut order, others): (Vec<AccountId>, Vec<AccountId>) =
                pledged.partition(|account| self.holders[*account].bank == near);
            order.extend(others);
            for escrow in order {
                let part = self.available(&escrow).min(left);
                left -= part;
                let holder = self.holders.get_mut(&escrow).unwrap();
                holder.posted -= part;
                drawn.push((holder.bank, part));
            }
            assert_eq!(left, 0, "escrows cover what was sold");
        }
        Ok((drawn, planned))
    }

    pub(super) fn reconcile(&mut self, sender: AccountId, id: u32) -> Refused {
        let programme = self.sponsored(sender, id)?;
        let terms = &programme.terms;
        rule(terms.refund_until.as_millis() <= self.now, 3066)?;
        let targets =
            [(terms.unused_paid_to, LotKind::Paid), (terms.unused_free_to, LotKind::Free)];
        for (target, kind) in targets {
            let of_kind =
                self.vouchers.iter().filter(|one| (one.programme, one.kind) == (id, kind));
            let mut left: i128 = of_kind.map(Voucher::left).sum();
            for escrow in terms.escrows.iter().filter(|one| programme.pledged.contains(one)) {
                let part = self.available(escrow).min(left);
                self.between(self.holders[escrow].bank, self.holders[&target].bank, part)?;
                left -= part;
                self.holders.get_mut(escrow).unwrap().posted -= part;
                self.holders.get_mut(&target).unwrap().posted += part;
            }
            assert_eq!(left, 0, "escrows cover what was not used");
        }
        let closed = self.programmes.get_mut(&id).unwrap();
        (closed.closed, closed.pledged) = (true, BTreeSet::new());
        Ok(())
    }
}
