//! What is printed is read again, however it is typed, and what is misread is refused.

use proptest::prelude::*;
use public_draw::{LetterError, LetterSecret};

use crate::sample::{genesis, letter};

fn read(text: &str) -> Result<LetterSecret, LetterError> {
    text.parse()
}

#[test]
fn smallest_and_greatest_secrets_have_their_text() {
    let smallest = LetterSecret::new([0; 16]);
    assert_eq!(*smallest.printed(), "0000-0000-0000-0000-0000-0000-000");
    let greatest = LetterSecret::new([0xFF; 16]);
    assert_eq!(
        *greatest.printed(),
        format!("7ZZZ-ZZZZ-ZZZZ-ZZZZ-ZZZZ-ZZZZ-ZZ{}", check(u128::MAX))
    );
    assert_eq!(read(&greatest.printed()), Ok(greatest));
}

fn check(number: u128) -> char {
    "0123456789ABCDEFGHJKMNPQRSTVWXYZ*~$=U".chars().nth((number % 37) as usize).unwrap()
}

#[test]
fn errors_say_the_group_where_it_can_be_said() {
    let text = letter(1).printed().to_string();
    let group = |number: usize, with: &str| {
        let mut groups: Vec<&str> = text.split('-').collect();
        groups[number] = with;
        groups.join("-")
    };
    assert_eq!(read(""), Err(LetterError::Length { characters: 0 }));
    assert_eq!(read(&text[..10]), Err(LetterError::Length { characters: 8 }));
    assert_eq!(read(&group(2, "ABC")), Err(LetterError::Group { group: 3, characters: 3 }));
    assert_eq!(read(&group(6, "ABCD")), Err(LetterError::Group { group: 7, characters: 4 }));
    let refused = Err(LetterError::Character { group: 5, character: 'U' });
    assert_eq!(read(&group(4, "aＵbb")), refused);
    let refused = Err(LetterError::Character { group: 2, character: 'あ' });
    assert_eq!(read(&group(1, "11あ1")), refused);
    assert_eq!(read(&group(0, "8000")), Err(LetterError::Beginning));
    let many = "1".repeat(1000);
    assert_eq!(read(&many), Err(LetterError::Length { characters: 1000 }));
}

#[test]
fn a_key_is_of_one_network_and_programme() {
    let secret = letter(1);
    let key = secret.signing_key(&genesis(), 1).public_key();
    assert_eq!(key, secret.signing_key(&genesis(), 1).public_key());
    assert_ne!(key, secret.signing_key(&genesis(), 2).public_key());
    assert_ne!(key, secret.signing_key(&ledger_types::Hash::ZERO, 1).public_key());
    assert_ne!(key, letter(2).signing_key(&genesis(), 1).public_key());
    assert!(key.is_registrable());
}

#[test]
fn debug_says_nothing_of_the_secret() {
    assert_eq!(format!("{:?}", letter(1)), "LetterSecret(…)");
}

/// The text as somebody types it, by some choices.
fn typed(text: &str, choices: &[u8]) -> String {
    let mut typed = String::new();
    for (character, choice) in text.chars().zip(choices.iter().cycle()) {
        let wide = |one: char| char::from_u32(u32::from(one) + 0xFEE0).unwrap();
        match (character, choice % 8) {
            ('-', 0) => {}
            ('-', 1) => typed.push('ー'),
            ('-', 2) => typed.push('\u{3000}'),
            ('-', _) => typed.push_str(" − "),
            ('1', 0) => typed.push('l'),
            ('1', 1) => typed.push('Ｉ'),
            ('0', 0) => typed.push('o'),
            ('0', 1) => typed.push('Ｏ'),
            ('~', 0) => typed.push('〜'),
            (one, 2) => typed.push(wide(one)),
            (one, 3) => typed.push(wide(one.to_ascii_lowercase())),
            (one, 4) => typed.push(one.to_ascii_lowercase()),
            (one, _) => typed.push(one),
        }
    }
    typed
}

proptest! {
    #[test]
    fn what_is_printed_is_read_however_it_is_typed(
        bytes in any::<[u8; 16]>(),
        choices in proptest::collection::vec(any::<u8>(), 1..40),
    ) {
        let secret = LetterSecret::new(bytes);
        let text = secret.printed();
        prop_assert_eq!(text.len(), 33);
        prop_assert_eq!(read(&text), Ok(secret.clone()));
        prop_assert_eq!(read(&typed(&text, &choices)), Ok(secret));
    }

    #[test]
    fn one_wrong_character_is_found(bytes in any::<[u8; 16]>(), place in 0_usize..26, by in 1_u8..32) {
        const DIGITS: &[u8] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
        let text = LetterSecret::new(bytes).printed().replace('-', "");
        let mut changed = text.into_bytes();
        let value = DIGITS.iter().position(|digit| *digit == changed[place]).unwrap();
        changed[place] = DIGITS[(value + usize::from(by)) % 32];
        let refused = read(core::str::from_utf8(&changed).unwrap());
        prop_assert!(matches!(refused, Err(LetterError::Check | LetterError::Beginning)));
    }

    #[test]
    fn two_characters_that_changed_places_are_found(bytes in any::<[u8; 16]>(), place in 0_usize..25) {
        let text = LetterSecret::new(bytes).printed().replace('-', "");
        let mut changed = text.clone().into_bytes();
        changed.swap(place, place + 1);
        prop_assume!(changed != text.as_bytes());
        let refused = read(core::str::from_utf8(&changed).unwrap());
        prop_assert!(matches!(refused, Err(LetterError::Check | LetterError::Beginning)));
    }

    #[test]
    fn no_text_ends_in_a_panic(text in any::<String>()) {
        let _ = read(&text);
    }
}
