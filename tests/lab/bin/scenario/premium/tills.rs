//! What the shops' tills ask, under keys that their shops registered, and what was sold by it.
//!
//! A request says what of its amount the programme may pay, since some goods are excluded from it, and
//! whether a part may be paid in cash. What answers a request is known by the request's number from then on.

use ledger_types::operation::{AnsweredRequest, RegisterTerminal};
use ledger_types::programme::Lot;
use ledger_types::record::Payment;
use ledger_types::zone::{
    Exception, FeeTaken, PaymentRequest, RequestNonce, RequestTerms, ShopPlace, ShopYen,
    TerminalRights,
};
use ledger_types::{Hash, SigningKey, Timestamp, Yen};
use rand::Rng as _;
use rand_chacha::ChaCha20Rng;

use super::books::Books;
use super::founding::{ZONE, key};
use super::noted::{Answer, EXCLUSIONS, SCHEDULE, Sale};
use super::post::Prepared;
use super::size::ASSUMED;
use super::town::Town;

/// A shop's one till.
const TERMINAL: u16 = 1;
/// How long a request is good, in seconds of the network.
const SECONDS: u16 = 600;

/// Whether a shop has a till that asks: the busiest do.
pub(crate) const fn has_till(shop: usize) -> bool {
    shop % ASSUMED.one_shop_with_terminals_of == 1
}

fn till_key(shop: usize) -> SigningKey {
    key("till", shop)
}

impl Town {
    /// Some shops register a till each.
    pub(crate) async fn register_terminals(&mut self) -> anyhow::Result<()> {
        let mut sent = Prepared::default();
        for shop in (0..self.books.shops.len()).filter(|shop| has_till(*shop)) {
            let register = RegisterTerminal {
                zone: ZONE,
                terminal: TERMINAL,
                key: till_key(shop).public_key(),
                rights: TerminalRights::REQUEST,
                per_refund: None,
                per_day: None,
            };
            sent.step(self.books.shops[shop].holder, vec![register.into()]);
        }
        self.send(sent).await
    }
}

/// All tills of a network.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Tills {
    pub(crate) genesis: Hash,
}

/// What a till asks of somebody, and what of it is paid in cash.
pub(crate) struct Asking {
    pub(crate) shop: usize,
    /// What is paid on the ledger.
    pub(crate) amount: u64,
    pub(crate) answered: AnsweredRequest,
    number: Hash,
    eligible: u64,
}

impl Asking {
    pub(crate) const fn terms(&self) -> &RequestTerms {
        &self.answered.terms
    }

    pub(crate) fn answer(&self) -> Answer {
        let (made, cash) = (self.terms().made, self.answered.cash.get());
        let (number, eligible) = (self.number, self.eligible);
        Answer { number, made, asked: self.amount + cash, eligible, cash }
    }
}

impl Tills {
    /// What a shop's till asks for goods of so much, if the shop has one and uses it.
    pub(crate) fn asks(
        &self,
        books: &Books,
        shop: usize,
        whole: u64,
        now: Timestamp,
        random: &mut ChaCha20Rng,
    ) -> Option<Asking> {
        if !has_till(shop) || !random.gen_ratio(1, ASSUMED.one_payment_answers_a_request_there_of) {
            return None;
        }
        let drawn = random.gen_range(0..100_u32);
        let excluded = ASSUMED.requests_with_excluded_goods_percent;
        let is_excluded = drawn < excluded;
        let takes_cash = !is_excluded && drawn < excluded + ASSUMED.requests_with_cash_percent;
        let eligible = if is_excluded { whole * random.gen_range(0..=9) / 10 } else { whole };
        let cash = if takes_cash { whole * random.gen_range(1..=5) / 10 } else { 0 };
        let amount = ShopYen::new(Yen::new(whole))?;
        let exception =
            Exception { category: EXCLUSIONS, eligible: ShopYen::new(Yen::new(eligible))? };
        let terms = RequestTerms {
            terminal: TERMINAL,
            nonce: RequestNonce::new(random.r#gen()),
            eligible: amount,
            exceptions: if is_excluded { vec![exception] } else { vec![] },
            takes_cash,
            tax_lines: Hash::new(random.r#gen()),
            fee_schedule: SCHEDULE,
            made: now,
            seconds: SECONDS,
        };
        let merchant = books.holders[books.shops[shop].holder].account;
        let place = ShopPlace { network: self.genesis.network(), zone: ZONE, shop: merchant };
        let request = PaymentRequest { place, amount, terms: terms.clone() };
        let (key, number) = (till_key(shop), request.id());
        let signature = key.sign(&request.signed_bytes(&self.genesis));
        let (key, paid) = (key.public_key(), whole - cash);
        let answered = AnsweredRequest { terms, key, signature, cash: Yen::new(cash) };
        Some(Asking { shop, amount: paid, answered, number, eligible })
    }
}

impl Books {
    /// Notes a payment that answered a request.
    pub(crate) fn sold(
        &mut self,
        (by, shop): (usize, usize),
        answer: &Answer,
        amount: u64,
        lots: Vec<Lot>,
        fee: Option<FeeTaken>,
    ) {
        let Answer { number, made, asked, eligible, cash } = *answer;
        let sums = &mut self.sums;
        sums.answered += 1;
        sums.with_excluded += u64::from(eligible < asked);
        sums.with_cash += u64::from(cash > 0);
        sums.cash += cash;
        let vouchers: u64 = lots.iter().map(|lot| lot.remaining.get()).sum();
        let payment = Payment {
            zone: ZONE,
            payer: self.holders[by].account,
            merchant: self.holders[self.shops[shop].holder].account,
            class: self.shops[shop].class,
            terminal: Some(TERMINAL),
            time: made,
            amount: Yen::new(amount),
            coin: Yen::new(amount - vouchers),
            lots,
            fee,
            refunded: Yen::ZERO,
            voided: false,
        };
        self.sales.push(Sale { number, by, shop, payment });
    }
}
