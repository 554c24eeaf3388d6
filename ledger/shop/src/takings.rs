//! The table of payments that an accountant's program reads: a CSV of 14 columns.
//!
//! The columns are those that shops in Japan know from other payments. Lines end with
//! CR LF, cells are quoted where they must be (RFC 4180). It is written in Windows-31J or in UTF-8 with
//! its mark, as spreadsheets in Japan open it. Nothing is lost: characters that have two homes in
//! Unicode are written in the one that Windows-31J has, and one that it does not have refuses the file
//! with its place. A cell that a spreadsheet would take for a formula begins with `'`, and so does one
//! that begins with `'` already: whoever takes one `'` off has what was there ([`bare`]).

use encoding_rs::{EncoderResult, SHIFT_JIS};
use ledger_types::instant::JapanTime;
use ledger_types::{Timestamp, Yen};

/// The names of the columns.
pub const COLUMNS: [&str; 14] = [
    "取引番号",
    "加盟店ID",
    "屋号",
    "店舗ID",
    "店舗名",
    "端末番号",
    "ステータス",
    "日時",
    "金額",
    "レシート番号",
    "支払い方法",
    "支払い詳細",
    "確定期限",
    "加盟店決済ID",
];

/// What a payment has become.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// It was made.
    Paid,
    /// It was made and taken back on its day.
    Voided,
    /// All of it was given back.
    Refunded,
    /// A part of it was given back.
    PartlyRefunded,
}

impl Status {
    /// As the table says it.
    #[must_use]
    pub const fn text(self) -> &'static str {
        match self {
            Self::Paid => "支払い完了",
            Self::Voided => "取消済み",
            Self::Refunded => "返金済み",
            Self::PartlyRefunded => "一部返金",
        }
    }
}

/// A payment; texts may be empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Payment {
    /// Its number.
    pub number: String,
    /// The merchant, by its number.
    pub merchant: String,
    /// The merchant's name.
    pub merchant_name: String,
    /// The shop, by its number.
    pub store: String,
    /// The shop's name.
    pub store_name: String,
    /// The terminal.
    pub terminal: String,
    /// What it has become.
    pub status: Status,
    /// When it was made; shown in Japan's time, to the second.
    pub at: Timestamp,
    /// How much; bare digits.
    pub amount: Yen,
    /// The number of its receipt.
    pub receipt: String,
    /// By what was paid.
    pub method: String,
    /// More of that.
    pub detail: String,
    /// Until when it can be taken back; shown as `at` is.
    pub final_at: Option<Timestamp>,
    /// The shop's own number for it.
    pub reference: String,
}

/// How the file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// Windows-31J, which people call Shift_JIS.
    Windows31J,
    /// UTF-8 with its mark (BOM).
    Utf8,
}

/// A cell cannot be written in Windows-31J; UTF-8 can write it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("row {row}, {column}: {character:?} cannot be written in Windows-31J")]
pub struct Unwritable {
    /// The row, from 1 after the names of the columns.
    pub row: usize,
    /// The column's name.
    pub column: &'static str,
    /// The character.
    pub character: char,
}

/// The file of payments.
///
/// # Errors
/// [`Unwritable`] names the first character that cannot be written; there is no file then.
pub fn write(payments: &[Payment], encoding: Encoding) -> Result<Vec<u8>, Unwritable> {
    let mut bytes = match encoding {
        Encoding::Windows31J => Vec::new(),
        Encoding::Utf8 => vec![0xEF, 0xBB, 0xBF],
    };
    append(&mut bytes, 0, &COLUMNS.map(str::to_owned), encoding)?;
    for (row, payment) in (1..).zip(payments) {
        append(&mut bytes, row, &cells(payment), encoding)?;
    }
    Ok(bytes)
}

/// What a cell was before it was made harmless.
#[must_use]
pub fn bare(cell: &str) -> &str {
    cell.strip_prefix('\'').unwrap_or(cell)
}

fn cells(payment: &Payment) -> [String; 14] {
    let shown = |at: Timestamp| format!("{:#}", JapanTime(at));
    [
        harmless(&payment.number),
        harmless(&payment.merchant),
        harmless(&payment.merchant_name),
        harmless(&payment.store),
        harmless(&payment.store_name),
        harmless(&payment.terminal),
        payment.status.text().to_owned(),
        shown(payment.at),
        payment.amount.to_string(),
        harmless(&payment.receipt),
        harmless(&payment.method),
        harmless(&payment.detail),
        payment.final_at.map(shown).unwrap_or_default(),
        harmless(&payment.reference),
    ]
}

/// A cell that no spreadsheet takes for a formula, whatever wrote it.
fn harmless(text: &str) -> String {
    let is_formula = |c: char| "=+-@＝＋－＠−\t\r\n'".contains(c);
    let mark = if text.starts_with(is_formula) { "'" } else { "" };
    format!("{mark}{text}")
}

fn append(
    bytes: &mut Vec<u8>,
    row: usize,
    cells: &[String; 14],
    encoding: Encoding,
) -> Result<(), Unwritable> {
    for (place, (column, cell)) in COLUMNS.into_iter().zip(cells).enumerate() {
        if place > 0 {
            bytes.push(b',');
        }
        let text = quoted(cell);
        match encoding {
            Encoding::Utf8 => bytes.extend(text.as_bytes()),
            Encoding::Windows31J => {
                let coded = windows31j(&text);
                bytes.extend(coded.map_err(|character| Unwritable { row, column, character })?);
            }
        }
    }
    bytes.extend(b"\r\n");
    Ok(())
}

fn quoted(cell: &str) -> String {
    if cell.contains(['"', ',', '\r', '\n']) {
        format!("\"{}\"", cell.replace('"', "\"\""))
    } else {
        cell.to_owned()
    }
}

/// Characters of JIS that Unicode's tables and Windows' put in different places, the latter second.
/// The encoder itself would write the yen sign as a backslash and the overline as a tilde.
const TWO_HOMES: [(char, char); 9] = [
    ('〜', '～'),
    ('—', '―'),
    ('‖', '∥'),
    ('−', '－'),
    ('¢', '￠'),
    ('£', '￡'),
    ('¬', '￢'),
    ('¥', '￥'),
    ('‾', '￣'),
];

/// A text in Windows-31J, or the first character that it does not have.
fn windows31j(text: &str) -> Result<Vec<u8>, char> {
    let home = |c: char| TWO_HOMES.iter().find(|(one, _)| *one == c).map_or(c, |(_, home)| *home);
    let text: String = text.chars().map(home).collect();
    let mut encoder = SHIFT_JIS.new_encoder();
    let most = encoder.max_buffer_length_from_utf8_without_replacement(text.len());
    let mut bytes = Vec::with_capacity(most.unwrap_or(text.len() * 2));
    let (result, _) = encoder.encode_from_utf8_to_vec_without_replacement(&text, &mut bytes, true);
    match result {
        EncoderResult::InputEmpty => Ok(bytes),
        EncoderResult::Unmappable(character) => Err(character),
        EncoderResult::OutputFull => unreachable!("the buffer is as large as the encoder asks"),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn payment(name: &str) -> Payment {
        Payment {
            number: "3f9a".into(),
            merchant: "aizu1q".into(),
            merchant_name: name.into(),
            store: "1".into(),
            store_name: "本店".into(),
            terminal: "7".into(),
            status: Status::Paid,
            at: Timestamp::from_millis(1_795_359_600_000),
            amount: Yen::new(1_200),
            receipt: "0001".into(),
            method: "会津コイン".into(),
            detail: "商品券,\"コイン\"".into(),
            final_at: None,
            reference: "".into(),
        }
    }

    fn line(bytes: &[u8], encoding: &'static encoding_rs::Encoding) -> String {
        let (text, _, is_bad) = encoding.decode(bytes);
        assert!(!is_bad);
        let mut lines = text.split("\r\n");
        assert_eq!(lines.next().unwrap(), COLUMNS.join(","));
        lines.next().unwrap().to_owned()
    }

    #[test]
    fn the_file_has_14_columns_in_both_encodings() {
        let expected = "3f9a,aizu1q,みそ屋～髙﨑①,1,本店,7,支払い完了,2026/11/23 00:00:00,1200,\
                        0001,会津コイン,\"商品券,\"\"コイン\"\"\",,";
        let rows = [payment("みそ屋〜髙﨑①")];
        let bytes = write(&rows, Encoding::Windows31J).unwrap();
        assert_eq!(line(&bytes, SHIFT_JIS), expected);
        let bytes = write(&rows, Encoding::Utf8).unwrap();
        assert!(bytes.starts_with(b"\xEF\xBB\xBF") && bytes.ends_with(b"\r\n"));
        assert_eq!(line(&bytes, encoding_rs::UTF_8), expected.replace('～', "〜"));
    }

    #[test]
    fn a_character_that_windows_does_not_have_refuses_the_file_with_its_place() {
        let rows = [payment("みそ屋"), payment("みそ屋😀")];
        let refused = Unwritable { row: 2, column: "屋号", character: '😀' };
        assert_eq!(write(&rows, Encoding::Windows31J), Err(refused));
        assert!(write(&rows, Encoding::Utf8).is_ok());
        for character in ['𠮷', '\u{3099}', 'é', '&'] {
            let result = windows31j(&character.to_string());
            assert_eq!(result.is_ok(), character == '&', "{character}");
        }
    }

    #[test]
    fn no_cell_is_a_formula_and_none_is_changed_for_good() {
        for text in ["=1+1", "+1", "-1", "@x", "\t=1", "\r=1", "＝1", "−1", "'quoted", "''", "'"]
        {
            let cell = harmless(text);
            assert!(cell.starts_with('\'') && bare(&cell) == text, "{text}");
        }
        for text in ["", "1=1", "みそ屋", "a'b"] {
            assert_eq!(harmless(text), text);
        }
    }

    proptest! {
        #[test]
        fn nothing_is_lost_in_windows_31j(text in "\\PC{0,30}") {
            if let Ok(bytes) = windows31j(&text) {
                let (back, _, is_bad) = SHIFT_JIS.decode(&bytes);
                let home = |c: char| {
                    TWO_HOMES.iter().find(|(one, _)| *one == c).map_or(c, |(_, home)| *home)
                };
                prop_assert!(!is_bad);
                prop_assert_eq!(back.into_owned(), text.chars().map(home).collect::<String>());
            }
        }

        #[test]
        fn every_text_comes_back_from_its_cell(text in any::<String>()) {
            prop_assert_eq!(bare(&harmless(&text)).to_owned(), text);
        }
    }
}
