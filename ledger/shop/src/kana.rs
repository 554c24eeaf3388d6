//! Half-width kana: how names are written in banks' files, a byte a character (JIS X 0201).
//!
//! Banks compare names by these bytes, so [`narrow`] writes what 全銀 allows and says what it cannot
//! write; nothing is left out or put in. Its rules: hiragana are katakana; small
//! kana become large; ー and every dash become `-`; the voiced sounds' dots are bytes of their own;
//! letters become half-width capitals. ヲ, ・ and the comma are not in a name, nor is any kanji: what
//! the name is at its bank only people know, so these are errors and never guessed.

/// The marks of voiced and half-voiced sounds, which belong to the byte before them.
const MARKS: [u8; 2] = [0xDE, 0xDF];
/// The first character of half-width kana and its byte.
const KANA: (u32, u8) = (0xFF61, 0xA1);

const PLAIN: (&str, &str) = (
    "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワン",
    "ｱｲｳｴｵｶｷｸｹｺｻｼｽｾｿﾀﾁﾂﾃﾄﾅﾆﾇﾈﾉﾊﾋﾌﾍﾎﾏﾐﾑﾒﾓﾔﾕﾖﾗﾘﾙﾚﾛﾜﾝ",
);
const SMALL: (&str, &str) = ("ァィゥェォッャュョヮヵヶｧｨｩｪｫｯｬｭｮ", "ｱｲｳｴｵﾂﾔﾕﾖﾜｶｹｱｲｳｴｵﾂﾔﾕﾖ");
const VOICED: (&str, &str) =
    ("ヴガギグゲゴザジズゼゾダヂヅデドバビブベボ", "ｳｶｷｸｹｺｻｼｽｾｿﾀﾁﾂﾃﾄﾊﾋﾌﾍﾎ");
const HALF_VOICED: (&str, &str) = ("パピプペポ", "ﾊﾋﾌﾍﾎ");
const SIGNS: (&str, &str) = ("ーｰ－−‐‑–—　「」゛゜\u{3099}\u{309A}￥¥", "-------- ｢｣ﾞﾟﾞﾟ\\\\");
/// What stands as it is, beside digits, capitals and half-width kana.
const AS_IT_IS: &str = " ()-./\\｢｣";

/// A text in half-width kana, digits, capitals and `( ) - . / \ ｢ ｣` and spaces; no space at an end.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Kana(Vec<u8>);

/// The text has characters that cannot be written in half-width kana.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("these characters cannot be written in a bank's file: {}", shown(.characters))]
pub struct NotKana {
    /// Each of them once, in the order of the text.
    pub characters: Vec<char>,
}

fn shown(characters: &[char]) -> String {
    characters.iter().map(char::to_string).collect::<Vec<_>>().join(" ")
}

/// The half-width form of a text; spaces at its ends are left out.
///
/// # Errors
/// [`NotKana`] names every character that cannot be written.
pub fn narrow(text: &str) -> Result<Kana, NotKana> {
    let (mut bytes, mut characters) = (Vec::new(), Vec::new());
    for c in text.trim_matches([' ', '　']).chars() {
        match narrow_one(c) {
            Some((byte, mark)) => bytes.extend(core::iter::once(byte).chain(mark)),
            None if characters.contains(&c) => {}
            None => characters.push(c),
        }
    }
    if characters.is_empty() { Ok(Kana(bytes)) } else { Err(NotKana { characters }) }
}

impl Kana {
    /// The text of these bytes; none where 全銀 does not allow one of them, or a space is at an end.
    #[must_use]
    pub fn of_bytes(bytes: &[u8]) -> Option<Self> {
        let is_tidy = !bytes.starts_with(b" ") && !bytes.ends_with(b" ");
        let is_allowed = |byte: &u8| char_of(*byte).is_some_and(is_written);
        (is_tidy && bytes.iter().all(is_allowed)).then(|| Self(bytes.to_vec()))
    }

    /// The bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// Whether it is empty.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// As many whole characters as `most` bytes hold; a sound is never parted from its mark, for ガ
    /// without it would be カ. The same text where it fits.
    #[must_use]
    pub fn cut(&self, most: usize) -> Self {
        let mut length = most.min(self.0.len());
        while length > 0 && self.0.get(length).is_some_and(|next| MARKS.contains(next)) {
            length -= 1;
        }
        let head = self.0.get(..length).unwrap_or_default();
        Self(head.trim_ascii_end().to_vec())
    }
}

impl core::fmt::Display for Kana {
    /// In half-width kana.
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        self.0.iter().filter_map(|byte| char_of(*byte)).try_for_each(|c| write!(f, "{c}"))
    }
}

/// A byte, and the byte of its mark.
fn narrow_one(c: char) -> Option<(u8, Option<u8>)> {
    let c = katakana(c);
    let [voiced, half_voiced] = MARKS;
    for (table, mark) in
        [(PLAIN, None), (SMALL, None), (VOICED, Some(voiced)), (HALF_VOICED, Some(half_voiced))]
    {
        if let Some(half) = looked_up(table, c) {
            return Some((byte_of(half)?, mark));
        }
    }
    let half = looked_up(SIGNS, c).unwrap_or_else(|| half_width(c));
    is_written(half).then(|| byte_of(half)).flatten().map(|byte| (byte, None))
}

fn looked_up((from, to): (&str, &str), c: char) -> Option<char> {
    from.chars().position(|one| one == c).and_then(|place| to.chars().nth(place))
}

/// Hiragana as katakana.
fn katakana(c: char) -> char {
    match c {
        'ぁ'..='ゖ' => char::from_u32(u32::from(c) + 0x60).unwrap_or(c),
        _ => c,
    }
}

/// Full-width letters, digits and signs as half-width ones, letters as capitals.
fn half_width(c: char) -> char {
    let half = match c {
        '！'..='～' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
        _ => c,
    };
    half.to_ascii_uppercase()
}

/// Whether 全銀 has a half-width character in names: no ｦ, no small kana, no ｡ ､ ･ ｰ and no comma.
fn is_written(c: char) -> bool {
    let is_kana = ('ｱ'..='ﾟ').contains(&c);
    is_kana || c.is_ascii_digit() || c.is_ascii_uppercase() || AS_IT_IS.contains(c)
}

fn byte_of(half: char) -> Option<u8> {
    let (first, byte) = KANA;
    match u32::from(half).checked_sub(first) {
        Some(above) => byte.checked_add(u8::try_from(above).ok()?),
        None => u8::try_from(half).ok().filter(u8::is_ascii),
    }
}

fn char_of(byte: u8) -> Option<char> {
    let (first, lowest) = KANA;
    match byte.checked_sub(lowest) {
        Some(above) if byte <= 0xDF => char::from_u32(first + u32::from(above)),
        Some(_) => None,
        None => byte.is_ascii().then(|| char::from(byte)),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn names_are_written_as_banks_write_them() {
        for (full, half) in [
            ("ミソヤ", "ﾐｿﾔ"),
            ("みそや", "ﾐｿﾔ"),
            ("カ）アイヅショウテン", "ｶ)ｱｲﾂﾞｼﾖｳﾃﾝ"),
            ("ガギグゲゴ　ザジズゼゾ", "ｶﾞｷﾞｸﾞｹﾞｺﾞ ｻﾞｼﾞｽﾞｾﾞｿﾞ"),
            ("ダヂヅデド バビブベボ", "ﾀﾞﾁﾞﾂﾞﾃﾞﾄﾞ ﾊﾞﾋﾞﾌﾞﾍﾞﾎﾞ"),
            ("パピプペポヴ", "ﾊﾟﾋﾟﾌﾟﾍﾟﾎﾟｳﾞ"),
            ("ァィゥェォッャュョヮヵヶ", "ｱｲｳｴｵﾂﾔﾕﾖﾜｶｹ"),
            ("ぁぃぅぇぉっゃゅょゎゕゖ", "ｱｲｳｴｵﾂﾔﾕﾖﾜｶｹ"),
            ("ｧｨｩｪｫｯｬｭｮ", "ｱｲｳｴｵﾂﾔﾕﾖ"),
            ("コーヒー", "ｺ-ﾋ-"),
            ("ｺｰﾋｰ", "ｺ-ﾋ-"),
            ("－−‐‑–—", "------"),
            ("ＡＢＣａｂｃabc１２３123", "ABCABCABC123123"),
            ("「ア」（イ）．／￥¥", "｢ｱ｣(ｲ)./\\\\"),
            ("か\u{3099}は\u{309A}", "ｶﾞﾊﾟ"),
            ("ｶﾞﾊﾟ゛゜", "ｶﾞﾊﾟﾞﾟ"),
            ("  アイ  ", "ｱｲ"),
            ("", ""),
        ] {
            let narrow = narrow(full).unwrap();
            assert_eq!(narrow.to_string(), half, "{full}");
            assert_eq!(Kana::of_bytes(narrow.as_bytes()), Some(narrow), "{full}");
        }
        assert_eq!(narrow("アンﾞﾟ").unwrap().as_bytes(), [0xB1, 0xDD, 0xDE, 0xDF]);
    }

    #[test]
    fn what_cannot_be_written_is_named_and_nothing_is_left_out() {
        let refused = narrow("株式会社ヲ・会津，,ヰヱ☆\n。").unwrap_err();
        let expected: Vec<char> = "株式会社ヲ・津，,ヰヱ☆\n。".chars().collect();
        assert_eq!(refused.characters, expected);
        for bad in ["ｦ", "を", "･", "､", "é", "😀", "&", "'", "+"] {
            assert!(narrow(bad).is_err(), "{bad}");
        }
        for bad in [&[0xA6][..], &[0xA7], &[0xB0], b"a", b",", b" A", b"A ", &[0xE0], &[0x80]] {
            assert_eq!(Kana::of_bytes(bad), None, "{bad:?}");
        }
    }

    #[test]
    fn a_cut_parts_no_sound_from_its_mark() {
        let name = narrow("アガガ").unwrap();
        let cut: Vec<String> = (0..=6).map(|most| name.cut(most).to_string()).collect();
        assert_eq!(cut, ["", "ｱ", "ｱ", "ｱｶﾞ", "ｱｶﾞ", "ｱｶﾞｶﾞ", "ｱｶﾞｶﾞ"]);
        // No space is left at the end.
        assert_eq!(narrow("ア イ").unwrap().cut(2).to_string(), "ｱ");
    }

    proptest! {
        #[test]
        fn every_text_is_written_whole_or_refused(text in "\\PC{0,20}") {
            match narrow(&text) {
                Ok(kana) => {
                    // Each character has a byte, and a voiced sound has two.
                    let count = text.trim_matches([' ', '　']).chars().count();
                    prop_assert!((count..=count * 2).contains(&kana.as_bytes().len()));
                    prop_assert_eq!(narrow(&kana.to_string()), Ok(kana));
                }
                Err(refused) => prop_assert!(refused.characters.iter().all(|c| text.contains(*c))),
            }
        }
    }
}
