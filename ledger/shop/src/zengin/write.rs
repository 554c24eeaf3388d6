//! The writing of a file: everything is checked before, and whatever is cut is told.

use crate::kana::Kana;
use crate::zengin::{
    AMOUNT_MAX, AccountKind, BANK_NAME_BYTES, BankAccount, CLIENT_NAME_BYTES, LineEnd,
    MESSAGE_BYTES, NAME_BYTES, RECORD_BYTES, TOTAL_MAX, TRANSFERS_MAX, Transfer, TransferOrder,
};

/// A file with what could not be written whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// The file.
    pub bytes: Vec<u8>,
    /// Names that were cut, in the order of the file.
    pub cuts: Vec<Cut>,
}

/// A name that was longer than its field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cut {
    /// In which transfer, from 1; 0 is the header.
    pub transfer: usize,
    /// Which name.
    pub field: Field,
    /// All of it.
    pub whole: Kana,
    /// What stands in the file.
    pub written: Kana,
}

/// A name in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// Of who gives the order, or of a payee.
    Name,
    /// Of the bank.
    Bank,
    /// Of the branch.
    Branch,
}

/// Why an order cannot be written. Transfers are counted from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WriteError {
    /// There is no transfer, or more than 999,999.
    #[error("there are {count} transfers, 1 to {TRANSFERS_MAX} in a file")]
    Count {
        /// How many there are.
        count: usize,
    },
    /// A name is empty.
    #[error("the name of transfer {transfer} is empty (0: of who gives the order)")]
    NoName {
        /// Whose; 0 is who gives the order.
        transfer: usize,
    },
    /// An amount is 0 or has more than ten digits.
    #[error("transfer {transfer} is of {amount} yen, 1 to {AMOUNT_MAX} in a file")]
    Amount {
        /// Which.
        transfer: usize,
        /// How much.
        amount: u64,
    },
    /// The sum has more than twelve digits.
    #[error("the transfers are of more than {TOTAL_MAX} yen in all")]
    Total,
    /// What is told the payee is longer than 20 bytes.
    #[error(
        "what is told the payee of transfer {transfer} has {bytes} bytes, {MESSAGE_BYTES} at most"
    )]
    Message {
        /// Which.
        transfer: usize,
        /// How many it has.
        bytes: usize,
    },
    /// Nobody pays out of such an account.
    #[error("nobody pays out of a savings account (貯蓄)")]
    PayingAccount,
}

/// The file of an order.
///
/// # Errors
/// [`WriteError`] says what cannot be written; there is no file then.
pub fn write(order: &TransferOrder, end: LineEnd) -> Result<Written, WriteError> {
    let total = total(order)?;
    let mut cuts = Vec::new();
    let mut records = vec![header(order, &mut cuts)];
    for (place, transfer) in order.transfers.iter().enumerate() {
        records.push(data(place + 1, transfer, &mut cuts));
    }
    records.push(Line::new("8").digits(6, order.transfers.len()).digits(12, total));
    records.push(Line::new("9"));
    let mut bytes = Vec::with_capacity(records.len() * (RECORD_BYTES + 2));
    for record in records {
        bytes.extend(record.filled());
        bytes.extend(end.bytes());
    }
    Ok(Written { bytes, cuts })
}

/// The sum, where all of it can be written.
fn total(order: &TransferOrder) -> Result<u64, WriteError> {
    let count = order.transfers.len();
    if !(1..=TRANSFERS_MAX).contains(&count) {
        return Err(WriteError::Count { count });
    }
    if order.client.name.is_empty() {
        return Err(WriteError::NoName { transfer: 0 });
    }
    if order.client.account.kind == AccountKind::Savings {
        return Err(WriteError::PayingAccount);
    }
    let mut total = 0_u64;
    for (transfer, one) in (1..).zip(&order.transfers) {
        let (amount, bytes) = (one.amount.get(), one.message.as_bytes().len());
        if one.name.is_empty() {
            return Err(WriteError::NoName { transfer });
        }
        if !(1..=AMOUNT_MAX).contains(&amount) {
            return Err(WriteError::Amount { transfer, amount });
        }
        if bytes > MESSAGE_BYTES {
            return Err(WriteError::Message { transfer, bytes });
        }
        total =
            total.checked_add(amount).filter(|sum| *sum <= TOTAL_MAX).ok_or(WriteError::Total)?;
    }
    Ok(total)
}

fn header(order: &TransferOrder, cuts: &mut Vec<Cut>) -> Line {
    let client = &order.client;
    let mut names = Names { transfer: 0, cuts };
    let line = Line::new("1210")
        .text(10, client.code.to_string())
        .kana(CLIENT_NAME_BYTES, &names.fit(Field::Name, &client.name, CLIENT_NAME_BYTES))
        .text(4, order.day.to_string());
    names.place(line, &client.account).account(&client.account)
}

fn data(place: usize, transfer: &Transfer, cuts: &mut Vec<Cut>) -> Line {
    let mut names = Names { transfer: place, cuts };
    let line = names.place(Line::new("2"), &transfer.to);
    let name = names.fit(Field::Name, &transfer.name, NAME_BYTES);
    // A message is marked by Y; without it the 20 bytes are the payer's own numbers.
    let mark = if transfer.message.is_empty() { " " } else { "Y" };
    line.text(4, "0000")
        .account(&transfer.to)
        .kana(NAME_BYTES, &name)
        .digits(10, transfer.amount)
        // Neither a first transfer nor a changed account.
        .text(1, "0")
        .kana(MESSAGE_BYTES, &transfer.message)
        // By wire (電信).
        .text(1, "7")
        .text(1, mark)
}

/// Cuts names, and keeps what it cut.
struct Names<'a> {
    transfer: usize,
    cuts: &'a mut Vec<Cut>,
}

impl Names<'_> {
    fn fit(&mut self, field: Field, whole: &Kana, most: usize) -> Kana {
        let written = whole.cut(most);
        if written != *whole {
            let (whole, written) = (whole.clone(), written.clone());
            self.cuts.push(Cut { transfer: self.transfer, field, whole, written });
        }
        written
    }

    /// A bank and a branch with their names.
    fn place(&mut self, line: Line, account: &BankAccount) -> Line {
        let bank = self.fit(Field::Bank, &account.bank_name, BANK_NAME_BYTES);
        let branch = self.fit(Field::Branch, &account.branch_name, BANK_NAME_BYTES);
        line.text(4, account.bank.to_string())
            .kana(BANK_NAME_BYTES, &bank)
            .text(3, account.branch.to_string())
            .kana(BANK_NAME_BYTES, &branch)
    }
}

/// A record in the making.
struct Line(Vec<u8>);

impl Line {
    fn new(kind: &str) -> Self {
        Self(kind.as_bytes().to_vec())
    }

    fn text(mut self, width: usize, text: impl AsRef<[u8]>) -> Self {
        let text = text.as_ref();
        assert_eq!(text.len(), width, "a field is as wide as its type says");
        self.0.extend(text);
        self
    }

    fn digits(self, width: usize, number: impl core::fmt::Display) -> Self {
        let digits = number.to_string();
        self.text(width, format!("{digits:0>width$}"))
    }

    fn kana(mut self, width: usize, kana: &Kana) -> Self {
        let end = self.0.len() + width;
        self.0.extend(kana.as_bytes());
        assert!(self.0.len() <= end, "names are cut and messages checked before");
        self.0.resize(end, b' ');
        self
    }

    fn account(self, account: &BankAccount) -> Self {
        self.text(1, account.kind.digit().to_string()).text(7, account.number.to_string())
    }

    fn filled(mut self) -> Vec<u8> {
        assert!(self.0.len() <= RECORD_BYTES, "a record's fields are 120 bytes");
        self.0.resize(RECORD_BYTES, b' ');
        self.0
    }
}
