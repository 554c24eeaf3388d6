//! The code that a shop shows: an EMVCo merchant-presented QR code.
//!
//! EMV QR Code Specification for Payment Systems, Merchant-Presented Mode, version 1.1 (November
//! 2020). The code is a text of data objects; what is ours stands in templates under the globally
//! unique identifier `JP.KYOJO`, so that other apps leave it alone and show name and amount all the
//! same. The specification is EMVCo's; the code is no JPQR, and nothing here claims that it is.
//!
//! Two uses: a code without an end, stuck to the counter (*static*: the shop's place, an amount where
//! it has a fixed one), and one for each payment (*dynamic*: a terminal's signed request). Place and
//! amount of a request stand where every reader looks for them and nowhere else, so no two parts of
//! a code can disagree.
//!
//! Reading is strict: lengths, order of the first and the last object, checksum, what must be there,
//! and 512 bytes in all. Objects that are not known are passed over, as the specification asks; what
//! would change the amount (tips and fees, 55 to 57) is refused, for passing over it would pay less
//! than was asked.

mod crc;
mod read;
mod text;
mod tlv;

pub use text::{Latin, Wide};
pub use tlv::Objects;

use ledger_types::codec;

use crate::base45;
use crate::emv::crc::crc;
use crate::request::{RequestError, ShopPlace, ShopYen, SignedRequest};

/// The most bytes of a code.
pub const CODE_BYTES_MAX: usize = 512;
/// The globally unique identifier of our templates: a reversed domain, in capitals since QR codes
/// have a denser mode for them.
pub const IDENTIFIER: &str = "JP.KYOJO";

/// Identities of the objects of a code.
mod id {
    pub(super) const FORMAT: u8 = 0;
    pub(super) const INITIATION: u8 = 1;
    /// Merchant account information: templates of payment systems.
    pub(super) const ACCOUNTS: core::ops::RangeInclusive<u8> = 26..=51;
    pub(super) const CATEGORY: u8 = 52;
    pub(super) const CURRENCY: u8 = 53;
    pub(super) const AMOUNT: u8 = 54;
    /// Tip indicator, fixed fee, percentage fee.
    pub(super) const SURCHARGES: core::ops::RangeInclusive<u8> = 55..=57;
    pub(super) const COUNTRY: u8 = 58;
    pub(super) const NAME: u8 = 59;
    pub(super) const CITY: u8 = 60;
    pub(super) const ADDITIONAL: u8 = 62;
    pub(super) const CRC: u8 = 63;
    pub(super) const LANGUAGE: u8 = 64;
    /// Unreserved templates: ours carry a request's rest, in ascending order.
    pub(super) const UNRESERVED: core::ops::RangeInclusive<u8> = 80..=99;
}

const FORMAT: &str = "01";
const STATIC: &str = "11";
const DYNAMIC: &str = "12";
/// The yen in ISO 4217.
const YEN: &str = "392";
const JAPAN: &str = "JP";
const JAPANESE: &str = "ja";
/// How the checksum's object begins; the checksum is over this too.
const CRC_BEGINS: &str = "6304";
/// Of one template, what stands beside its rest: the identifier's object and the rest's own head.
const REST_CHARS: usize = tlv::VALUE_CHARS_MAX - (4 + IDENTIFIER.len()) - 4;

/// What a shop shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MerchantCode {
    /// What is to be paid, and where.
    pub asked: Asked,
    /// The kind of shop: an ISO 18245 category of four digits, `0000` where it is not said.
    pub category: Category,
    /// The shop's name in Latin letters.
    pub name: Latin<25>,
    /// Its city in Latin letters.
    pub city: Latin<15>,
    /// The same in Japanese.
    pub japanese: Option<Japanese>,
    /// What a till adds.
    pub additional: Additional,
}

/// What is to be paid, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asked {
    /// The code stays: any number of people pay by it.
    Static {
        /// Where the shop is paid.
        place: ShopPlace,
        /// How much, where the code says it; never 0.
        amount: Option<ShopYen>,
    },
    /// The code is for one payment.
    Dynamic(Box<SignedRequest>),
}

impl Asked {
    /// Where the shop is paid.
    #[must_use]
    pub fn place(&self) -> &ShopPlace {
        match self {
            Self::Static { place, .. } => place,
            Self::Dynamic(signed) => &signed.request().place,
        }
    }

    /// How much, where it is said.
    #[must_use]
    pub fn amount(&self) -> Option<ShopYen> {
        match self {
            Self::Static { amount, .. } => *amount,
            Self::Dynamic(signed) => Some(signed.request().amount),
        }
    }
}

/// A category of merchants, four digits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Category(u16);

impl Category {
    /// The category; none above 9999.
    #[must_use]
    pub fn new(number: u16) -> Option<Self> {
        (number <= 9999).then_some(Self(number))
    }

    /// The number.
    #[must_use]
    pub const fn get(self) -> u16 {
        self.0
    }
}

/// A shop's name and city as people there write them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Japanese {
    /// The name.
    pub name: Wide<25>,
    /// The city.
    pub city: Option<Wide<15>>,
}

/// What a till adds: objects 01, 03, 05 and 07 of template 62.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Additional {
    /// The number of the bill.
    pub bill: Option<Latin<25>>,
    /// Which of the merchant's shops.
    pub store: Option<Latin<25>>,
    /// A reference of the shop.
    pub reference: Option<Latin<25>>,
    /// Which terminal.
    pub terminal: Option<Latin<25>>,
}

/// Why a text is no code, or none of ours. Places are counted in characters from 0.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EmvError {
    /// It has more than 512 bytes.
    #[error("the code has {length} bytes, {CODE_BYTES_MAX} at most")]
    TooLong {
        /// How many it has.
        length: usize,
    },
    /// An object ends before its length says.
    #[error("the object at {at} is cut off")]
    CutOff {
        /// Where it begins.
        at: usize,
    },
    /// An object does not begin with two digits.
    #[error("no object's number stands at {at}")]
    NoNumber {
        /// Where.
        at: usize,
    },
    /// A length is not of two digits, or is 0.
    #[error("the length of the object at {at} is no number from 01 to 99")]
    BadLength {
        /// Where the object begins.
        at: usize,
    },
    /// An object stands twice.
    #[error("object {id:02} stands twice")]
    Repeated {
        /// Which.
        id: u8,
    },
    /// It does not begin with the payload format 01 or does not end with a checksum.
    #[error("the first object is not the format 01, or the last is not the checksum")]
    Order,
    /// The checksum is another one's.
    #[error("the checksum is {found}, and {expected} fits")]
    Checksum {
        /// What fits.
        expected: String,
        /// What stands there.
        found: String,
    },
    /// An object that every code has is not there.
    #[error("object {id:02} is missing")]
    Missing {
        /// Which.
        id: u8,
    },
    /// A value is not of its object's form.
    #[error("the value of object {id:02} has not its form")]
    Field {
        /// Which.
        id: u8,
    },
    /// It asks for a tip or a fee on top, which is not paid here.
    #[error("the code asks for a tip or a fee on top (object {id:02})")]
    Surcharge {
        /// Which object says so.
        id: u8,
    },
    /// It is in another currency than the yen, or of another country than Japan.
    #[error("the code is in another currency than the yen, or of another country than Japan")]
    Abroad,
    /// It is a sound code, and no account of ours is in it.
    #[error("the code is sound, and not one of {IDENTIFIER}")]
    NotOurs,
    /// It is for one payment and has no request, or stays and has one, or has two accounts.
    #[error("a code for one payment has one request, a code that stays has none, both one account")]
    Use,
    /// The request in it is none.
    #[error(transparent)]
    Request(#[from] RequestError),
}

impl MerchantCode {
    /// The text that the QR code has.
    ///
    /// # Errors
    /// [`EmvError::TooLong`] where names and exceptions do not fit together, and
    /// [`EmvError::Field`] for a static amount of 0.
    pub fn encode(&self) -> Result<String, EmvError> {
        let amount = self.asked.amount();
        if amount.is_some_and(|amount| amount.get().is_zero()) {
            return Err(EmvError::Field { id: id::AMOUNT });
        }
        let initiation = match &self.asked {
            Asked::Static { .. } => STATIC,
            Asked::Dynamic(_) => DYNAMIC,
        };
        let place = base45::encode(&codec::encode(self.asked.place()));
        let mut objects = Objects::default()
            .with(id::FORMAT, FORMAT)
            .with(id::INITIATION, initiation)
            .with(*id::ACCOUNTS.start(), ours(place)?)
            .with(id::CATEGORY, format!("{:04}", self.category.get()))
            .with(id::CURRENCY, YEN)
            .with_some(id::AMOUNT, amount.map(|amount| amount.get().to_string()))
            .with(id::COUNTRY, JAPAN)
            .with(id::NAME, self.name.as_str())
            .with(id::CITY, self.city.as_str())
            .with_some(id::ADDITIONAL, self.additional.write()?);
        if let Some(japanese) = &self.japanese {
            objects = objects.with(id::LANGUAGE, japanese.write()?);
        }
        if let Asked::Dynamic(signed) = &self.asked {
            for (id, part) in id::UNRESERVED.zip(parts(&signed.rest())) {
                objects = objects.with(id, ours(part)?);
            }
        }
        let mut text = objects.write()?;
        text.push_str(CRC_BEGINS);
        text.push_str(&format!("{:04X}", crc(text.as_bytes())));
        if text.len() > CODE_BYTES_MAX {
            return Err(EmvError::TooLong { length: text.len() });
        }
        Ok(text)
    }

    /// Reads the text of a QR code. No signature is verified by it.
    ///
    /// # Errors
    /// [`EmvError`] says what is wrong with it.
    pub fn decode(text: &str) -> Result<Self, EmvError> {
        read::code(text)
    }

    /// Whether a text is meant to be such a code, so that it is read as one or refused.
    #[must_use]
    pub fn is_meant(text: &str) -> bool {
        text.starts_with("000201")
    }
}

/// One of our templates: the identifier, and under 01 what it carries.
fn ours(value: impl Into<String>) -> Result<String, EmvError> {
    Objects::default().with(0, IDENTIFIER).with(1, value).write()
}

/// A rest in parts that fit into templates; all but the last are full.
fn parts(rest: &str) -> Vec<String> {
    let all: Vec<char> = rest.chars().collect();
    all.chunks(REST_CHARS).map(|part| part.iter().collect()).collect()
}

impl Additional {
    fn write(&self) -> Result<Option<String>, EmvError> {
        let of = |one: &Option<Latin<25>>| one.as_ref().map(|text| text.as_str().to_owned());
        let objects = Objects::default()
            .with_some(1, of(&self.bill))
            .with_some(3, of(&self.store))
            .with_some(5, of(&self.reference))
            .with_some(7, of(&self.terminal));
        if objects.is_empty() { Ok(None) } else { objects.write().map(Some) }
    }
}

impl Japanese {
    fn write(&self) -> Result<String, EmvError> {
        Objects::default()
            .with(0, JAPANESE)
            .with(1, self.name.as_str())
            .with_some(2, self.city.as_ref().map(Wide::as_str))
            .write()
    }
}
