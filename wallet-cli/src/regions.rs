//! Names of the regions that consents speak of: Japan and its prefectures (ISO 3166-2:JP).
//!
//! Municipalities are shown by the name of their prefecture with their code.

use consent_records::terms::Region;
use consent_records::vocabulary::legal::Bilingual;
use ledger_types::zone::MunicipalityCode;

use crate::i18n::Lang;

/// Prefectures in the order of their codes, from 01.
const PREFECTURES: [(&str, &str); 47] = [
    ("北海道", "Hokkaido"),
    ("青森県", "Aomori"),
    ("岩手県", "Iwate"),
    ("宮城県", "Miyagi"),
    ("秋田県", "Akita"),
    ("山形県", "Yamagata"),
    ("福島県", "Fukushima"),
    ("茨城県", "Ibaraki"),
    ("栃木県", "Tochigi"),
    ("群馬県", "Gunma"),
    ("埼玉県", "Saitama"),
    ("千葉県", "Chiba"),
    ("東京都", "Tokyo"),
    ("神奈川県", "Kanagawa"),
    ("新潟県", "Niigata"),
    ("富山県", "Toyama"),
    ("石川県", "Ishikawa"),
    ("福井県", "Fukui"),
    ("山梨県", "Yamanashi"),
    ("長野県", "Nagano"),
    ("岐阜県", "Gifu"),
    ("静岡県", "Shizuoka"),
    ("愛知県", "Aichi"),
    ("三重県", "Mie"),
    ("滋賀県", "Shiga"),
    ("京都府", "Kyoto"),
    ("大阪府", "Osaka"),
    ("兵庫県", "Hyogo"),
    ("奈良県", "Nara"),
    ("和歌山県", "Wakayama"),
    ("鳥取県", "Tottori"),
    ("島根県", "Shimane"),
    ("岡山県", "Okayama"),
    ("広島県", "Hiroshima"),
    ("山口県", "Yamaguchi"),
    ("徳島県", "Tokushima"),
    ("香川県", "Kagawa"),
    ("愛媛県", "Ehime"),
    ("高知県", "Kochi"),
    ("福岡県", "Fukuoka"),
    ("佐賀県", "Saga"),
    ("長崎県", "Nagasaki"),
    ("熊本県", "Kumamoto"),
    ("大分県", "Oita"),
    ("宮崎県", "Miyazaki"),
    ("鹿児島県", "Kagoshima"),
    ("沖縄県", "Okinawa"),
];

/// Municipalities that are known by name.
const MUNICIPALITIES: [(u32, &str, &str); 2] =
    [(72_010, "福島市", "Fukushima City"), (72_028, "会津若松市", "Aizuwakamatsu")];

/// A municipality by its prefecture, its name where it is known, and its code.
pub(crate) fn municipality(lang: Lang, code: MunicipalityCode) -> String {
    let prefecture = usize::try_from(code.get() / 10_000).ok().and_then(|it| it.checked_sub(1));
    let (ja, en) = prefecture.and_then(|it| PREFECTURES.get(it)).copied().unwrap_or_default();
    let known = MUNICIPALITIES.iter().find(|(known, ..)| *known == code.get());
    match (lang, known) {
        (Lang::Ja, Some((_, name, _))) => format!("{ja}{name}（{code}）"),
        (Lang::Ja, None) => format!("{ja}（{code}）"),
        (Lang::En, Some((_, _, name))) => format!("{name}, {en} ({code})"),
        (Lang::En, None) => format!("{en} ({code})"),
    }
}

/// The region's name; none outside Japan.
pub(crate) fn name(region: &Region) -> Option<Bilingual> {
    let mut parts = region.as_str().split('-');
    if parts.next() != Some("JP") {
        return None;
    }
    let Some(prefecture) = parts.next() else {
        return Some(Bilingual { ja: "日本".to_owned(), en: "Japan".to_owned() });
    };
    let place: usize = prefecture.parse().ok()?;
    let (ja, en) = PREFECTURES.get(place.checked_sub(1)?)?;
    Some(match parts.next() {
        None => Bilingual { ja: (*ja).to_owned(), en: (*en).to_owned() },
        Some(code) => Bilingual { ja: format!("{ja}（{code}）"), en: format!("{en} ({code})") },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn japan_and_its_prefectures_have_names() {
        for (code, ja, en) in [
            ("JP", "日本", "Japan"),
            ("JP-01", "北海道", "Hokkaido"),
            ("JP-07", "福島県", "Fukushima"),
            ("JP-47", "沖縄県", "Okinawa"),
            ("JP-07-202", "福島県（202）", "Fukushima (202)"),
        ] {
            let name = name(&Region::new(code).unwrap()).unwrap();
            assert_eq!((name.ja.as_str(), name.en.as_str()), (ja, en));
        }
        for code in ["DE", "JP-00", "JP-48", "JP-XX"] {
            assert!(name(&Region::new(code).unwrap()).is_none(), "{code}");
        }
    }
}
