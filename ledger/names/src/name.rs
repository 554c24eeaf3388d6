//! What a name may be: one line of letters that everybody sees in the same way.

use borsh::BorshSerialize;
use icu_properties::CodePointMapData;
use icu_properties::props::BidiClass;
use serde::{Deserialize, Serialize};
use unicode_normalization::{UnicodeNormalization as _, is_nfc};
use unicode_security::{RestrictionLevel, RestrictionLevelDetection as _};

use crate::identity::fold;

/// The most characters of a name, and of a reading.
pub const NAME_CHARS_MAX: usize = 64;

/// Signs that may stand between letters; everything else that is no letter, mark or number may not.
const SIGNS: &str = " -–ー・･&'’.,、。()（）!！?？＆+＋#＃%％@＠/／:：「」『』〜～★☆♪°㈱㈲";

/// A public name: normal form C, 1 to 64 characters, no control, no direction, nothing unseen.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, BorshSerialize, Serialize)]
#[serde(transparent)]
pub struct Name(String);

/// How a name is read, in kana; people who cannot write it find it so.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, BorshSerialize, Serialize)]
#[serde(transparent)]
pub struct Reading(String);

/// Why a text is no name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    /// Nothing of it can be read out.
    #[error("the name is empty")]
    Empty,
    /// It has more than 64 characters.
    #[error("the name has {characters} characters, 64 at most")]
    TooLong {
        /// How many it has.
        characters: usize,
    },
    /// It is not in Unicode's normal form C.
    #[error("the name is not in normal form C")]
    NotNormal,
    /// White space stands at an end, stands twice, or is no plain space.
    #[error("white space stands at an end of the name, twice in a row, or is no plain space")]
    Space,
    /// A character of it is unseen, turns the direction of writing, or is no letter of a name.
    #[error("the name has the character U+{code:04X}, which no name may have")]
    Character {
        /// Its number.
        code: u32,
    },
    /// A reading has something else than kana, Latin letters and digits.
    #[error("the reading has the character U+{code:04X}, which is no kana")]
    NotKana {
        /// Its number.
        code: u32,
    },
}

impl Name {
    /// The name, as it stands.
    ///
    /// # Errors
    /// [`NameError`] says what no name may have.
    pub fn new(text: &str) -> Result<Self, NameError> {
        checked(text).map(Self)
    }

    /// The name that somebody wrote down: brought into normal form, spaces made plain and single.
    ///
    /// # Errors
    /// [`NameError`] for what is no name then either.
    pub fn written(text: &str) -> Result<Self, NameError> {
        checked(&tidied(text)).map(Self)
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it mixes alphabets that are not written together, so that it may be made to look
    /// like another (UTS #39, worse than highly restrictive). Tables of it grow with Unicode, so
    /// signers ask, and readers of what was signed do not.
    #[must_use]
    pub fn is_mixed(&self) -> bool {
        let letters: String = self.0.nfkc().filter(|c| c.is_alphabetic()).collect();
        letters.as_str().detect_restriction_level() > RestrictionLevel::HighlyRestrictive
    }
}

impl Reading {
    /// The reading, as it stands.
    ///
    /// # Errors
    /// [`NameError`] says what no reading may have.
    pub fn new(text: &str) -> Result<Self, NameError> {
        let text = checked(text)?;
        match fold(&text).chars().find(|c| !is_read(*c)) {
            None => Ok(Self(text)),
            Some(other) => Err(NameError::NotKana { code: u32::from(other) }),
        }
    }

    /// The reading that somebody wrote down.
    ///
    /// # Errors
    /// As [`Reading::new`], after what [`Name::written`] does.
    pub fn written(text: &str) -> Result<Self, NameError> {
        Self::new(&tidied(text))
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Whether a folded character may stand in a reading.
fn is_read(c: char) -> bool {
    matches!(c, '\u{3041}'..='\u{3096}' | 'ー') || c.is_ascii_alphanumeric()
}

fn tidied(text: &str) -> String {
    let composed: String = text.nfc().collect();
    composed.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn checked(text: &str) -> Result<String, NameError> {
    let characters = text.chars().count();
    if characters > NAME_CHARS_MAX {
        return Err(NameError::TooLong { characters });
    }
    if let Some(other) = text.chars().find(|c| !may_stand(*c)) {
        let is_space = other.is_whitespace() && !other.is_control();
        return Err(if is_space {
            NameError::Space
        } else {
            NameError::Character { code: u32::from(other) }
        });
    }
    if text.starts_with(' ') || text.ends_with(' ') || text.contains("  ") {
        return Err(NameError::Space);
    }
    if !is_nfc(text) {
        return Err(NameError::NotNormal);
    }
    if fold(text).is_empty() {
        return Err(NameError::Empty);
    }
    Ok(text.to_owned())
}

/// Letters and numbers of every script that is written from the left, the marks of kana, and
/// [`SIGNS`]: so neither controls, nor what turns the direction, nor what joins or hides, nor private
/// or unassigned characters.
fn may_stand(c: char) -> bool {
    c.is_alphanumeric() && !is_unseen(c) && !is_from_the_right(c) || SIGNS.contains(c)
}

/// Letters and digits that are written from the right (classes R, AL and AN of UAX #9): a terminal
/// that keeps to it shows an amount beside them in another order.
fn is_from_the_right(c: char) -> bool {
    let class = CodePointMapData::<BidiClass>::new().get(c);
    [BidiClass::RightToLeft, BidiClass::ArabicLetter, BidiClass::ArabicNumber].contains(&class)
}

/// Letters by their class that show nothing: the fillers of Hangul.
const fn is_unseen(c: char) -> bool {
    matches!(c, '\u{115F}' | '\u{1160}' | '\u{3164}' | '\u{FFA0}')
}

/// Reading back is making it anew, so that no value of these types breaks their rules.
macro_rules! read_back {
    ($($name:ident),+) => { $(
        impl core::fmt::Display for $name {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = <String as Deserialize>::deserialize(deserializer)?;
                Self::new(&text).map_err(serde::de::Error::custom)
            }
        }
    )+ };
}
read_back!(Name, Reading);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_as_they_stand_over_shops_are_names() {
        for text in [
            "みそ屋",
            "スーパーマーケット会津",
            "Café Müller",
            "㈱磐梯",
            "7-ELEVEN 会津若松駅前店",
            "髙橋商店",
            "鶴ヶ城",
            "佐々木酒店（本店）",
            "A&B",
            "ら〜めん★一番",
            "김치집",
        ] {
            let name = Name::new(text).unwrap();
            assert!(!name.is_mixed(), "{text}");
        }
    }

    #[test]
    fn what_cannot_be_seen_or_turns_the_text_is_in_no_name() {
        for text in [
            "みそ\u{202e}屋",
            "みそ\u{200b}屋",
            "みそ\u{200d}屋",
            "\u{feff}みそ屋",
            "みそ\u{7}屋",
            "みそ\n屋",
            "みそ\u{e0101}屋",
            "みそ\u{3164}屋",
            "みそ\u{e000}屋",
            "みそ屋\u{2067}",
        ] {
            assert!(
                matches!(Name::written(text), Err(NameError::Character { .. }))
                    || text.contains('\n'),
                "{text:?}"
            );
            assert!(Name::new(text).is_err(), "{text:?}");
        }
        assert_eq!(Name::new(""), Err(NameError::Empty));
        assert_eq!(Name::new("・・"), Err(NameError::Empty));
        assert_eq!(Name::new(" みそ屋"), Err(NameError::Space));
        assert_eq!(Name::new("みそ\u{3000}屋"), Err(NameError::Space));
        assert_eq!(Name::new(&"み".repeat(65)), Err(NameError::TooLong { characters: 65 }));
        assert_eq!(Name::written("  みそ\u{3000} 屋 ").unwrap().as_str(), "みそ 屋");
    }

    #[test]
    fn no_name_turns_the_direction_of_what_stands_beside_it() {
        for text in ["\u{5d0}\u{5d1}", "店\u{627}", "みそ屋\u{661}", "\u{7ca}", "\u{1e900}"] {
            let character = matches!(Name::written(text), Err(NameError::Character { .. }));
            assert!(character, "{text:?}: {:?}", Name::written(text));
        }
        // What is written from the left stays, whatever its alphabet.
        for text in ["김치집", "Ωμέγα", "ข้าว", "नमस्ते"] {
            let refused = text.chars().find(|c| is_from_the_right(*c));
            assert_eq!(refused, None, "{text}");
        }
    }

    #[test]
    fn alphabets_that_are_not_written_together_are_told() {
        for text in ["p\u{0430}ypal", "АBC"] {
            assert!(Name::new(text).unwrap().is_mixed(), "{text}");
        }
    }

    #[test]
    fn a_reading_is_kana() {
        for text in ["みそや", "ミソヤ", "スーパー あいづ", "えーびーC 7"] {
            assert!(Reading::new(text).is_ok(), "{text}");
        }
        assert!(matches!(Reading::new("味噌屋"), Err(NameError::NotKana { .. })));
    }
}
