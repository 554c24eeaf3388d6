//! Every rejection of every operation, in the order that its file publishes.
//!
//! Each row breaks its own rule and as many later ones as it can, so that a wrong order shows. A
//! rejected transaction changes nothing but its sender's nonce: the whole state is compared.

use ledger_types::Outcome;
use ledger_types::consent::{Language, Materiality, NoticeContent, PartyRoles};
use ledger_types::operation::{
    AccountKind, CancelRedeem, Charge, Discharge, Grant, Issue, KycLevel, MerchantClass,
    OpenAccount, OpenZoneAccount, Operation, Pay, PublishNotice, RegisterParty, SetNetDebitCap,
    SettleRedeem, WeightedKey, Withdraw,
};
use ledger_types::{NoticeId, PublicKey, Regime, Timestamp, ZoneId};

use super::chain::{Chain, picture};
use super::fixture::{
    AIZU, AUDITOR, Actor, BANDAI, HOSPITAL, NO_BANK, NO_PARTY, NO_ZONE, NOTICE, PHARMACY, START,
    TOWN, access, akari, ask, botan, chika, commitment, consent_id, grant_of, kenji, nobody,
    notice, operator, other_subject, registers, seeded, shop, subject, text_hash, toru, yen,
};
use super::goldens::is_updated;
use super::happy::{charged, claim, request, transfer, use_nonce};
use super::happy_consents::consented;

pub(crate) type Row = (u16, Actor, Operation);

/// Sends each row's operation and expects its code, at operation 0, and nothing else changed.
pub(crate) fn refuses(chain: &mut Chain, rows: Vec<Row>) {
    for (code, actor, operation) in rows {
        let mut expected = picture(&chain.state);
        let tx = chain.tx(&actor, vec![operation.clone()]);
        use_nonce(&mut expected, &actor.account, tx.unsigned.nonce);
        let applied = chain.commit(vec![tx]);
        let Outcome::Rejected { code: found, operation: index } = applied.receipts[0].outcome
        else {
            panic!("{code} expected, but it committed: {operation:?}");
        };
        assert_eq!((found.get(), index), (code, 0), "{operation:?}");
        assert_eq!(picture(&chain.state), expected, "{operation:?}");
        assert_eq!(applied.events, []);
    }
}

#[test]
fn open_account_in_order() {
    let open = |number, kind, keys: Vec<WeightedKey>, threshold| {
        let kyc_level = KycLevel::K2;
        let holder_commitment = commitment(number);
        Operation::OpenAccount(OpenAccount { holder_commitment, kind, kyc_level, keys, threshold })
    };
    let key = |number, weight| WeightedKey::plain(seeded(number).public_key(), weight);
    let weak = |byte| {
        let mut bytes = [0; 32];
        bytes[0] = byte;
        vec![WeightedKey::plain(PublicKey::Ed25519(bytes), 1)]
    };
    // 2^255 − 18, a second name of the point with y = 1.
    let mut noncanonical = [0xff; 32];
    (noncanonical[0], noncanonical[31]) = (0xee, 0x7f);
    let noncanonical = vec![WeightedKey::plain(PublicKey::Ed25519(noncanonical), 1)];
    let bank = || Actor::bank(AIZU);
    let citizen = AccountKind::Citizen;
    let mut rows = vec![
        (2010, akari(), open(1, AccountKind::Bank, vec![], 0)),
        (2010, Actor::party(HOSPITAL), open(1, AccountKind::Bank, vec![], 0)),
        (2017, bank(), open(1, AccountKind::Bank, vec![], 0)),
        (2011, bank(), open(1, citizen, vec![], 0)),
    ];
    let bad_sets = [
        (vec![], 0),
        (vec![], 1),
        (vec![key(1, 1)], 0),
        (vec![key(1, 1)], 2),
        (vec![key(1, 0), key(2, 1)], 1),
        (vec![key(1, 1), key(1, 1)], 1),
        ((1..=9).map(|number| key(number, 1)).collect(), 1),
        (weak(0), 1),
        (weak(1), 1),
        (noncanonical, 1),
    ];
    rows.extend(
        bad_sets
            .into_iter()
            .map(|(keys, threshold)| (2013, bank(), open(20, citizen, keys, threshold))),
    );
    refuses(&mut Chain::new(), rows);
}

#[test]
fn issue_in_order() {
    let issue = |to: &Actor, amount, reference| {
        let (account, amount) = (to.account, yen(amount));
        let core_banking_ref = commitment(reference);
        Operation::Issue(Issue { account, amount, core_banking_ref })
    };
    let mut chain = Chain::new();
    chain.must(&Actor::bank(AIZU), issue(&akari(), 1, 50));
    let bank = || Actor::bank(AIZU);
    let rows = vec![
        (2010, akari(), issue(&nobody(), 0, 50)),
        (2001, bank(), issue(&nobody(), 0, 50)),
        (2002, bank(), issue(&nobody(), 1000, 50)),
        (2009, bank(), issue(&botan(), 1000, 50)),
        (2012, bank(), issue(&kenji(), 1000, 50)),
        (2008, bank(), issue(&akari(), 1000, 50)),
        (2007, bank(), issue(&akari(), 300, 51)),
        (2006, bank(), issue(&akari(), u64::MAX, 51)),
    ];
    refuses(&mut chain, rows);
    // The allowance to the yen, and a reference that another bank used.
    chain.must(&bank(), issue(&akari(), 299, 51));
    refuses(&mut chain, vec![(2007, bank(), issue(&akari(), 1, 52))]);
    chain.must(&Actor::bank(BANDAI), issue(&botan(), 1, 50));
}

#[test]
fn transfer_in_order() {
    let mut chain = Chain::new();
    chain.must(&operator(), Operation::SetNetDebitCap(SetNetDebitCap { bank: AIZU, cap: yen(50) }));
    let rows = vec![
        (2018, Actor::party(HOSPITAL), transfer(&nobody(), 0)),
        (2001, akari(), transfer(&akari(), 0)),
        (2003, akari(), transfer(&akari(), 1000)),
        (2002, akari(), transfer(&nobody(), 1000)),
        (2002, akari(), transfer(&Actor::party(HOSPITAL), 1000)),
        (2012, akari(), transfer(&kenji(), 1000)),
        (2004, akari(), transfer(&botan(), 101)),
        (2005, akari(), transfer(&botan(), 51)),
    ];
    refuses(&mut chain, rows);
    // The cap to the yen; it counts over all other banks, and a payment back makes room.
    chain.must(&akari(), transfer(&botan(), 30));
    chain.must(&akari(), transfer(&toru(), 20));
    refuses(&mut chain, vec![(2005, chika(), transfer(&toru(), 1))]);
    chain.must(&chika(), transfer(&akari(), 100));
    chain.must(&botan(), transfer(&akari(), 1));
    chain.must(&akari(), transfer(&toru(), 1));
}

#[test]
fn redeem_requests_in_order() {
    let mut chain = Chain::new();
    chain.must(&akari(), request(commitment(51), 60));
    let rows = vec![
        (2018, Actor::party(HOSPITAL), request(commitment(51), 0)),
        (2001, akari(), request(commitment(51), 0)),
        (2014, akari(), request(commitment(51), 1000)),
        (2014, botan(), request(commitment(51), 1)),
        (2004, akari(), request(commitment(52), 41)),
        (2004, akari(), transfer(&chika(), 41)),
    ];
    refuses(&mut chain, rows);
    for number in 130..193 {
        chain.must(&toru(), request(commitment(number), 1));
    }
    chain.must(&toru(), request(commitment(193), 1));
    refuses(&mut chain, vec![(2020, toru(), request(commitment(194), 1))]);
}

#[test]
fn settling_and_cancelling_in_order() {
    let settle = |number| Operation::SettleRedeem(SettleRedeem { redeem: commitment(number) });
    let cancel = |number| Operation::CancelRedeem(CancelRedeem { redeem: commitment(number) });
    let mut chain = Chain::new();
    for number in 51..=53 {
        chain.must(&akari(), request(commitment(number), 10));
    }
    let aizu = || Actor::bank(AIZU);
    let claimed = claim(&chain, commitment(52));
    assert_eq!(chain.outcome(&aizu(), vec![claimed, settle(52)]), 0);
    chain.must(&akari(), cancel(53));
    let rows = vec![
        (2010, akari(), settle(90)),
        (2015, aizu(), settle(90)),
        (2015, aizu(), settle(52)),
        (2015, aizu(), settle(53)),
        (2009, Actor::bank(BANDAI), settle(51)),
        (2035, aizu(), settle(51)),
        (2018, Actor::party(HOSPITAL), cancel(90)),
        (2015, akari(), cancel(90)),
        (2015, akari(), cancel(52)),
        (2015, akari(), cancel(53)),
        (2009, chika(), cancel(51)),
        (2009, Actor::bank(BANDAI), cancel(51)),
    ];
    refuses(&mut chain, rows);
}

#[test]
fn net_debit_caps_in_order() {
    let set = |bank| Operation::SetNetDebitCap(SetNetDebitCap { bank, cap: yen(1) });
    let rows = vec![
        (5001, akari(), set(NO_BANK)),
        (5001, Actor::bank(AIZU), set(NO_BANK)),
        (5001, Actor::party(HOSPITAL), set(NO_BANK)),
        (2019, operator(), set(NO_BANK)),
    ];
    refuses(&mut Chain::new(), rows);
}

#[test]
fn zones_and_merchants_in_order() {
    let open = |zone| Operation::OpenZoneAccount(OpenZoneAccount { zone });
    let register = |zone, merchant: &Actor| {
        let (merchant, class) = (merchant.account, MerchantClass::Local);
        registers(zone, merchant, class, 0)
    };
    let rows = vec![
        (2018, Actor::party(HOSPITAL), open(NO_ZONE)),
        (3001, akari(), open(NO_ZONE)),
        (3002, shop(), open(TOWN)),
        (3001, akari(), register(NO_ZONE, &nobody())),
        (3006, akari(), register(TOWN, &nobody())),
        (3006, Actor::party(HOSPITAL), register(TOWN, &nobody())),
        (2002, operator(), register(TOWN, &nobody())),
        (2012, operator(), register(TOWN, &kenji())),
        (3007, operator(), register(TOWN, &shop())),
    ];
    refuses(&mut Chain::new(), rows);
}

#[test]
fn charges_and_discharges_in_order() {
    let charge = |zone, amount| Operation::Charge(Charge { zone, amount: yen(amount) });
    let discharge = |zone, amount| Operation::Discharge(Discharge { zone, amount: yen(amount) });
    let mut chain = Chain::new();
    charged(&mut chain, 60);
    let rows = vec![
        (2018, Actor::party(HOSPITAL), charge(NO_ZONE, 0)),
        (2001, akari(), charge(NO_ZONE, 0)),
        (3001, akari(), charge(NO_ZONE, 1000)),
        (3003, chika(), charge(TOWN, 1000)),
        (2004, akari(), charge(TOWN, 41)),
        (2018, Actor::party(HOSPITAL), discharge(NO_ZONE, 0)),
        (2001, akari(), discharge(NO_ZONE, 0)),
        (3001, akari(), discharge(NO_ZONE, 1000)),
        (3003, chika(), discharge(TOWN, 1000)),
        (3004, akari(), discharge(TOWN, 61)),
    ];
    refuses(&mut chain, rows);
}

#[test]
fn payments_in_a_zone_in_order() {
    let pay = |zone: ZoneId, merchant: &Actor, amount| {
        let (merchant, amount) = (merchant.account, yen(amount));
        Operation::Pay(Pay {
            zone,
            merchant,
            amount,
            charge: None,
            vouchers: None,
            reference: None,
            request: None,
            again: true,
        })
    };
    let mut chain = Chain::new();
    charged(&mut chain, 60);
    chain.must(&operator(), Operation::SetNetDebitCap(SetNetDebitCap { bank: AIZU, cap: yen(50) }));
    let rows = vec![
        (2018, Actor::party(HOSPITAL), pay(NO_ZONE, &nobody(), 0)),
        (2001, akari(), pay(NO_ZONE, &akari(), 0)),
        (2003, akari(), pay(NO_ZONE, &akari(), 1000)),
        (3001, akari(), pay(NO_ZONE, &nobody(), 1000)),
        (3003, chika(), pay(TOWN, &nobody(), 1000)),
        (3005, akari(), pay(TOWN, &nobody(), 1000)),
        (3005, akari(), pay(TOWN, &botan(), 1000)),
        (3004, akari(), pay(TOWN, &shop(), 61)),
        (2005, akari(), pay(TOWN, &shop(), 51)),
    ];
    refuses(&mut chain, rows);
}

#[test]
fn parties_in_order() {
    let register = |party, roles, keys| {
        Operation::RegisterParty(RegisterParty {
            party,
            roles,
            regime: Regime::Private,
            corporate_number: None,
            keys,
            threshold: 1,
        })
    };
    let unknown_bits: PartyRoles = borsh::from_slice(&0x8001_u16.to_le_bytes()).unwrap();
    let none = PartyRoles::default();
    let rows = vec![
        (5001, akari(), register(HOSPITAL, none, vec![])),
        (5001, Actor::party(HOSPITAL), register(HOSPITAL, none, vec![])),
        (4021, operator(), register(HOSPITAL, none, vec![])),
        (4021, operator(), register(HOSPITAL, unknown_bits, vec![])),
        (4002, operator(), register(HOSPITAL, PartyRoles::RECIPIENT, vec![])),
        (2013, operator(), register(NO_PARTY, PartyRoles::RECIPIENT, vec![])),
    ];
    refuses(&mut Chain::new(), rows);
}

#[test]
fn notices_in_order() {
    let publish = |version, languages: &[&str]| {
        let content = |language: &&str| NoticeContent {
            language: Language::new(language).unwrap(),
            content_hash: text_hash(version),
        };
        let contents = languages.iter().map(content).collect();
        let materiality = Materiality::Minor;
        Operation::PublishNotice(PublishNotice {
            notice: NOTICE,
            version,
            materiality,
            contents,
            media_hashes: vec![],
        })
    };
    let mut upper_case = publish(2, &["ja"]);
    if let Operation::PublishNotice(publish) = &mut upper_case {
        publish.contents[0].language = borsh::from_slice(b"JA").unwrap();
    }
    let many: Vec<String> = ('a'..='q').map(|letter| format!("a{letter}")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    let hospital = || Actor::party(HOSPITAL);
    let mut chain = Chain::new();
    chain.must(&hospital(), notice(1, Materiality::Minor));
    let rows = vec![
        (4001, akari(), publish(1, &[])),
        (4003, Actor::party(PHARMACY), publish(3, &[])),
        (4005, hospital(), publish(0, &[])),
        (4005, hospital(), publish(1, &[])),
        (4005, hospital(), publish(3, &[])),
        (4008, hospital(), publish(2, &[])),
        (4008, hospital(), publish(2, &["ja", "en"])),
        (4008, hospital(), publish(2, &["ja", "ja"])),
        (4008, hospital(), publish(2, &many)),
        (4008, hospital(), upper_case),
    ];
    refuses(&mut chain, rows);
    chain.must(&hospital(), publish(2, &["en", "ja"]));
}

#[test]
fn grants_in_order() {
    let mut chain = consented();
    let grant = |change: &dyn Fn(&mut Grant)| {
        let mut grant = grant_of(2);
        grant.use_limit = Some(0);
        change(&mut grant);
        Operation::Grant(grant)
    };
    let (now, before) = (Timestamp::from_millis(START + 1000), Timestamp::from_millis(0));
    let rows = vec![
        (4011, akari(), grant(&|grant| grant.consent = consent_id(1))),
        (4011, Actor::party(HOSPITAL), grant(&|grant| grant.consent = consent_id(1))),
        (
            4009,
            subject(),
            grant(&|grant| {
                (grant.consent, grant.controller) = (consent_id(1), NO_PARTY);
            }),
        ),
        (4001, subject(), grant(&|grant| grant.controller = NO_PARTY)),
        (4003, subject(), grant(&|grant| grant.controller = PHARMACY)),
        (
            4004,
            subject(),
            grant(&|grant| {
                (grant.notice, grant.notice_version) = (NoticeId::new(9), 2);
            }),
        ),
        (
            4006,
            subject(),
            grant(&|grant| {
                (grant.notice_version, grant.notice_hash) = (2, text_hash(2));
            }),
        ),
        (
            4007,
            subject(),
            grant(&|grant| {
                (grant.notice_hash, grant.expires) = (text_hash(2), before);
            }),
        ),
        (
            4007,
            subject(),
            grant(&|grant| {
                (grant.language, grant.expires) = (Language::new("en").unwrap(), before);
            }),
        ),
        (4010, subject(), grant(&|grant| grant.expires = now)),
        (4010, subject(), grant(&|grant| grant.valid_from = grant.expires)),
        (4019, subject(), grant(&|_| {})),
    ];
    refuses(&mut chain, rows);
}

#[test]
fn withdrawals_in_order() {
    let withdraw = |number| Operation::Withdraw(Withdraw { consent: consent_id(number) });
    let mut chain = consented();
    let operations = vec![Operation::Grant(grant_of(2))];
    let other = chain.cosigned(&other_subject(), &[&Actor::party(HOSPITAL)], operations);
    chain.commit(vec![other]);
    chain.must(&other_subject(), withdraw(2));
    let rows = vec![
        (4011, akari(), withdraw(90)),
        (4012, subject(), withdraw(90)),
        (4013, subject(), withdraw(2)),
        (4014, other_subject(), withdraw(2)),
    ];
    refuses(&mut chain, rows);
}

#[test]
fn access_in_order() {
    let request = |number, leaf| {
        let mut request = access(number, leaf);
        request.leaf_index = 3;
        ask(90, request)
    };
    let mut chain = consented();
    for number in 2..=5 {
        let mut grant = grant_of(number);
        match number {
            3 => grant.expires = Timestamp::from_millis(chain.now + 5_000),
            4 => grant.valid_from = Timestamp::from_millis(chain.now + 3_000_000),
            5 => grant.use_limit = Some(1),
            _ => {}
        }
        chain.must(&subject(), Operation::Grant(grant));
    }
    chain.must(&subject(), Operation::Withdraw(Withdraw { consent: consent_id(2) }));
    chain.must(&Actor::party(PHARMACY), ask(3, access(5, 0)));
    chain.now += 10_000;
    let pharmacy = || Actor::party(PHARMACY);
    let mut long_path = access(1, 0);
    long_path.path = vec![commitment(0); 17];
    let rows = vec![
        (4001, akari(), request(90, 0)),
        (4003, Actor::party(AUDITOR), request(90, 0)),
        (4012, pharmacy(), request(90, 0)),
        (4014, pharmacy(), request(2, 0)),
        (4015, pharmacy(), request(3, 0)),
        (4016, pharmacy(), request(4, 0)),
        (4018, pharmacy(), request(5, 0)),
        (4018, pharmacy(), ask(91, long_path)),
        (4109, pharmacy(), ask(92, access(5, 3))),
        (4017, pharmacy(), ask(92, access(5, 0))),
    ];
    refuses(&mut chain, rows);
    chain.must(&Actor::party(HOSPITAL), notice(2, Materiality::Material));
    refuses(
        &mut chain,
        vec![
            (4016, pharmacy(), request(4, 0)),
            (4020, pharmacy(), request(5, 0)),
            (4020, pharmacy(), request(1, 0)),
        ],
    );
}

#[test]
fn codes_and_names_are_pinned() {
    let table: Vec<String> = ledger_types::Rejection::ALL
        .iter()
        .map(|(code, name)| format!("{} {name}", code.get()))
        .collect();
    if is_updated("rejection_codes.txt", &table) {
        return;
    }
    let pinned = include_str!("rejection_codes.txt");
    assert_eq!(table, pinned.lines().collect::<Vec<_>>());
}
