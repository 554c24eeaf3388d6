//! Rates of consumption tax as a dated table, how a yen is rounded, and what they make of a sum.
//!
//! 消費税法 29 (rates) and its transitional provision on the reduced rate, in force since 2019-10-01;
//! 消費税法施行令 70-10: a fraction of a yen is rounded once for each rate of one invoice, in whichever
//! way the issuer chose.

use serde::{Deserialize, Serialize};

use crate::date::Date;

/// How something is taxed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TaxKind {
    /// At the standard rate.
    Standard,
    /// At the reduced rate (軽減税率): food to take away, newspapers by subscription.
    Reduced,
    /// At 0 %: exports (免税).
    Zero,
    /// Not taxed (非課税): medicine under insurance, rent of homes, vouchers themselves.
    Exempt,
}

impl TaxKind {
    /// All of them, in the order of documents.
    pub const ALL: [Self; 4] = [Self::Standard, Self::Reduced, Self::Zero, Self::Exempt];
}

/// The rates from one day on, in whole percent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rates {
    standard: u8,
    reduced: u8,
}

/// The first day, and the rates from then on; later rates are rows after it.
const TABLE: [((u16, u8, u8), Rates); 1] = [((2019, 10, 1), Rates { standard: 10, reduced: 8 })];

impl Rates {
    /// The rates of a day; none before the table begins.
    #[must_use]
    pub fn at(date: Date) -> Option<Self> {
        let since = TABLE.iter().rev().find(|((year, month, day), _)| {
            Date::new(*year, *month, *day).is_some_and(|first| first <= date)
        });
        since.map(|(_, rates)| *rates)
    }

    /// The rate of a kind, in percent.
    #[must_use]
    pub const fn percent(self, kind: TaxKind) -> u8 {
        match kind {
            TaxKind::Standard => self.standard,
            TaxKind::Reduced => self.reduced,
            TaxKind::Zero | TaxKind::Exempt => 0,
        }
    }
}

/// Whether prices have the tax in them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Prices {
    /// They do (税込).
    Included,
    /// They do not (税抜).
    Excluded,
}

/// What becomes of a fraction of a yen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rounding {
    /// It is dropped (切捨て).
    Floor,
    /// Half a yen and more is a yen (四捨五入).
    Nearest,
    /// It is a yen (切上げ).
    Ceiling,
}

impl Rounding {
    /// `numerator` / `denominator` in whole yen; the denominator is not 0.
    fn divide(self, numerator: u128, denominator: u128) -> u128 {
        match self {
            Self::Floor => numerator / denominator,
            Self::Nearest => (2 * numerator + denominator) / (2 * denominator),
            Self::Ceiling => numerator.div_ceil(denominator),
        }
    }

    /// The tax on a sum, or in it, in yen.
    #[must_use]
    pub fn tax(self, sum: u64, percent: u8, prices: Prices) -> u64 {
        let of = u128::from(sum) * u128::from(percent);
        let parts = match prices {
            Prices::Included => 100 + u128::from(percent),
            Prices::Excluded => 100,
        };
        // Rates are below 100 %, so that a tax is never more than its sum.
        u64::try_from(self.divide(of, parts)).unwrap_or(sum)
    }
}

/// `whole` in shares as `parts` are to each other, exact to the yen: what floors leave goes to the
/// largest remainders, of equal ones to the first.
///
/// `whole` is not more than the sum of the parts, so that no share is more than its part.
#[must_use]
pub(super) fn shared<const N: usize>(whole: u64, parts: [u64; N]) -> [u64; N] {
    let sum: u128 = parts.iter().copied().map(u128::from).sum();
    if sum == 0 {
        return [0; N];
    }
    let exact = parts.map(|part| u128::from(whole) * u128::from(part));
    let mut shares = exact.map(|exact| u64::try_from(exact / sum).unwrap_or(u64::MAX));
    let mut order: Vec<usize> = (0..N).filter(|place| exact[*place] % sum > 0).collect();
    order.sort_by_key(|place| core::cmp::Reverse(exact[*place] % sum));
    let given: u64 = shares.iter().sum();
    let left = usize::try_from(whole - given).unwrap_or(N);
    for place in order.into_iter().take(left) {
        shares[place] += 1;
    }
    shares
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn rates_are_those_of_the_day() {
        let at = |text: &str| Rates::at(text.parse().unwrap());
        let rates = at("2026-11-22").unwrap();
        assert_eq!(TaxKind::ALL.map(|kind| rates.percent(kind)), [10, 8, 0, 0]);
        assert_eq!(at("2019-10-01"), Some(rates));
        assert_eq!(at("2019-09-30"), None);
    }

    #[test]
    fn a_fraction_is_rounded_as_was_chosen() {
        use Prices::{Excluded, Included};
        use Rounding::{Ceiling, Floor, Nearest};
        for (sum, percent, prices, expected) in [
            (1_000, 10, Included, [90, 91, 91]),
            (1_080, 8, Included, [80, 80, 80]),
            (999, 8, Excluded, [79, 80, 80]),
            (105, 10, Excluded, [10, 11, 11]),
            (104, 10, Excluded, [10, 10, 11]),
            (1, 10, Included, [0, 0, 1]),
            (0, 10, Included, [0, 0, 0]),
            (12_345, 0, Excluded, [0, 0, 0]),
        ] {
            let found = [Floor, Nearest, Ceiling].map(|it| it.tax(sum, percent, prices));
            assert_eq!(found, expected, "{sum} {percent} {prices:?}");
        }
    }

    #[test]
    fn shares_go_by_the_largest_remainder() {
        assert_eq!(shared(100, [1_000, 500, 0, 0]), [67, 33, 0, 0]);
        assert_eq!(shared(1, [1, 1, 1, 0]), [1, 0, 0, 0]);
        assert_eq!(shared(2, [1, 1, 1, 0]), [1, 1, 0, 0]);
        assert_eq!(shared(0, [5, 5]), [0, 0]);
        assert_eq!(shared(0, [0, 0]), [0, 0]);
        assert_eq!(shared(10, [0, 10]), [0, 10]);
    }

    proptest! {
        #[test]
        fn shares_are_exact_and_none_is_more_than_its_part(
            parts in any::<[u32; 4]>(),
            of in 0_u64..=1_000,
        ) {
            let parts = parts.map(u64::from);
            let whole = parts.iter().sum::<u64>() / 1_000 * of;
            let shares = shared(whole, parts);
            prop_assert_eq!(shares.iter().sum::<u64>(), whole);
            prop_assert!(shares.iter().zip(parts).all(|(share, part)| *share <= part));
        }
    }
}
