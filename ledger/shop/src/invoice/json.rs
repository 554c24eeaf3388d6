//! The JSON form of documents: what was said, and what it comes to, which readers count again.

use ledger_types::Hash;
use serde::{Deserialize, Serialize};

use crate::invoice::{Invoice, InvoiceError, RateTotal, Return, ReturnInvoice, Sale, Totals};

const FORMAT: &str = "kyojo-invoice/1";
const RETURN_FORMAT: &str = "kyojo-return-invoice/1";
/// The most bytes of a document.
const BYTES_MAX: usize = 1024 * 1024;
/// Tag of the commitment that a payment request has in it.
const TAG_TAX_LINES: &[u8] = b"kyojo/tax-lines/v1";

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    format: String,
    sale: Sale,
    totals: Totals,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenReturn {
    format: String,
    issuer: crate::invoice::Issuer,
    #[serde(rename = "return")]
    returned: Return,
    rates: Vec<RateTotal>,
    total: ledger_types::Yen,
}

/// Why a file is no document.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum JsonError {
    /// It has not the form.
    #[error("{reason}")]
    Form {
        /// What the reader met.
        reason: String,
    },
    /// What it says cannot be.
    #[error(transparent)]
    Invoice(#[from] InvoiceError),
    /// It says another sum or tax than what it says was sold comes to.
    #[error("sums or taxes are not those of what was sold")]
    Totals,
}

impl Invoice {
    /// The file.
    ///
    /// # Errors
    /// Never: every document has a JSON form.
    pub fn to_json(&self) -> Result<Vec<u8>, serde_json::Error> {
        let (sale, totals) = (self.sale().clone(), self.totals().clone());
        serde_json::to_vec(&Written { format: FORMAT.to_owned(), sale, totals })
    }

    /// Reads a file, and counts again.
    ///
    /// # Errors
    /// [`JsonError`] says why it is none.
    pub fn from_json(bytes: &[u8]) -> Result<Self, JsonError> {
        let Written { format, sale, totals } = parsed(bytes)?;
        check_format(&format, FORMAT)?;
        let invoice = Self::new(sale)?;
        if *invoice.totals() == totals { Ok(invoice) } else { Err(JsonError::Totals) }
    }

    /// What a payment request has in it of this document: SHA-256 of a tag, a salt of 32 bytes chosen
    /// at random, and the file. Buyer and shop keep both; nobody else learns what was bought. It is
    /// made before anybody else's coupon is known, and so without them.
    ///
    /// # Errors
    /// Never: every document has a JSON form.
    pub fn commitment(&self, salt: &[u8; 32]) -> Result<Hash, serde_json::Error> {
        Ok(Hash::of(&[TAG_TAX_LINES, salt, &self.to_json()?]))
    }
}

impl ReturnInvoice {
    /// The file.
    ///
    /// # Errors
    /// Never: every document has a JSON form.
    pub fn to_json(&self) -> Result<Vec<u8>, serde_json::Error> {
        serde_json::to_vec(&WrittenReturn {
            format: RETURN_FORMAT.to_owned(),
            issuer: self.sale.issuer.clone(),
            returned: self.returned.clone(),
            rates: self.rates.clone(),
            total: self.total,
        })
    }

    /// Reads a file, and counts again from the sale and what was returned of it before.
    ///
    /// # Errors
    /// [`JsonError`] says why it is none.
    pub fn from_json(bytes: &[u8], of: &Invoice, before: &[Self]) -> Result<Self, JsonError> {
        let written: WrittenReturn = parsed(bytes)?;
        check_format(&written.format, RETURN_FORMAT)?;
        let Return { number, date, lines, .. } = written.returned.clone();
        let found = Self::new(of, before, number, date, lines)?;
        let is_same = found.returned == written.returned && found.sale.issuer == written.issuer;
        let counts = found.rates == written.rates && found.total == written.total;
        if is_same && counts { Ok(found) } else { Err(JsonError::Totals) }
    }
}

fn parsed<'a, T: Deserialize<'a>>(bytes: &'a [u8]) -> Result<T, JsonError> {
    if bytes.len() > BYTES_MAX {
        return Err(form(&"the document has more than 1 MiB"));
    }
    serde_json::from_slice(bytes).map_err(|error| form(&error))
}

fn check_format(found: &str, expected: &str) -> Result<(), JsonError> {
    let reason = || form(&format!("the format is {found:?}, not {expected:?}"));
    if found == expected { Ok(()) } else { Err(reason()) }
}

fn form(reason: &dyn core::fmt::Display) -> JsonError {
    JsonError::Form { reason: reason.to_string() }
}
