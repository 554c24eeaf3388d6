//! What the players know of themselves: accounts with their keys, what each has, and what was done.
//!
//! Everybody keeps books of its own, from what it sent and what the receipts say. What they add up to is
//! held against the ledger at the end, and the journal is what another program counts again.

use std::collections::{BTreeMap, BTreeSet};

use ledger_types::event::LotFate;
use ledger_types::operation::MerchantClass;
use ledger_types::programme::{
    Asked, BucketUse, LeafPlace, Lot, LotKind, Lots, Take, TenderLine, in_lines, plan,
};
use ledger_types::zone::RequestTerms;
use ledger_types::{AccountId, ProgrammeId, SigningKey, Timestamp, TransactionId, Yen};
use serde_json::{Value, json};

use super::noted::{Answer, Back, Fees, Sale};
use super::size::{FACE, PRICE};

/// Somebody who sends.
#[derive(Clone, Debug)]
pub(crate) struct Holder {
    pub(crate) account: AccountId,
    /// All of them sign.
    pub(crate) keys: Vec<SigningKey>,
    pub(crate) nonce: u64,
    /// The place of its bank among the banks.
    pub(crate) bank: usize,
    /// What it has at its bank, and in the zone.
    pub(crate) balance: u64,
    pub(crate) coin: u64,
    pub(crate) lots: Lots,
    /// What all its vouchers were worth when they were bought.
    pub(crate) bought: u64,
    /// How many payments it still makes.
    pub(crate) plans: u64,
    pub(crate) is_dead: bool,
}

/// A shop: which holder, and what it is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shop {
    pub(crate) holder: usize,
    pub(crate) class: MerchantClass,
    /// What it was charged this year, less what came back of it.
    pub(crate) charged: u64,
}

/// An application that was entered.
#[derive(Clone, Debug)]
pub(crate) struct Entered {
    pub(crate) by: usize,
    /// Its leaves in their order: how many sets are asked for, and how many were bought.
    pub(crate) leaves: Vec<(LeafPlace, u16, u16)>,
}

/// What a transaction is, for whoever sends it.
#[derive(Clone, Debug)]
pub(crate) enum Deed {
    /// Something that moves nothing of what is counted here.
    Step,
    /// An application for these leaves.
    Apply { round: u16, leaves: Vec<(LeafPlace, u16)> },
    /// A purchase by an application.
    Buy { round: u16, ticket: u32, sets: u16 },
    /// A payment at a shop, after so much was moved in besides.
    Pay(Paying),
    /// A shop refunds a part of a sale, or undoes all of it.
    GiveBack { sale: usize, amount: u64, is_void: bool },
    /// All that somebody left goes to an heir.
    Inherit { from: usize, to: usize },
    /// A shop takes its coin out and has its bank pay it out.
    Redeem { amount: u64 },
    /// A bank paid these shops out so much each.
    PaidOut { parts: Vec<(usize, u64)> },
}

/// A payment at a shop.
#[derive(Clone, Debug)]
pub(crate) struct Paying {
    pub(crate) shop: usize,
    /// What is paid on the ledger.
    pub(crate) amount: u64,
    /// What is moved in for it, and besides.
    pub(crate) charge: u64,
    pub(crate) extra: u64,
    pub(crate) takes: Vec<Take>,
    /// The till's request that it answers.
    pub(crate) answer: Option<Answer>,
}

/// What was used of one round and bucket, at one class of shops.
pub(crate) type Cell = (u16, u16, MerchantClass, LotKind);

/// See the module.
pub(crate) struct Books {
    pub(crate) holders: Vec<Holder>,
    pub(crate) shops: Vec<Shop>,
    pub(crate) wallets: std::ops::Range<usize>,
    pub(crate) tickets: BTreeMap<(u16, LeafPlace), Entered>,
    /// The lowest leaf of each ticket, once it is known.
    pub(crate) numbers: BTreeMap<(u16, u32), LeafPlace>,
    pub(crate) uses: Vec<BucketUse>,
    pub(crate) programme: ProgrammeId,
    pub(crate) use_until: Timestamp,
    pub(crate) journal: Vec<Value>,
    pub(crate) used: BTreeMap<Cell, u64>,
    pub(crate) sums: Sums,
    /// What becomes by now of vouchers that are refunded, and who of their holders paid since they ended.
    pub(crate) fate: LotFate,
    pub(crate) after_expiry: BTreeSet<usize>,
    /// Who is charged what, and who gets it; nothing before it is set.
    pub(crate) fees: Option<Fees>,
    /// What the sponsor paid into the escrows.
    pub(crate) funded: u64,
    /// Payments that answered requests: they are known by their numbers.
    pub(crate) sales: Vec<Sale>,
    /// What was refused, by rule.
    pub(crate) refused: BTreeMap<u16, u64>,
}

/// What was done in all.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Sums {
    pub(crate) applications: u64,
    pub(crate) asked: u64,
    pub(crate) sets: u64,
    pub(crate) payments: u64,
    pub(crate) voucher_payments: u64,
    pub(crate) mixed_payments: u64,
    /// Between shops.
    pub(crate) supplier_payments: u64,
    pub(crate) paid: u64,
    pub(crate) by_voucher: u64,
    /// At shops of other banks than the main escrow's.
    pub(crate) by_voucher_elsewhere: u64,
    pub(crate) charged: u64,
    pub(crate) discharged: u64,
    /// Out of the zone, to heirs.
    pub(crate) returned: u64,
    pub(crate) paid_out: u64,
    pub(crate) estates: u64,
    pub(crate) answered: u64,
    pub(crate) with_excluded: u64,
    pub(crate) with_cash: u64,
    pub(crate) cash: u64,
    /// Requests that were too old when they were to be paid, so that the till made others.
    pub(crate) made_again: u64,
    pub(crate) back: Back,
    /// What was charged, and what came back of it.
    pub(crate) fees: u64,
    pub(crate) fees_back: u64,
}

impl Books {
    /// What pays an amount at a shop now: of which lots how much, and so in lines.
    pub(crate) fn planned(
        &self,
        by: usize,
        class: MerchantClass,
        amount: u64,
        request: Option<&RequestTerms>,
        now: Timestamp,
    ) -> (Vec<Take>, Vec<TenderLine>) {
        let lots = &self.holders[by].lots.lots;
        let uses = |_, bucket: u16| self.uses.get(usize::from(bucket)).copied();
        let asked = Asked { class, amount: Yen::new(amount), request, now };
        let takes = plan(lots, uses, &asked);
        let lines = in_lines(lots, &takes).unwrap_or_default();
        (takes, lines)
    }

    /// Notes what a committed transaction did.
    pub(crate) fn note(&mut self, id: &TransactionId, height: u64, by: usize, deed: Deed) {
        let entry = match deed {
            Deed::Step => return,
            Deed::Apply { round, leaves } => return self.applied(round, by, &leaves),
            Deed::Buy { round, ticket, sets } => self.bought(by, round, ticket, sets),
            Deed::Pay(paying) => self.paid(by, paying),
            Deed::GiveBack { sale, amount, is_void } => self.gave_back(sale, amount, is_void),
            Deed::Inherit { from, to } => self.inherited(from, to),
            Deed::Redeem { amount } => {
                self.holders[by].coin -= amount;
                self.holders[by].balance += amount;
                self.sums.discharged += amount;
                json!({"kind": "discharge", "by": by, "amount": amount})
            }
            Deed::PaidOut { parts } => {
                for (shop, amount) in &parts {
                    self.holders[*shop].balance -= amount;
                    self.sums.paid_out += amount;
                }
                json!({"kind": "pay_out", "parts": parts})
            }
        };
        let mut entry = entry;
        entry["height"] = height.into();
        entry["transaction"] = id.to_string().into();
        self.journal.push(entry);
    }

    fn applied(&mut self, round: u16, by: usize, leaves: &[(LeafPlace, u16)]) {
        let mut leaves: Vec<_> = leaves.iter().map(|(place, asked)| (*place, *asked, 0)).collect();
        leaves.sort_unstable();
        self.sums.applications += 1;
        self.sums.asked += leaves.iter().map(|(_, asked, _)| u64::from(*asked)).sum::<u64>();
        if let Some((lowest, _, _)) = leaves.first() {
            self.tickets.insert((round, *lowest), Entered { by, leaves });
        }
    }

    /// Sets go to an application's leaves in their order, each leaf's as lots of their own.
    fn bought(&mut self, by: usize, round: u16, ticket: u32, sets: u16) -> Value {
        let mut left = sets;
        let lowest = self.numbers.get(&(round, ticket)).copied();
        let entered = lowest.and_then(|lowest| self.tickets.get_mut(&(round, lowest)));
        let holder = &mut self.holders[by];
        for (leaf, asked, bought) in entered.into_iter().flat_map(|entered| &mut entered.leaves) {
            let part = (*asked - *bought).min(left);
            *bought += part;
            left -= part;
            for bucket in 0..2_u16 {
                for (kind, each) in
                    [(LotKind::Paid, super::size::PAID), (LotKind::Free, super::size::FREE)]
                {
                    let lot = Lot {
                        programme: self.programme,
                        round,
                        leaf: Some(*leaf),
                        bucket,
                        kind,
                        expires: self.use_until,
                        remaining: Yen::new(each * u64::from(part)),
                    };
                    if part > 0 {
                        holder.lots = holder.lots.clone().with(lot).unwrap_or_default();
                    }
                }
            }
        }
        let price = PRICE * u64::from(sets);
        holder.balance -= price;
        holder.bought += FACE * u64::from(sets);
        self.sums.sets += u64::from(sets);
        json!({
            "kind": "buy", "by": by, "round": round, "ticket": ticket, "sets": sets, "price": price,
        })
    }

    fn paid(&mut self, by: usize, paying: Paying) -> Value {
        let Paying { shop, amount, charge, extra, takes, answer } = paying;
        let Shop { holder: merchant, class, .. } = self.shops[shop];
        let lots = &mut self.holders[by].lots.lots;
        let lines = in_lines(lots, &takes).unwrap_or_default();
        let (mut vouchers, mut spent) = (0, Vec::new());
        for Take { place, amount } in takes {
            let Some(lot) = lots.get_mut(place) else { continue };
            spent.push(Lot { remaining: amount, ..*lot });
            lot.remaining = lot.remaining.checked_sub(amount).unwrap_or(Yen::ZERO);
            *self.used.entry((lot.round, lot.bucket, class, lot.kind)).or_default() += amount.get();
            vouchers += amount.get();
        }
        lots.retain(|lot| !lot.remaining.is_zero());
        let taken = self.fee_of(shop, amount);
        let fee = taken.as_ref().map_or(0, |taken| self.charge(shop, taken, amount));
        let holder = &mut self.holders[by];
        holder.balance -= charge + extra;
        holder.coin = holder.coin + charge + extra - (amount - vouchers);
        self.holders[merchant].coin += amount - fee;
        let sums = &mut self.sums;
        sums.charged += charge + extra;
        sums.paid += amount;
        sums.by_voucher += vouchers;
        sums.by_voucher_elsewhere += if self.holders[merchant].bank > 0 { vouchers } else { 0 };
        if self.fate != LotFate::Returned && self.holders[by].bought > 0 {
            self.after_expiry.insert(by);
        }
        if self.wallets.contains(&by) {
            sums.payments += 1;
            sums.voucher_payments += u64::from(vouchers > 0);
            sums.mixed_payments += u64::from(vouchers > 0 && vouchers < amount);
        } else {
            sums.supplier_payments += 1;
        }
        let line = |line: &TenderLine| json!([line.bucket, line.kind.name(), line.amount.get()]);
        let lines: Vec<Value> = lines.iter().map(line).collect();
        let mut entry = json!({
            "kind": "pay", "by": by, "shop": shop, "amount": amount, "charge": charge + extra,
            "lines": lines, "fee": fee,
        });
        if let Some(answer) = answer {
            entry["request"] = answer.told();
            self.sold((by, shop), &answer, amount, spent, taken);
        }
        entry
    }

    fn inherited(&mut self, from: usize, to: usize) -> Value {
        let left = std::mem::take(&mut self.holders[from].lots);
        let yen = std::mem::take(&mut self.holders[from].balance);
        let coin = std::mem::take(&mut self.holders[from].coin);
        let heir = &mut self.holders[to];
        for lot in left.lots {
            heir.lots = heir.lots.clone().with(lot).unwrap_or_default();
        }
        heir.balance += yen + coin;
        self.sums.returned += coin;
        self.sums.estates += 1;
        json!({"kind": "estate", "by": from, "to": to, "coin": coin})
    }
}
