//! A month in Japan as paths and bodies write it: `2026-11`.

use ledger_types::japan::JapanMonth;
use serde::{Deserialize, Serialize};

/// Months of a year.
const OF_A_YEAR: u64 = 12;
/// The year of the first month that the ledger counts.
const FIRST_YEAR: u64 = 1970;
/// The last year of four digits.
const LAST_YEAR: u64 = 9999;

/// A month in Japan, written `2026-11`: from 1970 to 9999.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Month(JapanMonth);

impl Month {
    /// The month with this number; the last one of 9999 where it is later.
    #[must_use]
    pub fn of(month: JapanMonth) -> Self {
        let last = (LAST_YEAR - FIRST_YEAR) * OF_A_YEAR + OF_A_YEAR - 1;
        Self(month.min(JapanMonth::new(last)))
    }

    /// The month of a number as people write it, yyyymm; none where there is no such month.
    #[must_use]
    pub fn of_digits(yyyymm: u32) -> Option<Self> {
        let (year, month) = (u64::from(yyyymm / 100), u64::from(yyyymm % 100));
        let is_one = (FIRST_YEAR..=LAST_YEAR).contains(&year) && (1..=OF_A_YEAR).contains(&month);
        is_one.then(|| Self(JapanMonth::new((year - FIRST_YEAR) * OF_A_YEAR + month - 1)))
    }

    /// As the ledger counts it.
    #[must_use]
    pub const fn get(self) -> JapanMonth {
        self.0
    }

    /// The year, such as 2026.
    #[must_use]
    pub const fn year(self) -> u64 {
        FIRST_YEAR + self.0.get() / OF_A_YEAR
    }

    /// The month of the year, from 1.
    #[must_use]
    pub const fn of_year(self) -> u64 {
        self.0.get() % OF_A_YEAR + 1
    }

    /// The year in which its fiscal year began: from April to March.
    #[must_use]
    pub const fn fiscal_year(self) -> u64 {
        if self.of_year() < 4 { self.year() - 1 } else { self.year() }
    }
}

impl core::fmt::Display for Month {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "{:04}-{:02}", self.year(), self.of_year())
    }
}

/// The text is no month.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a month is written like 2026-11")]
pub struct ParseMonthError;

impl core::str::FromStr for Month {
    type Err = ParseMonthError;

    /// Reads what it displays, and no other spelling.
    fn from_str(text: &str) -> Result<Self, ParseMonthError> {
        let digits: String = text.chars().filter(char::is_ascii_digit).collect();
        let month = digits.parse().ok().and_then(Self::of_digits).ok_or(ParseMonthError)?;
        if month.to_string() == text { Ok(month) } else { Err(ParseMonthError) }
    }
}

impl TryFrom<String> for Month {
    type Error = ParseMonthError;

    fn try_from(text: String) -> Result<Self, ParseMonthError> {
        text.parse()
    }
}

impl From<Month> for String {
    fn from(month: Month) -> Self {
        month.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Time;

    #[test]
    fn a_month_has_one_spelling() {
        for text in ["1970-01", "2026-11", "2027-03", "9999-12"] {
            let month: Month = text.parse().unwrap();
            assert_eq!(month.to_string(), text);
            assert_eq!(serde_json::to_string(&month).unwrap(), format!("{text:?}"));
        }
        for text in ["2026-13", "2026-00", "202611", "2026-1", "2026/11", "1969-12", "", "+2026-11"]
        {
            assert_eq!(text.parse::<Month>(), Err(ParseMonthError), "{text}");
        }
    }

    #[test]
    fn a_month_is_the_one_in_which_the_ledger_counts_an_instant() {
        for (instant, text, fiscal) in [
            ("2026-11-30T14:59:59.999Z", "2026-11", 2026),
            ("2026-11-30T15:00:00.000Z", "2026-12", 2026),
            ("2027-03-31T14:59:59.999Z", "2027-03", 2026),
            ("2027-03-31T15:00:00.000Z", "2027-04", 2027),
        ] {
            let month = Month::of(JapanMonth::of(instant.parse::<Time>().unwrap().get()));
            assert_eq!((month.to_string().as_str(), month.fiscal_year()), (text, fiscal));
            assert_eq!(Month::of_digits(text.replace('-', "").parse().unwrap()), Some(month));
        }
        assert_eq!(Month::of(JapanMonth::new(u64::MAX)).to_string(), "9999-12");
    }
}
