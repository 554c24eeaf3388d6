//! Codes and requests: what is written is read, what is changed is refused, and how large they are.

use ledger_types::limits::REQUEST_EXCEPTIONS_MAX;
use ledger_types::{AccountId, Hash, NetworkId, SigningKey, Timestamp, Yen, ZoneId};
use proptest::prelude::*;
use qrcode::{EcLevel, QrCode, Version};
use shop_documents::emv::{
    Additional, Asked, CODE_BYTES_MAX, Category, EmvError, Japanese, Latin, MerchantCode, Objects,
    Wide,
};
use shop_documents::request::{
    Exception, REQUEST_BYTES_MAX, RequestNonce, RequestTerms, UnsoundRequest,
};
use shop_documents::{PaymentRequest, RequestError, ShopPlace, ShopYen, SignedRequest};

use crate::{genesis, terminal, yen};

fn place() -> ShopPlace {
    let shop = AccountId::new(core::array::from_fn(|place| u8::try_from(place * 11).unwrap()));
    ShopPlace { network: genesis().network(), zone: ZoneId::new(1), shop }
}

fn request() -> PaymentRequest {
    PaymentRequest {
        place: place(),
        amount: yen(1_850),
        terms: RequestTerms {
            terminal: 3,
            nonce: RequestNonce::new([0xA5; 16]),
            eligible: yen(1_850),
            exceptions: vec![Exception { category: 2, eligible: yen(1_270) }],
            takes_cash: true,
            tax_lines: Hash::of(&[b"tax lines"]),
            fee_schedule: 4,
            made: Timestamp::from_millis(1_795_359_600_000),
            seconds: 300,
        },
    }
}

fn signed(request: PaymentRequest) -> SignedRequest {
    SignedRequest::sign(request, &genesis(), &terminal()).unwrap()
}

fn code(asked: Asked) -> MerchantCode {
    MerchantCode {
        asked,
        category: Category::new(5812).unwrap(),
        name: Latin::new("MITSUTAYA").unwrap(),
        city: Latin::new("AIZUWAKAMATSU").unwrap(),
        japanese: Some(Japanese {
            name: Wide::new("満田屋 みそ田楽").unwrap(),
            city: Wide::new("会津若松市"),
        }),
        additional: Additional { terminal: Latin::new("3"), ..Additional::default() },
    }
}

fn fixed() -> MerchantCode {
    code(Asked::Static { place: place(), amount: None })
}

fn dynamic() -> MerchantCode {
    code(Asked::Dynamic(Box::new(signed(request()))))
}

/// With a checksum that fits.
fn sealed(before: &str) -> String {
    let crc = before.bytes().chain(*b"6304").fold(0xFFFF_u32, |crc, byte| {
        (0..8).fold(crc ^ (u32::from(byte) << 8), |crc, _| {
            if crc & 0x8000 == 0 { crc << 1 } else { (crc << 1) ^ 0x1_1021 }
        })
    });
    format!("{before}6304{crc:04X}")
}

/// The code without its checksum.
fn open(code: &MerchantCode) -> String {
    let text = code.encode().unwrap();
    text[..text.len() - 8].to_owned()
}

#[test]
fn the_bytes_of_a_static_code_are_pinned() {
    let text = fixed().encode().unwrap();
    let expected = "00020101021126550008JP.KYOJO0139";
    assert_eq!(text.get(..expected.len()), Some(expected));
    let rest = "520458125303392\
                5802JP5909MITSUTAYA6013AIZUWAKAMATSU62050701364270002ja0108満田屋 みそ田楽0205会津若松市6304";
    assert_eq!(&text[expected.len() + 39..text.len() - 4], rest);
    assert_eq!(sealed(&open(&fixed())), text);
    assert_eq!(MerchantCode::decode(&text), Ok(fixed()));
    assert!(MerchantCode::is_meant(&text) && !MerchantCode::is_meant("aizu1"));
}

#[test]
fn a_code_for_one_payment_says_place_and_amount_once() {
    let text = dynamic().encode().unwrap();
    let read = MerchantCode::decode(&text).unwrap();
    assert_eq!(read, dynamic());
    let Asked::Dynamic(found) = read.asked else { panic!() };
    assert_eq!(found.verify(&genesis(), &terminal().public_key()), Ok(()));
    // Another amount or place is another request, which the terminal did not sign.
    for changed in [
        open(&dynamic()).replace("54041850", "54041851"),
        open(&dynamic()).replacen(&open(&fixed())[28..71], &open(&code(elsewhere()))[28..71], 1),
    ] {
        assert_ne!(changed, open(&dynamic()));
        let Asked::Dynamic(other) = MerchantCode::decode(&sealed(&changed)).unwrap().asked else {
            panic!()
        };
        let refused = other.verify(&genesis(), &terminal().public_key());
        assert_eq!(refused, Err(RequestError::Signature));
    }
}

fn elsewhere() -> Asked {
    let shop = AccountId::new([0x42; 20]);
    Asked::Static { place: ShopPlace { shop, ..place() }, amount: None }
}

/// The example of the specification's annex: another system's, in another currency.
#[test]
fn the_specifications_example_is_sound_and_not_ours() {
    let text = "00020101021229300012D156000000000510A93FO3230Q31280012D15600000001030812345678\
                520441115802CN5914BEST TRANSPORT6007BEIJING64200002ZH0104最佳运输0202北京\
                540523.7253031565502016233030412340603***0708A60086670902ME\
                91320016A0112233449988770708123456786304A13A";
    assert_eq!(Objects::read(text).unwrap().get(59), Some("BEST TRANSPORT"));
    assert_eq!(sealed(&text[..text.len() - 8]), text);
    // 23.72 is no whole number of yen.
    assert_eq!(MerchantCode::decode(text), Err(EmvError::Field { id: 54 }));
    let whole = sealed(&text[..text.len() - 8].replace("540523.72", "540223"));
    assert_eq!(MerchantCode::decode(&whole), Err(EmvError::Surcharge { id: 55 }));
    let whole =
        sealed(&text[..text.len() - 8].replace("540523.72", "540223").replace("550201", ""));
    assert_eq!(MerchantCode::decode(&whole), Err(EmvError::Abroad));
}

#[test]
fn what_is_not_known_is_passed_over() {
    let own = open(&fixed());
    for more in ["6501x", "7903abc", "45100002AB0100", "9904wxyz", "28110002AB0101x", "0206123456"]
    {
        let text = sealed(&format!("{own}{more}"));
        assert_eq!(MerchantCode::decode(&text), Ok(fixed()), "{more}");
    }
    let other_order = own.replace("5802JP", "") + "5802JP";
    assert_eq!(MerchantCode::decode(&sealed(&other_order)), Ok(fixed()));
    let asks = own.replace("620507013", "62070703***");
    let read = MerchantCode::decode(&sealed(&asks)).unwrap();
    assert_eq!(read, MerchantCode { additional: Additional::default(), ..fixed() });
}

#[test]
fn each_fault_has_its_name() {
    let own = open(&fixed());
    let whole = fixed().encode().unwrap();
    let length = CODE_BYTES_MAX + 1;
    let changed = |from: &str, to: &str| {
        assert!(own.contains(from), "{from}");
        sealed(&own.replacen(from, to, 1))
    };
    let ours = own.get(12..71).unwrap();
    let crc = whole.get(whole.len() - 4..).unwrap();
    let wrong = if crc == "0000" { "0001" } else { "0000" };
    let at = own.chars().count();
    let checksum = EmvError::Checksum { expected: crc.to_owned(), found: wrong.to_owned() };
    for (text, expected) in [
        ("0".repeat(length), EmvError::TooLong { length }),
        (String::new(), EmvError::Order),
        (whole.replacen("000201", "", 1), EmvError::Order),
        (format!("{whole}5501x"), EmvError::Order),
        (sealed(&own.replacen("000201", "000202", 1)), EmvError::Order),
        (own.clone(), EmvError::Order),
        (format!("{own}6304{wrong}"), checksum),
        (format!("{own}6305{crc}0"), EmvError::Field { id: 63 }),
        (format!("{own}63"), EmvError::CutOff { at }),
        (format!("{own}6304AB"), EmvError::CutOff { at }),
        (format!("{own}x304ABCD"), EmvError::NoNumber { at }),
        (format!("{own}6500"), EmvError::BadLength { at }),
        (format!("{own}65x1"), EmvError::BadLength { at }),
        (sealed(&format!("{own}5802JP")), EmvError::Repeated { id: 58 }),
        (changed("52045812", ""), EmvError::Missing { id: 52 }),
        (changed("52045812", "5203581"), EmvError::Field { id: 52 }),
        (changed("5802JP", "5802jp"), EmvError::Field { id: 58 }),
        (changed("5802JP", "5802US"), EmvError::Abroad),
        (changed("5303392", "5303840"), EmvError::Abroad),
        (changed("5909MITSUTAYA", "5909みつたや屋みそ田楽"), EmvError::Field { id: 59 }),
        (changed("0108満田屋 みそ田楽", "0108満田屋\u{202e}みそ田楽"), EmvError::Field { id: 64 }),
        (sealed(&format!("{own}54010")), EmvError::Field { id: 54 }),
        (sealed(&format!("{own}5403007")), EmvError::Field { id: 54 }),
        (sealed(&format!("{own}54041.00")), EmvError::Field { id: 54 }),
        (sealed(&format!("{own}550201")), EmvError::Surcharge { id: 55 }),
        (sealed(&format!("{own}56011")), EmvError::Surcharge { id: 56 }),
        (changed("JP.KYOJO", "JP.OTHER"), EmvError::NotOurs),
        (sealed(&format!("{own}{}", ours.replacen("26", "27", 1))), EmvError::Use),
        (changed("010211", "010212"), EmvError::Use),
        (changed("010211", "010213"), EmvError::Field { id: 1 }),
        (sealed(&open(&dynamic()).replacen("010212", "010211", 1)), EmvError::Use),
        (sealed(&open(&dynamic()).replacen("54041850", "", 1)), EmvError::Use),
    ] {
        assert_eq!(MerchantCode::decode(&text), Err(expected), "{text}");
    }
    let nothing = code(Asked::Static { place: place(), amount: Some(yen(0)) });
    assert_eq!(nothing.encode(), Err(EmvError::Field { id: 54 }));
}

#[test]
fn a_request_that_nobody_should_sign_is_refused() {
    let with = |change: &dyn Fn(&mut PaymentRequest)| {
        let mut request = request();
        change(&mut request);
        SignedRequest::sign(request, &genesis(), &terminal()).unwrap_err()
    };
    let (amount, found) = (Yen::new(1_850), NetworkId::new([1; 4]));
    let expected = genesis().network();
    assert_eq!(with(&|it| it.amount = yen(0)), UnsoundRequest::NoAmount.into());
    let eligible = Yen::new(1_851);
    let over = RequestError::from(UnsoundRequest::Eligible { eligible, amount });
    assert_eq!(with(&|it| it.terms.eligible = yen(1_851)), over);
    assert_eq!(with(&|it| it.terms.exceptions[0].eligible = yen(1_851)), over);
    for seconds in [0, 601] {
        assert_eq!(
            with(&|it| it.terms.seconds = seconds),
            UnsoundRequest::Lifetime { seconds }.into()
        );
    }
    assert_eq!(
        with(&|it| it.terms.exceptions.push(it.terms.exceptions[0])),
        UnsoundRequest::Exceptions.into()
    );
    assert_eq!(with(&|it| it.terms.exceptions = exceptions(9)), UnsoundRequest::Exceptions.into());
    let other = RequestError::OtherNetwork { expected, found };
    assert_eq!(with(&|it| it.place.network = found), other);
    assert_eq!(ShopYen::new(Yen::new(1 << 32)), None);
}

#[test]
fn a_request_counts_on_its_network_by_its_terminal_and_until_it_ends() {
    let signed = signed(request());
    let key = terminal().public_key();
    assert_eq!(signed.verify(&genesis(), &key), Ok(()));
    let mut near = [0x9e; 32];
    near[31] = 0;
    assert_eq!(signed.verify(&Hash::new(near), &key), Err(RequestError::Signature));
    let other = SigningKey::from_seed(&[8; 32]).public_key();
    assert_eq!(signed.verify(&genesis(), &other), Err(RequestError::Signature));
    let (made, request) = (request().terms.made.as_millis(), signed.request());
    assert_eq!(request.terms.expires(), Timestamp::from_millis(made + 300_000));
    // One request, one identity, which begins with its day.
    let again = RequestTerms { nonce: RequestNonce::new([0xA6; 16]), ..request.terms.clone() };
    let again = PaymentRequest { terms: again, ..request.clone() };
    assert_ne!(request.id(), again.id());
    assert_eq!(ledger_types::Day::of_id(&request.id()), ledger_types::Day::of(request.terms.made));
}

fn exceptions(count: u8) -> Vec<Exception> {
    (1..=count).map(|category| Exception { category, eligible: yen(u64::from(category)) }).collect()
}

fn version(code: &MerchantCode, level: EcLevel) -> (usize, i16) {
    let text = code.encode().unwrap();
    let version = QrCode::with_error_correction_level(&text, level).unwrap().version();
    let Version::Normal(version) = version else { panic!() };
    (text.len(), version)
}

/// How large the codes are, so that a change of the form that makes them larger is seen.
#[test]
fn codes_are_small_enough_for_a_till_and_a_counter() {
    let plain =
        |asked| MerchantCode { japanese: None, additional: Additional::default(), ..code(asked) };
    let mut most = request();
    most.terms.exceptions = exceptions(8);
    most.amount = yen(u64::from(u32::MAX));
    let mut few = request();
    few.terms.exceptions = Vec::new();
    assert_eq!(signed(most.clone()).to_bytes().len(), REQUEST_BYTES_MAX);
    assert_eq!(most.terms.exceptions.len(), REQUEST_EXCEPTIONS_MAX);
    let dynamic_of = |request| Asked::Dynamic(Box::new(signed(request)));
    let found = [
        version(&plain(fixed().asked), EcLevel::M),
        version(&fixed(), EcLevel::M),
        version(&plain(dynamic_of(few.clone())), EcLevel::M),
        version(&code(dynamic_of(few)), EcLevel::M),
        version(&plain(dynamic_of(most)), EcLevel::M),
    ];
    assert_eq!(found, [(130, 5), (194, 8), (405, 12), (469, 14), (491, 14)]);
}

#[test]
fn a_code_that_is_too_long_is_refused_whole() {
    let mut request = request();
    request.terms.exceptions = exceptions(8);
    let wide = "満".repeat(25);
    let japanese = Some(Japanese { name: Wide::new(&wide).unwrap(), city: None });
    let code = MerchantCode { japanese, ..code(Asked::Dynamic(Box::new(signed(request)))) };
    assert!(matches!(code.encode(), Err(EmvError::TooLong { .. })));
}

fn any_request() -> impl Strategy<Value = PaymentRequest> {
    let numbers = (1..=u32::MAX, any::<u16>(), any::<[u8; 16]>(), any::<u32>(), any::<u64>());
    let numbers = (numbers, any::<bool>());
    (numbers, 1..=600_u16, proptest::collection::btree_set(any::<u8>(), 0..=8)).prop_map(
        |(((amount, terminal, nonce, fee_schedule, made), takes_cash), seconds, categories)| {
            let (amount, made) = (yen(u64::from(amount)), Timestamp::from_millis(made));
            let exceptions =
                categories.into_iter().map(|category| Exception { category, eligible: amount });
            let (exceptions, tax_lines) = (exceptions.collect(), Hash::of(&[&nonce]));
            let terms = RequestTerms {
                terminal,
                nonce: RequestNonce::new(nonce),
                eligible: amount,
                exceptions,
                takes_cash,
                tax_lines,
                fee_schedule,
                made,
                seconds,
            };
            PaymentRequest { place: place(), amount, terms }
        },
    )
}

proptest! {
    #[test]
    fn every_request_is_read_back_from_its_code(request in any_request()) {
        let asked = Asked::Dynamic(Box::new(signed(request)));
        let code = MerchantCode { japanese: None, additional: Additional::default(), ..code(asked) };
        prop_assert_eq!(MerchantCode::decode(&code.encode().unwrap()), Ok(code));
    }

    #[test]
    fn a_request_has_one_form(bytes in proptest::collection::vec(any::<u8>(), 0..240), at in 0_usize..200, to in any::<u8>()) {
        if let Ok(read) = SignedRequest::from_bytes(&bytes) {
            prop_assert_eq!(read.to_bytes(), bytes);
        }
        let mut near = signed(request()).to_bytes();
        let place = at % near.len();
        near[place] = to;
        if let Ok(read) = SignedRequest::from_bytes(&near) {
            prop_assert_eq!(read.to_bytes(), near);
        }
    }

    #[test]
    fn no_text_brings_the_reader_down(text in "\\PC{0,80}", digits in "[0-9]{0,40}") {
        prop_assert!(MerchantCode::decode(&text).is_err());
        let _ = MerchantCode::decode(&sealed(&format!("000201{digits}")));
        let _ = MerchantCode::decode(&sealed(&format!("{}{digits}", open(&fixed()))));
    }

    #[test]
    fn one_changed_letter_is_seen(at in 0_usize..400, to in "[0-9A-Z]") {
        let own = dynamic().encode().unwrap();
        let mut changed: Vec<char> = own.chars().collect();
        let place = at % changed.len();
        changed[place] = to.chars().next().unwrap();
        let changed: String = changed.into_iter().collect();
        prop_assert_eq!(MerchantCode::decode(&changed).is_ok(), changed == own);
    }
}
