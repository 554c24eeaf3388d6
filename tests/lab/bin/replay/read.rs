//! Reading payment files: every row is understood or named in the error.

use std::io::Read;
use std::path::{Path, PathBuf};

use flate2::read::MultiGzDecoder;

use crate::decimal::{ScaleError, scaled};

/// The most bytes of one file after decompression.
const FILE_BYTES_MAX: u64 = 4 * 1024 * 1024 * 1024;

/// One row of a file, as the file means it. Amounts are scaled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Payment {
    /// Cash or interest comes into an account of the file's own bank.
    Deposit {
        /// The account.
        account: String,
        /// How much.
        amount: u64,
    },
    /// Cash leaves an account of the file's own bank.
    Withdrawal {
        /// The account.
        account: String,
        /// How much.
        amount: u64,
    },
    /// The file's own bank takes a fee.
    Fee {
        /// The account.
        account: String,
        /// How much.
        amount: u64,
    },
    /// A payment to an account at another bank.
    Outgoing {
        /// The account.
        account: String,
        /// The other bank's code.
        bank: String,
        /// The account there.
        partner: String,
        /// How much.
        amount: u64,
    },
    /// A payment from an account at another bank.
    Incoming {
        /// The account.
        account: String,
        /// The other bank's code.
        bank: String,
        /// The account there.
        partner: String,
        /// How much.
        amount: u64,
    },
    /// A payment between two accounts of a plain file.
    Plain {
        /// The debtor.
        debtor: String,
        /// The creditor.
        creditor: String,
        /// How much.
        amount: u64,
    },
}

/// Everything that was read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Files {
    /// Accounts that a file lists, whether or not they pay.
    pub(crate) accounts: Vec<String>,
    /// Transactions, in the order of the file.
    pub(crate) transactions: Vec<Payment>,
    /// Standing orders, in the order of the file.
    pub(crate) orders: Vec<Payment>,
    /// Where a last line was cut off and dropped.
    pub(crate) cut: Vec<String>,
}

/// Why a file cannot be replayed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ReadError {
    /// The file system failed.
    #[error("{}: {error}", path.display())]
    File {
        /// Which file.
        path: PathBuf,
        /// How.
        error: std::io::Error,
    },
    /// There is nothing to replay.
    #[error("there is no file to replay")]
    Nothing,
    /// A row is not what its file's format says.
    #[error("{place}: {reason}")]
    Row {
        /// File and line.
        place: String,
        /// What is wrong.
        reason: String,
    },
}

/// Formats, told apart by the first line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Format {
    Accounts,
    Orders,
    Transactions,
    Plain,
}

impl Format {
    fn of(first_line: &str) -> Option<Self> {
        let bare: String = first_line.chars().filter(|c| !c.is_whitespace() && *c != '"').collect();
        match bare.trim_start_matches('\u{feff}').to_ascii_lowercase().as_str() {
            "account_id;district_id;frequency;date" => Some(Self::Accounts),
            "order_id;account_id;bank_to;account_to;amount;k_symbol" => Some(Self::Orders),
            "trans_id;account_id;date;type;operation;amount;balance;k_symbol;bank;account" => {
                Some(Self::Transactions)
            }
            "debtor,creditor,amount" => Some(Self::Plain),
            _ => None,
        }
    }

    const fn columns(self) -> usize {
        match self {
            Self::Accounts => 4,
            Self::Orders => 6,
            Self::Transactions => 10,
            Self::Plain => 3,
        }
    }

    const fn delimiter(self) -> u8 {
        match self {
            Self::Plain => b',',
            _ => b';',
        }
    }
}

impl Files {
    /// Reads files, and of folders every file in one of the formats.
    ///
    /// # Errors
    /// [`ReadError`] names the file and line that cannot be replayed.
    pub(crate) fn read(paths: &[PathBuf], scale: u64) -> Result<Self, ReadError> {
        let mut files = Self::default();
        for path in paths {
            if path.is_dir() {
                for inside in listing(path)? {
                    files.read_file(&inside, scale, Unknown::PassOver)?;
                }
            } else {
                files.read_file(path, scale, Unknown::Refuse)?;
            }
        }
        if files.transactions.is_empty() && files.orders.is_empty() {
            return Err(ReadError::Nothing);
        }
        Ok(files)
    }

    fn read_file(&mut self, path: &Path, scale: u64, unknown: Unknown) -> Result<(), ReadError> {
        let text =
            contents(path).map_err(|error| ReadError::File { path: path.to_owned(), error })?;
        let place = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let Some(format) = Format::of(text.lines().next().unwrap_or_default()) else {
            return match unknown {
                Unknown::PassOver => Ok(()),
                Unknown::Refuse => Err(ReadError::Row {
                    place: format!("{place}:1"),
                    reason: "the first line is not that of a format that can be replayed"
                        .to_owned(),
                }),
            };
        };
        self.read_text(&place, &text, format, scale)
    }

    fn read_text(
        &mut self,
        place: &str,
        text: &str,
        format: Format,
        scale: u64,
    ) -> Result<(), ReadError> {
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(format.delimiter())
            .flexible(true)
            .from_reader(text.as_bytes());
        let mut records = reader.records().peekable();
        while let Some(record) = records.next() {
            let wrong = |byte: u64, reason: String| ReadError::Row {
                place: format!("{place}:{}", line_at(text, byte)),
                reason,
            };
            let record = record.map_err(|error| {
                let byte = error.position().map_or(0, csv::Position::byte);
                wrong(byte, "the row cannot be read".to_owned())
            })?;
            let byte = record.position().map_or(0, csv::Position::byte);
            if record.len() != format.columns() {
                let last = records.peek().is_none() && !text.ends_with('\n');
                if last {
                    self.cut.push(format!("{place}:{}", line_at(text, byte)));
                    return Ok(());
                }
                let (found, needed) = (record.len(), format.columns());
                return Err(wrong(byte, format!("{found} columns, {needed} are needed")));
            }
            self.take(&record, format, scale).map_err(|reason| wrong(byte, reason))?;
        }
        Ok(())
    }

    fn take(
        &mut self,
        record: &csv::StringRecord,
        format: Format,
        scale: u64,
    ) -> Result<(), String> {
        let field = |index: usize| record.get(index).unwrap_or_default().trim().to_owned();
        let amount = |index: usize| {
            let text = field(index);
            scaled(&text, scale).map_err(|error: ScaleError| format!("{text}: {error}"))
        };
        match format {
            Format::Accounts => self.accounts.push(field(0)),
            Format::Orders => self.orders.push(Payment::Outgoing {
                account: field(1),
                bank: field(2),
                partner: field(3),
                amount: amount(4)?,
            }),
            Format::Transactions => self.transactions.push(transaction(&field, amount(5)?)?),
            Format::Plain => self.transactions.push(Payment::Plain {
                debtor: field(0),
                creditor: field(1),
                amount: amount(2)?,
            }),
        }
        Ok(())
    }
}

/// The line, counted from 1, of the row that begins at or just after a byte: a reader may stop
/// between the two characters that end a line.
fn line_at(text: &str, byte: u64) -> usize {
    let byte = usize::try_from(byte).unwrap_or(usize::MAX).min(text.len());
    let (before, rest) = text.as_bytes().split_at(byte);
    let blank = rest.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
    let ends = before.iter().chain(&rest[..blank]).filter(|byte| **byte == b'\n').count();
    ends + 1
}

/// What a row of `trans.asc` means: by its type, operation and symbol.
fn transaction(field: &dyn Fn(usize) -> String, amount: u64) -> Result<Payment, String> {
    let (kind, operation, symbol) = (field(3), field(4), field(7));
    let (account, bank, partner) = (field(1), field(8), field(9));
    match (kind.as_str(), operation.as_str(), symbol.as_str()) {
        ("PRIJEM", "PREVOD Z UCTU", _) => Ok(Payment::Incoming { account, bank, partner, amount }),
        ("PRIJEM", "VKLAD", _) | ("PRIJEM", "", "UROK") => Ok(Payment::Deposit { account, amount }),
        ("VYDAJ", "PREVOD NA UCET", _) => Ok(Payment::Outgoing { account, bank, partner, amount }),
        ("VYDAJ" | "VYBER", "VYBER", "SLUZBY" | "SANKC. UROK") => {
            Ok(Payment::Fee { account, amount })
        }
        ("VYDAJ" | "VYBER", "VYBER" | "VYBER KARTOU", _) => {
            Ok(Payment::Withdrawal { account, amount })
        }
        _ => Err(format!("no meaning is known for type {kind:?}, operation {operation:?}")),
    }
}

/// What to do with a file of no known format.
#[derive(Clone, Copy)]
enum Unknown {
    PassOver,
    Refuse,
}

fn listing(folder: &Path) -> Result<Vec<PathBuf>, ReadError> {
    let failed = |error| ReadError::File { path: folder.to_owned(), error };
    let mut paths = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if [".asc", ".asc.gz", ".csv", ".csv.gz"].iter().any(|end| name.ends_with(end)) {
            paths.push(path);
        }
    }
    paths.sort();
    Ok(paths)
}

/// A file's text; compressed ones are those that begin with gzip's magic. A compressed stream that
/// ends too early gives what there is: its last line is then cut off.
fn contents(path: &Path) -> std::io::Result<String> {
    let bytes = std::fs::read(path)?;
    let bytes = if bytes.starts_with(&[0x1f, 0x8b]) {
        let mut plain = Vec::new();
        let mut decoder = MultiGzDecoder::new(bytes.as_slice()).take(FILE_BYTES_MAX);
        match decoder.read_to_end(&mut plain) {
            Err(error) if error.kind() != std::io::ErrorKind::UnexpectedEof => return Err(error),
            _ => plain,
        }
    } else {
        bytes
    };
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

#[cfg(test)]
mod tests;
