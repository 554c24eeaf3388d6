//! What shops give back of sales by requests: all or a part, in one refund or in two, or the whole sale on
//! its day.
//!
//! What was vouchers comes back as vouchers while they are used, is the programme's once they have ended, and
//! the sponsor's once refunds are over. Books count all of it by the same rules as everybody does.

use std::collections::BTreeMap;

use ledger_types::event::LotFate;
use ledger_types::japan::JapanDay;
use ledger_types::operation::{Refund, Void};
use ledger_types::{Operation, Yen};
use serde_json::{Value, json};

use super::books::{Books, Deed};
use super::founding::ZONE;
use super::noted::{Back, Sale};
use super::post::Prepared;
use super::size::ASSUMED;
use super::town::Town;

/// How long before midnight nobody voids any more, in real milliseconds.
const VOIDS_END: u64 = 5_000;

/// Parts of a sale that are given back, one after another.
enum Part {
    /// In hundredths of what is left.
    Refund(u64),
    Void,
}

/// What becomes of the sale at a place of the list: nothing of most.
fn parts(place: usize, is_today: bool) -> Vec<Part> {
    let cycle = place * ASSUMED.answered_payments_given_back_percent as usize % 100;
    match (cycle < ASSUMED.answered_payments_given_back_percent as usize, place / 4 % 4) {
        (false, _) => vec![],
        (true, 0) => vec![Part::Refund(100)],
        (true, 1) if is_today => vec![Part::Void],
        (true, 2) => vec![Part::Refund(30), Part::Refund(100)],
        (true, _) => vec![Part::Refund(60)],
    }
}

impl Town {
    /// Shops give back of what they sold since the sale at a place; another shift takes other sales.
    pub(crate) async fn give_back(&mut self, since: usize, shift: usize) -> anyhow::Result<()> {
        let mut sent = Prepared::default();
        let mut coin: BTreeMap<usize, u64> = BTreeMap::new();
        let today = |at| JapanDay::of(at);
        let (now, soon) = (today(self.now()), today(self.after(VOIDS_END)));
        for (place, sale) in self.books.sales.iter().enumerate().skip(since) {
            let Sale { number, by, shop, ref payment } = *sale;
            let holder = self.books.shops[shop].holder;
            if self.books.holders[by].is_dead || payment.left() < payment.amount {
                continue;
            }
            let has = coin.entry(holder).or_insert(self.books.holders[holder].coin);
            let is_today = today(payment.time) == now && now == soon;
            let (mut before, zone) = (0, ZONE);
            for part in parts(place + shift, is_today) {
                let left = payment.amount.get() - before;
                let (amount, is_void) = match part {
                    Part::Refund(percent) => ((left * percent / 100).max(1), false),
                    Part::Void => (left, true),
                };
                if *has < amount || amount > left {
                    break;
                }
                *has -= amount;
                let refund = Refund {
                    zone,
                    payment: number,
                    amount: Yen::new(amount),
                    before: Yen::new(before),
                    terminal: None,
                    reference: None,
                };
                let void = Void { zone, payment: number, terminal: None };
                let operation: Operation = if is_void { void.into() } else { refund.into() };
                before += amount;
                let deed = Deed::GiveBack { sale: place, amount, is_void };
                sent.add(holder, vec![operation], deed);
            }
        }
        self.send(sent).await
    }
}

impl Books {
    /// Notes what a shop gave back of a sale.
    pub(crate) fn gave_back(&mut self, place: usize, amount: u64, is_void: bool) -> Value {
        let Sale { number, by, shop, payment } = self.sales[place].clone();
        let yen = Yen::new(amount);
        let (lots, coin) = payment.returned(yen).unwrap_or_default();
        let left = payment.left();
        let after = left.checked_sub(yen).unwrap_or(Yen::ZERO);
        let fee = payment.fee.as_ref().map_or(0, |fee| self.uncharge(shop, fee, (left, after)));
        let mut vouchers = 0;
        for lot in &lots {
            let cell = (lot.round, lot.bucket, payment.class, lot.kind);
            vouchers += lot.remaining.get();
            if self.fate != LotFate::Sponsor {
                *self.used.entry(cell).or_default() -= lot.remaining.get();
            }
            if self.fate == LotFate::Returned {
                let holder = &mut self.holders[by];
                holder.lots = holder.lots.clone().with(*lot).unwrap_or_default();
            }
        }
        let merchant = self.shops[shop].holder;
        self.holders[by].coin += coin.get();
        self.holders[merchant].coin = self.holders[merchant].coin + fee - amount;
        // What the sponsor gets stays used.
        let is_elsewhere = self.holders[merchant].bank > 0 && self.fate != LotFate::Sponsor;
        self.sums.by_voucher -= vouchers;
        self.sums.by_voucher_elsewhere -= if is_elsewhere { vouchers } else { 0 };
        self.sums.paid -= amount;
        self.sums.back.note(self.fate, (amount, coin.get()), is_void, !after.is_zero());
        let sale = &mut self.sales[place].payment;
        sale.voided = is_void;
        if !is_void {
            sale.refunded = sale.refunded.checked_add(yen).unwrap_or(sale.refunded);
        }
        let returned: Vec<Value> = lots
            .iter()
            .map(|lot| json!([lot.round, lot.bucket, lot.kind.name(), lot.remaining.get()]))
            .collect();
        json!({
            "kind": if is_void { "void" } else { "refund" },
            "number": number, "amount": amount, "returned": returned, "coin": coin.get(), "fee": fee,
        })
    }
}

impl Back {
    fn note(&mut self, fate: LotFate, (amount, coin): (u64, u64), is_void: bool, leaves: bool) {
        self.refunds += u64::from(!is_void);
        self.voids += u64::from(is_void);
        self.partial += u64::from(leaves);
        self.yen += amount;
        self.coin += coin;
        let vouchers = amount - coin;
        match fate {
            LotFate::Returned => {}
            LotFate::Ended => {
                self.after_end += u64::from(vouchers > 0);
                self.ended += vouchers;
            }
            LotFate::Sponsor => {
                self.too_late += u64::from(vouchers > 0);
                self.to_sponsor += vouchers;
            }
        }
    }
}
