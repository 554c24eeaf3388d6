//! What a shop took and gave back between two instants, read from its history.

use std::collections::BTreeMap;

use ledger_types::event::{FeeCharged, FeeReturned, LotsSpent, Paid, Refunded, Voided};
use ledger_types::programme::LotKind;
use ledger_types::{AccountId, Event, Hash, Height, Timestamp, TransactionId, Yen, ZoneId};
use node_api::body::HistoryEntry;
use node_api::query::Log;

use crate::acting::pages;
use crate::acting::transact::Session;
use crate::client::Reader;
use crate::failure::{Exit, Failure};
use crate::told::{payment_number, strange};

/// How many pages of a history are read at most.
const PAGES_MAX: usize = 1_000;

/// An operation's place in the log: a payment, what vouchers paid of it and its fee have the same.
type Place = (Height, Option<u32>, u16);

/// A payment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Sale {
    pub(crate) number: Hash,
    pub(crate) transaction: Option<TransactionId>,
    pub(crate) time: Timestamp,
    pub(crate) terminal: Option<u16>,
    /// On the ledger: vouchers and coin.
    pub(crate) amount: Yen,
    pub(crate) cash: Yen,
    pub(crate) vouchers_paid: Yen,
    pub(crate) vouchers_free: Yen,
    pub(crate) fee: Yen,
    /// What was given back of it until now.
    pub(crate) refunded: Yen,
    pub(crate) is_voided: bool,
}

impl Sale {
    /// What of it was coin: the rest was vouchers.
    pub(crate) fn coin(&self) -> Option<Yen> {
        self.amount.checked_sub(self.vouchers_paid)?.checked_sub(self.vouchers_free)
    }
}

/// What was given back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Back {
    pub(crate) payment: Hash,
    pub(crate) amount: Yen,
    pub(crate) is_void: bool,
}

/// What happened at a shop in a period, the oldest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Takings {
    pub(crate) sales: Vec<Sale>,
    /// What was given back in the period, also of earlier payments.
    pub(crate) backs: Vec<Back>,
    /// What of fees came back in it.
    pub(crate) fees_back: Yen,
}

/// Which entries are looked at.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Period {
    pub(crate) shop: AccountId,
    pub(crate) zone: ZoneId,
    pub(crate) from: Timestamp,
    pub(crate) until: Timestamp,
}

impl Period {
    fn has(&self, entry: &HistoryEntry) -> bool {
        (self.from..self.until).contains(&entry.time.get())
    }

    fn is_own(&self, zone: ZoneId, shop: AccountId) -> bool {
        (self.zone, self.shop) == (zone, shop)
    }
}

/// What stands in a history about sales, gathered from the newest entry back.
#[derive(Default)]
struct Gathering {
    takings: Takings,
    sales: BTreeMap<Place, Sale>,
    /// What is said beside a payment, which may be told before it.
    beside: BTreeMap<Place, (Yen, Yen, Yen)>,
    /// What was given back of payments up to now.
    refunded: BTreeMap<Hash, Yen>,
    voided: Vec<Hash>,
}

/// Reads what a shop took in a period.
///
/// # Errors
/// [`Failure`] where the node does not answer, or the history is longer than what is looked at.
pub(crate) async fn read(
    session: &Session,
    reader: &Reader,
    period: Period,
) -> Result<Takings, Failure> {
    let prefix = &session.attached.address_prefix;
    let mut gathering = Gathering::default();
    let (mut cursor, mut read) = (None, 0_usize);
    for _ in 0..PAGES_MAX {
        let asked = Log { read: None, cursor, limit: pages::LIMIT };
        let page = session.client.history(&reader.address, &asked, reader).await?;
        read += page.entries.len();
        let is_past = page.entries.last().is_some_and(|entry| entry.time.get() < period.from);
        for entry in &page.entries {
            if let Some(event) = entry.event(prefix).map_err(strange)? {
                gathering.add(&period, entry, &event);
            }
        }
        cursor = page.next;
        if cursor.is_none() || is_past {
            return gathering.done();
        }
    }
    Err(Failure::new(Exit::Other, "err-history-too-long").with("most", read))
}

fn plus(sum: &mut Yen, amount: Yen) {
    *sum = sum.checked_add(amount).unwrap_or(Yen::MAX);
}

impl Gathering {
    fn add(&mut self, period: &Period, entry: &HistoryEntry, event: &Event) {
        let (place, is_in) = ((entry.height, entry.index, entry.operation), period.has(entry));
        let is_own = |zone, shop| period.is_own(zone, shop);
        if let Some(paid) = Paid::of(event).filter(|one| is_in && is_own(one.zone, one.merchant)) {
            // Where the number cannot be told, an entry is none of the ledger's.
            let Some(number) = payment_number(entry, event) else { return };
            let sale = Sale {
                number,
                transaction: entry.transaction,
                time: entry.time.get(),
                terminal: paid.terminal,
                amount: paid.amount,
                cash: paid.cash,
                vouchers_paid: Yen::ZERO,
                vouchers_free: Yen::ZERO,
                fee: Yen::ZERO,
                refunded: Yen::ZERO,
                is_voided: false,
            };
            self.sales.insert(place, sale);
        }
        if let Some(spent) =
            LotsSpent::of(event).filter(|one| is_in && is_own(one.zone, one.merchant))
        {
            let (paid, free, _) = self.beside.entry(place).or_default();
            for lot in &spent.spent {
                match lot.kind {
                    LotKind::Paid => plus(paid, lot.amount),
                    LotKind::Free => plus(free, lot.amount),
                }
            }
        }
        if let Some(fee) =
            FeeCharged::of(event).filter(|one| is_in && is_own(one.zone, one.merchant))
        {
            plus(&mut self.beside.entry(place).or_default().2, fee.fee);
        }
        if let Some(back) =
            FeeReturned::of(event).filter(|one| is_in && is_own(one.zone, one.merchant))
        {
            plus(&mut self.takings.fees_back, back.fee);
        }
        if let Some(back) = Refunded::of(event).filter(|one| is_own(one.zone, one.merchant)) {
            plus(self.refunded.entry(back.payment).or_default(), back.amount);
            let back = Back { payment: back.payment, amount: back.amount, is_void: false };
            self.takings.backs.extend(Some(back).filter(|_| is_in));
        }
        if let Some(back) = Voided::of(event).filter(|one| is_own(one.zone, one.merchant)) {
            self.voided.push(back.payment);
            let back = Back { payment: back.payment, amount: back.amount, is_void: true };
            self.takings.backs.extend(Some(back).filter(|_| is_in));
        }
    }

    /// Puts together what was said apart, in the order of the log.
    fn done(self) -> Result<Takings, Failure> {
        let Self { mut takings, mut sales, beside, refunded, voided } = self;
        for (place, (paid, free, fee)) in beside {
            let sale = sales.get_mut(&place);
            let sale = sale.ok_or_else(|| strange("vouchers or a fee without a payment"))?;
            (sale.vouchers_paid, sale.vouchers_free, sale.fee) = (paid, free, fee);
        }
        for sale in sales.values_mut() {
            sale.refunded = refunded.get(&sale.number).copied().unwrap_or_default();
            sale.is_voided = voided.contains(&sale.number);
        }
        if sales.values().any(|sale| sale.coin().is_none()) {
            return Err(strange("vouchers pass their payment"));
        }
        takings.sales = sales.into_values().collect();
        takings.backs.reverse();
        Ok(takings)
    }
}
