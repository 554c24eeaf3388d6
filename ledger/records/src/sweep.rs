//! Looks in public bytes for what must not be there: names, addresses, birthdays, words, salts.
//!
//! A test or an auditor gives every personal string that a scenario used and the bytes that were
//! committed; whatever is found is named with its form and place. Looked for are the first
//! [`PREFIX_CHARS`] characters of each string (the whole where it is shorter), so a string that was
//! cut is found too, in the forms of [`Form`]; strings with seven digits or more also as the digits
//! alone; and the unsalted SHA-256 of the whole string, which anybody could guess. What is
//! encrypted, salted or compressed is not found: a sweep shows presence, never absence of meaning.

use std::collections::HashMap;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use ledger_types::Hash;

/// How many characters of a string are looked for.
pub const PREFIX_CHARS: usize = 6;
/// The fewest bytes that can be looked for: fewer occur by chance.
pub const NEEDLE_BYTES_MIN: usize = 6;
/// How many digits make a number worth looking for without its dashes.
const DIGITS_MIN: usize = 7;
/// Needles are found by their first bytes.
const KEY_BYTES: usize = 4;

/// How a string was written where it was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Form {
    /// As it is: UTF-8, or the bytes.
    Raw,
    /// Hexadecimal digits, upper or lower case.
    Hex,
    /// Base64 of either alphabet, wherever in the encoded bytes it began.
    Base64,
    /// UTF-16, little endian.
    Utf16Le,
    /// UTF-16, big endian.
    Utf16Be,
    /// SHA-256 of the whole string without a salt.
    Sha256,
    /// Hexadecimal digits of that.
    Sha256Hex,
}

/// Something personal in public bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The name under which the string was given; the string itself is not repeated.
    pub name: String,
    /// How it was written.
    pub form: Form,
    /// Where it begins, in bytes.
    pub offset: usize,
}

struct Needle {
    bytes: Vec<u8>,
    form: Form,
    /// Index into the names.
    of: usize,
}

/// What to look for.
#[derive(Default)]
pub struct Sweep {
    names: Vec<String>,
    needles: Vec<Needle>,
    by_key: HashMap<[u8; KEY_BYTES], Vec<usize>>,
}

impl Sweep {
    /// Nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Looks for a text under a name.
    ///
    /// # Errors
    /// [`TooShort`] where its prefix has fewer than [`NEEDLE_BYTES_MIN`] bytes.
    pub fn add_text(&mut self, name: &str, text: &str) -> Result<(), TooShort> {
        let prefix: String = text.chars().take(PREFIX_CHARS).collect();
        check_length(name, prefix.as_bytes())?;
        let of = self.name(name);
        self.add_text_forms(of, &prefix);
        self.add_hash(of, text.as_bytes());
        let digits: String = text.chars().filter(char::is_ascii_digit).collect();
        if digits.len() >= DIGITS_MIN && digits != text {
            self.add_text_forms(of, digits.split_at(DIGITS_MIN).0);
            self.add_hash(of, digits.as_bytes());
        }
        Ok(())
    }

    /// Looks for bytes under a name: a salt, a key, a secret.
    ///
    /// # Errors
    /// [`TooShort`] where there are fewer than [`NEEDLE_BYTES_MIN`].
    pub fn add_bytes(&mut self, name: &str, bytes: &[u8]) -> Result<(), TooShort> {
        check_length(name, bytes)?;
        let of = self.name(name);
        self.add_byte_forms(of, bytes);
        self.add_hash(of, bytes);
        Ok(())
    }

    /// All that is found in `bytes`, in order of place.
    #[must_use]
    pub fn search(&self, bytes: &[u8]) -> Vec<Finding> {
        let mut found = Vec::new();
        for (offset, key) in bytes.windows(KEY_BYTES).enumerate() {
            let key: Option<&[u8; KEY_BYTES]> = key.try_into().ok();
            let Some(candidates) = key.and_then(|key| self.by_key.get(key)) else { continue };
            let rest = bytes.split_at(offset).1;
            for needle in candidates.iter().filter_map(|index| self.needles.get(*index)) {
                if rest.starts_with(&needle.bytes) {
                    let name = self.names.get(needle.of).cloned().unwrap_or_default();
                    found.push(Finding { name, form: needle.form, offset });
                }
            }
        }
        found
    }

    fn name(&mut self, name: &str) -> usize {
        self.names.push(name.to_owned());
        self.names.len() - 1
    }

    fn add_text_forms(&mut self, of: usize, text: &str) {
        self.add_byte_forms(of, text.as_bytes());
        let units: Vec<u16> = text.encode_utf16().collect();
        let little: Vec<u8> = units.iter().flat_map(|unit| unit.to_le_bytes()).collect();
        let big: Vec<u8> = units.iter().flat_map(|unit| unit.to_be_bytes()).collect();
        // Of one character outside ASCII, UTF-16 has too few bytes to tell from chance.
        for (bytes, form) in [(little, Form::Utf16Le), (big, Form::Utf16Be)] {
            if bytes.len() >= KEY_BYTES {
                self.add_needle(of, form, bytes);
            }
        }
    }

    fn add_byte_forms(&mut self, of: usize, bytes: &[u8]) {
        self.add_needle(of, Form::Raw, bytes.to_vec());
        self.add_hex(of, Form::Hex, bytes);
        for skipped in 0..3 {
            let shifted = [[0; 2].split_at(skipped).0, bytes].concat();
            // Only characters whose six bits all come from the bytes looked for.
            let (first, last) = ((skipped * 8).div_ceil(6), shifted.len() * 8 / 6);
            for encoded in [STANDARD_NO_PAD.encode(&shifted), URL_SAFE_NO_PAD.encode(&shifted)] {
                if let Some(certain) = encoded.get(first..last) {
                    self.add_needle(of, Form::Base64, certain.as_bytes().to_vec());
                }
            }
        }
    }

    fn add_hash(&mut self, of: usize, bytes: &[u8]) {
        let hash = Hash::of(&[bytes]);
        self.add_needle(of, Form::Sha256, hash.as_bytes().to_vec());
        self.add_hex(of, Form::Sha256Hex, hash.as_bytes());
    }

    fn add_hex(&mut self, of: usize, form: Form, bytes: &[u8]) {
        self.add_needle(of, form, hex::encode(bytes).into_bytes());
        self.add_needle(of, form, hex::encode_upper(bytes).into_bytes());
    }

    fn add_needle(&mut self, of: usize, form: Form, bytes: Vec<u8>) {
        let Some(key) = bytes.first_chunk::<KEY_BYTES>().copied() else { return };
        let candidates = self.by_key.entry(key).or_default();
        let known = |index: &usize| {
            self.needles.get(*index).is_some_and(|one| one.of == of && one.bytes == bytes)
        };
        if !candidates.iter().any(known) {
            candidates.push(self.needles.len());
            self.needles.push(Needle { bytes, form, of });
        }
    }
}

fn check_length(name: &str, bytes: &[u8]) -> Result<(), TooShort> {
    if bytes.len() < NEEDLE_BYTES_MIN {
        return Err(TooShort { name: name.to_owned() });
    }
    Ok(())
}

/// What to look for is so short that it occurs by chance.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{name} has fewer than {NEEDLE_BYTES_MIN} bytes and would be found by chance")]
pub struct TooShort {
    /// Its name.
    pub name: String,
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn sweep(text: &str) -> Sweep {
        let mut sweep = Sweep::new();
        sweep.add_text("secret", text).unwrap();
        sweep
    }

    fn forms(sweep: &Sweep, bytes: &[u8]) -> Vec<Form> {
        let mut forms: Vec<Form> =
            sweep.search(bytes).into_iter().map(|finding| finding.form).collect();
        forms.sort();
        forms.dedup();
        forms
    }

    #[test]
    fn each_form_is_found_where_it_stands() {
        let text = "会津若松市追手町一番一号";
        let sweep = sweep(text);
        let utf16 = |bytes: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(bytes).collect();
        let cases: [(Form, Vec<u8>); 8] = [
            (Form::Raw, text.as_bytes().to_vec()),
            (Form::Hex, hex::encode(text).into_bytes()),
            (Form::Hex, hex::encode_upper(text).into_bytes()),
            (Form::Utf16Le, utf16(u16::to_le_bytes)),
            (Form::Utf16Be, utf16(u16::to_be_bytes)),
            (Form::Sha256, Hash::of(&[text.as_bytes()]).as_bytes().to_vec()),
            (Form::Sha256Hex, Hash::of(&[text.as_bytes()]).to_string().into_bytes()),
            (Form::Base64, STANDARD_NO_PAD.encode(text).into_bytes()),
        ];
        for (form, written) in cases {
            let bytes = [b"before", &written[..], b"after"].concat();
            let expected = Finding { name: "secret".to_owned(), form, offset: 6 };
            assert_eq!(sweep.search(&bytes), [expected]);
        }
        assert_eq!(sweep.search(b"nothing of the kind"), []);
    }

    #[test]
    fn what_was_cut_is_found_and_five_characters_are_not() {
        let sweep = sweep("Wakamatsu Taro");
        assert_eq!(forms(&sweep, b"..Wakama"), [Form::Raw]);
        assert_eq!(forms(&sweep, b"..Wakam.."), []);
        let mut shouted = Sweep::new();
        assert!(
            shouted.add_text("short", "abcde").is_err() && shouted.add_bytes("b", &[1]).is_err()
        );
        assert!(shouted.add_text("a name of two characters", "佐藤").is_ok());
    }

    #[test]
    fn numbers_are_found_without_their_dashes() {
        assert_eq!(forms(&sweep("0242-39-1111"), b"tel=0242391111;"), [Form::Raw]);
        assert_eq!(forms(&sweep("1948-03-05"), b"19480305"), [Form::Raw]);
        let hashed = Hash::of(&[b"19480305"]);
        assert_eq!(forms(&sweep("1948-03-05"), hashed.as_bytes()), [Form::Sha256]);
    }

    proptest! {
        #[test]
        fn base64_is_found_at_every_alignment(before in proptest::collection::vec(any::<u8>(), 0..7),
                                              text in "[a-zA-Z0-9 あ-ん]{6,20}",
                                              after in proptest::collection::vec(any::<u8>(), 0..7)) {
            let bytes = [&before[..], text.as_bytes(), &after].concat();
            for encoded in [STANDARD_NO_PAD.encode(&bytes), URL_SAFE_NO_PAD.encode(&bytes)] {
                let found = forms(&sweep(&text), encoded.as_bytes());
                prop_assert!(found.contains(&Form::Base64), "{encoded}");
            }
            prop_assert!(forms(&sweep(&text), &bytes).contains(&Form::Raw));
        }

        #[test]
        fn random_bytes_hold_nothing(bytes in proptest::collection::vec(any::<u8>(), 0..4096)) {
            prop_assert_eq!(sweep("佐藤花子 1948-03-05").search(&bytes), []);
        }
    }
}
