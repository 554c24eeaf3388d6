//! The pieces that the text formats share: base64, decimal numbers, lines.
//!
//! Each reader accepts exactly what the writer beside it makes, so that a text has one form.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ledger_types::Hash;

/// Standard base64 with padding (RFC 4648 section 4).
pub(crate) fn base64(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

/// The bytes of standard base64: padded, without spaces, and with unused bits of zero.
pub(crate) fn from_base64(text: &str) -> Option<Vec<u8>> {
    STANDARD.decode(text).ok()
}

/// A hash of 32 bytes from base64.
pub(crate) fn hash_from_base64(text: &str) -> Option<Hash> {
    let bytes: [u8; 32] = from_base64(text)?.try_into().ok()?;
    Some(Hash::new(bytes))
}

/// A number in ASCII decimal digits without leading zeros.
pub(crate) fn number(text: &str) -> Option<u64> {
    let canonical = text == "0" || !text.starts_with('0');
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if canonical && digits { text.parse().ok() } else { None }
}

/// The first line without its newline, and what follows; `None` where no newline comes.
pub(crate) fn line(text: &str) -> Option<(&str, &str)> {
    text.split_once('\n')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_one_form() {
        assert_eq!(number("0"), Some(0));
        assert_eq!(number("18446744073709551615"), Some(u64::MAX));
        for bad in ["", "00", "01", "+1", "-1", " 1", "1 ", "1_0", "18446744073709551616", "１"] {
            assert_eq!(number(bad), None, "{bad:?}");
        }
    }

    #[test]
    fn base64_has_one_form() {
        assert_eq!(from_base64("AAE="), Some(vec![0, 1]));
        for bad in ["AAE", "AAF=", "AA E=", "AAE=\n", "AAE==", "A-E="] {
            assert_eq!(from_base64(bad), None, "{bad:?}");
        }
    }
}
