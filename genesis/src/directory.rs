//! The directory of public names of a local network, signed by its city: names to pay by.

use ledger_types::genesis::GenesisMerchant;
use ledger_types::{Genesis, PartyId, SigningKey, Timestamp};
use public_names::directory::{ENTRIES_MAX, Fault, VALIDITY_MS_MAX};
use public_names::{Directory, Entry, Name, Named, Reading, SignedDirectory};

/// The file's name in each node's home.
pub const FILE_NAME: &str = "directory.json";
/// A day, in milliseconds.
const DAY_MS: u64 = 24 * 60 * 60 * 1000;

/// What the first shops are called, with how that is read; those after them have numbers.
const SHOPS: [(&str, &str); 12] = [
    ("みそ屋", "みそや"),
    ("そば処いろは", "そばどころいろは"),
    ("うるし工房", "うるしこうぼう"),
    ("あかべこ書店", "あかべこしょてん"),
    ("朝市の八百屋", "あさいちのやおや"),
    ("湯けむり温泉", "ゆけむりおんせん"),
    ("まちの薬局", "まちのやっきょく"),
    ("駅前スーパー", "えきまえすーぱー"),
    ("コンビニ一番", "こんびにいちばん"),
    ("ホームセンター北", "ほーむせんたーきた"),
    ("桐下駄店", "きりげたてん"),
    ("酒蔵鶴", "さかぐらつる"),
];

/// What the consent parties are called, in the order of their numbers.
const PARTIES: [(&str, &str); 10] = [
    ("市役所健康課", "しやくしょけんこうか"),
    ("まちの診療所", "まちのしんりょうじょ"),
    ("まちの調剤薬局", "まちのちょうざいやっきょく"),
    ("大学研究室", "だいがくけんきゅうしつ"),
    ("データ処理センター", "でーたしょりせんたー"),
    ("同意の監査室", "どういのかんさしつ"),
    ("消防署救急隊", "しょうぼうしょきゅうきゅうたい"),
    ("買い物記録室", "かいものきろくしつ"),
    ("店の分析室", "みせのぶんせきしつ"),
    ("市役所の窓口", "しやくしょのまどぐち"),
];

/// The signed file, as of a day.
///
/// # Errors
/// What is wrong with the names, where a document has them twice.
pub fn signed(genesis: &Genesis, now: Timestamp, key: &SigningKey) -> Result<Vec<u8>, Vec<Fault>> {
    // The same all day, as the other files of a network made from the same seed.
    let issued = Timestamp::from_millis(now.as_millis() / DAY_MS * DAY_MS);
    let expires = issued.checked_add_millis(VALIDITY_MS_MAX).unwrap_or(issued);
    let entries = entries(genesis);
    let directory = Directory { network: genesis.hash(), serial: 1, issued, expires, entries };
    Ok(SignedDirectory::sign(directory, key)?.to_bytes().unwrap_or_default())
}

fn entries(genesis: &Genesis) -> Vec<Entry> {
    let zones =
        genesis.zones.iter().map(|zone| entry(&zone.name, None, Named::Zone { zone: zone.zone }));
    let banks =
        genesis.banks.iter().map(|bank| entry(&bank.name, None, Named::Bank { bank: bank.bank }));
    let issuers = genesis.issuers.iter();
    let issuers = issuers.map(|one| entry(&one.name, None, Named::Bank { bank: one.issuer }));
    let parties = genesis.parties.iter().map(|party| of_party(party.party));
    let shops = (0..).zip(&genesis.merchants).map(|(index, shop)| of_shop(index, shop));
    zones
        .chain(banks)
        .chain(issuers)
        .chain(parties)
        .chain(shops)
        .flatten()
        .take(ENTRIES_MAX)
        .collect()
}

fn of_party(party: PartyId) -> Option<Entry> {
    let index = usize::try_from(party.get().checked_sub(1)?).ok()?;
    let (name, reading) = PARTIES.get(index)?;
    let is_counter = index + 1 == PARTIES.len();
    let of = if is_counter { Named::Counter { party } } else { Named::Party { party } };
    entry(name, Some(reading), of)
}

fn of_shop(index: usize, shop: &GenesisMerchant) -> Option<Entry> {
    let of = Named::Shop { account: shop.account, zones: vec![shop.zone] };
    match SHOPS.get(index) {
        Some((name, reading)) => entry(name, Some(reading), of),
        None => entry(&format!("あかべこ商店 {}号", index + 1), None, of),
    }
}

fn entry(name: &str, reading: Option<&str>, of: Named) -> Option<Entry> {
    let reading = reading.and_then(|reading| Reading::new(reading).ok());
    Some(Entry { name: Name::written(name).ok()?, reading, of, area: None, web: None })
}
