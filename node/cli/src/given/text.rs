//! Bytes as text: UTF-8, UTF-16 with its mark, or what Japanese office programs write (Windows-31J).
//!
//! Nothing is guessed: what could be two encodings, or none, is refused with its line. Lines end
//! with a line feed afterwards, whatever ended them before.

use std::sync::LazyLock;

/// The characters of two bytes in Windows-31J: a line for each first byte (0x81 to 0x9F, 0xE0 to
/// 0xFC), in it a character for each second one (0x40 to 0x7E, 0x80 to 0xFC); U+FFFD where there is
/// none.
const WINDOWS_31J: &str = include_str!("windows_31j.txt");
/// How many second bytes there are.
const SECONDS: usize = 188;
/// What the table has where there is no character.
const NONE: char = char::REPLACEMENT_CHARACTER;

/// Why bytes are no text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoText {
    /// No encoding that is read here has such bytes.
    Unknown,
    /// They could be Windows-31J or EUC-JP.
    Ambiguous,
    /// They begin with the mark of UTF-16 and end within a character.
    Cut,
    /// A byte is zero: UTF-16 without its mark, or no text at all.
    Zero,
}

/// Text of bytes.
///
/// # Errors
/// Why they are none, and at which line, from 1.
pub fn decode(bytes: Vec<u8>) -> Result<String, (usize, NoText)> {
    let text = match bytes.as_slice() {
        [0xFF, 0xFE, rest @ ..] => utf_16(rest, u16::from_le_bytes)?,
        [0xFE, 0xFF, rest @ ..] => utf_16(rest, u16::from_be_bytes)?,
        _ => without_mark(bytes)?,
    };
    if let Some(at) = text.find('\0') {
        return Err((line_at(&text, at), NoText::Zero));
    }
    Ok(with_line_feeds(text))
}

/// The line, from 1, of the byte with this index; of the last one where there are not so many.
#[must_use]
pub fn line_at(text: &str, index: usize) -> usize {
    line_of(text.as_bytes(), index)
}

fn line_of(bytes: &[u8], index: usize) -> usize {
    let before = bytes.get(..index).unwrap_or(bytes);
    let feeds = before.iter().filter(|byte| **byte == b'\n').count();
    let returns = before.iter().filter(|byte| **byte == b'\r').count();
    // Each line may end with both, or, on the oldest machines, with a return alone.
    1 + feeds.max(returns)
}

fn utf_16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<String, (usize, NoText)> {
    let (pairs, rest) = bytes.as_chunks::<2>();
    let mut text = String::with_capacity(bytes.len());
    let mut is_whole = rest.is_empty();
    for read in char::decode_utf16(pairs.iter().map(|pair| unit(*pair))) {
        let Ok(read) = read else {
            is_whole = false;
            break;
        };
        text.push(read);
    }
    if is_whole { Ok(text) } else { Err((line_at(&text, text.len()), NoText::Cut)) }
}

fn without_mark(bytes: Vec<u8>) -> Result<String, (usize, NoText)> {
    let (bytes, at) = match String::from_utf8(bytes) {
        Ok(mut text) => {
            if text.starts_with('\u{feff}') {
                text.drain(..'\u{feff}'.len_utf8());
            }
            return Ok(text);
        }
        Err(error) => {
            let at = error.utf8_error().valid_up_to();
            (error.into_bytes(), at)
        }
    };
    let line = line_of(&bytes, at);
    if bytes.contains(&0) {
        return Err((line, NoText::Zero));
    }
    let text = windows_31j(&bytes).map_err(|at| (line_of(&bytes, at), NoText::Unknown))?;
    if is_euc(&bytes) { Err((line, NoText::Ambiguous)) } else { Ok(text) }
}

/// # Errors
/// The index of the first byte that no character has.
fn windows_31j(bytes: &[u8]) -> Result<String, usize> {
    static TABLE: LazyLock<Vec<char>> =
        LazyLock::new(|| WINDOWS_31J.chars().filter(|one| *one != '\n').collect());
    let mut text = String::with_capacity(bytes.len() * 2);
    let mut rest = bytes.iter().enumerate();
    while let Some((index, first)) = rest.next() {
        let read = match *first {
            ascii @ 0..=0x7F => Some(char::from(ascii)),
            // Half-width katakana lie in the same order from U+FF61 on.
            kana @ 0xA1..=0xDF => char::from_u32(0xFF61 + u32::from(kana - 0xA1)),
            first => rest.next().and_then(|(_, second)| {
                let place = row(first)? * SECONDS + column(*second)?;
                TABLE.get(place).copied().filter(|read| *read != NONE)
            }),
        };
        text.push(read.ok_or(index)?);
    }
    Ok(text)
}

const fn row(first: u8) -> Option<usize> {
    match first {
        0x81..=0x9F => Some(first as usize - 0x81),
        0xE0..=0xFC => Some(first as usize - 0xE0 + 31),
        _ => None,
    }
}

const fn column(second: u8) -> Option<usize> {
    match second {
        0x40..=0x7E => Some(second as usize - 0x40),
        0x80..=0xFC => Some(second as usize - 0x80 + 63),
        _ => None,
    }
}

/// Whether all that is not ASCII stands in pairs as EUC-JP has them.
fn is_euc(bytes: &[u8]) -> bool {
    let high = |byte: &u8| !byte.is_ascii();
    bytes.chunk_by(|left, right| high(left) == high(right)).all(|run| {
        let is_pairs = run.len().is_multiple_of(2) && run.iter().all(|byte| *byte >= 0xA1);
        run.iter().all(u8::is_ascii) || is_pairs
    })
}

fn with_line_feeds(text: String) -> String {
    if text.contains('\r') { text.replace("\r\n", "\n").replace('\r', "\n") } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn utf_16(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
        core::iter::once(0xFEFF).chain(text.encode_utf16()).flat_map(bytes).collect()
    }

    #[test]
    fn a_text_is_the_same_in_every_encoding_and_with_every_end_of_line() {
        let text = "宛先,金額\n髙橋①,1200\nｱｲﾂﾞ,5\n";
        let ends = ["\n", "\r\n", "\r"].map(|end| text.replace('\n', end));
        for spelled in ends {
            for bytes in [
                spelled.clone().into_bytes(),
                format!("\u{feff}{spelled}").into_bytes(),
                utf_16(&spelled, u16::to_le_bytes),
                utf_16(&spelled, u16::to_be_bytes),
            ] {
                assert_eq!(decode(bytes).as_deref(), Ok(text));
            }
        }
        // 宛先,金額 and the same with the characters that only Windows' Shift_JIS has.
        let windows = b"\x88\xb6\x90\xe6,\x8b\xe0\x8az\r\n\xfb\xfc\x8b\xb4\x87\x40,1200\r\n\
                        \xb1\xb2\xc2\xde,5\r\n";
        assert_eq!(decode(windows.to_vec()).as_deref(), Ok(text));
    }

    #[test]
    fn what_is_no_text_is_refused_with_its_line() {
        let refused = |bytes: &[u8]| decode(bytes.to_vec()).unwrap_err();
        // A lone byte of no encoding; Latin-1; EUC-JP; UTF-16 without its mark, and cut.
        assert_eq!(refused(b"a\nb\n\xff\n"), (3, NoText::Unknown));
        assert_eq!(refused(b"a\r\nM\xfcller\r\n"), (2, NoText::Unknown));
        assert_eq!(refused(b"a\n\xb0\xb8\xc0\xd0\n"), (2, NoText::Ambiguous));
        assert_eq!(refused(b"a\0,\0"), (1, NoText::Zero));
        assert_eq!(refused(b"\xff\xfea\0\n\0b"), (2, NoText::Cut));
        assert_eq!(refused(b"\xff\xfea\0\n\0\x00\xd8"), (2, NoText::Cut));
        assert_eq!(decode(Vec::new()).as_deref(), Ok(""));
    }

    #[test]
    fn the_table_is_whole() {
        assert_eq!(WINDOWS_31J.lines().count(), 60);
        assert!(WINDOWS_31J.lines().all(|line| line.chars().count() == SECONDS));
        assert_eq!(windows_31j(b"\x82\xa0\x83A\x95\x5c").as_deref(), Ok("あア表"));
        assert_eq!(windows_31j(b"ab\x81"), Err(2));
    }
}
