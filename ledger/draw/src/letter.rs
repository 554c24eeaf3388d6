//! The secret on a person's letter: 128 bits, printed so that people can type them.
//!
//! Whoever knows the secret can apply for the leaf made from its key, so it is drawn at random for
//! each letter, never shown and wiped when dropped. The same secret makes another key on another
//! network and in another programme.
//!
//! It is printed in Crockford's base 32 with his check character modulo 37
//! (<https://www.crockford.com/base32.html>), 27 characters in seven groups. One check character
//! finds any one wrong character and any two that changed places; it cannot say where. What can be
//! said to a group is: a character that no letter has, a group of another length, a beginning that
//! is too large for 128 bits.

use ledger_types::{Hash, SigningKey};
use zeroize::{Zeroize, Zeroizing};

/// Tag of the seed of a letter's key.
const TAG_LETTER: &[u8] = b"kyojo/letter/1";
/// The digits, and after them the five that only check.
const SYMBOLS: &[u8; 37] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ*~$=U";
const CHECK_MODULUS: u8 = 37;
/// Digits of a secret: 26 of five bits each, of which the first has three.
const DIGITS: usize = 26;
const CHARACTERS: usize = DIGITS + 1;
const GROUP: usize = 4;
const GROUPS: usize = CHARACTERS.div_ceil(GROUP);

/// What a letter's key is made from. Whoever holds it may apply in the person's place.
#[derive(Clone, PartialEq, Eq)]
pub struct LetterSecret([u8; 16]);

impl LetterSecret {
    /// The secret of these random bytes.
    #[must_use]
    pub const fn new(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    /// The 16 bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }

    /// The key that applies for the letter's leaf, on one network and in one programme.
    #[must_use]
    pub fn signing_key(&self, genesis: &Hash, programme: u32) -> SigningKey {
        let parts = [TAG_LETTER, genesis.as_bytes(), &programme.to_be_bytes(), self.0.as_slice()];
        SigningKey::from_seed(&Zeroizing::new(*Hash::of(&parts).as_bytes()))
    }

    /// What the letter shows: groups of four characters, of three at the end, with `-` between.
    #[must_use]
    pub fn printed(&self) -> Zeroizing<String> {
        let number = u128::from_be_bytes(self.0);
        let mut text = Zeroizing::new(String::with_capacity(CHARACTERS + GROUPS));
        let shifts = (0..DIGITS).rev().map(|place| place.checked_mul(5));
        let digits = shifts.map(|shift| shift.map_or(0, |shift| low_five(number, shift)));
        for (place, value) in digits.chain([check_value(number)]).enumerate() {
            if place > 0 && place.is_multiple_of(GROUP) {
                text.push('-');
            }
            text.push(SYMBOLS.get(usize::from(value)).map_or('?', |symbol| char::from(*symbol)));
        }
        text
    }
}

impl Drop for LetterSecret {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl core::fmt::Debug for LetterSecret {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("LetterSecret(…)")
    }
}

fn low_five(number: u128, shift: usize) -> u8 {
    let [.., lowest] =
        number.checked_shr(u32::try_from(shift).unwrap_or(0)).unwrap_or(0).to_be_bytes();
    lowest & 0x1F
}

fn check_value(number: u128) -> u8 {
    let remainder = number.checked_rem(u128::from(CHECK_MODULUS)).unwrap_or(0);
    u8::try_from(remainder).unwrap_or(0)
}

impl core::str::FromStr for LetterSecret {
    type Err = LetterError;

    /// Takes what a person types: any case, full-width letters and digits, spaces and every kind of
    /// dash anywhere, `I` and `L` for 1, `O` for 0.
    fn from_str(text: &str) -> Result<Self, LetterError> {
        let typed = Typed::of(text);
        let characters = typed.characters();
        if characters != CHARACTERS {
            return Err(typed.wrong_length(characters));
        }
        let mut values = Zeroizing::new([0_u8; CHARACTERS]);
        for ((place, character), value) in typed.all().enumerate().zip(values.iter_mut()) {
            let most = if place < DIGITS { 31 } else { 36 };
            let known = value_of(character).filter(|value| *value <= most);
            *value = known.ok_or(LetterError::Character { group: group_of(place), character })?;
        }
        let (digits, check) = values.split_at(DIGITS);
        let mut number = 0_u128;
        for digit in digits {
            // Three bits are left for the first of 26 digits.
            let shifted = number.checked_mul(32).ok_or(LetterError::Beginning)?;
            number = shifted | u128::from(*digit);
        }
        let secret = Self(number.to_be_bytes());
        let is_right = check == [check_value(number)];
        number.zeroize();
        if is_right { Ok(secret) } else { Err(LetterError::Check) }
    }
}

/// What was typed, in the groups that stand apart.
struct Typed(Vec<Zeroizing<Vec<char>>>);

impl Typed {
    fn of(text: &str) -> Self {
        let apart = text.split(is_between).filter(|group| !group.is_empty());
        Self(apart.map(|group| Zeroizing::new(group.chars().map(narrow).collect())).collect())
    }

    fn all(&self) -> impl Iterator<Item = char> + '_ {
        self.0.iter().flat_map(|group| group.iter().copied())
    }

    fn characters(&self) -> usize {
        self.all().count()
    }

    /// Names the group where people wrote as many groups as a letter has.
    fn wrong_length(&self, characters: usize) -> LetterError {
        let is_wrong = |(place, group): &(usize, &Zeroizing<Vec<char>>)| {
            let due = if place.checked_add(1) == Some(GROUPS) { CHARACTERS % GROUP } else { GROUP };
            group.len() != due
        };
        let found = self.0.iter().enumerate().find(is_wrong).filter(|_| self.0.len() == GROUPS);
        match found {
            Some((place, group)) => LetterError::Group {
                group: u8::try_from(place).unwrap_or(0).saturating_add(1),
                characters: group.len(),
            },
            None => LetterError::Length { characters },
        }
    }
}

/// The group of a letter in which the character at `place` stands, from 1.
fn group_of(place: usize) -> u8 {
    u8::try_from(place.checked_div(GROUP).unwrap_or(0)).unwrap_or(0).saturating_add(1)
}

/// Dashes as keyboards write them, the long vowel mark among them, and white space.
fn is_between(character: char) -> bool {
    let is_dash = matches!(
        character,
        '-' | '_' | '\u{2010}'
            ..='\u{2015}' | '\u{2212}' | '\u{30FC}' | '\u{FF0D}' | '\u{FF70}' | '\u{FF3F}'
    );
    is_dash || character.is_whitespace()
}

/// Full-width ASCII as ASCII, the wave dash as the tilde; capitals.
fn narrow(character: char) -> char {
    let narrowed = match character {
        '\u{FF01}'..='\u{FF5E}' => {
            u32::from(character).checked_sub(0xFEE0).and_then(char::from_u32).unwrap_or(character)
        }
        '\u{301C}' => '~',
        other => other,
    };
    narrowed.to_ascii_uppercase()
}

fn value_of(character: char) -> Option<u8> {
    let meant = match character {
        'I' | 'L' => '1',
        'O' => '0',
        other => other,
    };
    let place = SYMBOLS.iter().position(|symbol| char::from(*symbol) == meant)?;
    u8::try_from(place).ok()
}

/// Why a text is no letter's secret. Groups are counted from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LetterError {
    /// Characters are missing, or there are too many.
    #[error("{characters} characters, a letter has 27")]
    Length {
        /// How many there are without spaces and dashes.
        characters: usize,
    },
    /// One group, the first such, is too long or too short.
    #[error("group {group} has {characters} characters, not 4 (the last has 3)")]
    Group {
        /// Which.
        group: u8,
        /// How many stand in it.
        characters: usize,
    },
    /// A character that no letter has there.
    #[error("group {group} has {character:?}, which no letter has there")]
    Character {
        /// In which group.
        group: u8,
        /// The character, as a capital and not full-width.
        character: char,
    },
    /// The first character is more than 7.
    #[error("group 1 does not begin with a digit from 0 to 7")]
    Beginning,
    /// The last character does not fit the rest: something was misread.
    #[error("the last character does not fit the rest: a character is wrong")]
    Check,
}
