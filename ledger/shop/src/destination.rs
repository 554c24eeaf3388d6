//! Where a shop's payouts go: the document that its commitment on the ledger is to.
//!
//! The ledger has a salted commitment alone. The shop gives its bank the opening, and the bank writes its
//! file of transfers from it: bank, branch, kind, number, and the name as banks write it.

use serde::{Deserialize, Serialize};

use crate::kana::{self, Kana, NotKana};
use crate::zengin::{AccountKind, BankAccount, Number};

/// The form of the document.
const FORMAT: &str = "kyojo-payout-account/1";
/// The tag of a commitment to it.
pub const TAG_PAYOUT_ACCOUNT: &[u8] = b"kyojo/payout-account/v1";

/// An account at a bank, and whose it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Destination {
    /// The account; its bank's and branch's names may be empty.
    pub account: BankAccount,
    /// The name that the bank knows its holder by.
    pub name: Kana,
}

/// Why a text is no such document.
#[derive(Debug, thiserror::Error)]
pub enum BadDestination {
    /// It is no JSON of this form.
    #[error("it is not of the form {FORMAT}: {0}")]
    Form(#[from] serde_json::Error),
    /// The name cannot be written.
    #[error(transparent)]
    Name(#[from] NotKana),
    /// A number has other than its digits, or the kind is none.
    #[error("{0} is not written as banks write it")]
    Field(&'static str),
    /// The name is empty, or has more than 30 bytes, which a file would cut.
    #[error("the name is empty or has more than 30 half-width characters")]
    NameLength,
}

/// As it stands in JSON.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Form {
    format: String,
    bank: String,
    branch: String,
    kind: String,
    number: String,
    name: String,
}

impl Destination {
    /// The account with these numbers, each of all its digits, held under this name.
    ///
    /// # Errors
    /// [`BadDestination`] names what is not written as banks write it.
    pub fn new(
        (bank, branch, number): (&str, &str, &str),
        kind: AccountKind,
        name: &str,
    ) -> Result<Self, BadDestination> {
        let name = kana::narrow(name)?;
        if name.is_empty() || name.as_bytes().len() > crate::zengin::NAME_BYTES {
            return Err(BadDestination::NameLength);
        }
        let account = BankAccount {
            bank: digits(bank).ok_or(BadDestination::Field("the bank"))?,
            bank_name: Kana::default(),
            branch: digits(branch).ok_or(BadDestination::Field("the branch"))?,
            branch_name: Kana::default(),
            kind,
            number: digits(number).ok_or(BadDestination::Field("the number"))?,
        };
        Ok(Self { account, name })
    }

    /// The document, always the same bytes for the same account.
    ///
    /// # Errors
    /// Never: all of it is text.
    pub fn to_json(&self) -> Result<Vec<u8>, serde_json::Error> {
        let BankAccount { bank, branch, kind, number, .. } = &self.account;
        serde_json::to_vec(&Form {
            format: FORMAT.to_owned(),
            bank: bank.to_string(),
            branch: branch.to_string(),
            kind: kind.digit().to_string(),
            number: number.to_string(),
            name: self.name.to_string(),
        })
    }

    /// Reads the document.
    ///
    /// # Errors
    /// [`BadDestination`] says what is not of the form.
    pub fn from_json(bytes: &[u8]) -> Result<Self, BadDestination> {
        let form: Form = serde_json::from_slice(bytes)?;
        if form.format != FORMAT {
            return Err(BadDestination::Field("the form"));
        }
        let mut kind = form.kind.chars();
        let one = kind.next().filter(|_| kind.next().is_none());
        let kind = one.and_then(AccountKind::of_digit).ok_or(BadDestination::Field("the kind"))?;
        let found = Self::new((&form.bank, &form.branch, &form.number), kind, &form.name)?;
        // Names are compared by their bytes, so that there is one way to write each.
        if found.name.to_string() == form.name {
            Ok(found)
        } else {
            Err(BadDestination::Field("the name"))
        }
    }
}

/// A number with all its digits.
fn digits<const DIGITS: usize>(text: &str) -> Option<Number<DIGITS>> {
    let is_plain = text.len() == DIGITS && text.bytes().all(|byte| byte.is_ascii_digit());
    if is_plain { Number::new(text.parse().ok()?) } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bakery() -> Destination {
        let numbers = ("0126", "001", "0001234");
        Destination::new(numbers, AccountKind::Ordinary, "あいづベーカリー").unwrap()
    }

    #[test]
    fn a_destination_is_one_document() {
        let json = String::from_utf8(bakery().to_json().unwrap()).unwrap();
        let expected = r#"{"format":"kyojo-payout-account/1","bank":"0126","branch":"001","kind":"1","number":"0001234","name":"ｱｲﾂﾞﾍﾞ-ｶﾘ-"}"#;
        assert_eq!(json, expected);
        assert_eq!(Destination::from_json(json.as_bytes()).unwrap(), bakery());
    }

    #[test]
    fn what_banks_do_not_write_is_refused() {
        let ordinary = AccountKind::Ordinary;
        for (bank, branch, number) in [
            ("126", "001", "0001234"),
            ("0126", "01", "0001234"),
            ("0126", "001", "1234"),
            ("0126", "001", "000123x"),
        ] {
            let made = Destination::new((bank, branch, number), ordinary, "ｱｲﾂﾞ");
            assert!(matches!(made, Err(BadDestination::Field(_))), "{bank} {branch} {number}");
        }
        let numbers = ("0126", "001", "0001234");
        let long = "ア".repeat(31);
        for name in ["", " ", &long] {
            let made = Destination::new(numbers, ordinary, name);
            assert!(matches!(made, Err(BadDestination::NameLength)), "{name}");
        }
        let kanji = Destination::new(numbers, ordinary, "会津");
        assert!(matches!(kanji, Err(BadDestination::Name(_))));
        let json = String::from_utf8(bakery().to_json().unwrap()).unwrap();
        for (from, to) in [
            ("/1", "/2"),
            ("\"kind\":\"1\"", "\"kind\":\"3\""),
            ("\"kind\":\"1\"", "\"kind\":\"11\""),
            ("ｱｲﾂﾞ", "アイヅ"),
            ("\"bank\"", "\"banc\""),
        ] {
            let changed = json.replace(from, to);
            assert_ne!(changed, json);
            assert!(Destination::from_json(changed.as_bytes()).is_err(), "{changed}");
        }
    }
}
