//! Payments at shops: vouchers first, as the plan has it, and coin for what they do not cover.

use ledger_types::operation::{Charge, Pay};
use ledger_types::programme::Take;
use ledger_types::{Operation, Timestamp, Yen};
use rand::Rng as _;
use rand_chacha::ChaCha20Rng;

use super::books::{Books, Deed, Holder, Shop};
use super::founding::ZONE;
use super::post::{Letter, Script};

/// Who charges coin ahead does so in steps of this.
const CHARGED_AHEAD: u64 = 1_000;

/// Wallets that pay as often as they planned, until an instant.
pub(crate) struct Till<'r> {
    pub(crate) random: &'r mut ChaCha20Rng,
    pub(crate) until: Timestamp,
    /// A payment of average size.
    pub(crate) average: u64,
}

impl Script for Till<'_> {
    fn next(
        &mut self,
        books: &mut Books,
        by: usize,
        now: Timestamp,
    ) -> anyhow::Result<Option<Letter>> {
        let holder = &books.holders[by];
        if now >= self.until || holder.plans == 0 || holder.is_dead || books.shops.is_empty() {
            return Ok(None);
        }
        let shop = self.random.gen_range(0..books.shops.len());
        let percent = self.random.gen_range(40..=140_u64);
        let amount = (self.average * percent / 1_000 * 10).max(10);
        let ahead = self.random.gen_ratio(1, 4);
        books.holders[by].plans -= 1;
        Ok(payment(books, by, shop, amount, ahead, now))
    }
}

/// A payment as its payer sees it, of no more than it has; none where it has nothing.
pub(crate) fn payment(
    books: &Books,
    by: usize,
    shop: usize,
    amount: u64,
    ahead: bool,
    now: Timestamp,
) -> Option<Letter> {
    let Shop { holder: merchant, class } = *books.shops.get(shop)?;
    let Holder { balance, coin, account, .. } = books.holders[by];
    let merchant = books.holders[merchant].account;
    if merchant == account {
        return None;
    }
    let (takes, _) = books.planned(by, class, amount, now);
    let covered: u64 = takes.iter().map(|take: &Take| take.amount.get()).sum();
    let amount = amount.min(covered + coin + balance);
    let (takes, lines) = books.planned(by, class, amount, now);
    let charge = (amount - covered.min(amount)).saturating_sub(coin);
    let extra = if ahead && charge > 0 { CHARGED_AHEAD.min(balance - charge) } else { 0 };
    if amount == 0 {
        return None;
    }
    let yen = |amount: u64| (amount > 0).then(|| Yen::new(amount));
    let pay = Pay {
        zone: ZONE,
        merchant,
        amount: Yen::new(amount),
        charge: yen(charge),
        vouchers: (!lines.is_empty()).then_some(lines),
        reference: None,
        request: None,
        again: true,
    };
    let more = yen(extra).map(|amount| Operation::from(Charge { zone: ZONE, amount }));
    let operations = std::iter::once(pay.into()).chain(more).collect();
    Some((operations, Deed::Pay { shop, amount, charge, extra, takes }))
}
