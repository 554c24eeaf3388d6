//! Directories: what is signed, what is refused, and that no bytes bring the reader down.
#![allow(clippy::unwrap_used, reason = "in a test a failed unwrap is a failed test")]

use ledger_types::{AccountId, BankId, Hash, PartyId, PublicKey, SigningKey, Timestamp, ZoneId};
use proptest::prelude::*;
use public_names::directory::{Fault, Web};
use public_names::{Directory, DirectoryError, Entry, Name, Named, Reading, SignedDirectory};

fn network() -> Hash {
    Hash::new([0x9e; 32])
}

fn key(seed: u8) -> SigningKey {
    SigningKey::from_seed(&[seed; 32])
}

fn keys() -> [PublicKey; 1] {
    [key(1).public_key()]
}

fn entry(name: &str, of: Named) -> Entry {
    Entry { name: Name::new(name).unwrap(), reading: None, of, area: None, web: None }
}

fn shop(name: &str, account: u8) -> Entry {
    let (account, zones) = (AccountId::new([account; 20]), vec![ZoneId::new(1)]);
    entry(name, Named::Shop { account, zones })
}

fn with(entries: Vec<Entry>) -> Directory {
    let (issued, expires) = (Timestamp::from_millis(1_000), Timestamp::from_millis(2_000));
    Directory { network: network(), serial: 7, issued, expires, entries }
}

fn directory() -> Directory {
    let mut miso = shop("みそ屋", 3);
    miso.reading = Some(Reading::new("みそや").unwrap());
    miso.area = Some(Name::new("会津若松市").unwrap());
    miso.web = Web::new("https://miso.example/");
    with(vec![
        miso,
        entry("会津銀行", Named::Bank { bank: BankId::new(17) }),
        entry("あいづコイン", Named::Zone { zone: ZoneId::new(1) }),
        entry("市立病院", Named::Party { party: PartyId::new(2) }),
        entry("市役所の窓口", Named::Counter { party: PartyId::new(2) }),
    ])
}

fn signed() -> SignedDirectory {
    SignedDirectory::sign(directory(), &key(1)).unwrap()
}

#[test]
fn what_is_signed_is_read_back() {
    let bytes = signed().to_bytes().unwrap();
    let opened = SignedDirectory::open(&bytes, &network(), &keys()).unwrap();
    assert_eq!(opened, signed());
    assert_eq!(opened.directory(), &directory());
    // White space is no part of what is signed.
    let value: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
    let compact = serde_json::to_vec(&value).unwrap();
    let opened = SignedDirectory::open(&compact, &network(), &keys()).unwrap();
    assert_eq!(opened, signed());
    assert_eq!(opened.directory().digest(), directory().digest());
    let other = Directory { serial: 8, ..directory() };
    assert_ne!(other.digest(), directory().digest());
}

/// The bytes were made by another program from the page that describes the format.
#[test]
fn the_signed_bytes_are_pinned() {
    let message = with(vec![shop("み", 3)]).signed_bytes();
    let expected = [
        "326b796f6a6f2f6469726563746f72792f7631",
        &"9e".repeat(32),
        &"9e".repeat(32),
        "0700000000000000",
        "e803000000000000",
        "d007000000000000",
        "01000000",
        "03000000e381bf",
        "00",
        "04",
        &"03".repeat(20),
        "010000000100",
        "00",
        "00",
    ];
    assert_eq!(message.iter().map(|b| format!("{b:02x}")).collect::<String>(), expected.concat());
}

#[test]
fn a_directory_that_another_key_signed_is_refused() {
    let other = SignedDirectory::sign(directory(), &key(2)).unwrap().to_bytes().unwrap();
    let refused = DirectoryError::OtherKey { key: key(2).public_key() };
    assert_eq!(SignedDirectory::open(&other, &network(), &keys()), Err(refused));
    // Whoever writes the city's key over the own one has no signature of it.
    let text = String::from_utf8(other).unwrap();
    let text = text.replace(&key(2).public_key().to_string(), &keys()[0].to_string());
    let forged = SignedDirectory::open(text.as_bytes(), &network(), &keys());
    assert_eq!(forged, Err(DirectoryError::Signature));
}

#[test]
fn a_directory_of_another_network_is_refused() {
    let bytes = signed().to_bytes().unwrap();
    let (expected, found) = (Hash::new([1; 32]), network());
    assert_eq!(
        SignedDirectory::open(&bytes, &expected, &keys()),
        Err(DirectoryError::OtherNetwork { expected, found })
    );
    let text = String::from_utf8(bytes).unwrap();
    let text = text.replace(&found.to_string(), &expected.to_string());
    let moved = SignedDirectory::open(text.as_bytes(), &expected, &keys());
    assert_eq!(moved, Err(DirectoryError::Signature));
}

#[test]
fn whatever_is_changed_in_a_signed_directory_is_found() {
    let text = String::from_utf8(signed().to_bytes().unwrap()).unwrap();
    for (from, to) in [
        ("みそ屋", "みそや"),
        (&"03".repeat(20) as &str, &"04".repeat(20) as &str),
        ("\"serial\": 7", "\"serial\": 8"),
        ("\"expires\": 2000", "\"expires\": 3000"),
        ("\"kind\": \"counter\"", "\"kind\": \"party\""),
        ("会津若松市", "喜多方市"),
    ] {
        assert!(text.contains(from), "{from}");
        let changed = text.replacen(from, to, 1);
        let found = SignedDirectory::read(changed.as_bytes());
        assert_eq!(found, Err(DirectoryError::Signature), "{from}");
    }
}

#[test]
fn the_form_is_strict() {
    let text = String::from_utf8(signed().to_bytes().unwrap()).unwrap();
    for (from, to) in [
        ("kyojo-directory/1", "kyojo-directory/2"),
        ("\"serial\": 7", "\"serial\": 7, \"more\": 1"),
        ("\"serial\": 7", "\"serial\": 7, \"serial\": 7"),
        ("\"serial\": 7", "\"serial\": -7"),
        ("\"bank\": 17", "\"bank\": 17, \"bank\": 17"),
        ("\"bank\": 17", "\"bank\": 17, \"zone\": 1"),
        ("https://miso", "javascript:miso"),
        ("みそ屋", "みそ\u{202e}屋"),
        ("みそ屋", " みそ屋"),
        ("みそや", "味噌や"),
    ] {
        assert!(text.contains(from), "{from}");
        let changed = text.replacen(from, to, 1);
        let found = SignedDirectory::read(changed.as_bytes());
        assert!(matches!(found, Err(DirectoryError::Form { .. })), "{from} {to}: {found:?}");
    }
    let more = format!("{text}{{}}");
    assert!(SignedDirectory::read(more.as_bytes()).is_err());
    let large = vec![b' '; public_names::DIRECTORY_BYTES_MAX + 1];
    assert!(matches!(SignedDirectory::read(&large), Err(DirectoryError::TooLarge { .. })));
}

#[test]
fn one_shop_is_not_two() {
    for (one, other) in [("みそ屋", "ミソ屋"), ("みそ屋", "みそ 屋"), ("㈱磐梯", "株式会社磐梯")]
    {
        let twice = with(vec![shop(one, 1), shop(other, 2)]);
        let refused = SignedDirectory::sign(twice, &key(1)).unwrap_err();
        assert!(matches!(refused.as_slice(), [Fault::SameName { entry: 1, .. }]), "{refused:?}");
    }
    for (one, other) in [("カ屋", "力屋"), ("キヤノン", "キャノン")] {
        let twice = with(vec![shop(one, 1), shop(other, 2)]);
        let refused = SignedDirectory::sign(twice, &key(1)).unwrap_err();
        assert!(matches!(refused.as_slice(), [Fault::LookAlike { entry: 1, .. }]), "{refused:?}");
    }
    let twice = with(vec![shop("みそ屋", 1), shop("しょうゆ屋", 1)]);
    let refused = SignedDirectory::sign(twice, &key(1)).unwrap_err();
    assert!(matches!(refused.as_slice(), [Fault::SameNamed { entry: 1, .. }]), "{refused:?}");
    let mixed = with(vec![shop("p\u{0430}ypay", 1)]);
    let refused = SignedDirectory::sign(mixed, &key(1)).unwrap_err();
    assert!(matches!(refused.as_slice(), [Fault::Mixed { entry: 0, .. }]), "{refused:?}");
}

#[test]
fn what_nobody_may_read_is_refused_though_it_is_signed() {
    let mut endless = directory();
    endless.expires = Timestamp::from_millis(1_000 + 367 * 86_400_000);
    let mut ended = directory();
    ended.expires = ended.issued;
    let mut nowhere = directory();
    nowhere.entries[0].of = Named::Shop { account: AccountId::new([3; 20]), zones: vec![] };
    for wrong in [endless, ended, nowhere] {
        assert_eq!(wrong.faults().len(), 1);
        assert!(SignedDirectory::sign(wrong, &key(1)).is_err());
    }
}

#[test]
fn a_directory_is_good_until_it_ends() {
    let directory = directory();
    assert!(directory.is_good_at(Timestamp::from_millis(1_999)));
    assert!(!directory.is_good_at(Timestamp::from_millis(2_000)));
}

proptest! {
    #[test]
    fn no_bytes_bring_the_reader_down(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
        prop_assert!(SignedDirectory::read(&bytes).is_err());
    }

    #[test]
    fn a_directory_with_one_byte_changed_says_the_same_or_nothing(
        place in 0_usize..1_500,
        byte in any::<u8>(),
    ) {
        let mut bytes = signed().to_bytes().unwrap();
        let place = place % bytes.len();
        bytes[place] = byte;
        if let Ok(read) = SignedDirectory::open(&bytes, &network(), &keys()) {
            prop_assert_eq!(read.directory(), &directory());
        }
    }

    #[test]
    fn every_text_folds_to_the_same_text_again(text in "\\PC{0,40}") {
        let once = public_names::identity::fold(&text);
        prop_assert_eq!(public_names::identity::fold(&once), once);
    }

    #[test]
    fn every_name_is_read_back(text in "\\PC{0,40}") {
        if let Ok(name) = Name::written(&text) {
            prop_assert_eq!(Name::new(name.as_str()), Ok(name.clone()));
            prop_assert!(public_names::identity::look_alike(name.as_str(), name.as_str()));
        }
    }
}
