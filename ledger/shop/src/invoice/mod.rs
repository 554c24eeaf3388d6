//! Receipts that are good for consumption tax: 適格簡易請求書, 適格請求書 and 適格返還請求書.
//!
//! 消費税法 57-4: (1) the full invoice, which names its recipient; (2) the simplified one of retail,
//! food, taxis and the like; (3) the return invoice, which refers to the sale. What each must say and
//! how tax is counted follows 国税庁's questions and answers on the invoice system; FORMAT.md lists it.
//!
//! Tax is rounded once for each rate of one document, never line by line. A discount that the shop
//! bears lowers what is taxed, in the proportion of what was bought at each rate; a coupon that
//! somebody else bears is a means of payment and lowers nothing. A return
//! takes back f(before) − f(after) of each rate, so that any sequence of partial returns is exact
//! (rule 15).

mod json;
mod number;
mod returned;
mod tax;
mod text;

pub use json::JsonError;
pub use number::{InvoiceNumber, ParseInvoiceNumberError};
pub use returned::{Return, ReturnInvoice};
pub use tax::{Prices, Rates, Rounding, TaxKind};

use ledger_types::Yen;
use serde::{Deserialize, Serialize};

use crate::date::Date;
use crate::invoice::tax::shared;

/// The most lines, and the most discounts.
pub const LINES_MAX: usize = 1_000;
/// The most characters of a name or number.
pub const TEXT_CHARS_MAX: usize = 100;
/// The most yen of a document.
pub const TOTAL_MAX: u64 = 999_999_999_999;

/// Who issues a document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Issuer {
    /// Its name, or the shop's by which its owner can be told.
    pub name: String,
    /// Its registration number.
    pub number: InvoiceNumber,
}

/// Something that was sold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Line {
    /// What.
    pub name: String,
    /// How many; at least one.
    pub quantity: u32,
    /// What one costs.
    pub unit_price: Yen,
    /// How it is taxed.
    pub tax: TaxKind,
}

impl Line {
    fn amount(&self) -> Option<u64> {
        self.unit_price.get().checked_mul(u64::from(self.quantity))
    }
}

/// Something that is not paid in money.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Discount {
    /// What it is called.
    pub name: String,
    /// How much; of the shop's own in the terms of its prices, with or without tax.
    pub amount: Yen,
    /// Who bears it.
    pub borne_by: BorneBy,
}

/// Who bears a discount.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BorneBy {
    /// The shop: less was sold.
    Shop,
    /// Somebody else: as much was sold, and they pay a part.
    Other,
}

/// What was sold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sale {
    /// The document's number.
    pub number: String,
    /// Who sold.
    pub issuer: Issuer,
    /// When; of a period its last day.
    pub date: Date,
    /// The first day, where the document is of all that was sold in a period, as of a month's fees.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Date>,
    /// To whom: with it the document is a full invoice, as between shops.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recipient: Option<String>,
    /// Whether prices have the tax in them.
    pub prices: Prices,
    /// What becomes of a fraction of a yen.
    pub rounding: Rounding,
    /// What; at least one.
    pub lines: Vec<Line>,
    /// What is taken off.
    #[serde(default)]
    pub discounts: Vec<Discount>,
}

/// What all of one rate comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RateTotal {
    /// How it is taxed.
    pub tax: TaxKind,
    /// The rate in percent.
    pub percent: u8,
    /// The part of the shop's own discounts.
    pub discount: Yen,
    /// Without tax.
    pub net: Yen,
    /// The tax.
    pub tax_yen: Yen,
    /// With tax.
    pub gross: Yen,
}

/// What a document comes to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Totals {
    /// Each rate at which something was sold, in the order of [`TaxKind::ALL`].
    pub rates: Vec<RateTotal>,
    /// All of it with tax.
    pub total: Yen,
    /// What others bear of it.
    pub borne_by_others: Yen,
    /// What the buyer pays.
    pub to_pay: Yen,
}

/// A sale with what it comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invoice {
    sale: Sale,
    totals: Totals,
}

/// Why a document cannot be made. Lines and discounts are counted from 1.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvoiceError {
    /// There is no line, or lines or discounts are more than 1,000.
    #[error("a document has 1 to {LINES_MAX} lines and at most {LINES_MAX} discounts")]
    Count,
    /// A text is empty, longer than 100 characters, or has controls in it.
    #[error("{what:?} is empty, longer than {TEXT_CHARS_MAX} characters, or has controls in it")]
    Text {
        /// The text.
        what: String,
    },
    /// A line is of nothing.
    #[error("line {line} is of nothing")]
    NoQuantity {
        /// Which.
        line: usize,
    },
    /// The table of rates begins later.
    #[error("there are no rates for {date}")]
    NoRates {
        /// The day.
        date: Date,
    },
    /// A period ends before it begins, or the rates changed within it.
    #[error("from {from} to {date} is no period of one table of rates")]
    Period {
        /// Its first day.
        from: Date,
        /// Its last day.
        date: Date,
    },
    /// More than 999,999,999,999 yen.
    #[error("the document comes to more than {TOTAL_MAX} yen")]
    TooMuch,
    /// The shop's own discounts are more than what was sold.
    #[error("discounts of {discounts} yen are more than the {sold} yen that were sold")]
    Discounts {
        /// The discounts.
        discounts: u64,
        /// What was sold.
        sold: u64,
    },
    /// Others bear more than there is to pay.
    #[error("others bear {others} yen of {total}")]
    Others {
        /// What they bear.
        others: u64,
        /// What there is.
        total: u64,
    },
    /// More of a rate is returned than is left of it.
    #[error("{returned} yen are returned of {left} ({tax:?})")]
    Returned {
        /// Of which rate.
        tax: TaxKind,
        /// How much.
        returned: u64,
        /// What is left.
        left: u64,
    },
    /// An earlier return is another sale's.
    #[error("return {number} is of another sale")]
    OtherSale {
        /// Its number.
        number: String,
    },
}

impl Invoice {
    /// The document of a sale.
    ///
    /// # Errors
    /// [`InvoiceError`] says why there is none.
    pub fn new(sale: Sale) -> Result<Self, InvoiceError> {
        let texts = [&sale.number, &sale.issuer.name].into_iter().chain(&sale.recipient);
        check_texts(texts.chain(sale.discounts.iter().map(|discount| &discount.name)))?;
        let totals = totals(&sale)?;
        Ok(Self { sale, totals })
    }

    /// What was sold.
    #[must_use]
    pub const fn sale(&self) -> &Sale {
        &self.sale
    }

    /// What it comes to.
    #[must_use]
    pub const fn totals(&self) -> &Totals {
        &self.totals
    }

    /// Whether it is a full invoice (適格請求書) rather than a simplified one.
    #[must_use]
    pub const fn is_full(&self) -> bool {
        self.sale.recipient.is_some()
    }

    /// What stands of each kind after the shop's own discounts, in the terms of its prices.
    fn bases(&self) -> Result<[u64; 4], InvoiceError> {
        bases(&self.sale).map(|(bases, _)| bases)
    }
}

fn check_texts<'a>(mut texts: impl Iterator<Item = &'a String>) -> Result<(), InvoiceError> {
    let is_bad = |text: &&String| {
        let fits = (1..=TEXT_CHARS_MAX).contains(&text.chars().count());
        !fits || text.trim().is_empty() || text.chars().any(char::is_control)
    };
    match texts.find(is_bad) {
        Some(text) => Err(InvoiceError::Text { what: text.clone() }),
        None => Ok(()),
    }
}

/// What lines come to, by kind.
fn sums(lines: &[Line]) -> Result<[u64; 4], InvoiceError> {
    if !(1..=LINES_MAX).contains(&lines.len()) {
        return Err(InvoiceError::Count);
    }
    check_texts(lines.iter().map(|line| &line.name))?;
    let mut sums = [0_u64; 4];
    for (place, line) in (1..).zip(lines) {
        if line.quantity == 0 {
            return Err(InvoiceError::NoQuantity { line: place });
        }
        for (kind, sum) in TaxKind::ALL.into_iter().zip(&mut sums) {
            if kind == line.tax {
                let after = line.amount().and_then(|amount| sum.checked_add(amount));
                *sum = after.filter(|sum| *sum <= TOTAL_MAX).ok_or(InvoiceError::TooMuch)?;
            }
        }
    }
    Ok(sums)
}

fn borne(sale: &Sale, by: BorneBy) -> Result<u64, InvoiceError> {
    let of = sale.discounts.iter().filter(|discount| discount.borne_by == by);
    let sum = of.map(|discount| u128::from(discount.amount.get())).sum::<u128>();
    u64::try_from(sum).ok().filter(|sum| *sum <= TOTAL_MAX).ok_or(InvoiceError::TooMuch)
}

/// What stands of each kind after the shop's own discounts, and each kind's part of these.
fn bases(sale: &Sale) -> Result<([u64; 4], [u64; 4]), InvoiceError> {
    if sale.discounts.len() > LINES_MAX {
        return Err(InvoiceError::Count);
    }
    let sums = sums(&sale.lines)?;
    let (discounts, sold) = (borne(sale, BorneBy::Shop)?, sums.iter().sum::<u64>());
    if discounts > sold {
        return Err(InvoiceError::Discounts { discounts, sold });
    }
    let shares = shared(discounts, sums);
    let mut bases = sums;
    for (base, share) in bases.iter_mut().zip(shares) {
        *base -= share;
    }
    Ok((bases, shares))
}

/// The tax of one rate's base, and the base without and with tax.
fn taxed(sale: &Sale, rates: Rates, kind: TaxKind, base: u64) -> RateTotal {
    let percent = rates.percent(kind);
    let tax = sale.rounding.tax(base, percent, sale.prices);
    let (net, gross) = match sale.prices {
        Prices::Included => (base - tax, base),
        Prices::Excluded => (base, base + tax),
    };
    let (net, tax_yen, gross) = (Yen::new(net), Yen::new(tax), Yen::new(gross));
    RateTotal { tax: kind, percent, discount: Yen::ZERO, net, tax_yen, gross }
}

fn rates(sale: &Sale) -> Result<Rates, InvoiceError> {
    let Sale { date, from, .. } = *sale;
    let rates = Rates::at(date).ok_or(InvoiceError::NoRates { date })?;
    match from {
        Some(from) if from > date || Rates::at(from) != Some(rates) => {
            Err(InvoiceError::Period { from, date })
        }
        Some(_) | None => Ok(rates),
    }
}

fn totals(sale: &Sale) -> Result<Totals, InvoiceError> {
    let at = rates(sale)?;
    let (bases, shares) = bases(sale)?;
    let others = borne(sale, BorneBy::Other)?;
    let mut rates = Vec::new();
    for (kind, (base, share)) in TaxKind::ALL.into_iter().zip(bases.into_iter().zip(shares)) {
        if sale.lines.iter().any(|line| line.tax == kind) {
            let discount = Yen::new(share);
            rates.push(RateTotal { discount, ..taxed(sale, at, kind, base) });
        }
    }
    let total: u64 = rates.iter().map(|rate| rate.gross.get()).sum();
    if total > TOTAL_MAX {
        return Err(InvoiceError::TooMuch);
    }
    let to_pay = total.checked_sub(others).ok_or(InvoiceError::Others { others, total })?;
    let (total, others, to_pay) = (Yen::new(total), Yen::new(others), Yen::new(to_pay));
    Ok(Totals { rates, total, borne_by_others: others, to_pay })
}
