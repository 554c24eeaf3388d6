//! Return invoices (適格返還請求書): what of a sale was given back, with its tax.

use ledger_types::Yen;
use serde::{Deserialize, Serialize};

use crate::date::Date;
use crate::invoice::{
    Invoice, InvoiceError, Line, RateTotal, TaxKind, check_texts, rates, sums, taxed,
};

/// What is given back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Return {
    /// The document's number.
    pub number: String,
    /// When.
    pub date: Date,
    /// The number of the sale's document.
    pub of_number: String,
    /// When was sold.
    pub of_date: Date,
    /// What, at what it cost after the shop's discounts, in the terms of the sale's prices.
    pub lines: Vec<Line>,
}

/// A return with what it comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReturnInvoice {
    pub(super) returned: Return,
    /// The sale's, which a return invoice names too.
    pub(super) sale: crate::invoice::Sale,
    pub(super) rates: Vec<RateTotal>,
    pub(super) total: Yen,
    /// What is given back of each kind, in the terms of the sale's prices.
    bases: [u64; 4],
}

impl ReturnInvoice {
    /// The document of a return, after those that came before it.
    ///
    /// # Errors
    /// [`InvoiceError`] says why there is none.
    pub fn new(
        of: &Invoice,
        before: &[Self],
        number: String,
        date: Date,
        lines: Vec<Line>,
    ) -> Result<Self, InvoiceError> {
        let sale = of.sale();
        check_texts([&number].into_iter())?;
        let (mut left, bases) = (of.bases()?, sums(&lines)?);
        for earlier in before {
            if earlier.sale != *sale {
                return Err(InvoiceError::OtherSale { number: earlier.returned.number.clone() });
            }
            take(&mut left, &earlier.bases)?;
        }
        let at = rates(sale)?;
        let mut after = left;
        take(&mut after, &bases)?;
        let mut totals = Vec::new();
        for (kind, (left, after)) in TaxKind::ALL.into_iter().zip(left.into_iter().zip(after)) {
            if lines.iter().any(|line| line.tax == kind) {
                totals
                    .push(difference(&taxed(sale, at, kind, left), &taxed(sale, at, kind, after)));
            }
        }
        let total = Yen::new(totals.iter().map(|rate| rate.gross.get()).sum());
        let (of_number, of_date) = (sale.number.clone(), sale.date);
        let returned = Return { number, date, of_number, of_date, lines };
        Ok(Self { returned, sale: sale.clone(), rates: totals, total, bases })
    }

    /// What is given back.
    #[must_use]
    pub const fn returned(&self) -> &Return {
        &self.returned
    }

    /// Each rate of which something is given back, in the order of [`TaxKind::ALL`].
    #[must_use]
    pub fn rates(&self) -> &[RateTotal] {
        &self.rates
    }

    /// All of it with tax.
    #[must_use]
    pub const fn total(&self) -> Yen {
        self.total
    }
}

fn take(left: &mut [u64; 4], returned: &[u64; 4]) -> Result<(), InvoiceError> {
    for (tax, (left, returned)) in TaxKind::ALL.into_iter().zip(left.iter_mut().zip(*returned)) {
        let after = left.checked_sub(returned);
        *left = after.ok_or(InvoiceError::Returned { tax, returned, left: *left })?;
    }
    Ok(())
}

/// Tax and its parts rise with their base, so that none of these is below 0.
fn difference(before: &RateTotal, after: &RateTotal) -> RateTotal {
    let less = |before: Yen, after: Yen| before.checked_sub(after).unwrap_or(Yen::ZERO);
    RateTotal {
        net: less(before.net, after.net),
        tax_yen: less(before.tax_yen, after.tax_yen),
        gross: less(before.gross, after.gross),
        ..*before
    }
}
