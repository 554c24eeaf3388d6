//! The strict reading of a file: every byte of it is accounted for.

use ledger_types::Yen;

use crate::kana::Kana;
use crate::zengin::{
    AccountKind, BANK_NAME_BYTES, BankAccount, CLIENT_NAME_BYTES, Client, LineEnd, MESSAGE_BYTES,
    MonthDay, NAME_BYTES, Number, RECORD_BYTES, Transfer, TransferOrder,
};

/// Why bytes are no such file. Records are counted from 1, bytes of a record from 1 too, as banks do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// The file is not of records of 120 bytes, each ended in one way.
    #[error("the file is not of records of {RECORD_BYTES} bytes, each ended in one way")]
    Records,
    /// Records are not one header, data, a trailer and an end.
    #[error("record {record} is not of the kind that stands there")]
    Kind {
        /// Which.
        record: usize,
    },
    /// A field has not its form.
    #[error("byte {byte} of record {record}: the field has not its form")]
    Field {
        /// Which record.
        record: usize,
        /// Where the field begins.
        byte: usize,
    },
    /// Count or sum are not those of the data.
    #[error("the trailer counts {count} and sums {total}, which the data are not")]
    Totals {
        /// How many it says.
        count: u64,
        /// How much it says.
        total: u64,
    },
}

/// The order of a file.
///
/// # Errors
/// [`ReadError`] says where it is none.
pub fn read(bytes: &[u8]) -> Result<TransferOrder, ReadError> {
    let records = records(bytes).ok_or(ReadError::Records)?;
    let [header, data @ .., trailer, end] = records.as_slice() else {
        return Err(ReadError::Records);
    };
    if data.is_empty() {
        return Err(ReadError::Kind { record: 2 });
    }
    let (client, day) = read_header(&mut Fields::of(1, header, "1")?)?;
    let mut transfers = Vec::with_capacity(data.len());
    for (record, line) in (2..).zip(data) {
        transfers.push(read_data(&mut Fields::of(record, line, "2")?)?);
    }
    let mut last = Fields::of(records.len() - 1, trailer, "8")?;
    let (count, total) = (last.number::<6>()?.get(), last.number::<12>()?.get());
    last.blank()?;
    Fields::of(records.len(), end, "9")?.blank()?;
    let sum: u128 = transfers.iter().map(|one| u128::from(one.amount.get())).sum();
    if u64::try_from(transfers.len()) != Ok(count) || sum != u128::from(total) {
        return Err(ReadError::Totals { count, total });
    }
    Ok(TransferOrder { client, day, transfers })
}

/// The records, where all are ended in one way.
fn records(bytes: &[u8]) -> Option<Vec<&[u8]>> {
    LineEnd::ALL.iter().find_map(|end| {
        let width = RECORD_BYTES + end.bytes().len();
        let lines = bytes.chunks(width).map(|line| {
            let record = line.strip_suffix(end.bytes())?;
            let is_one_line = !record.iter().any(u8::is_ascii_control);
            (record.len() == RECORD_BYTES && is_one_line).then_some(record)
        });
        lines.collect::<Option<Vec<_>>>()
    })
}

fn read_header(fields: &mut Fields<'_>) -> Result<(Client, MonthDay), ReadError> {
    fields.is("21")?;
    fields.is("0")?;
    let code = fields.number()?;
    let name = fields.name(CLIENT_NAME_BYTES)?;
    let day = fields.read(4, |text| {
        let (month, day) = text.split_at_checked(2)?;
        MonthDay::new(digits(month)?, digits(day)?)
    })?;
    let place = fields.place()?;
    let account = fields.at(|fields| {
        let account = fields.account(place)?;
        // Nobody pays out of a savings account.
        if account.kind == AccountKind::Savings { Err(fields.wrong()) } else { Ok(account) }
    })?;
    fields.blank()?;
    Ok((Client { code, name, account }, day))
}

fn read_data(fields: &mut Fields<'_>) -> Result<Transfer, ReadError> {
    let place = fields.place()?;
    fields.is("0000")?;
    let to = fields.account(place)?;
    let name = fields.name(NAME_BYTES)?;
    let amount = fields.at(|fields| {
        let amount = fields.number::<10>()?.get();
        if amount == 0 { Err(fields.wrong()) } else { Ok(Yen::new(amount)) }
    })?;
    fields.is("0")?;
    let message = fields.kana(MESSAGE_BYTES)?;
    fields.is("7")?;
    fields.is(if message.is_empty() { " " } else { "Y" })?;
    fields.blank()?;
    Ok(Transfer { to, name, amount, message })
}

/// A bank and a branch, each with its name.
type Place = (Number<4>, Kana, Number<3>, Kana);

/// What of a record was not read yet.
struct Fields<'a> {
    record: usize,
    rest: &'a [u8],
    /// Where the field begins that is read, from 1.
    byte: usize,
}

impl<'a> Fields<'a> {
    fn of(record: usize, line: &'a [u8], kind: &str) -> Result<Self, ReadError> {
        let rest = line.strip_prefix(kind.as_bytes()).ok_or(ReadError::Kind { record })?;
        Ok(Self { record, rest, byte: 2 })
    }

    const fn wrong(&self) -> ReadError {
        ReadError::Field { record: self.record, byte: self.byte }
    }

    /// What `read` makes of the fields from here; what it finds wrong is told of this place.
    fn at<T>(
        &mut self,
        read: impl FnOnce(&mut Self) -> Result<T, ReadError>,
    ) -> Result<T, ReadError> {
        let here = self.wrong();
        read(self).map_err(|_| here)
    }

    fn bytes<T>(
        &mut self,
        width: usize,
        read: impl FnOnce(&'a [u8]) -> Option<T>,
    ) -> Result<T, ReadError> {
        let split = self.rest.split_at_checked(width);
        let (field, rest) = split.ok_or_else(|| self.wrong())?;
        let value = read(field).ok_or_else(|| self.wrong())?;
        self.rest = rest;
        self.byte += width;
        Ok(value)
    }

    fn read<T>(
        &mut self,
        width: usize,
        read: impl FnOnce(&'a str) -> Option<T>,
    ) -> Result<T, ReadError> {
        self.bytes(width, |field| core::str::from_utf8(field).ok().and_then(read))
    }

    fn is(&mut self, expected: &str) -> Result<(), ReadError> {
        self.read(expected.len(), |text| (text == expected).then_some(()))
    }

    fn number<const DIGITS: usize>(&mut self) -> Result<Number<DIGITS>, ReadError> {
        self.read(DIGITS, |text| Number::new(digits(text)?))
    }

    fn kana(&mut self, width: usize) -> Result<Kana, ReadError> {
        self.bytes(width, |field| Kana::of_bytes(field.trim_ascii_end()))
    }

    fn name(&mut self, width: usize) -> Result<Kana, ReadError> {
        self.at(|fields| {
            let name = fields.kana(width)?;
            if name.is_empty() { Err(fields.wrong()) } else { Ok(name) }
        })
    }

    fn place(&mut self) -> Result<Place, ReadError> {
        let (bank, bank_name) = (self.number()?, self.kana(BANK_NAME_BYTES)?);
        Ok((bank, bank_name, self.number()?, self.kana(BANK_NAME_BYTES)?))
    }

    fn account(&mut self, place: Place) -> Result<BankAccount, ReadError> {
        let (bank, bank_name, branch, branch_name) = place;
        let kind = self.read(1, |text| AccountKind::of_digit(text.chars().next()?))?;
        let number = self.number()?;
        Ok(BankAccount { bank, bank_name, branch, branch_name, kind, number })
    }

    /// The rest of the record is spaces.
    fn blank(&mut self) -> Result<(), ReadError> {
        let width = self.rest.len();
        self.bytes(width, |rest| rest.iter().all(|byte| *byte == b' ').then_some(()))
    }
}

fn digits<T: core::str::FromStr>(text: &str) -> Option<T> {
    let is_number = text.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then_some(text).and_then(|text| text.parse().ok())
}
