//! The number of a qualified invoice issuer: `T` and 13 digits (消費税法 57-2).

use ledger_types::registry::CorporateNumber;
use serde::{Deserialize, Serialize};

/// A registration number; its 13 digits have the corporate number's check digit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvoiceNumber(CorporateNumber);

impl InvoiceNumber {
    /// The registration number with these digits.
    #[must_use]
    pub const fn new(digits: CorporateNumber) -> Self {
        Self(digits)
    }

    /// Its digits.
    #[must_use]
    pub const fn digits(self) -> CorporateNumber {
        self.0
    }
}

impl core::fmt::Display for InvoiceNumber {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "T{:013}", self.0.get())
    }
}

/// The text is no registration number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a registration number is T and 13 digits, of which the first fits the others")]
pub struct ParseInvoiceNumberError;

impl core::str::FromStr for InvoiceNumber {
    type Err = ParseInvoiceNumberError;

    fn from_str(text: &str) -> Result<Self, ParseInvoiceNumberError> {
        let digits = text.strip_prefix('T').filter(|digits| digits.len() == 13);
        let digits = digits.filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()));
        let number = digits.and_then(|digits| digits.parse().ok()).and_then(CorporateNumber::new);
        number.map(Self).ok_or(ParseInvoiceNumberError)
    }
}

impl Serialize for InvoiceNumber {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for InvoiceNumber {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <String as Deserialize>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}
