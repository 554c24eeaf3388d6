//! 総合振込: the file by which a bank is told to transfer (全国銀行協会, fixed records of 120 bytes).
//!
//! One header (1, kind 21), a data record (2) for each transfer, a trailer (8) with count and sum, an
//! end (9); numbers stand right with zeros, texts left with spaces, in the bytes of JIS X 0201. The
//! clearing house is always 0000. A name that is longer than its field is cut at a character and told
//! of ([`Cut`]); everything else that does not fit is refused before a byte is written.

mod read;
mod write;

pub use read::{ReadError, read};
pub use write::{Cut, Field, WriteError, Written, write};

use ledger_types::Yen;

use crate::date::Date;
use crate::kana::Kana;

/// The bytes of a record, without what ends its line.
pub const RECORD_BYTES: usize = 120;
/// The most transfers of a file: its trailer counts in six digits.
pub const TRANSFERS_MAX: usize = 999_999;
/// The most yen of one transfer: ten digits.
pub const AMOUNT_MAX: u64 = 9_999_999_999;
/// The most yen of a file: twelve digits.
pub const TOTAL_MAX: u64 = 999_999_999_999;
/// The bytes of a payee's name.
pub const NAME_BYTES: usize = 30;
/// The bytes of the name of who gives the order.
pub const CLIENT_NAME_BYTES: usize = 40;
/// The bytes of a bank's or branch's name.
pub const BANK_NAME_BYTES: usize = 15;
/// The bytes of what is told the payee.
pub const MESSAGE_BYTES: usize = 20;

/// A number of so many decimal digits, zeros before it included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Number<const DIGITS: usize>(u64);

impl<const DIGITS: usize> Number<DIGITS> {
    /// The number; none where it has more digits.
    #[must_use]
    pub fn new(number: u64) -> Option<Self> {
        (number.to_string().len() <= DIGITS).then_some(Self(number))
    }

    /// The number.
    #[must_use]
    pub const fn get(self) -> u64 {
        self.0
    }
}

impl<const DIGITS: usize> core::fmt::Display for Number<DIGITS> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "{:0DIGITS$}", self.0)
    }
}

/// The kind of an account at a bank (預金種目).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AccountKind {
    /// 普通.
    Ordinary,
    /// 当座.
    Current,
    /// 貯蓄.
    Savings,
    /// その他.
    Other,
}

impl AccountKind {
    /// All of them with their digits.
    pub const ALL: [(Self, char); 4] =
        [(Self::Ordinary, '1'), (Self::Current, '2'), (Self::Savings, '4'), (Self::Other, '9')];

    /// Its digit.
    #[must_use]
    pub const fn digit(self) -> char {
        match self {
            Self::Ordinary => '1',
            Self::Current => '2',
            Self::Savings => '4',
            Self::Other => '9',
        }
    }

    /// The kind of a digit.
    #[must_use]
    pub fn of_digit(digit: char) -> Option<Self> {
        Self::ALL.iter().find(|(_, one)| *one == digit).map(|(kind, _)| *kind)
    }
}

/// An account at a bank.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BankAccount {
    /// The bank.
    pub bank: Number<4>,
    /// Its name; may be empty.
    pub bank_name: Kana,
    /// The branch.
    pub branch: Number<3>,
    /// Its name; may be empty.
    pub branch_name: Kana,
    /// The kind of account.
    pub kind: AccountKind,
    /// Its number.
    pub number: Number<7>,
}

/// Who gives the order (依頼人), out of whose account is paid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Client {
    /// The number that its bank gave it.
    pub code: Number<10>,
    /// Its name; not empty.
    pub name: Kana,
    /// Its account; never 貯蓄.
    pub account: BankAccount,
}

/// One transfer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transfer {
    /// To which account.
    pub to: BankAccount,
    /// Whose it is; not empty.
    pub name: Kana,
    /// How much: 1 to 9,999,999,999 yen.
    pub amount: Yen,
    /// What is told the payee (EDI情報), 20 bytes at most; may be empty. It is never cut.
    pub message: Kana,
}

/// When is paid (振込指定日): a month and a day; the file says no year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MonthDay {
    month: u8,
    day: u8,
}

impl MonthDay {
    /// The day; none where no year has it.
    #[must_use]
    pub fn new(month: u8, day: u8) -> Option<Self> {
        const LEAP_YEAR: u16 = 2024;
        Date::new(LEAP_YEAR, month, day).map(Self::from)
    }
}

impl From<Date> for MonthDay {
    fn from(date: Date) -> Self {
        Self { month: date.month(), day: date.day() }
    }
}

impl core::fmt::Display for MonthDay {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "{:02}{:02}", self.month, self.day)
    }
}

/// What the file says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TransferOrder {
    /// Who gives it.
    pub client: Client,
    /// When is paid.
    pub day: MonthDay,
    /// The transfers, at least one.
    pub transfers: Vec<Transfer>,
}

/// What ends each record; banks differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineEnd {
    /// Carriage return and line feed.
    CrLf,
    /// Line feed.
    Lf,
    /// Nothing.
    None,
}

impl LineEnd {
    /// All of them, the longest first.
    pub const ALL: [Self; 3] = [Self::CrLf, Self::Lf, Self::None];

    /// Its bytes.
    #[must_use]
    pub const fn bytes(self) -> &'static [u8] {
        match self {
            Self::CrLf => b"\r\n",
            Self::Lf => b"\n",
            Self::None => b"",
        }
    }
}
