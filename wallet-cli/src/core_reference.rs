//! Entries of a core banking system, as a bank's clerks and programs write them.
//!
//! What differs only in width, case, spaces, or signs that nobody sees, is one entry: `ＡＢ－１`,
//! `ab-1` and `AB-1 ` are typed by people who mean the same, and it issues once.

use ledger_types::Hash;
use serde::{Serialize, Serializer};
use unicode_normalization::UnicodeNormalization as _;

use crate::commitment::TAG_CORE_REFERENCE;
use crate::failure::{Exit, Failure};

/// An entry in the one form that all its spellings have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct CoreReference(String);

impl CoreReference {
    /// Reads an entry: compatibility forms are made one (NFKC), letters are made capitals, spaces are
    /// one between words and none around them, and signs that nobody sees are left out.
    ///
    /// # Errors
    /// Nothing that can be seen is left.
    pub(crate) fn read(text: &str) -> Result<Self, Failure> {
        let visible: String = text.nfkc().filter(|letter| !is_unseen(*letter)).collect();
        // Capitals of some letters are a compatibility form again.
        let capitals: String = visible.to_uppercase().nfkc().collect();
        let words: Vec<&str> = capitals.split_whitespace().collect();
        if words.is_empty() {
            return Err(Failure::new(Exit::Usage, "err-no-core-reference"));
        }
        Ok(Self(words.join(" ")))
    }

    /// The form that all its spellings have.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// What the ledger is told of it: the same each time, so that a repetition shows.
    pub(crate) fn commitment(&self) -> Hash {
        Hash::of(&[TAG_CORE_REFERENCE, self.0.as_bytes()])
    }
}

impl Serialize for CoreReference {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

/// Signs of no width that files and programs leave in texts: byte order marks, joiners, directions.
const fn is_unseen(letter: char) -> bool {
    matches!(
        letter,
        '\u{ad}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}'
    ) || (letter.is_ascii_control() && !letter.is_ascii_whitespace())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> String {
        CoreReference::read(text).unwrap().as_str().to_owned()
    }

    #[test]
    fn references_that_differ_only_in_width_or_spaces_are_one() {
        for spelling in [
            "AB-17 2026",
            "ab-17 2026",
            " AB-17\u{3000}２０２６\t",
            "ＡＢ－１７　２０２６",
            "\u{feff}AB-17\u{a0}  2026\r\n",
            "A\u{200b}B-1\u{2060}7 2026",
        ] {
            assert_eq!(read(spelling), "AB-17 2026", "{spelling:?}");
        }
        // Half-width kana with their marks apart, and letters with theirs.
        assert_eq!(read("ｶﾞｲｶ 1"), read("ガイカ　１"));
        assert_eq!(read("e\u{301}1"), read("É1"));
        for (one, other) in [("AB-17", "AB17"), ("A B", "AB"), ("AB-17", "AB-71")] {
            assert_ne!(read(one), read(other), "{one} {other}");
        }
        let commitment = |text| CoreReference::read(text).unwrap().commitment();
        assert_eq!(commitment("ＡＢ－１"), commitment(" ab-1 "));
        assert_ne!(commitment("AB-1"), commitment("AB-2"));
    }

    #[test]
    fn a_reference_is_never_empty() {
        for empty in ["", " ", "\u{3000}\t\r\n", "\u{feff}", "\u{200b} \u{200d}", "\0"] {
            let failure = CoreReference::read(empty).unwrap_err();
            let found = (failure.code().to_owned(), failure.exit);
            assert_eq!(found, ("no-core-reference".to_owned(), Exit::Usage), "{empty:?}");
        }
    }

    #[test]
    fn the_one_form_is_its_own() {
        for letter in '\0'..=char::MAX {
            let once = CoreReference::read(&format!("a{letter}b")).unwrap();
            assert_eq!(CoreReference::read(once.as_str()).unwrap(), once, "{letter:?}");
        }
    }
}
