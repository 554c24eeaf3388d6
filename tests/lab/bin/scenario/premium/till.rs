//! Payments at shops: vouchers first, as the plan has it, and coin for what they do not cover.

use ledger_types::operation::{Charge, Pay};
use ledger_types::programme::Take;
use ledger_types::{Operation, Timestamp, Yen};
use rand::Rng as _;
use rand_chacha::ChaCha20Rng;

use super::books::{Books, Deed, Holder, Paying, Shop};
use super::founding::ZONE;
use super::post::{Letter, Script};
use super::size::BUSY_SHOPS;
use super::tills::{Asking, Tills};

/// Who charges coin ahead does so in steps of this.
const CHARGED_AHEAD: u64 = 1_000;

/// Wallets that pay as often as they planned, until an instant.
pub(crate) struct Till<'r> {
    pub(crate) random: &'r mut ChaCha20Rng,
    pub(crate) until: Timestamp,
    /// A payment of average size.
    pub(crate) average: u64,
    /// How many payments are at the busiest shops, in hundredths.
    pub(crate) busy_percent: u32,
    /// What shops ask with.
    pub(crate) tills: Tills,
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
        let shops = books.shops.len();
        let busy = self.random.gen_ratio(self.busy_percent, 100);
        let shop = self.random.gen_range(0..shops);
        let shop = if busy { shop - shop % BUSY_SHOPS + 1 } else { shop } % shops;
        let percent = self.random.gen_range(40..=140_u64);
        let amount = (self.average * percent / 1_000 * 10).max(10);
        let ahead = self.random.gen_ratio(1, 4);
        books.holders[by].plans -= 1;
        let asking = self.tills.asks(books, shop, amount, now, self.random);
        let answered = asking.and_then(|asking| payment_of(books, by, &asking, ahead, now));
        Ok(answered.or_else(|| payment(books, by, shop, amount, ahead, now)))
    }
}

/// A payment without a request as its payer sees it, of no more than it has; none where it has nothing.
pub(crate) fn payment(
    books: &Books,
    by: usize,
    shop: usize,
    amount: u64,
    ahead: bool,
    now: Timestamp,
) -> Option<Letter> {
    let Shop { class, .. } = *books.shops.get(shop)?;
    let Holder { balance, coin, .. } = books.holders[by];
    let (takes, _) = books.planned(by, class, amount, None, now);
    let amount = amount.min(covered(&takes) + coin + balance);
    made(books, by, (shop, amount), None, ahead, now)
}

/// The payment that answers a request; none where the payer has less.
fn payment_of(
    books: &Books,
    by: usize,
    asking: &Asking,
    ahead: bool,
    now: Timestamp,
) -> Option<Letter> {
    let Shop { class, .. } = *books.shops.get(asking.shop)?;
    let Holder { balance, coin, .. } = books.holders[by];
    let (takes, _) = books.planned(by, class, asking.amount, Some(asking.terms()), now);
    let has_enough = asking.amount <= covered(&takes) + coin + balance;
    let paid = (asking.shop, asking.amount);
    has_enough.then(|| made(books, by, paid, Some(asking), ahead, now)).flatten()
}

fn covered(takes: &[Take]) -> u64 {
    takes.iter().map(|take: &Take| take.amount.get()).sum()
}

/// A payment of what its payer has.
fn made(
    books: &Books,
    by: usize,
    (shop, amount): (usize, u64),
    asking: Option<&Asking>,
    ahead: bool,
    now: Timestamp,
) -> Option<Letter> {
    let Shop { holder: merchant, class, .. } = *books.shops.get(shop)?;
    let Holder { balance, coin, account, .. } = books.holders[by];
    let merchant = books.holders[merchant].account;
    if merchant == account || amount == 0 {
        return None;
    }
    let (takes, lines) = books.planned(by, class, amount, asking.map(Asking::terms), now);
    let charge = (amount - covered(&takes)).saturating_sub(coin);
    let extra = if ahead && charge > 0 { CHARGED_AHEAD.min(balance - charge) } else { 0 };
    let yen = |amount: u64| (amount > 0).then(|| Yen::new(amount));
    let pay = Pay {
        zone: ZONE,
        merchant,
        amount: Yen::new(amount),
        charge: yen(charge),
        vouchers: (!lines.is_empty()).then_some(lines),
        reference: None,
        request: asking.map(|asking| asking.answered.clone()),
        again: asking.is_none(),
    };
    let more = yen(extra).map(|amount| Operation::from(Charge { zone: ZONE, amount }));
    let operations = std::iter::once(pay.into()).chain(more).collect();
    let answer = asking.map(Asking::answer);
    Some((operations, Deed::Pay(Paying { shop, amount, charge, extra, takes, answer })))
}
