//! When two names are one name, by Unicode's rules and those of Japanese writing.
//!
//! [`fold`] is how names are looked up: whatever folds alike is read alike, so either may be typed
//! for the other. [`looks`] is how names look: what looks alike is never signed twice, and where it
//! happens nobody chooses between them unasked.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use unicode_normalization::UnicodeNormalization as _;
use unicode_security::skeleton;

/// The one sign for every stroke that is written for another: dashes, and what makes vowels long.
const STROKE: char = 'ー';

/// Older or other forms of characters that people write for each other in names, each with the form
/// that stands for both.
const FORMS: [(char, char); 39] = [
    ('髙', '高'),
    ('﨑', '崎'),
    ('嵜', '崎'),
    ('濵', '浜'),
    ('濱', '浜'),
    ('邊', '辺'),
    ('邉', '辺'),
    ('齋', '斎'),
    ('齊', '斎'),
    ('斉', '斎'),
    ('澤', '沢'),
    ('嶋', '島'),
    ('嶌', '島'),
    ('眞', '真'),
    ('國', '国'),
    ('廣', '広'),
    ('榮', '栄'),
    ('櫻', '桜'),
    ('會', '会'),
    ('惠', '恵'),
    ('德', '徳'),
    ('曾', '曽'),
    ('瀨', '瀬'),
    ('黑', '黒'),
    ('圓', '円'),
    ('假', '仮'),
    ('冨', '富'),
    ('礒', '磯'),
    ('龍', '竜'),
    ('瀧', '滝'),
    ('鐵', '鉄'),
    ('壽', '寿'),
    ('藏', '蔵'),
    ('淺', '浅'),
    ('邨', '村'),
    ('舘', '館'),
    ('莊', '荘'),
    ('峯', '峰'),
    ('桒', '桑'),
];

/// Small kana whose large ones do not stand behind them in Unicode; folding has ヵ and ヶ.
const SMALL: [(char, char); 16] = [
    ('ㇰ', 'ク'),
    ('ㇱ', 'シ'),
    ('ㇲ', 'ス'),
    ('ㇳ', 'ト'),
    ('ㇴ', 'ヌ'),
    ('ㇵ', 'ハ'),
    ('ㇶ', 'ヒ'),
    ('ㇷ', 'フ'),
    ('ㇸ', 'ヘ'),
    ('ㇹ', 'ホ'),
    ('ㇺ', 'ム'),
    ('ㇻ', 'ラ'),
    ('ㇼ', 'リ'),
    ('ㇽ', 'ル'),
    ('ㇾ', 'レ'),
    ('ㇿ', 'ロ'),
];

/// What a company is called in short, with what that is short for.
const COMPANIES: [(&str, &str); 3] =
    [("(株)", "株式会社"), ("(有)", "有限会社"), ("(同)", "合同会社")];

/// How often a text is folded at most.
const FOLDS_MAX: u32 = 4;

/// The text by which a name is looked up.
///
/// Normal form KC, without case; katakana as hiragana; one sign for dashes and long vowels; one form
/// of each character; companies' kinds written out; white space, middle dots, apostrophes and what
/// is not seen left out. What that leaves is folded again until it stays: an accent that stood on a
/// space stands on the letter before it then, and ẞ is ß first and ss then.
#[must_use]
pub fn fold(text: &str) -> String {
    let mut folded = folded_once(text);
    for _ in 1..FOLDS_MAX {
        let again = folded_once(&folded);
        if again == folded {
            break;
        }
        folded = again;
    }
    folded
}

fn folded_once(text: &str) -> String {
    let plain: String =
        text.nfkc().flat_map(char::to_uppercase).flat_map(char::to_lowercase).collect();
    let mut folded: String = plain.nfkc().filter(|c| !is_left_out(*c)).map(folded).collect();
    for (short, long) in COMPANIES {
        if folded.contains(short) {
            folded = folded.replace(short, long);
        }
    }
    folded
}

/// Two texts by which a name is told from others that look like it: as it is written, and without
/// case. Names that share one of them look alike.
#[must_use]
pub fn looks(text: &str) -> [String; 2] {
    let plain: String = text.nfkc().collect();
    let uncased: String =
        plain.chars().flat_map(char::to_uppercase).flat_map(char::to_lowercase).collect();
    [look(&plain), look(&uncased)]
}

/// Whether two names look alike.
#[must_use]
pub fn look_alike(one: &str, other: &str) -> bool {
    let others = looks(other);
    looks(one).iter().any(|look| others.contains(look))
}

/// The skeleton of UTS #39, folded, with the kana that it takes for other characters made kana again:
/// it has カ and 力 alike, and か is カ. Small kana are large: キヤノン is written for キャノン.
fn look(plain: &str) -> String {
    let kana = taken_for_others();
    let bones = skeleton(plain).map(|c| kana.get(&c).copied().unwrap_or(c));
    let bones: String = bones.map(large).collect();
    // Folding composes what the skeleton took apart.
    fold(&bones)
}

/// Characters that a katakana or a stroke has as its skeleton, with that katakana.
fn taken_for_others() -> &'static BTreeMap<char, char> {
    static TAKEN: OnceLock<BTreeMap<char, char>> = OnceLock::new();
    TAKEN.get_or_init(|| {
        let mut taken = BTreeMap::new();
        let mut add = |from: char, to: char| {
            let mut bones = [0; 4];
            let mut bones = skeleton(from.encode_utf8(&mut bones));
            if let (Some(bone), None) = (bones.next(), bones.next())
                && bone != from
            {
                taken.insert(bone, to);
            }
        };
        ('\u{30A1}'..='\u{30FA}').for_each(|kana| add(kana, kana));
        add(STROKE, STROKE);
        taken.insert('一', STROKE);
        taken
    })
}

/// White space, what is not seen, and signs that are not read.
fn is_left_out(c: char) -> bool {
    c.is_whitespace()
        || c.is_control()
        || matches!(
            c,
            '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}'
                | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FE00}'..='\u{FE0F}'
                | '\u{FEFF}' | '\u{E0000}'..='\u{E0FFF}'
        )
        || matches!(c, '・' | '·' | '•' | '‧' | '∙' | '\'' | '’' | '‘' | '`' | '´')
}

/// The large kana of a small one.
fn large(c: char) -> char {
    let small = SMALL.iter().find(|(small, _)| *small == c);
    match c {
        // In each pair of a block the small one stands before the large one.
        'ぁ' | 'ぃ' | 'ぅ' | 'ぇ' | 'ぉ' | 'っ' | 'ゃ' | 'ゅ' | 'ょ' | 'ゎ' | 'ァ' | 'ィ'
        | 'ゥ' | 'ェ' | 'ォ' | 'ッ' | 'ャ' | 'ュ' | 'ョ' | 'ヮ' => {
            u32::from(c).checked_add(1).and_then(char::from_u32).unwrap_or(c)
        }
        _ => small.map_or(c, |(_, large)| *large),
    }
}

fn folded(c: char) -> char {
    match c {
        // ケ written small is read and written for the large one.
        'ヶ' | 'ゖ' => 'け',
        'ヵ' | 'ゕ' => 'か',
        '\u{30A1}'..='\u{30F6}' | 'ヽ' | 'ヾ' => {
            u32::from(c).checked_sub(0x60).and_then(char::from_u32).unwrap_or(c)
        }
        '-'
        | '\u{2010}'..='\u{2015}'
        | '\u{2212}'
        | '\u{2E3A}'
        | '\u{2E3B}'
        | '~'
        | '〜'
        | '∼'
        | STROKE => STROKE,
        _ => FORMS.iter().find(|(other, _)| *other == c).map_or(c, |(_, form)| *form),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_folding_leaves_folds_to_itself() {
        for (text, folded) in [("K´", "\u{1e31}"), ("ẞ", "ss"), ("カ ﾞ", "が")] {
            assert_eq!(
                (fold(text), fold(folded)),
                (folded.to_owned(), folded.to_owned()),
                "{text}"
            );
        }
    }

    #[test]
    fn one_shop_is_not_two() {
        for (one, other) in [
            ("みそ屋", "ミソ屋"),
            ("みそ屋", "ﾐｿ屋"),
            ("みそ屋", "みそ 屋"),
            ("みそ屋", "みそ\u{3000}屋"),
            ("ＡＢＣマート", "abcマート"),
            ("ガスト", "ｶﾞｽﾄ"),
            ("ラーメン", "ラ－メン"),
            ("ラーメン", "らーめん"),
            ("ら〜めん", "ら～めん"),
            ("7-ELEVEN", "7‐Eleven"),
            ("スター・カフェ", "スターカフェ"),
            ("㈱磐梯", "株式会社 磐梯"),
            ("（株）磐梯", "株式会社磐梯"),
            ("髙橋商店", "高橋商店"),
            ("渡邊酒店", "渡邉酒店"),
            ("鶴ヶ城", "鶴ケ城"),
            ("Café", "Cafe\u{301}"),
            ("STRASSE", "straße"),
            ("葛\u{e0101}飾", "葛飾"),
        ] {
            assert_eq!(fold(one), fold(other), "{one} {other}");
            assert!(look_alike(one, other), "{one} {other}");
        }
        for (one, other) in [("みそ屋", "みそ屋本店"), ("かき", "がき"), ("いろは", "いろほ")]
        {
            assert_ne!(fold(one), fold(other), "{one} {other}");
            assert!(!look_alike(one, other), "{one} {other}");
        }
    }

    #[test]
    fn what_looks_alike_is_told_though_it_is_read_in_another_way() {
        for (one, other) in [
            ("カ屋", "力屋"),
            ("ニ本松", "二本松"),
            ("口マン", "ロマン"),
            ("エ場", "工場"),
            ("paypay", "p\u{0430}ypay"),
            ("Ilios", "llios"),
            ("店1", "店l"),
            ("第一", "第ー"),
            ("ハ百屋", "八百屋"),
        ] {
            assert!(look_alike(one, other), "{one} {other}: {:?} {:?}", looks(one), looks(other));
            assert_ne!(fold(one), fold(other), "{one} {other}");
        }
    }

    #[test]
    fn names_that_differ_by_small_kana_look_alike_and_are_not_typed_for_each_other() {
        for (one, other) in [
            ("キヤノン", "キャノン"),
            ("キユーピー", "キューピー"),
            ("ミツワ", "ミッワ"),
            ("みつわ", "みっわ"),
            ("ヨシダ", "ョシダ"),
            ("ﾌｲﾙﾑ", "ﾌｨﾙﾑ"),
            ("シヤツ", "ｼｬﾂ"),
            ("アイヌプリ", "アイヌㇷ゚リ"),
        ] {
            assert!(look_alike(one, other), "{one} {other}: {:?} {:?}", looks(one), looks(other));
            assert_ne!(fold(one), fold(other), "{one} {other}");
        }
        assert!(!look_alike("カツ", "ガツ"));
    }

    #[test]
    fn folding_twice_is_folding_once() {
        for text in ["ｶﾞｽﾄ ㈱", "Straße–ΣΑΣ", "ﾊﾟﾝ屋", "渡邊･酒店"] {
            assert_eq!(fold(&fold(text)), fold(text), "{text}");
        }
    }
}
