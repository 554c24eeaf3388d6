//! Bytes as text: UTF-8, UTF-16 with its mark, or what Japanese office programs write (Windows-31J).
//!
//! Nothing is guessed: what could be two encodings, or none, is refused with its line. Lines end
//! with a line feed afterwards, whatever ended them before.

use encoding_rs::{DecoderResult, EUC_JP, SHIFT_JIS};

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
    let mut decoder = SHIFT_JIS.new_decoder_without_bom_handling();
    let room = decoder.max_utf8_buffer_length_without_replacement(bytes.len()).unwrap_or(0);
    let mut text = String::with_capacity(room);
    let (ended, read) = decoder.decode_to_string_without_replacement(bytes, &mut text, true);
    match ended {
        // Characters of one's own, and those of no meaning, are nobody else's.
        DecoderResult::InputEmpty => match text.find(is_nobodys) {
            Some(at) => Err(SHIFT_JIS.encode(text.get(..at).unwrap_or_default()).0.len()),
            None => Ok(text),
        },
        DecoderResult::OutputFull => Err(read),
        DecoderResult::Malformed(wrong, after) => {
            Err(read.saturating_sub(usize::from(wrong) + usize::from(after)))
        }
    }
}

fn is_nobodys(letter: char) -> bool {
    matches!(letter, '\u{80}'..='\u{9f}' | '\u{e000}'..='\u{f8ff}')
}

/// Whether the same bytes are a text in EUC-JP.
fn is_euc(bytes: &[u8]) -> bool {
    EUC_JP.decode_without_bom_handling_and_without_replacement(bytes).is_some()
}

/// In place, so that no copy of a secret is left behind in memory.
fn with_line_feeds(text: String) -> String {
    let (mut bytes, mut before) = (text.into_bytes(), 0);
    bytes.retain_mut(|byte| {
        let is_second = before == b'\r' && *byte == b'\n';
        before = *byte;
        if *byte == b'\r' {
            *byte = b'\n';
        }
        !is_second
    });
    // Only returns were changed, each for a feed.
    String::from_utf8(bytes).unwrap_or_default()
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
    fn what_windows_does_not_have_is_refused_where_it_stands() {
        assert_eq!(windows_31j(b"\x82\xa0\x83A\x95\x5c").as_deref(), Ok("あア表"));
        assert_eq!(windows_31j(b"ab\x81"), Err(2));
        assert_eq!(windows_31j(b"a\x82\xa0\xf0\x40"), Err(3), "a character of one's own");
        assert_eq!(windows_31j(b"a\x80"), Err(1));
    }
}
